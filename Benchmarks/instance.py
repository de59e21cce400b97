"""An instance of the resolver's problem, as `weave-bench generate` prints it, with everything numbered.

A pick gives each project one of its commits. It is valid when every pin is kept and every required pair of projects is
tied: some link that counts (`revoked` is false) holds both picked commits. The optimum is the valid pick whose
positions, 0 the newest, read in the order of `projects`, come first.
"""
import itertools


class Instance:
    """Projects, commits and required pairs as numbers, in the order of the file.

    `tied[e]` holds the pairs of positions that tie the required pair e; `refused[e]` those that only links hold that do
    not count, each with the numbers of these links.
    """

    def __init__(self, document):
        self.names = [project["name"] for project in document["projects"]]
        self.commits = [project["commits"] for project in document["projects"]]
        number = {name: place for place, name in enumerate(self.names)}
        positions = [{commit: x for x, commit in enumerate(commits)} for commits in self.commits]
        self.number, self.positions = number, positions
        self.pins = {number[name]: positions[number[name]][commit] for name, commit in (document.get("pins") or {}).items()}

        self.pairs, self.pair_at = [], {}
        for one, other in document["requires"]:
            p, q = number[one], number[other]
            if p != q and (p, q) not in self.pair_at:
                # What a link holds is found in either order of its two members.
                self.pair_at[p, q] = (len(self.pairs), False)
                self.pair_at[q, p] = (len(self.pairs), True)
                self.pairs.append((p, q))

        self.tied = [set() for _ in self.pairs]
        self.refused = [{} for _ in self.pairs]
        self.links = [link["id"] for link in document["links"]]
        for place, link in enumerate(document["links"]):
            members = []
            for name, commit in link["members"]:
                p = number.get(name)
                x = None if p is None else positions[p].get(commit)
                if x is not None:
                    members.append((p, x))
            for (p, x), (q, y) in itertools.combinations(members, 2):
                found = self.pair_at.get((p, q))
                if found is None:
                    continue
                e, is_turned = found
                pick = (y, x) if is_turned else (x, y)
                if link.get("revoked"):
                    self.refused[e].setdefault(pick, []).append(place)
                else:
                    self.tied[e].add(pick)
        for tied, refused in zip(self.tied, self.refused):
            for pick in [pick for pick in refused if pick in tied]:
                del refused[pick]

    def named(self, picks):
        """The positions `picks`, as commits by project."""
        return {name: commits[x] for name, commits, x in zip(self.names, self.commits, picks)}

    def numbered(self, pick):
        """The commits of `pick` as positions; None when it is not one commit of each project."""
        if not isinstance(pick, dict) or set(pick) != set(self.names):
            return None
        picks = [positions.get(pick[name]) for name, positions in zip(self.names, self.positions)]
        return None if None in picks else picks

    def untied(self, picks):
        """The required pairs that `picks` leaves untied."""
        return [e for e, (p, q) in enumerate(self.pairs) if (picks[p], picks[q]) not in self.tied[e]]
