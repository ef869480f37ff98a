"""Coordinates in cells, and what a heading tells of their datum."""

from __future__ import annotations

import re

from optimizer.spreadsheets.codes import CellFault
from optimizer.spreadsheets.datum import Datum, Point
from optimizer.spreadsheets.sheets import Value
from optimizer.spreadsheets.unreadable import UnreadableCell, shown
from optimizer.spreadsheets.word_cells import read_number
from optimizer.spreadsheets.words import fold, plain

_DEGREES = re.compile(
    r"""(\d{1,3})[°度]\s*(\d{1,2})['′分]\s*"""
    r"""(?:(\d{1,2}(?:[.,]\d+)?)["″秒])?\s*([NSEW])?"""
)
_BY_WORD = {
    Datum.GCJ02: ("高德", "腾讯", "gcj", "amap", "火星"),
    Datum.BD09: ("百度", "bd09", "bd-09", "baidu"),
    Datum.WGS84: ("wgs", "gps"),
}


def read_degrees(value: Value) -> float:
    """Return degrees, written as a number or as 29°57'12".

    Raises
    ------
    UnreadableCell
        If it is neither, or beyond 180.
    """
    found = _DEGREES.fullmatch(plain(value)) if isinstance(value, str) else None
    if found is not None:
        degrees, minutes = int(found[1]), int(found[2])
        number = degrees + minutes / 60 + float((found[3] or "0").replace(",", ".")) / 3600
        number = -number if found[4] in {"S", "W"} else number
    else:
        try:
            number = read_number(value)
        except UnreadableCell as error:
            raise UnreadableCell(
                CellFault.BAD_COORDINATE, "sheets.no_degrees", value=shown(value)
            ) from error
    if not -180 <= number <= 180:
        raise UnreadableCell(CellFault.BAD_COORDINATE, "sheets.no_degrees", value=shown(value))
    return number


def read_point(value: Value) -> Point:
    """Return latitude and longitude written in one cell, in whichever order can be told.

    Raises
    ------
    UnreadableCell
        If it is no pair of degrees.
    """
    text = plain(str(value)).strip("()[]（）")
    parts = [part for part in re.split(r"[,;\s、]+", text) if part]
    if len(parts) != 2:
        raise UnreadableCell(CellFault.BAD_COORDINATE, "sheets.no_point", value=shown(value))
    first, second = (read_degrees(part) for part in parts)
    # Map services of China write the longitude first; beyond 90 it can be nothing else.
    return (second, first) if abs(first) > 90 else (first, second)


def datum_of_heading(heading: str) -> Datum | None:
    """Return the datum that a heading names, such as "高德经度"; None if it names none."""
    folded = fold(heading)
    for datum, words in _BY_WORD.items():
        if any(fold(word) in folded for word in words):
            return datum
    return None
