"""The engines one after the other: search, proof, dive, search again."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest

from optimizer import strategy
from optimizer.bound.lower_bound import Proof
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.generate import uncoupled_day
from optimizer.progress import Progress
from optimizer.result import Result
from optimizer.solving import solve
from optimizer.stop import Termination, WhenSet
from optimizer.verification import verify


def phases(heard: list[Progress]) -> list[str]:
    """Return the phases in order, each once per time it is entered."""
    entered: list[str] = []
    for progress in heard:
        if progress.phase in ("search", "bound") and entered[-1:] != [progress.phase]:
            entered.append(progress.phase)
    return entered


@dataclass(frozen=True)
class Run:
    """A solve by the clock, and what was told and kept on its way."""

    scenario: Scenario
    result: Result
    heard: list[Progress]
    kept: list[Plan]


@pytest.fixture(scope="module")
def run() -> Run:
    """Give a run of three seconds on a day that is proven soon, each better plan kept."""
    scenario = uncoupled_day(60, 9, 1)
    heard: list[Progress] = []
    kept: list[Plan] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("optimizer.search.search.KEEP_SECONDS", 0.0)
        result = solve(scenario, seconds=3, proof=0.3, observer=heard.append, keep=kept.append)
    return Run(scenario, result, heard, kept)


def test_a_day_that_is_proven_soon_is_searched_again(run: Run) -> None:
    """After the proof a plan is made of its routes, and the search goes on from there."""
    result = run.result
    assert phases(run.heard)[-2:] == ["bound", "search"]
    elapsed = [each.elapsed for each in run.heard if each.phase in ("search", "bound")]
    assert elapsed == sorted(elapsed)
    assert result.lower_bound is not None
    assert result.lower_bound <= result.cost
    assert verify(run.scenario, result.plan).feasible
    costs = [progress.cost for progress in run.heard if progress.cost is not None]
    assert costs == sorted(costs, reverse=True), "the best plan so far never gets worse"
    assert [cost for _, cost in result.curve] == sorted(
        {cost for _, cost in result.curve}, reverse=True
    )
    assert result.curve[-1][1] == result.cost


def test_only_better_plans_are_kept(run: Run) -> None:
    """What is kept while the search goes on from the proof's plan is never worse than before."""
    costs = [verify(run.scenario, plan).cost for plan in run.kept]
    assert costs
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] >= run.result.cost


def test_a_dive_that_fails_leaves_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no plan can be made of the proof's routes, the search goes on from its own."""
    monkeypatch.setattr(Proof, "dive", lambda *_, **__: None)
    result = solve(uncoupled_day(60, 9, 1), seconds=2, proof=0.3)
    assert result.plan.unserved == ()


def test_a_larger_day_is_searched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the proof will not get far enough, the search is not cut in two."""
    monkeypatch.setattr(strategy, "DIVE_PAIRS_PER_SECOND", 0)
    heard: list[Progress] = []
    solve(uncoupled_day(60, 9, 1), seconds=1, proof=0.3, observer=heard.append)
    assert phases(heard) == ["search", "bound"]


def test_stopped_while_proving_the_plan_is_handed_over() -> None:
    """Whoever stops during the proof gets the plan of the search at once."""
    event = threading.Event()

    def observer(progress: Progress) -> None:
        if progress.phase == "bound":
            event.set()

    result = solve(uncoupled_day(60, 9, 1), seconds=20, observer=observer, stop=WhenSet(event))
    assert result.termination in (Termination.INTERRUPTED, Termination.OPTIMAL)
    assert result.plan.routes
