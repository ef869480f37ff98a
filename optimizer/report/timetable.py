"""A day's roster as the lines of a table, each as wide as the page is."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from optimizer.domain.plan import Route
from optimizer.report.audience import Audience
from optimizer.report.gantt import LABEL, TRACK, Gantt, GanttRow, Span, gantt_of_day
from optimizer.report.roster import Roster

_ROOMY, _TIGHT = 7.5, 4.0
"Per cent of a line from which a label has room, on any screen or on a wide one."
_THIN = 1.6
"Per cent below which even a mark has no room."


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of one line.

    Attributes
    ----------
    x, width
        In per cent of the line.
    kind
        What it is: a priority, ``journey``, ``pause``, ``shift`` or ``over``.
    stop
        Place of the visit in its route, from 0; None of what is no visit.
    two
        Whether two caregivers begin here at the same moment.
    label
        The client; empty where there is no room.
    room
        ``roomy`` where the label can be read on any screen, ``tight`` on a wide one only.
    """

    x: float
    width: float
    kind: str
    stop: int | None
    two: bool
    label: str
    room: str

    @property
    def is_thin(self) -> bool:
        """Whether there is no room for a mark."""
        return self.width < _THIN


@dataclass(frozen=True, slots=True)
class Line:
    """One caregiver-day, or a shift without a visit.

    Attributes
    ----------
    caregiver, called
        Who it is, by pseudonym and by name.
    times
        From leaving home to coming back; the shift where there is no visit.
    route
        What is done; None where there is no visit.
    bars
        What is drawn, in this order.
    """

    caregiver: str
    called: str
    times: str
    route: Route | None
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Timetable:
    """One day.

    Attributes
    ----------
    hours
        Where every whole hour lies, in per cent of a line, and its text.
    hour
        How wide an hour is, in per cent of a line.
    lines
        Caregiver-days, then shifts without a visit.
    """

    hours: tuple[tuple[float, str], ...]
    hour: float
    lines: tuple[Line, ...]


def timetable_of_day(roster: Roster, date: datetime.date, audience: Audience) -> Timetable | None:
    """Return the timetable of one day; None if nobody works on it."""
    gantt = gantt_of_day(roster, date, ())
    if gantt is None:
        return None
    routes = [route for route in roster.routes if route.date == date]
    lines = [
        _line(roster, row, route, audience) for row, route in zip(gantt.rows, routes, strict=True)
    ]
    lines += [_line(roster, row, None, audience) for row in gantt.idle]
    return Timetable(
        hours=tuple((_percent(x - LABEL), text) for x, text in gantt.hours),
        hour=_hour(gantt),
        lines=tuple(lines),
    )


def _line(roster: Roster, row: GanttRow, route: Route | None, audience: Audience) -> Line:
    called = audience.caregiver(row.caregiver)
    bars = tuple(_bar(roster, span, route, audience) for span in row.spans)
    return Line(row.caregiver, called, row.times, route, bars)


def _bar(roster: Roster, span: Span, route: Route | None, audience: Audience) -> Bar:
    width = _percent(span.width)
    label = ""
    if span.stop is not None and route is not None and width >= _TIGHT:
        visit = route.stops[span.stop].visit
        client = roster.client_of(visit)
        label = audience.client(client) if client else visit
    room = "roomy" if width >= _ROOMY else "tight"
    return Bar(_percent(span.x - LABEL), width, span.kind, span.stop, span.two, label, room)


def _hour(gantt: Gantt) -> float:
    (first, _), (second, _) = gantt.hours[:2]
    return round(100 * (second - first) / TRACK, 4)


def _percent(pixels: float) -> float:
    return round(100 * pixels / TRACK, 2)
