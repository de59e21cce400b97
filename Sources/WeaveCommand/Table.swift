import Foundation

/// Rows of text in columns as wide as their widest cell. On a terminal that is too narrow the widest column is cut.
struct Table {
  private static let narrowest = 8

  private let header: [String]
  private var rows: [[String]] = []

  init(_ header: String...) { self.header = header }

  mutating func add(_ cells: String...) { rows.append(cells.map(printable)) }

  func print() {
    let all = [header] + rows
    let widths = fitted(header.indices.map { column in all.map { $0[column].columns }.max() ?? 0 })
    var lines: [String] = []
    for (index, row) in all.enumerated() {
      var line = zip(row, widths).map { Self.cell($0, width: $1) }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      line = Terminal.fitted(line)
      lines.append(index == 0 && Printer.isColoured ? "\u{1B}[2m\(line)\u{1B}[0m" : line)
    }
    Printer.out(lines.joined(separator: "\n"))
  }

  private func fitted(_ widths: [Int]) -> [Int] {
    let excess = widths.reduce(2 * (widths.count - 1), +) - (Terminal.width(of: STDOUT_FILENO) ?? .max)
    guard excess > 0, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }) else { return widths }
    var widths = widths
    widths[widest] = max(min(Self.narrowest, widths[widest]), widths[widest] - excess)
    return widths
  }

  private static func cell(_ text: String, width: Int) -> String {
    text.columns > width ? text.prefix(width - 1) + "…" : text.padding(width)
  }
}
