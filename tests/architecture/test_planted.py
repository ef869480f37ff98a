"""What stands against the floors is found, in the optimizer and in the service alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.floors import (
    DOORS,
    HOUSE,
    SERVICE,
    Door,
    Floors,
    misplaced_entry_points,
    read_doors,
    read_floors,
    rooms_without_floor,
    secret_readers,
    unknown_loads,
    upward,
)
from tests.architecture.source import Module, read_modules

TABLE = """
| floor | rooms | why |
|---|---|---|
| 2 | `mill` | grinds |
| 1 | `well`, `well.cellar` | is `deep` |
| 0 | `barn` | keeps |
"""
ROOMS = {
    "__init__.py": '"""A village; see {package}.mill."""\n',
    "mill.py": "from {package}.well import bucket\nfrom {package} import barn\n",
    "well/__init__.py": "",
    "well/bucket.py": '"""Filled for {package}.mill."""\nBARN = "{package}.barn"\n',
    "barn.py": '"""{package}.mill"""\n',
}
UPWARD = {
    "import": "import {package}.mill",
    "from": "from {package} import mill",
    "relative": "from . import mill",
    "for types": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import {package}.mill",
    "in a function": "def keep():\n    from {package}.mill import grind",
    "loaded": "import importlib\nimportlib.import_module('{package}.mill')",
    "loaded under another name": (
        "from importlib import import_module as get\ndef keep():\n    get('{package}.mill')"
    ),
    "loaded plainly": "__import__('{package}.mill')",
    "string": "MILL = '{package}.mill'",
    "string with an object": "MILL = {{'mill': ['{package}.mill:grind']}}",
    "string with an attribute": "def keep(mill='{package}.mill.grind'):\n    return mill",
    "beginning of a string": "def keep(name):\n    return f'{package}.mill.{{name}}'",
    "string type": "def keep(mill: '{package}.mill.Mill'): ...",
}
UNKNOWN = {
    "computed": "import importlib\nimportlib.import_module('mi' + 'll')",
    "given": "def keep(name):\n    return __import__(name)",
    "relative": "import importlib\nimportlib.import_module('.mill', __package__)",
    "handed on": "from importlib import import_module\nmap(import_module, ['mill'])",
    "renamed": "from importlib import import_module as get\ndef keep(name):\n    get(name)",
}

PACKAGE = pytest.mark.parametrize("package", ["optimizer", "service"])


def village(root: Path, package: str, planted: str = "") -> dict[str, Module]:
    """Return a package of three rooms, the lowest with something planted in it."""
    for name, text in ROOMS.items():
        path = root / package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        more = planted if name == "barn.py" else ""
        path.write_text((text + more).format(package=package), encoding="utf-8")
    return read_modules(root, (package,))


def floors(package: str) -> Floors:
    """Return the village's floors, read as those of the page are."""
    return Floors(package, read_floors(TABLE), is_whole=False)


@PACKAGE
def test_what_runs_down_is_no_breach(tmp_path: Path, package: str) -> None:
    """Docstrings may name what stands above; imports and strings that run down may be."""
    modules = village(tmp_path, package)
    assert upward(modules, floors(package)) == []
    assert unknown_loads(modules) == []
    assert rooms_without_floor(modules, floors(package)) == []


@PACKAGE
@pytest.mark.parametrize("way", UPWARD)
def test_what_runs_up_is_a_breach(tmp_path: Path, package: str, way: str) -> None:
    """It is found in whatever way a module names one that stands above it."""
    modules = village(tmp_path, package, UPWARD[way])
    found = upward(modules, floors(package))
    assert len(found) >= 1
    assert all(each.startswith(f"{package}/barn.py:") for each in found)
    assert all(each.endswith(f"names {package}.mill (mill)") for each in found)


@PACKAGE
def test_equals_do_not_know_each_other(tmp_path: Path, package: str) -> None:
    """Rooms on one floor are out of each other's reach, and each room needs a floor."""
    modules = village(tmp_path, package)
    level = Floors(package, {"mill": 1, "well": 0, "barn": 0})
    assert upward(modules, level) == [
        f"{package}/well/bucket.py:2 (well) names {package}.barn (barn)"
    ]
    assert rooms_without_floor(modules, Floors(package, {"mill": 1, "well": 0})) == ["barn"]


@PACKAGE
def test_a_module_may_stand_below_its_room(tmp_path: Path, package: str) -> None:
    """Where the table names a module of a room, it is that module's floor that counts."""
    modules = village(tmp_path, package, "import {package}.well.bucket")
    assert upward(
        modules, Floors(package, {"mill": 3, "well": 2, "well.bucket": 0, "barn": 1})
    ) == [f"{package}/well/bucket.py:2 (well.bucket) names {package}.barn (barn)"]


@PACKAGE
@pytest.mark.parametrize("way", UNKNOWN)
def test_what_cannot_be_read_is_a_breach(tmp_path: Path, package: str, way: str) -> None:
    """A load of something that only shows when it runs is found, unless it is excepted."""
    modules = village(tmp_path, package, UNKNOWN[way])
    assert len(unknown_loads(modules)) >= 1
    assert unknown_loads(modules, {f"{package}.barn"}) == []


def test_the_service_is_one_room_of_the_house(tmp_path: Path) -> None:
    """A string in the optimizer that names a module of the service is found."""
    village(tmp_path, "service")
    village(tmp_path, "optimizer", "RUN = 'service.mill:run'\n")
    modules = read_modules(tmp_path)
    house = Floors("optimizer", {**read_floors(TABLE), "optimizer": 3, "service": 4}, is_whole=True)
    assert upward(modules, house) == ["optimizer/barn.py:2 (barn) names service.mill (service)"]


def project(group: str, target: str) -> str:
    """Return a ``pyproject.toml`` with one entry point."""
    return f'[project]\nname = "village"\n[project.{group}]\nplanted = "{target}"\n'


@PACKAGE
def test_entry_points_lead_where_the_page_says(tmp_path: Path, package: str) -> None:
    """To another place, from an unknown group, or to nothing: each is found."""
    modules = village(tmp_path, package)
    doors = {"scripts": Door("the shell", f"{package}.mill"), "farm.tools": Door("x", package)}

    def found(group: str, module: str) -> list[str]:
        return misplaced_entry_points(project(group, f"{package}.{module}:run"), modules, doors)

    assert found("scripts", "mill") == []
    assert found('entry-points."farm.tools"', "well.bucket") == []
    assert found("scripts", "barn") == [f"scripts: planted leads to {package}.barn"]
    assert found("gui-scripts", "mill") == [f"gui-scripts: planted leads to {package}.mill"]
    assert found('entry-points."farm.secret"', "mill") == [
        f"farm.secret: planted leads to {package}.mill"
    ]
    assert found("scripts", "nowhere") == [
        f"scripts: planted names {package}.nowhere, which does not exist"
    ]


@PACKAGE
@pytest.mark.parametrize(
    "planted",
    [
        "GROUP = 'farm.tools'",
        "import importlib.metadata\nimportlib.metadata.entry_points()",
        "from importlib.metadata import entry_points",
    ],
)
def test_entry_points_have_one_reader(tmp_path: Path, package: str, planted: str) -> None:
    """Who else names the group, or reads entry points at all, is found."""
    modules = village(tmp_path, package, planted)
    assert secret_readers(modules, {"farm.tools": Door(f"{package}.barn", package)}) == []
    others = {"farm.tools": Door(f"{package}.mill", package)}
    assert len(secret_readers(modules, others)) == 1


def test_the_tables_are_read_from_the_page() -> None:
    """Both tables of floors have a bottom and a top, and the doors their readers."""
    assert HOUSE.floors["units"] == 0
    assert HOUSE.floors["cli"] == HOUSE.floors["service"] == max(HOUSE.floors.values())
    assert SERVICE.floors["settings"] == 0
    assert SERVICE.floors["commands"] == max(SERVICE.floors.values())
    assert DOORS["scripts"] == Door("the shell", "optimizer.cli")
    assert DOORS["homecare.commands"] == Door("optimizer.commands.mounts", "service.commands")
    assert read_doors("| `group` | who | nowhere |") == {}
