"""The resolver's problem as a package manager sees it, solved by resolvelib, the resolver of pip.

A project is a package, a commit a version. A version depends on the commits of each required neighbour to which a link
ties it. Packages are decided in the order of priority, and newer versions are tried first.
"""
import resolvelib


class Requirement:
    def __init__(self, project, allowed):
        self.project, self.allowed = project, allowed


class Candidate:
    def __init__(self, project, commit):
        self.project, self.commit = project, commit


class Provider(resolvelib.AbstractProvider):
    def __init__(self, instance):
        self.beside = [{} for _ in instance.names]
        for (p, q), tied in zip(instance.pairs, instance.tied):
            forward, backward = self.beside[p].setdefault(q, {}), self.beside[q].setdefault(p, {})
            for x, y in tied:
                forward.setdefault(x, set()).add(y)
                backward.setdefault(y, set()).add(x)

    def identify(self, requirement_or_candidate):
        return requirement_or_candidate.project

    def get_preference(self, identifier, resolutions, candidates, information, backtrack_causes):
        return identifier

    def find_matches(self, identifier, requirements, incompatibilities):
        allowed = set.intersection(*(set(requirement.allowed) for requirement in requirements[identifier]))
        allowed.difference_update(candidate.commit for candidate in incompatibilities[identifier])
        return [Candidate(identifier, commit) for commit in sorted(allowed)]

    def is_satisfied_by(self, requirement, candidate):
        return candidate.commit in requirement.allowed

    def get_dependencies(self, candidate):
        return [Requirement(q, ties.get(candidate.commit, ())) for q, ties in self.beside[candidate.project].items()]


def first_pick(instance):
    """The positions of the first pick found; None when it finds that none is valid."""
    roots = [
        Requirement(p, {instance.pins[p]} if p in instance.pins else range(len(commits)))
        for p, commits in enumerate(instance.commits)
    ]
    resolver = resolvelib.Resolver(Provider(instance), resolvelib.BaseReporter())
    try:
        result = resolver.resolve(roots, max_rounds=10**9)
    except resolvelib.ResolutionImpossible:
        return None
    return [result.mapping[p].commit for p in range(len(instance.names))]
