"""A route as a column of the linear program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy import int64
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Column:
    """A route.

    Attributes
    ----------
    route
        Whose.
    rows, care
        Its tasks in order, and the ticks of care given to each.
    cost
        In ticks of travel.
    path
        Its nodes in order.
    """

    route: int
    rows: tuple[int, ...]
    care: tuple[int, ...]
    cost: int
    path: tuple[int, ...]


def incidence_of(columns: Sequence[Column], num_rows: int, num_routes: int) -> NDArray[int64]:
    """Return what each column covers: how often each visit's row, and the row of its own route.

    Parameters
    ----------
    columns
        At any rows and routes of the network.
    num_rows, num_routes
        Of the network.

    Returns
    -------
    array
        Shape ``(columns, num_rows + num_routes)``: first the rows of visits, then the convexity
        rows of routes, of which each column has a 1 in its own.
    """
    incidence = np.zeros((len(columns), num_rows + num_routes), int64)
    for place, column in enumerate(columns):
        np.add.at(incidence[place], list(column.rows), 1)
        incidence[place, num_rows + column.route] = 1
    return incidence
