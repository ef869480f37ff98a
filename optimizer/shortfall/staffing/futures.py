"""Whether an answer holds on other days than the one it was found for: drawn with usual chances."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from optimizer.domain.assumption import Assumptions
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.needs import for_engine
from optimizer.shortfall.futures import draw
from optimizer.shortfall.one_future import solve_future
from optimizer.shortfall.staffing.answer import Staffing
from optimizer.shortfall.staffing.drawn_days import OnFutures
from optimizer.travel import TravelMatrices, travel_matrices

FRESH_SEED = 7_919
"Added to the seed of the question: no search has seen these days."
STEPS = 20_000
"Of the search of each day, with hires and without."
_THOUSANDTHS = 1_000


def on_futures(
    answer: Staffing,
    count: int,
    *,
    share: float = 100.0,
    assumptions: Assumptions | None = None,
    seed: int = 1,
    steps: int | None = None,
    is_over: Callable[[], bool] = lambda: False,
) -> Staffing:
    """Return an answer with what it leaves out on drawn days, each planned anew.

    The same luck befalls the same people with and without the hires; the hires have luck as well.

    Parameters
    ----------
    answer
        What was found.
    count
        How many days are drawn (at least 1).
    share
        Part of the visits that is wanted on each, in percent.
    assumptions
        Chances of the days; the usual ones if not given.
    seed
        Seed of the question.
    steps
        Of the search of each day; `STEPS` if not given.
    is_over
        Asked before each day; once it says so, the days so far are told.
    """
    given = Assumptions() if assumptions is None else assumptions
    today, tomorrow = for_engine(answer.scenario), for_engine(answer.scenario_with_hires)
    roads = travel_matrices(tomorrow)
    work = STEPS if steps is None else steps
    rows: list[tuple[int, int, int]] = []
    for replication in range(count):
        if is_over():
            break
        left, visits = _left(tomorrow, roads, answer.team.plan, given, seed, replication, work)
        before, _ = _left(today, roads, answer.base.plan, given, seed, replication, work)
        # With hires nothing gets worse: what was found without them may be done with them.
        rows.append((min(left, before), before, allowed(visits, share)))
    if not rows:
        return answer
    unserved, without, most = zip(*rows, strict=True)
    return replace(answer, futures=OnFutures(share, unserved, without, most))


def allowed(visits: int, share: float) -> int:
    """Return how many of some visits may be left out where a share in percent is made."""
    return visits - -(-round(visits * share * _THOUSANDTHS) // (100 * _THOUSANDTHS))


def _left(
    scenario: Scenario,
    roads: TravelMatrices,
    start: Plan,
    given: Assumptions,
    seed: int,
    replication: int,
    steps: int,
) -> tuple[int, int]:
    """Return how many visits of a drawn day are left out, and how many it has."""
    future = draw(scenario, given, seed=seed + FRESH_SEED, replication=replication)
    solved = solve_future(future.scenario, roads, start, seed=replication, steps=steps)
    return len(solved.verdict.unserved), len(future.scenario.visits)
