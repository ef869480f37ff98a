"""A roster changed by hand: immutable plans, figures of the verifier, rules told when broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.domain.plan import Route
from optimizer.domain.policy import Rule
from optimizer.domain.visit import PinnedVisit
from optimizer.errors import InvalidDocument, UsageError
from optimizer.formats import check_scenario, read_plan, read_scenario
from optimizer.replan.by_hand import Roster
from optimizer.replan.changes import ChangeKind, appointments
from optimizer.replan.recommendation import Recommender
from optimizer.units import parse_clock
from optimizer.verification import verify

SCENARIOS = Path(__file__).parents[2] / "scenarios"
DAY = read_scenario(SCENARIOS / "hamlet.json")
PLAN = read_plan(SCENARIOS / "plans" / "hamlet.json")
ROSTER = Roster.of(DAY, PLAN)
SINGLE = [stop.visit for route in PLAN.routes for stop in route.stops
          if len(appointments(PLAN)[stop.visit].caregivers) == 1]  # fmt: skip
PEOPLE = [route.caregiver for route in PLAN.routes]
SHIFT_ENDS = next(one.shifts[0].end for one in DAY.caregivers if one.id == "G001")


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


def test_a_pin_holds_carers_and_time_and_is_undone() -> None:
    """The scenario holds the visit as the roster makes it; unpinned, it is as it was before."""
    visit = "V0011"
    told = appointments(PLAN)[visit]
    made = ROSTER.pinned(visit)
    assert made.scenario is not None
    (pin,) = [one.pin for one in made.scenario.visits if one.id == visit]
    assert pin is not None
    assert (pin.caregivers, pin.date, pin.start) == (told.caregivers, told.date, told.start)
    assert (made.plan, made.difference, made.broken) == (PLAN, 0, ())
    off = ROSTER.unassigned(visit).plan
    assert Rule.PIN not in {one.rule for one in verify(made.scenario, off).violations}
    later = PLAN.model_copy(update={"routes": tuple(map(_one_minute_later, PLAN.routes))})
    assert Rule.PIN in {one.rule for one in verify(made.scenario, later).violations}
    assert Roster.of(made.scenario, PLAN).unpinned(visit).scenario == DAY


def _one_minute_later(route: Route) -> Route:
    stops = tuple(
        stop.model_copy(update={"start": stop.start + 60_000, "end": stop.end + 60_000})
        for stop in route.stops
    )
    return route.model_copy(update={"stops": stops})


def test_a_pin_takes_the_place_of_what_was_fixed_before() -> None:
    """Also of what the scenario fixes by the visit's name; nothing is fixed twice."""
    visit = SINGLE[0]
    pins = (PinnedVisit(visit=visit, start=appointments(PLAN)[visit].start),)
    made = Roster.of(DAY.model_copy(update={"pins": pins}), PLAN).pinned(visit)
    assert made.scenario is not None
    assert made.scenario.pins == ()
    assert check_scenario(made.scenario).faults == ()


def test_what_is_not_made_or_not_fixed_cannot_be_pinned_or_let_go() -> None:
    """A visit that the roster leaves out has no time to be held; a free one has no pin."""
    visit = SINGLE[0]
    with pytest.raises(UsageError, match=visit):
        Roster.of(DAY, ROSTER.unassigned(visit).plan).pinned(visit)
    with pytest.raises(UsageError, match=visit):
        ROSTER.unpinned(visit)


def test_longer_hours_change_no_visit() -> None:
    """Every visit stays; what the verifier counts otherwise is told."""
    who = PEOPLE[0]
    made = ROSTER.with_hours(who, parse_clock("06:00"), parse_clock("20:00"))
    assert made.scenario is not None
    assert made.broken == ()
    assert made.changes == ()
    assert made.difference == verify(made.scenario, PLAN).cost - verify(DAY, PLAN).cost
    hours = [(s.start, s.end) for p in made.scenario.caregivers if p.id == who for s in p.shifts]
    assert hours == [(parse_clock("06:00"), parse_clock("20:00"))]


def test_other_hours_move_visits_only_where_they_must() -> None:
    """A shift that begins five minutes after the way out lets the route begin later, if it may."""
    day = DAY.model_copy(update={"couplings": ()})
    plan = Roster.of(day, PLAN).unassigned("V0007").plan
    (route,) = [one for one in plan.routes if one.caregiver == "G001"]
    made = Roster.of(day, plan).with_hours("G001", route.departure + 5 * 60_000, SHIFT_ENDS)
    assert made.scenario is not None
    assert made.broken == ()
    assert made.verdict == verify(made.scenario, made.plan)
    assert {change.visit for change in made.changes} == {"V0001", "V0002", "V0010"}
    # With V0007 on the route nothing can begin later: the roster stays, what breaks is told.
    tight = Roster.of(day, PLAN).with_hours("G001", route.departure + 5 * 60_000, SHIFT_ENDS)
    assert {one.rule for one in tight.broken} == {Rule.SHIFT}
    assert tight.changes == ()


def test_a_further_shift_before_the_first_one_keeps_the_route() -> None:
    """Shifts are numbered by their start, so the route is that of the second one then."""
    route = PLAN.routes[0]
    made = ROSTER.with_hours(route.caregiver, 0, parse_clock("01:00"), shift=1)
    assert made.scenario is not None
    assert made.plan.routes[0].shift == 1
    assert made.plan.routes[0].stops == route.stops
    assert made.broken == ()


@pytest.mark.parametrize(
    ("caregiver", "hours", "shift", "code"),
    [
        ("G999", ("08:00", "12:00"), 0, "unknown-caregiver"),
        (PEOPLE[0], ("12:00", "08:00"), 0, "shift-reversed"),
        (PEOPLE[0], ("21:00", "22:00"), 5, "no-such-shift"),
        (PEOPLE[0], ("08:00", "12:00"), 1, "shifts-overlap"),
    ],
)
def test_hours_that_cannot_be_are_refused(
    caregiver: str, hours: tuple[str, str], shift: int, code: str
) -> None:
    """With the code that the same new hours have as an event."""
    with pytest.raises(InvalidDocument) as caught:
        ROSTER.with_hours(caregiver, *map(parse_clock, hours), shift=shift)
    assert [fault.code for fault in caught.value.faults] == [code]
