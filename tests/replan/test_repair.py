"""A roster mended after something has happened: least change, facts kept, nothing broken."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import pytest

from optimizer.domain.client import Flag
from optimizer.domain.event import (
    Absent,
    Actual,
    Cancelled,
    Event,
    Events,
    InHospital,
    Late,
    Leaves,
    Longer,
    NewHours,
    RoadClosed,
)
from optimizer.domain.place import Slowdown
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.errors import InvalidDocument
from optimizer.formats import check_events, read_plan, read_scenario
from optimizer.prepare import Prepared, prepare
from optimizer.replan.acceptance import accepted, closure
from optimizer.replan.changes import ChangeKind, appointments
from optimizer.replan.repair import Proposal, Repair, repair
from optimizer.replan.situation import situation
from optimizer.solving import solve
from optimizer.travel import travel_matrices
from optimizer.verification import verify
from tests.worlds.random_small import random_small

SEEDS = (*range(24), 145, 648, 843, 964)
"""145: a break before the first visit was skipped; 648: one ahead is; 843: dear visits that nobody
was promised drove out one that was over; 964: a shift is over."""
SCENARIOS = Path(__file__).parents[2] / "scenarios"
HOUR = 3_600_000
MINUTE = 60_000


@cache
def _day(seed: int) -> tuple[Prepared, Plan]:
    prepared = prepare(random_small(seed, 14, 4))
    return prepared, solve(prepared, iterations=300, engine="search").plan


def _reports(seed: int, now: int) -> list[Event]:
    """Draw when some visits that were to have begun really began, and how long they took."""
    plan, rng = _day(seed)[1], random.Random(seed + 1)
    found: list[Event] = []
    date = _day(seed)[0].scenario.horizon.start
    for route in plan.routes:
        if route.date != date or rng.random() < 0.3:
            continue
        ready = 0
        for stop in route.stops:
            start = max(ready, stop.start + rng.randint(-15, 30) * MINUTE)
            end = start + max(MINUTE, stop.end - stop.start + rng.randint(-10, 40) * MINUTE)
            if any(isinstance(one, Actual) and one.visit == stop.visit for one in found):
                break
            if start > now or rng.random() < 0.2:
                break
            found.append(Actual(visit=stop.visit, start=start, end=end if end <= now else None))
            ready = end
    return found


def _mishap(seed: int) -> list[Event]:
    """Draw new hours, a stay in hospital, or a closed road."""
    prepared, plan = _day(seed)
    rng, scenario = random.Random(seed + 2), prepared.scenario
    of_day = {shift.date for person in scenario.caregivers for shift in person.shifts}
    who = rng.choice(scenario.caregivers)
    drawn: list[Event] = [InHospital(client=rng.choice(scenario.clients).id, since="11:00")]
    if scenario.horizon.start in of_day and all(
        sum(shift.date == scenario.horizon.start for shift in person.shifts) <= 1
        for person in (who,)
    ):
        drawn.append(NewHours(caregiver=who.id, start="09:30", end="15:00"))
    towns = sorted({client.town for client in scenario.clients if client.town})
    if towns and scenario.horizon.days == 1:
        drawn.append(RoadClosed(town=rng.choice(towns), factor=1.7))
    return [rng.choice(drawn)] if plan.routes else []


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
    if seed % 2:
        drawn = _mishap(seed)
        if now is not None:
            drawn += _reports(seed, now)
    events = Events(now=now, events=tuple(drawn))
    prepared = _day(seed)[0]
    return Events() if check_events(events, prepared.for_engine, plan).faults else events


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
    real = {e.visit: e for e in _events(seed).events if isinstance(e, Actual)}
    for one in found.proposals:
        now = appointments(one.plan)
        mates = {v for tie in found.scenario.couplings for v in (tie.first, tie.second)}
        for visit in found.situation.fixed & set(real) - mates:
            assert now[visit].start == real[visit].start
            assert real[visit].end in (None, now[visit].end)
        if real:
            continue
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


def _hamlet() -> tuple[Scenario, Plan]:
    return read_scenario(SCENARIOS / "hamlet.json"), read_plan(SCENARIOS / "plans" / "hamlet.json")


def test_what_breaks_a_rule_that_cannot_give_way_is_told() -> None:
    """An infectious client who was really visited before another one cannot be planned around."""
    day, plan = _hamlet()
    route = next(one for one in plan.routes if len(one.stops) > 1)
    first, last = route.stops[0].visit, route.stops[-1].visit
    ill = next(visit.client for visit in day.visits if visit.id == last)
    clients = tuple(
        one.model_copy(update={"flags": (Flag.INFECTIOUS,)}) if one.id == ill else one
        for one in day.clients
    )
    day = day.model_copy(update={"clients": clients})
    reports = (
        Actual(visit=last, start="08:00", end="08:30"),
        Actual(visit=first, start="10:00", end="10:30"),
    )
    with pytest.raises(InvalidDocument, match="infectious"):
        repair(day, plan, Events(now="11:00", events=reports), iterations=10)


def test_a_closed_road_slows_what_has_not_begun_only() -> None:
    """Ways on which somebody has set out take what was told; the scenario keeps the rest."""
    day, plan = _hamlet()
    clients = tuple(one.model_copy(update={"town": "east"}) for one in day.clients)
    day = day.model_copy(update={"clients": clients})
    road = RoadClosed(town="east", factor=2)
    found = repair(day, plan, Events(now="10:00", events=(road,)), iterations=100)
    assert found.scenario.travel.slowdowns == (Slowdown(town="east", factor=2),)
    told = {stop.visit: stop for route in plan.routes for stop in route.stops}
    usual = travel_matrices(day).table
    assert (found.situation.matrices.table > usual).any()
    for stop in (stop for route in found.proposals[0].plan.routes for stop in route.stops):
        if stop.visit in found.situation.fixed:
            assert stop.start == told[stop.visit].start
    assert verify(found.scenario, found.proposals[0].plan).feasible


def test_what_is_over_is_no_call() -> None:
    """A visit that really began an hour late is a fact, and nobody is called about it."""
    day, plan = _hamlet()
    first = plan.routes[0].stops[0]
    late = Actual(visit=first.visit, start=first.start + HOUR)
    found = repair(day, plan, Events(now=first.start + HOUR, events=(late,)), iterations=100)
    for one in found.proposals:
        assert first.visit not in {change.visit for change in one.changes}
        assert appointments(one.plan)[first.visit].start == first.start + HOUR


def test_the_freeze_is_the_policys() -> None:
    """What begins within the policy's freeze is frozen, unless the call says otherwise."""
    day, plan = _hamlet()
    events = Events(now="09:00", events=(Absent(caregiver=plan.routes[0].caregiver),))
    policy = day.policy.model_copy(update={"freeze": 10 * HOUR})
    long = situation(day.model_copy(update={"policy": policy}), plan, events)
    assert situation(day, plan, events).frozen < long.frozen
    assert situation(day, plan, events, freeze=10 * HOUR).frozen == long.frozen


def test_new_hours_put_somebody_to_work_who_had_none() -> None:
    """A caregiver without a shift can be called in, and takes what the one who is sick cannot."""
    day, plan = _hamlet()
    sick = plan.routes[0].caregiver
    reserve = next(one for one in day.caregivers if one.id == sick)
    reserve = reserve.model_copy(update={"id": "reserve", "shifts": ()})
    day = day.model_copy(update={"caregivers": (*day.caregivers, reserve)})
    hours = NewHours(caregiver="reserve", start="07:00", end="19:00")
    found = repair(day, plan, Events(events=(Absent(caregiver=sick), hours)), iterations=300)
    first = found.proposals[0]
    assert first.lost == ()
    assert "reserve" in {route.caregiver for route in first.plan.routes}


def test_what_took_longer_pushes_what_came_after_it() -> None:
    """Told afterwards that a visit took an hour more, what came after it began later."""
    day, plan = _hamlet()
    route = next(one for one in plan.routes if len(one.stops) > 2)
    first, second = route.stops[:2]
    longer = Longer(visit=first.visit, minutes=60)
    found = repair(day, plan, Events(now=second.end + HOUR, events=(longer,)), iterations=50)
    assert {first.visit, second.visit} <= found.situation.fixed
    now = appointments(found.proposals[0].plan)
    assert now[first.visit].end == first.end + HOUR
    assert now[second.visit].start >= first.end + HOUR
    assert verify(found.scenario, found.proposals[0].plan).feasible
