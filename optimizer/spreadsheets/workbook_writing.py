"""Sheets written as a workbook: headings that explain themselves, drop-downs and checks."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from optimizer.i18n import Lang, sentence
from optimizer.spreadsheets.columns import MORE, Field
from optimizer.spreadsheets.evidence_words import KINDS, words_of
from optimizer.spreadsheets.exporting import OwnTable, heading_of
from optimizer.spreadsheets.office_settings import MORE_KEY, VERSION_KEY
from optimizer.spreadsheets.record_cells import word
from optimizer.spreadsheets.sheets import column_letters
from optimizer.spreadsheets.words import document

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_ROWS_CHECKED = 5_000
"Rows below the last filled one that get drop-downs and checks."
_CREATED = datetime.datetime(2026, 1, 1)  # noqa: DTZ001 (of no place: the same bytes every day)
_CHOICES = {
    "mode": "mode", "gender": "gender", "wish": "gender", "priority": "priority",
}  # fmt: skip
"Kinds of columns with a drop-down, and the words in it."
_BOUNDS: Mapping[str, tuple[str, float, float]] = {
    "degrees": ("decimal", -180, 180),
    "count": ("integer", 0, 1_000_000),
    "hours": ("decimal", 0, 1_000),
    "money": ("decimal", 0, 1_000_000_000),
    "minutes": ("decimal", 0, 100_000),
}
_HINTED = frozenset(
    {"id", "code", "degrees", "clock", "date", "weekdays", "frequency", "window", "minutes",
     "hours", "people", "person", "client", "services", "qualifications", "flags", "carers",
     "priority", "wish", "mode", "money", "active", "text"}
)  # fmt: skip
"Kinds of columns whose heading is explained."


def workbook_bytes(tables: Sequence[OwnTable], lang: Lang) -> bytes:
    """Return a workbook with these sheets; the same sheets give the same bytes.

    Parameters
    ----------
    tables
        The sheets.
    lang
        Language of explanations and drop-downs.
    """
    # A tenth of a second that only whoever writes a workbook needs.
    import xlsxwriter  # noqa: PLC0415

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False,
                                        "strings_to_urls": False})  # fmt: skip
    book.set_properties({"created": _CREATED})
    formats = _formats(book)
    people = _people(tables)
    for one in tables:
        _write_sheet(book.add_worksheet(one.title), one, formats, lang, people)
    book.close()
    return target.getvalue()


def _formats(book: xlsxwriter.Workbook) -> dict[str, Format]:
    heading = {"bold": True, "bg_color": "#DCE9EC", "bottom": 1, "text_wrap": True,
               "valign": "top"}  # fmt: skip
    return {
        "heading": book.add_format(heading),
        "needed": book.add_format({**heading, "bg_color": "#F6DFB5"}),
        "clock": book.add_format({"num_format": "hh:mm"}),
        "exact": book.add_format({"num_format": "hh:mm:ss"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "text": book.add_format({"num_format": "@"}),
        "number": book.add_format({"num_format": "General"}),
        "note": book.add_format({"font_color": "#5C6B70", "text_wrap": True}),
    }


def _write_sheet(
    sheet: Worksheet,
    own: OwnTable,
    formats: Mapping[str, Format],
    lang: Lang,
    people: Mapping[str, str],
) -> None:
    for column, field in enumerate(own.fields):
        is_needed = field.name in own.table.needs or field.name in _NEEDED.get(own.table.name, ())
        sheet.write_string(
            0, column, heading_of(field, lang), formats["needed" if is_needed else "heading"]
        )
        hidden = {"hidden": True} if field.name == MORE else {}
        sheet.set_column(column, column, field.width + 2, _format_of(field, formats), hidden)
        if field.kind in _HINTED and own.table.name != "settings":
            sheet.write_comment(0, column, sentence(lang, f"sheets.hint.{field.kind}"))
        _check(sheet, column, field, len(own.rows), lang, people)
    for number, cells in enumerate(own.rows, 1):
        for column, field in enumerate(own.fields):
            _write_cell(sheet, number, column, cells.get(field.name), formats)
        if own.table.name == "settings" and cells.get("key") in {VERSION_KEY, MORE_KEY}:
            sheet.set_row(number, None, None, {"hidden": True})
    sheet.freeze_panes(1, 2 if len(own.fields) > 6 else 0)
    if own.table.name != "settings":
        sheet.autofilter(0, 0, max(1, len(own.rows)), len(own.fields) - 1)


_NEEDED: Mapping[str, tuple[str, ...]] = {
    "clients": ("name", "lat", "lon"),
    "caregivers": ("name",),
    "visits": ("client", "minutes"),
    "organisations": ("name",),
}
"Columns without which a row says little, beside those that the table cannot do without."


def _format_of(field: Field, formats: Mapping[str, Format]) -> Format:
    if field.kind in {"clock", "date"}:
        return formats[field.kind]
    # As text, so that 13800000000 and 0012 stay what they are.
    return formats["text" if field.kind in {"text", "id", "code", "window"} else "number"]


def _write_cell(
    sheet: Worksheet, row: int, column: int, value: Any, formats: Mapping[str, Format]
) -> None:
    if value is None:
        return
    if isinstance(value, datetime.time):
        sheet.write_datetime(row, column, value, formats["exact" if value.second else "clock"])
    elif isinstance(value, datetime.date):
        day = datetime.datetime(value.year, value.month, value.day)  # noqa: DTZ001 (no place)
        sheet.write_datetime(row, column, day, formats["date"])
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        # Always as text: a name may begin with "=".
        sheet.write_string(row, column, str(value))


def _people(tables: Sequence[OwnTable]) -> dict[str, str]:
    """Return the cells to choose people from, by the kind of column that names them."""
    kinds = {"clients": "client", "caregivers": "person", "organisations": "organisation"}
    found = {}
    for own in tables:
        kind = kinds.get(own.table.name)
        if kind is not None:
            shown = "name" if any(row.get("name") for row in own.rows) else "id"
            letters = column_letters([field.name for field in own.fields].index(shown))
            last = len(own.rows) + _ROWS_CHECKED
            found[kind] = f"='{own.title}'!${letters}$2:${letters}${last}"
    return found


def _check(
    sheet: Worksheet, column: int, field: Field, rows: int, lang: Lang, people: Mapping[str, str]
) -> None:
    last = rows + _ROWS_CHECKED
    rule: dict[str, Any] | None = None
    if field.kind in people:
        rule = {"validate": "list", "source": people[field.kind]}
    elif field.kind in _CHOICES:
        section = _CHOICES[field.kind]
        rule = _list_of([word(section, code, lang) for code in document("words")[section]])
    elif field.kind in KINDS:
        rule = _list_of(words_of(field.kind, lang))
    elif field.kind in {"yesno", "active"}:
        rule = _list_of(sentence(lang, f"sheets.choices.{field.kind}").split(","))
    elif field.kind == "carers":
        rule = _list_of(["1", "2"])
    elif field.kind in _BOUNDS:
        kind, low, high = _BOUNDS[field.kind]
        rule = {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
    elif field.kind == "date":
        rule = {"validate": "date", "criteria": ">=", "value": datetime.date(2000, 1, 1)}
    if rule is not None:
        # Said as a warning that can be passed over: the import understands more than a check.
        told = {"error_type": "warning", "error_title": field.headings[lang][:32]}
        sheet.data_validation(1, column, last, column, {**rule, **told})


def _list_of(words: Sequence[str]) -> dict[str, Any]:
    return {"validate": "list", "source": list(words)}
