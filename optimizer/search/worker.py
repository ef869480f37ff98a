"""One searching worker: a state, its random numbers, and the best routes it has seen."""

from __future__ import annotations

import numpy as np
from numpy import int32, int64
from numpy.typing import NDArray

from optimizer.errors import InternalError
from optimizer.problem.data import ProblemData
from optimizer.problem.layout import (
    DATE,
    PUBLISHED,
    PUBLISHED_DAY,
    TOLERANCE,
    VISIT,
    W_DISRUPTION,
    W_WAIT,
)
from optimizer.problem.routes import Routes
from optimizer.search.kernels import world as at
from optimizer.search.kernels.anneal import REMEMBER, anneal, keep_best
from optimizer.search.kernels.load import load_routes
from optimizer.search.kernels.parameter_row import P_MEMORY
from optimizer.search.kernels.records import Records
from optimizer.search.kernels.recreate import construct
from optimizer.search.kernels.rng import seeded
from optimizer.search.kernels.state import cost_of
from optimizer.search.kernels.unserved import SEEN_AT_ONCE, forget
from optimizer.search.kernels.waiting import pack_all
from optimizer.search.kernels.world import BEST_NODE, BEST_ROUTE, World, new_world
from optimizer.search.parameters import SearchParameters
from optimizer.search.warm_start import is_allowed

LEAST_COST_PER_VISIT = 30
"Ticks: keeps the temperature positive where travel is nearly free."


class Worker:
    """Searches on its own; several of them may run at once in threads.

    Parameters
    ----------
    data
        The compiled problem.
    parameters
        Parameters of the search.
    seed, stream
        Random seed and the worker's number; both together determine everything.
    recount
        Whether to count every roster from scratch, after each step; slow, to find defects.
    focus
        Tasks around which visits are taken out; all if not given.
    """

    def __init__(
        self,
        data: ProblemData,
        parameters: SearchParameters,
        seed: int,
        stream: int,
        recount: bool = False,
        focus: NDArray[int64] | None = None,
    ) -> None:
        self._data = data
        self._focus = np.arange(data.num_tasks) if focus is None else focus
        self._recount = recount
        self._arrays = data.arrays
        self._parameters = parameters
        self._row = parameters.as_array()
        self._rng = seeded(seed, stream)
        self._tally = np.zeros(at.TALLY, int64)
        self._world = self._empty()
        self._best_node = np.zeros(len(self._world.node), BEST_NODE).view(np.recarray)
        self._best_route = np.zeros(len(self._world.route), BEST_ROUTE).view(np.recarray)
        keep_best(self._world, self._best_node, self._best_route)
        self._tally[at.CURRENT] = self._tally[at.BEST] = self._cost()

    def _empty(self) -> World:
        """Return a world in which nobody is visited yet."""
        world = new_world(self._arrays)
        world.g[at.W_SLOPE] = int(self._parameters.slope * world.g[at.TICKS_PER_MINUTE])
        return world

    def _cost(self) -> int:
        return int(cost_of(self._world.g))

    @property
    def world(self) -> World:
        """Return the worker's tables (for tests and measurements)."""
        return self._world

    @property
    def best(self) -> int:
        """Return the cost of the best routes seen, in ticks of travel."""
        return int(self._tally[at.BEST])

    @property
    def iterations(self) -> int:
        """Return the number of steps done."""
        return int(self._tally[at.ITERATIONS])

    @property
    def tally(self) -> NDArray[int64]:
        """Return the counters of the loop (see `kernels.world`)."""
        return self._tally

    @property
    def memory(self) -> float:
        """Return the share of its price by which an unserved visit grows in worth at a time."""
        return float(self._row[P_MEMORY])

    def construct(self) -> None:
        """Insert every unserved visit greedily into the present routes."""
        construct(self._world, self._rng, self._row, self._tally, False)
        self._keep_if_best()

    def restart(self) -> None:
        """Begin anew from routes made at random."""
        self._world = self._empty()
        construct(self._world, self._rng, self._row, self._tally, True)
        self._keep_if_best()

    def _keep_if_best(self) -> None:
        if self._tally[at.CURRENT] <= self._tally[at.BEST]:
            self._tally[at.BEST] = self._tally[at.CURRENT]
            keep_best(self._world, self._best_node, self._best_route)

    def remember_for(self, steps: int) -> None:
        """Let unserved visits grow in worth as slowly as a run of so many steps in all allows.

        Of many unserved visits only some grow at a time, each of them the faster.
        """
        growths = self._parameters.memory_time * steps / REMEMBER
        turns = max(1.0, self.num_unserved() / SEEN_AT_ONCE)
        if self._parameters.memory * growths > turns:
            self._row[P_MEMORY] = turns / growths

    def forget(self) -> None:
        """Weigh unserved visits by their price alone from now on; go on from the best routes."""
        self._row[P_MEMORY] = 0.0
        if self._world.g[at.T_EXTRA_WORTH] > 0 or self.num_unserved() > 0:
            self.load(self.best_routes())
        forget(self._world)

    def load(self, routes: Routes) -> bool:
        """Replace the present routes; False (and empty routes) if these break a rule."""
        self._world = self._empty()
        fine = is_allowed(self._data, routes) and self._fill(self._world, routes)
        if not fine:
            self._world = self._empty()
        self._tally[at.CURRENT] = self._cost()
        self._keep_if_best()
        return fine

    def _floors(self, routes: Routes) -> NDArray[int64]:
        """Return the floors of starts: the search's own, or what keeps to published ones."""
        if routes.floors is not None:
            return routes.floors
        task, weight = self._arrays.task[routes.tasks], self._arrays.weight
        route = np.repeat(np.arange(len(routes.ptr) - 1), np.diff(routes.ptr))
        kept = (
            (weight[W_DISRUPTION] > 0)
            & (task[:, PUBLISHED] >= 0)
            & (task[:, PUBLISHED_DAY] == self._arrays.route[route, DATE])
            & (np.abs(routes.starts - task[:, PUBLISHED]) <= weight[TOLERANCE])
        )
        return np.where(kept, task[:, PUBLISHED] - weight[TOLERANCE], -1)

    def temperature(self, fraction: float, warm_start: bool) -> float:
        """Return the temperature after a fraction (0 to 1) of the budget, in ticks."""
        warm = self._parameters.warm * (self._parameters.reheat if warm_start else 1.0)
        return float(self._unit() * warm * (self._parameters.cool / warm) ** fraction)

    def _unit(self) -> float:
        """Return the best routes' cost per served stop, unserved visits left out."""
        served = self._best_node.route[: len(self._arrays.task)] >= 0
        unserved = int(self._arrays.prize[~served].sum())
        return max(LEAST_COST_PER_VISIT, (self.best - unserved) / max(1, int(served.sum())))

    def unserved_tasks(self) -> NDArray[int64]:
        """Return the tasks that the present routes leave out."""
        unserved: NDArray[int64] = np.flatnonzero(
            self._world.node.route[: len(self._arrays.task)] < 0
        )
        return unserved

    def num_unserved(self) -> int:
        """Return how many visits the best routes leave unserved."""
        unserved = self._best_node.route[: len(self._arrays.task)] < 0
        return len(set(self._arrays.task[unserved, VISIT].tolist()))

    def run(self, steps: int, warm: float, cool: float) -> None:
        """Do `steps` steps while the temperature falls from `warm` to `cool` ticks.

        Raises
        ------
        InternalError
            If a recount was asked for and finds another cost than the search has kept.
        """
        if len(self._focus) == 0:
            return  # No centre to draw.
        if not self._recount:
            self._anneal(steps, warm, cool)
            return
        cooled = (cool / warm) ** (1 / max(1, steps))
        for _ in range(steps):
            self._anneal(1, warm, warm * cooled)
            warm *= cooled
            self._count_again()

    def _count_again(self) -> None:
        """Compare the cost kept with that of the same routes in a new state."""
        routes = self._routes_in(self._world)
        fresh = self._empty()
        fine = self._fill(fresh, routes)
        counted = int(cost_of(fresh.g))
        if not fine or counted != self._cost():
            found = f"{counted} when counted again" if fine else "a broken rule when counted again"
            raise InternalError(
                f"After step {self.iterations} the search keeps a cost of {self._cost()}, "
                f"but there is {found}."
            )

    def _anneal(self, steps: int, warm: float, cool: float) -> None:
        anneal(
            self._world,
            self._rng,
            self._row,
            self._tally,
            self._best_node,
            self._best_route,
            self._focus,
            steps,
            float(warm),
            float(cool),
        )
        if self._tally[at.OVERFLOWN]:
            # A step larger than the undo log; start again from the best routes.
            self._tally[at.OVERFLOWN] = 0
            self.load(self.best_routes())

    def best_routes(self) -> Routes:
        """Return the best routes seen, every stop as early as the search has it."""
        best = self._best_node
        return routes_of(best, self._best_route, best.contract, len(self._arrays.task))

    def present_routes(self) -> Routes:
        """Return the routes as they are now, whatever the best ones are."""
        return self._routes_in(self._world)

    def taken_as_is(self, routes: Routes) -> Routes | None:
        """Return routes with the starts that their floors leave, None if they break a rule."""
        fresh = self._empty()
        fine = is_allowed(self._data, routes) and self._fill(fresh, routes)
        return self._routes_in(fresh) if fine else None

    def packed_routes(self) -> tuple[Routes, int]:
        """Return the best routes seen as `packed` has them, and what they cost."""
        return self.packed(self.best_routes())

    def packed(self, routes: Routes) -> tuple[Routes, int]:
        """Return routes of this worker with as little idle time as the search has counted.

        Returns also what they cost: as much as the search has counted, or less.
        """
        fresh = self._empty()
        self._fill(fresh, routes)
        if self._arrays.weight[W_WAIT] > 0:
            pack_all(fresh)
        return self._routes_in(fresh), int(cost_of(fresh.g))

    def _routes_in(self, world: World) -> Routes:
        """Return the routes of a world of this problem."""
        return routes_of(world.node, world.route, world.contract, len(self._arrays.task))

    def _fill(self, world: World, routes: Routes) -> bool:
        """Fill an empty world with routes; return whether they break no rule."""
        stops = routes.tasks, routes.care, routes.pause, self._floors(routes), routes.charged()
        return bool(load_routes(world, routes.ptr, *stops))


def routes_of(node: Records, route: Records, contract: NDArray[int32], num_tasks: int) -> Routes:
    """Read routes out of a state's tables."""
    ptr = np.zeros(len(route) + 1, int64)
    tasks: list[int] = []
    before_break = np.zeros(len(route), int64)
    for v in range(len(route)):
        x = num_tasks + v
        count = 0
        while True:
            if x == route.break_after[v]:
                before_break[v] = count
            x = int(node.next[x])
            if x >= num_tasks:
                break
            tasks.append(x)
            count += 1
        ptr[v + 1] = len(tasks)
    index = np.array(tasks, int64)
    return Routes(
        ptr,
        index,
        node.care[index].astype(int64),
        node.start[index].astype(int64),
        before_break,
        node.earliest[index].astype(int64),
        contract[index].astype(int64),
    )
