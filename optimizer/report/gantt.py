"""Where everything lies on a drawing of one day, caregiver by caregiver."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.domain.plan import Route, Stop
from optimizer.domain.visit import Visit
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.report import needs_wording, wording
from optimizer.report.roster import Roster
from optimizer.report.statistics import shift_span, time_of_route
from optimizer.units import MS_PER_MINUTE

WIDTH = 1200
LABEL = 92
ROW = 30
HEAD = 26
_HOUR = 60 * MS_PER_MINUTE
_LABELLED = 36.0


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one row.

    Attributes
    ----------
    x, width
        In pixels.
    kind
        What it is: a priority, ``journey``, ``pause``, ``shift`` or ``over``.
    label
        Text inside; empty where there is no room.
    title
        Text shown when pointed at.
    """

    x: float
    width: float
    kind: str
    label: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class GanttRow:
    """One caregiver-day.

    Attributes
    ----------
    caregiver, title
        Id and what is shown when pointed at it.
    y
        Upper edge, in pixels.
    spans
        Shift, journeys, break, visits and overtime, in drawing order.
    """

    caregiver: str
    title: str
    y: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Two caregivers who begin a visit at the same moment; pixels."""

    x: float
    top: float
    bottom: float
    title: str


@dataclass(frozen=True, slots=True)
class Gantt:
    """The drawing of one day.

    Attributes
    ----------
    date
        The day.
    width, height
        In pixels.
    hours
        Pixel and text of every whole hour.
    rows, links
        What is drawn.
    """

    date: datetime.date
    width: int
    height: int
    hours: tuple[tuple[float, str], ...]
    rows: tuple[GanttRow, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    first: int
    last: int

    def x(self, ms: int) -> float:
        share = (ms - self.first) / (self.last - self.first)
        return round(LABEL + share * (WIDTH - LABEL - 8), 1)

    def span(self, start: int, end: int, kind: str, label: str = "", title: str = "") -> Span:
        left, right = self.x(start), self.x(end)
        width = round(max(right - left, 1.0), 1)
        return Span(left, width, kind, label if width >= _LABELLED else "", title)


def gantt_of_day(roster: Roster, date: datetime.date, langs: Sequence[Lang]) -> Gantt | None:
    """Return the drawing of one day; None if nobody works on it.

    Parameters
    ----------
    roster
        The roster.
    date
        The day.
    langs
        Languages of the texts shown when pointed at something, all of them at once.
    """
    routes = [route for route in roster.routes if route.date == date]
    if not routes:
        return None
    scale = _scale(roster, routes)
    rows = tuple(_row(roster, route, n, scale, langs) for n, route in enumerate(routes))
    hours = range(scale.first // _HOUR, scale.last // _HOUR + 1)
    return Gantt(
        date=date,
        width=WIDTH,
        height=HEAD + ROW * len(rows) + 8,
        hours=tuple((scale.x(hour * _HOUR), f"{hour:02d}") for hour in hours),
        rows=rows,
        links=_links(routes, scale),
    )


def _scale(roster: Roster, routes: Sequence[Route]) -> _Scale:
    times = [time for route in routes for time in (route.departure, route.back)]
    for route in routes:
        times.extend(shift_span(roster, route) or ())
        if route.pause is not None:
            times.append(route.pause.end)
    first = min(times) // _HOUR * _HOUR
    return _Scale(first, max(first + _HOUR, -(-max(times) // _HOUR) * _HOUR))


def _row(
    roster: Roster, route: Route, number: int, scale: _Scale, langs: Sequence[Lang]
) -> GanttRow:
    spans: list[Span] = []
    shift = shift_span(roster, route)
    if shift is not None:
        title = f"{_words('page.shift', langs)} {wording.clock(shift[0])}–{wording.clock(shift[1])}"
        spans.append(scale.span(*shift, "shift", title=title))
    spans.extend(_journeys(route, scale, langs))
    if shift is not None and route.back > shift[1]:
        title = f"{_words('page.overtime', langs)}: {_long(route.back - shift[1], langs)}"
        spans.append(scale.span(shift[1], route.back, "over", title=title))
    if route.pause is not None:
        times = f"{wording.clock(route.pause.start)}–{wording.clock(route.pause.end)}"
        title = f"{_words('page.break', langs)} {times}"
        spans.append(scale.span(route.pause.start, route.pause.end, "pause", title=title))
    spans.extend(_visit_span(roster, stop, scale, langs) for stop in route.stops)
    time = time_of_route(roster, route)
    title = "\n".join(
        sentence(
            lang,
            "text.day_line",
            count=time.stops,
            care=wording.duration(lang, time.care),
            travel=wording.duration(lang, time.travel),
        )
        for lang in langs
    )
    return GanttRow(route.caregiver, title, HEAD + ROW * number, tuple(spans))


def _journeys(route: Route, scale: _Scale, langs: Sequence[Lang]) -> list[Span]:
    legs = [(stop.arrival - stop.travel, stop.arrival) for stop in route.stops]
    legs.append((route.back - route.travel_back, route.back))
    word = _words("page.travel", langs)
    return [
        scale.span(start, end, "journey", title=f"{word} {_long(end - start, langs)}")
        for start, end in legs
        if end > start
    ]


def _visit_span(roster: Roster, stop: Stop, scale: _Scale, langs: Sequence[Lang]) -> Span:
    visit = roster.visits.get(stop.visit)
    kind = "essential" if visit is None else str(visit.priority)
    lines = [
        f"{stop.visit} · {roster.client_of(stop.visit)}",
        f"{wording.clock(stop.start)}–{wording.clock(stop.end)}",
        _words(f"priority.{kind}", langs),
    ]
    if visit is not None:
        lines[1] += f"  ({_words('col.window', langs)} {wording.window(visit)})"
        if visit.services:
            lines += _services(roster, visit, langs)
        if len(visit.carers) > 1:
            lines.append(_words("page.two", langs))
    label = roster.client_of(stop.visit) or stop.visit
    return scale.span(stop.start, stop.end, kind, label, "\n".join(lines))


def _services(roster: Roster, visit: Visit, langs: Sequence[Lang]) -> list[str]:
    """Return the services of a visit by name, or by code where no catalogue names them."""
    if roster.needs is None:
        return [", ".join(visit.services)]
    book = roster.needs.book
    return [
        ", ".join(needs_wording.service(lang, book, code) for code in visit.services)
        for lang in langs
    ]


def _links(routes: Sequence[Route], scale: _Scale) -> tuple[Link, ...]:
    ends: dict[str, list[tuple[int, Stop]]] = defaultdict(list)
    for row, route in enumerate(routes):
        for stop in route.stops:
            ends[stop.visit].append((row, stop))
    links = []
    for visit, stops in ends.items():
        if len(stops) == 2:
            (upper, first), (lower, _) = sorted(stops, key=lambda entry: entry[0])
            top, bottom = (HEAD + ROW * row + ROW / 2 for row in (upper, lower))
            links.append(Link(scale.x(first.start), top, bottom, visit))
    return tuple(links)


def _words(key: str, langs: Sequence[Lang]) -> str:
    return " / ".join(sentence(lang, key) for lang in langs)


def _long(ms: int, langs: Sequence[Lang]) -> str:
    return " / ".join(wording.duration(lang, ms) for lang in langs)
