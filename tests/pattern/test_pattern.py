"""Learned from a roster, laid out over later days, and held against another roster."""

from __future__ import annotations

import datetime as dt

import pytest

from optimizer.domain.pattern import Pattern, Slot
from optimizer.domain.plan import Plan, Route, Stop
from optimizer.domain.policy import Rule
from optimizer.domain.scenario import Scenario
from optimizer.errors import UsageError
from optimizer.matching import Reason
from optimizer.pattern import Cause, Deviation, deviations, laid_out, learned, stability
from optimizer.travel import travel_matrices
from optimizer.verification import verify
from tests.pattern.weeks import HOUR, MONDAY, weeks

NEXT = MONDAY + dt.timedelta(days=7)


def roster(scenario: Scenario, **who: str) -> Plan:
    """Return a roster in which each visit named is made by somebody at eight o'clock."""
    routes = []
    for visit in scenario.visits:
        name = who.get(visit.id.replace("-", "_"), "G1")
        if name == "nobody":
            continue
        stop = Stop(
            visit=visit.id, arrival=8 * HOUR, start=8 * HOUR, end=8 * HOUR + HOUR // 2, travel=0
        )
        routes.append(
            Route(
                caregiver=name,
                date=visit.dates[0],
                departure=8 * HOUR,
                stops=(stop,),
                back=stop.end,
                travel_back=0,
            )
        )
    return Plan(scenario=scenario.id, routes=tuple(routes))


def found_in(scenario: Scenario, plan: Plan, pattern: Pattern) -> list[Deviation]:
    """Return the deviations of a roster."""
    return list(deviations(scenario, plan, pattern, travel_matrices(scenario)))


@pytest.fixture
def pattern() -> Pattern:
    """The pattern of a week in which G1 makes every visit."""
    week = weeks()
    return learned(week, roster(week))


def test_a_pattern_has_a_slot_per_weekday(pattern: Pattern) -> None:
    """Monday, Tuesday, Wednesday and Friday, each as it was."""
    assert [(slot.client, slot.weekday, slot.caregivers) for slot in pattern.slots] == [
        ("C1", 1, ("G1",)),
        ("C2", 2, ("G1",)),
        ("C1", 3, ("G1",)),
        ("C1", 5, ("G1",)),
    ]
    assert all((slot.start, slot.seen, slot.weeks) == (8 * HOUR, 1, 1) for slot in pattern.slots)


def test_the_most_frequent_caregiver_is_learned() -> None:
    """Of three Mondays G2 came on two; a slot says in how many weeks it was so."""
    month = weeks(days=21)
    plan = roster(month, C1_0302="G1", C1_0309="G2", C1_0316="G2")
    (monday,) = (slot for slot in learned(month, plan).slots if slot.weekday == 1)
    assert (monday.caregivers, monday.seen, monday.weeks) == (("G2",), 2, 3)


def test_what_happens_in_fewer_than_half_of_the_weeks_is_no_pattern() -> None:
    """A Monday that took place once in three weeks is left out."""
    month = weeks(days=21)
    plan = roster(month, C1_0302="nobody", C1_0309="nobody")
    assert all(slot.weekday != 1 for slot in learned(month, plan).slots)


def test_a_cycle_of_two_weeks_keeps_both() -> None:
    """Alternating caregivers are a pattern of two weeks, in step with its first Monday."""
    month = weeks(days=28)
    plan = roster(month, C1_0309="G2", C1_0323="G2")
    pattern = learned(month, plan, cycle=2)
    mondays = [(slot.week, slot.caregivers) for slot in pattern.slots if slot.weekday == 1]
    assert mondays == [(1, ("G1",)), (2, ("G2",))]
    later = weeks(MONDAY + dt.timedelta(days=35))
    assert not found_in(later, roster(later, C1_0406="G2"), pattern)


def test_too_few_days_are_refused() -> None:
    """A cycle longer than the days planned cannot be learned, nor a roster without visits."""
    week = weeks()
    with pytest.raises(UsageError, match="needs 14"):
        learned(week, roster(week), cycle=2)
    with pytest.raises(UsageError, match="no visit"):
        learned(week, Plan(scenario=week.id))


def test_the_week_after_is_laid_out_alike(pattern: Pattern) -> None:
    """What a pattern asks for is a roster of the next week that breaks no rule."""
    week = weeks(NEXT)
    plan = laid_out(week, pattern, travel_matrices(week))
    assert verify(week, plan).feasible
    assert len(plan.routes) == 4
    assert not found_in(week, plan, pattern)


def test_somebody_gone_is_not_laid_out(pattern: Pattern) -> None:
    """Visits of a caregiver who has left stay open, and are told as such."""
    week = weeks(NEXT, people=("G2",))
    assert not laid_out(week, pattern, travel_matrices(week)).routes
    found = found_in(week, roster(week, C1_0309="G2"), pattern)
    assert {(one.cause, one.caregiver) for one in found} == {(Cause.GONE, "G1")}


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        (weeks(NEXT, away=[("G1", 0)]), Cause.NO_SHIFT),
        (weeks(NEXT, window=(9, 10)), Cause.WINDOW),
        (weeks(NEXT, refused=("G1",)), Cause.BARRED),
        (weeks(NEXT), Cause.POSSIBLE),
    ],
)
def test_each_deviation_has_its_cause(pattern: Pattern, changed: Scenario, cause: Cause) -> None:
    """Another caregiver on Monday: since G1 is away, the window moved, refused, or for nothing."""
    found = found_in(changed, roster(changed, C1_0309="G2"), pattern)
    (monday,) = (one for one in found if one.visit == "C1-0309")
    assert monday.cause is cause
    assert monday.reason is (Reason.REFUSED if cause is Cause.BARRED else None)


def test_a_rule_that_would_break_is_named(pattern: Pattern) -> None:
    """With one visit a day allowed, the Monday visit of G1 cannot be added to another one."""
    week = weeks(NEXT)
    people = tuple(one.model_copy(update={"visits_per_day": 1}) for one in week.caregivers)
    extra = week.visits[0].model_copy(update={"id": "X", "client": "C2", "services": ("bath",)})
    week = week.model_copy(update={"caregivers": people, "visits": (*week.visits, extra)})
    plan = roster(week, C1_0309="G2", X="nobody")
    at_nine = Stop(visit="X", arrival=9 * HOUR, start=9 * HOUR, end=9 * HOUR + HOUR // 2, travel=0)
    route = Route(
        caregiver="G1", date=NEXT, departure=9 * HOUR, stops=(at_nine,), back=at_nine.end,
        travel_back=0,
    )  # fmt: skip
    plan = plan.model_copy(update={"routes": (*plan.routes, route)})
    (monday,) = (one for one in found_in(week, plan, pattern) if one.visit == "C1-0309")
    assert (monday.cause, monday.rule) == (Cause.RULE, Rule.VISITS_PER_DAY)


def test_a_dearer_place_tells_its_price(pattern: Pattern) -> None:
    """What keeping to the pattern would cost more is what the verifier counts."""
    week = weeks(NEXT)
    client = week.clients[0].model_copy(update={"preferred": ("G2",)})
    week = week.model_copy(update={"clients": (client, week.clients[1])})
    plan, kept = roster(week, C1_0309="G2"), roster(week)
    (monday,) = (one for one in found_in(week, plan, pattern) if one.visit == "C1-0309")
    assert monday.cause is Cause.DEARER
    assert monday.difference == verify(week, kept).cost - verify(week, plan).cost


def test_no_more_are_tried_than_asked_for(pattern: Pattern) -> None:
    """The others are told without a cause."""
    week = weeks(NEXT)
    plan = roster(week, C1_0309="G2", C2_0310="G2")
    causes = [one.cause for one in deviations(week, plan, pattern, travel_matrices(week), most=1)]
    assert causes == [Cause.POSSIBLE, None]


def test_stability_counts_each_likeness(pattern: Pattern) -> None:
    """One other caregiver, one left out, one visit beyond the pattern, one appointment ended."""
    week = weeks(NEXT)
    extra = week.visits[0].model_copy(update={"id": "X", "services": ("bath",)})
    visits = (*(one for one in week.visits if one.id != "C1-0313"), extra)
    week = week.model_copy(update={"visits": visits})
    (kept,) = stability(week, roster(week, C1_0309="G2", C2_0310="nobody"), pattern)
    assert (kept.due, kept.kept, kept.same_caregivers, kept.same_day) == (3, 1, 1, 2)
    assert (kept.beyond, kept.ended) == (1, 1)


def test_a_visit_free_to_choose_its_day_takes_the_slot_that_is_left(pattern: Pattern) -> None:
    """Two visits of one service: the one tied to Monday has it, the other gets Wednesday."""
    week = weeks(NEXT)
    free = week.visits[2].model_copy(update={"id": "A-free", "dates": ()})
    week = week.model_copy(update={"visits": (free, week.visits[0])})
    plan = laid_out(week, pattern, travel_matrices(week))
    days = {stop.visit: route.date for route in plan.routes for stop in route.stops}
    assert days == {"C1-0309": NEXT, "A-free": NEXT + dt.timedelta(days=2)}


def test_a_series_is_one_service_whatever_its_visits_are_called() -> None:
    """Visits of one series are matched with its slots, not by their services."""
    slot = Slot(client="C1", series="S", services=("bath",), weekday=1, start=8 * HOUR,
                caregivers=("G2",))  # fmt: skip
    pattern = Pattern(scenario="s", monday=MONDAY, slots=(slot,))
    week = weeks(NEXT)
    visit = week.visits[0].model_copy(update={"series": "S"})
    week = week.model_copy(update={"visits": (visit, *week.visits[1:])})
    (route,) = laid_out(week, pattern, travel_matrices(week)).routes
    assert (route.caregiver, route.stops[0].visit) == ("G2", visit.id)
