"""Couplings between visits → ties in time, distances in days, and units of insertion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy import int8, int64
from numpy.typing import NDArray

from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import CouplingKind
from optimizer.problem import layout as at
from optimizer.units import to_ticks

LOOSEST_PAIR = 3 * 60
"Minutes: visits that may start further apart than this are inserted one by one."


class Ties(NamedTuple):
    """Coupled tasks, per task; see ``tie_*`` of `optimizer.problem.layout.Arrays`."""

    ptr: NDArray[int64]
    to: NDArray[int64]
    out: NDArray[int64]
    back: NDArray[int64]
    differ: NDArray[int8]


class Spaces(NamedTuple):
    """Tasks to keep some days apart; see ``space_*`` of `optimizer.problem.layout.Arrays`."""

    ptr: NDArray[int64]
    to: NDArray[int64]
    lo: NDArray[int64]
    hi: NDArray[int64]
    side: NDArray[int64]


def compile_ties(scenario: Scenario, first_task: Mapping[str, int]) -> Ties:
    """Tie both carers of a visit, and visits coupled ``together`` or ``after``.

    Parameters
    ----------
    scenario
        A scenario without faults.
    first_task
        Per visit, the task of its first carer.
    """
    tpm = scenario.ticks_per_minute
    carers = {visit.id: len(visit.carers) for visit in scenario.visits}
    lists: list[list[tuple[int, ...]]] = [[] for _ in range(sum(carers.values()))]

    def tie(a: int, b: int, lo: int, hi: int, differ: int) -> None:
        # start[b] >= start[a] + lo and start[a] >= start[b] - hi, seen from both ends.
        back = -at.BIG if hi >= at.BIG else -hi
        lists[a].append((b, lo, back, differ))
        lists[b].append((a, back, lo, differ))

    for visit in scenario.visits:
        if carers[visit.id] == 2:
            tie(first_task[visit.id], first_task[visit.id] + 1, 0, 0, 1)
    for coupling in scenario.couplings:
        if coupling.kind is CouplingKind.APART:
            continue
        together = coupling.kind is CouplingKind.TOGETHER
        lo = 0 if together else to_ticks(coupling.min_gap, tpm)
        hi = 0 if together else at.BIG
        if not together and coupling.max_gap is not None:
            hi = to_ticks(coupling.max_gap, tpm)
        for a in range(carers[coupling.first]):
            for b in range(carers[coupling.second]):
                one, two = first_task[coupling.first] + a, first_task[coupling.second] + b
                tie(one, two, lo, hi, int(together or coupling.different_caregivers))
    ptr, (to, out, back, differ) = _flat(lists, 4)
    return Ties(ptr, to, out, back, differ.astype(int8))


def compile_spaces(scenario: Scenario, first_task: Mapping[str, int]) -> Spaces:
    """Keep visits coupled ``apart`` apart; parameters as for `compile_ties`."""
    carers = {visit.id: len(visit.carers) for visit in scenario.visits}
    lists: list[list[tuple[int, ...]]] = [[] for _ in range(sum(carers.values()))]
    for coupling in scenario.couplings:
        if coupling.kind is not CouplingKind.APART:
            continue
        hi = scenario.horizon.days if coupling.max_days is None else coupling.max_days
        later = int(coupling.ordered)
        for one, two, side in (
            (coupling.first, coupling.second, later),
            (coupling.second, coupling.first, -later),
        ):
            for a in range(carers[one]):
                lists[first_task[one] + a].append((first_task[two], coupling.min_days, hi, side))
    ptr, fields = _flat(lists, 4)
    return Spaces(ptr, *fields)


def compile_units(scenario: Scenario, first_task: Mapping[str, int]) -> NDArray[int64]:
    """Pair up tasks that are best inserted at once; the rest are units of their own.

    Parameters as for `compile_ties`.
    """
    units: list[tuple[int, int, int]] = []
    taken: set[str] = set()
    for visit in scenario.visits:
        if len(visit.carers) == 2:
            units.append((first_task[visit.id], first_task[visit.id] + 1, at.BOTH_OR_NONE))
            taken.add(visit.id)
    pairs = [c for c in scenario.couplings if c.kind is not CouplingKind.APART]
    pairs.sort(key=lambda c: (c.kind is not CouplingKind.TOGETHER, c.max_gap or 0))
    for coupling in pairs:
        together = coupling.kind is CouplingKind.TOGETHER
        tight = coupling.max_gap is not None and coupling.max_gap <= LOOSEST_PAIR * 60_000
        if {coupling.first, coupling.second} & taken or not (together or tight):
            continue
        kind = at.BOTH_OR_NONE if together else at.IN_SEQUENCE
        units.append((first_task[coupling.first], first_task[coupling.second], kind))
        taken |= {coupling.first, coupling.second}
    units += [(first_task[v.id], -1, at.SINGLE) for v in scenario.visits if v.id not in taken]
    return np.array(sorted(units), int64).reshape(-1, 3)


def _flat(
    lists: Sequence[Sequence[tuple[int, ...]]], width: int
) -> tuple[NDArray[int64], list[NDArray[int64]]]:
    """Return pointer array and one array per field of the rows' entries."""
    ptr = np.zeros(len(lists) + 1, int64)
    np.cumsum([len(entries) for entries in lists], out=ptr[1:])
    flat = np.array([e for entries in lists for e in entries], int64).reshape(-1, width)
    return ptr, [np.ascontiguousarray(flat[:, f]) for f in range(width)]
