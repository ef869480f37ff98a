"""The least time at work that is not care, by the routes that shifts leave time for.

The Lagrangian bound of docs/bound.md on the network of `off_care`: every stop has a dual value, and
each shift takes its cheapest route. The duals come from column generation on single days, each with
the stops that can be made on no other; those with a choice of days get a part of the usual dual.
Then all shifts are priced with all stops that they may make, so that the bound speaks of any
choice of days.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict

import numpy as np
from numpy import float64, int32, int64
from numpy.typing import NDArray

from optimizer.bound.ascent import ascend
from optimizer.bound.column import Column
from optimizer.bound.column_generation import ColumnGeneration
from optimizer.bound.near_arcs import NearArcs
from optimizer.bound.network import CELL_MINUTES, ROUGH_CELL_MINUTES, Network, RouteNodes
from optimizer.bound.ng_sets import coloured, nearest
from optimizer.bound.pricing import Multipliers, Pricing
from optimizer.certificate.off_care import full_care
from optimizer.certificate.relaxation import Relaxation
from optimizer.domain.plan import Plan
from optimizer.problem import layout as at
from optimizer.travel import UNREACHABLE

Ints = NDArray[int64]

_MOST_PER_STOP = 240
"Minutes that one stop counts at most: its dual has to be bounded, and none is worth more."
_LONGEST_WAIT = (2**31 - 1) // 1000
"Ticks that are paid like so many thousand metres, which have to fit into 32 bits."
_LABELS = 20_000
"Labels of one route at most, when all days are priced; beyond them its completion bound stands."
SHARES = (0.0, 0.2, 0.4, 0.6, 0.8)
"""Parts of the mean dual that are tried for stops with a choice of days: on one of several days
somebody passes by more cheaply than where there is but one."""


def off_care_by_routes(
    relaxation: Relaxation, plan: Plan, seconds: float, *, threads: int = 1
) -> int:
    """Return the least ticks on the way and waiting of any roster with just the stops of a plan.

    Parameters
    ----------
    relaxation
        The scenario.
    plan
        A plan that keeps the rules.
    seconds
        For the column generation of each day (positive), and as much again for raising what its
        duals prove of all days together by subgradient ascent; pricing them comes on top.
    threads
        At least 1.
    """
    stop_of = _stop_numbers(relaxation)
    is_choice = _with_a_choice(relaxation)
    on: dict[dt.date, list[int]] = defaultdict(list)
    duals: dict[int, float] = {}
    for route in plan.routes:
        for one in route.stops:
            stop = stop_of[one.visit, one.carer]
            duals[stop] = 0.0
            if not is_choice[stop]:
                on[route.date].append(stop)
    for date, made in sorted(on.items()):
        days = np.flatnonzero([day.date == date for day in relaxation.days])
        stops = np.array(sorted(made), int64)
        if len(stops):
            pricing = pricing_off_care(relaxation, stops, days, threads)
            columns = _columns(relaxation, pricing, stops, days, plan)
            cost = sum(column.cost for column in columns)
            found = ColumnGeneration(pricing, columns).run(
                seconds, known_cost=cost, with_cuts=False
            )
            weights = found.multipliers.duals / pricing.scale
            duals |= dict(zip(stops.tolist(), weights.tolist(), strict=True))
    return _proven(relaxation, plan, duals, seconds * len(on), threads)


def _proven(
    relaxation: Relaxation, plan: Plan, duals: dict[int, float], seconds: float, threads: int
) -> int:
    """Return what duals prove of all days together, with the best share for choices of days."""
    stops = np.array(sorted(duals), int64)
    if not len(stops):
        return 0
    days = np.arange(len(relaxation.days))
    pricing = pricing_off_care(relaxation, stops, days, threads)
    is_choice = _with_a_choice(relaxation)[stops]
    values: NDArray[float64] = np.array([duals[stop] for stop in stops.tolist()])
    usual = float(values[~is_choice].mean()) if (~is_choice).any() else 0.0
    shares = SHARES if is_choice.any() else SHARES[:1]
    choices = [
        Multipliers(
            pricing.feasible(
                np.floor(np.where(is_choice, share * usual, values) * pricing.scale).astype(int64)
            )
        )
        for share in shares
    ]
    # Completion bounds are quick; labels, which prove a little more, only where those prove most.
    proven = [pricing.completed(one) for one in choices]
    best = choices[int(np.argmax(proven))]
    priced = pricing.price(best, np.zeros(len(days), int64), most_labels=_LABELS)
    value = max(*proven, 0 if priced is None else priced.bound, 0)
    if is_choice.any():
        until = time.perf_counter() + seconds
        cost = sum(column.cost for column in _columns(relaxation, pricing, stops, days, plan))
        raised = ascend(
            pricing,
            NearArcs(pricing.days, threads),
            best.duals / pricing.scale,
            cost,
            is_over=lambda: time.perf_counter() > until,
        )
        value = max([value, *(start.priced.bound for start in raised)])
    return -(-value // pricing.scale)


def _with_a_choice(relaxation: Relaxation) -> NDArray[np.bool_]:
    """Return which stops can be made on several days."""
    of_day = np.array([day.date.toordinal() for day in relaxation.days], int64)
    dates = [relaxation.allowed[:, of_day == date].any(axis=1) for date in np.unique(of_day)]
    several: NDArray[np.bool_] = np.sum(dates, axis=0) > 1
    return several


def _stop_numbers(relaxation: Relaxation) -> dict[tuple[str, int], int]:
    pairs = zip(relaxation.visit_of.tolist(), relaxation.carer_of.tolist(), strict=True)
    ids = relaxation.visit_ids
    return {(ids[visit], carer): stop for stop, (visit, carer) in enumerate(pairs)}


def _columns(
    relaxation: Relaxation, pricing: Pricing, stops: Ints, days: Ints, plan: Plan
) -> list[Column]:
    """Return the routes of a plan on some days."""
    stop_of, row = _stop_numbers(relaxation), {int(k): n for n, k in enumerate(stops)}
    number = {
        (day.caregiver, day.date, day.shift): v
        for v, day in enumerate(relaxation.days[n] for n in days.tolist())
    }
    found = []
    for route in plan.routes:
        v = number.get((route.caregiver, route.date, route.shift))
        if v is None:
            continue
        node = {int(k): n for n, k in enumerate(pricing.network.routes[v].row)}
        numbers = [stop_of[one.visit, one.carer] for one in route.stops]
        made = [row[stop] for stop in numbers if stop in row]
        if made and all(one in node for one in made):
            found.append(pricing.column(v, [node[one] for one in made]))
    return found


def pricing_off_care(relaxation: Relaxation, stops: Ints, days: Ints, threads: int = 1) -> Pricing:
    """Return the pricing of routes in which only travel and waiting costs, a tick a tick.

    Parameters
    ----------
    relaxation
        The scenario.
    stops, days
        Rows and routes of the network, by position.
    threads
        At least 1.
    """
    place, care = relaxation.place[stops], relaxation.care[stops]
    earliest, latest = relaxation.earliest[stops], relaxation.latest[stops]
    groups = sorted({relaxation.days[number].group for number in days.tolist()})
    ways = np.array([relaxation.paths.legs[group][np.ix_(place, place)] for group in groups], int64)
    ways = np.minimum(ways, at.BIG)
    visit = relaxation.visit_of[stops]
    ways[:, visit[:, None] == visit[None, :]] = at.BIG
    # What has to be waited beyond the longest way, which holds for every means of travel.
    longest = np.where(ways < at.BIG, ways, 0).max(axis=0, initial=0)
    done = latest + full_care(relaxation)[stops]
    waits = np.clip(earliest[None, :] - done[:, None] - longest, 0, _LONGEST_WAIT)
    tpm = relaxation.index.scenario.ticks_per_minute
    cell, rough_cell = (
        max(1, min(minutes * tpm, int(care.min()))).bit_length() - 1
        for minutes in (CELL_MINUTES, ROUGH_CELL_MINUTES)
    )
    network = Network(
        num_rows=len(stops),
        routes=tuple(
            _nodes(relaxation, stops, number, groups.index(relaxation.days[number].group))
            for number in days.tolist()
        ),
        bundle=np.arange(len(stops)),
        prize=np.full(len(stops), _MOST_PER_STOP * tpm),
        late_rate=0,
        time=ways.astype(int32),
        metres=(1000 * waits).astype(int32),
        cell=cell,
        rough_cell=rough_cell,
    )
    quickest = network.time.min(axis=0).astype(int64)
    near = nearest(quickest, earliest, latest, care)
    return Pricing(network, coloured(near), threads=threads)


def _nodes(relaxation: Relaxation, stops: Ints, number: int, mode: int) -> RouteNodes:
    """Return the stops that a caregiver-day can make, latest start first.

    The kernel has no price of waiting, but one of mileage: waits are told as metres.
    """
    day, paths = relaxation.days[number], relaxation.paths
    legs = paths.legs[day.group]
    row = np.flatnonzero(relaxation.allowed[stops, number])
    mine = stops[row]
    place, care, last = relaxation.place[mine], relaxation.care[mine], relaxation.latest[mine]
    there = np.array([paths.legal_to(day.group, one)[day.home] for one in place.tolist()], int64)
    back = np.array([paths.legal_from(day.group, one)[day.end] for one in place.tolist()], int64)
    ready = np.maximum(relaxation.earliest[mine], day.opens + there)
    latest = np.minimum(last, day.closes - back - care)
    fits = np.flatnonzero((ready <= latest) & (np.maximum(there, back) < UNREACHABLE))
    fits = fits[np.argsort(-latest[fits], kind="stable")]
    out, home = legs[day.home, place[fits]], legs[place[fits], day.end]
    first = np.maximum(relaxation.earliest[mine][fits], day.opens + out)
    first[(out >= UNREACHABLE) | (first > last[fits])] = at.BIG
    home = np.where(home >= UNREACHABLE, at.BIG, home)
    nothing = np.zeros(len(fits), int64)
    return RouteNodes(
        row=row[fits].astype(int32),
        stage=nothing.astype(int32),
        ready=ready[fits],
        latest=latest[fits],
        first=first,
        duration=care[fits],
        price=nothing,
        due=last[fits],
        time_out=home,
        cost_out=np.where(home < at.BIG, home, 0),
        cost_in=np.where(first < at.BIG, out, 0),
        close=day.closes,
        back=day.closes,
        overtime_rate=0,
        pause=(0, 0, 0),
        mode=mode,
        longest=UNREACHABLE - 1,
        between_rate=1,
        mileage=1,
        fen_rate=1,
    )
