"""Where things lie on the map of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from optimizer.report.roster import Roster
from optimizer.report.routemap import (
    WIDTH,
    Point,
    RouteMap,
    colour_of,
    convex_hull,
    map_of_day,
)

DAY = date(2026, 3, 2)


def _map(roster: Roster) -> RouteMap:
    drawn = map_of_day(roster, DAY, ("en",))
    assert drawn is not None
    return drawn


def test_everything_lies_on_the_paper(roster: Roster) -> None:
    """All marks are inside the drawing."""
    drawn = _map(roster)
    assert all(0 <= mark.x <= WIDTH and 0 <= mark.y <= drawn.height for mark in drawn.marks)


def test_north_is_up_and_east_is_right(roster: Roster) -> None:
    """C0003 lies north-west of C0001."""
    spots = {mark.title.splitlines()[0]: mark for mark in _map(roster).marks}
    assert spots["C0003"].x < spots["C0001"].x
    assert spots["C0003"].y < spots["C0001"].y


def test_a_route_goes_from_home_to_home(roster: Roster) -> None:
    """G0001's line has its home, two clients and its home again."""
    points = _map(roster).lines[0].points.split()
    assert len(points) == 4
    assert points[0] == points[-1]


def test_a_client_with_an_unserved_visit_is_crossed(roster: Roster) -> None:
    """C0003 is visited once and missed once, so it has both marks."""
    kinds = [mark.kind for mark in _map(roster).marks if mark.title.startswith("C0003")]
    assert kinds == ["visited", "missed"]


def test_a_clients_visits_stand_in_the_order_of_their_starts(roster: Roster) -> None:
    """One after midnight, 00:30+1, comes after those of the evening, not before them."""
    *others, route = sorted(roster.plan.routes, key=lambda one: one.caregiver, reverse=True)
    first, *rest = route.stops
    late = first.model_copy(update={"start": 1470 * 60_000, "end": 1500 * 60_000})
    night = route.model_copy(update={"stops": (first, *rest, late)})
    plan = roster.plan.model_copy(update={"routes": (night, *others)})
    titles = [mark.title for mark in _map(replace(roster, plan=plan)).marks]
    assert "C0001\n08:30 V0001 G0001\n00:30+1 V0001 G0001" in titles


def test_towns_are_named_once(roster: Roster) -> None:
    """The village has two."""
    assert [town.name["en"] for town in _map(roster).towns] == ["east", "west"]


def test_the_scale_is_round(roster: Roster) -> None:
    """Twelve kilometres across fit a bar of one kilometre or two."""
    bar = _map(roster).bar
    assert bar is not None
    assert bar[1] in {"1 km", "2 km"}
    assert 0 < bar[0] <= 160


def test_places_in_one_spot_make_no_map(roster: Roster) -> None:
    """Where all coordinates are the same nothing is drawn."""
    place = roster.scenario.clients[0].home
    clients = tuple(c.model_copy(update={"home": place}) for c in roster.scenario.clients)
    caregivers = tuple(c.model_copy(update={"home": place}) for c in roster.scenario.caregivers)
    scenario = roster.scenario.model_copy(update={"clients": clients, "caregivers": caregivers})
    assert map_of_day(replace(roster, scenario=scenario), DAY, ("en",)) is None


@pytest.mark.parametrize(
    ("points", "corners"),
    [
        ([(0, 0), (2, 0), (2, 2), (0, 2), (1, 1)], {(0, 0), (2, 0), (2, 2), (0, 2)}),  # a square
        ([(0, 0), (1, 1), (2, 2)], {(0, 0), (2, 2)}),  # all on one line
        ([(3, 3), (3, 3)], {(3, 3)}),  # one point twice
    ],
)
def test_hull_keeps_the_corners(points: list[Point], corners: set[Point]) -> None:
    """Inner points and repetitions are left out."""
    assert set(convex_hull(points)) == corners


def test_neighbours_have_different_colours() -> None:
    """A hundred caregivers in a row: no two of any three neighbours share a colour."""
    colours = [colour_of(number) for number in range(100)]
    assert all(len(set(colours[n : n + 3])) == 3 for n in range(98))
