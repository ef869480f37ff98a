"""A sheet of paper for each caregiver's day: one page to take along."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.domain.plan import Route
from optimizer.formats.names import Name
from optimizer.i18n import Lang, sentence
from optimizer.report.audience import Audience
from optimizer.report.roster import Roster
from optimizer.report.route_sketch import Sketch, sketch_of
from optimizer.report.statistics import shift_span
from optimizer.report.stop_facts import StopFacts, StopWording
from optimizer.report.template_engine import template_engine
from optimizer.report.wording import clock


@dataclass(frozen=True, slots=True)
class _Density:
    """A size in which a sheet can be set.

    Attributes
    ----------
    name
        Of the style.
    points
        Size of the letters.
    line, row
        Height of a line, and what a row takes beside its lines, in millimetres.
    room
        What all rows may take beside heading, sketch and foot, in millimetres.
    """

    name: str
    points: float
    line: float
    row: float
    room: float

    def height_of(self, stop: StopFacts) -> float:
        """Return the height of a stop in millimetres."""
        name = f"{stop.called} {stop.client}" if stop.about.name else stop.called
        who = [name, f"{stop.about.address} {stop.about.phone}".strip(), stop.about.door]
        what = [", ".join(stop.services), stop.partner and f"together with {stop.partner}"]
        beware = [f"! {one}" for one in stop.cautions]
        if stop.about.contact or stop.about.contact_phone:
            beware.append(f"In an emergency: {stop.about.contact} {stop.about.contact_phone}")
        cells = ((who, _WHO), (what, _WHAT), (beware, _BEWARE))
        lines = max(2, *(self._lines(texts, width) for texts, width in cells))
        return lines * self.line + self.row

    def _lines(self, texts: Sequence[str], width: float) -> int:
        letters = width * _LETTERS_PER_MM / self.points
        return sum(math.ceil(_width(text) / letters) for text in texts if text)


_DENSITIES = (
    _Density("wide", points=10, line=4.8, row=2.8, room=175),
    _Density("dense", points=8.5, line=3.65, row=1.8, room=195),
    _Density("packed", points=7.2, line=2.95, row=1.2, room=208),
)
"As in `printed.css`; what is longer than the last one holds has no room for the sketch."
_WHO, _WHAT, _BEWARE = 70.0, 34.0, 38.0
"Widths of the columns in millimetres."
_LETTERS_PER_MM = 5.2
"Latin letters to a millimetre if they were one point large; a Chinese one is as wide as two."


@dataclass(frozen=True, slots=True)
class DaySheet:
    """The sheet of one route.

    Attributes
    ----------
    caregiver, day, shift
        Whose day it is, which one, and from when until when.
    leaves, back
        When the caregiver leaves home and is back.
    pause
        The break in words; empty without one.
    pause_after
        Number of stops before it.
    stops
        All stops in words.
    sketch
        The way; None where all of it is one place.
    """

    caregiver: str
    day: str
    shift: str
    leaves: str
    back: str
    pause: str
    pause_after: int
    stops: tuple[StopFacts, ...]
    sketch: Sketch | None

    @property
    def density(self) -> str:
        """How small the sheet is set, so that it fits one page of A4."""
        for one in _DENSITIES:
            pause = one.line + one.row if self.pause else 0
            if sum(map(one.height_of, self.stops)) + pause <= one.room:
                return one.name
        return "full"


def day_sheets(roster: Roster, audience: Audience, lang: Lang) -> tuple[DaySheet, ...]:
    """Return the sheets of all routes that are wanted, by day and caregiver."""
    wording = StopWording(roster, audience, lang)
    return tuple(_sheet(wording, route) for route in audience.routes(roster))


def day_sheets_page(roster: Roster, audience: Audience, lang: Lang) -> str:
    """Return all sheets as one page to be printed, a sheet of A4 for each."""
    return (
        template_engine()
        .get_template("day_sheets.html.j2")
        .render(
            lang=lang,
            t=lambda key, **fields: sentence(lang, key, **fields),
            title=sentence(lang, "printed.day_sheets", scenario=roster.scenario.id),
            sheets=day_sheets(roster, audience, lang),
            office=_office(audience.names.office, lang),
        )
    )


def _width(text: str) -> int:
    """Return the width of a text in Latin letters."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _office(office: Name, lang: Lang) -> str:
    if not office.name and not office.phone:
        return ""
    if not office.phone:
        return office.name
    return sentence(lang, "printed.office", name=office.name, phone=office.phone).strip()


def _sheet(wording: StopWording, route: Route) -> DaySheet:
    span = shift_span(wording.roster, route)
    pause = route.pause
    return DaySheet(
        caregiver=wording.audience.caregiver(route.caregiver),
        day=wording.day(route.date),
        shift="" if span is None else f"{clock(span[0])}–{clock(span[1])}",
        leaves=clock(route.departure),
        back=clock(route.back),
        pause="" if pause is None else f"{clock(pause.start)}–{clock(pause.end)}",
        pause_after=-1 if pause is None else pause.after_stops,
        stops=wording.of_route(route),
        sketch=sketch_of(wording.roster, route),
    )
