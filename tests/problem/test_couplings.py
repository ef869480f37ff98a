"""How ties between visits become arcs between tasks, and which tasks go in at once."""

from __future__ import annotations

from typing import Any

import pytest

from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Coupling, CouplingKind
from optimizer.problem import layout as at
from optimizer.problem.compile import compile_problem
from tests.verification.worlds import lane, visit

TOGETHER, AFTER, APART = CouplingKind.TOGETHER, CouplingKind.AFTER, CouplingKind.APART


def tie(kind: CouplingKind, **fields: Any) -> Coupling:
    """Return a tie between V1 and V2."""
    return Coupling(kind=kind, first="V1", second="V2", **fields)


def house(*couplings: Coupling, carers: tuple[int, int] = (1, 1)) -> Scenario:
    """Return V1 and V2 of client C1 with so many carers, and V3 of client C3."""
    visits = tuple(visit(f"V{n + 1}", "C1", *[30] * carers[n]) for n in (0, 1))
    return lane(visits=(*visits, visit("V3", "C3", 45)), couplings=couplings)


def ties(scenario: Scenario) -> set[tuple[int, int, int, int, int]]:
    """Return task, coupled task, least gap out, least gap in, and whether carers differ."""
    a = compile_problem(scenario).arrays
    return {
        (k, int(a.tie_to[e]), int(a.tie_out[e]), int(a.tie_in[e]), int(a.tie_differ[e]))
        for k in range(len(a.task))
        for e in range(a.tie_ptr[k], a.tie_ptr[k + 1])
    }


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        (house(), set()),  # nothing is tied
        (house(carers=(2, 1)), {(0, 1, 0, 0, 1), (1, 0, 0, 0, 1)}),  # two carers of V1
        (house(tie(TOGETHER)), {(0, 1, 0, 0, 1), (1, 0, 0, 0, 1)}),  # same start, two people
        (
            house(tie(AFTER, min_gap=10, max_gap=40)),
            {(0, 1, 600, -2400, 0), (1, 0, -2400, 600, 0)},
        ),  # 10 to 40 minutes, by anybody
        (
            house(tie(AFTER, min_gap=10, different_caregivers=True)),
            {(0, 1, 600, -at.BIG, 1), (1, 0, -at.BIG, 600, 1)},
        ),  # no upper bound
        (
            house(tie(AFTER, max_gap=40), carers=(2, 1)),
            {
                (0, 1, 0, 0, 1),
                (1, 0, 0, 0, 1),
                (0, 2, 0, -2400, 0),
                (2, 0, -2400, 0, 0),
                (1, 2, 0, -2400, 0),
                (2, 1, -2400, 0, 0),
            },
        ),  # every carer of V1 is tied to V2
        (house(tie(APART, min_days=2)), set()),  # days are no arcs
    ],
)
def test_ties_are_arcs_seen_from_both_ends(
    scenario: Scenario, expected: set[tuple[int, int, int, int, int]]
) -> None:
    """``start[to] >= start + out`` and ``start >= start[to] + in``; BIG where there is none."""
    assert ties(scenario) == expected


@pytest.mark.parametrize(
    ("scenario", "units"),
    [
        (house(), [[0, -1, at.SINGLE], [1, -1, at.SINGLE], [2, -1, at.SINGLE]]),  # no ties
        (house(carers=(2, 1)), [[0, 1, at.BOTH_OR_NONE], [2, -1, 0], [3, -1, 0]]),  # two carers
        (house(tie(TOGETHER)), [[0, 1, at.BOTH_OR_NONE], [2, -1, 0]]),  # both or none
        (house(tie(AFTER, max_gap=180)), [[0, 1, at.IN_SEQUENCE], [2, -1, 0]]),  # three hours
        (house(tie(AFTER, max_gap=181)), [[0, -1, 0], [1, -1, 0], [2, -1, 0]]),  # too loose
        (house(tie(AFTER, min_gap=5)), [[0, -1, 0], [1, -1, 0], [2, -1, 0]]),  # no upper bound
        (
            house(tie(AFTER, max_gap=30), carers=(2, 1)),
            [[0, 1, at.BOTH_OR_NONE], [2, -1, 0], [3, -1, 0]],
        ),  # the two carers come first
    ],
)
def test_what_hangs_closely_together_is_inserted_at_once(
    scenario: Scenario, units: list[list[int]]
) -> None:
    """Both carers, visits together, and visits at most three hours after one another."""
    data = compile_problem(scenario)
    assert data.arrays.unit.tolist() == units
    for number, (one, two, _) in enumerate(units):
        assert data.arrays.task[one, at.UNIT] == number
        assert two < 0 or data.arrays.task[two, at.UNIT] == number


def test_days_apart_are_listed_both_ways() -> None:
    """Without a largest distance the horizon's length stands in."""
    arrays = compile_problem(house(tie(APART, min_days=1), carers=(2, 1))).arrays
    assert arrays.space_ptr.tolist() == [0, 1, 2, 3, 3]
    assert arrays.space_to.tolist() == [2, 2, 0]
    assert set(zip(arrays.space_lo.tolist(), arrays.space_hi.tolist(), strict=True)) == {(1, 1)}
