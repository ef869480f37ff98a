"""Imports run down the floors of docs/architecture.md, and nowhere else."""

from __future__ import annotations

import graphlib

import pytest

from tests.architecture.source import FLOORS, MODULES, Module

ENGINE = {"allocation", "bound", "coverage", "exact", "problem", "search"}

WINGS = {
    "fastapi": {"service"},
    "geopy": {"travel"},
    "networkx": {"allocation", "coverage", "exact", "formats", "generate", "travel"},
    "highspy": {"bound"},
    "numba": {"bound", "compiled", "search", "optimizer.commands.doctor"},
    "ortools": {"allocation", "exact"},
    "pandas": {"formats", "report"},
}


def arrows(module: Module) -> list[tuple[str, int]]:
    """Return the project's own modules that a module imports, with the lines."""
    found = module.imports(MODULES)
    return [(each.module, each.line) for each in found if each.module in MODULES]


def test_every_room_has_a_floor() -> None:
    """Each package and module of the project stands in the table of the architecture page."""
    rooms = {module.room for module in MODULES.values()}
    assert rooms - FLOORS.keys() == set()


@pytest.mark.parametrize("name", sorted(MODULES))
def test_imports_run_down(name: str) -> None:
    """A module imports only from its own room and from lower floors."""
    module = MODULES[name]
    breaches = [
        f"{module.place}:{line} ({module.room}) imports {target} ({MODULES[target].room})"
        for target, line in arrows(module)
        if MODULES[target].room != module.room
        and FLOORS[MODULES[target].room] >= FLOORS[module.room]
    ]
    assert breaches == []


@pytest.mark.parametrize("name", sorted(MODULES))
def test_engine_and_verifier_are_strangers(name: str) -> None:
    """Nothing of the engine imports the verifier, whose word on a plan must be its own."""
    module = MODULES[name]
    if module.room in ENGINE:
        strangers = {"verification"}
    elif module.room == "verification":
        strangers = ENGINE
    else:
        strangers = set()
    assert [arrow for arrow in arrows(module) if MODULES[arrow[0]].room in strangers] == []


def test_no_circles() -> None:
    """No module imports itself by way of others, not even for types or inside functions."""
    graph = {name: {target for target, _ in arrows(MODULES[name])} for name in MODULES}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        pytest.fail("circle: " + " <- ".join(error.args[1]))


@pytest.mark.parametrize("name", sorted(MODULES))
def test_nobody_inside_a_package_imports_its_face(name: str) -> None:
    """A module names the neighbour it needs, never the package that both live in.

    The face of the whole library is a room of its own: what stands above it may use it.
    """
    module = MODULES[name]
    breaches = [
        f"{module.place}:{line} imports {target}"
        for target, line in arrows(module)
        if MODULES[target].is_face and target != "optimizer" and name.startswith(f"{target}.")
    ]
    assert breaches == []


@pytest.mark.parametrize("name", sorted(MODULES))
def test_heavy_packages_stay_in_their_wings(name: str) -> None:
    """A package that takes long to import is known only to the rooms that need it."""
    module = MODULES[name]
    breaches = [
        f"{module.place}:{each.line} imports {each.module}"
        for each in module.imports(MODULES)
        if not {module.room, name} & WINGS.get(each.module.split(".")[0], {name})
    ]
    assert breaches == []
