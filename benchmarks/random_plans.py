"""Random routes of one day: made by the engine, then changed at random, mostly for the worse."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy import int64

from optimizer.problem import layout as at
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes
from optimizer.search.parameters import SearchParameters
from optimizer.search.worker import Worker
from optimizer.travel.reach import UNREACHABLE

CHANGES = 4
"Changes to one plan at most; there is none to one in five."


@dataclass(frozen=True, slots=True)
class _Stop:
    task: int
    care: int
    start: int
    contract: int


_Lists = list[list[_Stop]]


class RandomPlans:
    """Draws routes of one compiled day.

    Parameters
    ----------
    data
        The compiled day.
    seed
        Together with the day it determines all draws.
    """

    def __init__(self, data: ProblemData, seed: int) -> None:
        self._data = data
        self._rng = random.Random(f"plans of {data.scenario.id} {seed}")
        self._worker = Worker(data, SearchParameters().fitted(data.num_tasks), seed, 0)

    def draw(self, count: int) -> Iterator[Routes]:
        """Give so many plans, each one changed from routes made at random."""
        drawn = 0
        while drawn < count:
            self._worker.restart()
            self._worker.run(self._rng.choice((1, 5, 20)), 1e5, 1e5)
            routes = self._worker.present_routes()
            stops, pause = _lists(routes), routes.pause.tolist()
            for _ in range(self._rng.randint(0, CHANGES) if stops else 0):
                self._change(stops, pause)
            # A journey that nobody can make has no duration to be written down.
            if all(self._is_reachable(v, tour) for v, tour in enumerate(stops)):
                drawn += 1
                yield _routes(stops, pause)

    def _is_reachable(self, v: int, tour: list[_Stop]) -> bool:
        """Return whether there is a way between all places of a route."""
        arrays = self._data.arrays
        row = arrays.route[v]
        places = [row[at.HOME], *(arrays.task[stop.task, at.PLACE] for stop in tour), row[at.END]]
        travel = arrays.travel[row[at.MODE]]
        return (
            all(travel[here, there] < UNREACHABLE for here, there in pairwise(places)) or not tour
        )

    def _change(self, stops: _Lists, pause: list[int]) -> None:
        """Change one thing in place, if there is something to change."""
        kind = self._rng.choice(
            ("move", "add", "drop", "start", "start", "care", "break", "charge")
        )
        if kind == "break":
            v = self._rng.randrange(len(stops))
            pause[v] = self._rng.randint(0, len(stops[v]))
        elif kind == "add":
            self._add(stops)
        else:
            at_stop = [(v, c) for v, tour in enumerate(stops) for c in range(len(tour))]
            if at_stop:
                self._change_stop(kind, stops, *self._rng.choice(at_stop))
        for v, tour in enumerate(stops):
            pause[v] = min(pause[v], len(tour))

    def _change_stop(self, kind: str, stops: _Lists, v: int, c: int) -> None:
        """Change stop `c` of route `v`."""
        stop = stops[v].pop(c)
        if kind == "drop":
            return
        if kind == "move":
            v = self._rng.randrange(len(stops))
            c = self._rng.randint(0, len(stops[v]))
            stop = replace(stop, contract=self._contract(stop.task, v))
        elif kind == "start":
            minutes = self._data.scenario.ticks_per_minute * self._rng.randint(-30, 60)
            later = max(0, stop.start + minutes)
            stop = replace(stop, start=later)
            for tour in stops:
                for d, other in enumerate(tour):
                    if self._visit(other.task) == self._visit(stop.task):
                        tour[d] = replace(other, start=later)
        elif kind == "care":
            stop = replace(stop, care=self._care(stop.task))
        elif kind == "charge":
            stop = replace(stop, contract=self._contract(stop.task, v))
        stops[v].insert(c, stop)

    def _add(self, stops: _Lists) -> None:
        """Put a task that is on no route anywhere, whoever may serve it."""
        placed = {stop.task for tour in stops for stop in tour}
        free = [k for k in range(self._data.num_tasks) if k not in placed]
        if not free or not stops:
            return
        k, v = self._rng.choice(free), self._rng.randrange(len(stops))
        row = self._data.arrays.task[k]
        start = self._rng.randint(int(row[at.EARLIEST]), int(row[at.LATEST]))
        stop = _Stop(k, self._care(k), start, self._contract(k, v))
        stops[v].insert(self._rng.randint(0, len(stops[v])), stop)

    def _visit(self, k: int) -> int:
        return int(self._data.arrays.task[k, at.VISIT])

    def _care(self, k: int) -> int:
        row = self._data.arrays.task[k]
        return int(self._rng.choice((row[at.FULL], row[at.SHORT])))

    def _contract(self, k: int, v: int) -> int:
        """Draw one of the contracts that cover a task on a route, -1 if none is counted."""
        arrays = self._data.arrays
        if not arrays.weight[at.HAS_CONTRACTS]:
            return -1
        found = int(arrays.covered[arrays.task[k, at.ROW], v])
        if found < 0:
            return -1
        first, until = arrays.cover_ptr[found : found + 2]
        covers = arrays.cover[first:until].tolist()
        return int(self._rng.choice(covers)) if covers else -1


def _lists(routes: Routes) -> _Lists:
    charged = routes.charged()
    return [
        [
            _Stop(*(int(a[c]) for a in (routes.tasks, routes.care, routes.starts, charged)))
            for c in range(int(first), int(until))
        ]
        for first, until in zip(routes.ptr[:-1], routes.ptr[1:], strict=True)
    ]


def _routes(stops: _Lists, pause: list[int]) -> Routes:
    ptr = np.zeros(len(stops) + 1, int64)
    np.cumsum([len(tour) for tour in stops], out=ptr[1:])
    flat = [(s.task, s.care, s.start, s.contract) for tour in stops for s in tour]
    tasks, care, starts, contracts = np.array(flat, int64).reshape(-1, 4).T.copy()
    return Routes(ptr, tasks, care, starts, np.array(pause, int64), starts.copy(), contracts)
