"""A roster as a workbook: by caregiver, by client, what is not served, and figures."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from optimizer.i18n import Lang, listed, sentence
from optimizer.report import wording
from optimizer.report.audience import Audience
from optimizer.report.roster import Roster
from optimizer.report.sheet_pages import Page, Row, time_cell, workbook_of
from optimizer.report.statistics import time_of, time_of_route
from optimizer.report.stop_facts import StopFacts, StopWording
from optimizer.units import MS_PER_MINUTE

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
    told = StopWording(roster, audience, lang)
    stops = [
        (route.caregiver, route.date, stop)
        for route in audience.routes(roster)
        for stop in told.of_route(route)
    ]
    pages: list[Page] = [
        ("printed.by_caregiver", _BY_CAREGIVER, _by_caregiver(told, stops)),
        ("printed.by_client", _BY_CLIENT, _by_client(told, stops)),
        ("head.unserved", _UNSERVED, _unserved(told)),
        ("printed.hours", _HOURS, _hours(told)),
        ("printed.figures", _FIGURES, _figures(roster, lang)),
    ]
    return workbook_of(pages, lang)


Stops = Sequence[tuple[str, datetime.date, StopFacts]]


def _by_caregiver(told: StopWording, stops: Stops) -> Iterable[Row]:
    for caregiver, date, stop in stops:
        yield (
            told.audience.caregiver(caregiver), caregiver, date, time_cell(stop.start),
            time_cell(stop.end), stop.called, stop.about.address, stop.about.phone,
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
            stop.called, stop.client, date, time_cell(stop.start), time_cell(stop.end),
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
