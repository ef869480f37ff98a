"""Scenario → frozen arrays: every conversion of units and ids happens here, once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy import int8, int16, int32, int64
from numpy.typing import NDArray

from optimizer.domain.client import EntitlementUnit
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import CouplingKind, Visit
from optimizer.errors import InputError
from optimizer.matching.affinity import preference_counts
from optimizer.matching.contracts import charged_contract, is_lent
from optimizer.matching.eligibility import eligible
from optimizer.problem import layout as at
from optimizer.problem.caregiver_days import compile_days
from optimizer.problem.data import ProblemData, Task
from optimizer.problem.neighbours import far_times, near_tasks
from optimizer.travel.matrix import TravelMatrices, travel_matrices
from optimizer.units import to_ticks

LARGEST_FIXED_PRICE = 2**31 - 1
LOOSEST_PAIR = 3 * 60
"Minutes: visits that may start further apart than this are inserted one by one."


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
    first_task = _first_tasks(scenario)
    days, tables = compile_days(scenario, matrices)
    task = _task_table(scenario, matrices, tasks)
    rows = _compile_rows(index, tasks, task, tables.route)
    task[:, at.ROW] = rows.row_of
    unit = _units(scenario, first_task)
    for u, (one, two, _) in enumerate(unit):
        task[one, at.UNIT] = u
        if two >= 0:
            task[two, at.UNIT] = u
    ties = _ties(scenario, first_task)
    space = _spaces(scenario, first_task)
    near = near_tasks(scenario, matrices, task)
    arrays = at.Arrays(
        task=task,
        route=tables.route,
        travel=np.stack([matrices.ticks[mode] for mode in tables.modes]),
        metres=np.zeros((1, 1), int32) if matrices.metres is None else matrices.metres,
        row_ptr=rows.ptr,
        row_route=rows.routes,
        price=rows.price,
        price_short=rows.price_short,
        charged=rows.charged,
        contract=_contract_table(index),
        payer_cap=_payer_caps(scenario),
        day_limit=tables.day_limit,
        week_limit=tables.week_limit,
        fair=_fair_shares(scenario),
        tie_ptr=ties[0],
        tie_to=ties[1],
        tie_out=ties[2],
        tie_in=ties[3],
        tie_differ=ties[4].astype(int8),
        space_ptr=space[0],
        space_to=space[1],
        space_lo=space[2],
        space_hi=space[3],
        unit=unit,
        prize=_prizes(scenario, tasks, task),
        near=near,
        far=far_times(matrices, task),
        weight=_weights(scenario, tables.route, task, matrices),
        familiar=_familiar(scenario),
    )
    for array in arrays:
        array.setflags(write=False)
    return ProblemData(scenario, index, matrices, arrays, tasks, days)


def _first_tasks(scenario: Scenario) -> dict[str, int]:
    first: dict[str, int] = {}
    count = 0
    for visit in scenario.visits:
        first[visit.id] = count
        count += len(visit.carers)
    return first


def _task_table(
    scenario: Scenario, matrices: TravelMatrices, tasks: tuple[Task, ...]
) -> NDArray[int64]:
    tpm = scenario.ticks_per_minute
    clients = {client.id: c for c, client in enumerate(scenario.clients)}
    payers = {
        (client.id, entitlement.payer): (number, entitlement.unit)
        for number, (client, entitlement) in enumerate(
            (c, e) for c in scenario.clients for e in c.entitlements
        )
    }
    published = _published_starts(scenario)
    table = np.zeros((len(tasks), at.TASK_COLUMNS), int64)
    for row, task in zip(table, tasks, strict=True):
        visit = scenario.visits[task.visit]
        need = visit.carers[task.carer - 1]
        client = scenario.clients[clients[visit.client]]
        latest = to_ticks(visit.window.latest, tpm)
        row[at.EARLIEST] = to_ticks(visit.window.earliest, tpm)
        row[at.LATEST] = latest
        due = visit.preferred_until
        row[at.DUE] = latest if due is None else min(latest, to_ticks(due, tpm))
        if visit.pin is not None and visit.pin.start is not None:
            pinned = to_ticks(visit.pin.start, tpm)
            row[at.EARLIEST] = max(row[at.EARLIEST], pinned)
            row[at.LATEST] = min(latest, pinned)
            # A pin after the preferred time makes lateness certain, not impossible.
            row[at.DUE] = min(row[at.DUE], row[at.LATEST])
        row[at.FULL] = to_ticks(need.minutes, tpm)
        row[at.SHORT] = row[at.FULL] if need.shortest is None else to_ticks(need.shortest, tpm)
        row[at.PLACE] = matrices.index(client.home)
        row[at.LEVEL] = int("infectious" in client.flags)
        row[at.CLIENT] = clients[visit.client]
        row[at.PAYER] = -1
        if visit.payer is not None:
            row[at.PAYER], unit = payers[visit.client, visit.payer]
            if unit is EntitlementUnit.VISITS:
                row[at.COUNTS] = task.carer
        row[at.PUBLISHED], row[at.PUBLISHED_DAY] = published.get(visit.id, (-1, -1))
        row[at.VISIT] = task.visit
        row[at.CARER] = task.carer
    return table


def _published_starts(scenario: Scenario) -> dict[str, tuple[int, int]]:
    """Return start in ticks and day number of every visit on the published plan."""
    if scenario.published is None:
        return {}
    return {
        stop.visit: (
            to_ticks(stop.start, scenario.ticks_per_minute),
            (route.date - scenario.horizon.start).days,
        )
        for route in scenario.published.routes
        for stop in route.stops
    }


def _published_caregivers(scenario: Scenario) -> dict[str, set[str]]:
    people: dict[str, set[str]] = defaultdict(set)
    for route in scenario.published.routes if scenario.published else ():
        for stop in route.stops:
            people[stop.visit].add(route.caregiver)
    return people


@dataclass(frozen=True, slots=True)
class _Rows:
    """Who may and who should: tasks with the same answer share a row."""

    row_of: NDArray[int64]
    ptr: NDArray[int64]
    routes: NDArray[int32]
    price: NDArray[int32]
    price_short: NDArray[int32]
    charged: NDArray[int16]


def _compile_rows(
    index: ScenarioIndex, tasks: tuple[Task, ...], task: NDArray[int64], route: NDArray[int64]
) -> _Rows:
    scenario = index.scenario
    allowed = eligible(index)
    day = route[:, at.DATE]
    caregiver = route[:, at.CAREGIVER]
    charges = _charged_by_class(index, route) if _counts_contracts(scenario) else None
    prices = _FixedPrices(index)
    rows: dict[bytes, int] = {}
    row_of = np.zeros(len(tasks), int64)
    lists: list[NDArray[int32]] = []
    full: list[NDArray[int64]] = []
    short: list[NDArray[int64]] = []
    charged: list[NDArray[int16]] = []
    for k, item in enumerate(tasks):
        visit = scenario.visits[item.visit]
        may = allowed[k]
        anybody = may.any(axis=1)
        now = np.where(anybody, prices.of(item.visit, int(task[k, at.FULL])), -1)
        brief = np.where(anybody, prices.of(item.visit, int(task[k, at.SHORT])), -1)
        contracts = charges[_charge_class(index, visit)] if charges is not None else None
        key = may.tobytes() + now.tobytes() + brief.tobytes()
        key += b"" if contracts is None else contracts.tobytes()
        if key not in rows:
            rows[key] = len(lists)
            lists.append(np.flatnonzero(may[caregiver, day]).astype(int32))
            full.append(now)
            short.append(brief)
            if contracts is not None:
                charged.append(contracts)
        row_of[k] = rows[key]
    shape = (len(lists), len(scenario.caregivers))
    price = np.array(full, int64).reshape(shape)
    price_short = np.array(short, int64).reshape(shape)
    if max(price.max(initial=0), price_short.max(initial=0)) > LARGEST_FIXED_PRICE:
        raise InputError(
            "policy.weights: the fixed cost of a stop exceeds 2147483647 units; use smaller weights"
        )
    ptr = np.zeros(len(lists) + 1, int64)
    np.cumsum([len(r) for r in lists], out=ptr[1:])
    return _Rows(
        row_of=row_of,
        ptr=ptr,
        routes=np.concatenate(lists) if lists else np.zeros(0, int32),
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
        price = self._wishes[visit_idx] * (weights.preference * self._tpm)
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


def _counts_contracts(scenario: Scenario) -> bool:
    """Return whether any contract has a cap or a share that stops must be counted for."""
    return any(
        c.min_share > 0 or c.cap is not None or c.cap_visits is not None or c.cap_fen is not None
        for c in scenario.contracts
    )


_ChargeClass = tuple[str | None, str | None, tuple[str, ...]]


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


def _contract_table(index: ScenarioIndex) -> NDArray[int64]:
    scenario = index.scenario
    tpm = scenario.ticks_per_minute
    table = np.zeros((len(scenario.contracts), 5), int64)
    for row, contract in zip(table, scenario.contracts, strict=True):
        row[at.CAP_CARE] = 1 << 60 if contract.cap is None else to_ticks(contract.cap, tpm)
        row[at.CAP_VISITS] = 1 << 60 if contract.cap_visits is None else contract.cap_visits
        row[at.CAP_MONEY] = 1 << 60 if contract.cap_fen is None else contract.cap_fen
        row[at.PRICE] = contract.fen_per_hour
        if contract.min_share:
            covered = sum(
                to_ticks(need.minutes, tpm)
                for visit in scenario.visits
                if (not contract.towns or index.client[visit.client].town in contract.towns)
                and (not contract.services or set(visit.services) <= set(contract.services))
                and any(contract.start <= d <= contract.end for d in index.allowed_dates(visit))
                for need in visit.carers
            )
            row[at.SHARE_TARGET] = covered * contract.min_share // 100
    return table


def _payer_caps(scenario: Scenario) -> NDArray[int64]:
    return np.array(
        [
            entitlement.cap * (scenario.ticks_per_minute if entitlement.unit == "minutes" else 1)
            for client in scenario.clients
            for entitlement in client.entitlements
        ],
        int64,
    )


def _fair_shares(scenario: Scenario) -> NDArray[int64]:
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
            1 << 60 if g.volunteer else (care * own // total if total else 0)
            for g, own in zip(scenario.caregivers, worked, strict=True)
        ],
        int64,
    )


def _csr(lists: list[list[tuple[int, ...]]], width: int) -> tuple[NDArray[int64], ...]:
    """Return pointer array and one array per field of the rows' entries."""
    ptr = np.zeros(len(lists) + 1, int64)
    np.cumsum([len(entries) for entries in lists], out=ptr[1:])
    flat = np.array([e for entries in lists for e in entries], int64).reshape(-1, width)
    return (ptr, *(np.ascontiguousarray(flat[:, f]) for f in range(width)))


def _ties(scenario: Scenario, first_task: dict[str, int]) -> tuple[NDArray[int64], ...]:
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
    return _csr(lists, 4)


def _spaces(scenario: Scenario, first_task: dict[str, int]) -> tuple[NDArray[int64], ...]:
    carers = {visit.id: len(visit.carers) for visit in scenario.visits}
    lists: list[list[tuple[int, ...]]] = [[] for _ in range(sum(carers.values()))]
    for coupling in scenario.couplings:
        if coupling.kind is not CouplingKind.APART:
            continue
        hi = scenario.horizon.days if coupling.max_days is None else coupling.max_days
        for one, two in ((coupling.first, coupling.second), (coupling.second, coupling.first)):
            for a in range(carers[one]):
                lists[first_task[one] + a].append((first_task[two], coupling.min_days, hi))
    return _csr(lists, 3)


def _units(scenario: Scenario, first_task: dict[str, int]) -> NDArray[int64]:
    """Pair up tasks that are best inserted at once; the rest are units of their own."""
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


def _prizes(scenario: Scenario, tasks: tuple[Task, ...], task: NDArray[int64]) -> NDArray[int64]:
    """Return what leaving a visit out costs, at its first carer's task."""
    weights = scenario.policy.weights.unserved
    care: dict[int, int] = defaultdict(int)
    for k, item in enumerate(tasks):
        care[item.visit] += int(task[k, at.FULL])
    prizes = np.zeros(len(tasks), int64)
    for k, item in enumerate(tasks):
        if item.carer == 1:
            visit = scenario.visits[item.visit]
            base: int = getattr(weights, visit.priority.value)
            if visit.mandatory or scenario.policy.serve_everything:
                base += weights.mandatory
            prizes[k] = base * scenario.ticks_per_minute + weights.per_minute * care[item.visit]
    return prizes


def _weights(
    scenario: Scenario, route: NDArray[int64], task: NDArray[int64], matrices: TravelMatrices
) -> NDArray[int64]:
    weights = scenario.policy.weights
    tpm = scenario.ticks_per_minute
    row = np.zeros(at.WEIGHTS, int64)
    row[at.W_LATE] = weights.lateness
    row[at.W_WORST] = weights.worst_lateness
    row[at.W_WAIT] = weights.waiting
    row[at.W_OVERTIME] = weights.overtime
    row[at.W_SHORT] = weights.shortened
    row[at.W_CONTINUITY] = weights.continuity * tpm
    row[at.W_BALANCE] = weights.balance
    row[at.W_SHARE] = weights.share
    row[at.W_STAFF] = weights.staff_used * tpm
    row[at.W_DISRUPTION] = weights.disruption * tpm
    row[at.FLAT] = scenario.policy.continuity_flat
    row[at.TOLERANCE] = to_ticks(scenario.policy.disruption_tolerance, tpm)
    row[at.TICKS_PER_MINUTE] = tpm
    row[at.HAS_CONTRACTS] = _counts_contracts(scenario)
    row[at.HAS_METRES] = matrices.metres is not None and weights.wage > 0
    row[at.HAS_SHORT] = bool((task[:, at.SHORT] < task[:, at.FULL]).any())
    row[at.HAS_LEVELS] = bool(task[:, at.LEVEL].any())
    row[at.HAS_PAYERS] = bool((task[:, at.PAYER] >= 0).any())
    # What a minute of delay costs at least, once it costs anything.
    overtime = route[:, at.CLOSE_HARD] > route[:, at.CLOSE]
    row[at.PUSH_RATE] = weights.lateness
    if overtime.any():
        row[at.PUSH_RATE] = min(weights.lateness, weights.overtime)
    row[at.PUSH_WORST] = 0 if overtime.any() else weights.worst_lateness
    return row


def _familiar(scenario: Scenario) -> NDArray[int64]:
    clients = {client.id: c for c, client in enumerate(scenario.clients)}
    caregivers = {caregiver.id: g for g, caregiver in enumerate(scenario.caregivers)}
    pairs = {(clients[f.client], caregivers[f.caregiver]) for f in scenario.history}
    return np.array(sorted(pairs), int64).reshape(-1, 2)
