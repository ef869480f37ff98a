"""Travel from coordinates: straight line x road factor / speed + minutes at the door."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy import bool_, float64, int32
from numpy.typing import NDArray

from optimizer.domain.place import DEFAULT_SPEEDS, GeodesicTravel, Mode, ModeSpeed, Place, Zone
from optimizer.travel.reach import UNREACHABLE
from optimizer.units import to_ticks

EQUATOR = 6_378_137.0
"Metres from the Earth's centre to its equator (WGS 84)."
FLATTENING = 1 / 298.257223563
"Of the Earth's ellipsoid (WGS 84)."
MEAN_RADIUS = 6_371_008.8
"Metres; over 100 km the arc is 1 m longer than its chord, so the exact radius hardly matters."
TILE = 250
"Places on a side of what is worked out at a time, so that it stays in the processor's cache."


def positions(places: Sequence[Place]) -> NDArray[float64]:
    """Return the places' points on the ellipsoid in metres, shape ``(places, 3)``."""
    degrees = np.array([(place.lat, place.lon) for place in places], float64).reshape(-1, 2)
    lat, lon = np.radians(degrees).T
    eccentricity = FLATTENING * (2 - FLATTENING)
    normal = EQUATOR / np.sqrt(1 - eccentricity * np.sin(lat) ** 2)
    return np.column_stack(
        (
            normal * np.cos(lat) * np.cos(lon),
            normal * np.cos(lat) * np.sin(lon),
            normal * (1 - eccentricity) * np.sin(lat),
        )
    )


def distances(frm: NDArray[float64], to: NDArray[float64]) -> NDArray[float64]:
    """Return metres along the ground between points.

    The straight chord through the ellipsoid is exact, and only its small surplus, the
    arc, is taken from a sphere. Up to 100 km that is about a centimetre from the geodesic,
    up to 1,000 km about ten metres.

    Parameters
    ----------
    frm, to
        Points as from `positions`, shapes ``(m, 3)`` and ``(n, 3)``.

    Returns
    -------
    array of float64
        Shape ``(m, n)``.
    """
    half = np.zeros((len(frm), len(to)))
    for axis in range(3):
        apart = np.subtract.outer(frm[:, axis], to[:, axis])
        half += np.square(apart, out=apart)
    np.sqrt(half, out=half)
    half /= 2 * MEAN_RADIUS
    # The chord through the equator is longer than the sphere's diameter.
    np.minimum(half, 1, out=half)
    np.arcsin(half, out=half)
    half *= 2 * MEAN_RADIUS
    return half


def straight_metres(one: Place, other: Place) -> float:
    """Return metres along the ground between two places."""
    return float(distances(positions([one]), positions([other]))[0, 0])


def geodesic_ticks(
    spec: GeodesicTravel, places: Sequence[Place], modes: Sequence[Mode], ticks_per_minute: int
) -> NDArray[int32]:
    """Return travel in ticks, shape ``(modes, places, places)``.

    Parts of a tick, or of a minute where the specification says so, are rounded up; there is no
    way between identical coordinates. There and back take the same.
    """
    speeds = speeds_of(spec)
    ticks = np.empty((len(modes), len(places), len(places)), int32)
    for rows, columns, on_road in _tiles(spec, places):
        for matrix, mode in zip(ticks, modes, strict=True):
            per_tick = speeds[mode].kmh * 1000 / 60 / ticks_per_minute
            access = to_ticks(speeds[mode].access, ticks_per_minute)
            with np.errstate(over="ignore"):
                travel = np.ceil(on_road / per_tick)
            # Equal coordinates have equal points, so there the distance is exactly 0.
            travel += access * (on_road > 0)
            if spec.whole_minutes:
                travel = np.ceil(travel / ticks_per_minute) * ticks_per_minute
            np.minimum(travel, UNREACHABLE, out=travel)
            matrix[rows, columns] = travel
            matrix[columns, rows] = travel.T
    return ticks


def least_ticks_per_metre(
    spec: GeodesicTravel, modes: Sequence[Mode], ticks_per_minute: int
) -> float:
    """Return ticks that a metre in a straight line takes at least by the fastest of `modes`.

    `modes` has at least one. The bound holds up to where journeys become unreachable.
    """
    fastest = max(speeds_of(spec)[mode].kmh for mode in modes)
    return spec.road_factor * 60 * ticks_per_minute / 1000 / fastest


def geodesic_metres(spec: GeodesicTravel, places: Sequence[Place]) -> NDArray[int32]:
    """Return whole metres on the road, shape ``(places, places)``."""
    metres = np.empty((len(places), len(places)), int32)
    for rows, columns, on_road in _tiles(spec, places):
        np.rint(on_road, out=on_road)
        metres[rows, columns] = on_road
        metres[columns, rows] = on_road.T
    return metres


def speeds_of(spec: GeodesicTravel) -> Mapping[Mode, ModeSpeed]:
    """Return the speed of every mode: the specified ones, else the defaults."""
    return DEFAULT_SPEEDS | spec.speeds


def _tiles(
    spec: GeodesicTravel, places: Sequence[Place]
) -> Iterator[tuple[slice, slice, NDArray[float64]]]:
    """Yield rows, columns and the metres on the road between them, on and above the diagonal."""
    points = positions(places)
    inside = [_inside(zone, points) for zone in spec.zones]
    tiles = [slice(start, start + TILE) for start in range(0, len(places), TILE)]
    for number, rows in enumerate(tiles):
        for columns in tiles[number:]:
            on_road = distances(points[rows], points[columns])
            on_road *= _factors(spec, [(within[rows], within[columns]) for within in inside])
            yield rows, columns, on_road


def _factors(
    spec: GeodesicTravel, inside: Sequence[tuple[NDArray[bool_], NDArray[bool_]]]
) -> NDArray[float64] | float:
    """Return road factors of a tile; `inside` tells per zone which rows and columns are."""
    factor: NDArray[float64] | float = spec.road_factor
    for zone, (frm, to) in zip(spec.zones, inside, strict=True):
        crossing = np.not_equal.outer(frm, to)
        factor = np.where(crossing, np.maximum(factor, zone.road_factor), factor)
    return factor


def _inside(zone: Zone, points: NDArray[float64]) -> NDArray[bool_]:
    away = distances(points, positions([zone.centre]))[:, 0]
    return away <= zone.radius_km * 1000
