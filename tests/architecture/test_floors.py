"""Imports run down the floors of docs/architecture.md, and nowhere else."""

from __future__ import annotations

import graphlib

import pytest

from tests.architecture.floors import (
    DOORS,
    HOUSE,
    PROJECT,
    SERVICE,
    Floors,
    misplaced_entry_points,
    rooms_without_floor,
    secret_readers,
    unknown_loads,
    upward,
)
from tests.architecture.source import Module, project

ENGINE = {"bound", "certificate", "exact", "problem", "search"}

WINGS = {
    "fastapi": {"service"},
    "geopy": {"travel"},
    "icalendar": {"report"},
    "networkx": {"certificate", "exact", "formats", "generate", "travel"},
    "highspy": {"bound", "disclosure"},
    "numba": {"bound", "compiled", "search", "optimizer.commands.doctor"},
    "ortools": {"exact"},
    "pandas": {"formats", "report"},
    "python_calamine": {"spreadsheets"},
    "xlsxwriter": {"report", "spreadsheets"},
}

LOADS = {
    "optimizer",  # The face loads each name from where it is imported for type checkers.
    "service.app",  # Every module of a folder is a set of routes.
    "service.jobs.registry",  # Every module of a folder is a kind of job.
}
"Modules that load others by names which only show when they run; all stay in their package."

BESIDE_FACES = {
    "optimizer.commands.terminal",  # It loads pydantic; the face is for `homecare --help`.
    "optimizer.exact.model",  # Loaded ahead for workers, whole.
    "optimizer.parallel.ray_cluster",  # Ray is an extra.
    "optimizer.report.by_hand_text",  # It loads the search; the face is for a look at a roster.
    "optimizer.report.publication_text",  # It loads HiGHS; the face is for a look at a roster.
    "optimizer.report.replan_document",  # As above.
    "optimizer.report.series_text",  # As above.
    "optimizer.search.warm_up",  # Loaded ahead for workers, whole.
}
"Modules of the optimizer that the service names instead of their package's face."

BOTH = pytest.mark.parametrize("floors", [HOUSE, SERVICE], ids=["house", "service"])


def arrows(module: Module) -> list[tuple[str, int]]:
    """Return the project's own modules that a module imports, with the lines."""
    found = module.imports(project())
    return [(each.module, each.line) for each in found if each.module in project()]


@BOTH
def test_every_room_has_a_floor(floors: Floors) -> None:
    """Each package and module of the project stands in a table of the architecture page."""
    assert rooms_without_floor(project(), floors) == []


@BOTH
def test_every_floor_has_its_rooms(floors: Floors) -> None:
    """The tables name no room that is gone."""
    assert floors.floors.keys() - {floors.room(name) for name in project()} == set()


@BOTH
def test_imports_run_down(floors: Floors) -> None:
    """A module names only modules of its own room and of lower floors, in whatever way."""
    assert upward(project(), floors) == []


def test_the_optimizer_knows_nothing_of_the_service() -> None:
    """Nothing under ``optimizer`` imports, loads or names a module of the service."""
    assert [
        f"{module.place}:{arrow.line} names {arrow.module}"
        for name, module in project().items()
        for arrow in module.arrows(project())
        if HOUSE.room(name) != "service" and HOUSE.room(arrow.module) == "service"
    ] == []


def test_what_is_loaded_can_be_read() -> None:
    """A module that is loaded by a string is named by that very string."""
    assert unknown_loads(project(), LOADS) == []


def test_no_exception_is_left_over() -> None:
    """Each exception that this module lists is still one."""
    loading = {name for name, module in project().items() if list(module.loads_unknown())}
    named = {
        arrow.module
        for name, module in project().items()
        if HOUSE.room(name) == "service"
        for arrow in module.arrows(project())
    }
    assert LOADS - loading == set()
    assert BESIDE_FACES - named == set()


def test_entry_points_stand_on_the_page() -> None:
    """What pyproject.toml names to others exists and lies where the page says."""
    assert misplaced_entry_points(PROJECT, project(), DOORS) == []


def test_entry_points_are_read_in_one_place() -> None:
    """A group of entry points is named by its reader only, and nobody else reads any."""
    assert secret_readers(project(), DOORS) == []


def test_the_service_sees_faces() -> None:
    """The service uses the faces of the optimizer's packages and its single modules."""
    assert [
        f"{module.place}:{arrow.line} names {arrow.module}"
        for name, module in project().items()
        if HOUSE.room(name) == "service"
        for arrow in module.arrows(project())
        if arrow.module.startswith("optimizer.")
        and not project()[arrow.module].is_face
        and HOUSE.room(arrow.module) != arrow.module.removeprefix("optimizer.")
        and arrow.module not in BESIDE_FACES
    ] == []


def test_engine_and_verifier_are_strangers() -> None:
    """Nothing of the engine imports the verifier, whose word on a plan must be its own."""
    strangers = {"verification": ENGINE, **{room: {"verification"} for room in ENGINE}}
    assert [
        f"{module.place}:{arrow.line} names {arrow.module}"
        for module in project().values()
        for arrow in module.arrows(project())
        if project()[arrow.module].room in strangers.get(module.room, ())
    ] == []


def test_no_circles() -> None:
    """No module imports itself by way of others, not even for types or inside functions."""
    graph = {name: {target for target, _ in arrows(project()[name])} for name in project()}
    assert circle(graph) == []


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Return the nodes of a circle in a graph, or nothing."""
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def test_a_circle_is_found() -> None:
    """A module that imports itself by way of another is told with the way."""
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"b"}})) == {"b", "c"}


def test_nobody_inside_a_package_imports_its_face() -> None:
    """A module names the neighbour it needs, never the package that both live in.

    The face of the whole library is a room of its own: what stands above it may use it.
    """
    assert [
        f"{module.place}:{line} imports {target}"
        for name, module in project().items()
        for target, line in arrows(module)
        if project()[target].is_face and target != "optimizer" and name.startswith(f"{target}.")
    ] == []


def test_heavy_packages_stay_in_their_wings() -> None:
    """A package that takes long to import is known only to the rooms that need it."""
    assert [
        f"{module.place}:{each.line} imports {each.module}"
        for name, module in project().items()
        for each in module.imports(project())
        if not {module.room, name} & WINGS.get(each.module.split(".")[0], {name})
    ] == []
