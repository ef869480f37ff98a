"""One caregiver more: estimated for all, tried for some, ranked."""

from __future__ import annotations

from optimizer.explain import Board, hires
from optimizer.generate import uncoupled_day
from optimizer.solve import solve
from optimizer.travel import travel_matrices
from optimizer.verify import verify


def _scarce() -> Board:
    scenario = uncoupled_day(20, 3, 1, scarce=0.3)
    plan = solve(scenario, iterations=200, engine="search").plan
    return Board.of(scenario, plan, travel_matrices(scenario))


def test_hires_are_ranked_and_verified() -> None:
    """Those tried come first by what they save; their plans are clean and none costs more."""
    board = _scarce()
    found = hires(board, seconds=1.5)
    tried = [one for one in found if one.difference is not None]
    assert tried
    assert found[: len(tried)] == tuple(tried)
    savings = [one.difference or 0 for one in tried]
    assert savings == sorted(savings)
    for one in tried:
        assert one.plan is not None
        after = verify(one.scenario, one.plan)
        assert after.feasible
        assert (one.difference or 0) <= 0
        assert len(one.scenario.caregivers) == len(board.scenario.caregivers) + 1


def test_what_fits_into_an_empty_day_is_unserved_now() -> None:
    """The estimate names visits that the plan leaves out, each once."""
    board = _scarce()
    left = {one.visit for one in board.plan.unserved}
    for hire in hires(board, seconds=0.5):
        assert len(set(hire.visits)) == len(hire.visits)
        assert set(hire.visits) <= left
