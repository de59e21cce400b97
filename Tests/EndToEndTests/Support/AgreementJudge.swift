@testable import LabSupport

/// What `weave-bench resolve` prints, as the format is documented.
struct AnswerFile: Decodable {
  struct Core: Decodable { let requires: [[String]]; let pins: [String] }
  struct NewLinks: Decodable {
    let count: Int
    let proved: Bool
    let links: [[[String]]]
    let pick: [String: String]
  }
  struct Restore: Decodable { let count: Int; let links: [String]; let pick: [String: String] }

  let status: String
  let pick: [String: String]?
  let behind: [String: Int]?
  let core: Core?
  let new_links: NewLinks?
  let restore: Restore?
}

extension AgreementInstance {
  /// What is wrong with an answer, a line each; nothing where all of it is right.
  func disagreements(with answer: AnswerFile) -> [String] {
    guard let newest else {
      guard answer.status == "UNSAT" else { return ["\(answer.status), and nothing fits"] }
      return judge(answer.core) + judge(answer.new_links) + judge(answer.restore)
    }
    guard answer.status == "SAT" else { return ["\(answer.status), and \(newest) fits"] }
    var wrong: [String] = []
    if answer.pick.flatMap(numbered) != newest { wrong.append("the newest is \(newest)") }
    if answer.behind != Dictionary(uniqueKeysWithValues: zip(names, newest)) {
      wrong.append("behind is not \(newest)")
    }
    return wrong
  }

  private func judge(_ core: AnswerFile.Core?) -> [String] {
    guard let core else { return ["no core"] }
    let tying = core.requires.compactMap { pair in
      pairs.firstIndex { Set([names[$0.first], names[$0.second]]) == Set(pair) }
    }
    let keeping = core.pins.compactMap { names.firstIndex(of: $0) }.filter { pins[$0] != nil }
    guard tying.count == core.requires.count, keeping.count == core.pins.count else {
      return ["the core names what is not demanded"]
    }
    var wrong: [String] = []
    if newest(tying: tying, keeping: keeping) != nil { wrong.append("the core can be kept") }
    for pair in tying where newest(tying: tying.filter { $0 != pair }, keeping: keeping) == nil {
      wrong.append("the core does not need the pair \(pair)")
    }
    for pin in keeping where newest(tying: tying, keeping: keeping.filter { $0 != pin }) == nil {
      wrong.append("the core does not need the pin of \(names[pin])")
    }
    return wrong
  }

  private func judge(_ newLinks: AnswerFile.NewLinks?) -> [String] {
    guard let fewest = fewestUntied else { return newLinks == nil ? [] : ["no new links would do"] }
    guard let newLinks else { return ["\(fewest) new links would do, and none are given"] }
    guard let picks = numbered(newLinks.pick), keepsPins(picks) else {
      return ["the new links' pick does not keep the pins"]
    }
    let untied = untied(picks)
    var wrong: [String] = []
    if newLinks.count != fewest { wrong.append("\(newLinks.count) new links, and \(fewest) would do") }
    if !newLinks.proved { wrong.append("the new links are not proved the fewest") }
    let wanted = Set(
      untied.map { pair in
        Set([pairs[pair].first, pairs[pair].second].map { [names[$0], commits[$0][picks[$0]]] })
      })
    if newLinks.links.count != newLinks.count || Set(newLinks.links.map(Set.init)) != wanted {
      wrong.append("the new links are not those that the pick lacks")
    }
    if untied.contains(where: { refused[$0][picks[pairs[$0].first]].contains(picks[pairs[$0].second]) }) {
      wrong.append("a new link is one that is revoked")
    }
    return wrong
  }

  private func judge(_ restore: AnswerFile.Restore?) -> [String] {
    let canHelp = restoring(Array(revoked.indices)).newest != nil
    guard let restore else { return canHelp ? ["restoring links would do, and none are given"] : [] }
    let places = restore.links.compactMap { id in revoked.firstIndex { $0.id == id } }
    guard places.count == restore.links.count, places.count == restore.count else {
      return ["restore names what is not revoked"]
    }
    guard let picks = numbered(restore.pick), keepsPins(picks), restoring(places).untied(picks).isEmpty else {
      return ["the restored links do not make the pick fit"]
    }
    return canRestoreFewer(than: restore.count) == true ? ["fewer restored links would do"] : []
  }
}
