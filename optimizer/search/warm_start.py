"""Making a plan fit to start from: what breaks a rule is left out, the rest is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy import int64

from optimizer.problem import layout as at
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes

Accepts = Callable[[Routes], bool]


@dataclass(frozen=True, slots=True)
class _Stop:
    """One stop of a route to start from."""

    task: int
    care: int
    start: int
    before_break: bool
    contract: int


_Lists = list[list[_Stop]]


def fitting(data: ProblemData, routes: Routes, accepts: Accepts) -> Routes:
    """Return the part of `routes` that breaks no rule.

    Parameters
    ----------
    data
        The compiled problem.
    routes
        Routes of any plan.
    accepts
        Tells whether routes whose stops are allowed one by one also keep times, breaks,
        caps and limits.
    """
    wanted = _without_barred(data, _lists(routes))
    kept: _Lists = [[] for _ in wanted]
    _keep(data, wanted, kept, 0, len(wanted), accepts)
    return _routes(_without_barred(data, kept))


def _keep(
    data: ProblemData, wanted: _Lists, kept: _Lists, low: int, high: int, accepts: Accepts
) -> None:
    """Add to `kept` what can be kept of routes `low` to `high` - 1.

    Most routes of a plan are fine: halves are tried as a whole, so that few routes that are not
    cost few trials.
    """
    if not any(wanted[low:high]):
        return
    kept[low:high] = wanted[low:high]
    if accepts(_routes(_without_barred(data, kept))):
        return
    kept[low:high] = [[] for _ in range(low, high)]
    if high - low > 1:
        middle = (low + high) // 2
        _keep(data, wanted, kept, low, middle, accepts)
        _keep(data, wanted, kept, middle, high, accepts)
        return
    for stop in wanted[low]:
        kept[low] = [*kept[low], stop]
        if not accepts(_routes(_without_barred(data, kept))):
            kept[low] = kept[low][:-1]


def is_allowed(data: ProblemData, routes: Routes) -> bool:
    """Return whether every stop may be on its route beside the others, times left aside."""
    lists = _lists(routes)
    return _without_barred(data, lists) == lists


def _lists(routes: Routes) -> _Lists:
    lists: _Lists = []
    contracts = routes.charged()
    for v in range(len(routes.ptr) - 1):
        lo, hi = int(routes.ptr[v]), int(routes.ptr[v + 1])
        lists.append(
            [
                _Stop(
                    int(routes.tasks[c]),
                    int(routes.care[c]),
                    int(routes.starts[c]),
                    c - lo < int(routes.pause[v]),
                    int(contracts[c]),
                )
                for c in range(lo, hi)
            ]
        )
    return lists


def _routes(lists: _Lists) -> Routes:
    ptr = np.zeros(len(lists) + 1, int64)
    np.cumsum([len(stops) for stops in lists], out=ptr[1:])
    flat = [stop for stops in lists for stop in stops]
    return Routes(
        ptr,
        np.array([stop.task for stop in flat], int64),
        np.array([stop.care for stop in flat], int64),
        np.array([stop.start for stop in flat], int64),
        np.array([sum(stop.before_break for stop in stops) for stops in lists], int64),
        contracts=np.array([stop.contract for stop in flat], int64),
    )


def _without_barred(data: ProblemData, lists: _Lists) -> _Lists:
    """Leave out stops that no order of visits could make right where they are."""
    arrays = data.arrays
    on: dict[int, int] = {}
    kept: _Lists = []
    for v, stops in enumerate(lists):
        row: list[_Stop] = []
        level = 0
        for stop in stops:
            k = stop.task
            if k in on or not _may(data, k, v) or arrays.task[k, at.LEVEL] < level:
                continue
            if not _suits(data, on, k, v):
                continue
            level = int(arrays.task[k, at.LEVEL])
            on[k] = v
            row.append(stop)
        kept.append(row)
    halves = {
        int(half)
        for one, two, kind in arrays.unit
        if kind == at.BOTH_OR_NONE and (int(one) in on) != (int(two) in on)
        for half in (one, two)
    }
    return [[stop for stop in stops if stop.task not in halves] for stops in kept]


def _may(data: ProblemData, k: int, v: int) -> bool:
    arrays = data.arrays
    row = arrays.task[k, at.ROW]
    allowed = arrays.row_route[arrays.row_ptr[row] : arrays.row_ptr[row + 1]]
    place = int(np.searchsorted(allowed, v))
    return place < len(allowed) and int(allowed[place]) == v


def _suits(data: ProblemData, on: dict[int, int], k: int, v: int) -> bool:
    """Return whether day and caregiver suit the coupled and spaced tasks placed already."""
    arrays = data.arrays
    day, caregiver = arrays.route[v, at.DATE], arrays.route[v, at.CAREGIVER]
    for e in range(arrays.tie_ptr[k], arrays.tie_ptr[k + 1]):
        u = on.get(int(arrays.tie_to[e]))
        if u is None:
            continue
        if arrays.route[u, at.DATE] != day:
            return False
        if arrays.tie_differ[e] and arrays.route[u, at.CAREGIVER] == caregiver:
            return False
    for e in range(arrays.space_ptr[k], arrays.space_ptr[k + 1]):
        u = on.get(int(arrays.space_to[e]))
        if u is None:
            continue
        side = int(arrays.space_side[e])
        days = int(arrays.route[u, at.DATE] - day)
        days = side * days if side else abs(days)
        if not arrays.space_lo[e] <= days <= arrays.space_hi[e]:
            return False
    return True
