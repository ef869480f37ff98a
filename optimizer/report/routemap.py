"""Where everything lies on a map of one day's routes."""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from optimizer.domain.place import GeodesicTravel, Place
from optimizer.domain.plan import Route
from optimizer.i18n import Lang
from optimizer.report import wording
from optimizer.report.roster import Roster

WIDTH = 1000
_MARGIN = 40
_MAX_HEIGHT = 900
_MIN_HEIGHT = 320
_KM_PER_DEGREE = 111.195
_GOLDEN_ANGLE = 137.508
_SCALE_BARS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of the map.

    Attributes
    ----------
    x, y
        In pixels.
    kind
        ``visited``, ``idle``, ``missed`` or ``home``.
    colour
        CSS colour.
    title
        Text shown when pointed at.
    caregiver
        Who comes, or lives there; empty for nobody.
    """

    x: float
    y: float
    kind: str
    colour: str
    title: str
    caregiver: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """The route of one caregiver as SVG points, with its colour and title."""

    caregiver: str
    points: str
    colour: str
    title: str


@dataclass(frozen=True, slots=True)
class Town:
    """A town: the hull of its clients' homes as SVG points, and the place of its name."""

    name: Mapping[Lang, str]
    x: float
    y: float
    hull: str


@dataclass(frozen=True, slots=True)
class RouteMap:
    """The map of one day.

    Attributes
    ----------
    date
        The day.
    width, height
        In pixels.
    towns, lines, marks
        What is drawn, from the ground up.
    bar
        Length of the scale bar in pixels and its text; None where degrees mean nothing.
    """

    date: datetime.date
    width: int
    height: int
    towns: tuple[Town, ...]
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    bar: tuple[float, str] | None


@dataclass(frozen=True, slots=True)
class Spots:
    """Where everybody is on the map, in pixels.

    Attributes
    ----------
    clients
        Home of each client.
    caregivers
        Where each caregiver's shifts begin and end.
    """

    clients: Mapping[str, Point]
    caregivers: Mapping[str, tuple[Point, Point]]


def spots(roster: Roster) -> Spots | None:
    """Return where everybody is; None if the places do not spread over a map."""
    project = _projection(roster)
    if project is None:
        return None
    return Spots(
        clients={one.id: project(one.home) for one in roster.scenario.clients},
        caregivers={
            one.id: (project(one.home), project(one.end_place or one.home))
            for one in roster.scenario.caregivers
        },
    )


@dataclass(frozen=True, slots=True)
class _Projection:
    """Equirectangular around the middle latitude, north up."""

    west: float
    north: float
    shrink: float
    pixels_per_degree: float
    offset_x: float
    height: int

    def __call__(self, place: Place) -> Point:
        x = (place.lon - self.west) * self.shrink * self.pixels_per_degree
        y = (self.north - place.lat) * self.pixels_per_degree
        return round(x + self.offset_x, 1), round(y + _MARGIN, 1)


def colour_of(number: int) -> str:
    """Return a colour for the caregiver of this number, far from its neighbours' colours."""
    return f"hsl({number * _GOLDEN_ANGLE % 360:.0f} 62% {(38, 46, 32)[number % 3]}%)"


def map_of_day(roster: Roster, date: datetime.date, langs: Sequence[Lang]) -> RouteMap | None:
    """Return the map of one day; None if the places do not spread over a map.

    Parameters
    ----------
    roster
        The roster.
    date
        The day.
    langs
        Languages of the names of towns, the one shown first in front.
    """
    project = _projection(roster)
    routes = [route for route in roster.routes if route.date == date]
    if project is None or not routes:
        return None
    numbers = {caregiver.id: n for n, caregiver in enumerate(roster.scenario.caregivers)}
    colours = {route.caregiver: colour_of(numbers.get(route.caregiver, 0)) for route in routes}
    geodesic = isinstance(roster.scenario.travel, GeodesicTravel)
    return RouteMap(
        date=date,
        width=WIDTH,
        height=project.height,
        towns=tuple(_towns(roster, project, langs)),
        lines=tuple(_line(roster, route, project, colours[route.caregiver]) for route in routes),
        marks=tuple(_marks(roster, date, routes, project, colours)),
        bar=_bar(project) if geodesic else None,
    )


def _projection(roster: Roster) -> _Projection | None:
    places = [client.home for client in roster.scenario.clients]
    places += [caregiver.home for caregiver in roster.scenario.caregivers]
    if not places:
        return None
    south, north = min(p.lat for p in places), max(p.lat for p in places)
    west, east = min(p.lon for p in places), max(p.lon for p in places)
    shrink = max(0.05, math.cos(math.radians((south + north) / 2)))
    width, height = (east - west) * shrink, north - south
    if width <= 0 and height <= 0:
        return None
    room = WIDTH - 2 * _MARGIN
    scale = min(
        room / width if width else math.inf,
        (_MAX_HEIGHT - 2 * _MARGIN) / height if height else math.inf,
    )
    return _Projection(
        west=west,
        north=north,
        shrink=shrink,
        pixels_per_degree=scale,
        offset_x=_MARGIN + (room - width * scale) / 2,
        height=max(_MIN_HEIGHT, round(height * scale) + 2 * _MARGIN),
    )


def _line(roster: Roster, route: Route, project: _Projection, colour: str) -> Line:
    caregiver = roster.caregivers.get(route.caregiver)
    places: list[Place] = [] if caregiver is None else [caregiver.home]
    places += [
        roster.clients[client].home
        for stop in route.stops
        if (client := roster.client_of(stop.visit)) in roster.clients
    ]
    if caregiver is not None:
        places.append(caregiver.end_place or caregiver.home)
    times = f"{wording.clock(route.departure)}–{wording.clock(route.back)}"
    title = f"{route.caregiver} · {times}"
    return Line(route.caregiver, _points(map(project, places)), colour, title)


def _marks(
    roster: Roster,
    date: datetime.date,
    routes: Sequence[Route],
    project: _Projection,
    colours: dict[str, str],
) -> list[Mark]:
    seen: dict[str, list[tuple[int, str]]] = defaultdict(list)
    carers: dict[str, str] = {}
    for route in routes:
        for stop in route.stops:
            client = roster.client_of(stop.visit)
            what = f"{wording.clock(stop.start)} {stop.visit} {route.caregiver}"
            seen[client].append((stop.start, what))
            carers.setdefault(client, route.caregiver)
    missed = {
        visit.client for visit, _ in roster.unserved if not visit.dates or date in visit.dates
    }
    marks = []
    for person in sorted(roster.scenario.clients, key=lambda c: (c.id in missed, c.id in seen)):
        kind = "visited" if person.id in seen else "idle"
        colour = colours[carers[person.id]] if person.id in seen else "#9aa5ab"
        title = "\n".join([person.id, *(what for _, what in sorted(seen[person.id]))])
        marks.append(Mark(*project(person.home), kind, colour, title, carers.get(person.id, "")))
        if person.id in missed:
            marks.append(Mark(*project(person.home), "missed", "#a3211b", person.id))
    for caregiver in roster.scenario.caregivers:
        if caregiver.id in colours:
            spot = project(caregiver.home)
            mark = Mark(*spot, "home", colours[caregiver.id], caregiver.id, caregiver.id)
            marks.append(mark)
    return marks


def _towns(roster: Roster, project: _Projection, langs: Sequence[Lang]) -> list[Town]:
    homes: dict[str, list[Point]] = defaultdict(list)
    for client in roster.scenario.clients:
        if client.town is not None:
            homes[client.town].append(project(client.home))
    towns = []
    for code, points in sorted(homes.items()):
        hull = convex_hull(points)
        x = sum(point[0] for point in points) / len(points)
        top = min(point[1] for point in points)
        names = {lang: wording.town(lang, code) for lang in langs}
        towns.append(Town(names, round(x, 1), round(max(14, top - 14), 1), _points(hull)))
    return towns


def convex_hull(points: Iterable[Point]) -> list[Point]:
    """Return the corners of the convex hull, going round it once.

    References
    ----------
    A. M. Andrew, Another efficient algorithm for convex hulls in two dimensions, 1979.
    """
    ordered = sorted(set(points))
    if len(ordered) <= 2:
        return ordered

    def half(row: Iterable[Point]) -> list[Point]:
        chain: list[Point] = []
        for point in row:
            while len(chain) >= 2 and _turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        return chain[:-1]

    return half(ordered) + half(reversed(ordered))


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _bar(project: _Projection) -> tuple[float, str]:
    pixels_per_km = project.pixels_per_degree / _KM_PER_DEGREE
    km = max((bar for bar in _SCALE_BARS if bar * pixels_per_km <= 160), default=_SCALE_BARS[0])
    return round(km * pixels_per_km, 1), f"{km:g} km"
