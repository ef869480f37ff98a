"""The search for dual weights: column generation on what certificates let routes do.

References
----------
Desrochers, Desrosiers & Solomon (1992), A new optimization algorithm for the vehicle routing
problem with time windows, Operations Research 40(2).
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.bound.column import Column
from optimizer.bound.column_generation import ColumnGeneration, LowerBound
from optimizer.bound.pricing import Pricing
from optimizer.bound.scaled_days import LONGEST_ROUTE
from optimizer.certificate.certificate import Certificate
from optimizer.certificate.dual_weights import certificate_of_weights
from optimizer.certificate.relaxation import Relaxation
from optimizer.certificate.route_network import pricing_of_stops
from optimizer.certificate.routes import RouteCaps
from optimizer.domain.plan import Plan
from optimizer.stop import StoppingCriterion

Ints = NDArray[int64]

SCALE = 10_000
"Dual weight of a whole visit, in tables."
SHARE_OF_GROUPS = 0.25
"Part of the time for the visits that few shifts may make, before all are looked at."
PAIRS_PER_SECOND = 2_500
"Pairs of a stop and a shift per second, above which nothing would be proven by the end."
_MOST_IN_A_GROUP = 0.5
"Largest part of all visits that is looked at by itself."


def weighed(
    relaxation: Relaxation,
    seconds: float,
    *,
    plan: Plan | None = None,
    unserved: int | None = None,
    threads: int = 1,
    stop: StoppingCriterion | None = None,
) -> Certificate | None:
    """Return the certificate by dual weights that proves most; None if nothing is proven.

    The visits that few shifts may make are looked at first, which takes little time and speaks of
    few visits; then all of them.

    Parameters
    ----------
    relaxation
        The scenario.
    seconds
        Time limit (positive); a round of pricing that has begun is finished.
    plan
        The best plan known: routes to begin with.
    unserved
        Visits that the best plan known leaves out: no more can be proven.
    threads
        At least 1.
    stop
        Reason to end early.
    """
    until = time.perf_counter() + seconds
    best: Certificate | None = None
    groups = list(_groups(relaxation))
    for number, stops in enumerate(groups, 1):
        left = until - time.perf_counter()
        if left <= 0 or (best is not None and best.least_unserved == unserved):
            break
        days = np.flatnonzero(relaxation.allowed[stops].any(axis=0))
        if len(stops) * len(days) > PAIRS_PER_SECOND * left:
            break
        pricing = pricing_of_stops(relaxation, stops, days, threads=threads)
        columns = () if plan is None else _columns(relaxation, pricing, stops, days, plan)
        generation = ColumnGeneration(pricing, columns, follows_near=True)
        bound = generation.run(
            left if number == len(groups) else SHARE_OF_GROUPS * left,
            known_cost=unserved,
            with_cuts=False,
            stop=stop,
        )
        found = _certificate(relaxation, pricing.scale, stops, days, bound)
        if found is not None and (best is None or found.least_unserved > best.least_unserved):
            best = found
    return best


def _groups(relaxation: Relaxation) -> Iterator[Ints]:
    """Yield the counted stops of visits that only so many shifts may make, then of all."""
    counted = np.array(sorted(RouteCaps(relaxation).counted.values()), int64)
    shifts = relaxation.allowed[counted].sum(axis=1)
    for most in np.unique(shifts[shifts > 0])[:-1]:
        group = counted[(shifts > 0) & (shifts <= most)]
        if len(group) <= _MOST_IN_A_GROUP * len(counted):
            yield group
    if len(counted):
        yield counted


def _columns(
    relaxation: Relaxation, pricing: Pricing, stops: Ints, days: Ints, plan: Plan
) -> list[Column]:
    """Return the routes of a plan, as far as they hold these stops."""
    row = {int(stop): number for number, stop in enumerate(stops)}
    visit = {name: number for number, name in enumerate(relaxation.visit_ids)}
    row_of = {
        (int(relaxation.visit_of[stop]), int(relaxation.carer_of[stop])): number
        for stop, number in row.items()
    }
    route_of = {}
    for v, number in enumerate(days.tolist()):
        day = relaxation.days[number]
        route_of[day.caregiver, day.date, day.shift] = v
    found = []
    for route in plan.routes:
        key = route.caregiver, route.date, route.shift
        if key not in route_of:
            continue
        v = route_of[key]
        node = {int(k): x for x, k in enumerate(pricing.network.routes[v].row)}
        rows = [row_of.get((visit.get(stop.visit, -1), stop.carer)) for stop in route.stops]
        path = [node[k] for k in rows if k is not None and k in node]
        if 0 < len(path) <= LONGEST_ROUTE:
            found.append(pricing.column(v, path))
    return found


def _certificate(
    relaxation: Relaxation, scale: int, stops: Ints, days: Ints, bound: LowerBound
) -> Certificate | None:
    """Return the certificate of the duals of a bound."""
    weights = bound.multipliers.duals * SCALE // scale
    ids = relaxation.visit_ids
    limits = np.rint(-bound.reduced_costs * scale).astype(int64) * SCALE // scale
    caps = {}
    for number, limit in zip(days.tolist(), limits, strict=True):
        day = relaxation.days[number]
        caps[day.caregiver, day.date.isoformat(), day.shift] = int(limit)
    worth = {
        ids[int(relaxation.visit_of[stop])]: int(weight)
        for stop, weight in zip(stops, weights, strict=True)
    }
    if sum(worth.values()) <= int(limits.sum()):
        return None
    return certificate_of_weights(relaxation, worth, SCALE, caps=caps)
