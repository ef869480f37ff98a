"""A part of a compiled problem: some of its tasks, on the routes that are open to them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy import int32, int64
from numpy.typing import NDArray

from optimizer.problem import layout as at
from optimizer.problem.data import ProblemData
from optimizer.problem.near_routes import near_routes
from optimizer.problem.neighbours import near_tasks
from optimizer.problem.routes import Routes


@dataclass(frozen=True, slots=True)
class Part:
    """A problem of its own, with the way back to the whole.

    Attributes
    ----------
    data
        The part. Its tasks and routes are numbered anew; visits, caregivers, clients,
        contracts and accounts keep their numbers.
    tasks, routes
        What its tasks and routes are in the whole, ascending.
    whole_routes
        Number of routes of the whole.
    """

    data: ProblemData
    tasks: NDArray[int64]
    routes: NDArray[int64]
    whole_routes: int

    def into_whole(self, routes: Routes) -> Routes:
        """Return routes of the part as routes of the whole; the other routes are empty."""
        count = np.zeros(self.whole_routes, int64)
        count[self.routes] = np.diff(routes.ptr)
        pause = np.zeros(self.whole_routes, int64)
        pause[self.routes] = routes.pause
        ptr = np.concatenate(([0], np.cumsum(count)))
        return replace(routes, ptr=ptr, tasks=self.tasks[routes.tasks], pause=pause)

    def from_whole(self, routes: Routes) -> Routes:
        """Return what routes of the whole hold of the part."""
        number = np.full(int(self.tasks.max(initial=-1)) + 1, -1, int64)
        number[self.tasks] = np.arange(len(self.tasks))
        route = np.repeat(np.arange(self.whole_routes), np.diff(routes.ptr))
        mine = np.isin(routes.tasks, self.tasks)
        before = np.arange(len(route)) - routes.ptr[route] < routes.pause[route]
        count = np.bincount(route[mine], minlength=self.whole_routes)[self.routes]
        pause = np.bincount(route[mine & before], minlength=self.whole_routes)[self.routes]
        return Routes(
            np.concatenate(([0], np.cumsum(count))),
            number[routes.tasks[mine]],
            routes.care[mine],
            routes.starts[mine],
            pause,
            None if routes.floors is None else routes.floors[mine],
            routes.charged()[mine],
        )


def part_of(data: ProblemData, chosen: NDArray[np.bool_]) -> Part:
    """Return the problem of the chosen tasks and of those that depend on them.

    Parameters
    ----------
    data
        The whole.
    chosen
        Whether a task is wanted, shape ``(n,)``.
    """
    whole = data.arrays
    tasks = np.flatnonzero(_with_dependents(whole, chosen))
    rows = np.unique(whole.task[tasks, at.ROW])
    routes = np.flatnonzero(whole.allowed[rows].any(axis=0))
    task = whole.task[tasks]
    task[:, at.ROW] = np.searchsorted(rows, task[:, at.ROW])
    units = np.unique(task[:, at.UNIT])
    task[:, at.UNIT] = np.searchsorted(units, task[:, at.UNIT])
    number = np.full(len(whole.task) + 1, -1, int64)  # The last entry stands for "none", -1.
    number[tasks] = np.arange(len(tasks))
    unit = whole.unit[units]
    unit[:, :2] = number[unit[:, :2]]
    route = whole.route[routes]
    allowed = np.ascontiguousarray(whole.allowed[np.ix_(rows, routes)])
    covered = whole.covered
    if covered.shape == whole.allowed.shape:
        covered = np.ascontiguousarray(covered[np.ix_(rows, routes)])
    tie_ptr, tie = _slices(whole.tie_ptr, tasks)
    space_ptr, space = _slices(whole.space_ptr, tasks)
    rest = whole.rest[np.isin(whole.rest[:, :2], routes).all(axis=1)]
    rest[:, :2] = np.searchsorted(routes, rest[:, :2])
    arrays = whole._replace(
        task=task,
        route=route,
        row_ptr=np.concatenate(([0], np.cumsum(allowed.sum(axis=1, dtype=int64)))),
        row_route=np.nonzero(allowed)[1].astype(int32),
        allowed=allowed,
        price=whole.price[rows],
        price_short=whole.price_short[rows],
        day_price=whole.day_price[rows],
        covered=covered,
        tariff_of=whole.tariff_of[tasks],
        hard=whole.hard[tasks],
        evening=whole.evening[tasks],
        tie_ptr=tie_ptr,
        tie_to=number[whole.tie_to[tie]],
        tie_out=whole.tie_out[tie],
        tie_in=whole.tie_in[tie],
        tie_differ=whole.tie_differ[tie],
        space_ptr=space_ptr,
        space_to=number[whole.space_to[space]],
        space_lo=whole.space_lo[space],
        space_hi=whole.space_hi[space],
        space_side=whole.space_side[space],
        unit=unit,
        prize=whole.prize[tasks],
        near=near_tasks(data.scenario, data.matrices, task),
        near_route=near_routes(task, route, whole.travel_from, allowed),
        far=whole.far[tasks],
        rest=rest,
    )
    days = tuple(data.days[v] for v in routes)
    part = replace(data, arrays=arrays, tasks=tuple(data.tasks[k] for k in tasks), days=days)
    return Part(part, tasks, routes, len(whole.route))


def _with_dependents(whole: at.Arrays, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the chosen tasks with all that couplings lead to."""
    frm = np.repeat(np.arange(len(chosen)), np.diff(whole.tie_ptr))
    apart = np.repeat(np.arange(len(chosen)), np.diff(whole.space_ptr))
    ones = np.concatenate((frm, apart))
    others = np.concatenate((whole.tie_to, whole.space_to))
    found = chosen.copy()
    while True:
        more = found.copy()
        more[others[found[ones]]] = True
        if (more == found).all():
            return found
        found = more


def _slices(ptr: NDArray[int64], tasks: NDArray[int64]) -> tuple[NDArray[int64], NDArray[int64]]:
    """Return the pointers of the tasks' slices put side by side, and the entries in them."""
    size = ptr[tasks + 1] - ptr[tasks]
    begin = np.concatenate(([0], np.cumsum(size)))
    entries = np.repeat(ptr[tasks] - begin[:-1], size) + np.arange(begin[-1])
    return begin, entries
