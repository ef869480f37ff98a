"""A plan's routes as columns of the linear program, and columns as routes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy import int64

from optimizer.bound.column import Column
from optimizer.bound.pricing import Pricing, walk_starts
from optimizer.bound.scaled_days import LONGEST_ROUTE
from optimizer.problem import layout as at
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes


def columns_of(pricing: Pricing, data: ProblemData, routes: Routes) -> list[Column]:
    """Return the columns of the routes with stops, at the cost that the bound counts.

    A route that the network does not hold (which the search never makes) is left out.

    Parameters
    ----------
    pricing
        Knows the network.
    data, routes
        The compiled problem and routes by task index.
    """
    columns = []
    for v in range(data.num_routes):
        span = slice(int(routes.ptr[v]), int(routes.ptr[v + 1]))
        nodes = pricing.network.routes[v]
        full = data.arrays.task[nodes.row, at.FULL]
        rests = nodes.pause[2] > 0
        way: list[int] = []
        for place, (task, care) in enumerate(
            zip(routes.tasks[span], routes.care[span], strict=True)
        ):
            stage = int(rests and place >= routes.pause[v])
            fits = (nodes.row == task) & (nodes.stage == stage)
            exact = np.flatnonzero(fits & (nodes.duration == care))
            either = exact if len(exact) else np.flatnonzero(fits & (care <= full))
            way.extend(either[:1].tolist())
        if 0 < len(way) == span.stop - span.start and len(way) <= LONGEST_ROUTE:
            columns.append(pricing.column(v, way))
    return columns


def routes_of(pricing: Pricing, data: ProblemData, columns: Sequence[Column]) -> Routes:
    """Return columns as routes by task index; a task that comes again is left out there.

    Parameters
    ----------
    pricing
        Knows the network.
    data
        The compiled problem.
    columns
        Of different routes.
    """
    ways: list[tuple[int, ...]] = [() for _ in range(data.num_routes)]
    served: set[int] = set()
    for column in columns:
        nodes = pricing.network.routes[column.route]
        kept = []
        for x in column.way:
            if int(nodes.row[x]) not in served:
                served.add(int(nodes.row[x]))
                kept.append(x)
        ways[column.route] = tuple(kept)
    tasks: list[int] = []
    care: list[int] = []
    starts: list[int] = []
    pause = np.zeros(data.num_routes, int64)
    for v, way in enumerate(ways):
        if way:
            nodes = pricing.network.routes[v]
            tasks += nodes.row[list(way)].tolist()
            care += nodes.duration[list(way)].tolist()
            starts += walk_starts(pricing.network, nodes, way)
            if nodes.pause[2] > 0:
                pause[v] = int((nodes.stage[list(way)] == 0).sum())
    ptr = np.cumsum([0, *(len(way) for way in ways)])
    return Routes(
        ptr.astype(int64),
        np.array(tasks, int64),
        np.array(care, int64),
        np.array(starts, int64),
        pause,
    )
