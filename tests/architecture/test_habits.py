"""Habits that keep the source readable: names, sizes, no asserts, no prints."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache

from tests.architecture.source import Module, project, read_modules

MAX_LINES = 450
DRAWERS = {"base", "common", "helper", "helpers", "misc", "util", "utils"}
CLOCKED = {
    "tests.patience": "waits for other threads and processes, up to a limit that only faults reach",
    "tests.parallel.listening": "tells how long children may run, and when they are stopped",
    "tests.parallel.test_processes": "tells how long children may run, and when they are stopped",
    "tests.parallel.test_ray_cluster": "tells how long children may run, and when they are stopped",
    "tests.parallel.works": "tells how long children may run, and when they are stopped",
}
"Tests that may know a clock, and why."
CLOCKS = {"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time"}
CLOCKS |= {"sleep", "thread_time", "time", "time_ns"}
"Names of the module `time` that read a clock or wait for one."


@cache
def everything() -> Mapping[str, Module]:
    """Return all modules, those of tests and benchmarks included, read once."""
    return {**project(), **read_modules(packages=("benchmarks", "tests"))}


def test_files_are_named_after_what_they_hold() -> None:
    """No file or folder is a drawer for everything that found no place."""
    drawers = [name for name in sorted(everything()) if set(name.split(".")) & DRAWERS]
    assert not drawers, "\n".join(drawers)


def test_modules_stay_short() -> None:
    """A module that outgrows 450 lines holds two subjects."""
    long = [f"{m.place}: {m.num_lines}" for m in project().values() if m.num_lines > MAX_LINES]
    assert not long, "\n".join(long)


def test_input_is_never_checked_by_assert() -> None:
    """Asserts vanish with ``python -O`` and name no place in a document."""
    found = [
        f"{module.place}:{node.lineno}"
        for module in project().values()
        for node in module.nodes
        if isinstance(node, ast.Assert)
    ]
    assert not found, "\n".join(found)


def test_only_the_command_line_prints() -> None:
    """Standard output belongs to the command that somebody called."""
    found = [
        f"{module.place}:{node.lineno}"
        for module in project().values()
        if module.room not in {"cli", "commands"}
        for node in module.nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert not found, "\n".join(found)


def test_no_bare_except() -> None:
    """An error is caught by its name, never all of them at once."""
    found = [
        f"{module.place}:{node.lineno}"
        for module in project().values()
        for node in module.nodes
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert not found, "\n".join(found)


def clock_uses(tree: ast.AST) -> list[int]:
    """Return the lines that read the clock of `time`, wait for it, or import what does."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.ImportFrom) and node.module == "time")
        or (
            isinstance(node, ast.Attribute)
            and node.attr in CLOCKS
            and isinstance(node.value, ast.Name)
            and node.value.id == "time"
        )
    ]


def test_tests_know_no_clock() -> None:
    """How fast or busy a machine is decides no test; what measures is a benchmark."""
    found = {
        name: [f"{module.place}:{line}" for line in clock_uses(module.tree)]
        for name, module in everything().items()
        if name.startswith("tests.")
    }
    breaches = [each for name, places in found.items() if name not in CLOCKED for each in places]
    assert not breaches, "\n".join(breaches)
    assert {name for name in CLOCKED if not found[name]} == set()


def test_a_clock_is_seen() -> None:
    """A planted sleep, a planted reading and a planted import are found."""
    text = "import time\ntime.sleep(1)\nnow = time.perf_counter()\nfrom time import monotonic\n"
    assert sorted(clock_uses(ast.parse(text))) == [2, 3, 4]
