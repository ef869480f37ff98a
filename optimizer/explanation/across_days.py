"""Limits across days that one more stop would break: days and nights in a row, overtime."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from optimizer.domain.caregiver import Caregiver
from optimizer.explanation.codes import Obstacle
from optimizer.explanation.plan_state import PlanState
from optimizer.explanation.timeline import Key, Timeline


def obstacle_across_days(
    state: PlanState, lines: Mapping[Key, Timeline], line: Timeline, more: int
) -> Obstacle | None:
    """Return the limit across days that a stop in a line would break, if there is one.

    Parameters
    ----------
    state
        The plan.
    lines
        All lines beside which it would be: those of the plan, or empty ones.
    line
        Where it would be.
    more
        The work that it adds, in ticks.
    """
    person = line.caregiver
    if not is_limited_across_days(person):
        return None
    others = _Others(state, lines, line)
    row = person.consecutive_days
    if row is not None and others.days_in_row(line.date) > row:
        return Obstacle.CONSECUTIVE_DAYS
    limit = person.month_overtime_limit
    if limit is not None and others.overtime(line.date, more) > state.ticks(limit):
        return Obstacle.MONTH_OVERTIME
    return Obstacle.NIGHTS if others.is_night_too_many(line) else None


def is_limited_across_days(person: Caregiver) -> bool:
    """Return whether a caregiver has a limit across days other than on work and days of a week."""
    limits = (person.consecutive_days, person.consecutive_nights, person.week_nights)
    return any(limit is not None for limit in (*limits, person.month_overtime_limit))


@dataclass(frozen=True, slots=True)
class _Others:
    """What a caregiver does in the lines of a plan."""

    state: PlanState
    lines: Mapping[Key, Timeline]
    line: Timeline

    def _lines_on(self, day: dt.date) -> list[Timeline]:
        person = self.line.caregiver.id
        shifts = self.state.index.shifts_on(person, day)
        return [self.lines[person, day, number] for number in range(len(shifts))]

    def _is_worked(self, day: dt.date) -> bool:
        return any(line.tasks for line in self._lines_on(day))

    def _is_night(self, line: Timeline) -> bool:
        hours = self.state.index.shifts_on(line.caregiver.id, line.date)[line.shift]
        return self.state.scenario.policy.night.is_night(hours)

    def _is_night_worked(self, day: dt.date) -> bool:
        return any(line.tasks and self._is_night(line) for line in self._lines_on(day))

    def days_in_row(self, day: dt.date) -> int:
        """Return how many days in a row are worked if the day is, 0 if it is anyway."""
        if self._is_worked(day):
            return 0
        return self._run(day, self.line.caregiver.consecutive_days_worked, nights=False)

    def _run(self, day: dt.date, before: int, *, nights: bool) -> int:
        is_worked = self._is_night_worked if nights else self._is_worked
        dates = self.state.index.dates
        first = last = (day - dates[0]).days
        while first > 0 and is_worked(dates[first - 1]):
            first -= 1
        while last + 1 < len(dates) and is_worked(dates[last + 1]):
            last += 1
        return last - first + 1 + (before if first == 0 else 0)

    def overtime(self, day: dt.date, more: int) -> int:
        """Return the overtime of the month with more work on a day, 0 if that day has none."""
        state, person = self.state, self.line.caregiver
        if person.day_minutes is None:
            return 0
        agreed, dates = state.ticks(person.day_minutes), state.index.dates
        of_days = {
            date: max(0, sum(line.work for line in self._lines_on(date)) - agreed)
            for date in dates
            if (date.year, date.month) == (day.year, day.month)
        }
        work = sum(line.work for line in self._lines_on(day))
        grown = max(0, work + more - agreed)
        if grown <= of_days[day]:
            return 0
        before = state.ticks(person.month_overtime_worked) if dates[0] in of_days else 0
        return before + sum(of_days.values()) - of_days[day] + grown

    def is_night_too_many(self, line: Timeline) -> bool:
        """Return whether a stop would make the night of a line one too many."""
        person, dates = line.caregiver, self.state.index.dates
        of_week, row = person.week_nights, person.consecutive_nights
        if (of_week is None and row is None) or not self._is_night(line):
            return False
        if self._is_night_worked(line.date):
            return False
        week = [one for one in dates if one.isocalendar()[:2] == line.date.isocalendar()[:2]]
        worked = sum(map(self._is_night_worked, week))
        worked += person.week_nights_worked if dates[0] in week else 0
        if of_week is not None and worked >= of_week:
            return True
        before = person.consecutive_nights_worked
        return row is not None and self._run(line.date, before, nights=True) > row
