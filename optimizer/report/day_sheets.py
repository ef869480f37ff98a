"""A sheet of paper for each caregiver's day: one page to take along."""

from __future__ import annotations

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

_DENSITIES = ((5, "wide"), (10, "dense"), (13, "packed"))
"Most stops, and the name of the style; more than the last have no room for the sketch."


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
        return next((name for most, name in _DENSITIES if len(self.stops) <= most), "full")


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
