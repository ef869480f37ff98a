"""Everybody planned anew for one visit: clean, no dearer change than the frozen one, bounded."""

from __future__ import annotations

import threading

import pytest

from optimizer.explanation import fixes, unserved_visits
from optimizer.replan import ReplanAnswer, replanned
from optimizer.stop import WhenSet
from optimizer.verification import verify
from tests.explanation.days import planned

SOME = range(6)
"Days of which the plan leaves somebody out."
SECONDS = 1.0


def _answers(seed: int) -> list[tuple[str, ReplanAnswer]]:
    insertions = planned(seed)
    left = unserved_visits(insertions.state)[:1]
    assert left
    return [(visit.id, replanned(insertions, visit, seconds=SECONDS)) for visit in left]


@pytest.mark.parametrize("seed", SOME)
def test_what_is_found_serves_the_visit_and_leaves_out_nothing_as_urgent(seed: int) -> None:
    """The verifier finds no breach; visits newly left out have less priority."""
    insertions = planned(seed)
    index = insertions.state.index
    rank = {"flexible": 0, "essential": 1, "critical": 2}
    before = verify(insertions.state.scenario, insertions.state.plan)
    for visit, answer in _answers(seed):
        if (best := answer.best) is None:
            continue
        scenario = insertions.state.scenario if best.fix is None else best.fix.scenario
        after = verify(scenario, best.plan)
        assert after.feasible
        assert visit not in after.unserved
        assert best.difference == after.cost - before.cost == sum(best.terms.values())
        assert set(best.lost) == set(after.unserved) - set(before.unserved)
        for lost in best.lost:
            assert rank[index.visit[lost].priority] < rank[index.visit[visit].priority]


@pytest.mark.parametrize("seed", SOME)
def test_planning_anew_needs_no_more_than_leaving_all_as_they_are(seed: int) -> None:
    """The change found has at most the minutes of the smallest frozen one."""
    insertions = planned(seed)
    for visit, answer in _answers(seed):
        frozen = [
            fix.minutes
            for fix in fixes(insertions, insertions.state.index.visit[visit])
            if fix.minutes is not None
        ]
        if frozen:
            assert answer.best is not None
            if answer.best.fix is not None:
                assert answer.best.fix.minutes is not None
                assert answer.best.fix.minutes <= min(frozen)


def test_an_interrupt_ends_it_with_what_is_known() -> None:
    """Nothing more is solved once the stop is set, and the answer says that it is not complete."""
    insertions = planned(SOME[0])
    visit = unserved_visits(insertions.state)[0]
    event = threading.Event()
    event.set()
    answer = replanned(insertions, visit, seconds=30.0, stop=WhenSet(event))
    assert not answer.is_complete
    assert answer.tried <= 1
