"""Judges an answer of `weave-bench resolve` by what clingo finds on the same instance."""
import with_clingo


def disagreements(instance, answer):
    """What is wrong with `answer`, a line each; empty when all that was judged is right."""
    optimum = with_clingo.optimum(instance)
    status = "UNSAT" if optimum is None else "SAT"
    if answer.get("status") != status:
        return [f"status is {answer.get('status')}, and should be {status}"]
    if optimum is not None:
        return list(about_the_pick(instance, answer, optimum))
    return [
        *about_the_core(instance, answer.get("core")),
        *about_new_links(instance, answer),
        *about_restored_links(instance, answer),
    ]


def about_the_pick(instance, answer, optimum):
    picks = instance.numbered(answer.get("pick"))
    if picks is None:
        yield "pick is not one commit of each project"
        return
    for project, commit in instance.pins.items():
        if picks[project] != commit:
            yield f"pick does not keep the pin of {instance.names[project]}"
    for e in instance.untied(picks):
        yield f"pick leaves {between(instance, e)} untied"
    for name, is_at, should in zip(instance.names, picks, optimum):
        if is_at != should:
            yield f"pick has {name} at {is_at}, and the newest has it at {should}"
            break
    if "behind" in answer and answer["behind"] != dict(zip(instance.names, picks)):
        yield "behind is not how far the pick is behind"


def about_the_core(instance, core):
    if not isinstance(core, dict):
        yield "there is no core"
        return
    parts = []
    for one, other in core.get("requires") or []:
        found = instance.pair_at.get((instance.number.get(one), instance.number.get(other)))
        if found is None:
            yield f"core names {one}-{other}, which is not required"
        else:
            parts.append(("on", found[0]))
    for name in core.get("pins") or []:
        if instance.number.get(name) in instance.pins:
            parts.append(("held", instance.number[name]))
        else:
            yield f"core names a pin of {name}, which has none"
    if len(set(parts)) != len(parts):
        yield "core names something twice"
    search = with_clingo.Parts(instance)
    if search.conflict(parts) is None:
        yield "core can be kept"
        return
    for part in parts:
        if search.conflict([other for other in parts if other != part]) is not None:
            kind, argument = part
            yield "core does not need " + (
                between(instance, argument) if kind == "on" else f"the pin of {instance.names[argument]}")


def about_new_links(instance, answer):
    if "new_links" not in answer:
        yield "there is no new_links"
        return
    fewest, proposed = with_clingo.fewest_new_links(instance), answer["new_links"]
    if fewest is None or proposed is None:
        if (fewest is None) != (proposed is None):
            yield f"new_links is {'none' if proposed is None else 'some'}, and should be {'none' if fewest is None else fewest}"
        return
    if proposed.get("count") != fewest:
        yield f"new_links counts {proposed.get('count')}, and {fewest} would do"
    links = proposed.get("links")
    if links is not None and len(links) != proposed.get("count"):
        yield f"new_links counts {proposed.get('count')}, and lists {len(links)}"
    picks = instance.numbered(proposed.get("pick"))
    if picks is None:
        yield "new_links has no pick of one commit of each project"
        return
    if any(picks[project] != commit for project, commit in instance.pins.items()):
        yield "new_links does not keep a pin"
    untied = instance.untied(picks)
    if len(untied) != fewest:
        yield f"new_links has a pick that leaves {len(untied)} pairs untied"
    for e in untied:
        p, q = instance.pairs[e]
        if (picks[p], picks[q]) in instance.refused[e]:
            yield f"new_links links {between(instance, e)} where that is revoked"
    if links is not None:
        members = {frozenset(map(tuple, link)) for link in links}
        pick = instance.named(picks)
        wanted = {frozenset((instance.names[p], pick[instance.names[p]]) for p in instance.pairs[e]) for e in untied}
        if members != wanted:
            yield "new_links lists other links than its pick needs"


def about_restored_links(instance, answer):
    # Absent and null differ: an answer may leave this question out.
    if "restore" not in answer:
        return
    fewest, proposed = with_clingo.fewest_restored(instance), answer["restore"]
    if fewest is None or proposed is None:
        if (fewest is None) != (proposed is None):
            yield f"restore is {'none' if proposed is None else 'some'}, and should be {'none' if fewest is None else fewest}"
        return
    if proposed.get("count") != fewest:
        yield f"restore counts {proposed.get('count')}, and {fewest} would do"
    number = {link: place for place, link in enumerate(instance.links)}
    back = {number.get(link) for link in proposed.get("links", [])}
    if len(back) != proposed.get("count"):
        yield f"restore counts {proposed.get('count')}, and lists {len(back)}"
    picks = instance.numbered(proposed.get("pick"))
    if picks is None:
        yield "restore has no pick of one commit of each project"
        return
    if any(picks[project] != commit for project, commit in instance.pins.items()):
        yield "restore does not keep a pin"
    for e in instance.untied(picks):
        p, q = instance.pairs[e]
        if not back.intersection(instance.refused[e].get((picks[p], picks[q]), ())):
            yield f"restore leaves {between(instance, e)} untied"


def between(instance, e):
    return "-".join(instance.names[project] for project in instance.pairs[e])
