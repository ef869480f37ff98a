"""The reading of the source sees what a reader sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.source import Module, module_named, read_modules

VILLAGE = {
    "optimizer/__init__.py": "",
    "optimizer/well/__init__.py": "from optimizer.well.bucket import Bucket\n",
    "optimizer/well/bucket.py": (
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n"
        "    from optimizer.mill import Mill\n"
        "def fill():\n"
        "    import optimizer.barn\n"
    ),
    "optimizer/mill.py": "from optimizer import barn\nfrom optimizer.well import Bucket\n",
    "optimizer/barn.py": "",
}


@pytest.fixture
def village(tmp_path: Path) -> dict[str, Module]:
    """Return a project of three rooms, written to a folder and read."""
    for name, text in VILLAGE.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read_modules(tmp_path, ("optimizer",))


def seen(village: dict[str, Module], name: str) -> set[str]:
    """Return the project's own modules that a module imports."""
    return {each.module for each in village[name].imports(village)} & set(village)


def test_imports_for_types_and_inside_functions_count(village: dict[str, Module]) -> None:
    """An import is an import wherever it stands."""
    assert seen(village, "optimizer.well.bucket") == {"optimizer.mill", "optimizer.barn"}


def test_a_name_from_a_package_is_a_module_or_its_face(village: dict[str, Module]) -> None:
    """``from package import name`` means the module of that name, else the face."""
    assert seen(village, "optimizer.mill") == {"optimizer.barn", "optimizer.well"}


def test_what_a_face_shows_is_no_module_of_that_name(tmp_path: Path) -> None:
    """A function that a face shows hides the module that it is named after."""
    (tmp_path / "farm").mkdir()
    (tmp_path / "farm" / "__init__.py").write_text("from farm.sow import sow\n", encoding="utf-8")
    (tmp_path / "farm" / "sow.py").write_text("", encoding="utf-8")
    (tmp_path / "farm" / "reap.py").write_text("from farm import sow\n", encoding="utf-8")
    farm = read_modules(tmp_path, ("farm",))
    assert seen(farm, "farm.reap") == {"farm"}


def test_rooms_are_named_after_the_folder_under_the_package(village: dict[str, Module]) -> None:
    """All modules of a package share its room; a single module is its own."""
    rooms = {name: module.room for name, module in village.items()}
    assert rooms == {
        "optimizer": "optimizer",
        "optimizer.well": "well",
        "optimizer.well.bucket": "well",
        "optimizer.mill": "mill",
        "optimizer.barn": "barn",
    }


@pytest.mark.parametrize(
    ("text", "module"),
    [
        ("optimizer.mill", "optimizer.mill"),
        ("optimizer.mill:grind", "optimizer.mill"),  # an object of it
        ("optimizer.mill.grind", "optimizer.mill"),  # likewise
        ("optimizer.well.", "optimizer.well"),  # the rest is put to it later
        ("optimizer:run", "optimizer"),
        ("optimizer.", "optimizer"),
        ("optimizer", None),  # a word like others
        ("optimizer: a word and more", None),
        ("optimizer.harvest", None),  # a key of a catalogue, say
        ("optimizer.mill grinds", None),  # prose
        ("mill", None),
        ("", None),
    ],
)
def test_a_string_names_a_module_by_its_dotted_name(
    village: dict[str, Module], text: str, module: str | None
) -> None:
    """The name may go on with an object or be left open; a sentence names nothing."""
    assert module_named(text, village) == module
