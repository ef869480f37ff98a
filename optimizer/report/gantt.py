"""Where everything lies on a drawing of one day, caregiver by caregiver."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from optimizer.domain.caregiver import Shift
from optimizer.domain.plan import Route, Stop
from optimizer.domain.visit import Visit
from optimizer.i18n import Lang, sentence
from optimizer.report import needs_wording, wording
from optimizer.report.roster import Roster
from optimizer.report.statistics import idle_shifts, shift_span, time_of_route
from optimizer.units import MS_PER_MINUTE

WIDTH = 1200
LABEL = 92
ROW = 30
TRACK = WIDTH - LABEL - 8
"Pixels of a row from the first hour to the last."
HEAD = 26
_HOUR = 60 * MS_PER_MINUTE
_LABELLED = 36.0

Words = Mapping[Lang, str]
"One text in every language of a drawing; the first one is shown."


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one row.

    Attributes
    ----------
    x, width
        In pixels.
    kind
        What it is: a priority, ``journey``, ``pause``, ``shift`` or ``over``.
    title
        Text shown when pointed at.
    label
        Text inside; empty where there is no room.
    stop
        Place of the visit in its route, from 0; None of what is no visit.
    two
        Whether two caregivers begin here at the same moment.
    """

    x: float
    width: float
    kind: str
    title: Words
    label: str = ""
    stop: int | None = None
    two: bool = False


@dataclass(frozen=True, slots=True)
class GanttRow:
    """One caregiver-day.

    Attributes
    ----------
    caregiver, title
        Id and what is shown when pointed at it.
    times
        From leaving home to coming back; the shift where nobody leaves.
    y
        Upper edge, in pixels.
    spans
        Shift, journeys, break, visits and overtime, in drawing order.
    """

    caregiver: str
    title: Words
    times: str
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
    idle
        Shifts without a visit: whom one may call. They have a place below the rows.
    """

    date: datetime.date
    width: int
    height: int
    hours: tuple[tuple[float, str], ...]
    rows: tuple[GanttRow, ...]
    links: tuple[Link, ...]
    idle: tuple[GanttRow, ...] = ()


@dataclass(frozen=True, slots=True)
class _Scale:
    first: int
    last: int

    def x(self, ms: int) -> float:
        share = (ms - self.first) / (self.last - self.first)
        return round(LABEL + share * TRACK, 1)

    def span(self, start: int, end: int, kind: str, title: Words, label: str = "") -> Span:
        left, right = self.x(start), self.x(end)
        width = round(max(right - left, 1.0), 1)
        return Span(left, width, kind, title, label if width >= _LABELLED else "")


def gantt_of_day(roster: Roster, date: datetime.date, langs: Sequence[Lang]) -> Gantt | None:
    """Return the drawing of one day; None if nobody works on it.

    Parameters
    ----------
    roster
        The roster.
    date
        The day.
    langs
        Languages of the texts shown when pointed at something, the one shown first in front;
        none where nothing is shown.
    """
    routes = [route for route in roster.routes if route.date == date]
    if not routes:
        return None
    idle = idle_shifts(roster, date)
    scale = _scale(roster, routes, [shift for _, shift in idle])
    rows = tuple(_row(roster, route, n, scale, langs) for n, route in enumerate(routes))
    hours = range(scale.first // _HOUR, scale.last // _HOUR + 1)
    return Gantt(
        date=date,
        width=WIDTH,
        height=HEAD + ROW * len(rows) + 8,
        hours=tuple((scale.x(hour * _HOUR), _hour(hour)) for hour in hours),
        rows=rows,
        links=_links(routes, scale),
        idle=tuple(
            _idle_row(caregiver, shift, len(rows) + n, scale, langs)
            for n, (caregiver, shift) in enumerate(idle)
        ),
    )


def _hour(hour: int) -> str:
    """Return the text of a whole hour since midnight; after 24 comes 01 of the next day."""
    return f"{hour if hour <= 24 else (hour - 1) % 24 + 1:02d}"


def _scale(roster: Roster, routes: Sequence[Route], idle: Sequence[Shift]) -> _Scale:
    times = [time for route in routes for time in (route.departure, route.back)]
    times += [time for shift in idle for time in (shift.start, shift.end)]
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
        spans.append(scale.span(*shift, "shift", _times("page.shift", *shift, langs)))
    spans.extend(_journeys(route, scale, langs))
    if shift is not None and route.back > shift[1]:
        title = _lasting("page.overtime", route.back - shift[1], langs)
        spans.append(scale.span(shift[1], route.back, "over", title))
    if route.pause is not None:
        start, end = route.pause.start, route.pause.end
        spans.append(scale.span(start, end, "pause", _times("page.break", start, end, langs)))
    spans.extend(_visit_span(roster, route, n, scale, langs) for n in range(len(route.stops)))
    time = time_of_route(roster, route)
    title = _each(
        langs,
        lambda lang: (
            f"{route.caregiver}\n"
            + sentence(
                lang,
                "text.day_line",
                count=time.stops,
                care=wording.duration(lang, time.care),
                travel=wording.duration(lang, time.travel),
            )
        ),
    )
    times = clock_span(route.departure, route.back)
    return GanttRow(route.caregiver, title, times, HEAD + ROW * number, tuple(spans))


def _idle_row(
    caregiver: str, shift: Shift, number: int, scale: _Scale, langs: Sequence[Lang]
) -> GanttRow:
    title = _times("page.shift", shift.start, shift.end, langs)
    span = scale.span(shift.start, shift.end, "shift", title)
    times = clock_span(shift.start, shift.end)
    return GanttRow(caregiver, title, times, HEAD + ROW * number, (span,))


def _journeys(route: Route, scale: _Scale, langs: Sequence[Lang]) -> list[Span]:
    legs = [(stop.arrival - stop.travel, stop.arrival) for stop in route.stops]
    legs.append((route.back - route.travel_back, route.back))
    return [
        scale.span(start, end, "journey", _lasting("page.travel", end - start, langs))
        for start, end in legs
        if end > start
    ]


def _visit_span(
    roster: Roster, route: Route, number: int, scale: _Scale, langs: Sequence[Lang]
) -> Span:
    stop = route.stops[number]
    visit = roster.visits.get(stop.visit)
    kind = "essential" if visit is None else str(visit.priority)
    title = _each(langs, lambda lang: _visit_title(roster, stop, visit, kind, lang))
    label = roster.client_of(stop.visit) or stop.visit
    span = scale.span(stop.start, stop.end, kind, title, label)
    two = visit is not None and len(visit.carers) > 1
    return replace(span, stop=number, two=two)


def _visit_title(roster: Roster, stop: Stop, visit: Visit | None, kind: str, lang: Lang) -> str:
    """Return what is shown of a visit when pointed at: who, when, what."""
    lines = [
        f"{stop.visit} · {roster.client_of(stop.visit)}",
        clock_span(stop.start, stop.end),
        sentence(lang, f"priority.{kind}"),
    ]
    if visit is not None:
        limits = f"{sentence(lang, 'col.window')} {wording.window(visit)}"
        lines[1] = sentence(lang, "list.in_brackets", what=lines[1], more=limits)
        if done := visit.services_of(stop.carer):
            lines.append(needs_wording.services(lang, roster.book, done))
        if len(visit.carers) > 1:
            lines.append(sentence(lang, "page.two"))
    return "\n".join(lines)


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


def _each(langs: Sequence[Lang], make: Callable[[Lang], str]) -> Words:
    return {lang: make(lang) for lang in langs}


def _times(key: str, start: int, end: int, langs: Sequence[Lang]) -> Words:
    """Return what something is, and from when to when."""
    times = clock_span(start, end)
    return _each(langs, lambda lang: f"{sentence(lang, key)} {times}")


def clock_span(start: int, end: int) -> str:
    """Return from when until when."""
    return f"{wording.clock(start)}–{wording.clock(end)}"


def _lasting(key: str, ms: int, langs: Sequence[Lang]) -> Words:
    """Return what something is, and how long it lasts."""
    return _each(langs, lambda lang: f"{sentence(lang, key)} {wording.duration(lang, ms)}")
