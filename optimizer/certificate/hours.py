"""More working time asked for than there is: in one interval, or in a whole horizon.

The reasoning of an interval is known as energetic reasoning.

References
----------
P. Baptiste, C. Le Pape, W. Nuijten (1999). Satisfiability tests and time-bound adjustments for
cumulative scheduling problems. Annals of Operations Research 92, 305-333.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.certificate.balance import Balance
from optimizer.certificate.certificate import Interval
from optimizer.certificate.relaxation import Relaxation
from optimizer.travel import UNREACHABLE
from optimizer.units import to_ms, to_ticks

Ints = NDArray[int64]
Bools = NDArray[np.bool_]

_STEPS = 36
"Beginnings, and ends, of intervals that are tried; of more moments, evenly chosen ones."
_SETS = 400
"Sets of caregiver-days that are tried; with more unions of two kinds than that, none of them."
_PER_SET = 2
"Intervals kept per set of caregiver-days: the tightest ones."
_REFINED = 24
"Finds that are measured exactly: the tightest ones; others are dropped."
_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Find:
    """Balance of hours asked for and given, and the interval that is looked at."""

    balance: Balance
    interval: Interval | None


class Blocks:
    """The time that each stop keeps one caregiver busy: the travel there and the care.

    Attributes
    ----------
    lead
        Least travel to each stop in ticks, from any home or any stop that may come before it on
        one route; shape ``(stops,)``.
    length
        Of the block: lead and shortest care.
    """

    def __init__(self, relaxation: Relaxation, *, leads: Ints | None = None) -> None:
        self._relaxation = relaxation
        self.lead = _leads(relaxation) if leads is None else leads
        self.length = self.lead + relaxation.care
        dates = sorted({day.date for day in relaxation.days})
        self._date_of_day = np.array([day.date.toordinal() for day in relaxation.days], int64)
        of_date = np.array(
            [
                relaxation.allowed[:, self._date_of_day == date.toordinal()].any(axis=1)
                for date in dates
            ],
            np.bool_,
        ).reshape(len(dates), len(relaxation.place))
        once = of_date.sum(axis=0) == 1
        self._only: dict[dt.date, Bools] = {
            date: np.logical_and(possible, once)
            for date, possible in zip(dates, of_date, strict=True)
        }

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """Days on which somebody works."""
        return tuple(self._only)

    def only_on(self, date: dt.date) -> Bools:
        """Return the stops that can be made on a day and on no other; shape ``(stops,)``."""
        return self._only[date]

    def caregiver_days_on(self, date: dt.date) -> Ints:
        """Return the positions of the caregiver-days of a date."""
        return np.flatnonzero(self._date_of_day == date.toordinal())

    def inside(self, begin: Ints, end: Ints) -> Ints:
        """Return the least ticks that each stop's block lies inside intervals.

        Returns
        -------
        array of int64
            Shape ``(stops, intervals)``: wherever the block lies, it is at least at one of its
            two outermost positions no more inside.
        """
        relaxation = self._relaxation
        least = None
        for start in (relaxation.earliest - self.lead, relaxation.latest - self.lead):
            until = np.minimum((start + self.length)[:, None], end)
            part = np.maximum(0, until - np.maximum(start[:, None], begin))
            least = part if least is None else np.minimum(least, part)
        return np.zeros((0, len(begin)), int64) if least is None else least

    def supply(
        self, stops: Ints, day_number: int, begin: int | None = None, end: int | None = None
    ) -> int:
        """Return the ticks of a caregiver-day that blocks of some stops can fill.

        That is the part of the shift in which any of them can lie, inside the interval.
        """
        relaxation, day = self._relaxation, self._relaxation.days[day_number]
        mine = stops[relaxation.allowed[stops, day_number]]
        opens = day.opens if begin is None else max(day.opens, begin)
        closes = day.closes if end is None else min(day.closes, end)
        starts = np.maximum(relaxation.earliest[mine] - self.lead[mine], opens)
        ends = np.minimum(relaxation.latest[mine] + relaxation.care[mine], closes)
        total, until = 0, opens
        for first, last in sorted(zip(starts.tolist(), ends.tolist(), strict=True)):
            total += max(0, last - max(first, until))
            until = max(until, last)
        return total


def measured(
    relaxation: Relaxation,
    blocks: Blocks,
    stops: Mapping[int, tuple[int, ...]],
    interval: Interval | None,
) -> Balance:
    """Return what visits ask for in an interval, and what shifts have for them.

    Parameters
    ----------
    relaxation, blocks
        The scenario.
    stops
        Counted stops per visit.
    interval
        Where to look; over the whole horizon a visit asks for all its time.
    """
    counted = np.array([stop for some in stops.values() for stop in some], int64)
    inside = asked(relaxation, blocks, interval)
    amounts = {v: int(inside[list(some)].sum()) for v, some in stops.items()}
    if interval is None:
        days = np.arange(len(relaxation.days))
        begin = end = None
    else:
        tpm = relaxation.index.scenario.ticks_per_minute
        begin, end = to_ticks(interval.begin, tpm), to_ticks(interval.end, tpm)
        counted = counted[inside[counted] > 0]
        days = blocks.caregiver_days_on(interval.date)
    busy = days[relaxation.allowed[np.ix_(counted, days)].any(axis=0)]
    given = {int(day): blocks.supply(counted, int(day), begin, end) for day in busy}
    return Balance(stops, amounts, given)


def asked(relaxation: Relaxation, blocks: Blocks, interval: Interval | None) -> Ints:
    """Return what each stop asks for in an interval, or all its time; shape ``(stops,)``."""
    if interval is None:
        return blocks.length
    tpm = relaxation.index.scenario.ticks_per_minute
    begin, end = to_ticks(interval.begin, tpm), to_ticks(interval.end, tpm)
    inside = blocks.inside(np.array([begin]), np.array([end]))[:, 0]
    return np.where(blocks.only_on(interval.date), inside, 0)


def scan(
    relaxation: Relaxation, blocks: Blocks, without: Collection[int], is_over: Callable[[], bool]
) -> list[Find]:
    """Return finds in which time is short or nearly so, the shortest first.

    For every date, sets of caregiver-days (all that may make some kind of stop, and unions of
    such) and intervals are tried: who must be served by this set asks for how much of the
    interval?

    Parameters
    ----------
    relaxation, blocks
        The scenario.
    without
        Visits that are left out of it.
    is_over
        Whether the time is up.
    """
    left = ~np.isin(relaxation.visit_of, list(without))
    found: list[tuple[float, dt.date, int, int, Ints]] = []
    for date in blocks.dates:
        if is_over():
            break
        found += _on(relaxation, blocks, date, left)
    found.sort(key=lambda each: each[0], reverse=True)
    finds = []
    for _, date, begin, end, stops in found[:_REFINED]:
        tpm = relaxation.index.scenario.ticks_per_minute
        interval = Interval(date=date, begin=to_ms(begin, tpm), end=to_ms(end, tpm))
        of_visit: dict[int, tuple[int, ...]] = {}
        for stop in stops:
            visit = int(relaxation.visit_of[stop])
            of_visit[visit] = (*of_visit.get(visit, ()), int(stop))
        finds.append(Find(measured(relaxation, blocks, of_visit, interval), interval))
    return finds


def _on(
    relaxation: Relaxation, blocks: Blocks, date: dt.date, left: Bools
) -> list[tuple[float, dt.date, int, int, Ints]]:
    """Return the best intervals per set of caregiver-days of a date: tightness, and stops."""
    days = blocks.caregiver_days_on(date)
    stops = np.flatnonzero(blocks.only_on(date) & left)
    if not len(stops):
        return []
    rows = relaxation.allowed[np.ix_(stops, days)]
    kinds, kind_of = np.unique(rows, axis=0, return_inverse=True)
    kind_of = np.asarray(kind_of).reshape(-1)
    begin, end = _intervals(relaxation, blocks, stops)
    inside = blocks.inside(begin, end)[stops]
    of_kind = np.zeros((len(kinds), len(begin)), int64)
    np.add.at(of_kind, kind_of, inside)
    opens = np.array([relaxation.days[d].opens for d in days])[:, None]
    closes = np.array([relaxation.days[d].closes for d in days])[:, None]
    there = np.maximum(0, np.minimum(closes, end) - np.maximum(opens, begin))
    sets = _sets(kinds)
    beyond = ~sets[:, None, :] & kinds[None, :, :]
    within: Bools = np.logical_not(np.any(beyond, axis=2, keepdims=True))[:, :, 0]
    asked, had = within.astype(int64) @ of_kind, sets.astype(int64) @ there
    typical = float(np.median(blocks.length[stops]))
    # What two visits need is left out of the comparison, so that few visits are no good find.
    tight = np.where(asked > had, 1 + (asked - had) / typical, asked / (had + 2 * typical))
    found = []
    for number in range(len(sets)):
        for best in np.argsort(tight[number])[-_PER_SET:]:
            chosen = stops[within[number][kind_of] & (inside[:, best] > 0)]
            if len(chosen) > 1:
                rank = float(tight[number, best])
                found.append((rank, date, int(begin[best]), int(end[best]), chosen))
    return found


def _sets(kinds: Bools) -> Bools:
    """Return sets of caregiver-days: those of each kind of stop, of two kinds, and all."""
    unions = [kinds, kinds.any(axis=0, keepdims=True)]
    if len(kinds) ** 2 // 2 <= _SETS:
        one, other = np.triu_indices(len(kinds), 1)
        unions.append(kinds[one] | kinds[other])
    return np.unique(np.concatenate(unions), axis=0)[-_SETS:]


def _intervals(relaxation: Relaxation, blocks: Blocks, stops: Ints) -> tuple[Ints, Ints]:
    """Return beginnings and ends in whole minutes, taken from where blocks begin and end."""
    tpm = relaxation.index.scenario.ticks_per_minute
    starts = (relaxation.earliest - blocks.lead)[stops]
    ends = (relaxation.latest + relaxation.care)[stops]
    first = _spread(np.concatenate((starts, (relaxation.latest - blocks.lead)[stops])) // tpm)
    last = _spread(
        -(-np.concatenate((ends, (relaxation.earliest + relaxation.care)[stops])) // tpm)
    )
    last = np.minimum(last, _DAY)
    begin, end = (axis.reshape(-1) for axis in np.meshgrid(first, last))
    real = (begin < end) & (begin >= 0)
    return begin[real] * tpm, end[real] * tpm


def _spread(values: Ints) -> Ints:
    """Return at most `_STEPS` of the distinct values, as evenly spread as they lie."""
    values = np.unique(values)
    if len(values) <= _STEPS:
        return values
    return values[np.linspace(0, len(values) - 1, _STEPS).round().astype(int64)]


def _leads(relaxation: Relaxation) -> Ints:
    """Return the least travel to each stop from a home, or from a stop that may come before."""
    legs, place = relaxation.paths.legs, relaxation.place
    lead = np.full(len(place), UNREACHABLE, int64)
    done = relaxation.earliest + relaxation.care
    share = relaxation.allowed.astype(np.float32)
    for group in range(len(legs)):
        mine = np.array([day.group == group for day in relaxation.days], np.bool_)
        homes = {relaxation.days[d].home for d in np.flatnonzero(mine)}
        may = relaxation.allowed[:, mine].any(axis=1)
        for home in homes:
            at_home = np.array([d.home == home and d.group == group for d in relaxation.days])
            comes = relaxation.allowed[:, at_home].any(axis=1)
            lead[comes] = np.minimum(lead, legs[group][home, place])[comes]
        lead[may] = np.minimum(lead, _from_stops(relaxation, group, share[:, mine], done))[may]
    return np.where(lead >= UNREACHABLE, 0, lead)


def _from_stops(relaxation: Relaxation, group: int, share: NDArray[np.float32], done: Ints) -> Ints:
    """Return the least leg to each stop from one that may come before it on a route of a group."""
    legs, place = relaxation.paths.legs[group], relaxation.place
    least = np.full(len(place), UNREACHABLE, int64)
    kinds, kind_of = np.unique(share, axis=0, return_inverse=True)
    kind_of = np.asarray(kind_of).reshape(-1)
    meets = kinds @ kinds.T > 0
    for kind in range(len(kinds)):
        to = np.flatnonzero(kind_of == kind)
        origin = np.flatnonzero(meets[kind][kind_of])
        between = legs[np.ix_(place[origin], place[to])]
        before = done[origin][:, None] + between <= relaxation.latest[to]
        before &= origin[:, None] != to
        least[to] = np.where(before, between, UNREACHABLE).min(axis=0, initial=UNREACHABLE)
    return least


def smaller(
    relaxation: Relaxation, blocks: Blocks, find: Find, is_over: Callable[[], bool]
) -> Find:
    """Return the find with fewer visits that still proves as many unserved."""
    goal = find.balance.least(relaxation)
    for visit in sorted(find.balance.amounts, key=find.balance.amounts.__getitem__):
        if is_over() or len(find.balance.amounts) <= goal:
            break
        stops = {v: some for v, some in find.balance.stops.items() if v != visit}
        balance = measured(relaxation, blocks, stops, find.interval)
        if balance.least(relaxation) >= goal:
            find = replace(find, balance=balance)
    return find


def promising(finds: list[Find]) -> Iterator[tuple[int, ...]]:
    """Yield the visits of finds, for other forms to look at."""
    for find in finds:
        yield tuple(visit for visit, amount in find.balance.amounts.items() if amount > 0)
