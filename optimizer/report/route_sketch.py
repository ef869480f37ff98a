"""A small map of one route: home, numbered stops, the way between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.domain.place import Place
from optimizer.domain.plan import Route
from optimizer.report.roster import Roster

WIDTH, HEIGHT = 680, 190
_MARGIN = 18
_NEAR = 9.0
"Pixels within which two stops are one mark."


@dataclass(frozen=True, slots=True)
class Numbered:
    """A mark of the sketch with the numbers of the stops there; a home has no number."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Sketch:
    """The sketch of a route.

    Attributes
    ----------
    width, height
        In pixels.
    line
        The way as SVG points.
    marks
        Home and stops.
    """

    width: int
    height: int
    line: str
    marks: tuple[Numbered, ...]


def sketch_of(roster: Roster, route: Route) -> Sketch | None:
    """Return the sketch of a route; None where all of it is one place."""
    caregiver = roster.caregivers.get(route.caregiver)
    stops: list[tuple[str, Place]] = [
        (str(number), roster.clients[client].home)
        for number, stop in enumerate(route.stops, 1)
        if (client := roster.client_of(stop.visit)) in roster.clients
    ]
    places = [place for _, place in stops]
    if caregiver is not None:
        places = [caregiver.home, *places, caregiver.end_place or caregiver.home]
    points = _projected(places)
    if points is None:
        return None
    stop_points = points[1:-1] if caregiver is not None else points
    marks = _marks([(label, point) for (label, _), point in zip(stops, stop_points, strict=True)])
    if caregiver is not None:
        marks = [Numbered(*points[0], ""), *marks]
    line = " ".join(f"{x:g},{y:g}" for x, y in points)
    return Sketch(WIDTH, HEIGHT, line, tuple(marks))


def _projected(places: Sequence[Place]) -> list[tuple[float, float]] | None:
    """Return places as pixels, north up, filling the sketch."""
    if not places:
        return None
    south, north = min(p.lat for p in places), max(p.lat for p in places)
    west, east = min(p.lon for p in places), max(p.lon for p in places)
    shrink = max(0.05, math.cos(math.radians((south + north) / 2)))
    width, height = (east - west) * shrink, north - south
    if width <= 0 and height <= 0:
        return None
    scale = min(
        (WIDTH - 2 * _MARGIN) / width if width else math.inf,
        (HEIGHT - 2 * _MARGIN) / height if height else math.inf,
    )
    left, top = (WIDTH - width * scale) / 2, (HEIGHT - height * scale) / 2
    return [
        (
            round(left + (place.lon - west) * shrink * scale, 1),
            round(top + (north - place.lat) * scale, 1),
        )
        for place in places
    ]


def _marks(stops: Sequence[tuple[str, tuple[float, float]]]) -> list[Numbered]:
    """Return one mark for stops at one place, with all their numbers."""
    marks: list[Numbered] = []
    for label, (x, y) in stops:
        for place, mark in enumerate(marks):
            if math.hypot(mark.x - x, mark.y - y) < _NEAR:
                marks[place] = Numbered(mark.x, mark.y, f"{mark.label},{label}")
                break
        else:
            marks.append(Numbered(x, y, label))
    return marks
