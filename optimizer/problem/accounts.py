"""What is counted over many stops: contracts, entitlements, fair shares of care."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy import int8, int64
from numpy.typing import NDArray

from optimizer.domain.burden import is_evening, is_hard, is_weekend
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.scenario import Scenario
from optimizer.problem import layout as at
from optimizer.units import to_ticks

UNLIMITED = 1 << 60
"More than anything ever adds up to."


def counts_contracts(scenario: Scenario) -> bool:
    """Return whether it matters what contracts are charged: caps, shares, or prices that weigh."""
    if scenario.policy.weights.purchase > 0 and scenario.contracts:
        return True
    return any(contract.is_counted for contract in scenario.contracts)


def contract_table(index: ScenarioIndex) -> NDArray[int64]:
    """Return caps and the care that `share` asks for, per contract."""
    scenario = index.scenario
    tpm = scenario.ticks_per_minute
    table = np.zeros((len(scenario.contracts), 4), int64)
    for row, contract in zip(table, scenario.contracts, strict=True):
        row[at.CAP_CARE] = UNLIMITED if contract.left is None else to_ticks(contract.left, tpm)
        row[at.CAP_VISITS] = UNLIMITED if contract.left_visits is None else contract.left_visits
        row[at.CAP_MONEY] = UNLIMITED if contract.left_fen is None else contract.left_fen
        row[at.SHARE_TARGET] = to_ticks(contract.owed, tpm)
        if contract.min_share:
            covered = sum(
                to_ticks(need.minutes, tpm)
                for visit in scenario.visits
                if (not contract.towns or index.client[visit.client].town in contract.towns)
                and (not contract.services or set(visit.services) <= set(contract.services))
                and any(contract.start <= d <= contract.end for d in index.allowed_dates(visit))
                for need in visit.carers
            )
            row[at.SHARE_TARGET] += covered * contract.min_share // 100
    return table


def face_prices(scenario: Scenario) -> NDArray[int64]:
    """Return the cost of one step of each client's continuity scale, in ticks of travel."""
    step = scenario.policy.weights.continuity * scenario.ticks_per_minute
    return np.array([client.continuity * step for client in scenario.clients], int64)


def face_caps(index: ScenarioIndex) -> NDArray[int64]:
    """Return how many different caregivers may come to each client; `UNLIMITED` for any number."""
    most = [index.most_caregivers(client.id) for client in index.scenario.clients]
    return np.array([UNLIMITED if cap is None else cap for cap in most], int64)


def own_carers(scenario: Scenario) -> NDArray[int64]:
    """Return each client's responsible caregiver, -1 for none, and the visits due from them."""
    position = {caregiver.id: g for g, caregiver in enumerate(scenario.caregivers)}
    visits = Counter(visit.client for visit in scenario.visits)
    table = np.zeros((len(scenario.clients), 2), int64)
    table[:, 0] = -1
    for row, client in zip(table, scenario.clients, strict=True):
        own = client.responsible
        if own is not None and own.caregiver in position:
            row[:] = position[own.caregiver], visits[client.id] * own.min_share // 100
    return table


def burdens(
    index: ScenarioIndex, visit_of: NDArray[int64]
) -> tuple[NDArray[int8], NDArray[int8], NDArray[int8]]:
    """Return which tasks are of hard visits, which of the evening, and which dates of a weekend.

    Parameters
    ----------
    index
        The scenario.
    visit_of
        Position of each task's visit.
    """
    visits = index.scenario.visits
    hard = np.array([is_hard(index.client[visit.client], visit) for visit in visits], int8)
    evening = np.array([is_evening(visit) for visit in visits], int8)
    weekend = np.array([is_weekend(day) for day in index.scenario.horizon.dates()], int8)
    return hard[visit_of], evening[visit_of], weekend


def fair_shares(scenario: Scenario) -> NDArray[int64]:
    """Return care in ticks above which `balance` counts; far away for volunteers."""
    tpm = scenario.ticks_per_minute
    care = sum(to_ticks(need.minutes, tpm) for v in scenario.visits for need in v.carers)
    dates = set(scenario.horizon.dates())
    worked = [
        0
        if g.volunteer
        else sum(to_ticks(s.end - s.start, tpm) for s in g.shifts if s.date in dates)
        for g in scenario.caregivers
    ]
    total = sum(worked)
    return np.array(
        [
            UNLIMITED if g.volunteer else (care * own // total if total else 0)
            for g, own in zip(scenario.caregivers, worked, strict=True)
        ],
        int64,
    )
