"""A package's ``__init__.py`` is its face: a sentence, imports, a sorted list of names."""

from __future__ import annotations

import ast
from collections.abc import Iterable

import pytest

from tests.architecture.source import MODULES, Module

FACES = sorted(name for name, module in MODULES.items() if module.is_face)


def listed(module: Module) -> list[str]:
    """Return the names in a module's ``__all__``; empty where it has none."""
    for node in module.tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and "__all__" in ast.unparse(node):
            names = ast.literal_eval(node.value) if node.value else []
            return [str(name) for name in names]
    return []


def in_order(names: Iterable[str]) -> list[str]:
    """Return names as ruff sorts them: constants, then classes, then the rest."""

    def rank(name: str) -> tuple[int, str]:
        return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)

    return sorted(names, key=rank)


def bound(module: Module) -> set[str]:
    """Return the names that a face imports or defines."""
    names = set()
    for node in module.tree.body:
        if isinstance(node, ast.ImportFrom) and node.module != "__future__":
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign):
            names |= {ast.unparse(target) for target in node.targets}
        elif isinstance(node, ast.AnnAssign):
            names.add(ast.unparse(node.target))
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
    return names - {"__all__"}


@pytest.mark.parametrize("name", FACES)
def test_a_face_says_what_the_room_is_for(name: str) -> None:
    """Every package opens with a docstring of one sentence."""
    text = ast.get_docstring(MODULES[name].tree)
    assert text is not None
    assert text.splitlines()[0].endswith(".")


@pytest.mark.parametrize("name", FACES)
def test_a_face_lists_exactly_what_it_shows(name: str) -> None:
    """``__all__`` is sorted and names what the face imports, no more and no less."""
    module = MODULES[name]
    shown = {each for each in bound(module) if not each.startswith("_")}
    shown |= {"__version__"} & bound(module)
    assert listed(module) == in_order(shown)


@pytest.mark.parametrize("name", [name for name in FACES if name != "optimizer"])
def test_a_face_has_no_logic(name: str) -> None:
    """A face holds a docstring, imports and ``__all__``; code lives in named modules."""
    kinds = (ast.Expr, ast.ImportFrom, ast.Assign, ast.AnnAssign)
    body = MODULES[name].tree.body
    assert [ast.unparse(node) for node in body if not isinstance(node, kinds)] == []


@pytest.mark.parametrize("name", [name for name in FACES if name.count(".") == 1])
def test_outsiders_knock_at_the_face(name: str) -> None:
    """What a face lists can really be imported from it."""
    face = __import__(name, fromlist=["__all__"])
    assert [each for each in listed(MODULES[name]) if not hasattr(face, each)] == []
