"""Small workbooks and files, made where a test needs them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from optimizer.spreadsheets import Asked, Office, read_office
from optimizer.spreadsheets.office import office_of
from optimizer.spreadsheets.sheets import Sheet, SheetRow

TODAY = datetime.date(2026, 2, 26)
"A Thursday; the Monday after is 2026-03-02."
ASKED = Asked(today=TODAY)

Rows = Sequence[Sequence[Any]]


def sheet(name: str, *rows: Sequence[Any]) -> Sheet:
    """Return a sheet with these rows, from the first one on."""
    return Sheet(
        name,
        tuple(
            SheetRow(number, tuple(row))
            for number, row in enumerate(rows, 1)
            if any(value is not None for value in row)
        ),
    )


def read(*sheets: Sheet, asked: Asked = ASKED) -> Office:
    """Return what sheets hold."""
    return office_of(sheets, asked, "office")


def write_book(path: Path, sheets: Mapping[str, Rows], *, merged: Iterable[str] = ()) -> Path:
    """Write a workbook; the ranges are merged in each of its sheets."""
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value is not None:
                        page.write(number, column, value)
            for area in merged:
                first = rows[int(area.split(":")[0][1:]) - 1][ord(area[0]) - ord("A")]
                page.merge_range(area, first)
    return path


def write_folder(folder: Path, files: Mapping[str, str], *, encoding: str = "utf-8") -> Path:
    """Write a folder of CSV files."""
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.csv").write_bytes(text.encode(encoding))
    return folder


def read_text(folder: Path, name: str, text: str, *, encoding: str = "utf-8") -> Office:
    """Return what one CSV file holds."""
    path = folder / f"{name}.csv"
    path.write_bytes(text.encode(encoding))
    return read_office(path, ASKED)


CLIENTS = sheet(
    "服务对象",
    ["编号", "姓名", "纬度", "经度"],
    ["C0001", "甲示例", 29.951, 121.713],
    ["C0002", "乙示例", 29.962, 121.722],
)
CAREGIVERS = sheet(
    "护理员",
    ["编号", "姓名", "纬度", "经度", "资质", "上班时间", "下班时间"],
    ["G001", "王示例", 29.944, 121.702, "四级", datetime.time(7, 30), datetime.time(16, 30)],
)
VISITS = sheet(
    "上门服务",
    ["编号", "服务对象", "日期", "最早开始", "最晚开始", "时长（分钟）", "服务项目"],
    ["V0001", "甲示例", datetime.date(2026, 3, 2), "8:00", "10:00", 60.0, "上门助浴"],
    ["V0002", "乙示例", datetime.date(2026, 3, 2), "9:00", "11:00", 30.0, "助洁"],
)
"A tiny office without a fault."
