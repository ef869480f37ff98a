"""Reasons for visits that are left out: rivals, openings and everybody's answer.

Whether each first reason is true is tried in `tests/benchmarks/test_reasons.py`.
"""

from __future__ import annotations

import pytest

from optimizer.explanation import (
    Insertions,
    Obstacle,
    PlanState,
    Standing,
    unserved_visits,
    visit_reasons,
)
from optimizer.explanation.writing import with_positions
from optimizer.travel import travel_matrices
from optimizer.verification import verify
from tests.explanation.days import SEEDS, nobody, planned, reasons_of
from tests.verification.worlds import lane, with_client


@pytest.mark.parametrize("seed", SEEDS)
def test_crowded_out_fits_an_empty_roster(seed: int) -> None:
    """With nobody else served, what was crowded out has openings, and the verifier agrees."""
    insertions = planned(seed)
    scenario = insertions.state.scenario
    empty = Insertions(PlanState.of(scenario, nobody(scenario), insertions.state.matrices))
    for visit in unserved_visits(insertions.state):
        if reasons_of(seed, visit.id).standing is Standing.CROWDED_OUT:
            assert visit_reasons(empty, visit).openings


@pytest.mark.parametrize("seed", SEEDS)
def test_without_its_rivals_a_visit_is_served(seed: int) -> None:
    """The plan with the visit instead of the stops named keeps every rule."""
    insertions = planned(seed)
    state = insertions.state
    for visit in unserved_visits(state):
        for rival in reasons_of(seed, visit.id).rivals:
            plan = with_positions(state, rival.positions)
            assert plan is not None
            verdict = verify(state.scenario, plan, state.matrices)
            assert verdict.feasible
            assert visit.id not in verdict.unserved
            assert set(rival.visits) <= set(verdict.unserved)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_caregiver_has_an_answer(seed: int) -> None:
    """Each carer's part names every caregiver once, and the counts add up."""
    insertions = planned(seed)
    people = sorted(person.id for person in insertions.state.scenario.caregivers)
    for visit in unserved_visits(insertions.state):
        for carer in reasons_of(seed, visit.id).carers:
            assert sorted(one.caregiver for one in carer.against) == people
            barred = [one for one in carer.against if one.obstacle is not None]
            assert sum(carer.counts.values()) == len(barred)


def test_a_refusal_is_told_by_its_name() -> None:
    """Whoever is refused by the client is so on an empty roster as well."""
    scenario = with_client(lane(), "C1", refused=("N1", "N2"))
    insertions = Insertions(PlanState.of(scenario, nobody(scenario), travel_matrices(scenario)))
    found = visit_reasons(insertions, scenario.visits[0])
    assert (found.standing, found.obstacle) == (Standing.PROVEN, Obstacle.REFUSED)
    assert all(one.is_proven for one in found.carers[0].against)
