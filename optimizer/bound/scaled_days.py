"""Each caregiver's day as the kernels take it: prices as whole numbers of ``1 / scale`` ticks."""

from __future__ import annotations

import numpy as np
from numpy import int32, int64
from numpy.typing import NDArray

from optimizer.bound.circles import NO_CLIENT
from optimizer.bound.kernels.tables import Day, Journeys
from optimizer.bound.network import Network, RouteNodes

LONGEST_ROUTE = 64
"Stops of a column at most; longer routes are bounded and never become columns."
LARGEST_SUM = 1 << 60
"Sum of prices that is kept clear of the end of 64 bits; the scale shrinks where it would pass it."


class ScaledDays:
    """The days of all routes.

    Parameters
    ----------
    network
        The day.

    Attributes
    ----------
    network, scale
        The day, and the factor of its prices.
    journeys
        Per route.
    first_steps
        Per circle, the scaled price of its first new carer.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.scale = _scale(network)
        self._days = [_day(network, nodes, self.scale) for nodes in network.routes]
        self.journeys = [_journeys(network, nodes, self.scale) for nodes in network.routes]
        self.first_steps = network.circles.first_steps() * self.scale

    def at_duals(self, v: int, duals: NDArray[int64], circles: NDArray[int64] | None = None) -> Day:
        """Return the day of a route with the dual of every row taken off its price.

        What circles cost is shared equally by the stops that a route may make there.

        Parameters
        ----------
        v
            The route.
        duals
            Per row, scaled.
        circles
            The price of every circle, scaled; that of its first step if not given.
        """
        day = self._days[v]
        shares = self.shares(v, self.first_steps if circles is None else circles)
        return day._replace(reduced=day.reduced - duals[day.row] + shares)

    def shares(self, v: int, circles: NDArray[int64]) -> NDArray[int64]:
        """Return the share of its circle's price that each node of a route pays, scaled."""
        row = self._days[v].row
        if not len(circles):
            return np.zeros(len(row), int64)
        own = self.network.circles.routes[v]
        circle = own.circle[row]
        return np.where(circle == NO_CLIENT, 0, circles[circle] // own.stops[row])

    def arcs(
        self, v: int, x: NDArray[int64], y: NDArray[int64]
    ) -> tuple[NDArray[int32], NDArray[int64]]:
        """Return ticks and scaled price of a route's arcs from nodes `x` to nodes `y`."""
        journeys, row = self.journeys[v], self._days[v].row
        ticks = journeys.ticks[row[x], row[y]]
        price = journeys.between_price * ticks.astype(int64)
        if journeys.mileage:
            metres = journeys.metres[row[x], row[y]].astype(int64)
            price = price + metres * journeys.mileage // 1000 * journeys.fen_price
        return ticks, price


def _day(network: Network, nodes: RouteNodes, scale: int) -> Day:
    begin, end_by, length = nodes.pause
    return Day(
        row=nodes.row,
        stage=nodes.stage,
        ready=nodes.ready,
        latest=nodes.latest,
        first=nodes.first,
        duration=nodes.duration,
        due=nodes.due,
        time_out=nodes.time_out,
        cost_in=nodes.cost_in * scale,
        cost_out=nodes.cost_out * scale,
        reduced=nodes.price * scale,
        pause_from=begin,
        pause_to=end_by,
        pause_length=length,
        close=nodes.close,
        home_by=nodes.back,
        late_price=network.late_rate * scale,
        over_price=nodes.overtime_rate * scale,
        cell=network.cell,
    )


def _journeys(network: Network, nodes: RouteNodes, scale: int) -> Journeys:
    return Journeys(
        ticks=network.time[nodes.mode],
        metres=network.metres,
        longest=nodes.longest,
        between_price=nodes.between_rate * scale,
        mileage=nodes.mileage,
        fen_price=nodes.fen_rate * scale,
    )


def _scale(network: Network) -> int:
    """Return a power of two by which every sum of prices still fits into 64 bits."""
    circles = sum(int(steps.sum()) for steps in network.circles.steps)
    largest = int(network.prize.sum()) + circles * (1 + len(network.routes)) + 1
    for nodes in network.routes:
        if len(nodes.row):
            leg = min(nodes.longest, nodes.back) * nodes.between_rate
            leg += int(network.metres.max()) * nodes.mileage // 1000 * nodes.fen_rate
            legs = leg + int(nodes.price.max())
            ends = int(nodes.cost_in.max()) + int(nodes.cost_out.max())
            late = (network.late_rate + nodes.overtime_rate) * int(nodes.latest.max())
            largest += LONGEST_ROUTE * (legs + late) + ends
    if len(network.moments):
        # Who serves one of two tasks may pay or be paid their price twice more.
        largest *= 2
    return 1 << max(0, min(20, (LARGEST_SUM // largest).bit_length() - 1))
