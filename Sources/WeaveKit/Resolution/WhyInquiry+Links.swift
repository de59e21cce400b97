import WeaveModel

extension Inquiry {
  /// The cheapest of what one neighbour alone may object.
  func obstacleOfLinks(to member: Member, _ problems: GroupProblems) throws -> Obstacle? {
    let compatibility = problems.compatibility
    var linked: [ProjectName: [(member: Member, link: CommitSet)]] = [:]
    for link in compatibility.links(naming: member.project, commit: member.commit)
    where compatibility.withdrawals(of: link).isEmpty {
      guard let set = compatibility.members(of: link) else { continue }
      for other in set.members { linked[other.project, default: []].append((other, set)) }
    }
    let leftOut = leftOutLinks(of: member, problems)
    func untrusted(_ project: ProjectName) -> Obstacle? {
      leftOut[project] == nil ? nil : problems.trust.map { .untrusted(to: project, reason: $0.reason) }
    }
    for neighbour in neighbours where linked[neighbour.project] == nil {
      return untrusted(neighbour.project) ?? .unlinked(to: neighbour.project)
    }
    for neighbour in neighbours {
      let links = linked[neighbour.project] ?? []
      guard !links.contains(where: { compatibility.isLive(CommitPair(member, $0.member)) }),
        let event = links.lazy.compactMap({ revocation(of: member, $0.member, in: $0.link, compatibility) })
          .last
      else { continue }
      return .revokedWith(neighbour.project, try workspace.event(event))
    }
    for neighbour in neighbours {
      let isPickable = linked[neighbour.project]?.contains { other in
        compatibility.isLive(CommitPair(member, other.member))
          && table.number(of: other.member).map(neighbour.candidates.contains) ?? false
      }
      guard isPickable != true else { continue }
      let wouldBe = leftOut[neighbour.project]?.contains { other in
        table.number(of: other).map(neighbour.candidates.contains) ?? false
      }
      return wouldBe == true
        ? untrusted(neighbour.project) : .linkedElsewhere(to: neighbour.project)
    }
    return nil
  }

  /// The commits that links which are left out tie it to, and no revocation forbids with it, by project.
  private func leftOutLinks(of member: Member, _ problems: GroupProblems) -> [ProjectName: Set<Member>] {
    guard let trust = problems.trust else { return [:] }
    let links = trust.plain.links(naming: member.project, commit: member.commit)
      .filter(trust.leftOutLinks.contains)
    return links.compactMap(trust.plain.members).reduce(into: [:]) { tied, set in
      for other in set.members
      where other != member && trust.plain.isLive(CommitPair(member, other)) {
        tied[other.project, default: []].insert(other)
      }
    }
  }

  /// What keeps a link from tying two of its members: a revocation of the pair, else one of the link's very set.
  private func revocation(
    of member: Member, _ other: Member, in link: CommitSet, _ compatibility: Compatibility
  ) -> EventID? {
    let ofPair = (try? CommitSet([member, other])).flatMap { compatibility.revocations(against: $0).last }
    return ofPair ?? compatibility.revocations(against: link).last { compatibility.members(of: $0) == link }
  }
}
