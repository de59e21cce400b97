"""The resolver's problem as an answer set program, solved by clingo."""
import time

import clingo

# at(P,X): project P runs commit X. Two commits of a required pair that no link holds may not both be chosen: said once
# for each commit of the pair, by naming what could stand with it, so that unit propagation is arc consistency.
CHOICE = """
#defined pin/2.  #defined needs/3.  #defined ok/3.
{ at(P,0..N-1) } = 1 :- project(P,N).
"""
TIED = """
:- on(E), needs(E,P,Q), at(P,X), not at(Q,Y) : ok(E,X,Y).
:- on(E), needs(E,P,Q), at(Q,Y), not at(P,X) : ok(E,X,Y).
"""
ALL = "on(E) :- needs(E,_,_).  :- pin(P,X), not at(P,X)."
SOME = "{ on(E) } :- needs(E,_,_).  { held(P) } :- pin(P,_).  :- held(P), pin(P,X), not at(P,X)."
NEWEST = "#minimize { X@projects-P,P : at(P,X) }.  #show at/2."
FEWEST_NEW = """
#defined refused/3.
:- pin(P,X), not at(P,X).
:- refused(E,X,Y), needs(E,P,Q), at(P,X), at(Q,Y).
tied(E) :- ok(E,X,Y), needs(E,P,Q), at(P,X), at(Q,Y).
#minimize { 1,E : needs(E,_,_), not tied(E) }.  #show at/2.
"""
FEWEST_BACK = """
#defined held_by/4.
:- pin(P,X), not at(P,X).
{ back(L) } :- held_by(_,_,_,L).
tied(E) :- ok(E,X,Y), needs(E,P,Q), at(P,X), at(Q,Y).
tied(E) :- held_by(E,X,Y,L), back(L), needs(E,P,Q), at(P,X), at(Q,Y).
:- needs(E,_,_), not tied(E).
#minimize { 1,L : back(L) }.  #show at/2.
"""


def facts(instance):
    yield from (f"project({p},{len(commits)})." for p, commits in enumerate(instance.commits))
    yield from (f"needs({e},{p},{q})." for e, (p, q) in enumerate(instance.pairs))
    yield from (f"pin({p},{x})." for p, x in instance.pins.items())
    for e, tied in enumerate(instance.tied):
        yield from (f"ok({e},{x},{y})." for x, y in tied)


def grounded(instance, *rules, more=(), options=()):
    control = clingo.Control(["--warn=none", f"--const=projects={len(instance.names)}", *options])
    control.add("base", [], "\n".join([*rules, *facts(instance), *more]))
    control.ground([("base", [])])
    return control


def best(control, size):
    """The picks of the best model and its costs; None when there is no model."""
    found = None

    def keep(model):
        nonlocal found
        picks = [0] * size
        for symbol in model.symbols(shown=True):
            project, commit = symbol.arguments
            picks[project.number] = commit.number
        found = picks, list(model.cost)

    control.solve(on_model=keep)
    return found


def optimum(instance, clock=None):
    """The positions of the optimum; None when no pick is valid. Gives `clock` the seconds of its two stages."""
    found = timed_best(instance, clock, lambda: grounded(instance, CHOICE, TIED, ALL, NEWEST))
    return None if found is None else found[0]


def fewest_new_links(instance, clock=None):
    """The least number of required pairs that a pick leaves untied, none of them refused; None when there is no such."""
    refused = (f"refused({e},{x},{y})." for e, known in enumerate(instance.refused) for x, y in known)
    found = timed_best(instance, clock, lambda: grounded(instance, CHOICE, FEWEST_NEW, more=refused))
    return None if found is None else len(instance.untied(found[0]))


def timed_best(instance, clock, ground):
    begin = time.perf_counter()
    control = ground()
    between = time.perf_counter()
    found = best(control, len(instance.names))
    if clock is not None:
        clock.update(ground=between - begin, solve=time.perf_counter() - between)
    return found


def fewest_restored(instance):
    """The least number of links that, if they counted, would leave a valid pick; None when all would not do."""
    held = (
        f"held_by({e},{x},{y},{link})."
        for e, known in enumerate(instance.refused) for (x, y), links in known.items() for link in links
    )
    found = best(grounded(instance, CHOICE, FEWEST_BACK, more=held), len(instance.names))
    return None if found is None else sum(found[1])


class Parts:
    """Whether some of the required pairs and pins can be kept together; grounded once."""

    def __init__(self, instance):
        self.instance = instance
        self.control = grounded(instance, CHOICE, TIED, SOME)
        self.literal_of = {}
        for kind, arguments in [("on", range(len(instance.pairs))), ("held", instance.pins)]:
            for argument in arguments:
                symbol = clingo.Function(kind, [clingo.Number(argument)])
                self.literal_of[kind, argument] = self.control.symbolic_atoms[symbol].literal

    def conflict(self, parts):
        """None when `parts`, of `("on", pair)` and `("held", project)`, fit; else some of them that do not."""
        chosen = {self.literal_of[part]: part for part in parts}
        # Those not chosen are out, and not free: that they are never shows in the conflict.
        others = [-literal for literal in self.literal_of.values() if literal not in chosen]
        with self.control.solve(assumptions=[*chosen, *others], yield_=True) as handle:
            if handle.get().satisfiable:
                return None
            return [chosen[literal] for literal in handle.core() if literal in chosen]

    def minimal_conflict(self):
        """Parts that do not fit, while all but any one of them do; None when all fit."""
        core = self.conflict(list(self.literal_of))
        tried = set()
        while core is not None and (left := [part for part in core if part not in tried]):
            smaller = self.conflict([part for part in core if part != left[0]])
            if smaller is None:
                tried.add(left[0])
            else:
                core = smaller
        return core
