"""The names file: read as it was written, and by whichever program it was saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.errors import InvalidDocument
from optimizer.formats.names import COLUMNS, Kind, Name, Names, read_names, write_names

NAMES = Names.of(
    [
        Name(Kind.CLIENT, "C0001", name="甲示例", phone="+86 574", address="示例路, 1号"),
        Name(Kind.CAREGIVER, "G001", name="=1+1", door='"key" at\nthe neighbour'),
        Name(Kind.OFFICE, "", name="示例中心"),
    ]
)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """Commas, quotes, line breaks and what a spreadsheet would take for a formula come back."""
    path = tmp_path / "people.csv"
    write_names(NAMES, path)
    assert read_names(path) == NAMES
    assert "\n'=" not in path.read_text(encoding="utf-8-sig")
    assert ",'=1+1," in path.read_text(encoding="utf-8-sig")


def test_a_file_saved_by_a_chinese_spreadsheet(tmp_path: Path) -> None:
    """In GBK, and with columns that somebody has added or left out."""
    path = tmp_path / "people.csv"
    path.write_bytes("kind,id,name,其他\nclient,C0001,甲示例,x\n".encode("gb18030"))
    assert read_names(path).called(Kind.CLIENT, "C0001") == "甲示例"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Name,Phone\nA,1\n", ""),  # another table
        ("kind,id,name\nrobot,R1,A\n", "people!A2"),  # neither client nor caregiver
    ],
)
def test_another_file_is_refused(tmp_path: Path, text: str, place: str) -> None:
    """It is told where, and what would be right."""
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidDocument) as refused:
        read_names(path)
    assert refused.value.faults[0].path == place


def test_later_names_leave_what_they_do_not_tell() -> None:
    """A list without telephones does not take them away."""
    merged = NAMES.with_more([Name(Kind.CLIENT, "C0001", name="甲改名")])
    assert merged.get(Kind.CLIENT, "C0001") == Name(
        Kind.CLIENT, "C0001", name="甲改名", phone="+86 574", address="示例路, 1号"
    )
    assert merged.get(Kind.CLIENT, "C9") == Name(Kind.CLIENT, "C9")


def test_the_columns_are_those_of_the_page() -> None:
    """The page on spreadsheets names each column."""
    page = Path(__file__).parents[2] / "docs" / "spreadsheets.md"
    text = page.read_text(encoding="utf-8")
    assert [name for name in COLUMNS if f"`{name}`" not in text] == []
