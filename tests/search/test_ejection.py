"""Guided ejection: whoever is worth least makes room for an unserved visit."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean

from optimizer.generate import uncoupled_day
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.search.budget import Budget
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Search
from optimizer.stop import AfterIterations

HOT = SearchParameters(few=0, scarce=0.0, warm=40.0)
GUIDED = replace(HOT, guide=0.5)


def costs(data: ProblemData, parameters: SearchParameters, steps: int) -> list[int]:
    """Return what the rosters of six seeds cost after so many steps."""
    budget, stop = Budget(None, steps), AfterIterations(steps)
    return [Search(data, parameters, seed=seed).run(budget, stop).cost for seed in range(1, 7)]


def test_guided_ejection_leaves_less_unserved() -> None:
    """Where the search is hot and hands are short, choosing who has to go saves visits."""
    data = compile_problem(uncoupled_day(60, 8, 3, scarce=0.4))
    assert mean(costs(data, GUIDED, 2_000)) < mean(costs(data, HOT, 2_000))


def test_guided_ejection_repeats_itself() -> None:
    """The same seed and steps give the same roster, and other ones than without."""
    data = compile_problem(uncoupled_day(60, 8, 3, scarce=0.4))
    guided = costs(data, GUIDED, 500)
    assert guided == costs(data, GUIDED, 500)
    assert guided != costs(data, HOT, 500)
