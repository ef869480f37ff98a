"""A file of addresses with their coordinates: read like a table of addresses, added to by us."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping
from pathlib import Path

from optimizer.errors import UsageError
from optimizer.i18n import cause_of_refusal, say
from optimizer.spreadsheets.datum import Point
from optimizer.spreadsheets.sheets import Sheet
from optimizer.spreadsheets.workbook import open_sheets

COLUMNS = ("address", "WGS84 lat", "WGS84 lon")
"Of the file that a geocoder's answers are added to."


def read_places(path: Path) -> tuple[Sheet, ...]:
    """Return the sheets of a file of addresses; none of a file that is still to be made.

    Raises
    ------
    UnreadableFile
        If it cannot be read.
    InvalidDocument
        If it is no table at all.
    """
    return tuple(open_sheets(path))


def insist_on_own(path: Path) -> None:
    """Refuse a file that a geocoder cannot add to; one that is not there will be made.

    Raises
    ------
    UsageError
        If it has other columns than ours.
    """
    if not path.exists():
        return
    try:
        first = next(iter(csv.reader(path.read_text(encoding="utf-8-sig").splitlines())), [])
    except (OSError, UnicodeDecodeError, csv.Error):
        first = []
    if tuple(first) != COLUMNS:
        raise UsageError(say("usage.own_places", path=path))


def add_places(path: Path, found: Mapping[str, Point]) -> None:
    """Add addresses to our own file, which only its owner may read; new ones make it.

    Raises
    ------
    UsageError
        If it cannot be written.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if not path.exists():
        writer.writerow(COLUMNS)
    writer.writerows((address, *point) for address, point in found.items())
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            begin = "\N{ZERO WIDTH NO-BREAK SPACE}" if file.tell() == 0 else ""
            file.write((begin + text.getvalue()).encode("utf-8"))
    except OSError as error:
        raise UsageError(say("usage.unwritable", path=path, why=cause_of_refusal(error))) from error
