"""The trial of one visit by itself, beside the explanations."""

from __future__ import annotations

import pytest

from benchmarks.alone import can_be_alone
from optimizer.explanation import Standing, unserved_visits, visit_reasons
from tests.explanation.days import SEEDS, planned
from tests.sweeps import few


@pytest.mark.parametrize("seed", few(SEEDS, 4))
def test_trial_and_explanation_agree(seed: int) -> None:
    """What is proven nobody can do by trial, and what is crowded out somebody can, pairs too."""
    places = planned(seed)
    board = places.board
    for visit in unserved_visits(board):
        standing = visit_reasons(places, visit).standing
        if standing is not Standing.FITS:
            can = can_be_alone(board.scenario, board.matrices, visit)
            assert can == (standing is Standing.CROWDED_OUT), visit.id
