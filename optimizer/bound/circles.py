"""The circles of caregivers around clients: what each further new one costs, whoever it is.

The price of a new carer depends on how many others come, so no route can tell it by itself. Every
caregiver new to a client pays the client's *circle price*, once, however often she comes; what the
client's new carers cost together, less what they have paid, is counted beside the routes. Circle
prices, like duals, may be any numbers of at least 0: the bound holds, and good ones make it strong.

References
----------
Geoffrion (1974), Lagrangean relaxation for integer programming, Mathematical Programming Study 2:
a coupling constraint (carers counted by the client = carers sent by the routes) with a multiplier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy import bool_, float64, int64
from numpy.typing import NDArray

from optimizer.bound.column import Column
from optimizer.problem import layout as at
from optimizer.problem.data import ProblemData

NO_CLIENT = -1
"Circle of a stop whose caregiver is known there, or where her price is that of the stop itself."


@dataclass(frozen=True, slots=True)
class RouteCircles:
    """Which circles the rows of one route belong to, as far as its caregiver is new to them.

    Attributes
    ----------
    circle
        Per row, the circle that grows if the route serves it, `NO_CLIENT` for none.
    stops
        Per row, how many stops may share one payment, at least 1.
    once
        Whether the caregiver comes to this circle on no other route, so that the route may pay
        the whole price at the first of its stops.
    """

    circle: NDArray[int64]
    stops: NDArray[int64]
    once: NDArray[bool_]


@dataclass(frozen=True, slots=True)
class Circles:
    """The circles that more than one caregiver may widen.

    Attributes
    ----------
    steps
        Per circle, what the first, second, … new carer costs, in ticks of travel; none costs
        less than the one before.
    routes
        One entry per route.
    """

    steps: tuple[NDArray[int64], ...]
    routes: tuple[RouteCircles, ...]

    def __len__(self) -> int:
        """Return the number of circles."""
        return len(self.steps)

    def count(self) -> int:
        """Return how many of them cost anything."""
        return sum(bool(steps.any()) for steps in self.steps)

    def last_steps(self) -> NDArray[int64]:
        """Return what the last new carer of each circle costs; a higher price proves less."""
        return np.array([steps[-1] for steps in self.steps], int64)

    def first_steps(self) -> NDArray[int64]:
        """Return what the first new carer of each circle costs, in ticks.

        As prices of the circles they leave nothing to be counted beside the routes.
        """
        return np.array([steps[0] for steps in self.steps], int64)

    def beside_routes(self, prices: NDArray[int64], scale: int) -> int:
        """Return what new carers cost at least less what they pay, at most 0; scaled.

        Parameters
        ----------
        prices
            Per circle, scaled, at least 0.
        scale
            Prices are in ``1 / scale`` ticks.
        """
        return sum(
            int(np.minimum(0, steps * scale - price).sum())
            for steps, price in zip(self.steps, prices, strict=True)
        )

    def coefficients(self, columns: Sequence[Column]) -> NDArray[float64]:
        """Return how much each column widens each circle, shape ``(columns, circles)``."""
        found = np.zeros((len(columns), len(self.steps)))
        if not len(self.steps):
            return found
        for place, column in enumerate(columns):
            own = self.routes[column.route]
            rows = np.array(column.rows, int64)
            widens = rows[own.circle[rows] != NO_CLIENT]
            whole = widens[own.once[widens]]
            found[place, own.circle[whole]] = 1.0
            parts = widens[~own.once[widens]]
            np.add.at(found[place], own.circle[parts], 1.0 / own.stops[parts])
        return found


NO_CIRCLES = Circles((), ())
"Of a network in which no circle counts."


def circles_of(data: ProblemData, known: NDArray[bool_]) -> Circles:
    """Return the circles of clients who have several stops, so that new carers may be several.

    Parameters
    ----------
    data
        The compiled problem.
    known
        Whether a client knows a caregiver, shape ``(clients, caregivers)``.
    """
    arrays = data.arrays
    client, visit = arrays.task[:, at.CLIENT], arrays.task[:, at.VISIT]
    allowed = arrays.allowed[arrays.task[:, at.ROW]] != 0
    whose = arrays.route[:, at.CAREGIVER]
    circle = np.full((data.num_routes, data.num_tasks), NO_CLIENT, int64)
    stops = np.ones_like(circle)
    once = np.zeros_like(circle, bool_)
    steps: list[NDArray[int64]] = []
    for number in np.flatnonzero(np.bincount(client, minlength=len(known)) > 1).tolist():
        # Not asked who may come, so that circles are the same where somebody is ill or hired.
        if not arrays.face_price[number]:
            continue
        rows = np.flatnonzero(client == number)
        routes = np.flatnonzero(allowed[rows].any(axis=0) & ~known[number, whose])
        for person in np.unique(whose[routes]):
            own = routes[whose[routes] == person]
            served = rows[allowed[np.ix_(rows, own)].any(axis=1)]
            # Nobody is both carers of a visit.
            shared = len(np.unique(visit[served]))
            circle[np.ix_(own, rows)] = len(steps)
            stops[np.ix_(own, rows)] = shared
            once[np.ix_(own, rows)] = len(own) == 1
        steps.append(new_carer_steps(arrays, number, int(known[number].sum()), len(rows)))
    return Circles(
        tuple(steps),
        tuple(RouteCircles(circle[v], stops[v], once[v]) for v in range(data.num_routes)),
    )


def new_carer_steps(arrays: at.Arrays, client: int, known: int, most: int) -> NDArray[int64]:
    """Return what the first, second, … of at most so many new carers costs, in ticks."""
    people = known + np.arange(most + 1) - int(arrays.weight[at.FLAT])
    steps: NDArray[int64] = np.diff(np.maximum(0, people) ** 2) * arrays.face_price[client]
    return steps.astype(int64)
