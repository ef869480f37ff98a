"""A generated day as the weeks around it: the same people, and what their records ask for."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass

from optimizer.domain.caregiver import Caregiver, Qualification
from optimizer.domain.scenario import Horizon, Scenario

_DAYS_OFF = 2


@dataclass(frozen=True, slots=True)
class _Week:
    """The days that a day is spread over."""

    start: datetime.date
    days: int

    def shifts_of(self, person: Caregiver, number: int) -> Caregiver:
        """Return a caregiver who works the shifts of the one day on five days of each week.

        The two days off go round, so that on every day of the week somebody of each kind is there
        where there are two.

        Parameters
        ----------
        person
            The caregiver with the shifts of the one day.
        number
            Which of those who hold the same qualifications, from 0.
        """
        shifts = tuple(
            shift.model_copy(update={"date": self.start + datetime.timedelta(days=n)})
            for n in range(self.days)
            if (n + self.start.weekday() - 2 * number) % 7 >= _DAYS_OFF
            for shift in person.shifts
        )
        off = 0 if person.volunteer else 1
        return person.model_copy(update={"shifts": shifts, "days_off": off})


def over_days(day: Scenario, name: str, days: int, start: datetime.date | None = None) -> Scenario:
    """Return the scenario of a generated day over some days.

    Parameters
    ----------
    day
        A day with health records, as `generate_scenario` makes one.
    name
        Id of the new scenario.
    days
        1 to 56.
    start
        The first of them; the Monday before the day if not given.
    """
    date = day.horizon.start
    week = _Week(start or date - datetime.timedelta(days=date.weekday()), days)
    seen: Counter[tuple[Qualification, ...]] = Counter()
    staff = []
    for person in day.caregivers:
        staff.append(week.shifts_of(person, seen[person.qualifications]))
        seen[person.qualifications] += 1
    return day.model_copy(
        update={
            "id": name,
            "horizon": Horizon(start=week.start, days=days),
            "caregivers": tuple(staff),
        }
    )
