"""Days on which somebody does better to start later than at the earliest."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from optimizer.domain.caregiver import BreakRule, Shift
from optimizer.domain.place import MatrixTravel, Mode
from optimizer.domain.plan import Plan, Route, Stop
from optimizer.domain.policy import Policy, Term, Weights
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import Coupling, CouplingKind, StartWindow
from optimizer.formats import read_scenario
from optimizer.needs import derive
from optimizer.problem.compile import compile_problem
from optimizer.problem.translate import from_plan
from optimizer.search.budget import Budget
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Search
from optimizer.solving import solve
from optimizer.stop import AfterIterations
from tests.verification.worlds import (
    MONDAY,
    TUESDAY,
    caregiver,
    lane,
    place,
    roster,
    route,
    shifts,
    visit,
)

ITERATIONS = 300
SCENARIOS = Path(__file__).parents[2] / "scenarios"


def searched(scenario: Scenario, start: Plan | None = None) -> tuple[list[tuple[str, int]], int]:
    """Return visits and starts in minutes as the search has them, and the cost."""
    result = solve(scenario, iterations=ITERATIONS, engine="search", start=start)
    stops = [stop for tour in result.plan.routes for stop in tour.stops]
    return [(stop.visit, stop.start // 60_000) for stop in stops], result.cost


def two_days(first: tuple[str, str], second: tuple[str, str], *starts: tuple[str, str]) -> Scenario:
    """Return N1 alone with a shift on each of two days, and a visit of half an hour per window.

    The first visit is on Monday, all others on Tuesday.
    """
    return lane(
        horizon=Horizon(start=MONDAY, days=2),
        caregivers=(
            caregiver(
                "N1",
                shifts=(
                    Shift(date=MONDAY, start=first[0], end=first[1]),
                    Shift(date=TUESDAY, start=second[0], end=second[1]),
                ),
            ),
        ),
        visits=tuple(
            visit(
                f"V{n}",
                "C1",
                30,
                dates=(TUESDAY if n else MONDAY,),
                window=StartWindow(earliest=earliest, latest=latest),
            )
            for n, (earliest, latest) in enumerate(starts)
        ),
    )


@pytest.mark.parametrize(
    "scenario",
    [
        # Home by ten in the morning: the night is long enough although the shift ended at eight.
        two_days(("08:00", "20:00"), ("06:00", "12:00"), ("09:00", "09:30"), ("06:10", "06:30")),
        # An evening and an early shift: what is left of the evening is not worked.
        two_days(
            ("14:00", "22:00"),
            ("06:00", "14:00"),
            ("15:00", "15:10"),
            ("06:30", "06:40"),
            ("09:30", "13:00"),
        ),
    ],
)
def test_a_day_that_ended_early_is_rest_enough(scenario: Scenario) -> None:
    """The night begins with coming back, not with the end of the shift: all is served."""
    assert len(searched(scenario)[0]) == len(scenario.visits)


def test_a_shift_of_the_day_before_that_is_not_worked_takes_no_rest() -> None:
    """An evening without visits leaves the hours after midnight free."""
    scenario = two_days(("22:00", "24:00"), ("00:00", "06:00"), ("08:00", "08:00"), ("02:00",) * 2)
    assert [name for name, _ in searched(scenario)[0]] == ["V1"]


def test_a_late_return_makes_the_next_morning_later() -> None:
    """Back at 21:10, nobody leaves before 08:10: what fits in both windows is served after that."""
    scenario = two_days(
        ("14:00", "22:00"), ("06:00", "14:00"), ("20:30", "20:30"), ("06:30", "09:00")
    )
    assert searched(scenario)[0] == [("V0", 20 * 60 + 30), ("V1", 8 * 60 + 20)]


@pytest.mark.parametrize("engine", ["search", "cp-sat"])
@pytest.mark.parametrize(("latest", "served"), [("09:10", True), ("09:09", False)])
def test_a_break_at_home_lies_within_the_rest(engine: Any, latest: str, served: bool) -> None:
    """Back at 22:00, rested at 09:00: the break from 08:00 to 09:00 at home delays nobody."""
    window = StartWindow(earliest="08:00", latest=latest)
    pause = BreakRule(duration=60, earliest="08:00", latest="08:00", after=60)
    tired = caregiver("N1", rest=660, last_return="22:00", break_rule=pause)
    scenario = lane(caregivers=(tired,), visits=(visit("V1", "C1", 30, window=window),))
    limit: dict[str, Any] = {"iterations": 50} if engine == "search" else {"seconds": 10}
    result = solve(scenario, engine=engine, **limit)
    assert [tour.stops[0].start // 60_000 for tour in result.plan.routes] == [550] * served


def waiting(*visits: tuple[str, str, str]) -> Scenario:
    """Return N1 alone, who pays for waiting, and half an hour per client and window."""
    return lane(
        caregivers=(caregiver("N1"),),
        visits=tuple(
            visit(f"V{client}", client, 30, window=StartWindow(earliest=earliest, latest=latest))
            for client, earliest, latest in visits
        ),
        policy=Policy(weights=Weights(waiting=1)),
    )


def test_the_first_visits_wait_for_the_last_one() -> None:
    """Nobody waits between visits if the first ones may be later."""
    scenario = waiting(("C1", "08:00", "10:30"), ("C2", "11:00", "11:00"))
    assert searched(scenario)[0] == [("VC1", 10 * 60 + 15), ("VC2", 11 * 60)]


@pytest.mark.parametrize(
    ("weights", "start"),
    [
        # A minute late costs less than a minute idle: as late as the next visit allows.
        (Weights(waiting=3, lateness=2, balance=0), 10 * 60 + 15),
        # It costs more: not later than preferred.
        (Weights(waiting=2, lateness=3, balance=0), 9 * 60),
    ],
)
def test_a_visit_is_late_where_waiting_costs_more(weights: Weights, start: int) -> None:
    """Idle time is bought off with lateness as long as that is the cheaper one."""
    scenario = waiting(("C1", "08:00", "11:00"), ("C2", "11:00", "11:00"))
    first, second = scenario.visits
    late = first.model_copy(update={"preferred_until": 9 * 60 * 60_000})
    scenario = scenario.model_copy(
        update={"visits": (late, second), "policy": Policy(weights=weights)}
    )
    assert searched(scenario)[0] == [("VC1", start), ("VC2", 11 * 60)]
    data = compile_problem(scenario)
    budget = Budget(None, ITERATIONS)
    found = Search(data, SearchParameters()).run(budget, AfterIterations(ITERATIONS))
    assert found.cost == solve(scenario, seconds=20, engine="cp-sat").cost


def test_a_roster_of_the_least_waiting_is_kept() -> None:
    """Coupled visits wait for one another; a search from the best roster keeps what it costs."""
    scenario = waiting(("C1", "08:00", "12:00"), ("C2", "11:00", "11:00")).model_copy(
        update={
            "caregivers": (caregiver("N1"), caregiver("N2")),
            "visits": (
                visit("V1", "C1", 30),
                visit("V2", "C1", 30),
                visit("V3", "C2", 30, window=StartWindow(earliest="11:00", latest="11:00")),
                visit("V4", "C3", 30, window=StartWindow(earliest="12:00", latest="12:00")),
            ),
            "couplings": (Coupling(kind=CouplingKind.TOGETHER, first="V1", second="V2"),),
        }
    )
    best = solve(scenario, seconds=20, engine="cp-sat")
    assert searched(scenario, best.plan)[1] == searched(scenario)[1] == best.cost
    data = compile_problem(scenario)
    search = Search(data, SearchParameters())
    assert search.taken(from_plan(data, best.plan))[1] >= best.cost


def published() -> Scenario:
    """Return the lane with N1's visits published later than they could be."""
    tour = route("N1", ("V1", "C1", "09:30", 30), ("V2", "C2", "11:00", 60))
    return lane(published=roster(tour, unserved=("V3",)))


def test_published_starts_are_kept_where_earlier_ones_are_possible() -> None:
    """Both visits are begun when the published roster says, the third one where it fits."""
    scenario = published()
    tolerance = scenario.policy.disruption_tolerance // 60_000
    found, cost = searched(scenario)
    starts = dict(found)
    assert abs(starts["V1"] - (9 * 60 + 30)) <= tolerance
    assert abs(starts["V2"] - 11 * 60) <= tolerance
    assert "V3" in starts
    assert cost == solve(scenario, seconds=20, engine="cp-sat").cost


def test_a_day_of_waiting_for_published_starts_costs_no_disruption() -> None:
    """Seventeen visits one after the other, the first two hours after the shift begins."""
    names = [f"V{n}" for n in range(1, 18)]
    minutes = [[abs(a - b) * 10 for b in range(3)] for a in range(3)]
    starts = [9 * 60 + 20 * n for n in range(17)]
    tour = Route(
        caregiver="N1",
        date=MONDAY,
        departure="08:30",
        stops=tuple(
            Stop(
                visit=name,
                arrival=clock(start),
                start=clock(start),
                end=clock(start + 20),
                travel=0,
            )
            for name, start in zip(names, starts, strict=True)
        ),
        back="15:30",
        travel_back=10,
    )
    scenario = lane(
        caregivers=(caregiver("N1"),),
        clients=tuple(client.model_copy(update={"home": place(1)}) for client in lane().clients),
        visits=tuple(visit(name, "C1", 20) for name in names),
        travel=MatrixTravel(minutes={Mode.EBIKE: tuple(map(tuple, minutes))}),
        published=roster(tour),
    )
    result = solve(scenario, iterations=ITERATIONS, engine="search")
    assert result.cost_breakdown[Term.DISRUPTION] == 0
    assert result.plan.unserved == ()


def clock(minutes: int) -> str:
    """Return minutes since midnight as a time."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def test_an_unchanged_published_roster_is_planned_as_it_is() -> None:
    """A district's day planned from its own published roster: nobody and nothing is moved."""
    scenario = derive(read_scenario(SCENARIOS / "zhenhai-day-m.json")).scenario
    plan = solve(scenario, iterations=20_000, engine="search").plan
    again = scenario.model_copy(update={"published": plan})
    result = solve(again, iterations=1_000, engine="search", start=plan)
    assert result.cost_breakdown[Term.DISRUPTION] == 0
    assert who_and_when(result.plan) == who_and_when(plan)


def who_and_when(plan: Plan) -> set[tuple[str, int, str, dt.date, int]]:
    """Return who makes each visit and when it starts."""
    return {
        (stop.visit, stop.carer, tour.caregiver, tour.date, stop.start)
        for tour in plan.routes
        for stop in tour.stops
    }


def test_shifts_on_both_days_are_worked_where_nothing_binds() -> None:
    """Nine to five on two days leaves the night alone: no pair of routes is tied."""
    scenario = lane(
        horizon=Horizon(start=MONDAY, days=2),
        caregivers=(caregiver("N1", shifts=shifts(MONDAY, TUESDAY)),),
    )
    assert compile_problem(scenario).arrays.rest.tolist() == []
