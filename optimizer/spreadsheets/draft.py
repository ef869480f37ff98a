"""A scenario in the making, as the document that the scenario's own reader checks."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from optimizer.errors import Fault
from optimizer.spreadsheets.rows import Row
from optimizer.spreadsheets.word_cells import text_with_lines

Record = dict[str, Any]
"A record as it stands in a document."

_RECORD = re.compile(r"((?:clients|caregivers|visits|organisations|contracts)\[\d+\])\.?(.*)")
_SHIFT = re.compile(r"(caregivers\[\d+\]\.shifts\[\d+\])\.?(.*)")
_CELLS_OF: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "clients": {"home": ("lat", "point", "address"), "need_tier": ("need",)},
    "caregivers": {
        "home": ("lat", "point", "address"),
        "break_rule": ("break_latest", "break_earliest", "break_minutes"),
        "overtime_limit": ("overtime",),
        "fen_per_minute": ("fen_per_hour",),
        "fen_per_overtime_minute": ("overtime_wage",),
    },
    "visits": {
        "window": ("window_end", "window_start", "window", "end", "start", "moment"),
        "dates": ("date", "moment", "frequency", "weekdays"),
        "carers[0].shortest": ("shortest",),
        "carers[1].shortest": ("shortest",),
        "carers": ("minutes",),
        "pin": ("pinned", "pinned_start"),
    },
    "contracts": {
        "cap": ("cap_hours",),
        "cap_fen": ("cap_yuan",),
        "used": ("used_hours",),
        "used_fen": ("used_yuan",),
        "owed": ("owed_hours",),
        "fen_per_hour": ("yuan_per_hour",),
    },
}
"Columns by place in a record, where they differ in name; the first filled one is told."


@dataclass(slots=True)
class Draft:
    """Lists of records with the rows that they come from.

    Attributes
    ----------
    lists
        Records by the name of their list in a scenario.
    rows
        Row by the place of a record in the document.
    """

    lists: dict[str, list[Record]] = field(
        default_factory=lambda: {
            name: []
            for name in ("clients", "caregivers", "organisations", "contracts", "visits", "history")
        }
    )
    rows: dict[str, Row] = field(default_factory=dict)

    def add(self, name: str, record: Record, row: Row) -> None:
        """Add a record of a list, with what its row holds beyond the cells."""
        with_more(record, row)
        self.rows[f"{name}[{len(self.lists[name])}]"] = row
        self.lists[name].append(record)

    def add_shift(self, caregiver: int, shift: Record, row: Row) -> None:
        """Add a shift to the caregiver at a position, once."""
        shifts: list[Record] = self.lists["caregivers"][caregiver].setdefault("shifts", [])
        if shift not in shifts:
            self.rows[f"caregivers[{caregiver}].shifts[{len(shifts)}]"] = row
            shifts.append(shift)

    def in_cells(self, faults: tuple[Fault, ...]) -> list[Fault]:
        """Return faults of the document by the cells that they come from, each once."""
        found: dict[tuple[str, str], Fault] = {}
        for fault in faults:
            told = fault.model_copy(update={"path": self._cell(fault.path)})
            found.setdefault((told.path, told.code), told)
        return list(found.values())

    def _cell(self, path: str) -> str:
        match = _SHIFT.fullmatch(path) or _RECORD.fullmatch(path)
        row = None if match is None else self.rows.get(match[1])
        if match is None or row is None:
            return path
        place = match[2]
        told = _CELLS_OF.get(row.found.table.name, {})
        while place:
            fields = told.get(place, (place,))
            known = [each for each in fields if row.column(each) is not None]
            if known:
                return row.place_of(next((each for each in known if row.has(each)), known[0]))
            place = _outer(place)
        return row.place


def _outer(place: str) -> str:
    """Return the place in a record that another one lies in; empty at the top."""
    at = max(place.rfind("."), place.rfind("["))
    return place[:at] if at > 0 else ""


def with_more(record: Record, row: Row) -> None:
    """Add to a record what the hidden column of our own workbook holds of it.

    That names for each field the value that the cells gave when it was written, and the value
    that it stands for; where somebody has changed the cells since, these count.
    """
    value = row.raw("more")
    if value is None:
        return
    try:
        told = json.loads(text_with_lines(value))
    except ValueError:
        return  # Somebody has written into a hidden column.
    if isinstance(told, dict):
        apply_more(record, told)


def apply_more(record: Record, told: Mapping[str, Any]) -> None:
    """Replace the values of a record that are still the ones that `told` was made of."""
    for name, pair in told.items():
        if not isinstance(pair, list) or len(pair) != 2 or record.get(name) != pair[0]:
            continue
        if pair[1] is None:
            record.pop(name, None)
        else:
            record[name] = pair[1]


def more_of(record: Mapping[str, Any], cells: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return what a record holds beyond its cells: the way back of `apply_more`.

    Parameters
    ----------
    record
        The record as a document.
    cells
        The same as its cells alone are read.
    """
    names = [*record, *(name for name in cells if name not in record)]
    return {
        name: [cells.get(name), record.get(name)]
        for name in names
        if cells.get(name) != record.get(name)
    }
