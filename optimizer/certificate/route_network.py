"""What certificates let routes do, as the network on which the bound prices routes.

Every visit counts 1 and nothing else costs anything. Stops that are not looked at may lie on the
way: travel is that of the shortest paths, so routes of the network are at least those of any plan.
"""

from __future__ import annotations

import numpy as np
from numpy import int32, int64
from numpy.typing import NDArray

from optimizer.bound.network import CELL_MINUTES, ROUGH_CELL_MINUTES, Network, RouteNodes
from optimizer.bound.ng_sets import NgSets, coloured, nearest
from optimizer.bound.pricing import Multipliers, Pricing
from optimizer.certificate.relaxation import Relaxation
from optimizer.travel import UNREACHABLE

Ints = NDArray[int64]

MOST_LABELS = 500_000
"Limit on labels of one route; beyond it, its completion bound is the answer."


def route_network(relaxation: Relaxation, stops: Ints, days: Ints) -> Network:
    """Return the network of some stops, a row each, and of the routes of some caregiver-days.

    Parameters
    ----------
    relaxation
        The scenario.
    stops
        Stops of different visits, at least one; shape ``(rows,)``.
    days
        Caregiver-days by position, shape ``(routes,)``.
    """
    place = relaxation.place[stops]
    groups = sorted({relaxation.days[number].group for number in days.tolist()})
    time = np.array(
        [[relaxation.paths.from_(group, row)[place] for row in place] for group in groups], int64
    ).reshape(len(groups), len(stops), len(stops))
    shortest = int(relaxation.care[stops].min())
    tpm = relaxation.index.scenario.ticks_per_minute
    cell, rough_cell = (
        max(1, min(minutes * tpm, shortest)).bit_length() - 1
        for minutes in (CELL_MINUTES, ROUGH_CELL_MINUTES)
    )
    return Network(
        num_rows=len(stops),
        routes=tuple(
            _nodes(relaxation, stops, number, groups.index(relaxation.days[number].group))
            for number in days.tolist()
        ),
        bundle=np.arange(len(stops)),
        prize=np.ones(len(stops), int64),
        late_rate=0,
        time=np.minimum(time, UNREACHABLE).astype(int32),
        metres=np.zeros((1, 1), int32),
        cell=cell,
        rough_cell=rough_cell,
    )


def _nodes(relaxation: Relaxation, stops: Ints, number: int, mode: int) -> RouteNodes:
    """Return the stops that one caregiver-day can make, latest start first."""
    day, paths = relaxation.days[number], relaxation.paths
    row = np.flatnonzero(relaxation.allowed[stops, number])
    mine = stops[row]
    there = paths.from_(day.group, day.home)[relaxation.place[mine]]
    back = paths.to(day.group, day.end)[relaxation.place[mine]]
    care = relaxation.care[mine]
    ready = np.maximum(relaxation.earliest[mine], day.opens + there)
    latest = np.minimum(relaxation.latest[mine], day.closes - back - care)
    fits = np.flatnonzero(ready <= latest)
    fits = fits[np.argsort(-latest[fits], kind="stable")]
    nothing = np.zeros(len(fits), int64)
    return RouteNodes(
        row=row[fits].astype(int32),
        stage=nothing.astype(int32),
        ready=ready[fits],
        latest=latest[fits],
        first=ready[fits],
        duration=care[fits],
        price=nothing,
        due=latest[fits],
        # Coming home in time is part of the latest start.
        time_out=nothing,
        cost_out=nothing,
        cost_in=nothing,
        close=day.closes,
        back=day.closes,
        overtime_rate=0,
        pause=(0, 0, 0),
        mode=mode,
        longest=UNREACHABLE - 1,
        between_rate=0,
        mileage=0,
        fen_rate=0,
    )


def ng_sets_of_stops(relaxation: Relaxation, stops: Ints, network: Network) -> NgSets:
    """Return the ng-sets of stops that are the rows of a network."""
    quickest = network.time.min(axis=0, initial=UNREACHABLE).astype(int64)
    earliest, latest, care = relaxation.earliest, relaxation.latest, relaxation.care
    return coloured(nearest(quickest, earliest[stops], latest[stops], care[stops]))


def pricing_of_stops(
    relaxation: Relaxation, stops: Ints, days: Ints, *, threads: int = 1
) -> Pricing:
    """Return the pricing of some stops and caregiver-days, as of `route_network`."""
    network = route_network(relaxation, stops, days)
    return Pricing(network, ng_sets_of_stops(relaxation, stops, network), threads=threads)


def limits_of_weights(pricing: Pricing, weights: Ints, known: Ints) -> Ints:
    """Return per route no less than the most weight that it can collect, in whole numbers.

    Parameters
    ----------
    pricing
        Of stops and caregiver-days.
    weights
        Per row, at least 0.
    known
        Per route, an amount that is the answer where it does not collect more; at least 0.

    Notes
    -----
    A route that comes back to a stop may count it again where its ng-set has forgotten it
    (Baldacci, Mingozzi & Roberti 2011), so that the limit may be larger than what real routes
    collect.
    """
    priced = pricing.price(Multipliers(weights), -known, most_labels=MOST_LABELS)
    if priced is None:  # Nobody has said that it is over.
        return np.full(len(known), int(weights.sum()))
    return np.maximum(known, -priced.reduced_costs)
