"""All slots of all lines as arrays, so that where a task fits is asked of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.explanation.timeline import NEVER, Key, Task, Timeline
from optimizer.travel import TravelMatrices

Ints = NDArray[int64]
Slot = tuple[int, int]
"Where a task may go: in place of stops `first` to `last` - 1; between two stops if equal."

MOST_STOPS = 3
"Consecutive stops of one line that are taken out; longer runs are not looked at."


class Slots:
    """Every place between two stops of some lines, and every one to three stops to take out.

    It says where `Timeline.spans` finds something, for hundreds of lines in a few operations.

    Parameters
    ----------
    lines
        The lines with their stops.
    matrices
        Travel that the lines are made from.
    """

    def __init__(self, lines: Mapping[Key, Timeline], matrices: TravelMatrices) -> None:
        self._keys = tuple(lines)
        self._row = {key: row for row, key in enumerate(lines)}
        self._travel = matrices.table
        mode = {one: row for row, one in enumerate(matrices.modes)}
        sizes = np.array([len(line.tasks) + 1 for line in lines.values()], int64)
        line = np.repeat(np.arange(len(sizes)), sizes)
        number = np.arange(len(line)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        left = sizes[line] - 1 - number
        # One row per slot: where it begins and where it ends among the places of all lines.
        begin, taken_out = np.nonzero(left[:, None] >= np.arange(MOST_STOPS + 1))
        end = begin + taken_out
        self._line, self._first, self._last = line[begin], number[begin], number[end]
        self._start = np.flatnonzero((self._first == 0) & (self._last == 0))
        self._mode = _each([mode[one.caregiver.mode] for one in lines.values()])[self._line]
        self._longest = _each([one.longest for one in lines.values()])[self._line]
        places = _each([place for one in lines.values() for place in _around(one)]).reshape(-1, 2)
        self._before, self._after = places[begin, 0], places[end, 1]
        ahead = _each([x for one in lines.values() for x in _ahead(one)]).reshape(-1, 2)
        self._fresh, self._taken = ahead[begin].T
        behind = _each([x for one in lines.values() for x in _behind(one)]).reshape(-1, 2)
        self._plain, self._due = behind[end].T
        pauses = np.array([_pause(one) for one in lines.values()], int64).reshape(-1, 3)[self._line]
        self._pause_by, self._pause_length, self._rested = pauses.T

    def fitting(self, task: Task, among: Iterable[Key]) -> Mapping[Key, list[Slot]]:
        """Return the slots of some lines in which a task finds a start, in order per line."""
        asked = np.zeros(len(self._keys), np.bool_)
        asked[[self._row[key] for key in among]] = True
        # Most slots lie before or after the window; of those no journey is looked up.
        at = np.flatnonzero(
            asked[self._line]
            & (self._fresh <= task.latest)
            & (self._plain >= task.earliest + task.care)
        )
        out = self._travel[self._mode[at], self._before[at], task.place]
        on = self._travel[self._mode[at], task.place, self._after[at]]
        latest = task.latest + task.care
        before, after = self._taken[at] + out, self._plain[at] - on
        early = np.maximum(before, task.earliest) + task.care <= np.minimum(after, latest)
        paused = np.minimum(self._pause_by[at], after - self._pause_length[at])
        paused = np.where(self._rested[at] <= after, paused, -NEVER)
        before, after = self._fresh[at] + out, np.maximum(self._due[at] - on, paused)
        late = np.maximum(before, task.earliest) + task.care <= np.minimum(after, latest)
        fits = at[(early | late) & (np.maximum(out, on) <= self._longest[at])]
        found: dict[Key, list[Slot]] = defaultdict(list)
        for row, first, last in zip(
            self._line[fits].tolist(),
            self._first[fits].tolist(),
            self._last[fits].tolist(),
            strict=True,
        ):
            found[self._keys[row]].append((first, last))
        return found

    def travel_times(self, task: Task) -> dict[Key, int]:
        """Return the travel time to a task from the home of each line's caregiver, in ticks."""
        travel = self._travel[self._mode[self._start], self._before[self._start], task.place]
        return dict(zip(self._keys, travel.tolist(), strict=True))


def _each(values: list[int]) -> Ints:
    return np.array(values, int64)


def _around(line: Timeline) -> list[int]:
    """Return the rows of the places before and after each slot between two stops."""
    stops = [task.place for task in line.tasks]
    pairs = zip((line.home, *stops), (*stops, line.end), strict=True)
    return [place for pair in pairs for place in pair]


def _ahead(line: Timeline) -> list[int]:
    """Return when the caregiver is free before each slot: break still to come, break taken."""
    fresh, rested = line.forward
    pause = line.pause
    taken = fresh if pause is None else map(min, rested, map(pause.after, fresh))
    return [moment for pair in zip(fresh, taken, strict=True) for moment in pair]


def _behind(line: Timeline) -> list[int]:
    """Return the latest arrival after each slot: no break after it, one after it."""
    return [moment for pair in zip(*line.backward, strict=True) for moment in pair]


def _pause(line: Timeline) -> tuple[int, int, int]:
    """Return latest begin, length and earliest end of a line's break; `NEVER` without one."""
    pause = line.pause
    if pause is None:
        return -NEVER, 0, NEVER
    return pause.latest, pause.length, pause.earliest + pause.length
