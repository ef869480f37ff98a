"""More working time asked for than there is: one interval, or a whole horizon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.coverage.certificate import Interval
from optimizer.coverage.members import Members
from optimizer.coverage.outline import Outline
from optimizer.travel import UNREACHABLE
from optimizer.units import to_ms, to_ticks

Ints = NDArray[int64]
Bools = NDArray[np.bool_]

_STEPS = 36
"So many beginnings and ends of intervals are tried at most."
_SETS = 400
"So many sets of duties are tried at most."
_PER_SET = 2
"So many intervals per set of duties are kept."
_REFINED = 24
"So many of the best finds are measured exactly."
_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Find:
    """Members of a proof by hours, and the interval that is looked at."""

    members: Members
    interval: Interval | None


class Blocks:
    """The time that each stop keeps one caregiver busy: the way there and the care.

    Attributes
    ----------
    lead
        Least way to each stop in ticks, from any home or any stop that may come before it on
        one route; shape ``(stops,)``.
    length
        Of the block: lead and shortest care.
    """

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self.lead = _leads(outline)
        self.length = self.lead + outline.care
        dates = sorted({duty.date for duty in outline.duties})
        self._date_of_duty = np.array([duty.date.toordinal() for duty in outline.duties], int64)
        of_date = np.array(
            [
                outline.allowed[:, self._date_of_duty == date.toordinal()].any(axis=1)
                for date in dates
            ],
            np.bool_,
        ).reshape(len(dates), len(outline.place))
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

    def duties_on(self, date: dt.date) -> Ints:
        """Return the numbers of a day's duties."""
        return np.flatnonzero(self._date_of_duty == date.toordinal())

    def inside(self, begin: Ints, end: Ints) -> Ints:
        """Return the least ticks that each stop's block lies inside intervals.

        Returns
        -------
        array of int64
            Shape ``(stops, intervals)``: wherever the block lies, it is at least at one of its
            two outermost positions no more inside.
        """
        outline = self._outline
        least = None
        for start in (outline.earliest - self.lead, outline.latest - self.lead):
            until = np.minimum((start + self.length)[:, None], end)
            part = np.maximum(0, until - np.maximum(start[:, None], begin))
            least = part if least is None else np.minimum(least, part)
        return np.zeros((0, len(begin)), int64) if least is None else least

    def supply(
        self, stops: Ints, duty_number: int, begin: int | None = None, end: int | None = None
    ) -> int:
        """Return the ticks of a duty that blocks of some stops can fill.

        That is the part of the shift in which any of them can lie, inside the interval.
        """
        outline, duty = self._outline, self._outline.duties[duty_number]
        mine = stops[outline.allowed[stops, duty_number]]
        opens = duty.opens if begin is None else max(duty.opens, begin)
        closes = duty.closes if end is None else min(duty.closes, end)
        starts = np.maximum(outline.earliest[mine] - self.lead[mine], opens)
        ends = np.minimum(outline.latest[mine] + outline.care[mine], closes)
        total, until = 0, opens
        for first, last in sorted(zip(starts.tolist(), ends.tolist(), strict=True)):
            total += max(0, last - max(first, until))
            until = max(until, last)
        return total


def measured(
    outline: Outline,
    blocks: Blocks,
    stops: Mapping[int, tuple[int, ...]],
    interval: Interval | None,
) -> Members:
    """Return what visits ask for in an interval, and what shifts have for them.

    Parameters
    ----------
    outline, blocks
        The scenario.
    stops
        Counted stops per visit.
    interval
        Where to look; over the whole horizon a visit asks for all its time.
    """
    counted = np.array([stop for some in stops.values() for stop in some], int64)
    inside = asked(outline, blocks, interval)
    amounts = {v: int(inside[list(some)].sum()) for v, some in stops.items()}
    if interval is None:
        duties = np.arange(len(outline.duties))
        begin = end = None
    else:
        tpm = outline.index.scenario.ticks_per_minute
        begin, end = to_ticks(interval.begin, tpm), to_ticks(interval.end, tpm)
        counted = counted[inside[counted] > 0]
        duties = blocks.duties_on(interval.date)
    busy = duties[outline.allowed[np.ix_(counted, duties)].any(axis=0)]
    given = {int(duty): blocks.supply(counted, int(duty), begin, end) for duty in busy}
    return Members(stops, amounts, given)


def asked(outline: Outline, blocks: Blocks, interval: Interval | None) -> Ints:
    """Return what each stop asks for in an interval, or all its time; shape ``(stops,)``."""
    if interval is None:
        return blocks.length
    tpm = outline.index.scenario.ticks_per_minute
    begin, end = to_ticks(interval.begin, tpm), to_ticks(interval.end, tpm)
    inside = blocks.inside(np.array([begin]), np.array([end]))[:, 0]
    return np.where(blocks.only_on(interval.date), inside, 0)


def scan(
    outline: Outline, blocks: Blocks, without: Collection[int], is_over: Callable[[], bool]
) -> list[Find]:
    """Return finds in which time is short or nearly so, the shortest first.

    For every day, sets of duties (all that may make some kind of stop, and unions of such) and
    intervals are tried: who must be served by this set asks for how much of the interval?

    Parameters
    ----------
    outline, blocks
        The scenario.
    without
        Visits that are left out of it.
    is_over
        Whether the time is up.
    """
    left = ~np.isin(outline.visit_of, list(without))
    found: list[tuple[float, dt.date, int, int, Ints]] = []
    for date in blocks.dates:
        if is_over():
            break
        found += _on(outline, blocks, date, left)
    found.sort(key=lambda each: each[0], reverse=True)
    finds = []
    for _, date, begin, end, stops in found[:_REFINED]:
        tpm = outline.index.scenario.ticks_per_minute
        interval = Interval(date=date, begin=to_ms(begin, tpm), end=to_ms(end, tpm))
        of_visit: dict[int, tuple[int, ...]] = {}
        for stop in stops:
            visit = int(outline.visit_of[stop])
            of_visit[visit] = (*of_visit.get(visit, ()), int(stop))
        finds.append(Find(measured(outline, blocks, of_visit, interval), interval))
    return finds


def _on(
    outline: Outline, blocks: Blocks, date: dt.date, left: Bools
) -> list[tuple[float, dt.date, int, int, Ints]]:
    """Return the best intervals per set of duties of a day: how tight it is, and its stops."""
    duties = blocks.duties_on(date)
    stops = np.flatnonzero(blocks.only_on(date) & left)
    if not len(stops):
        return []
    rows = outline.allowed[np.ix_(stops, duties)]
    kinds, kind_of = np.unique(rows, axis=0, return_inverse=True)
    kind_of = np.asarray(kind_of).reshape(-1)
    begin, end = _intervals(outline, blocks, stops)
    inside = blocks.inside(begin, end)[stops]
    of_kind = np.zeros((len(kinds), len(begin)), int64)
    np.add.at(of_kind, kind_of, inside)
    opens = np.array([outline.duties[d].opens for d in duties])[:, None]
    closes = np.array([outline.duties[d].closes for d in duties])[:, None]
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
    """Return sets of duties: those of each kind of stop, of two kinds, and all."""
    unions = [kinds, kinds.any(axis=0, keepdims=True)]
    if len(kinds) ** 2 // 2 <= _SETS:
        one, other = np.triu_indices(len(kinds), 1)
        unions.append(kinds[one] | kinds[other])
    return np.unique(np.concatenate(unions), axis=0)[-_SETS:]


def _intervals(outline: Outline, blocks: Blocks, stops: Ints) -> tuple[Ints, Ints]:
    """Return beginnings and ends in whole minutes, taken from where blocks begin and end."""
    tpm = outline.index.scenario.ticks_per_minute
    starts = (outline.earliest - blocks.lead)[stops]
    ends = (outline.latest + outline.care)[stops]
    first = _spread(np.concatenate((starts, (outline.latest - blocks.lead)[stops])) // tpm)
    last = _spread(-(-np.concatenate((ends, (outline.earliest + outline.care)[stops])) // tpm))
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


def _leads(outline: Outline) -> Ints:
    """Return the least way to each stop from a home, or from a stop that may come before."""
    legs, place = outline.ways.legs, outline.place
    lead = np.full(len(place), UNREACHABLE, int64)
    done = outline.earliest + outline.care
    share = outline.allowed.astype(np.float32)
    for group in range(len(legs)):
        mine = np.array([duty.group == group for duty in outline.duties], np.bool_)
        homes = {outline.duties[d].home for d in np.flatnonzero(mine)}
        may = outline.allowed[:, mine].any(axis=1)
        for home in homes:
            at_home = np.array([d.home == home and d.group == group for d in outline.duties])
            comes = outline.allowed[:, at_home].any(axis=1)
            lead[comes] = np.minimum(lead, legs[group][home, place])[comes]
        between = legs[group][np.ix_(place, place)]
        before = (share[:, mine] @ share[:, mine].T > 0) & (
            done[:, None] + between <= outline.latest
        )
        np.fill_diagonal(before, val=False)
        least = np.where(before, between, UNREACHABLE).min(axis=0, initial=UNREACHABLE)
        lead[may] = np.minimum(lead, least)[may]
    return np.where(lead >= UNREACHABLE, 0, lead)


def smaller(outline: Outline, blocks: Blocks, find: Find, is_over: Callable[[], bool]) -> Find:
    """Return the find with fewer visits that still proves as many unserved."""
    goal = find.members.least(outline)
    for visit in sorted(find.members.amounts, key=find.members.amounts.__getitem__):
        if is_over() or len(find.members.amounts) <= goal:
            break
        stops = {v: some for v, some in find.members.stops.items() if v != visit}
        members = measured(outline, blocks, stops, find.interval)
        if members.least(outline) >= goal:
            find = replace(find, members=members)
    return find


def promising(finds: list[Find]) -> Iterator[tuple[int, ...]]:
    """Yield the visits of finds, for other forms to look at."""
    for find in finds:
        yield tuple(visit for visit, amount in find.members.amounts.items() if amount > 0)
