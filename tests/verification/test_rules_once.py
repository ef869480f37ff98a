"""Everything planned is known and happens once; nothing is forgotten."""

from __future__ import annotations

import pytest

from optimizer.domain.plan import Plan
from optimizer.domain.policy import Rule
from optimizer.verification import verify
from tests.verification.worlds import breaches, clean, lane, roster, route

V1 = ("V1", "C1", "08:10", 30)
V2 = ("V2", "C2", "08:55", 60)
V3 = ("V3", "C3", "08:30", 45)


@pytest.mark.parametrize(
    ("plan", "places"),
    [
        (clean(), []),  # everything once
        (roster(unserved=("V1", "V2", "V3")), []),  # nothing, and all of it listed
        (roster(route("N1", V1, V2), unserved=("V3",)), []),  # served or listed
        (roster(route("N1", V1, V2)), ["unserved"]),  # V3 forgotten
        (roster(route("N1", V1, V2), unserved=("V3", "V3")), ["unserved[1].visit"]),  # twice
        (
            roster(route("N1", V1, V2), route("N2", V3), unserved=("V3",)),
            ["unserved[0].visit"],  # served and listed
        ),
        (
            roster(route("N1", V1, V2), route("N2", V3), unserved=("X9",)),
            ["unserved[0].visit"],  # unknown visit listed
        ),
        (
            roster(route("N1", V1, V2, ("X9", "C1", "10:20", 5)), route("N2", V3)),
            ["routes[0].stops[2]"],  # unknown visit served; the way home is then wrong, too
        ),
        (
            roster(route("N1", V1, V2), route("X9", V3)),
            ["routes[1]"],  # unknown caregiver; V3 is not reported a second time
        ),
        (
            roster(route("N1", V1, V2), route("N2", (*V3, 2)), unserved=("V3",)),
            ["routes[1].stops[0]"],  # V3 has one carer only
        ),
        (
            roster(route("N1", V1, V2), route("N2", V3, ("V1", "C1", "10:00", 30))),
            ["routes[1].stops[1]"],  # V1 on two routes
        ),
        (
            roster(route("N1", V1), route("N1", ("V2", "C2", "09:30", 60)), route("N2", V3)),
            ["routes[1]"],  # two routes in one shift
        ),
    ],
)
def test_served_once(plan: Plan, places: list[str]) -> None:
    """Whatever is unknown, double, missing or contradictory is reported once, at its place."""
    found = [place for rule, place, _ in breaches(lane(), plan) if rule is Rule.SERVED_ONCE]
    assert found == places


def test_unknown_stops_do_not_count_as_service() -> None:
    """A visit on the route of an unknown caregiver is unserved."""
    verdict = verify(lane(), roster(route("N1", V1, V2), route("X9", V3)))
    assert (verdict.served, verdict.unserved) == (2, ("V3",))
