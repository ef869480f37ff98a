"""More care asked for over several days than caregivers may give within their limits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import pairwise

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.certificate.balance import Balance
from optimizer.certificate.person_limits import (
    ShiftRoom,
    Span,
    most_of_person,
    person_row,
)
from optimizer.certificate.relaxation import Relaxation
from optimizer.travel import UNREACHABLE

Ints = NDArray[int64]
IsOver = Callable[[], bool]

MOST_PAIRS = 500_000
"Pairs of a stop and a shift that may make it; of more of them nothing is looked for."
_CELLS = 24
"Parts into which the stops' times cut a day at most; with more moments, evenly chosen ones."
_SMALL = 40
"Visits of a set, up to which it is tried whether fewer prove as much."


class Weeks:
    """What caregivers can give over a horizon to sets of visits.

    Attributes
    ----------
    row
        Limits of each caregiver, by id.
    day_length
        Ticks of a day.
    """

    def __init__(self, relaxation: Relaxation) -> None:
        self._relaxation = relaxation
        index = relaxation.index
        self.day_length = 24 * 60 * index.scenario.ticks_per_minute
        self._stops: dict[int, tuple[int, ...]] = defaultdict(tuple)
        for stop, visit in enumerate(relaxation.visit_of.tolist()):
            self._stops[visit] += (stop,)
        self._days_of: dict[str, list[int]] = defaultdict(list)
        for number, day in enumerate(relaxation.days):
            self._days_of[day.caregiver].append(number)
        self.row = {one.id: person_row(index.scenario, one) for one in index.scenario.caregivers}
        self._spans: dict[int, dict[int, Span]] = {}

    def room(self, number: int, stops: Ints) -> ShiftRoom:
        """Return a caregiver-day with those of some stops that it may make."""
        relaxation = self._relaxation
        day = relaxation.days[number]
        scenario = relaxation.index.scenario
        if number not in self._spans:
            self._spans[number] = _spans(relaxation, number)
        spans = self._spans[number]
        shift = relaxation.index.shifts_on(day.caregiver, day.date)[day.shift]
        return ShiftRoom(
            date=day.date,
            spans=tuple(spans[stop] for stop in stops.tolist() if stop in spans),
            pause=day.pause,
            is_night=scenario.policy.night.is_night(shift),
        )

    def balance(self, visits: Collection[int]) -> Balance:
        """Return what some visits ask for, and what everybody can give to them at most."""
        return self.balance_of({visit: self._stops[visit] for visit in sorted(visits)})

    def balance_of(self, stops: Mapping[int, tuple[int, ...]]) -> Balance:
        """Return the same, of each visit these stops counted."""
        relaxation = self._relaxation
        counted = np.array([stop for some in stops.values() for stop in some], int64)
        given: dict[int, int] = {}
        people: dict[str, int] = {}
        for person, numbers in self._days_of.items():
            makes = relaxation.allowed[np.ix_(counted, np.array(numbers, int64))]
            if not makes.any():
                continue
            rooms = {number: self.room(number, counted) for number in numbers}
            given |= {number: room.most() for number, room in rooms.items()}
            most = most_of_person(
                self.row[person],
                relaxation.index.dates,
                [room for room in rooms.values() if room.spans],
                self.day_length,
            )
            people[person] = min(most, int(relaxation.care[counted[makes.any(axis=1)]].sum()))
        amounts = {v: int(relaxation.care[list(some)].sum()) for v, some in stops.items()}
        return Balance(stops, amounts, given, people)

    def lacking(self, without: Collection[int], is_over: IsOver) -> Iterator[Balance]:
        """Yield sets of visits that lack time; no two share a visit or a caregiver.

        Their care flows to parts of shifts, from there to weeks of caregivers and on to caregivers;
        the visits on the source's side of a cut of least capacity are those that lack time. They
        fall into sets that no caregiver connects.

        Parameters
        ----------
        without
            Visits that are left out of it.
        is_over
            Whether the time is up.
        """
        left = ~np.isin(self._relaxation.visit_of, list(without))
        stops = np.flatnonzero(left & self._relaxation.allowed.any(axis=1))
        if not len(stops) or self._relaxation.allowed[stops].sum() > MOST_PAIRS or is_over():
            return
        # Here, for OR-Tools comes with it, which only this is to wait for.
        from optimizer.exact.network_flow import Arcs, side_of_cut  # noqa: PLC0415

        parts = list(self._parts(stops))
        arcs = Arcs.together(parts)
        near = side_of_cut(arcs, 0, 1)
        chosen = near[(near >= 2) & (near < 2 + len(self._relaxation.place))] - 2
        for visits in self._connected({int(v) for v in self._relaxation.visit_of[chosen]}):
            if is_over():
                return
            balance = self.balance(visits)
            if balance.missing > 0:
                yield self._smaller(balance, is_over)

    def _parts(self, stops: Ints) -> Iterator[tuple[Ints, Ints, Ints]]:
        """Yield arcs: source 0, sink 1, stops from 2; then people, weeks, shifts, their parts."""
        relaxation = self._relaxation
        endless = int(relaxation.care.sum()) + 1
        node = 2 + len(relaxation.place)
        yield np.zeros(len(stops), int64), stops + 2, relaxation.care[stops]
        for person, numbers in self._days_of.items():
            row = self.row[person]
            rooms = {number: self.room(number, stops) for number in numbers}
            most = most_of_person(
                row,
                relaxation.index.dates,
                [room for room in rooms.values() if room.spans],
                self.day_length,
            )
            own, node = node, node + 1
            yield _arc(own, 1, most)
            weeks: dict[tuple[int, int], int] = {}
            for number, room in rooms.items():
                if not room.spans:
                    continue
                week = room.date.isocalendar()[:2]
                if week not in weeks:
                    weeks[week], node = node, node + 1
                    limit = endless if row.week_ticks is None else row.week_ticks
                    yield _arc(weeks[week], own, limit)
                shift, node = node, node + 1
                yield _arc(shift, weeks[week], room.most())
                mine = np.array([s for s in stops.tolist() if s in self._spans[number]], int64)
                begin = np.array([span.begin for span in room.spans], int64)
                end = np.array([span.end for span in room.spans], int64)
                moments = _spread(np.concatenate((begin, end)))
                for first, last in pairwise(moments.tolist()):
                    inside = mine[(begin < last) & (end > first)]
                    if len(inside):
                        part, node = node, node + 1
                        yield _arc(part, shift, last - first)
                        yield (
                            inside + 2,
                            np.full(len(inside), part, int64),
                            np.full(len(inside), endless, int64),
                        )

    def _connected(self, visits: Collection[int]) -> Iterator[frozenset[int]]:
        """Yield the sets into which visits fall that no caregiver can make two of."""
        relaxation = self._relaxation
        people = sorted(self._days_of)
        person = {name: n for n, name in enumerate(people)}
        owner = np.array([person[day.caregiver] for day in relaxation.days], int64)
        team: list[tuple[set[int], set[int]]] = []
        for visit in sorted(visits):
            who = {int(n) for stop in self._stops[visit] for n in owner[relaxation.allowed[stop]]}
            mine: tuple[set[int], set[int]] = ({visit}, who)
            apart = []
            for other in team:
                if other[1] & mine[1]:
                    mine = mine[0] | other[0], mine[1] | other[1]
                else:
                    apart.append(other)
            team = [*apart, mine]
        yield from (frozenset(some) for some, _ in team)

    def _smaller(self, balance: Balance, is_over: IsOver) -> Balance:
        """Return a small set without visits that are not needed to prove as much."""
        relaxation = self._relaxation
        goal = balance.least(relaxation)
        if len(balance.amounts) > _SMALL:
            return balance
        for visit in sorted(balance.amounts, key=balance.amounts.__getitem__):
            if is_over() or len(balance.amounts) <= goal:
                break
            fewer = self.balance(set(balance.amounts) - {visit})
            if fewer.least(relaxation) >= goal:
                balance = fewer
        return balance


def _arc(tail: int, head: int, amount: int) -> tuple[Ints, Ints, Ints]:
    return np.array([tail], int64), np.array([head], int64), np.array([amount], int64)


def _spread(values: Ints) -> Ints:
    """Return the distinct values, or so many as are looked at, evenly chosen."""
    values = np.unique(values)
    if len(values) <= _CELLS:
        return values
    return values[np.linspace(0, len(values) - 1, _CELLS).round().astype(int64)]


def _spans(relaxation: Relaxation, number: int) -> dict[int, Span]:
    """Return when a caregiver-day may make each stop that it has room for."""
    day, paths = relaxation.days[number], relaxation.paths
    found = {}
    for stop in np.flatnonzero(relaxation.allowed[:, number]).tolist():
        place, care = int(relaxation.place[stop]), int(relaxation.care[stop])
        there = int(paths.legal_to(day.group, place)[day.home])
        back = int(paths.legal_from(day.group, place)[day.end])
        begin = max(int(relaxation.earliest[stop]), day.opens + there)
        latest = min(int(relaxation.latest[stop]), day.closes - back - care)
        if begin <= latest and max(there, back) < UNREACHABLE:
            found[stop] = Span(begin, latest + care, there, latest, begin + care + back, care)
    return found
