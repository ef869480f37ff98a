"""A roster as a workbook: by caregiver, by client, what is not served, and figures."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from optimizer.i18n import Lang, listed, sentence
from optimizer.report import wording
from optimizer.report.audience import Audience
from optimizer.report.roster import Roster
from optimizer.report.statistics import time_of, time_of_route
from optimizer.report.stop_facts import StopFacts, StopWording
from optimizer.units import MS_PER_MINUTE

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

Row = Sequence[Any]

_CREATED = datetime.datetime(2026, 1, 1)  # noqa: DTZ001 (of no place: the same bytes every day)
_WIDTHS = {
    "col.services": 34, "printed.address": 28, "col.reason": 44, "col.words": 60,
    "col.date": 12, "printed.phone": 15, "printed.beware": 24,
}  # fmt: skip
_USUAL_WIDTH = 13

_BY_CAREGIVER = (
    "col.caregiver", "printed.id", "col.date", "printed.start", "printed.end", "col.client",
    "printed.address", "printed.phone", "col.services", "printed.minutes", "printed.travel",
    "printed.partner", "printed.beware", "col.visit",
)  # fmt: skip
_BY_CLIENT = (
    "col.client", "printed.id", "col.date", "printed.start", "printed.end", "col.services",
    "col.caregiver", "col.visit",
)  # fmt: skip
_UNSERVED = (
    "col.client", "printed.id", "printed.phone", "col.services", "col.priority", "col.window",
    "col.date", "col.reason", "col.visit",
)  # fmt: skip
_HOURS = (
    "col.caregiver", "printed.id", "col.visits", "col.care", "col.travel", "col.waiting",
    "printed.overtime",
)  # fmt: skip
_FIGURES = ("col.words", "col.cost")


def roster_workbook(roster: Roster, audience: Audience, lang: Lang) -> bytes:
    """Return a roster as a workbook; the same roster gives the same bytes."""
    # A tenth of a second that only whoever writes a workbook needs.
    import xlsxwriter  # noqa: PLC0415

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": _CREATED})
    told = StopWording(roster, audience, lang)
    stops = [
        (route.caregiver, route.date, stop)
        for route in audience.routes(roster)
        for stop in told.of_route(route)
    ]
    pages: list[tuple[str, Sequence[str], Iterable[Row]]] = [
        ("printed.by_caregiver", _BY_CAREGIVER, _by_caregiver(told, stops)),
        ("printed.by_client", _BY_CLIENT, _by_client(told, stops)),
        ("head.unserved", _UNSERVED, _unserved(told)),
        ("printed.hours", _HOURS, _hours(told)),
        ("printed.figures", _FIGURES, _figures(roster, lang)),
    ]
    for title, heads, rows in pages:
        _write(book, sentence(lang, title), [sentence(lang, head) for head in heads], heads, rows)
    book.close()
    return target.getvalue()


Stops = Sequence[tuple[str, datetime.date, StopFacts]]


def _by_caregiver(told: StopWording, stops: Stops) -> Iterable[Row]:
    for caregiver, date, stop in stops:
        yield (
            told.audience.caregiver(caregiver), caregiver, date, _time(stop.start),
            _time(stop.end), stop.called, stop.about.address, stop.about.phone,
            listed(told.lang, stop.services), stop.minutes, stop.travel, stop.partner,
            listed(told.lang, stop.cautions), stop.visit.id if stop.visit else "",
        )  # fmt: skip


def _by_client(told: StopWording, stops: Stops) -> Iterable[Row]:
    order = {client.id: row for row, client in enumerate(told.roster.scenario.clients)}
    last = len(order)
    for caregiver, date, stop in sorted(
        stops, key=lambda one: (order.get(one[2].client, last), one[1], one[2].start)
    ):
        yield (
            stop.called, stop.client, date, _time(stop.start), _time(stop.end),
            listed(told.lang, stop.services), told.audience.caregiver(caregiver),
            stop.visit.id if stop.visit else "",
        )  # fmt: skip


def _unserved(told: StopWording) -> Iterable[Row]:
    roster, lang = told.roster, told.lang
    for visit, reason in roster.unserved:
        about = told.audience.client(visit.client)
        yield (
            about, visit.client, told.phone(visit.client),
            listed(lang, told.services(visit.services)),
            sentence(lang, f"priority.{visit.priority}"), wording.window(visit),
            listed(lang, tuple(date.isoformat() for date in visit.dates)),
            wording.reason(lang, reason), visit.id,
        )  # fmt: skip


def _hours(told: StopWording) -> Iterable[Row]:
    roster = told.roster
    for caregiver in roster.scenario.caregivers:
        spent = time_of(
            time_of_route(roster, route)
            for route in roster.routes
            if route.caregiver == caregiver.id
        )
        minutes = (spent.care, spent.travel, spent.waiting, spent.overtime)
        yield (
            told.audience.caregiver(caregiver.id), caregiver.id, spent.stops,
            *(round(part / MS_PER_MINUTE) for part in minutes),
        )  # fmt: skip


def _figures(roster: Roster, lang: Lang) -> Iterable[Row]:
    yield (wording.horizon(lang, roster), None)
    yield (wording.served(lang, roster), None)
    for line in wording.cost_lines(lang, roster):
        yield (line.words, line.minutes)
    total = wording.minutes_of_travel(roster, roster.cost)
    yield (sentence(lang, "col.total"), total)


def _time(clock: str) -> datetime.time | str:
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
