"""A package's ``__init__.py`` is its face: a sentence, imports, a sorted list of names."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterable

from tests.architecture.source import Module, project


def faces() -> list[str]:
    """Return the names of all packages."""
    return sorted(name for name, module in project().items() if module.is_face)


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
    """Return the names that a face imports or defines.

    A face that loads its names when they are asked for imports them for type checkers only.
    """
    names = set()
    body = module.tree.body
    lazy = [node for node in body if isinstance(node, ast.If)]
    if lazy:
        rest = [node for node in body if not isinstance(node, ast.ImportFrom)]
        body = [*(inner for node in lazy for inner in node.body), *rest]
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.module != "__future__":
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign):
            names |= {ast.unparse(target) for target in node.targets}
        elif isinstance(node, ast.AnnAssign):
            names.add(ast.unparse(node.target))
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
    return names - {"__all__"}


def shown(module: Module) -> list[str]:
    """Return the names that a face shows, in order."""
    public = {each for each in bound(module) if not each.startswith("_")}
    return in_order(public | {"__version__"} & bound(module))


def test_a_face_says_what_the_room_is_for() -> None:
    """Every package opens with a docstring of one sentence."""
    silent = [
        name
        for name in faces()
        if not (ast.get_docstring(project()[name].tree) or "").partition("\n")[0].endswith(".")
    ]
    assert not silent, "\n".join(silent)


def test_a_face_lists_exactly_what_it_shows() -> None:
    """``__all__`` is sorted and names what the face imports, no more and no less."""
    breaches = [
        f"{name} lists {listed(project()[name])} and shows {shown(project()[name])}"
        for name in faces()
        if listed(project()[name]) != shown(project()[name])
    ]
    assert not breaches, "\n".join(breaches)


def test_a_face_has_no_logic() -> None:
    """A face holds a docstring, imports and ``__all__``; code lives in named modules."""
    kinds = (ast.Expr, ast.ImportFrom, ast.Assign, ast.AnnAssign)
    breaches = [
        f"{project()[name].place}:{node.lineno} {ast.unparse(node).splitlines()[0]}"
        for name in faces()
        if name != "optimizer"
        for node in project()[name].tree.body
        if not isinstance(node, kinds)
    ]
    assert not breaches, "\n".join(breaches)


def test_outsiders_knock_at_the_face() -> None:
    """What a face lists can really be imported from it."""
    missing = [
        f"{name}.{each}"
        for name in faces()
        if name.count(".") == 1
        for each in listed(project()[name])
        if not hasattr(importlib.import_module(name), each)
    ]
    assert not missing, "\n".join(missing)


def test_a_lazy_face_loads_what_type_checkers_see() -> None:
    """The face of the library loads each name from the module that it imports for types."""
    (typed,) = [node for node in project()["optimizer"].tree.body if isinstance(node, ast.If)]
    seen = {
        alias.name: f"{node.module}"
        for node in typed.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    face = __import__("optimizer")
    assert {name: f"optimizer.{home}" for name, home in face._HOMES.items()} == seen
