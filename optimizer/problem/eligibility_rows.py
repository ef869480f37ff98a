"""Who may serve a task and at what price: tasks with the same answer share a row."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy import bool_, int8, int16, int32, int64
from numpy.typing import NDArray

from optimizer.domain.index import ScenarioIndex
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.errors import InputError
from optimizer.matching.affinity import is_other_day, preference_counts
from optimizer.matching.contracts import chosen_organisation, covering_contracts, is_lent
from optimizer.matching.eligibility import eligible
from optimizer.problem import layout as at
from optimizer.problem.accounts import counts_contracts
from optimizer.problem.data import Task

LARGEST_FIXED_PRICE = 2**31 - 1


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
    day_price: NDArray[int32]
    covered: NDArray[int16]
    cover_ptr: NDArray[int64]
    cover: NDArray[int64]


@dataclass(frozen=True, slots=True)
class _Row:
    """What the tasks of one row have in common."""

    routes: NDArray[int32]
    price: NDArray[int32]
    price_short: NDArray[int32]
    day_price: NDArray[int32]
    covered: NDArray[int16] | None

    def digest(self, may: NDArray[bool_]) -> bytes:
        """Return what tells rows apart; `may` says who may on which day."""
        digest = hashlib.blake2b(may.tobytes())
        digest.update(self.price.tobytes() + self.price_short.tobytes())
        digest.update(self.day_price.tobytes())
        if self.covered is not None:
            digest.update(self.covered.tobytes())
        return digest.digest()


def compile_rows(
    index: ScenarioIndex, tasks: tuple[Task, ...], task: NDArray[int64], route: NDArray[int64]
) -> EligibilityRows:
    """Compile who may serve each task, at what price, and which contracts may be charged.

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
    anybody: NDArray[bool_] = np.any(allowed.tables, axis=2)
    day, caregiver = route[:, at.DATE], route[:, at.CAREGIVER]
    covers = _Covers(index, route) if counts_contracts(scenario) else None
    prices = _FixedPrices(index)
    # Tasks alike in all that decides are looked at once; different ones may turn out equal.
    known: dict[Hashable, int] = {}
    number: dict[bytes, int] = {}
    row_of = np.zeros(len(tasks), int64)
    rows: list[_Row] = []
    for k, item in enumerate(tasks):
        visit = scenario.visits[item.visit]
        kind = int(allowed.kind_of[k])
        care = int(task[k, at.FULL]), int(task[k, at.SHORT])
        alike = (kind, care, prices.key(visit), None if covers is None else covers.key(visit))
        if alike not in known:
            may = allowed.tables[kind]
            full, short = (
                np.where(anybody[kind], prices.of(item.visit, ticks), -1) for ticks in care
            )
            row = _Row(
                routes=np.flatnonzero(may[caregiver, day]).astype(int32),
                price=_fitting(full),
                price_short=_fitting(short),
                day_price=_fitting(prices.of_days(visit)),
                covered=None if covers is None else covers.of(visit),
            )
            known[alike] = number.setdefault(row.digest(may), len(rows))
            if known[alike] == len(rows):
                rows.append(row)
        row_of[k] = known[alike]
    lists = () if covers is None else covers.lists
    sizes = len(scenario.caregivers), len(route), len(index.dates)
    return _stacked(row_of, rows, sizes, lists)


def _fitting(price: NDArray[int64]) -> NDArray[int32]:
    """Return prices in 32 bits."""
    if price.max(initial=0) > LARGEST_FIXED_PRICE:
        raise InputError(
            "policy.weights: the fixed cost of a stop exceeds 2147483647 units; use smaller weights"
        )
    return price.astype(int32)


def _stacked(
    row_of: NDArray[int64],
    rows: list[_Row],
    sizes: tuple[int, int, int],
    lists: Sequence[tuple[int, ...]],
) -> EligibilityRows:
    """Return the rows as arrays; contracts get one row of one entry where none is counted.

    `sizes` are the numbers of caregivers, routes and days, `lists` the contracts of each list.
    """
    caregivers, num_routes, days = sizes
    shape = (len(rows), caregivers)
    ptr = np.zeros(len(rows) + 1, int64)
    np.cumsum([len(row.routes) for row in rows], out=ptr[1:])
    allowed = np.zeros((len(rows), num_routes), int8)
    for mark, row in zip(allowed, rows, strict=True):
        mark[row.routes] = 1
    covered = [row.covered for row in rows if row.covered is not None]
    return EligibilityRows(
        row_of=row_of,
        ptr=ptr,
        routes=np.concatenate([row.routes for row in rows]) if rows else np.zeros(0, int32),
        allowed=allowed,
        price=np.array([row.price for row in rows], int32).reshape(shape),
        price_short=np.array([row.price_short for row in rows], int32).reshape(shape),
        day_price=np.array([row.day_price for row in rows], int32).reshape(len(rows), days),
        covered=np.array(covered, int16) if covered else np.full((1, 1), -1, int16),
        cover_ptr=np.cumsum([0, *map(len, lists)], dtype=int64),
        cover=np.array([contract for one in lists for contract in one], int64),
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

    def key(self, visit: Visit) -> Hashable:
        """Return what two visits have in common that cost the same for the same care."""
        client = self._index.client[visit.client]
        wishes = (client.gender_wish, client.languages, client.preferred)
        chosen = chosen_organisation(client, visit)
        return wishes, chosen, self._published.get(visit.id), visit.preferred_dates

    def of_days(self, visit: Visit) -> NDArray[int64]:
        """Return what each day of the horizon costs at a visit: a wish unmet, or nothing."""
        price = self._weights.preference * self._tpm
        return np.array([price * is_other_day(visit, day) for day in self._index.dates], int64)

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
        chosen = chosen_organisation(self._index.client[visit.client], visit)
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


def _published_caregivers(scenario: Scenario) -> dict[str, frozenset[str]]:
    people: dict[str, set[str]] = defaultdict(set)
    for route in scenario.published.routes if scenario.published else ():
        for stop in route.stops:
            people[stop.visit].add(route.caregiver)
    return {visit: frozenset(known) for visit, known in people.items()}


class _Covers:
    """Which list of contracts covers a visit on each route (-1: none), for each kind of visits."""

    def __init__(self, index: ScenarioIndex, route: NDArray[int64]) -> None:
        scenario = index.scenario
        self._index = index
        self._number = {contract.id: c for c, contract in enumerate(scenario.contracts)}
        employed = {g.organisation: g for g in scenario.caregivers}
        employer = {organisation: number for number, organisation in enumerate(employed)}
        self._employed = tuple(employed.values())
        of_caregiver = np.array([employer[g.organisation] for g in scenario.caregivers], int64)
        self._employer = of_caregiver[route[:, at.CAREGIVER]]
        self._day = route[:, at.DATE]
        self._known: dict[Hashable, NDArray[int16]] = {}
        self._lists: dict[tuple[int, ...], int] = {}

    @property
    def lists(self) -> tuple[tuple[int, ...], ...]:
        """The contracts of each list that has turned up, in file order."""
        return tuple(self._lists)

    def key(self, visit: Visit) -> Hashable:
        """Return what two visits have in common that the same contracts cover."""
        client = self._index.client[visit.client]
        return chosen_organisation(client, visit), client.town, tuple(sorted(visit.services))

    def of(self, visit: Visit) -> NDArray[int16]:
        """Return the number of the list of contracts per route, shape ``(routes,)``."""
        key = self.key(visit)
        if key not in self._known:
            table = np.full((len(self._employed), len(self._index.dates)), -1, int16)
            for row, one in zip(table, self._employed, strict=True):
                for number, day in enumerate(self._index.dates):
                    found = covering_contracts(self._index, visit, one, day)
                    if found:
                        contracts = tuple(self._number[contract.id] for contract in found)
                        row[number] = self._lists.setdefault(contracts, len(self._lists))
            self._known[key] = table[self._employer, self._day]
        return self._known[key]
