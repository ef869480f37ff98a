"""The best starts of stops whose routes and order are fixed.

The search begins every stop as early as it can and later where that is cheap to see; with a
published roster or a price on waiting the best starts may be others. Here they are decided by one
small model per component: routes that couplings or a rest tie together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import networkx as nx
import numpy as np
from numpy import int64
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from optimizer.problem import layout as at
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes

EFFORT = 1.0
"Deterministic seconds of CP-SAT per component; a component that needs more keeps its best so far."

Starts = NDArray[int64]


def retime(data: ProblemData, routes: Routes, liked: Starts | None = None) -> tuple[Routes, int]:
    """Return routes with better starts, and what these save.

    Parameters
    ----------
    data
        The compiled problem.
    routes
        Routes that break no rule.
    liked
        Starts of the same stops that are kept, group by group, where no others are cheaper.

    Returns
    -------
    tuple
        The routes with the same stops in the same order at their best starts, and by how many
        ticks of travel they cost less.
    """
    timing = _Timing(data, routes)
    best = np.array(routes.starts, int64)
    before = timing.cost(best)
    for component in timing.components():
        if timing.may_gain(component, best):
            trial = timing.solved(component, best)
            if timing.cost(trial) < timing.cost(best):
                best = trial
        if liked is not None:
            trial = best.copy()
            for c in timing.stops(component):
                trial[c] = liked[c]
            if timing.cost(trial) <= timing.cost(best) and timing.holds(component, trial):
                best = trial
    saved = before - timing.cost(best)
    if np.array_equal(best, routes.starts):
        return routes, 0
    return replace(routes, starts=best, floors=None), saved


@dataclass(frozen=True)
class _Tour:
    """A route with stops: its row of the table, where its stops are listed, and its journeys.

    `pause_after` is the number of stops before the break, -1 without one.
    """

    row: NDArray[int64]
    first: int
    until: int
    way_out: int
    hops: tuple[int, ...]
    way_home: int
    pause_after: int

    @property
    def pause(self) -> int:
        """Length of the break in ticks."""
        return int(self.row[at.BREAK_LENGTH])

    @property
    def last(self) -> int:
        """Place of the last stop in the list."""
        return self.until - 1

    @property
    def rests_last(self) -> bool:
        """Whether the break comes after the last stop."""
        return self.pause_after == self.until - self.first


class _Timing:
    """What starts cost where all else is fixed, and models that find the best ones."""

    def __init__(self, data: ProblemData, routes: Routes) -> None:
        self._arrays = data.arrays
        self._routes = routes
        weight = data.arrays.weight
        self._late, self._worst = int(weight[at.W_LATE]), int(weight[at.W_WORST])
        self._wait, self._moved = int(weight[at.W_WAIT]), int(weight[at.W_DISRUPTION])
        self._tolerance = int(weight[at.TOLERANCE])
        ptr = routes.ptr.tolist()
        self._tours = {
            v: self._tour(v, first, until)
            for v, (first, until) in enumerate(pairwise(ptr))
            if until > first
        }
        self._place = {int(k): c for c, k in enumerate(routes.tasks)}
        self._on = {c: v for v, tour in self._tours.items() for c in range(tour.first, tour.until)}

    def _tour(self, v: int, first: int, until: int) -> _Tour:
        row = self._arrays.route[v]
        travel = self._arrays.travel[row[at.MODE]]
        places = self._arrays.task[self._routes.tasks[first:until], at.PLACE].tolist()
        return _Tour(
            row=row,
            first=first,
            until=until,
            way_out=int(travel[row[at.HOME], places[0]]),
            hops=tuple(int(travel[here, there]) for here, there in pairwise(places)),
            way_home=int(travel[places[-1], row[at.END]]),
            pause_after=int(self._routes.pause[v]) if row[at.BREAK_LENGTH] else -1,
        )

    def _care(self, c: int) -> int:
        return int(self._routes.care[c])

    def _task(self, c: int) -> NDArray[int64]:
        """Return the row of the task at a place of the list."""
        row: NDArray[int64] = self._arrays.task[self._routes.tasks[c]]
        return row

    def _may_keep(self, c: int) -> bool:
        """Return whether a stop is published for the day it is on."""
        task, day = self._task(c), self._tours[self._on[c]].row[at.DATE]
        return bool(self._moved and task[at.PUBLISHED] >= 0 and task[at.PUBLISHED_DAY] == day)

    def _keeps(self, c: int, start: int) -> bool:
        return abs(start - int(self._task(c)[at.PUBLISHED])) <= self._tolerance

    def _busy(self, tour: _Tour) -> int:
        """Return the time from the first start to the last one without idle time."""
        care = sum(self._care(c) for c in range(tour.first, tour.last))
        inside = 0 < tour.pause_after < tour.until - tour.first
        return care + sum(tour.hops) + (tour.pause if inside else 0)

    def _idle(self, tour: _Tour, starts: Starts) -> int:
        return int(starts[tour.last] - starts[tour.first]) - self._busy(tour)

    def cost(self, starts: Starts) -> int:
        """Return what depends on the starts: waiting, lateness, late returns, moved stops."""
        lateness = [max(0, int(starts[c] - self._task(c)[at.DUE])) for c in self._on]
        total = self._late * sum(lateness) + self._worst * max(lateness, default=0)
        for tour in self._tours.values():
            back = self._back(tour, starts)
            total += self._wait * self._idle(tour, starts)
            total += int(tour.row[at.OVERTIME_RATE]) * max(0, back - int(tour.row[at.CLOSE]))
        return total + self._moved * sum(
            not self._keeps(c, int(starts[c])) for c in self._on if self._may_keep(c)
        )

    def _back(self, tour: _Tour, starts: Starts) -> int:
        """Return when a route is over; a break too late for afterwards precedes the way home."""
        end = int(starts[tour.last]) + self._care(tour.last)
        back = end + tour.way_home
        if not tour.rests_last or back <= tour.row[at.BREAK_TO]:
            return back
        return max(end, int(tour.row[at.BREAK_FROM])) + tour.pause + tour.way_home

    def components(self) -> list[list[int]]:
        """Return groups of routes whose starts depend on each other."""
        if self._worst:
            return [list(self._tours)]
        joined: nx.Graph[int] = nx.Graph()
        joined.add_nodes_from(self._tours)
        joined.add_edges_from((self._on[a], self._on[b]) for a, b, _ in self._ties())
        joined.add_edges_from((u, v) for u, v, _ in self._rests())
        return [sorted(group) for group in nx.connected_components(joined)]

    def _ties(self) -> list[tuple[int, int, int]]:
        """Return pairs of places in the list, and by how much the second starts after the first."""
        arrays = self._arrays
        return [
            (c, self._place[q], out)
            for k, c in self._place.items()
            for q, out in zip(
                arrays.tie_to[arrays.tie_ptr[k] : arrays.tie_ptr[k + 1]].tolist(),
                arrays.tie_out[arrays.tie_ptr[k] : arrays.tie_ptr[k + 1]].tolist(),
                strict=True,
            )
            if q in self._place and out > -at.BIG
        ]

    def _rests(self) -> list[tuple[int, int, int]]:
        return [
            (u, v, gap)
            for u, v, gap in self._arrays.rest.tolist()
            if u in self._tours and v in self._tours
        ]

    def may_gain(self, component: list[int], starts: Starts) -> bool:
        """Return whether a component has idle time, a stop moved or one held back by the search."""
        return any(
            (self._wait > 0 and self._idle(tour, starts) > 0)
            or any(
                self._is_held(c) or (self._may_keep(c) and not self._keeps(c, int(starts[c])))
                for c in range(tour.first, tour.until)
            )
            for tour in (self._tours[v] for v in component)
        )

    def _is_held(self, c: int) -> bool:
        """Return whether the search has chosen a start of a stop not to go below."""
        floors = self._routes.floors
        return floors is not None and bool(floors[c] > self._task(c)[at.EARLIEST])

    def stops(self, component: list[int]) -> Iterator[int]:
        """Give the places in the list of a component's stops."""
        for v in component:
            yield from range(self._tours[v].first, self._tours[v].until)

    def solved(self, component: list[int], starts: Starts) -> Starts:
        """Return the starts with the best ones of a component's stops."""
        found = starts.copy()
        for c, start in self._model(component, starts).best().items():
            found[c] = start
        return found

    def holds(self, component: list[int], starts: Starts) -> bool:
        """Return whether a component's stops may have exactly these starts."""
        model = self._model(component, starts)
        for c, start in model.start.items():
            model.cp.add(start == int(starts[c]))
        return bool(model.best())

    def _model(self, component: list[int], starts: Starts) -> _Model:
        model = _Model()
        for v in component:
            self._add_stops(model, self._tours[v], starts)
            self._add_journeys(model, v, self._tours[v])
        for c, d, out in self._ties():
            if c in model.start and d in model.start:
                model.cp.add(model.start[d] >= model.start[c] + out)
        for u, v, gap in self._rests():
            if u in model.back and v in model.back:
                model.cp.add(model.departure[v] >= model.back[u] + gap)
        return model

    def _add_stops(self, model: _Model, tour: _Tour, starts: Starts) -> None:
        """Add windows, lateness and published times of a route's stops."""
        for c in range(tour.first, tour.until):
            task = self._task(c)
            earliest, latest, due = (int(task[n]) for n in (at.EARLIEST, at.LATEST, at.DUE))
            start = model.cp.new_int_var(earliest, latest, "")
            model.start[c] = start
            model.cp.add_hint(start, int(starts[c]))
            if latest > due and self._late:
                model.cost.append(self._late * model.above(start, due))
            if latest > due and self._worst:
                if model.worst is None:
                    model.worst = model.cp.new_int_var(0, at.BIG, "")
                    model.cost.append(self._worst * model.worst)
                model.cp.add(model.worst >= start - due)
            if self._may_keep(c):
                keeps, published = model.cp.new_bool_var(""), int(task[at.PUBLISHED])
                model.cp.add_linear_constraint(
                    start, published - self._tolerance, published + self._tolerance
                ).only_enforce_if(keeps)
                model.cost.append(self._moved * (1 - keeps))

    def _add_journeys(self, model: _Model, v: int, tour: _Tour) -> None:
        """Add travel, break, shift, waiting and overtime of a route."""
        row, start, add = tour.row, model.start, model.cp.add
        break_from, break_to = int(row[at.BREAK_FROM]), int(row[at.BREAK_TO])
        departure = start[tour.first] - tour.way_out
        add(departure >= int(row[at.OPEN]))
        if tour.pause_after == 0:
            add(departure >= break_from + tour.pause)
        for number, hop in enumerate(tour.hops, 1):
            c = tour.first + number - 1
            ready = start[c] + self._care(c)
            if tour.pause_after == number:
                add(ready <= break_to)
                add(start[c + 1] >= break_from + tour.pause + hop)
                ready += tour.pause
            add(start[c + 1] >= ready + hop)
        end = start[tour.last] + self._care(tour.last)
        back: cp_model.LinearExpr = end + tour.way_home
        if tour.rests_last:
            home, at_end = model.cp.new_int_var(0, at.BIG, ""), model.cp.new_bool_var("")
            add(home >= back)
            add(back <= break_to).only_enforce_if(at_end)
            add(end <= break_to).only_enforce_if(~at_end)
            add(home >= back + tour.pause).only_enforce_if(~at_end)
            add(home >= break_from + tour.pause + tour.way_home).only_enforce_if(~at_end)
            back = home
        add(back <= int(row[at.CLOSE_HARD]))
        if self._wait:
            model.cost.append(self._wait * (start[tour.last] - start[tour.first]))
        if row[at.OVERTIME_RATE] and row[at.CLOSE_HARD] > row[at.CLOSE]:
            model.cost.append(int(row[at.OVERTIME_RATE]) * model.above(back, int(row[at.CLOSE])))
        model.departure[v], model.back[v] = departure, back


class _Model:
    """The model of one component: its decisions and what they cost."""

    def __init__(self) -> None:
        self.cp = cp_model.CpModel()
        self.start: dict[int, cp_model.IntVar] = {}
        self.departure: dict[int, cp_model.LinearExpr] = {}
        self.back: dict[int, cp_model.LinearExpr] = {}
        self.worst: cp_model.IntVar | None = None
        self.cost: list[cp_model.LinearExpr] = []

    def above(self, what: cp_model.LinearExpr, limit: int) -> cp_model.IntVar:
        """Return a number that is at least `what` less `limit`, and not negative."""
        excess = self.cp.new_int_var(0, at.BIG, "")
        self.cp.add(excess >= what - limit)
        return excess

    def best(self) -> dict[int, int]:
        """Return the best starts found, or none."""
        self.cp.minimize(cp_model.LinearExpr.sum(self.cost))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_deterministic_time = EFFORT
        if solver.solve(self.cp) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return {}
        return {c: solver.value(start) for c, start in self.start.items()}
