"""A roster mended after something has happened: least change, facts kept, nothing broken."""

from __future__ import annotations

import random
from functools import cache

import pytest

from optimizer.domain.event import Absent, Cancelled, Event, Events, Late, Leaves, Longer
from optimizer.domain.plan import Plan
from optimizer.prepare import Prepared, prepare
from optimizer.replan.acceptance import accepted, closure
from optimizer.replan.changes import ChangeKind, appointments
from optimizer.replan.repair import Proposal, Repair, repair
from optimizer.solving import solve
from optimizer.verification import verify
from tests.worlds.random_small import random_small

SEEDS = range(16)
HOUR = 3_600_000


@cache
def _day(seed: int) -> tuple[Prepared, Plan]:
    prepared = prepare(random_small(seed, 14, 4))
    return prepared, solve(prepared, iterations=300, engine="search").plan


def _events(seed: int) -> Events:
    """Draw what happens on a day: one or two things about people and visits of the plan."""
    plan, rng = _day(seed)[1], random.Random(seed)
    people = sorted({route.caregiver for route in plan.routes})
    visits = sorted(appointments(plan))
    now = rng.choice([None, 9 * HOUR, 12 * HOUR])
    drawn: list[Event] = []
    if people:
        who = rng.choice(people)
        hours: list[Event] = [
            Absent(caregiver=who),
            Late(caregiver=who, minutes=45),
            Leaves(caregiver=who, at="13:00"),
        ]
        drawn.append(rng.choice(hours))
    start = appointments(plan)
    later = [one for one in visits if now is None or start[one].start > now + HOUR]
    if later:
        visit = rng.choice(later)
        lists: list[Event] = [Cancelled(visit=visit), Longer(visit=visit, minutes=20)]
        drawn.append(rng.choice(lists))
    return Events(now=now, events=tuple(drawn))


@cache
def _mended(seed: int) -> Repair:
    prepared, plan = _day(seed)
    return repair(prepared.for_engine, plan, _events(seed), iterations=300)


def _some(seed: int) -> list[Proposal]:
    return list(_mended(seed).proposals)


@pytest.mark.parametrize("seed", SEEDS)
def test_without_events_nothing_changes(seed: int) -> None:
    """The only proposal is the roster as it was told, to the minute."""
    prepared, plan = _day(seed)
    found = repair(prepared.for_engine, plan, Events())
    assert [one.plan for one in found.proposals] == [plan]
    assert found.proposals[0].changes == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_proposals_break_no_rule_and_tell_what_they_cost(seed: int) -> None:
    """The verifier agrees with every figure, calls included."""
    found = _mended(seed)
    assert found.proposals
    for one in found.proposals:
        verdict = verify(found.scenario, one.plan)
        assert verdict.feasible
        assert one.difference == sum(one.terms.values())
        left = sum(change.kind is ChangeKind.LEFT_OUT for change in one.changes if change.before)
        disruption = {term.value: n for term, n in verdict.quantities.items()}["disruption"]
        assert one.calls == disruption + left


@pytest.mark.parametrize("seed", SEEDS)
def test_what_has_begun_stays(seed: int) -> None:
    """Visits that have begun keep carers, day and start in every proposal."""
    found = _mended(seed)
    told = appointments(found.situation.plan)
    for one in found.proposals:
        now = appointments(one.plan)
        for visit in found.situation.fixed:
            assert (now[visit].start, now[visit].caregivers) == (
                told[visit].start,
                told[visit].caregivers,
            )


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_new_begins_before_now(seed: int) -> None:
    """Whoever is sent to a visit that has not begun leaves for it now at the earliest."""
    found = _mended(seed)
    if found.situation.now is None:
        return
    told = appointments(found.situation.plan)
    for one in found.proposals:
        for route in one.plan.routes:
            if route.date != found.situation.date:
                continue
            for before, stop in zip((None, *route.stops), route.stops, strict=False):
                is_first_new = before is None or before.visit in found.situation.fixed
                if stop.visit in found.situation.fixed or not is_first_new:
                    continue
                is_as_told = told.get(stop.visit) == appointments(one.plan)[stop.visit]
                assert is_as_told or stop.start - stop.travel >= found.situation.now


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_sent_on_before_being_free(seed: int) -> None:
    """Whoever is late, or in a break that has begun, goes to what is new only after that."""
    found = _mended(seed)
    for one in found.proposals:
        routes = {
            (route.caregiver, route.shift): route
            for route in one.plan.routes
            if route.date == found.situation.date
        }
        for hold in found.situation.holds:
            route = routes[hold.caregiver, hold.shift]
            new = [stop for stop in route.stops if stop.visit not in found.situation.fixed]
            assert not new or new[0].start - new[0].travel >= hold.at


@pytest.mark.parametrize("seed", SEEDS)
def test_all_changes_accepted_are_the_proposal(seed: int) -> None:
    """Taking every change gives the proposal itself."""
    found = _mended(seed)
    for one in found.proposals:
        assert accepted(found, one, [change.visit for change in one.changes]) == one


@pytest.mark.parametrize("seed", SEEDS)
def test_some_changes_accepted_are_consistent(seed: int) -> None:
    """Any subset of the groups gives a plan without a breach, with nobody else asked."""
    found, rng = _mended(seed), random.Random(seed)
    one = found.proposals[0]
    visits = [change.visit for change in one.changes if rng.random() < 0.5]
    chosen = closure(one.changes, visits)
    taken = accepted(found, one, chosen, iterations=100)
    assert verify(found.scenario, taken.plan).feasible
    told, proposed = appointments(found.situation.plan), appointments(one.plan)
    for visit, now in appointments(taken.plan).items():
        wanted = proposed[visit] if visit in chosen or visit not in told else told[visit]
        assert set(now.caregivers) == set(wanted.caregivers)
