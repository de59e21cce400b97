import Foundation

/// Rows of text in columns as wide as their widest cell; the last one is cut to the terminal's width.
struct Table {
  private let header: [String]
  private var rows: [[String]] = []

  init(_ header: String...) { self.header = header }

  mutating func add(_ cells: String...) { rows.append(cells.map(printable)) }

  func print() {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    for (index, row) in all.enumerated() {
      var line = ""
      for (column, cell) in row.enumerated() {
        let isLast = column == row.count - 1
        line += isLast ? cell : cell + String(repeating: " ", count: widths[column] - cell.count + 2)
      }
      while line.last == " " { line.removeLast() }
      line = Terminal.fitted(line)
      Printer.out(index == 0 && Printer.isColoured ? "\u{1B}[2m\(line)\u{1B}[0m" : line)
    }
  }
}
