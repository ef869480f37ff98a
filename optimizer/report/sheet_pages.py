"""Pages of a workbook that people print: headings, filters, dates and times as such."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from optimizer.i18n import Lang, sentence

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

Row = Sequence[Any]
Page = tuple[str, Sequence[str], Iterable[Row]]
"Key of the title, keys of the headings, rows."

_CREATED = datetime.datetime(2026, 1, 1)  # noqa: DTZ001 (of no place: the same bytes every day)
_WIDTHS = {
    "col.services": 34, "printed.address": 28, "col.reason": 44, "col.words": 60,
    "col.date": 12, "printed.phone": 15, "printed.beware": 24,
    "calls.before": 26, "calls.after": 26, "calls.say": 70, "calls.group": 8, "calls.done": 8,
}  # fmt: skip
_USUAL_WIDTH = 13


def workbook_of(pages: Iterable[Page], lang: Lang) -> bytes:
    """Return pages as a workbook; the same pages give the same bytes."""
    # A tenth of a second that only whoever writes a workbook needs.
    import xlsxwriter  # noqa: PLC0415

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": _CREATED})
    for title, heads, rows in pages:
        _write(book, sentence(lang, title), [sentence(lang, head) for head in heads], heads, rows)
    book.close()
    return target.getvalue()


def time_cell(clock: str) -> datetime.time | str:
    """Return a time as spreadsheets keep it; as text where it lies on the next day."""
    if "+" in clock or clock.startswith("24"):
        return clock
    return datetime.time.fromisoformat(clock)


def _write(
    book: Workbook, title: str, heads: Sequence[str], keys: Sequence[str], rows: Iterable[Row]
) -> None:
    sheet = book.add_worksheet(title)
    bold = book.add_format({"bold": True, "bg_color": "#DCE9EC", "bottom": 1})
    kinds = {
        datetime.time: book.add_format({"num_format": "hh:mm"}),
        datetime.date: book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    for column, (head, key) in enumerate(zip(heads, keys, strict=True)):
        sheet.write_string(0, column, head, bold)
        sheet.set_column(column, column, _WIDTHS.get(key, _USUAL_WIDTH))
    count = 0
    for number, row in enumerate(rows, 1):
        count = number
        for column, value in enumerate(row):
            _cell(sheet, number, column, value, kinds)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, count), len(heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _cell(sheet: Worksheet, row: int, column: int, value: Any, kinds: dict[type, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime.time):
        sheet.write_datetime(row, column, value, kinds[datetime.time])
    elif isinstance(value, datetime.date):
        day = datetime.datetime(value.year, value.month, value.day)  # noqa: DTZ001 (no place)
        sheet.write_datetime(row, column, day, kinds[datetime.date])
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        # Always as text: a name may begin with "=".
        sheet.write_string(row, column, str(value))
