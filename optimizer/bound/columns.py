"""A plan's routes as columns of the linear program, and columns as routes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy import int64

from optimizer.bound.column import Column
from optimizer.bound.pricing import Pricing, path_starts
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
    moments = pricing.network.moments
    tied = moments.side != 0 if len(moments) else np.zeros(data.num_tasks, bool)
    for v in range(data.num_routes):
        span = slice(int(routes.ptr[v]), int(routes.ptr[v + 1]))
        nodes = pricing.network.routes[v]
        full = data.arrays.task[nodes.row, at.FULL]
        rests = nodes.pause[2] > 0
        path: list[int] = []
        for place, (task, care, start) in enumerate(
            zip(routes.tasks[span], routes.care[span], routes.starts[span], strict=True)
        ):
            stage = int(rests and place >= routes.pause[v])
            fits = (nodes.row == task) & (nodes.stage == stage)
            if tied[task]:
                fits &= (nodes.ready <= start) & (start <= nodes.latest)
            exact = np.flatnonzero(fits & (nodes.duration == care))
            either = exact if len(exact) else np.flatnonzero(fits & (care <= full))
            path.extend(either[:1].tolist())
        if 0 < len(path) == span.stop - span.start and len(path) <= LONGEST_ROUTE:
            columns.append(pricing.column(v, path))
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
    paths: list[tuple[int, ...]] = [() for _ in range(data.num_routes)]
    served: set[int] = set()
    for column in columns:
        nodes = pricing.network.routes[column.route]
        kept = []
        for x in column.path:
            if int(nodes.row[x]) not in served:
                served.add(int(nodes.row[x]))
                kept.append(x)
        paths[column.route] = tuple(kept)
    tasks: list[int] = []
    care: list[int] = []
    starts: list[int] = []
    pause = np.zeros(data.num_routes, int64)
    for v, path in enumerate(paths):
        if path:
            nodes = pricing.network.routes[v]
            tasks += nodes.row[list(path)].tolist()
            care += nodes.duration[list(path)].tolist()
            starts += path_starts(pricing.network, nodes, path)
            if nodes.pause[2] > 0:
                pause[v] = int((nodes.stage[list(path)] == 0).sum())
    ptr = np.cumsum([0, *(len(path) for path in paths)])
    return Routes(
        ptr.astype(int64),
        np.array(tasks, int64),
        np.array(care, int64),
        np.array(starts, int64),
        pause,
    )
