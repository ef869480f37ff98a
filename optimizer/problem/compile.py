"""Scenario → frozen arrays: every conversion of units and ids happens here, once."""

from __future__ import annotations

import numpy as np
from numpy import int32, int64
from numpy.typing import NDArray

from optimizer.domain.index import ScenarioIndex
from optimizer.domain.policy import COUNTED
from optimizer.domain.scenario import Scenario
from optimizer.problem import layout as at
from optimizer.problem.accounts import (
    burdens,
    contract_table,
    counts_contracts,
    face_caps,
    face_prices,
    fair_shares,
    own_carers,
)
from optimizer.problem.caregiver_days import compile_days
from optimizer.problem.couplings import compile_spaces, compile_ties, compile_units
from optimizer.problem.data import ProblemData, Task
from optimizer.problem.eligibility_rows import compile_rows
from optimizer.problem.near_routes import near_routes
from optimizer.problem.neighbours import far_times, near_tasks
from optimizer.problem.purses import compile_purses
from optimizer.problem.tariffs import compile_tariffs
from optimizer.problem.task_table import compile_tasks, first_tasks
from optimizer.problem.unserved_price import price_unserved
from optimizer.travel.matrix import TravelMatrices, travel_matrices
from optimizer.units import to_ticks

TILE = 250
"Places on a side of what is compared at a time."


def compile_problem(scenario: Scenario, matrices: TravelMatrices | None = None) -> ProblemData:
    """Compile a checked scenario to arrays.

    Parameters
    ----------
    scenario
        A scenario without faults (see `optimizer.formats.check_scenario`).
    matrices
        Its travel matrices, if already at hand.

    Raises
    ------
    InputError
        If the policy's weights make a fixed price larger than 2**31 - 1.
    """
    matrices = travel_matrices(scenario) if matrices is None else matrices
    index = ScenarioIndex.of(scenario)
    tasks = tuple(
        Task(v, c)
        for v, visit in enumerate(scenario.visits)
        for c in range(1, len(visit.carers) + 1)
    )
    first_task = first_tasks(scenario)
    days, tables = compile_days(scenario, matrices)
    task = compile_tasks(scenario, matrices, tasks)
    rows = compile_rows(index, tasks, task, tables.route)
    task[:, at.ROW] = rows.row_of
    purses = compile_purses(scenario, tasks)
    tariffs = compile_tariffs(index, tasks)
    task[:, at.PURSE_FROM], task[:, at.PURSE_UNTIL] = purses.ptr[:-1], purses.ptr[1:]
    unit = compile_units(scenario, first_task)
    for u, (one, two, _) in enumerate(unit):
        task[one, at.UNIT] = u
        if two >= 0:
            task[two, at.UNIT] = u
    hard, evening, weekend = burdens(index, task[:, at.VISIT])
    ties = compile_ties(scenario, first_task)
    spaces = compile_spaces(scenario, first_task)
    # Kernels index the first mode even where nobody travels.
    travel = matrices.table if matrices.modes else np.zeros((1, 1, 1), int32)
    travel_from = _turned(travel)
    arrays = at.Arrays(
        task=task,
        route=tables.route,
        travel=travel,
        travel_from=travel_from,
        metres=np.zeros((1, 1), int32) if matrices.metres is None else matrices.metres,
        row_ptr=rows.ptr,
        row_route=rows.routes,
        allowed=rows.allowed,
        price=rows.price,
        price_short=rows.price_short,
        day_price=rows.day_price,
        covered=rows.covered,
        cover_ptr=rows.cover_ptr,
        cover=rows.cover,
        contract=contract_table(index),
        tariff_of=tariffs.of,
        tariff=tariffs.table,
        purse=purses.purse,
        period=purses.period,
        payer_cap=purses.caps,
        day_limit=tables.day_limit,
        week_limit=tables.week_limit,
        month_limit=tables.month_limit,
        streak=tables.streak,
        calendar=tables.calendar,
        fair=fair_shares(scenario),
        face_price=face_prices(scenario),
        face_cap=face_caps(index),
        own_carer=own_carers(scenario),
        hard=hard,
        evening=evening,
        weekend=weekend,
        tie_ptr=ties.ptr,
        tie_to=ties.to,
        tie_out=ties.out,
        tie_in=ties.back,
        tie_differ=ties.differ,
        space_ptr=spaces.ptr,
        space_to=spaces.to,
        space_lo=spaces.lo,
        space_hi=spaces.hi,
        space_side=spaces.side,
        unit=unit,
        prize=_prizes(index, tasks),
        near=near_tasks(scenario, matrices, task),
        near_route=near_routes(task, tables.route, travel_from, rows.allowed),
        far=far_times(matrices, task),
        weight=_weights(scenario, tables.route, task, matrices),
        familiar=_familiar(index),
        rest=tables.rest,
    )
    return ProblemData(scenario, index, matrices, arrays, tasks, days)


def _turned(travel: NDArray[int32]) -> NDArray[int32]:
    """Return travel with `to` before `from`; the very same array where both ways are alike."""
    if all(_is_symmetric(matrix) for matrix in travel):
        return travel
    return np.ascontiguousarray(travel.transpose(0, 2, 1))


def _is_symmetric(matrix: NDArray[int32]) -> bool:
    """Compare tile by tile, because reading columns of a large matrix is slow."""
    tiles = [slice(start, start + TILE) for start in range(0, len(matrix), TILE)]
    return all(
        np.array_equal(matrix[rows, columns], matrix[columns, rows].T)
        for number, rows in enumerate(tiles)
        for columns in tiles[number:]
    )


def _prizes(index: ScenarioIndex, tasks: tuple[Task, ...]) -> NDArray[int64]:
    """Return what leaving a visit out costs, at its first carer's task."""
    prizes = np.zeros(len(tasks), int64)
    for k, item in enumerate(tasks):
        if item.carer == 1:
            prizes[k] = price_unserved(index, index.scenario.visits[item.visit])
    return prizes


def _weights(
    scenario: Scenario, route: NDArray[int64], task: NDArray[int64], matrices: TravelMatrices
) -> NDArray[int64]:
    """Return weights in cost units, and switches for what need not be looked at."""
    weights = scenario.policy.weights
    tpm = scenario.ticks_per_minute
    row = np.zeros(at.WEIGHTS, int64)
    for entry, term in enumerate(at.WEIGHED):
        row[entry] = getattr(weights, term.value) * (tpm if term in COUNTED else 1)
    row[at.FLAT] = scenario.policy.continuity_flat
    row[at.TOLERANCE] = to_ticks(scenario.policy.disruption_tolerance, tpm)
    row[at.TICKS_PER_MINUTE] = tpm
    row[at.HAS_CONTRACTS] = counts_contracts(scenario)
    row[at.HAS_METRES] = matrices.metres is not None and weights.wage > 0
    row[at.HAS_SHORT] = bool((task[:, at.SHORT] < task[:, at.FULL]).any())
    row[at.HAS_LEVELS] = bool(task[:, at.LEVEL].any())
    row[at.HAS_PAYERS] = bool((task[:, at.PURSE_UNTIL] > task[:, at.PURSE_FROM]).any())
    # What a minute of delay costs at least, once it costs anything.
    overtime = route[:, at.CLOSE_HARD] > route[:, at.CLOSE]
    row[at.PUSH_RATE] = weights.lateness
    if overtime.any():
        row[at.PUSH_RATE] = min(weights.lateness, weights.overtime)
    row[at.PUSH_WORST] = 0 if overtime.any() else weights.worst_lateness
    return row


def _familiar(index: ScenarioIndex) -> NDArray[int64]:
    """Return the pairs of a client and a caregiver who know each other."""
    caregivers = {caregiver.id: g for g, caregiver in enumerate(index.scenario.caregivers)}
    pairs = {
        (c, caregivers[known])
        for c, client in enumerate(index.scenario.clients)
        for known in index.familiar[client.id]
    }
    return np.array(sorted(pairs), int64).reshape(-1, 2)
