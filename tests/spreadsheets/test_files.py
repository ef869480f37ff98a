"""No file stops the program: what is no workbook is refused in words."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest

from optimizer.errors import InvalidDocument
from optimizer.spreadsheets import read_office
from optimizer.spreadsheets.workbook import open_sheets
from tests.spreadsheets.workbooks import ASKED, write_book

PNG = b"\x89PNG\r\n\x1a\n" + bytes(600)
LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")


def code_of(path: Path) -> str:
    """Return the code with which a file is refused."""
    with pytest.raises(InvalidDocument) as refused:
        open_sheets(path)
    return refused.value.faults[0].code


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("a.xlsx", PNG, "not-a-workbook"),  # an image renamed
        ("a.xlsx", b"", "not-a-workbook"),  # nothing
        ("a.csv", b"  \n", "not-a-workbook"),  # nothing either
        ("a.xlsx", LOCKED, "locked-workbook"),  # with a password
        ("a.xlsx", b"PK\x03\x04 and nothing more", "not-a-workbook"),  # cut off
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not-a-workbook"),  # a letter
        ("a.docx", b"whatever", "not-a-workbook"),  # another ending
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, name: str, raw: bytes, code: str) -> None:
    """The first lines of a file, not its name, say what it is."""
    path = tmp_path / name
    path.write_bytes(raw)
    assert code_of(path) == code


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """There is nothing to import in it."""
    assert code_of(tmp_path) == "not-a-workbook"


def test_an_empty_workbook_has_no_table(tmp_path: Path) -> None:
    """Sheets without cells are no fault of their own; that there is no table is told."""
    office = read_office(write_book(tmp_path / "a.xlsx", {"Sheet1": []}), ASKED)
    assert [fault.code for fault in office.faults] == ["no-table"]


def workbook_with(folder: Path, sheet_data: bytes) -> Path:
    """Write a workbook whose one sheet has this content, as a spreadsheet never writes it."""
    base = write_book(folder / "base.xlsx", {"服务对象": [["x"]]})
    path = folder / "a.xlsx"
    with (
        zipfile.ZipFile(base) as whole,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in whole.namelist():
            raw = whole.read(name)
            if name == "xl/worksheets/sheet1.xml":
                head, _, rest = raw.partition(b"<sheetData>")
                raw = head + b"<sheetData>" + sheet_data + b"</sheetData>"
                raw += rest.partition(b"</sheetData>")[2]
            archive.writestr(name, raw)
    return path


def texts(row: int, *values: str) -> bytes:
    """Return a row of texts as a workbook keeps it."""
    cells = "".join(
        f'<c r="{chr(65 + column)}{row}" t="inlineStr"><is><t>{value}</t></is></c>'
        for column, value in enumerate(values)
    )
    return f'<row r="{row}">{cells}</row>'.encode()


@pytest.mark.parametrize(
    "count", [50_000, pytest.param(1_000_000, marks=pytest.mark.sweep)], ids=["many", "a million"]
)
def test_empty_rows_are_passed_over(tmp_path: Path, count: int) -> None:
    """Rows that only carry a format cost nothing; a row behind them is read."""
    last = count + 3
    empty = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(3, last))
    rows = texts(1, "姓名", "纬度", "经度") + texts(2, "甲示例", "29.95", "121.71")
    behind = texts(last, "乙示例", "29.96", "121.72")
    (sheet,) = open_sheets(workbook_with(tmp_path, rows + empty + behind))
    assert [row.number for row in sheet.rows] == [1, 2, last]


def test_a_cell_at_the_end_of_the_world_is_refused(tmp_path: Path) -> None:
    """The last cell of a sheet would need room for seventeen billion."""
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = workbook_with(tmp_path, texts(1, "姓名") + cell)
    assert code_of(path) == "huge-workbook"


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What unpacks to more than a workbook can need is not unpacked."""
    monkeypatch.setattr("optimizer.spreadsheets.workbook.LARGEST_UNPACKED", 1_000)
    path = write_book(tmp_path / "a.xlsx", {"a": [["x"] * 20] * 20})
    assert code_of(path) == "huge-workbook"


def test_formulas_are_looked_at(tmp_path: Path) -> None:
    """A formula with its value is read; one without, and one in error, are known as such."""
    row = (
        b'<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2"><f>1+1</f></c>'
        b'<c r="C2"><f>1+1</f><v/></c><c r="D2" t="e"><v>#REF!</v></c></row>'
    )
    path = workbook_with(tmp_path, texts(1, "a", "b", "c", "d") + row)
    (sheet,) = open_sheets(path)
    assert sheet.rows[1].at(0) == 2.0
    assert sheet.broken == {(2, 1): "formula", (2, 2): "formula", (2, 3): "error"}


def test_merged_cells_are_filled(tmp_path: Path) -> None:
    """A client merged over three visits is the client of each."""
    rows: list[list[object]] = [["姓名", "时长"], ["甲示例", 30], [None, 45], [None, 60]]
    path = write_book(tmp_path / "a.xlsx", {"a": rows}, merged=["A2:A4"])
    (sheet,) = open_sheets(path)
    assert [row.at(0) for row in sheet.rows] == ["姓名", "甲示例", "甲示例", "甲示例"]


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_workbook_is_refused_or_read(tmp_path: Path, seed: int) -> None:
    """Whichever bytes are changed, nothing but a refusal in words is raised."""
    rows = {"服务对象": [["姓名", "纬度"]] * 30}
    raw = bytearray(write_book(tmp_path / "a.xlsx", rows).read_bytes())
    rng = random.Random(seed)
    for _ in range(12):
        raw[rng.randrange(len(raw))] = rng.randrange(256)
    path = tmp_path / "b.xlsx"
    path.write_bytes(raw)
    codes = set()
    try:
        assert len(open_sheets(path)) <= 1
    except InvalidDocument as refused:
        codes = {fault.code for fault in refused.faults}
    assert codes <= {"not-a-workbook", "huge-workbook"}


def test_the_names_file_is_no_table(tmp_path: Path) -> None:
    """Kept in the folder of the lists, it is not taken for one of them."""
    names = "kind,id,name\nclient,C0001,甲示例\n"
    (tmp_path / "people.csv").write_text(names, encoding="utf-8-sig")
    (tmp_path / "clients.csv").write_text("Name,Lat,Lng\nAnn,52.1,5.1\n", encoding="utf-8")
    assert [sheet.name for sheet in open_sheets(tmp_path)] == ["clients"]
