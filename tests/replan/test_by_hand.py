"""A roster changed by hand: immutable plans, figures of the verifier, rules told when broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.domain.policy import Rule
from optimizer.errors import UsageError
from optimizer.formats import read_plan, read_scenario
from optimizer.replan.by_hand import Roster
from optimizer.replan.changes import ChangeKind, appointments
from optimizer.replan.recommendation import Recommender
from optimizer.verification import verify

SCENARIOS = Path(__file__).parents[2] / "scenarios"
DAY = read_scenario(SCENARIOS / "hamlet.json")
PLAN = read_plan(SCENARIOS / "plans" / "hamlet.json")
ROSTER = Roster.of(DAY, PLAN)
SINGLE = [stop.visit for route in PLAN.routes for stop in route.stops
          if len(appointments(PLAN)[stop.visit].caregivers) == 1]  # fmt: skip
PEOPLE = [route.caregiver for route in PLAN.routes]


@pytest.mark.parametrize("to", PEOPLE)
def test_a_visit_moves_to_somebody(to: str) -> None:
    """It is theirs then; figures and broken rules are the verifier's, the old plan is as it was."""
    for visit in SINGLE:
        try:
            made = ROSTER.moved(visit, to)
        except UsageError:
            continue
        verdict = verify(DAY, made.plan)
        assert appointments(made.plan)[visit].caregivers == (to,)
        assert made.verdict == verdict
        assert made.difference == verdict.cost - verify(DAY, PLAN).cost
        assert made.broken == verdict.violations
    assert read_plan(SCENARIOS / "plans" / "hamlet.json") == PLAN


def test_a_time_is_kept_to() -> None:
    """The visit begins when it is asked for; outside its window the rule is told."""
    visit = SINGLE[0]
    now = appointments(PLAN)[visit]
    same = ROSTER.moved(visit, now.caregivers[0], at=now.start)
    assert appointments(same.plan)[visit] == now
    last = [route.stops[-1].visit for route in PLAN.routes if route.stops[-1].visit in SINGLE]
    broken = set()
    for visit in last:
        window = next(one.window for one in DAY.visits if one.id == visit)
        try:
            made = ROSTER.moved(visit, appointments(PLAN)[visit].caregivers[0],
                                at=window.latest + 5 * 60_000)  # fmt: skip
        except UsageError:
            continue
        broken |= {one.rule for one in made.broken}
    assert Rule.WINDOW in broken


def test_taken_off_and_put_back_costs_nothing() -> None:
    """A visit that is unassigned can be given back at its time: the same cost as before."""
    visit = SINGLE[0]
    was = appointments(PLAN)[visit]
    off = ROSTER.unassigned(visit)
    assert [one.kind for one in off.changes if one.visit == visit] == [ChangeKind.LEFT_OUT]
    assert visit in {one.visit for one in off.plan.unserved}
    back = Roster.of(DAY, off.plan).moved(visit, was.caregivers[0], at=was.start)
    assert back.verdict.cost == verify(DAY, PLAN).cost
    assert visit not in {one.visit for one in back.plan.unserved}


def test_two_visits_exchange_their_caregivers() -> None:
    """Each is made by the other's caregiver afterwards, if both have the time."""
    told = appointments(PLAN)
    one = SINGLE[0]
    done = 0
    for other in SINGLE:
        if told[other].caregivers == told[one].caregivers:
            continue
        try:
            made = ROSTER.swapped(one, other)
        except UsageError:
            continue
        now = appointments(made.plan)
        assert now[one].caregivers == told[other].caregivers
        assert now[other].caregivers == told[one].caregivers
        done += 1
    assert done > 0


def test_better_starts_never_cost_more() -> None:
    """The order stays; what is saved is what the verifier says."""
    made = ROSTER.retimed()
    assert made.verdict.feasible
    assert made.difference <= 0
    orders = [[stop.visit for stop in route.stops] for route in made.plan.routes]
    assert orders == [[stop.visit for stop in route.stops] for route in PLAN.routes]


def test_what_cannot_be_is_said() -> None:
    """Nobody of that name, no such visit, nothing to take off."""
    with pytest.raises(UsageError, match="V999"):
        ROSTER.moved("V999", PEOPLE[0])
    with pytest.raises(UsageError, match="G999"):
        ROSTER.moved(SINGLE[0], "G999")
    off = ROSTER.unassigned(SINGLE[0])
    with pytest.raises(UsageError, match=SINGLE[0]):
        Roster.of(DAY, off.plan).unassigned(SINGLE[0])


def test_neither_a_second_carer_of_one_nor_a_swap_with_itself() -> None:
    """A visit of one carer has no second one, and cannot exchange caregivers with itself."""
    with pytest.raises(UsageError, match="2"):
        ROSTER.moved(SINGLE[0], PEOPLE[0], carer=2)
    with pytest.raises(UsageError, match="itself"):
        ROSTER.swapped(SINGLE[0], SINGLE[0])


@pytest.mark.parametrize("visit", SINGLE)
def test_what_is_recommended_can_be_done_by_hand(visit: str) -> None:
    """Each caregiver suggested can be given the visit at that time, shortened where it was."""
    without = ROSTER.unassigned(visit).plan
    for suggestion in Recommender(DAY, without).recommend(visit).suggestions:
        made = Roster.of(DAY, without).moved(visit, suggestion.caregiver, at=suggestion.start)
        (given,) = [
            stop.end - stop.start
            for route in made.plan.routes
            for stop in route.stops
            if stop.visit == visit
        ]
        assert made.broken == ()
        assert given >= suggestion.minutes
