"""The search as a whole: it repeats itself, ends when told, and takes up plans."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Pin
from optimizer.errors import InternalError
from optimizer.formats import read_plan, read_scenario
from optimizer.generate import coupled_day, uncoupled_day
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.problem.translate import from_plan, to_plan
from optimizer.progress import Observer, Progress, silent
from optimizer.search.budget import Budget
from optimizer.search.kernels.world import T_LEGS
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Search, SearchResult
from optimizer.search.worker import Worker
from optimizer.stop import (
    AfterIterations,
    AfterNoImprovement,
    AfterSeconds,
    FirstOf,
    StoppingCriterion,
    Termination,
    WhenSet,
)
from optimizer.verification import verify
from tests.verification.worlds import (
    clean,
    lane,
    lane_of_two_months,
    roster,
    route,
    with_client,
    with_visit,
)
from tests.worlds.random_small import random_small

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture(scope="module")
def day() -> ProblemData:
    """A day of 60 visits and 8 caregivers with couplings."""
    return compile_problem(coupled_day(60, 8, 1))


def by_steps(data: ProblemData, iterations: int, seed: int = 1, workers: int = 1) -> SearchResult:
    """Search for so many steps."""
    search = Search(data, SearchParameters(), seed=seed, workers=workers)
    return search.run(Budget(None, iterations), AfterIterations(iterations))


def by_clock(
    data: ProblemData, stop: StoppingCriterion, observer: Observer = silent
) -> SearchResult:
    """Search until told to stop, with a budget of a minute."""
    search = Search(data, SearchParameters(), seed=1)
    return search.run(Budget(60.0, None), stop, observer=observer)


def document(data: ProblemData, result: SearchResult) -> str:
    """Return the found plan as JSON."""
    return to_plan(data, result.routes, lambda _: "crowded_out").model_dump_json()


@pytest.mark.parametrize("workers", [1, 2])
def test_seed_and_steps_fix_the_plan(day: ProblemData, workers: int) -> None:
    """Run twice, the search gives the same plan to the byte, on one thread and on two."""
    first, second = (by_steps(day, 2_000, seed=5, workers=workers) for _ in range(2))
    assert document(day, first) == document(day, second)
    assert (first.cost, first.iterations) == (second.cost, second.iterations)


@pytest.mark.parametrize("weight", ["travel", "overtime"])
def test_weights_beyond_32_bits_are_counted(weight: str) -> None:
    """The largest weights that a policy may have give a cost that the verifier confirms."""
    usual = coupled_day(30, 4, 1)
    weights = usual.policy.weights.model_copy(update={weight: 10_000_000_000})
    scenario = usual.model_copy(
        update={"policy": usual.policy.model_copy(update={"weights": weights})}
    )
    data = compile_problem(scenario)
    found = by_steps(data, 200)
    verdict = verify(scenario, to_plan(data, found.routes, lambda _: "crowded_out"))
    assert (verdict.feasible, verdict.cost) == (True, found.cost)


def test_a_cap_begins_anew_with_the_contract_of_the_next_day() -> None:
    """Of two contracts that follow one another, each of one visit, the best plan uses both."""
    scenario = lane_of_two_months()
    data = compile_problem(scenario)
    found = by_steps(data, 200)
    verdict = verify(scenario, to_plan(data, found.routes, lambda _: "crowded_out"))
    assert (verdict.feasible, verdict.cost) == (True, found.cost)
    assert found.cost == (20_300 + 40 + 60) * scenario.ticks_per_minute


def test_small_days_are_searched_in_their_own_way() -> None:
    """Few tasks: many wild steps, no memory of unserved visits; more tasks: as asked for."""
    asked = SearchParameters(few=40, wild=0.1, memory=0.5)
    small = asked.fitted(40)
    assert (small.memory, small.eject) == (0.0, 0.0)
    assert small.wild > asked.wild
    assert asked.fitted(41) == asked


@pytest.mark.parametrize(
    ("num_tasks", "steps", "restarts"),
    [
        (40, 0, 5),  # small: always
        (41, 0, 0),
        (100, 239_999, 0),  # one restart would be one start cut short
        (100, 240_000, 2),
        (100, 399_999, 3),
        (100, 9_000_000, 5),  # no more starts than on a small day
    ],
)
def test_starts_depend_on_tasks_and_steps(num_tasks: int, steps: int, restarts: int) -> None:
    """A small day has its starts; a larger one as many as there are steps per task for."""
    parameters = SearchParameters(few=40, starts=5, restart_steps=800)
    assert parameters.restarts(num_tasks, steps) == restarts


@pytest.mark.parametrize(
    ("visits", "steps", "memory"),
    [
        (20, 200_000, 0.004),  # short: as fast as a visit may grow
        (20, 1_000_000, 0.0008),  # worth twice its price after 1,250 growths of 32 steps
        (128, 1_000_000, 0.0016),  # twice as many as grow at a time: each twice as fast
    ],
)
def test_unserved_visits_grow_more_slowly_in_long_runs(
    visits: int, steps: int, memory: float
) -> None:
    """A visit is worth twice its price after a twenty-fifth of the run at the soonest."""
    data = compile_problem(uncoupled_day(visits, 4, 1))
    worker = Worker(data, SearchParameters(), seed=1, stream=0)
    worker.remember_for(steps)
    assert worker.memory == pytest.approx(memory)


def test_the_search_tells_its_workers_how_long_it_is() -> None:
    """How slowly unserved visits grow in a long run decides where it goes."""
    data = compile_problem(uncoupled_day(100, 14, 1, scarce=0.3))
    plans = []
    for share in (0.01, 1.0):
        parameters = SearchParameters(few=0, memory=0.5, memory_time=share)
        found = Search(data, parameters, seed=1).run(Budget(None, 2_000), AfterIterations(2_000))
        plans.append(document(data, found))
    assert plans[0] != plans[1]


def test_several_starts_of_a_larger_day_repeat_themselves() -> None:
    """Where steps are many for the tasks, other plans are found than in one go, each again."""
    data = compile_problem(coupled_day(30, 8, 1))
    plans = []
    for steps in (5, 5, 1_000_000):
        parameters = SearchParameters(few=0, restart_steps=steps)
        search = Search(data, parameters, seed=1, workers=2)
        result = search.run(Budget(None, 1_500), AfterIterations(1_500))
        plan = to_plan(data, result.routes, lambda _: "crowded_out")
        assert verify(data.scenario, plan).cost == result.cost
        plans.append(document(data, result))
    assert plans[0] == plans[1] != plans[2]


def test_another_seed_finds_another_plan(day: ProblemData) -> None:
    """Seeds matter: three of them give three plans."""
    assert len({document(day, by_steps(day, 50, seed=seed)) for seed in (1, 2, 3)}) == 3


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    "iterations",
    [
        0,  # what has been constructed
        1,  # fewer than workers
        137,  # no round number
        2_000,  # many chunks
    ],
)
def test_steps_are_counted_exactly(day: ProblemData, iterations: int, workers: int) -> None:
    """With one worker to the step; several each do the same number, so at most one more each."""
    result = by_steps(day, iterations, workers=workers)
    assert iterations <= result.iterations < iterations + workers
    assert result.termination is Termination.ITERATIONS


def test_a_day_without_visits_is_searched_in_peace() -> None:
    """No step has a task to begin with, so the search ends at once with the empty plan."""
    empty = compile_problem(lane(visits=()))
    for found in (by_steps(empty, 50), by_clock(empty, AfterSeconds(60.0))):
        assert (found.cost, found.iterations) == (0, 0)
        assert found.termination is Termination.NO_IMPROVEMENT


def test_a_worker_without_visits_does_nothing() -> None:
    """There is no task to draw as a centre, so no step is done and no table read past its end."""
    worker = Worker(compile_problem(lane(visits=())), SearchParameters(), 1, 0)
    worker.construct()
    worker.run(50, 240.0, 240.0)
    assert worker.iterations == 0


def test_no_steps_give_a_constructed_plan(day: ProblemData) -> None:
    """Without a single step most visits are served, and the verifier agrees."""
    result = by_steps(day, 0)
    plan = to_plan(day, result.routes, lambda _: "crowded_out")
    verdict = verify(day.scenario, plan)
    assert verdict.feasible
    assert verdict.cost == result.cost
    assert verdict.served > len(day.scenario.visits) // 2


def test_more_steps_are_never_worse_than_the_constructed_plan(day: ProblemData) -> None:
    """The best plan is kept; its cost falls along the curve, which ends with it."""
    result = by_steps(day, 2_000)
    costs = [cost for _, cost in result.curve]
    assert costs == sorted(set(costs), reverse=True)
    assert costs[-1] == result.cost < by_steps(day, 0).cost


def test_the_search_stops_on_time(day: ProblemData) -> None:
    """It ends by its time at the first look at which that is over."""
    heard: list[float] = []

    def stop(progress: Progress) -> Termination | None:
        heard.append(progress.elapsed)
        return AfterSeconds(0.2)(progress)

    result = by_clock(day, stop)
    assert result.termination is Termination.TIME
    assert heard[-1] >= 0.2
    assert all(elapsed < 0.2 for elapsed in heard[:-1])


def test_the_search_ends_when_nothing_improves() -> None:
    """On a day that is solved at once, it gives up after the time that was asked for."""
    result = by_clock(compile_problem(lane()), AfterNoImprovement(0.1))
    assert result.termination is Termination.NO_IMPROVEMENT


def test_the_search_ends_when_somebody_says_so(day: ProblemData) -> None:
    """An event set while it searches ends it, whatever time is left."""
    event = threading.Event()
    stop = FirstOf((WhenSet(event), AfterSeconds(600)))
    result = by_clock(day, stop, observer=lambda _: event.set())
    assert result.termination is Termination.INTERRUPTED
    assert result.cost <= result.curve[0][1]


def test_a_stop_set_beforehand_still_gives_a_plan(day: ProblemData) -> None:
    """Whoever interrupts before the first step gets what has been constructed."""
    event = threading.Event()
    event.set()
    result = by_clock(day, WhenSet(event))
    assert result.iterations == 0
    assert len(result.routes.tasks) > 0


def test_progress_is_told(day: ProblemData) -> None:
    """About twice a second: growing time and steps, a cost that never rises."""
    told: list[Progress] = []
    result = by_clock(day, AfterSeconds(1.7), told.append)
    assert 2 <= len(told) <= 5
    assert {progress.phase for progress in told} == {"search"}
    assert [p.elapsed for p in told] == sorted(p.elapsed for p in told)
    assert [p.iterations for p in told] == sorted(p.iterations for p in told)
    costs = [progress.cost for progress in told if progress.cost is not None]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] >= result.cost
    assert {progress.ticks_per_minute for progress in told} == {day.scenario.ticks_per_minute}


@pytest.mark.parametrize("iterations", [0, 300])
def test_a_warm_start_is_never_worse(day: ProblemData, iterations: int) -> None:
    """The plan that is handed in is kept until a better one is found."""
    before = by_steps(day, 2_000)
    again = Search(day, SearchParameters(), seed=9).run(
        Budget(None, iterations), AfterIterations(iterations), start=before.routes
    )
    assert again.cost <= before.cost


def test_the_hamlets_best_plan_is_taken_as_it_is() -> None:
    """The shipped plan, which is proven best, comes out again at its cost of 424 minutes."""
    data = compile_problem(read_scenario(SCENARIOS / "hamlet.json"))
    plan = read_plan(SCENARIOS / "plans" / "hamlet.json")
    search = Search(data, SearchParameters(), seed=1)
    result = search.run(Budget(None, 0), AfterIterations(0), start=from_plan(data, plan))
    assert result.cost == 424 * 60
    assert to_plan(data, result.routes, lambda _: "crowded_out") == plan


def warm(scenario: Scenario, plan: Plan) -> tuple[list[str], int]:
    """Start from a plan, take no step; return what the result breaks and how many it serves."""
    data = compile_problem(scenario)
    search = Search(data, SearchParameters(), seed=1)
    result = search.run(Budget(None, 0), AfterIterations(0), start=from_plan(data, plan))
    verdict = verify(scenario, to_plan(data, result.routes, lambda _: "crowded_out"))
    assert verdict.violations or verdict.cost == result.cost
    return [violation.detail for violation in verdict.violations], verdict.served


TWO = with_visit(lane(), "V1", carers=(lane().visits[0].carers[0],) * 2)


@pytest.mark.parametrize(
    ("scenario", "plan"),
    [
        (lane(), clean()),  # breaks no rule
        (with_visit(lane(), "V1", pin=Pin(caregivers=("N2",))), clean()),  # pinned elsewhere
        (with_client(lane(), "C1", refused=("N1",)), clean()),  # the client refuses the caregiver
        (TWO, clean()),  # only one of two carers
        (
            TWO,
            roster(
                route("N1", ("V1", "C1", "08:10", 30), ("V1", "C1", "08:40", 30, 2)),
            ),
        ),  # one caregiver twice
        (
            lane(),
            roster(
                route("N1", ("V1", "C1", "08:10", 30)),
                route("N2", ("V1", "C1", "08:10", 30)),
            ),
        ),  # one visit on two routes
    ],
)
def test_a_plan_that_breaks_rules_is_a_legal_start(scenario: Scenario, plan: Plan) -> None:
    """What comes out keeps every rule, and everybody is served."""
    assert warm(scenario, plan) == ([], 3)


def lawless(scenario: Scenario) -> Scenario:
    """Return the scenario without ties, pins, entitlements, contracts and refusals."""
    nothing = {"refused": (), "gender_wish": None, "entitlements": (), "flags": ()}
    return scenario.model_copy(
        update={
            "couplings": (),
            "contracts": (),
            "clients": tuple(c.model_copy(update=nothing) for c in scenario.clients),
            "visits": tuple(
                v.model_copy(
                    update={
                        "pin": None,
                        "payer": None,
                        "carers": tuple(
                            n.model_copy(update={"qualifications": ()}) for n in v.carers
                        ),
                    }
                )
                for v in scenario.visits
            ),
        }
    )


@pytest.mark.parametrize("case", range(1, 21))
def test_a_plan_made_without_rules_is_a_legal_start(case: int) -> None:
    """Somebody drops the rules, plans, and hands the plan to the day with all its rules."""
    ruled = random_small(case, 6, 3)
    data = compile_problem(lawless(ruled))
    plan = to_plan(data, by_steps(data, 20).routes, lambda _: "crowded_out")
    broken, _ = warm(ruled, plan)
    assert broken == []


def test_a_recount_after_every_step_finds_what_the_search_has_kept() -> None:
    """300 steps on days with every feature, each counted from scratch, show no difference."""
    for case in (3, 8, 21):
        data = compile_problem(random_small(case, 8, 3))
        search = Search(data, SearchParameters(few=0), seed=case, recount=True)
        assert search.run(Budget(None, 300), AfterIterations(300)).iterations == 300


def test_a_recount_tells_of_a_cost_that_is_not_true(day: ProblemData) -> None:
    """Cost that does not come from the routes ends the run as a defect."""
    worker = Worker(day, SearchParameters(), 1, 0, recount=True)
    worker.construct()
    worker.run(5, 100.0, 90.0)
    worker.world.g[T_LEGS] += 1
    with pytest.raises(InternalError, match="counted again"):
        worker.run(1, 90.0, 80.0)
