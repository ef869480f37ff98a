"""Fixes: tried, clean, ordered, and as small as they can be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optimizer.explanation import FixKind, Insertions, PlanState, fixes, unserved_visits
from optimizer.explanation.excerpt import is_clean_in
from optimizer.explanation.timeline import NEVER, timed
from optimizer.explanation.writing import with_lines
from optimizer.travel import travel_matrices
from optimizer.units import MS_PER_DAY
from optimizer.verification import verify
from tests.explanation.days import SEEDS, fixes_of, nobody, planned
from tests.verification.worlds import lane, with_client


@pytest.mark.parametrize("seed", SEEDS)
def test_every_fix_is_clean(seed: int) -> None:
    """The changed scenario and plan keep every rule, serve the visit and lose no other."""
    insertions = planned(seed)
    left = unserved_visits(insertions.state)
    for visit in left:
        for fix in fixes_of(seed, visit.id):
            verdict = verify(fix.scenario, fix.plan)
            assert verdict.feasible
            assert visit.id not in verdict.unserved
            assert set(verdict.unserved) < {one.id for one in left}


@pytest.mark.parametrize("seed", SEEDS)
def test_fixes_come_smallest_first(seed: int) -> None:
    """Minutes first and rising, a caregiver more last, no kind twice."""
    insertions = planned(seed)
    for visit in unserved_visits(insertions.state):
        found = fixes_of(seed, visit.id)
        minutes = [fix.minutes for fix in found if fix.minutes is not None]
        kinds = [fix.kind for fix in found]
        assert minutes == sorted(minutes)
        assert len(set(kinds)) == len(kinds)
        assert FixKind.ONE_MORE not in kinds[:-1]


def test_a_refused_caregiver_is_never_the_fix() -> None:
    """A client's refusal stands; what is proposed is somebody else."""
    scenario = with_client(lane(), "C1", refused=("N1", "N2"))
    insertions = Insertions(PlanState.of(scenario, nobody(scenario), travel_matrices(scenario)))
    assert {fix.kind for fix in fixes(insertions, scenario.visits[0])} <= {FixKind.ONE_MORE}


def test_visits_of_two_carers_have_fixes_of_several_kinds() -> None:
    """Windows, shifts and qualifications are tried for pairs as well; two people come."""
    kinds = set()
    for seed in SEEDS:
        insertions = planned(seed)
        for visit in unserved_visits(insertions.state):
            if len(insertions.state.unit(visit)) == 2:
                for fix in fixes_of(seed, visit.id):
                    assert len(set(fix.carers)) == 2
                    assert fix.caregiver in fix.carers
                    kinds.add(fix.kind)
    assert kinds >= {FixKind.BEGIN_LATER, FixKind.SHIFT_EARLIER, FixKind.QUALIFICATION}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_part_is_judged_like_the_whole(seed: int) -> None:
    """Of any stop at any place the verifier says the same by the routes concerned and by all."""
    state = planned(seed).state
    for visit in unserved_visits(state):
        unit = state.unit(visit)
        for key, line in state.lines.items():
            for at in range(len(line.tasks) + 1):
                loose = replace(line, opens=0, closes=NEVER, pause=None)
                tasks = loose.with_task(at, at, unit[0])
                timing = timed(loose, tasks)
                if timing is None or timing.back >= state.ticks(MS_PER_DAY):
                    continue
                changed = replace(state, lines={**state.lines, key: loose})
                plan = with_lines(changed, {key: tasks}, placed=[visit.id])
                assert plan is not None
                verdict = verify(state.scenario, plan, state.matrices)
                is_clean = verdict.feasible and visit.id not in verdict.unserved
                assert is_clean_in(state, plan, {key[0]}, [visit]) == is_clean
