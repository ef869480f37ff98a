"""The day as pricing sees it: which visits each route may hold, when, and at what price.

A *row* is a task to be covered, a *node* one manner of serving it on one route (in full or
shortened). Rules that tie routes together are left out here, which only widens the choice: see
docs/bound.md for the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy import bool_, int32, int64
from numpy.typing import NDArray

from optimizer.bound.circles import NO_CIRCLES, Circles, circles_of, new_carer_steps
from optimizer.bound.moments import NO_MOMENT, NO_MOMENTS, Moments, Slots, slots_of
from optimizer.problem import layout as at
from optimizer.problem.data import ProblemData
from optimizer.problem.latest_return import latest_return
from optimizer.units import to_ticks

CELL_MINUTES, ROUGH_CELL_MINUTES = 5, 10
"""Width of a cell of time in completion bounds, in minutes, for exact pricing and along near arcs;
narrower with a shorter stop. The earliest moment of a cell stands for all, which only weakens the
bound."""


@dataclass(frozen=True, slots=True)
class RouteNodes:
    """Nodes of one route, latest start first, and its own rates; times and prices in ticks.

    Attributes
    ----------
    row
        The task of each node.
    stage
        0 before the route's break, 1 after it; 0 where no break is due.
    ready, latest
        No route can begin the stop before or after, shape ``(q,)``.
    first
        Its start if it is the first stop; later than `latest` if it cannot be that.
    duration
        Care given.
    price
        What the stop costs by itself: wishes, wage, lending, shortening, a carer new to the client.
    due
        A later start is late.
    time_out, cost_out
        From node to the end of the route; `at.BIG` if it cannot be the last stop.
    cost_in
        From the start of the route to node, with the price of using the caregiver at all.
    close, back
        End of the shift, and the latest time of coming back, in ticks.
    overtime_rate
        Cost of one tick of coming back later.
    pause
        Earliest and latest begin of the break and its length; length 0 where none is due.
    mode
        Which table of times it travels by.
    longest
        Longest journey in ticks.
    between_rate
        Cost of a tick between stops.
    mileage, fen_rate
        Fen-ticks paid for a thousand metres, and the cost of one.
    """

    row: NDArray[int32]
    stage: NDArray[int32]
    ready: NDArray[int64]
    latest: NDArray[int64]
    first: NDArray[int64]
    duration: NDArray[int64]
    price: NDArray[int64]
    due: NDArray[int64]
    time_out: NDArray[int64]
    cost_out: NDArray[int64]
    cost_in: NDArray[int64]
    close: int
    back: int
    overtime_rate: int
    pause: tuple[int, int, int]
    mode: int
    longest: int
    between_rate: int
    mileage: int
    fen_rate: int


@dataclass(frozen=True, slots=True)
class Network:
    """All routes' nodes, and what leaving visits out costs.

    Attributes
    ----------
    num_rows
        Number of tasks.
    routes
        One entry per caregiver-day.
    bundle
        Per row, the group of tasks that are served together or not at all, shape ``(rows,)``.
    prize
        Per bundle, the cost of leaving it out, in ticks of travel.
    late_rate
        Cost of one tick of lateness.
    time
        Ticks from row to row per mode, shape ``(modes, rows, rows)``; `at.BIG` where no route
        goes.
    metres
        From row to row, or shape ``(1, 1)`` where nobody is paid for them.
    cell, rough_cell
        Times are compared in cells of ``2**cell`` ticks; the rough ones are at least as large.
    circles
        The clients whose new carers cost the more the more they are.
    moments
        When tasks of two caregivers may begin as one.
    """

    num_rows: int
    routes: tuple[RouteNodes, ...]
    bundle: NDArray[int64]
    prize: NDArray[int64]
    late_rate: int
    time: NDArray[int32]
    metres: NDArray[int32]
    cell: int
    rough_cell: int
    circles: Circles = NO_CIRCLES
    moments: Moments = NO_MOMENTS

    def bundled(self, duals: NDArray[int64]) -> NDArray[int64]:
        """Return the sum of the rows' duals per bundle."""
        total = np.zeros(len(self.prize), int64)
        np.add.at(total, self.bundle, duals)
        return total


def network_of(data: ProblemData, *, counting: NDArray[int64] | None = None) -> Network:
    """Lay out a compiled problem for pricing.

    Parameters
    ----------
    data
        The compiled problem.
    counting
        Price of leaving out each bundle in an objective that counts nothing but visits left
        out, shape ``(bundles,)``; None for the costs of the problem.
    """
    arrays = data.arrays
    bundle, prize = bundles(arrays)
    opens, back = _real_shifts(data)
    known = np.zeros((len(data.scenario.clients), len(data.scenario.caregivers)), bool)
    known[arrays.familiar[:, 0], arrays.familiar[:, 1]] = True
    new_carers = _new_carer_prices(data, known)
    time = _journeys(arrays)
    place = arrays.task[:, at.PLACE]
    paid = bool(arrays.weight[at.HAS_METRES]) and counting is None
    slots = slots_of(arrays) if counting is None else None
    laid = [
        _nodes(
            arrays, time, v, int(opens[v]), int(back[v]), new_carers, slots,
            free=counting is not None,
        )
        for v in range(data.num_routes)
    ]  # fmt: skip
    routes = tuple(nodes for nodes, _ in laid)
    durations = [int(nodes.duration.min()) for nodes in routes if len(nodes.row)]
    shortest = min(durations, default=1)
    tpm = int(arrays.weight[at.TICKS_PER_MINUTE])
    cell, rough_cell = (
        max(1, min(minutes * tpm, shortest)).bit_length() - 1
        for minutes in (CELL_MINUTES, ROUGH_CELL_MINUTES)
    )
    return Network(
        num_rows=data.num_tasks,
        routes=routes,
        bundle=bundle,
        prize=prize if counting is None else counting,
        late_rate=0 if counting is not None else int(arrays.weight[at.W_LATE]),
        time=time,
        metres=arrays.metres[np.ix_(place, place)] if paid else np.zeros((1, 1), int32),
        cell=cell,
        rough_cell=rough_cell,
        circles=circles_of(data, known) if counting is None else NO_CIRCLES,
        moments=NO_MOMENTS
        if slots is None
        else Moments(tuple(moments for _, moments in laid), slots.side, len(slots.begins)),
    )


def _journeys(arrays: at.Arrays) -> NDArray[int32]:
    """Return ticks from task to task per mode; too long where one may not follow the other."""
    task = arrays.task
    place, level, visit = task[:, at.PLACE], task[:, at.LEVEL], task[:, at.VISIT]
    # After an infectious client nobody else; and no caregiver is both carers of a visit.
    barred = (level[:, None] > level[None, :]) | (visit[:, None] == visit[None, :])
    time = arrays.travel[:, place[:, None], place[None, :]]
    return np.where(barred[None], at.BIG, time).astype(int32)


def count_prizes(data: ProblemData, per_visit: NDArray[int64]) -> NDArray[int64]:
    """Return the price of each bundle where leaving out a visit costs `per_visit`.

    Parameters
    ----------
    data
        The compiled problem.
    per_visit
        Whole numbers, shape ``(visits,)``.
    """
    bundle, prize = bundles(data.arrays)
    total = np.zeros(len(prize), int64)
    for k, task in enumerate(data.tasks):
        if task.carer == 1:
            total[bundle[k]] += per_visit[task.visit]
    return total


def bundles(arrays: at.Arrays) -> tuple[NDArray[int64], NDArray[int64]]:
    """Return the bundle of each task and the price of each bundle."""
    bundle = np.zeros(len(arrays.task), int64)
    prize: list[int] = []
    for one, two, kind in arrays.unit.tolist():
        for members in [(one, two)] if kind == at.BOTH_OR_NONE else [(one,), (two,)]:
            tasks = [k for k in members if k >= 0]
            if tasks:
                bundle[tasks] = len(prize)
                prize.append(int(arrays.prize[tasks].sum()))
    return bundle, np.array(prize, int64)


def _real_shifts(data: ProblemData) -> tuple[NDArray[int64], NDArray[int64]]:
    """Return when each route may begin and must be back, in ticks.

    The compiled shifts keep the night's rest by being shorter than the rule asks for; a bound
    needs the widest shifts that any plan may use.
    """
    scenario = data.scenario
    tpm = scenario.ticks_per_minute
    opens = np.zeros(data.num_routes, int64)
    back = np.zeros(data.num_routes, int64)
    for v, day in enumerate(data.days):
        caregiver = scenario.caregivers[day.caregiver]
        shifts = data.index.shifts_on(caregiver.id, day.date)
        opens[v] = to_ticks(shifts[day.shift].start, tpm)
        back[v] = to_ticks(latest_return(shifts, day.shift, caregiver.overtime_limit), tpm)
    return opens, back


def _new_carer_prices(data: ProblemData, known: NDArray[bool_]) -> NDArray[int64]:
    """Return what a new carer costs where a client has one stop, per task and caregiver.

    Where there are more, the price depends on who else comes (`optimizer.bound.circles`).
    """
    arrays = data.arrays
    client = arrays.task[:, at.CLIENT]
    price = np.zeros((data.num_tasks, known.shape[1]), int64)
    for k in np.flatnonzero(np.bincount(client, minlength=len(known))[client] == 1).tolist():
        whose = int(client[k])
        step = new_carer_steps(arrays, whose, int(known[whose].sum()), 1)
        price[k] = np.where(known[whose], 0, step[0])
    return price


class _Times(NamedTuple):
    """When nodes may begin: `stage`, `ready`, `latest` and `first` as of `RouteNodes`.

    `origin` is the place of each in the list of stops that they were made of.
    """

    stage: NDArray[int32]
    origin: NDArray[int64]
    ready: NDArray[int64]
    latest: NDArray[int64]
    first: NDArray[int64]

    def around_break(
        self, pause: tuple[int, int, int], duration: NDArray[int64], rested: NDArray[int64]
    ) -> _Times:
        """Return every stop before the break and after it; most can only be one of both.

        `rested` is the start of each as the first one after a break at home.
        """
        begin, end_by, length = pause
        return _Times(
            np.repeat(np.array([0, 1], int32), len(self.stage)),
            np.tile(self.origin, 2),
            np.concatenate([self.ready, np.maximum(self.ready, begin + length)]),
            np.concatenate([np.minimum(self.latest, end_by - duration), self.latest]),
            np.concatenate([self.first, rested]),
        )

    def in_slots(self, slots: Slots | None, row: NDArray[int64]) -> tuple[_Times, NDArray[int64]]:
        """Return a node for each slot of a stop that begins with another, and its moment."""
        if slots is None:
            return self, np.full(len(self.stage), NO_MOMENT)
        place, moment = slots.split(row[self.origin])
        begins = np.where(moment == NO_MOMENT, 0, slots.begins[moment])
        ends = np.where(moment == NO_MOMENT, at.BIG, slots.ends[moment])
        times = _Times(
            self.stage[place],
            self.origin[place],
            np.maximum(self.ready[place], begins),
            np.minimum(self.latest[place], ends),
            np.maximum(self.first[place], begins),
        )
        return times, moment


def _nodes(
    arrays: at.Arrays,
    table: NDArray[int32],
    v: int,
    opens: int,
    back: int,
    new_carers: NDArray[int64],
    slots: Slots | None,
    *,
    free: bool,
) -> tuple[RouteNodes, NDArray[int64]]:
    """Return the nodes of one route and the moment of each; `free` leaves out every cost."""
    route, task = arrays.route[v], arrays.task
    travel, caregiver = arrays.travel[route[at.MODE]], int(route[at.CAREGIVER])
    rows = np.flatnonzero(arrays.allowed[task[:, at.ROW], v])
    shorter = rows[task[rows, at.SHORT] < task[rows, at.FULL]]
    row = np.concatenate([rows, shorter])
    in_short = np.arange(len(row)) >= len(rows)
    if free:
        # Where nothing costs, the shortest stop is never worse.
        row, in_short = rows, np.ones(len(rows), bool)
    place = task[row, at.PLACE]
    home, end, longest = int(route[at.HOME]), int(route[at.END]), int(route[at.LONGEST])
    time_in = travel[home, place].astype(int64)
    time_out = travel[place, end].astype(int64)
    time_out[time_out > longest] = at.BIG
    duration = np.where(in_short, task[row, at.SHORT], task[row, at.FULL])
    time = table[route[at.MODE]][np.ix_(row, row)].astype(int64)
    time[time > longest] = at.BIG
    first = np.maximum(task[row, at.EARLIEST], opens + time_in)
    first[(time_in > longest) | (first > task[row, at.LATEST])] = at.BIG
    ready = _earliest(first, task[row, at.EARLIEST], task[row, at.LATEST], duration, time)
    latest = _latest(back - time_out - duration, task[row, at.LATEST], ready, duration, time)
    pause = int(route[at.BREAK_FROM]), int(route[at.BREAK_TO]), int(route[at.BREAK_LENGTH])
    times = _Times(np.zeros(len(row), int32), np.arange(len(row)), ready, latest, first)
    if pause[2]:
        alone = np.maximum(task[row, at.EARLIEST], max(opens, pause[0]) + pause[2] + time_in)
        times = times.around_break(pause, duration, np.where(time_in > longest, at.BIG, alone))
    times, moment = times.in_slots(slots, row)
    stage, origin, ready, latest, first = times
    chosen = np.flatnonzero(ready <= latest)
    chosen = chosen[np.argsort(-latest[chosen], kind="stable")]
    stage, ready, latest, first = stage[chosen], ready[chosen], latest[chosen], first[chosen]
    moment = moment[chosen]
    chosen = origin[chosen]
    row, place = row[chosen], place[chosen]
    duration = duration[chosen]
    full = arrays.price[task[row, at.ROW], caregiver].astype(int64)
    short = arrays.price_short[task[row, at.ROW], caregiver].astype(int64)
    cut = task[row, at.FULL] - duration
    price = np.where(in_short[chosen], short + arrays.weight[at.W_SHORT] * cut, full)
    price = price + new_carers[row, caregiver]
    legs = np.minimum(time_in[chosen], at.BIG), np.minimum(time_out[chosen], at.BIG)
    cost_in = legs[0] * route[at.HOME_RATE] + _mileage(arrays, route, home, place)
    cost_out = legs[1] * route[at.HOME_RATE] + _mileage(arrays, route, place, end)
    scale = 0 if free else 1
    nodes = RouteNodes(
        row=row.astype(int32),
        stage=stage,
        ready=ready,
        latest=latest,
        first=first,
        duration=duration,
        price=price * scale,
        due=task[row, at.DUE],
        time_out=legs[1],
        cost_out=np.where(legs[1] < at.BIG, cost_out * scale, 0),
        cost_in=np.where(first < at.BIG, (cost_in + int(route[at.STAFF])) * scale, 0),
        close=int(route[at.CLOSE]),
        back=back,
        overtime_rate=int(route[at.OVERTIME_RATE]) * scale,
        pause=pause,
        mode=int(route[at.MODE]),
        longest=longest,
        between_rate=int(route[at.BETWEEN_RATE]) * scale,
        mileage=_fen_per_kilometre(arrays, route) * scale,
        fen_rate=int(route[at.FEN_RATE]),
    )
    return nodes, moment


def _earliest(
    first: NDArray[int64],
    earliest: NDArray[int64],
    latest: NDArray[int64],
    duration: NDArray[int64],
    time: NDArray[int64],
) -> NDArray[int64]:
    """Return the first moment at which any route can begin each stop; `at.BIG` if none can.

    A path by other stops may be shorter than the direct leg, or the only one.
    """
    ready = first.copy()
    while len(ready):
        leaves = np.where(ready <= latest, ready + duration, at.BIG)
        by_others = np.maximum(earliest, (leaves[:, None] + time).min(axis=0))
        sooner = np.minimum(ready, by_others)
        if np.array_equal(sooner, ready):
            break
        ready = sooner
    return np.minimum(ready, at.BIG)


def _latest(
    home_by: NDArray[int64],
    latest: NDArray[int64],
    ready: NDArray[int64],
    duration: NDArray[int64],
    time: NDArray[int64],
) -> NDArray[int64]:
    """Return the last moment at which each stop may begin and the route still come home."""
    last = np.minimum(latest, home_by)
    while len(last):
        onward = np.where(ready <= last, last, -at.BIG)
        by_others = np.minimum(latest, (onward[None, :] - time).max(axis=1) - duration)
        later = np.maximum(last, by_others)
        if np.array_equal(later, last):
            break
        last = later
    return np.maximum(last, -1)


def _fen_per_kilometre(arrays: at.Arrays, route: NDArray[int64]) -> int:
    """Return what is paid for a kilometre, in fen-ticks; 0 where nothing is."""
    paid = arrays.weight[at.HAS_METRES] * arrays.weight[at.TICKS_PER_MINUTE]
    return int(route[at.MILEAGE] * paid)


def _mileage(
    arrays: at.Arrays, route: NDArray[int64], one: int | NDArray[int64], two: int | NDArray[int64]
) -> NDArray[int64] | int:
    """Return what the metres of journeys cost."""
    rate = _fen_per_kilometre(arrays, route)
    if not rate:
        return 0
    paid: NDArray[int64] = arrays.metres[one, two].astype(int64) * rate // 1000
    return paid * int(route[at.FEN_RATE])
