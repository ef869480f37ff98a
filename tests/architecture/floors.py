"""The floors of docs/architecture.md, and what stands against them in a project."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.architecture.source import ROOT, Module

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Floors:
    """On which floor each room of a package stands.

    Attributes
    ----------
    package
        The top package whose rooms these are.
    floors
        Floor by room. A room is named without its package; ``room.module`` is a module
        that stands on another floor than the rest of its room.
    is_whole
        Whether every other top package is one room of the same table.
    """

    package: str
    floors: Mapping[str, int]
    is_whole: bool = False

    def room(self, name: str) -> str | None:
        """Return the room of a module, or None if the table does not speak of it."""
        top, *inside = name.split(".")
        if top != self.package or not inside:
            return top if self.is_whole else None
        heads = (".".join(inside[:length]) for length in range(len(inside), 0, -1))
        return next((head for head in heads if head in self.floors), inside[0])


@dataclass(frozen=True, slots=True)
class Door:
    """What may stand behind the entry points of a group.

    Attributes
    ----------
    reader
        The only module that reads the group, or who else does.
    leads_to
        The package or module in which the targets lie.
    """

    reader: str
    leads_to: str


def section(heading: str, page: str = PAGE) -> str:
    """Return the text under a ``##`` heading of the page."""
    parts = re.split(r"^## (.+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[heading]


def read_floors(text: str) -> dict[str, int]:
    """Return the floor of each room, from a table whose first column numbers the floors."""
    return {
        room: int(number)
        for number, rooms in re.findall(r"^\| (\d+) \| (.+?) \|", text, flags=re.MULTILINE)
        for room in re.findall(r"`([\w.]+)`", rooms)
    }


def read_doors(text: str) -> dict[str, Door]:
    """Return the doors by group, from a table of groups, readers and where they lead."""
    rows = re.findall(r"^\| `([\w.]+)` \| `?(.+?)`? \| `([\w.]+)` \|$", text, flags=re.MULTILINE)
    return {group: Door(reader, leads_to) for group, reader, leads_to in rows}


HOUSE = Floors("optimizer", read_floors(section("Floors")), is_whole=True)
SERVICE = Floors("service", read_floors(section("Inside the service")))
DOORS = read_doors(section("Entry points"))


def rooms_without_floor(modules: Mapping[str, Module], floors: Floors) -> list[str]:
    """Return the rooms that have no floor."""
    rooms = {floors.room(name) for name in modules} - {None}
    return sorted(str(room) for room in rooms if room not in floors.floors)


def upward(
    modules: Mapping[str, Module], floors: Floors, excepted: Iterable[tuple[str, str]] = ()
) -> list[str]:
    """Return what leads from a room to one that is not on a lower floor.

    Parameters
    ----------
    modules
        The project's modules by name.
    floors
        The table to judge by.
    excepted
        Pairs of modules between which an arrow may run.
    """
    allowed = set(excepted)
    found = []
    for name, module in modules.items():
        here = floors.room(name)
        for arrow in module.arrows(modules):
            there = floors.room(arrow.module)
            if here is None or there is None or here == there or (name, arrow.module) in allowed:
                continue
            if floors.floors.get(there, 0) >= floors.floors.get(here, 0):
                found.append(f"{module.place}:{arrow.line} ({here}) names {arrow.module} ({there})")
    return found


def unknown_loads(modules: Mapping[str, Module], excepted: Iterable[str] = ()) -> list[str]:
    """Return the places where something is loaded whose name cannot be read in the source."""
    return [
        f"{module.place}:{line} loads what only shows when it runs"
        for name, module in modules.items()
        for line in ([] if name in set(excepted) else module.loads_unknown())
    ]


def misplaced_entry_points(
    project: str, names: Mapping[str, object], doors: Mapping[str, Door]
) -> list[str]:
    """Return the entry points of a ``pyproject.toml`` that lead where its group may not.

    Parameters
    ----------
    project
        The text of the file.
    names
        The project's modules by name.
    doors
        What may stand behind each group; of a group without a door, nothing may.
    """
    found = []
    for group, entries in _groups(tomllib.loads(project)).items():
        for entry, target in entries.items():
            module = target.partition(":")[0].strip()
            door = doors.get(group)
            if module not in names:
                found.append(f"{group}: {entry} names {module}, which does not exist")
            elif door is None or not f"{module}.".startswith(f"{door.leads_to}."):
                found.append(f"{group}: {entry} leads to {module}")
    return found


def _groups(project: dict[str, dict[str, dict[str, dict[str, str]]]]) -> dict[str, dict[str, str]]:
    """Return all entry points by group, those for the shell included."""
    table = project["project"]
    groups = {"scripts": table.get("scripts", {}), "gui-scripts": table.get("gui-scripts", {})}
    return {**groups, **table.get("entry-points", {})}  # type: ignore[dict-item]


def secret_readers(modules: Mapping[str, Module], doors: Mapping[str, Door]) -> list[str]:
    """Return the places that read entry points, or name a group of them, and may not."""
    readers = {door.reader for door in doors.values()}
    found = []
    for name, module in modules.items():
        for node in module.nodes:
            word = _word(node)
            if word in doors and name != doors[word].reader and "." in word:
                found.append(f"{module.place}:{getattr(node, 'lineno', 0)} names {word}")
            elif word == "entry_points" and name not in readers:
                found.append(f"{module.place}:{getattr(node, 'lineno', 0)} reads entry points")
    return found


def _word(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=str(word)):
            return word
        case ast.Attribute(attr=word) | ast.Name(id=word) | ast.alias(name=word):
            return word
    return ""
