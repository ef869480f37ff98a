"""Duty rosters as grids are read as shifts, without a word of configuration."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from optimizer.spreadsheets import Office, read_office
from optimizer.units import format_clock
from tests.spreadsheets.workbooks import ASKED, write_book

CLIENTS: list[list[Any]] = [
    ["编号", "姓名", "纬度", "经度"],
    ["K1", "客户甲", 29.95, 121.71],
]
CAREGIVERS: list[list[Any]] = [
    ["工号", "姓名", "纬度", "经度"],
    ["H1", "护理员甲", 29.95, 121.71],
    ["H2", "护理员乙", 29.95, 121.71],
]
VISITS: list[list[Any]] = [
    ["服务对象", "日期", "时段", "时长"],
    ["客户甲", "2026-03-02", "8:00-10:00", 45],
]


def office(folder: Path, grid: list[list[Any]], name: str = "排班") -> Office:
    """Return what is read of an office with a grid."""
    sheets: dict[str, list[list[Any]]] = {
        "服务对象": CLIENTS,
        "护理员": CAREGIVERS,
        "上门服务": VISITS,
        name: grid,
    }
    return read_office(write_book(folder / "office.xlsx", sheets), ASKED)


def hours(read: Office) -> dict[str, list[tuple[str, str, str]]]:
    """Return the shifts of each caregiver."""
    assert read.scenario is not None, read.faults
    return {
        one.id: [
            (shift.date.isoformat(), format_clock(shift.start), format_clock(shift.end))
            for shift in one.shifts
        ]
        for one in read.scenario.caregivers
    }


DATES = [dt.date(2026, 3, 2), dt.date(2026, 3, 3), dt.date(2026, 3, 4)]
SHIFTS = {
    "H1": [("2026-03-02", "07:00", "15:00"), ("2026-03-04", "14:00", "22:00")],
    "H2": [
        ("2026-03-02", "08:00", "12:00"),
        ("2026-03-03", "07:00", "15:00"),
        ("2026-03-04", "22:00", "06:00+1"),
    ],
}


@pytest.mark.parametrize(
    ("title", "days"),
    [
        ([], DATES),  # dates as spreadsheets keep them
        ([], ["3/2", "3/3", "3/4"]),
        ([], ["3月2日", "3月3日", "3月4日"]),
        ([], ["2026-03-02 周一", "2026-03-03 周二", "2026-03-04 周三"]),
        (["2026年3月排班表"], [2, 3, 4]),
        (["2026年3月排班表"], ["2日", "3日", "4日"]),
    ],
)
def test_days_are_found_in_every_writing(tmp_path: Path, title: list[str], days: list[Any]) -> None:
    """Words mean the usual hours, which is told once for each; 休 is no shift."""
    grid: list[list[Any]] = [
        *([title] if title else []),
        ["姓名", *days],
        ["护理员甲", "早", "休", "晚"],
        ["护理员乙", "8:00-12:00", "早班", "夜"],
    ]
    read = office(tmp_path, grid)
    assert hours(read) == SHIFTS
    assumed = [note for note in read.notes if note.code == "assumed-hours"]
    assert len(assumed) == 3
    assert read.found[-1].is_grid


def test_a_legend_says_the_hours(tmp_path: Path) -> None:
    """It holds for all spellings of a word, and nothing is assumed."""
    grid: list[list[Any]] = [
        ["护理员", *DATES],
        ["护理员甲", "早", "", "早/晚"],
        ["护理员乙", "", "早班", ""],
        ["备注", "早班：06:30-12:00；晚班：16:00-21:00"],
    ]
    read = office(tmp_path, grid)
    assert hours(read) == {
        "H1": [
            ("2026-03-02", "06:30", "12:00"),
            ("2026-03-04", "06:30", "12:00"),
            ("2026-03-04", "16:00", "21:00"),
        ],
        "H2": [("2026-03-03", "06:30", "12:00")],
    }
    assert "assumed-hours" not in {note.code for note in read.notes}


def test_faults_name_the_cell_of_the_grid(tmp_path: Path) -> None:
    """A word that means nothing, and a name that nobody has, are told where they stand."""
    grid: list[list[Any]] = [
        ["姓名", *DATES],
        ["护理员甲", "早", "Q7", "晚"],
        ["护理员丙", "早", "早", "早"],
    ]
    faults = [(fault.path, fault.code) for fault in office(tmp_path, grid).faults]
    assert ("排班!C2", "bad-word") in faults
    assert ("排班!A3", "unknown-name") in faults
