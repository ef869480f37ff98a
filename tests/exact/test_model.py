"""The exact model as a whole: it agrees with the verifier, takes hints and stops when told."""

from __future__ import annotations

import pytest
from ortools.sat.python import cp_model

from optimizer.domain.caregiver import BreakRule
from optimizer.domain.plan import Plan
from optimizer.domain.visit import StartWindow
from optimizer.exact.hints import hint_plan
from optimizer.exact.model import build_model, solve_exact
from optimizer.exact.world import World
from optimizer.progress import Progress
from optimizer.stop import Termination
from optimizer.verification import verify
from tests.exact.solved import proven, words
from tests.verification.worlds import caregiver, lane, roster, route, visit
from tests.worlds.random_small import USUAL, random_small

EVERYTHING = USUAL


@pytest.mark.parametrize("first", range(0, 80, 10))
def test_the_verifier_agrees(first: int) -> None:
    """In small random scenarios the best plan breaks no rule and costs what the model says."""
    for seed in range(first, first + 10):
        scenario = random_small(seed, visits=5, features=EVERYTHING)
        result = solve_exact(scenario, seconds=20, workers=1)
        assert result.plan is not None
        verdict = verify(scenario, result.plan)
        assert [str(violation) for violation in verdict.violations] == []
        assert (result.proven, result.cost) == (True, verdict.cost)


def test_no_seed_finds_a_better_plan_than_the_best() -> None:
    """Another seed and other threads prove the same cost."""
    scenario = random_small(7, features=EVERYTHING)
    costs = {
        solve_exact(scenario, seconds=20, seed=seed, workers=workers).cost
        for seed, workers in ((1, 1), (2, 1), (3, 2))
    }
    assert len(costs) == 1


@pytest.mark.parametrize("seed", [3, 11, 14, 22, 39, 51])
def test_a_best_plan_is_a_complete_hint(seed: int) -> None:
    """With every decision fixed to a best plan's the model is solved, at the same cost."""
    scenario = random_small(seed, features=EVERYTHING)
    result, plan = proven(scenario)
    variables, _ = build_model(World.of(scenario))
    hint_plan(variables, plan)
    solver = cp_model.CpSolver()
    solver.parameters.fix_variables_to_their_hinted_value = True
    solver.parameters.num_workers = 1
    assert solver.solve(variables.model) == cp_model.OPTIMAL
    assert round(solver.objective_value) == result.cost


def test_nobody_waits_for_a_break_that_may_be_taken_later() -> None:
    """From a plan with the break before the visit comes one that begins it as early as it may."""
    pause = BreakRule(duration=30, earliest="11:00", latest="13:00")
    window = StartWindow(earliest="11:00", latest="12:30")
    world = lane(
        caregivers=(caregiver("N1", break_rule=pause),),
        visits=(visit("V1", "C1", 45, window=window),),
    )
    late = roster(route("N1", ("V1", "C1", "11:40", 45), pause=("11:00", "11:30", 0)))
    result = solve_exact(world, seconds=20, workers=1, hint=late)
    assert result.plan is not None
    assert "V1 11:00" in words(result.plan)


def test_a_strange_hint_does_no_harm() -> None:
    """Unknown people and visits in a hint are left out."""
    scenario = lane()
    strange = random_small(2)
    hint = proven(strange)[1].model_copy(update={"scenario": scenario.id})
    assert solve_exact(scenario, seconds=20, workers=1, hint=hint).cost == 80 * 60


def test_an_empty_scenario_is_solved() -> None:
    """Without visits the best plan is empty and costs nothing."""
    result = solve_exact(lane(visits=()), seconds=5, workers=1)
    assert (result.plan, result.cost, result.proven) == (Plan(scenario="lane"), 0, True)


def test_without_caregivers_everything_is_unserved() -> None:
    """A plan is returned even where nobody works."""
    scenario = lane(caregivers=())
    result, plan = proven(scenario)
    assert [left.visit for left in plan.unserved] == ["V1", "V2", "V3"]
    assert {left.reason for left in plan.unserved} == {"nobody_found"}
    assert result.cost == verify(scenario, roster(unserved=("V1", "V2", "V3"))).cost


def test_out_of_time_nothing_is_claimed() -> None:
    """With no time at all there is no plan, and no bound is made up."""
    scenario = random_small(5, visits=15, caregivers=5)
    result = solve_exact(scenario, seconds=1e-6, workers=1)
    assert (result.plan, result.cost, result.lower_bound, result.proven) == (None,) * 3 + (False,)


def test_a_bound_never_exceeds_the_cost() -> None:
    """A run cut short knows a plan, a smaller bound, or neither."""
    scenario = random_small(5, visits=15, caregivers=5)
    result = solve_exact(scenario, seconds=0.5, workers=1)
    if result.cost is not None and result.lower_bound is not None:
        assert 0 <= result.lower_bound <= result.cost
    assert result.proven is (result.cost is not None and result.cost == result.lower_bound)


def test_progress_is_told_and_a_stop_is_obeyed() -> None:
    """The observer hears of better plans in the phase `exact`; a stop ends the run early."""
    heard: list[Progress] = []

    def enough(progress: Progress, /) -> Termination | None:
        return Termination.INTERRUPTED if progress.cost is not None else None

    scenario = random_small(5, visits=20, caregivers=5)
    result = solve_exact(scenario, seconds=60, workers=1, observer=heard.append, stop=enough)
    assert result.plan is not None
    assert result.seconds < 30
    assert {progress.phase for progress in heard} == {"exact"}
    assert any(progress.cost is not None for progress in heard)


def test_an_observer_that_fails_ends_the_run() -> None:
    """An error of the observer reaches the caller, and the solver does not run on."""

    def fail(progress: Progress, /) -> None:
        raise RuntimeError(progress.phase)

    with pytest.raises(RuntimeError, match="exact"):
        solve_exact(random_small(5, visits=20, caregivers=5), seconds=60, observer=fail)
