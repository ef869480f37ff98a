"""Who may serve a task and at what price: tasks with the same answer share a row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy import int8, int16, int32, int64
from numpy.typing import NDArray

from optimizer.domain.index import ScenarioIndex
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.errors import InputError
from optimizer.matching.affinity import preference_counts
from optimizer.matching.contracts import charged_contract, is_lent
from optimizer.matching.eligibility import eligible
from optimizer.problem import layout as at
from optimizer.problem.accounts import counts_contracts
from optimizer.problem.data import Task

LARGEST_FIXED_PRICE = 2**31 - 1

_ChargeClass = tuple[str | None, str | None, tuple[str, ...]]
"Organisation and town of the client, and services: visits alike in these are charged alike."


@dataclass(frozen=True, slots=True)
class EligibilityRows:
    """Who may and who should: the arrays of the same names of `optimizer.problem.layout.Arrays`.

    Attributes
    ----------
    row_of
        The row of each task.
    """

    row_of: NDArray[int64]
    ptr: NDArray[int64]
    routes: NDArray[int32]
    allowed: NDArray[int8]
    price: NDArray[int32]
    price_short: NDArray[int32]
    charged: NDArray[int16]


@dataclass(frozen=True, slots=True)
class _Row:
    """What the tasks of one row have in common."""

    routes: NDArray[int32]
    price: NDArray[int64]
    price_short: NDArray[int64]
    charged: NDArray[int16] | None


def compile_rows(
    index: ScenarioIndex, tasks: tuple[Task, ...], task: NDArray[int64], route: NDArray[int64]
) -> EligibilityRows:
    """Compile who may serve each task, at what price, and which contract is charged.

    Parameters
    ----------
    index
        Of a scenario without faults.
    tasks, task
        What each task stands for, and the table of tasks.
    route
        The table of routes.

    Raises
    ------
    InputError
        If the policy's weights make a fixed price larger than 2**31 - 1.
    """
    scenario = index.scenario
    allowed = eligible(index)
    day, caregiver = route[:, at.DATE], route[:, at.CAREGIVER]
    charges = _charged_by_class(index, route) if counts_contracts(scenario) else None
    prices = _FixedPrices(index)
    number: dict[bytes, int] = {}
    row_of = np.zeros(len(tasks), int64)
    rows: list[_Row] = []
    for k, item in enumerate(tasks):
        may = allowed[k]
        anybody = may.any(axis=1)
        full = np.where(anybody, prices.of(item.visit, int(task[k, at.FULL])), -1)
        short = np.where(anybody, prices.of(item.visit, int(task[k, at.SHORT])), -1)
        visit = scenario.visits[item.visit]
        charged = None if charges is None else charges[_charge_class(index, visit)]
        key = may.tobytes() + full.tobytes() + short.tobytes()
        key += b"" if charged is None else charged.tobytes()
        if key not in number:
            number[key] = len(rows)
            routes = np.flatnonzero(may[caregiver, day]).astype(int32)
            rows.append(_Row(routes, full, short, charged))
        row_of[k] = number[key]
    return _stacked(row_of, rows, len(scenario.caregivers), len(route))


def _stacked(
    row_of: NDArray[int64], rows: list[_Row], caregivers: int, num_routes: int
) -> EligibilityRows:
    """Return the rows as arrays; contracts get one row of one entry where none is counted."""
    shape = (len(rows), caregivers)
    price = np.array([row.price for row in rows], int64).reshape(shape)
    price_short = np.array([row.price_short for row in rows], int64).reshape(shape)
    if max(price.max(initial=0), price_short.max(initial=0)) > LARGEST_FIXED_PRICE:
        raise InputError(
            "policy.weights: the fixed cost of a stop exceeds 2147483647 units; use smaller weights"
        )
    ptr = np.zeros(len(rows) + 1, int64)
    np.cumsum([len(row.routes) for row in rows], out=ptr[1:])
    allowed = np.zeros((len(rows), num_routes), int8)
    for mark, row in zip(allowed, rows, strict=True):
        mark[row.routes] = 1
    charged = [row.charged for row in rows if row.charged is not None]
    return EligibilityRows(
        row_of=row_of,
        ptr=ptr,
        routes=np.concatenate([row.routes for row in rows]) if rows else np.zeros(0, int32),
        allowed=allowed,
        price=price.astype(int32),
        price_short=price_short.astype(int32),
        charged=np.array(charged, int16) if charged else np.full((1, 1), -1, int16),
    )


class _FixedPrices:
    """Cost of a stop that depends on who and how long only: wishes, wage, lending, change."""

    def __init__(self, index: ScenarioIndex) -> None:
        scenario = index.scenario
        self._index = index
        self._weights = scenario.policy.weights
        self._tpm = scenario.ticks_per_minute
        self._wishes = preference_counts(index).astype(int64)
        self._published = _published_caregivers(scenario)
        self._ids = [caregiver.id for caregiver in scenario.caregivers]
        self._rate = np.array([g.fen_per_minute for g in scenario.caregivers], int64)
        self._lending: dict[str | None, NDArray[int64]] = {}

    def of(self, visit_idx: int, care: int) -> NDArray[int64]:
        """Return the price per caregiver of `care` ticks at a visit."""
        visit = self._index.scenario.visits[visit_idx]
        weights = self._weights
        price: NDArray[int64] = self._wishes[visit_idx] * (weights.preference * self._tpm)
        price = price + weights.wage * care * self._rate
        price += weights.lending * (self._lending_rates(visit) * care // 60)
        if visit.id in self._published:
            known = self._published[visit.id]
            price += np.array(
                [0 if g in known else weights.disruption * self._tpm for g in self._ids], int64
            )
        return price

    def _lending_rates(self, visit: Visit) -> NDArray[int64]:
        """Return fen per hour owed for each caregiver at this client's organisation."""
        chosen = self._index.client[visit.client].organisation
        if chosen not in self._lending:
            rates = []
            for caregiver in self._index.scenario.caregivers:
                rate = 0
                if is_lent(self._index, visit, caregiver) and caregiver.organisation is not None:
                    lending = self._index.organisation[caregiver.organisation].lending
                    rate = 0 if lending is None else lending.fen_per_hour
                rates.append(rate)
            self._lending[chosen] = np.array(rates, int64)
        return self._lending[chosen]


def _published_caregivers(scenario: Scenario) -> dict[str, set[str]]:
    people: dict[str, set[str]] = defaultdict(set)
    for route in scenario.published.routes if scenario.published else ():
        for stop in route.stops:
            people[stop.visit].add(route.caregiver)
    return people


def _charge_class(index: ScenarioIndex, visit: Visit) -> _ChargeClass:
    client = index.client[visit.client]
    return client.organisation, client.town, tuple(sorted(visit.services))


def _charged_by_class(
    index: ScenarioIndex, route: NDArray[int64]
) -> dict[_ChargeClass, NDArray[int16]]:
    """Return, per class of visits, the contract charged on each route (-1: none)."""
    scenario = index.scenario
    number = {contract.id: c for c, contract in enumerate(scenario.contracts)}
    dates = scenario.horizon.dates()
    charged: dict[_ChargeClass, NDArray[int16]] = {}
    for visit in scenario.visits:
        key = _charge_class(index, visit)
        if key in charged:
            continue
        row = np.full(len(route), -1, int16)
        known: dict[tuple[str | None, int], int] = {}
        for r in range(len(route)):
            caregiver = scenario.caregivers[route[r, at.CAREGIVER]]
            day = int(route[r, at.DATE])
            if (caregiver.organisation, day) not in known:
                contract = charged_contract(index, visit, caregiver, dates[day])
                known[caregiver.organisation, day] = -1 if contract is None else number[contract.id]
            row[r] = known[caregiver.organisation, day]
        charged[key] = row
    return charged
