/// Rows of text in columns as wide as their widest cell, but no wider than ``widest``: nobody's long word makes every row
/// long. On a terminal longer cells are cut, and where it is too narrow the widest column.
struct Table {
  private static let narrowest = 8
  private static let widest = 200

  private let header: [String]
  private var rows: [[String]] = []
  private let dispensable: [String]

  /// A table with these columns, of which the `dispensable` are left out, the last first, where a terminal is too narrow.
  init(_ header: String..., dispensable: [String] = []) {
    (self.header, self.dispensable) = (header, dispensable)
  }

  mutating func add(_ cells: String...) { rows.append(cells.map(printable)) }

  func print(on printer: Printer) {
    let terminal = printer.output.terminal?.width
    var all = [header] + rows
    var widths = header.indices.map { column in
      min(Self.widest, all.map { $0[column].columns }.max() ?? 0)
    }
    for name in dispensable.reversed() {
      guard let terminal, widths.reduce(2 * (widths.count - 1), +) > terminal,
        let column = all[0].firstIndex(of: name)
      else { continue }
      for row in all.indices { all[row].remove(at: column) }
      widths.remove(at: column)
    }
    widths = fitted(widths, to: terminal)
    let isColoured = printer.output.terminal?.isColoured == true
    var text = ""
    for (index, row) in all.enumerated() {
      let line = Terminal.cut(Self.line(row, widths, isCut: terminal != nil), to: terminal)
      text += index == 0 && isColoured ? "\u{1B}[2m\(line)\u{1B}[0m" : line
      if index + 1 < all.count { text += "\n" }
    }
    printer.out(text)
  }

  /// The cells in their columns, without blanks at the end. A status can have a hundred thousand such lines.
  private static func line(_ row: [String], _ widths: [Int], isCut: Bool) -> String {
    var line = ""
    var missing = 0
    for (cell, width) in zip(row, widths) {
      let columns = cell.columns
      if columns > 0 {
        for _ in 0..<missing { line.unicodeScalars.append(" ") }
        missing = 0
        line += isCut && columns > width ? cell.prefix(width - 1) + "…" : cell
      }
      missing += max(0, width - columns) + 2
    }
    while line.last == " " { line.removeLast() }  // Characters: a column each
    return line
  }

  private func fitted(_ widths: [Int], to terminal: Int?) -> [Int] {
    let excess = widths.reduce(2 * (widths.count - 1), +) - (terminal ?? .max)
    guard excess > 0, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }) else { return widths }
    var widths = widths
    widths[widest] = max(min(Self.narrowest, widths[widest]), widths[widest] - excess)
    return widths
  }
}

extension String {
  func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - columns)) }
}
