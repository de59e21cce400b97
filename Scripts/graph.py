#!/usr/bin/env python3
"""Who uses whom in Sources, as the compiler has it: folders, files, and what goes against the floors.

  Scripts/graph.py              a table: of each target its folders and files in cycles, its largest type, its tests
  Scripts/graph.py --check      what .ci/run asks: whether each folder uses only those before it in Scripts/floors.txt, and each
                                target imports only what it depends on; exits with 1 where not
  Scripts/graph.py --uses FILE  what uses that file, and what it uses

It reads the index that `swift build` leaves, by the toolchain's own library.
"""

import collections
import ctypes
import json
import os
import re
import subprocess
import sys
from ctypes import CFUNCTYPE, POINTER, byref, c_bool, c_char_p, c_int64, c_size_t, c_uint, c_uint64, c_void_p

# indexstore.h
UNIT_DEPENDENCY_RECORD = 2
DEFINITION, REFERENCE, CHILD_OF, EXTENDED_BY = 1 << 1, 1 << 2, 1 << 9, 1 << 14


class Text(ctypes.Structure):
    _fields_ = [("data", c_void_p), ("length", c_size_t)]

    def __str__(self):
        return ctypes.string_at(self.data, self.length).decode() if self.length else ""


def index_library():
    about = json.loads(subprocess.run(["swift", "-print-target-info"], capture_output=True, check=True).stdout)
    folder = os.path.dirname(about["paths"]["runtimeResourcePath"])
    library = ctypes.CDLL(
        next(path for path in (f"{folder}/libIndexStore.{end}" for end in ("so", "dylib")) if os.path.exists(path)))

    def declare(name, result, *arguments):
        function = getattr(library, "indexstore_" + name)
        function.restype, function.argtypes = result, arguments

    declare("store_create", c_void_p, c_char_p, c_void_p)
    declare("store_units_apply_f", c_bool, c_void_p, c_uint, c_void_p, c_void_p)
    declare("unit_reader_create", c_void_p, c_void_p, c_char_p, c_void_p)
    declare("unit_reader_dispose", None, c_void_p)
    declare("unit_reader_get_main_file", Text, c_void_p)
    declare("unit_reader_get_modification_time", None, c_void_p, POINTER(c_int64), POINTER(c_int64))
    declare("unit_reader_dependencies_apply_f", c_bool, c_void_p, c_void_p, c_void_p)
    declare("unit_dependency_get_kind", c_uint, c_void_p)
    declare("unit_dependency_get_filepath", Text, c_void_p)
    declare("unit_dependency_get_name", Text, c_void_p)
    declare("record_reader_create", c_void_p, c_void_p, c_char_p, c_void_p)
    declare("record_reader_dispose", None, c_void_p)
    declare("record_reader_occurrences_apply_f", c_bool, c_void_p, c_void_p, c_void_p)
    declare("occurrence_get_symbol", c_void_p, c_void_p)
    declare("occurrence_get_roles", c_uint64, c_void_p)
    declare("occurrence_relations_apply_f", c_bool, c_void_p, c_void_p, c_void_p)
    declare("symbol_relation_get_roles", c_uint64, c_void_p)
    declare("symbol_relation_get_symbol", c_void_p, c_void_p)
    declare("symbol_get_usr", Text, c_void_p)
    declare("symbol_get_name", Text, c_void_p)
    return library


class Index:
    """The index of one build: what each file defines, and what it refers to."""

    def __init__(self, path):
        self.library = index_library()
        self.store = self.library.indexstore_store_create(os.fsencode(path), None)
        if not self.store:
            sys.exit(f"graph: no index at {path}: run `swift build` first")

    def each(self, function, of, visit, value=c_void_p):
        callback = CFUNCTYPE(c_bool, c_void_p, value)(lambda _, item: (visit(item), True)[1])
        getattr(self.library, "indexstore_" + function)(*of, None, ctypes.cast(callback, c_void_p))

    def get(self, what, item):
        value = getattr(self.library, "indexstore_" + what)(item)
        return str(value) if isinstance(value, Text) else value

    def records(self, is_wanted):
        """The newest record of each file."""
        names, newest = [], {}
        self.each("store_units_apply_f", (self.store, 0), lambda name: names.append(str(name)), Text)
        for name in names:
            unit = self.library.indexstore_unit_reader_create(self.store, name.encode(), None)
            if not unit:
                continue
            file = self.get("unit_reader_get_main_file", unit)
            seconds, nanoseconds = c_int64(), c_int64()
            self.library.indexstore_unit_reader_get_modification_time(unit, byref(seconds), byref(nanoseconds))
            moment = (seconds.value, nanoseconds.value)

            def note(dependency):
                if (
                    self.get("unit_dependency_get_kind", dependency) == UNIT_DEPENDENCY_RECORD
                    and self.get("unit_dependency_get_filepath", dependency) == file
                    and newest.get(file, (moment,))[0] <= moment
                ):
                    newest[file] = (moment, self.get("unit_dependency_get_name", dependency))

            if is_wanted(file):
                self.each("unit_reader_dependencies_apply_f", (unit,), note)
            self.library.indexstore_unit_reader_dispose(unit)
        return {file: record for file, (_, record) in newest.items()}

    def occurrences(self, record, visit):
        """Calls `visit(roles, id, name, relations)` for each; a relation is `(roles, id)`."""
        reader = self.library.indexstore_record_reader_create(self.store, record.encode(), None)

        def occurrence(item):
            symbol, relations = self.get("occurrence_get_symbol", item), []
            self.each(
                "occurrence_relations_apply_f",
                (item,),
                lambda relation: relations.append(
                    (
                        self.get("symbol_relation_get_roles", relation),
                        self.get("symbol_get_usr", self.get("symbol_relation_get_symbol", relation)),
                    )
                ),
            )
            visit(
                self.get("occurrence_get_roles", item),
                self.get("symbol_get_usr", symbol),
                self.get("symbol_get_name", symbol),
                relations,
            )

        self.each("record_reader_occurrences_apply_f", (reader,), occurrence)
        self.library.indexstore_record_reader_dispose(reader)


class Graph:
    """Uses between the files of Sources, and the members of each type."""

    def __init__(self, index, sources):
        self.uses = collections.defaultdict(set)
        members, extended = collections.defaultdict(set), {}
        home, references, self.type_names = {}, collections.defaultdict(set), {}
        # The compiler may have been given a path through links.
        records = index.records(
            lambda file: os.path.realpath(file).startswith(sources + "/") and os.path.exists(file))
        self.files = sorted(os.path.relpath(os.path.realpath(file), sources) for file in records)
        for path, record in records.items():
            file = os.path.relpath(os.path.realpath(path), sources)

            def visit(roles, usr, name, relations):
                if roles & DEFINITION:
                    home[usr] = (file, name)
                    for role, parent in relations:
                        # An accessor is its property's.
                        if role & CHILD_OF and not name.startswith(("getter:", "setter:")):
                            members[parent].add(usr)
                elif roles & REFERENCE:
                    references[file].add(usr)
                    for role, extension in relations:
                        if role & EXTENDED_BY:
                            extended[extension] = usr

            index.occurrences(record, visit)
        for file, symbols in references.items():
            for symbol in symbols:
                if symbol in home and home[symbol][0] != file:
                    self.uses[file, home[symbol][0]].add(home[symbol][1])
        self.members = collections.Counter()
        for parent, children in members.items():
            owner = extended.get(parent, parent)
            if owner in home and "(" not in home[owner][1]:
                self.members[(home[owner][0].split("/")[0], home[owner][1])] += len(children)


def cycles(edges):
    """The strongly connected components of two or more, the largest first (Tarjan, 1972)."""
    successors = collections.defaultdict(list)
    for source, target in edges:
        successors[source].append(target)
    order, low, stack, on_stack, found = {}, {}, [], set(), []

    def visit(node):
        order[node] = low[node] = len(order)
        stack.append(node)
        on_stack.add(node)
        for successor in successors[node]:
            if successor not in order:
                visit(successor)
                low[node] = min(low[node], low[successor])
            elif successor in on_stack:
                low[node] = min(low[node], order[successor])
        if low[node] == order[node]:
            component = []
            while not component or component[-1] != node:
                component.append(stack.pop())
                on_stack.discard(component[-1])
            if len(component) > 1:
                found.append(sorted(component))

    sys.setrecursionlimit(10_000)
    for node in list(successors):
        if node not in order:
            visit(node)
    return sorted(found, key=len, reverse=True)


def folder(file):
    return os.path.dirname(file)


def target(file):
    return file.split("/")[0]


def lines(path):
    with open(path) as file:
        return [line for line in (line.split("#")[0].strip() for line in file) if line]


def floors(files):
    """The place of each folder; complains of one that the list does not have, or has for nothing."""
    listed = lines("Scripts/floors.txt")
    there = {folder(file) for file in files}
    complaints = [f"Scripts/floors.txt lacks {name}" for name in sorted(there - set(listed))]
    complaints += [f"Scripts/floors.txt has {name}, which is not there" for name in listed if name not in there]
    return {name: place for place, name in enumerate(listed)}, complaints


def upward(graph, place):
    """The uses that go up, within a target: (file that uses, file that is used)."""
    return sorted(
        (source, used)
        for source, used in graph.uses
        if target(source) == target(used) and place.get(folder(source), 0) < place.get(folder(used), 0)
    )


def import_complaints():
    """Every import of a module of this package must be a declared dependency."""
    package = json.loads(subprocess.run(["swift", "package", "dump-package"], capture_output=True, check=True).stdout)
    declared = {
        each["name"]: {next(iter(dependency.values()))[0] for dependency in each["dependencies"]}
        for each in package["targets"]
    }
    complaints = []
    for each in package["targets"]:
        root = each.get("path") or ("Tests/" if each["type"] == "test" else "Sources/") + each["name"]
        for parent, _, names in os.walk(root):
            for name in names:
                if not name.endswith(".swift"):
                    continue
                path = os.path.join(parent, name)
                with open(path) as file:
                    for module in re.findall(r"^(?:@\w+ )?(?:public )?import (?:\w+ )?(\w+)", file.read(), re.M):
                        if module in declared and module not in declared[each["name"]] | {each["name"]}:
                            complaints.append(f"{path} imports {module}, which {each['name']} does not depend on")
    return complaints


def check(graph):
    place, complaints = floors(graph.files)
    complaints += [
        f"{source} uses {used}, which is above it: {names(graph, source, used)}" for source, used in upward(graph, place)
    ]
    complaints += import_complaints()
    for complaint in complaints:
        print(f"graph: {complaint}", file=sys.stderr)
    return 1 if complaints else 0


def names(graph, source, used):
    all_names = sorted(name for name in graph.uses[source, used] if not name.startswith(("getter:", "setter:")))
    return ", ".join(all_names[:8]) + (", …" if len(all_names) > 8 else "")


def table(graph):
    row = "{:<14}{:>7}{:>9}{:>17}{:>18}{:>8}  {}"
    print(row.format("target", "files", "folders", "folders in cycles", "files in largest", "tests", "members of the largest type"))
    for name in sorted({target(file) for file in graph.files}):
        files = [file for file in graph.files if target(file) == name]
        inner = [pair for pair in graph.uses if target(pair[0]) == name and target(pair[1]) == name]
        between = {(folder(a), folder(b)) for a, b in inner if folder(a) != folder(b)}
        rings, folder_rings = cycles(inner), cycles(between)
        largest = max(((count, member) for (home, member), count in graph.members.items() if home == name), default=(0, "-"))
        print(
            row.format(
                name, len(files), len({folder(file) for file in files}), sum(map(len, folder_rings)),
                len(rings[0]) if rings else 0, tests(name), f"{largest[1]} {largest[0]}"))
    print(f"EndToEndTests: {tests('EndToEnd')} tests")


def tests(name):
    count = 0
    for parent, _, files in os.walk(f"Tests/{name}Tests"):
        for file in files:
            if file.endswith(".swift"):
                with open(os.path.join(parent, file)) as opened:
                    count += len(re.findall(r"^\s*@Test\b", opened.read(), re.M))
    return count


def main(arguments):
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    build = subprocess.run(["swift", "build", "--show-bin-path"], capture_output=True, text=True, check=True).stdout.strip()
    graph = Graph(Index(os.path.join(build, "index", "store")), os.path.realpath("Sources"))
    if arguments == ["--check"]:
        return check(graph)
    if len(arguments) == 2 and arguments[0] == "--uses":
        for source, used in sorted(graph.uses):
            if arguments[1] in (source, used):
                print(f"{source} -> {used}  # {names(graph, source, used)}")
    elif not arguments:
        table(graph)
    else:
        sys.exit(__doc__)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
