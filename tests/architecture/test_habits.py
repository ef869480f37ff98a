"""Habits that keep the source readable: names, sizes, no asserts, no prints."""

from __future__ import annotations

import ast

from tests.architecture.source import MODULES, read_modules

MAX_LINES = 450
DRAWERS = {"base", "common", "helper", "helpers", "misc", "util", "utils"}
EVERYTHING = {**MODULES, **read_modules(packages=("benchmarks", "tests"))}


def test_files_are_named_after_what_they_hold() -> None:
    """No file or folder is a drawer for everything that found no place."""
    drawers = [name for name in sorted(EVERYTHING) if set(name.split(".")) & DRAWERS]
    assert not drawers, "\n".join(drawers)


def test_modules_stay_short() -> None:
    """A module that outgrows 450 lines holds two subjects."""
    long = [f"{m.place}: {m.num_lines}" for m in MODULES.values() if m.num_lines > MAX_LINES]
    assert not long, "\n".join(long)


def test_input_is_never_checked_by_assert() -> None:
    """Asserts vanish with ``python -O`` and name no place in a document."""
    found = [
        f"{module.place}:{node.lineno}"
        for module in MODULES.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assert)
    ]
    assert not found, "\n".join(found)


def test_only_the_command_line_prints() -> None:
    """Standard output belongs to the command that somebody called."""
    found = [
        f"{module.place}:{node.lineno}"
        for module in MODULES.values()
        if module.room not in {"cli", "commands"}
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert not found, "\n".join(found)


def test_no_bare_except() -> None:
    """An error is caught by its name, never all of them at once."""
    found = [
        f"{module.place}:{node.lineno}"
        for module in MODULES.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert not found, "\n".join(found)
