"""Warnings about travel that cannot be meant."""

from __future__ import annotations

import pytest

from optimizer.domain.place import GeodesicTravel, MatrixTravel, Mode, ModeSpeed, Place, Zone
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.travel import check_travel, travel_matrices
from tests.travel.worlds import NORTH, line, matrix_world, world

SIZE = 6


def check(scenario: Scenario) -> tuple[Fault, ...]:
    """Return the warnings about a scenario's travel."""
    return check_travel(travel_matrices(scenario), scenario)


def codes(scenario: Scenario) -> list[str]:
    """Return the codes of the warnings."""
    return [fault.code for fault in check(scenario)]


def ordinary(size: int = SIZE) -> list[list[float]]:
    """Return believable e-bike minutes between the places of a line: 6 per kilometre and 3."""
    return [[6.0 * abs(i - j) + 3 * (i != j) for j in range(size)] for i in range(size)]


def scaled(factor: float) -> list[list[float]]:
    """Return the ordinary minutes times a factor."""
    return [[factor * entry for entry in row] for row in ordinary()]


def changed(frm: int, to: int, minutes: float) -> list[list[float]]:
    """Return the ordinary minutes with one entry replaced."""
    table = ordinary()
    table[frm][to] = minutes
    return table


def test_believable_travel_is_left_alone() -> None:
    """Ordinary matrices, and whatever the defaults make of coordinates, raise no warning."""
    assert check(matrix_world(ordinary())) == ()
    assert check(world(*line(9))) == ()


@pytest.mark.parametrize("mode", list(Mode))
def test_default_speeds_are_believable(mode: Mode) -> None:
    """No default speed is suspicious, near or far, nor is a zone in hills."""
    hills = Zone(id="hills", centre=NORTH, radius_km=3, road_factor=1.5)
    scenario = world(*line(20), travel=GeodesicTravel(zones=(hills,)))
    walker = scenario.caregivers[0].model_copy(update={"mode": mode})
    assert check(scenario.model_copy(update={"caregivers": (walker,)})) == ()


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (scaled(60), ["travel-units"]),  # Seconds.
        (scaled(1 / 60), ["travel-units"]),  # Hours.
        (changed(1, 3, -1), ["travel-unreachable"]),  # One way barred.
        (
            changed(0, 5, 3),
            ["travel-fast", "travel-asymmetric", "travel-triangle"],
        ),  # 5.5 km in three minutes, so that every other way there looks too long.
        (changed(2, 3, 26), ["travel-asymmetric", "travel-triangle"]),  # 26 there, 9 back.
        (changed(0, 5, 34), []),  # A minute longer than the way back is traffic.
        (changed(0, 2, 19), []),  # So is a quarter of an hour against nineteen minutes.
    ],
)
def test_each_mistake_has_its_code(minutes: list[list[float]], expected: list[str]) -> None:
    """A mistake in a matrix is named by a code of its own, and nothing else is."""
    assert codes(matrix_world(minutes)) == expected


def test_a_slow_journey() -> None:
    """Five kilometres that take an afternoon in both directions are suspicious."""
    minutes = changed(0, 5, 240)
    minutes[5][0] = 240
    assert codes(matrix_world(minutes)) == ["travel-slow", "travel-triangle"]


@pytest.mark.parametrize(
    ("kmh", "expected"),
    [
        (60, "travel-fast"),  # Walking at sixty kilometres an hour.
        (0.8, "travel-slow"),  # Walking ten metres a minute.
        (0.05, "travel-units"),  # A speed that was no speed in km/h.
    ],
)
def test_speeds_of_the_scenario_are_checked(kmh: float, expected: str) -> None:
    """Suspicious speeds given with coordinates are found at their place in the document."""
    travel = GeodesicTravel(speeds={Mode.EBIKE: ModeSpeed(kmh=kmh, access=0)})
    (fault,) = check(world(*line(5), travel=travel))
    assert (fault.code, fault.path) == (expected, "travel.speeds.ebike")


def test_messages_name_the_worst_journey() -> None:
    """A warning says how many journeys, whose, how long, and what to check."""
    fault = check(matrix_world(changed(0, 5, 3)))[0]
    assert str(fault) == (
        "travel.minutes.ebike: Journeys by ebike faster than 30 km/h in a straight line: 1, "
        "worst C0 to C5 (3.0 minutes); check times and coordinates."
    )


def test_a_place_cut_off_is_named() -> None:
    """A place that nobody can reach is told beside the number of journeys."""
    minutes = ordinary()
    for row in minutes:
        row[4] = -1
    (fault,) = check(matrix_world(minutes))
    assert fault.code == "travel-unreachable"
    assert "cannot be made: 5, first C0 to C4" in fault.message
    assert "left or reached at all: 1, first C4" in fault.message


def test_every_mode_is_checked() -> None:
    """One bad matrix among several is found, and only that one."""
    walk = tuple(tuple(20 * entry for entry in row) for row in ordinary())
    ebike = tuple(map(tuple, ordinary()))
    scenario = matrix_world(ordinary())
    staff = tuple(
        scenario.caregivers[0].model_copy(update={"id": f"N{mode}", "mode": mode})
        for mode in (Mode.EBIKE, Mode.WALK)
    )
    travel = MatrixTravel(minutes={Mode.EBIKE: ebike, Mode.WALK: walk})
    (fault,) = check(scenario.model_copy(update={"caregivers": staff, "travel": travel}))
    assert (fault.code, fault.path) == ("travel-slow", "travel.minutes.walk")


def test_places_that_nobody_lives_at_are_named_too() -> None:
    """An end place is named by the caregiver whose shifts end there."""
    scenario = matrix_world(changed(0, 5, -1))
    staff = (scenario.caregivers[0].model_copy(update={"end_place": line(6)[5]}),)
    clients = scenario.clients[:5]
    (fault,) = check(scenario.model_copy(update={"caregivers": staff, "clients": clients}))
    assert "C0 to the end place of N1" in fault.message


def test_large_scenarios_are_sampled_the_same_way_every_time() -> None:
    """Of many places some are looked at, always the same ones; all that is barred counts."""
    minutes = [[90.0 * entry for entry in row] for row in ordinary(300)]
    minutes[1][2] = -1
    first = check(matrix_world(minutes))
    assert [fault.code for fault in first] == ["travel-unreachable", "travel-units"]
    assert check(matrix_world(minutes)) == first


def test_the_smallest_worlds() -> None:
    """One place, or places that are all the same, leave nothing to warn of."""
    assert check(world(NORTH)) == ()
    assert check(world(NORTH, Place(lat=NORTH.lat, lon=NORTH.lon, matrix_index=1))) == ()
