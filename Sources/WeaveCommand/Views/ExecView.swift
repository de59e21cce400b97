import Synchronization
import WeaveKit
import WeaveModel

/// The output of a command in several checkouts: a project's lines together, and the projects in the order of their
/// names. The first that has not ended is shown as it speaks; what later ones say waits for it.
final class ExecView: Sendable {
  private struct State {
    var order: [ProjectName] = []
    var width = 0
    /// The place in `order` of the one that is shown.
    var shown = 0
    var ended: Set<ProjectName> = []
    var running: [ProjectName] = []
    var waiting: [ProjectName: [(WeaveKit.OutputStream, [UInt8])]] = [:]
    /// The lines of the one that is shown which have not ended yet.
    var begun: [WeaveKit.OutputStream: [UInt8]] = [:]
  }

  private let state = Mutex(State())
  private let printer: Printer

  init(printer: Printer) { self.printer = printer }

  func report(_ news: ExecutionNews) {
    state.withLock { state in
      switch news {
      case .all(let projects):
        state.order = projects
        state.width = projects.map(\.text.count).max() ?? 0
      case .began(let project): state.running.append(project)
      case .said(let project, let stream, let bytes):
        guard state.order[state.shown] == project else {
          state.waiting[project, default: []].append((stream, bytes))
          return
        }
        show(bytes, stream, &state)
      case .ended(let project):
        state.ended.insert(project)
        state.running.removeAll { $0 == project }
        advance(&state)
      }
      showProgress(state)
    }
  }

  func end() { printer.clearProgress() }

  private func advance(_ state: inout State) {
    while state.shown < state.order.count, state.ended.contains(state.order[state.shown]) {
      for stream in [WeaveKit.OutputStream.output, .error] where state.begun[stream]?.isEmpty == false {
        show([UInt8(ascii: "\n")], stream, &state)
      }
      state.begun = [:]
      state.shown += 1
      guard state.shown < state.order.count else { return }
      for (stream, bytes) in state.waiting.removeValue(forKey: state.order[state.shown]) ?? [] {
        show(bytes, stream, &state)
      }
    }
  }

  private func show(_ bytes: [UInt8], _ stream: WeaveKit.OutputStream, _ state: inout State) {
    let whole = (state.begun[stream] ?? []) + bytes
    let end = whole.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    state.begun[stream] = Array(whole[end...])
    guard end > 0 else { return }
    let prefix = Array((state.order[state.shown].text.padding(state.width) + " | ").utf8)
    var text: [UInt8] = []
    for line in whole[..<(end - 1)].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      text += prefix + line + [UInt8(ascii: "\n")]
    }
    printer.clearProgress()
    printer.raw(text, isError: stream == .error)
  }

  private func showProgress(_ state: State) {
    guard !state.running.isEmpty else { return printer.clearProgress() }
    printer.showProgress(
      "Running, \(state.ended.count) of \(state.order.count) done: "
        + state.running.map(\.text).joined(separator: ", "))
  }
}
