"""Routes by index ↔ plans by id: the only place that knows both."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy import int64

from optimizer.domain.plan import Break, Plan, Route, Stop, Unserved
from optimizer.problem import layout as at
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes
from optimizer.units import to_ms, to_ticks


def to_plan(data: ProblemData, routes: Routes, reason: Callable[[int], str]) -> Plan:
    """Return the plan of `routes`.

    Parameters
    ----------
    data
        The compiled problem.
    routes
        Routes with starts as early as they allow.
    reason
        Gives the code of the reason why the visit of this index is unserved.
    """
    scenario = data.scenario
    written = [
        _route(data, routes, v) for v in range(data.num_routes) if routes.ptr[v] < routes.ptr[v + 1]
    ]
    served = {data.tasks[k].visit for k in routes.tasks.tolist()}
    unserved = tuple(
        Unserved(visit=visit.id, reason=reason(number))
        for number, visit in enumerate(scenario.visits)
        if number not in served
    )
    return Plan(scenario=scenario.id, routes=tuple(written), unserved=unserved)


def _route(data: ProblemData, routes: Routes, v: int) -> Route:
    arrays = data.arrays
    row = arrays.route[v]
    travel = arrays.travel[row[at.MODE]]
    tpm = data.scenario.ticks_per_minute
    lo, hi = int(routes.ptr[v]), int(routes.ptr[v + 1])
    pause_at = int(routes.pause[v]) if row[at.BREAK_LENGTH] else -1
    place, ready = int(row[at.HOME]), 0
    departure = 0
    contracts = routes.charged()
    stops: list[Stop] = []
    pause: tuple[int, int] | None = None
    for c in range(lo, hi):
        k, start, care = int(routes.tasks[c]), int(routes.starts[c]), int(routes.care[c])
        leg = int(travel[place, arrays.task[k, at.PLACE]])
        leave = ready
        if pause_at == c - lo:
            # At home it may be over before a rest allows to leave.
            begin = int(row[at.BREAK_FROM])
            begin = begin if c == lo else max(ready, begin)
            leave = begin + int(row[at.BREAK_LENGTH])
            pause = (begin, c - lo)
        if c == lo:
            leave = departure = start - leg
        task = data.tasks[k]
        stops.append(
            Stop(
                visit=data.scenario.visits[task.visit].id,
                carer=task.carer,
                arrival=_clock(leave + leg, tpm),
                start=_clock(start, tpm),
                end=_clock(start + care, tpm),
                travel=_minutes(leg, tpm),
                contract=_named(data, k, v, int(contracts[c])),
            )
        )
        place, ready = int(arrays.task[k, at.PLACE]), start + care
    leg = int(travel[place, row[at.END]])
    back, length = ready + leg, int(row[at.BREAK_LENGTH])
    if pause_at == hi - lo:
        at_end = back <= row[at.BREAK_TO]
        begin = max(back if at_end else ready, int(row[at.BREAK_FROM]))
        pause = (begin, hi - lo)
        back = back if at_end else begin + length + leg
    day = data.days[v]
    return Route(
        caregiver=data.scenario.caregivers[day.caregiver].id,
        date=day.date,
        shift=day.shift,
        departure=_clock(departure, tpm),
        stops=tuple(stops),
        pause=None
        if pause is None
        else Break(
            start=_clock(pause[0], tpm), end=_clock(pause[0] + length, tpm), after_stops=pause[1]
        ),
        back=_clock(back, tpm),
        travel_back=_minutes(leg, tpm),
    )


def _covers(data: ProblemData, k: int, v: int) -> list[int]:
    """Return the contracts that task `k` on route `v` may be charged to, if any is counted."""
    arrays = data.arrays
    if not arrays.weight[at.HAS_CONTRACTS]:
        return []
    found = int(arrays.covered[arrays.task[k, at.ROW], v])
    if found < 0:
        return []
    lo, hi = arrays.cover_ptr[found : found + 2]
    contracts: list[int] = arrays.cover[lo:hi].tolist()
    return contracts


def _named(data: ProblemData, k: int, v: int, contract: int) -> str | None:
    """Return the id of a contract that is not the first that covers the stop."""
    if contract < 0 or contract == _covers(data, k, v)[0]:
        return None
    return data.scenario.contracts[contract].id


def _charged(data: ProblemData, k: int, v: int, named: str | None) -> int:
    """Return the contract that a stop names, else the first that covers it; -1 if there is none."""
    covers = _covers(data, k, v)
    for contract in covers:
        if data.scenario.contracts[contract].id == named:
            return contract
    return covers[0] if covers else -1


def _clock(ticks: int, tpm: int) -> int:
    return to_ms(ticks, tpm)


def _minutes(ticks: int, tpm: int) -> float:
    """Return minutes as the record's constructor takes them."""
    return to_ms(ticks, tpm) / 60_000


def from_plan(data: ProblemData, plan: Plan) -> Routes:
    """Return a plan's routes by index, leaving out whatever this problem does not know.

    The plan may break rules; whoever loads the routes finds out.
    """
    scenario = data.scenario
    tpm = scenario.ticks_per_minute
    task_of = {(scenario.visits[task.visit].id, task.carer): k for k, task in enumerate(data.tasks)}
    route_of = {
        (scenario.caregivers[day.caregiver].id, day.date, day.shift): v
        for v, day in enumerate(data.days)
    }
    stops: list[list[tuple[int, int, int, int]]] = [[] for _ in data.days]
    pause = np.zeros(data.num_routes, int64)
    for route in plan.routes:
        v = route_of.get((route.caregiver, route.date, route.shift))
        if v is None:
            continue
        for number, stop in enumerate(route.stops):
            k = task_of.get((stop.visit, stop.carer))
            if k is None:
                continue
            care = to_ticks(stop.end - stop.start, tpm)
            full, short = data.arrays.task[k, at.FULL], data.arrays.task[k, at.SHORT]
            length = int(short if care < full else full)
            contract = _charged(data, k, v, stop.contract)
            stops[v].append((k, length, to_ticks(stop.start, tpm), contract))
            if route.pause is not None and number < route.pause.after_stops:
                pause[v] += 1
    ptr = np.zeros(data.num_routes + 1, int64)
    np.cumsum([len(s) for s in stops], out=ptr[1:])
    flat = np.array([stop for s in stops for stop in s], int64).reshape(-1, 4)
    served, given, starts, contracts = (column.copy() for column in flat.T)
    return Routes(ptr, served, given, starts, pause, contracts=contracts)
