"""Every fault of a cell is told with its sheet and cell, all at once, in both languages."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import pytest

from optimizer.i18n import translated
from optimizer.spreadsheets import CellFault
from optimizer.spreadsheets.sheets import Sheet
from tests.spreadsheets.faulty_cells import FAULTS, office_with
from tests.spreadsheets.workbooks import CAREGIVERS, CLIENTS, VISITS, read, sheet

HAN = re.compile(r"[一-鿿]")
ELSEWHERE = {
    "not-a-workbook", "locked-workbook", "huge-workbook", "bad-mapping", "form-not-table",
}  # fmt: skip
"Codes of a file as a whole, which have their tests beside it."


def test_the_office_is_sound() -> None:
    """Without a changed cell there is no fault, and one client, visit and shift of each row."""
    office = read(*office_with())
    assert office.faults == ()
    assert office.scenario is not None
    assert len(office.scenario.visits) == 3


def test_there_are_many_kinds_of_faults() -> None:
    """Sixty cells and more can each be wrong in a way of their own."""
    assert len(FAULTS) >= 60


@pytest.mark.parametrize(("place", "value", "code"), FAULTS)
def test_a_fault_is_told_with_its_cell(place: str, value: Any, code: str) -> None:
    """The fault stands at the cell, with what would mend it in English and Chinese."""
    office = read(*office_with((place, value)))
    assert office.scenario is None
    told = {(fault.path, fault.code): fault.message for fault in office.faults}
    assert (place, code) in told
    assert HAN.search(translated("zh", told[place, code]))


def test_all_faults_are_told_at_once() -> None:
    """One faulty cell hides no other: each of forty is told in one reading."""
    by_cell = {place: (value, code) for place, value, code in FAULTS if code.startswith("bad-")}
    office = read(*office_with(*((place, value) for place, (value, _) in by_cell.items())))
    told = {(fault.path, fault.code) for fault in office.faults}
    missing = {(place, code) for place, (_, code) in by_cell.items()} - told
    assert len(by_cell) >= 40
    assert missing == set()


def test_no_message_shows_a_name() -> None:
    """Messages end up in logs: somebody unknown is told by cells."""
    office = read(*office_with(("上门服务!B2", "甲示列")))
    (fault,) = office.faults
    assert "甲" not in fault.message
    assert "服务对象!A2" in fault.message


def test_a_name_of_several_people_is_no_name() -> None:
    """Two clients of one name: the visit must say the number, and both cells are told."""
    twins = sheet(
        "服务对象",
        ["编号", "姓名", "纬度", "经度"],
        ["C0001", "甲示例", 29.951, 121.713],
        ["C0002", "甲示例", 29.962, 121.722],
    )
    office = read(twins, CAREGIVERS, sheet("上门服务", *_rows(VISITS)[:2]))
    assert [(fault.path, fault.code) for fault in office.faults] == [
        ("上门服务!B2", "ambiguous-name")
    ]
    assert "服务对象!A2, 服务对象!A3" in office.faults[0].message


def test_an_address_without_coordinates_is_told() -> None:
    """Nobody is planned for who is nowhere."""
    homeless = sheet("服务对象", ["姓名", "住址"], ["甲示例", "示例路9号"])
    office = read(homeless, CAREGIVERS)
    assert [(fault.path, fault.code) for fault in office.faults] == [
        ("服务对象!B2", "unknown-address")
    ]


def test_a_visit_without_minutes_is_told() -> None:
    """Where neither the row nor the catalogue nor a setting says how long it takes."""
    bare = sheet("上门服务", ["服务对象", "服务项目", "时长"], ["甲示例", "聊聊天气", None])
    office = read(CLIENTS, CAREGIVERS, bare)
    assert [(fault.path, fault.code) for fault in office.faults] == [("上门服务!C2", "empty-cell")]


def test_a_missing_column_is_told() -> None:
    """Shifts without an end are no shifts."""
    shifts = sheet("班次", ["护理员", "日期", "开始"], ["王示例", "2026-03-02", "8:00"])
    office = read(CLIENTS, CAREGIVERS, shifts)
    assert ("班次!A1", "missing-column") in {(one.path, one.code) for one in office.faults}


@pytest.mark.parametrize(
    ("kind", "code"), [("formula", "formula-without-value"), ("error", "formula-error")]
)
def test_formulas_without_a_value_are_told(kind: Any, code: str) -> None:
    """A cell that looks empty because of its formula is not taken for an empty one."""
    rows = _rows(VISITS)
    rows[1][5] = None
    made = sheet("上门服务", *rows)
    broken = Sheet(made.name, made.rows, {(2, 5): kind})
    office = read(CLIENTS, CAREGIVERS, broken)
    assert [(fault.path, fault.code) for fault in office.faults] == [("上门服务!F2", code)]


def test_a_newer_workbook_is_refused() -> None:
    """What a later version has written may mean something else."""
    settings = sheet(
        "设置", ["设置项", "值"], ["_version", 99.0], ["第一天", datetime.date(2026, 3, 2)]
    )
    office = read(settings, CLIENTS, CAREGIVERS)
    assert [fault.code for fault in office.faults] == ["newer-template"]


def test_nothing_to_import_is_told() -> None:
    """Neither sheets without known headings nor rows that are all switched off are an office."""
    assert [one.code for one in read(sheet("a", ["x", "y"], [1.0, 2.0])).faults] == ["no-table"]
    off = sheet("服务对象", ["姓名", "纬度", "经度", "状态"], ["甲示例", 29.9, 121.7, "示例"])
    assert [one.code for one in read(off).faults] == ["nothing-to-import"]


def test_every_code_has_a_test() -> None:
    """Each code of the list is the outcome of some row or test here."""
    here = Path(__file__).read_text(encoding="utf-8")
    rows = {code for _, _, code in FAULTS}
    assert {code for code in CellFault if code not in rows and f'"{code}"' not in here} == set()
    assert set(CellFault) >= ELSEWHERE


def _rows(content: Sheet) -> list[list[Any]]:
    return [list(row.values) for row in content.rows]
