"""Travel from coordinates."""

from __future__ import annotations

import math
import random
import tracemalloc

import numpy as np
import pytest
from geopy.distance import geodesic
from numpy.typing import NDArray

from optimizer.domain.place import DEFAULT_SPEEDS, GeodesicTravel, Mode, ModeSpeed, Place, Zone
from optimizer.travel.geodesic import (
    distances,
    geodesic_metres,
    geodesic_ticks,
    least_ticks_per_metre,
    positions,
)
from optimizer.travel.reach import UNREACHABLE
from tests.travel.worlds import EAST, NORTH, SOUTH


def metres(frm: Place, to: Place) -> float:
    """Return the distance under test."""
    return float(distances(positions([frm]), positions([to]))[0, 0])


def reference(frm: Place, to: Place) -> float:
    """Return the distance that geopy gives."""
    return float(geodesic((frm.lat, frm.lon), (to.lat, to.lon)).m)


def minutes(spec: GeodesicTravel, *places: Place, mode: Mode = Mode.EBIKE) -> list[list[float]]:
    """Return minutes between places, from ticks of a thousandth of a minute."""
    table: list[list[float]] = (geodesic_ticks(spec, places, [mode], 1000)[0] / 1000).tolist()
    return table


@pytest.mark.parametrize(
    ("km", "tolerance"),
    [
        (0.005, 0.001),  # Across the street.
        (0.9, 0.001),  # A neighbourhood.
        (20, 0.01),  # Across the district.
        (100, 0.1),  # Further than anybody travels for a visit.
        (1000, 50.0),  # Only so that nothing absurd comes out.
    ],
)
def test_distances_agree_with_geopy(km: float, tolerance: float) -> None:
    """In every direction and at every latitude the distance is geopy's, to `tolerance` m."""
    rng = random.Random(7)
    for _ in range(100):
        frm = Place(lat=rng.uniform(-80, 80), lon=rng.uniform(-180, 180))
        end = geodesic(kilometers=km).destination((frm.lat, frm.lon), rng.uniform(0, 360))
        to = Place(lat=end.latitude, lon=end.longitude)
        assert metres(frm, to) == pytest.approx(reference(frm, to), abs=tolerance)


@pytest.mark.parametrize(
    ("frm", "to"),
    [
        (Place(lat=30, lon=179.999), Place(lat=30, lon=-179.999)),  # Over the date line.
        (Place(lat=89.99, lon=0), Place(lat=89.99, lon=180)),  # Over the pole.
        (Place(lat=-0.01, lon=20), Place(lat=0.01, lon=20)),  # Over the equator.
    ],
)
def test_awkward_corners(frm: Place, to: Place) -> None:
    """Seams of the coordinates are no seams of the distance."""
    assert metres(frm, to) == pytest.approx(reference(frm, to), abs=0.01)


def test_opposite_ends_of_the_earth() -> None:
    """Even the longest distance is a number, right to one per cent."""
    frm, to = Place(lat=0, lon=0), Place(lat=0, lon=180)
    assert metres(frm, to) == pytest.approx(reference(frm, to), rel=0.01)


@pytest.mark.parametrize("mode", list(Mode))
def test_formula(mode: Mode) -> None:
    """Minutes are metres x road factor / speed + access, parts of a tick rounded up."""
    speed = DEFAULT_SPEEDS[mode]
    access = speed.access // 60_000
    for tpm in (60, 1000):
        exact = reference(NORTH, SOUTH) * 1.3 / (speed.kmh * 1000 / 60) * tpm
        by_tick = GeodesicTravel(whole_minutes=False)
        ticks = geodesic_ticks(by_tick, (NORTH, SOUTH), [mode], tpm)[0]
        expected = math.ceil(exact) + access * tpm
        assert ticks.tolist() == [[0, expected], [expected, 0]]


@pytest.mark.parametrize("tpm", [60, 1000])
def test_journeys_take_whole_minutes(tpm: int) -> None:
    """Unless a scenario counts by the tick, each journey is rounded up to a minute, never more."""
    rng = random.Random(5)
    places = [Place(lat=30 + rng.random() / 9, lon=121 + rng.random() / 9) for _ in range(40)]
    exact = geodesic_ticks(GeodesicTravel(whole_minutes=False), places, [Mode.EBIKE], tpm)
    whole = geodesic_ticks(GeodesicTravel(), places, [Mode.EBIKE], tpm)
    assert (whole % tpm == 0).all()
    assert (exact <= whole).all()
    assert (whole < exact + tpm).all()


def test_the_district_crossed_by_ebike() -> None:
    """17.8 km at 12 km/h and factor 1.3 take about 115 minutes, and 3 at the door."""
    old_town, hills = Place(lat=29.954, lon=121.712), Place(lat=30.022, lon=121.545)
    assert minutes(GeodesicTravel(), old_town, hills)[0][1] == pytest.approx(118, abs=3)


def test_speeds_are_replaced_mode_by_mode() -> None:
    """A scenario's speed replaces the default of its own mode only."""
    speeds = {Mode.WALK: ModeSpeed(kmh=3, access=0)}
    spec = GeodesicTravel(speeds=speeds, whole_minutes=False)
    road = reference(NORTH, SOUTH) * 1.3
    assert minutes(spec, NORTH, SOUTH, mode=Mode.WALK)[0][1] == pytest.approx(road / 50, abs=0.002)
    default = minutes(GeodesicTravel(whole_minutes=False), NORTH, SOUTH)
    assert minutes(spec, NORTH, SOUTH) == default


def test_neighbours_at_one_door() -> None:
    """Between places with the same coordinates there is no way, not even access time."""
    twin = Place(lat=NORTH.lat, lon=NORTH.lon, matrix_index=5)
    assert minutes(GeodesicTravel(), NORTH, twin) == [[0, 0], [0, 0]]
    assert minutes(GeodesicTravel(), NORTH, Place(lat=NORTH.lat, lon=121.60001))[0][1] > 3


def test_zone_slows_what_crosses_its_border() -> None:
    """The zone's factor counts between inside and outside, not within either."""
    near_north = Place(lat=30.01, lon=121.6)
    hills = Zone(id="hills", centre=NORTH, radius_km=3, road_factor=1.5)
    plain = geodesic_metres(GeodesicTravel(), (NORTH, near_north, SOUTH, EAST))
    slowed = geodesic_metres(GeodesicTravel(zones=(hills,)), (NORTH, near_north, SOUTH, EAST))
    expected = np.array([[1, 1, 1.5, 1.5], [1, 1, 1.5, 1.5], [1.5, 1.5, 1, 1], [1.5, 1.5, 1, 1]])
    expected[expected == 1.5] /= 1.3
    assert np.abs(slowed - plain * expected).max() <= 1


@pytest.mark.parametrize(
    ("factors", "counted"),
    [
        ((1.1,), 1.3),  # Smaller than the general one: ignored.
        ((1.5, 2.0), 2.0),  # Of several borders the worst counts.
        ((2.0, 1.5), 2.0),  # In either order.
    ],
)
def test_the_larger_factor_counts(factors: tuple[float, ...], counted: float) -> None:
    """A journey uses the largest of the general factor and the factors of crossed zones."""
    zones = tuple(
        Zone(id=f"Z{n}", centre=NORTH, radius_km=3, road_factor=factor)
        for n, factor in enumerate(factors)
    )
    way = geodesic_metres(GeodesicTravel(zones=zones), (NORTH, SOUTH))[0, 1]
    assert way == round(reference(NORTH, SOUTH) * counted)


def test_matrices_are_symmetric() -> None:
    """From coordinates there and back take exactly the same."""
    rng = random.Random(3)
    places = [Place(lat=30 + rng.random() / 9, lon=121 + rng.random() / 9) for _ in range(80)]
    ticks = geodesic_ticks(GeodesicTravel(), places, [Mode.CAR], 1000)[0]
    assert (ticks == ticks.T).all()


def test_an_absurdly_slow_journey_is_unreachable() -> None:
    """Travel never exceeds the largest number of ticks that the engine takes."""
    spec = GeodesicTravel(speeds={Mode.WALK: ModeSpeed(kmh=1e-300, access=0)})
    ticks = geodesic_ticks(spec, (NORTH, SOUTH), [Mode.WALK], 1000)[0]
    assert ticks[0, 1] == UNREACHABLE


def test_memory_is_that_of_the_matrices() -> None:
    """Working out large matrices needs less than twice their own memory."""
    tracemalloc.start()
    try:
        ticks = _many(2500)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2 * ticks.nbytes


def _many(count: int) -> NDArray[np.int32]:
    rng = random.Random(count)
    places = [Place(lat=30 + rng.random() / 9, lon=121 + rng.random() / 9) for _ in range(count)]
    return geodesic_ticks(GeodesicTravel(), places, [Mode.EBIKE, Mode.WALK], 60)


def test_no_journey_is_shorter_than_its_bound() -> None:
    """The pace of the fastest mode on the straight line is never beaten, and not by far."""
    rng = random.Random(9)
    places = [Place(lat=30 + rng.random() / 9, lon=121 + rng.random() / 9) for _ in range(60)]
    hills = Zone(id="hills", centre=places[0], radius_km=4, road_factor=1.6)
    spec, modes = GeodesicTravel(zones=(hills,)), [Mode.WALK, Mode.CAR]
    points = positions(places)
    least = np.sqrt(np.square(points[:, None] - points).sum(axis=2))
    least *= least_ticks_per_metre(spec, modes, 60)
    taken = geodesic_ticks(spec, places, modes, 60).min(axis=0)
    assert (least <= taken).all()
    assert (least > 0.5 * (taken - 10 * 60)).all()
