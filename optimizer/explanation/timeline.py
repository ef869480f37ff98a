"""One shift of one caregiver as a line of time: what fits where, and when.

Times are ticks since midnight. Stops keep their order; each begins as early as it may, so that
a question about a place in the line is answered by the earliest time before it and the latest
time after it.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from numpy import int32
from numpy.typing import NDArray

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.visit import Visit

NEVER = 2**40
"A time that no day reaches; its negative has always passed."

Key = tuple[str, dt.date, int]
"""Caregiver id, day, and which of the shifts of that day, from 0: one line."""

Moment = tuple[dt.date, int]
"""Day and ticks since its midnight."""

Span = tuple[int, int]
"Earliest and latest start of a visit at one place of a line, in ticks."


@dataclass(frozen=True, slots=True)
class Task:
    """One carer's part of a visit.

    Attributes
    ----------
    visit, carer
        The visit, and which of its carers, from 1.
    place
        Row of the travel matrices.
    care
        Duration in ticks.
    earliest, latest
        Bounds of the start in ticks; equal for a stop whose start is tied to another one.
    is_infectious
        Whether the client comes last on a route.
    """

    visit: Visit
    carer: int
    place: int
    care: int
    earliest: int
    latest: int
    is_infectious: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """The break that a shift asks for; begins between `earliest` and `latest`, in ticks."""

    earliest: int
    latest: int
    length: int

    def after(self, free: int) -> int:
        """Return when the break is over for somebody free at `free`; `NEVER` if too late."""
        begin = max(free, self.earliest)
        return NEVER if begin > self.latest else begin + self.length


@dataclass(frozen=True, slots=True)
class Timing:
    """A line with its times, in ticks.

    Attributes
    ----------
    starts
        Start of each stop.
    pause_at, pause_start
        Number of stops before the break, and when it begins; None without a break.
    departure, back
        Leaves home, as late as the first stop allows; is at the end place.
    """

    starts: tuple[int, ...]
    pause_at: int | None
    pause_start: int | None
    departure: int
    back: int


@dataclass(frozen=True)
class Timeline:
    """One shift of one caregiver with the stops of a plan.

    Attributes
    ----------
    caregiver, date, shift
        Whose, on which day, and which of the shifts of that day, from 0.
    opens, closes
        Leaves home not before, is back not after, in ticks; overtime included.
    begins
        When the shift begins, in ticks; later than that is `opens` where a rest is due before.
    pause
        The break that the shift asks for once there is a stop.
    home, end
        Rows of the travel matrix where the shift begins and ends.
    travel
        Travel in ticks by the caregiver's means, shape ``(places, places)``.
    longest
        Longest single journey in ticks.
    tasks
        The stops, in order.
    """

    caregiver: Caregiver
    date: dt.date
    shift: int
    opens: int
    closes: int
    begins: int
    pause: Pause | None
    home: int
    end: int
    travel: NDArray[int32]
    longest: int
    tasks: tuple[Task, ...] = ()

    @cached_property
    def key(self) -> tuple[str, dt.date, int]:
        """Whose line it is: caregiver id, day and number of the shift."""
        return self.caregiver.id, self.date, self.shift

    def numbers(self, task: Task) -> range:
        """Return the places, by number of stops before, that a task's window does not rule out."""
        first = bisect_left(self.backward[0], task.earliest + task.care)
        return range(first, bisect_right(self.forward[0], task.latest, first))

    def travel_time(self, origin: int, target: int) -> int:
        """Return ticks from one row of the travel matrix to another."""
        return self.travel.item(origin, target)

    @cached_property
    def legs(self) -> tuple[int, ...]:
        """Travel from home, between the stops and to the end place, in ticks."""
        return legs(self, self.tasks)

    @cached_property
    def work(self) -> int:
        """Care and travel between the stops, in ticks."""
        return work(self, self.tasks)

    @cached_property
    def forward(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """When the caregiver is free after so many stops: break still to come, break taken."""
        fresh, rested = [self.opens], [self._after_pause_at_home()]
        for task, leg in zip(self.tasks, self.legs, strict=False):
            taken = min(rested[-1], self._after_pause(fresh[-1]))
            fresh.append(_done(fresh[-1] + leg, task))
            rested.append(_done(taken + leg, task))
        return tuple(fresh), tuple(rested)

    @cached_property
    def backward(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Latest start of each stop, the end place as the last: no break after it, one after it."""
        plain = [self.closes]
        due = [-NEVER if self.pause is None else min(self.closes, self.pause.latest)]
        for number in range(len(self.tasks) - 1, -1, -1):
            task, leg = self.tasks[number], self.legs[number + 1]
            ends = max(due[-1] - leg, self._pause_by(plain[-1] - leg))
            due.append(_latest(ends, task))
            plain.append(_latest(plain[-1] - leg, task))
        return tuple(reversed(plain)), tuple(reversed(due))

    def _after_pause_at_home(self) -> int:
        """Return when the break is over and home may be left; it may lie in the rest before."""
        if self.pause is None:
            return NEVER
        return max(self.opens, self.pause.earliest + self.pause.length)

    def _after_pause(self, free: int) -> int:
        return NEVER if self.pause is None else self.pause.after(free)

    def _pause_by(self, leave: int) -> int:
        """Return the latest end of a stop that is followed by a break and travel by `leave`."""
        if self.pause is None or self.pause.earliest + self.pause.length > leave:
            return -NEVER
        return min(self.pause.latest, leave - self.pause.length)

    def gaps(self, first: int, last: int, task: Task) -> Iterator[Span]:
        """Yield earliest start and latest end of a task in place of stops `first` to `last` - 1.

        With equal numbers it is put between two stops. The latest start and the duration are
        left to the caller.
        """
        before = self.home if first == 0 else self.tasks[first - 1].place
        after = self.end if last == len(self.tasks) else self.tasks[last].place
        out, on = self.travel_time(before, task.place), self.travel_time(task.place, after)
        if max(out, on) > self.longest:
            return
        fresh, rested = self.forward
        plain, due = self.backward
        soonest = max(fresh[first] + out, task.earliest)
        if self.pause is None:
            yield soonest, plain[last] - on
            return
        taken = min(rested[first], self.pause.after(fresh[first]))
        yield max(taken + out, task.earliest), plain[last] - on
        yield soonest, max(due[last] - on, self._pause_by(plain[last] - on))

    def spans(self, first: int, last: int, task: Task) -> list[Span]:
        """Return when a task may begin in place of stops `first` to `last` - 1, in ticks."""
        # Most places of a day lie before or after the window: nothing more is asked of them.
        too_late = self.forward[0][first] > task.latest
        if too_late or self.backward[0][last] < task.earliest + task.care:
            return []
        found = []
        for soonest, ends in self.gaps(first, last, task):
            latest = min(task.latest, ends - task.care)
            if soonest <= latest:
                found.append((soonest, latest))
        return found

    def in_order(self, first: int, last: int, task: Task) -> bool:
        """Return whether infectious clients still come last with the task in that place."""
        if task.is_infectious:
            return all(other.is_infectious for other in self.tasks[last:])
        return not any(other.is_infectious for other in self.tasks[:first])

    def with_task(self, first: int, last: int, task: Task) -> tuple[Task, ...]:
        """Return the stops with a task in place of stops `first` to `last` - 1."""
        return (*self.tasks[:first], task, *self.tasks[last:])


def legs(line: Timeline, tasks: tuple[Task, ...]) -> tuple[int, ...]:
    """Return the journeys of a line with other stops: from home, between, to the end place."""
    if not tasks:
        return ()
    places = [line.home, *(task.place for task in tasks), line.end]
    return tuple(line.travel_time(places[n], places[n + 1]) for n in range(len(places) - 1))


def work(line: Timeline, tasks: tuple[Task, ...]) -> int:
    """Return care and travel between the stops of a line with other stops, in ticks."""
    return sum(task.care for task in tasks) + sum(legs(line, tasks)[1:-1])


def timed(line: Timeline, tasks: tuple[Task, ...]) -> Timing | None:
    """Return the earliest times of a line with other stops; None if they do not fit.

    Of several moments for the break the one that delays the stops least is taken.
    """
    travel = legs(line, tasks)
    if not tasks or max(travel) > line.longest:
        return None
    places = (None,) if line.pause is None else range(len(tasks) + 1)
    found = [
        timing for at in places if (timing := _timed_with(line, tasks, travel, at)) is not None
    ]
    return min(found, key=lambda timing: (sum(timing.starts), timing.back), default=None)


def _timed_with(
    line: Timeline, tasks: tuple[Task, ...], travel: tuple[int, ...], pause_at: int | None
) -> Timing | None:
    """Return the earliest times with the break after so many stops."""
    free, starts, pause_start = line.opens, [], None
    for number, task in enumerate(tasks):
        if line.pause is not None and number == pause_at:
            pause_start = max(free, line.pause.earliest)
            free = line.pause.after(free)
            if number == 0:
                pause_start = line.pause.earliest
                free = max(line.opens, pause_start + line.pause.length)
        start = max(free + travel[number], task.earliest)
        if start > task.latest:
            return None
        starts.append(start)
        free = start + task.care
    back = free + travel[-1]
    if line.pause is not None and pause_at == len(tasks):
        at_end = back <= line.pause.latest
        pause_start = max(back if at_end else free, line.pause.earliest)
        if pause_start > line.pause.latest:
            return None
        if not at_end:
            back = line.pause.after(free) + travel[-1]
    if back > line.closes:
        return None
    return Timing(tuple(starts), pause_at, pause_start, starts[0] - travel[0], back)


def _done(arrival: int, task: Task) -> int:
    start = max(arrival, task.earliest)
    return NEVER if start > task.latest else start + task.care


def _latest(ends: int, task: Task) -> int:
    start = min(task.latest, ends - task.care)
    return -NEVER if start < task.earliest else start
