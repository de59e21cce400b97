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
    let terminal = Terminal.width(of: STDOUT_FILENO)
    var text = ""
    for (index, row) in all.enumerated() {
      let line = Terminal.cut(Self.line(row, widths), to: terminal)
      text += index == 0 && Printer.isColoured ? "\u{1B}[2m\(line)\u{1B}[0m" : line
      if index + 1 < all.count { text += "\n" }
    }
    Printer.out(text)
  }

  /// The cells in their columns, without blanks at the end. A status can have a hundred thousand such lines.
  private static func line(_ row: [String], _ widths: [Int]) -> String {
    var line = ""
    var missing = 0
    for (cell, width) in zip(row, widths) {
      let columns = cell.columns
      if columns > 0 {
        for _ in 0..<missing { line.unicodeScalars.append(" ") }
        missing = 0
        line += columns > width ? cell.prefix(width - 1) + "…" : cell
      }
      missing += max(0, width - columns) + 2
    }
    while line.last == " " { line.removeLast() }
    return line
  }

  private func fitted(_ widths: [Int]) -> [Int] {
    let excess = widths.reduce(2 * (widths.count - 1), +) - (Terminal.width(of: STDOUT_FILENO) ?? .max)
    guard excess > 0, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }) else { return widths }
    var widths = widths
    widths[widest] = max(min(Self.narrowest, widths[widest]), widths[widest] - excess)
    return widths
  }
}
