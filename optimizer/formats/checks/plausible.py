"""Places and durations that look like a slip: another continent, seconds for minutes."""

from __future__ import annotations

from collections.abc import Iterator
from math import asin, cos, radians, sin, sqrt
from statistics import median

from optimizer.domain.place import GeodesicTravel, MatrixTravel, Place
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.codes import WarningCode
from optimizer.formats.findings import finding
from optimizer.i18n import say
from optimizer.units import MS_PER_MINUTE, format_minutes

FAR_KM = 300
LONG_VISIT = 600 * MS_PER_MINUTE
"A visit of ten hours or more; home care is given in minutes, not in working days."
LONG_JOURNEY = 300
"Minutes of the middle journey of a matrix from which it looks like seconds."
SAMPLED_ROWS = 100

_EARTH_KM = 6371.0


def warn_of_places(scenario: Scenario) -> Iterator[Fault]:
    """Warn of places far from all others; only where travel comes from coordinates."""
    if not isinstance(scenario.travel, GeodesicTravel):
        return
    places = dict(_places(scenario))
    if not places:
        return
    lat = median(place.lat for place in places.values())
    lon = median(place.lon for place in places.values())
    for path, place in places.items():
        far = _kilometres(place.lat, place.lon, lat, lon)
        if far <= FAR_KM:
            continue
        if abs(place.lon) <= 90 and _kilometres(place.lon, place.lat, lat, lon) <= FAR_KM:
            message = say("fault.coordinates-swapped")
            yield finding(path, WarningCode.COORDINATES_SWAPPED, message)
        else:
            message = say("fault.far-away", km=f"{far:.0f}")
            yield finding(path, WarningCode.FAR_AWAY, message)


def _places(scenario: Scenario) -> Iterator[tuple[str, Place]]:
    for number, client in enumerate(scenario.clients):
        yield f"clients[{number}].home", client.home
    for number, caregiver in enumerate(scenario.caregivers):
        yield f"caregivers[{number}].home", caregiver.home
        if caregiver.end_place is not None:
            yield f"caregivers[{number}].end_place", caregiver.end_place


def _kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the great-circle distance; a slip of 300 km needs no ellipsoid."""
    phi, psi = radians(lat), radians(other_lat)
    half = sin((psi - phi) / 2) ** 2
    half += cos(phi) * cos(psi) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, half)))


def warn_of_units(scenario: Scenario) -> Iterator[Fault]:
    """Warn of durations and journeys that look like seconds."""
    for number, visit in enumerate(scenario.visits):
        for carer, need in enumerate(visit.carers):
            if need.minutes >= LONG_VISIT:
                message = say(
                    "fault.looks-like-seconds.visit", minutes=format_minutes(need.minutes)
                )
                path = f"visits[{number}].carers[{carer}].minutes"
                yield finding(path, WarningCode.LOOKS_LIKE_SECONDS, message)
    if isinstance(scenario.travel, MatrixTravel):
        for mode, matrix in scenario.travel.minutes.items():
            rows = matrix[:: max(1, len(matrix) // SAMPLED_ROWS)]
            times = [time for row in rows for time in row if time > 0]
            if times and median(times) > LONG_JOURNEY:
                message = say("fault.looks-like-seconds.matrix", minutes=f"{median(times):g}")
                yield finding(f"travel.minutes.{mode}", WarningCode.LOOKS_LIKE_SECONDS, message)


def warn_of_unreachable(scenario: Scenario) -> Iterator[Fault]:
    """Warn of clients whom, by the matrices, nobody can reach from home."""
    if not isinstance(scenario.travel, MatrixTravel) or not scenario.caregivers:
        return
    minutes = scenario.travel.minutes
    starts = {(g.mode, g.home.matrix_index) for g in scenario.caregivers}
    for number, client in enumerate(scenario.clients):
        here = client.home.matrix_index
        if all(
            minutes[mode][start][here] < 0
            for mode, start in starts
            if start is not None and here is not None
        ):
            message = say("fault.unreachable")
            yield finding(f"clients[{number}].home", WarningCode.UNREACHABLE, message)
