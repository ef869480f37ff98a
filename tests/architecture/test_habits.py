"""Habits that keep the source readable: names, sizes, no asserts, no prints."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.source import MODULES, Module, read_modules

MAX_LINES = 450
DRAWERS = {"base", "common", "helper", "helpers", "misc", "util", "utils"}
EVERYTHING = {**MODULES, **read_modules(packages=("benchmarks", "tests"))}


def calls(module: Module, function: str) -> list[str]:
    """Return the places where a module calls a function by its bare name."""
    return [
        f"{module.place}:{node.lineno}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == function
    ]


@pytest.mark.parametrize("name", sorted(EVERYTHING))
def test_files_are_named_after_what_they_hold(name: str) -> None:
    """No file or folder is a drawer for everything that found no place."""
    assert set(name.split(".")) & DRAWERS == set()


@pytest.mark.parametrize("name", sorted(MODULES))
def test_modules_stay_short(name: str) -> None:
    """A module that outgrows 450 lines holds two subjects."""
    assert MODULES[name].num_lines <= MAX_LINES


@pytest.mark.parametrize("name", sorted(MODULES))
def test_input_is_never_checked_by_assert(name: str) -> None:
    """Asserts vanish with ``python -O`` and name no place in a document."""
    nodes = ast.walk(MODULES[name].tree)
    assert [node.lineno for node in nodes if isinstance(node, ast.Assert)] == []


@pytest.mark.parametrize("name", sorted(MODULES))
def test_only_the_command_line_prints(name: str) -> None:
    """Standard output belongs to the command that somebody called."""
    module = MODULES[name]
    if module.room not in {"cli", "commands"}:
        assert calls(module, "print") == []


@pytest.mark.parametrize("name", sorted(MODULES))
def test_no_bare_except(name: str) -> None:
    """An error is caught by its name, never all of them at once."""
    nodes = ast.walk(MODULES[name].tree)
    bare = [n.lineno for n in nodes if isinstance(n, ast.ExceptHandler) and n.type is None]
    assert bare == []
