#!/usr/bin/env python3
"""Solves instances of the resolver's problem by other solvers, and judges `weave-bench resolve` by them.

  peers.py < instance.json                        the optimum by clingo and by resolvelib, as JSON
  peers.py --task core|new-links < instance.json  a minimal core, or the fewest new links, by clingo
  peers.py --judge answer.json < instance.json    judges an answer; exit code 1 when it is wrong
  peers.py --judge-all < list                     many: a line each of kind, instance and answer, tabs between them

Needs what requirements.txt names. `instance.py` says what an instance means.
"""
import argparse
import collections
import gc
import json
import multiprocessing
import resource
import sys
import time

import instance as instances
import judge
import with_clingo
import with_resolvelib


def by_clingo(instance, task, clock):
    if task == "core":
        begin = time.perf_counter()
        parts = with_clingo.Parts(instance)
        clock["ground"] = time.perf_counter() - begin
        core = parts.minimal_conflict()
        clock["solve"] = time.perf_counter() - begin - clock["ground"]
        named = {"on": lambda e: [instance.names[p] for p in instance.pairs[e]], "held": lambda p: [instance.names[p]]}
        return {"status": "SAT"} if core is None else {"status": "UNSAT", "core": [named[kind](x) for kind, x in core]}
    if task == "new-links":
        return {"new_links": with_clingo.fewest_new_links(instance, clock)}
    picks = with_clingo.optimum(instance, clock)
    if picks is None:
        return {"status": "UNSAT"}
    return {"status": "SAT", "pick": instance.named(picks), "optimal": True}


def by_resolvelib(instance, task, clock):
    begin = time.perf_counter()
    picks = with_resolvelib.first_pick(instance)
    clock["solve"] = time.perf_counter() - begin
    return {"status": "UNSAT"} if picks is None else {"status": "SAT", "pick": instance.named(picks)}


PEERS = {"clingo": by_clingo, "resolvelib": by_resolvelib}


def child(connection, peer, instance, task):
    clock = {}
    answer = PEERS[peer](instance, task, clock)
    answer["milliseconds"] = {stage: round(1000 * seconds, 3) for stage, seconds in clock.items()}
    # Linux counts in kibibytes, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    answer["peak_megabytes"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6, 1)
    connection.send(answer)


def within(limit, peer, instance, task):
    """The peer's answer, found in a process of its own: neither grounding nor Python can be interrupted otherwise."""
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=child, args=(sending, peer, instance, task))
    process.start()
    sending.close()
    try:
        answer = receiving.recv() if receiving.poll(limit) else {"status": "timeout", "limit_seconds": limit}
    except EOFError:
        process.join()
        answer = {"status": "failed", "exit_code": process.exitcode}
    process.kill()
    process.join()
    return answer


def median_run(arguments, peer, instance):
    """Of as many runs as fit into the limit together, and one at least, the one with the median time."""
    answers, begin = [], time.perf_counter()
    while len(answers) < arguments.runs and (not answers or time.perf_counter() - begin < arguments.limit):
        answer = within(arguments.limit, peer, instance, arguments.task)
        if "milliseconds" not in answer:
            return answer
        answers.append(answer)
    answers.sort(key=lambda answer: sum(answer["milliseconds"].values()))
    return {**answers[(len(answers) - 1) // 2], "runs": len(answers)}


def read(file):
    document = json.load(file)
    return instances.Instance(document)


def solve(arguments):
    begin = time.perf_counter()
    instance = read(sys.stdin)
    gc.collect()
    gc.freeze()  # else the children copy, page by page, what they only read
    report = {"load_milliseconds": round(1000 * (time.perf_counter() - begin), 3)}
    for peer in ["clingo"] if arguments.task != "pick" else arguments.peer or list(PEERS):
        report[peer] = median_run(arguments, peer, instance)
    clingo, other = report.get("clingo", {}), report.get("resolvelib")
    # resolvelib proves nothing about what it found; whether it is the optimum is known when clingo ended.
    if other is not None and other.get("status") == "SAT":
        other["optimal"] = other["pick"] == clingo.get("pick") if clingo.get("status") in ("SAT", "UNSAT") else None
    json.dump(report, sys.stdout)
    print()


def judge_one(arguments):
    with open(arguments.judge) as answer:
        wrong = judge.disagreements(read(sys.stdin), json.load(answer))
    print("\n".join(wrong) or "agrees")
    return 1 if wrong else 0


def judge_all():
    agreeing, disagreeing = collections.Counter(), collections.Counter()
    statuses = collections.defaultdict(collections.Counter)
    for line in sys.stdin:
        kind, at, answer_at = line.rstrip("\n").split("\t")
        try:
            with open(at) as file:
                instance = read(file)
            with open(answer_at) as file:
                answer = json.load(file)
            wrong = judge.disagreements(instance, answer)
        except ValueError as error:
            answer, wrong = {}, [f"not to be read: {error}"]
        (disagreeing if wrong else agreeing)[kind] += 1
        statuses[kind][answer.get("status")] += 1
        for what in wrong:
            print(f"{kind}: {at}: {what}", file=sys.stderr)
    kinds = sorted(agreeing.keys() | disagreeing.keys())
    width = max(map(len, kinds), default=0)
    for kind in kinds:
        count = agreeing[kind] + disagreeing[kind]
        found = ", ".join(f"{statuses[kind][status]} {status}" for status in ("SAT", "UNSAT") if statuses[kind][status])
        print(f"  {kind:<{width}}  {agreeing[kind]:4} of {count:4} agree  ({found})")
    total = agreeing.total() + disagreeing.total()
    print(f"  {'all':<{width}}  {agreeing.total():4} of {total:4} agree")
    return 1 if disagreeing or not total else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--task", choices=["pick", "core", "new-links"], default="pick")
    parser.add_argument("--peer", choices=list(PEERS), action="append", help="only this one (default: both)")
    parser.add_argument("--runs", type=int, default=1, help="of each, at most: the median is told")
    parser.add_argument("--limit", type=float, default=20, help="seconds for each, the reading not counted")
    parser.add_argument("--judge", metavar="ANSWER")
    parser.add_argument("--judge-all", action="store_true")
    arguments = parser.parse_args()
    if arguments.judge_all:
        sys.exit(judge_all())
    sys.exit(judge_one(arguments) if arguments.judge else solve(arguments))


if __name__ == "__main__":
    main()
