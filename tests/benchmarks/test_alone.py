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
    insertions = planned(seed)
    state = insertions.state
    for visit in unserved_visits(state):
        standing = visit_reasons(insertions, visit).standing
        if standing is not Standing.FITS:
            can = can_be_alone(state.scenario, state.matrices, visit)
            assert can == (standing is Standing.CROWDED_OUT), visit.id
