"""What starts cost where routes and order are fixed, and which of them hang together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
from numpy import int64
from numpy.typing import NDArray

from optimizer.problem import layout as at
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes

Starts = NDArray[int64]
"The start of each stop in ticks, in the order of the routes' list of stops."


@dataclass(frozen=True)
class Tour:
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


class Timing:
    """A roster's stops in fixed order, and what they cost at any starts."""

    def __init__(self, data: ProblemData, routes: Routes) -> None:
        self._arrays = data.arrays
        self._routes = routes
        weight = data.arrays.weight
        self.late, self.worst = int(weight[at.W_LATE]), int(weight[at.W_WORST])
        self.wait, self.moved = int(weight[at.W_WAIT]), int(weight[at.W_DISRUPTION])
        self.tolerance = int(weight[at.TOLERANCE])
        ptr = routes.ptr.tolist()
        self.tours = {
            v: self._tour(v, first, until)
            for v, (first, until) in enumerate(pairwise(ptr))
            if until > first
        }
        self._place = {int(k): c for c, k in enumerate(routes.tasks)}
        self._on = {c: v for v, tour in self.tours.items() for c in range(tour.first, tour.until)}

    def _tour(self, v: int, first: int, until: int) -> Tour:
        row = self._arrays.route[v]
        travel = self._arrays.travel[row[at.MODE]]
        places = self._arrays.task[self._routes.tasks[first:until], at.PLACE].tolist()
        return Tour(
            row=row,
            first=first,
            until=until,
            way_out=int(travel[row[at.HOME], places[0]]),
            hops=tuple(int(travel[here, there]) for here, there in pairwise(places)),
            way_home=int(travel[places[-1], row[at.END]]),
            pause_after=int(self._routes.pause[v]) if row[at.BREAK_LENGTH] else -1,
        )

    def care(self, c: int) -> int:
        """Return how long a stop takes, in ticks."""
        return int(self._routes.care[c])

    def task(self, c: int) -> NDArray[int64]:
        """Return the row of the task at a place of the list."""
        row: NDArray[int64] = self._arrays.task[self._routes.tasks[c]]
        return row

    def may_keep(self, c: int) -> bool:
        """Return whether a stop is published for the day it is on."""
        task, day = self.task(c), self.tours[self._on[c]].row[at.DATE]
        return bool(self.moved and task[at.PUBLISHED] >= 0 and task[at.PUBLISHED_DAY] == day)

    def keeps(self, c: int, start: int) -> bool:
        """Return whether a start is near enough to the published one."""
        return abs(start - int(self.task(c)[at.PUBLISHED])) <= self.tolerance

    def _busy(self, tour: Tour) -> int:
        """Return the time from the first start to the last one without idle time."""
        care = sum(self.care(c) for c in range(tour.first, tour.last))
        inside = 0 < tour.pause_after < tour.until - tour.first
        return care + sum(tour.hops) + (tour.pause if inside else 0)

    def _idle(self, tour: Tour, starts: Starts) -> int:
        return int(starts[tour.last] - starts[tour.first]) - self._busy(tour)

    def cost(self, starts: Starts) -> int:
        """Return what depends on the starts: waiting, lateness, late returns, moved stops."""
        lateness = [max(0, int(starts[c] - self.task(c)[at.DUE])) for c in self._on]
        total = self.late * sum(lateness) + self.worst * max(lateness, default=0)
        for tour in self.tours.values():
            back = self._back(tour, starts)
            total += self.wait * self._idle(tour, starts)
            total += int(tour.row[at.OVERTIME_RATE]) * max(0, back - int(tour.row[at.CLOSE]))
        return total + self.moved * sum(
            not self.keeps(c, int(starts[c])) for c in self._on if self.may_keep(c)
        )

    def _back(self, tour: Tour, starts: Starts) -> int:
        """Return when a route is over; a break too late for afterwards precedes the way home."""
        end = int(starts[tour.last]) + self.care(tour.last)
        back = end + tour.way_home
        if not tour.rests_last or back <= tour.row[at.BREAK_TO]:
            return back
        return max(end, int(tour.row[at.BREAK_FROM])) + tour.pause + tour.way_home

    def components(self) -> list[list[int]]:
        """Return groups of routes whose starts depend on each other."""
        if self.worst:
            return [list(self.tours)]
        joined: nx.Graph[int] = nx.Graph()
        joined.add_nodes_from(self.tours)
        joined.add_edges_from((self._on[a], self._on[b]) for a, b, _ in self.ties())
        joined.add_edges_from((u, v) for u, v, _ in self.rests())
        return [sorted(group) for group in nx.connected_components(joined)]

    def ties(self) -> list[tuple[int, int, int]]:
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

    def rests(self) -> list[tuple[int, int, int]]:
        """Return pairs of routes with stops, and the rest that lies between them at least."""
        return [
            (u, v, gap)
            for u, v, gap in self._arrays.rest.tolist()
            if u in self.tours and v in self.tours
        ]

    def may_gain(self, component: list[int], starts: Starts) -> bool:
        """Return whether idle time may go, or a stop is moved or held back by the search.

        Stops that the search does not hold back begin as early as they can, so that idle time goes
        only where the first stop may begin later than it does and the last one stays.
        """
        return any(
            (self.wait > 0 and self._latest_first(tour, starts) > starts[tour.first])
            or any(
                self._is_held(c) or (self.may_keep(c) and not self.keeps(c, int(starts[c])))
                for c in range(tour.first, tour.until)
            )
            for tour in (self.tours[v] for v in component)
        )

    def _latest_first(self, tour: Tour, starts: Starts) -> int:
        """Return how late a route's first stop may begin if the last one begins as it does.

        What ties it to other routes and when the break may be are left out: this is an upper bound.
        """
        late = int(starts[tour.last])
        for c in range(tour.last - 1, tour.first - 1, -1):
            number = c - tour.first + 1
            ready = late - tour.hops[number - 1] - (tour.pause if tour.pause_after == number else 0)
            late = min(ready - self.care(c), int(self.task(c)[at.LATEST]))
        return late

    def _is_held(self, c: int) -> bool:
        """Return whether the search has chosen a start of a stop not to go below."""
        floors = self._routes.floors
        return floors is not None and bool(floors[c] > self.task(c)[at.EARLIEST])

    def stops(self, component: list[int]) -> Iterator[int]:
        """Give the places in the list of a component's stops."""
        for v in component:
            yield from range(self.tours[v].first, self.tours[v].until)
