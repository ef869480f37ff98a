"""The stretch of time that a routing problem needs, so that no time of it is out of reach.

VROOM's times are seconds without a limit: of a day, or since 1970, and a vehicle without a time
window may drive at any time. The roster of one day holds them all if the day begins at the last
midnight (of universal time) before anybody has to leave and runs on, past further midnights,
until everything could be done one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, radians

from optimizer.formats.vroom_document import (
    SECONDS_PER_DAY,
    Point,
    VroomDocument,
    VroomVehicle,
    Window,
)
from optimizer.units import LATEST_CLOCK

EARTH_METRES = 6_400_000
"A little more than the radius, so that no journey is taken for shorter than it is."
ROAD_FACTOR = 1.3
SPEEDS = {"car": 50.0, "bike": 15.0, "foot": 5.0}
"Kilometres per hour where nobody gives a matrix; no routing server is asked."


def kmh(profile: str, factor: float) -> float:
    """Return the speed of a profile where there are no matrices."""
    return SPEEDS.get(profile, SPEEDS["car"]) * factor


@dataclass(frozen=True, slots=True)
class Period:
    """When a problem is planned; in seconds of the document.

    Attributes
    ----------
    first, last
        No plan has to leave earlier, or need be back later.
    """

    first: int
    last: int

    @property
    def midnight(self) -> int:
        """The midnight from which clock times of the roster are counted."""
        return self.first // SECONDS_PER_DAY * SECONDS_PER_DAY

    def hours(self, vehicle: VroomVehicle) -> Window:
        """Return when a vehicle may leave and must be back."""
        begin, end = vehicle.time_window or (0, self.last)
        return max(begin, self.first), min(end, self.last)

    def starts(self, windows: tuple[Window, ...]) -> Window:
        """Return when a job or break may begin.

        A window at which nobody is there is kept for the reader, unless clocks of the roster do not
        reach it: then it lies after the period.
        """
        earliest, latest = windows[0] if windows else (0, self.last)
        if earliest > self.last or latest < self.first:
            shown = self.midnight <= earliest and (latest - self.midnight) * 1000 <= LATEST_CLOCK
            return (earliest, latest) if shown else (self.last + 1, self.last + 1)
        return max(earliest, self.first), min(latest, self.last)


def period_of(document: VroomDocument) -> Period:
    """Return the period of a problem.

    A roster in which everything is as late as it may be begins at most all work together before
    the first end of a window. One that begins no earlier, and in which everything is as early as
    it may be, waits for nothing after the latest beginning of a window, and is done after all work.
    """
    work = work_of(document)
    windows = tuple(document.windows())
    hours = [each.time_window for each in document.vehicles if each.time_window is not None]
    is_bounded = len(hours) == len(document.vehicles)
    first = min(begin for begin, _ in hours) if is_bounded else 0
    late = min((end for _, end in windows), default=0) - work
    if late > first + SECONDS_PER_DAY:
        first = late
    last = max((first, *(begin for begin, _ in windows))) + work + 1
    if is_bounded:
        last = min(last, max(end for _, end in hours))
    return Period(first, last)


def work_of(document: VroomDocument) -> int:
    """Return the seconds of all journeys, services and breaks, each journey at its longest."""
    services = sum(job.setup + job.service for job in document.jobs)
    breaks = sum(pause.service for each in document.vehicles for pause in each.breaks)
    journeys = len(document.jobs) + len(document.vehicles)
    return services + breaks + journeys * _longest_journey(document)


def _longest_journey(document: VroomDocument) -> int:
    if document.tables:
        return max(
            ceil(max(map(max, document.tables[profile].durations)) / factor)
            for profile, factor in document.manners
        )
    points = list(_points(document))
    spans = [max(axis) - min(axis) for axis in zip(*points, strict=True)] or [0.0]
    # Along a meridian and a parallel, which no direct way is longer than.
    metres = EARTH_METRES * radians(sum(spans)) * ROAD_FACTOR
    slowest = min(kmh(*manner) for manner in document.manners)
    return ceil(metres * 3.6 / slowest)


def _points(document: VroomDocument) -> Iterator[Point]:
    for vehicle in document.vehicles:
        yield from (point for point in (vehicle.start, vehicle.end) if point is not None)
    for job in document.jobs:
        if job.location is not None:
            yield job.location
