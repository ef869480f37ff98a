"""A plan's routes as columns of the linear program."""

from __future__ import annotations

import numpy as np

from optimizer.bound.master import Column
from optimizer.bound.pricing import LONGEST_ROUTE, Pricing
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
