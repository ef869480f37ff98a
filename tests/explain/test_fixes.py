"""Fixes: tried, clean, ordered, and as small as they can be."""

from __future__ import annotations

import pytest

from optimizer.explain import Board, FixKind, Places, fixes, unserved_visits
from optimizer.travel import travel_matrices
from optimizer.verify import verify
from tests.explain.days import SEEDS, nobody, planned
from tests.verify.worlds import lane, with_client


@pytest.mark.parametrize("seed", SEEDS)
def test_every_fix_is_clean(seed: int) -> None:
    """The changed scenario and plan keep every rule, serve the visit and lose no other."""
    places = planned(seed)
    left = unserved_visits(places.board)
    for visit in left:
        for fix in fixes(places, visit):
            verdict = verify(fix.scenario, fix.plan)
            assert verdict.feasible
            assert visit.id not in verdict.unserved
            assert set(verdict.unserved) < {one.id for one in left}


@pytest.mark.parametrize("seed", SEEDS)
def test_fixes_come_smallest_first(seed: int) -> None:
    """Minutes first and rising, a caregiver more last, no kind twice."""
    places = planned(seed)
    for visit in unserved_visits(places.board):
        found = fixes(places, visit)
        minutes = [fix.minutes for fix in found if fix.minutes is not None]
        kinds = [fix.kind for fix in found]
        assert minutes == sorted(minutes)
        assert len(set(kinds)) == len(kinds)
        assert FixKind.ONE_MORE not in kinds[:-1]


def test_a_refused_caregiver_is_never_the_fix() -> None:
    """A client's refusal stands; what is proposed is somebody else."""
    scenario = with_client(lane(), "C1", refused=("N1", "N2"))
    places = Places(Board.of(scenario, nobody(scenario), travel_matrices(scenario)))
    assert {fix.kind for fix in fixes(places, scenario.visits[0])} <= {FixKind.ONE_MORE}
