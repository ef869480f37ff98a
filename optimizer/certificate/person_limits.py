"""What the law lets one caregiver do across days, and the most that she can give within it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from optimizer.certificate.table import PersonRow
from optimizer.domain.caregiver import Caregiver
from optimizer.domain.clock_changes import Clocks
from optimizer.domain.scenario import Scenario
from optimizer.units import MS_PER_MINUTE, to_ticks

_DAY_MINUTES = 24 * 60
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Span:
    """A time of a shift in which some of the care may lie; ticks since the day's midnight.

    Attributes
    ----------
    begin, end
        Earliest start of a stop, and end of its care at the latest.
    there
        Least way to it from where the shift begins.
    latest
        Its latest start.
    returned
        When the shift is over at the earliest if it makes the stop.
    care
        What the stop asks for.
    """

    begin: int
    end: int
    there: int
    latest: int
    returned: int
    care: int


@dataclass(frozen=True, slots=True)
class ShiftRoom:
    """One shift with the stops of a set that it may make.

    Attributes
    ----------
    date
        Its day.
    spans
        One per stop that it has room for.
    pause
        Between which moments its break begins, and its length; None where none is due.
    is_night
        Whether it is a night shift.
    """

    date: dt.date
    spans: tuple[Span, ...]
    pause: tuple[int, int, int] | None
    is_night: bool

    def most(self, opens: int = 0) -> int:
        """Return the most ticks of the stops' care in it, if it begins not before a moment.

        Care and break never overlap: both lie within the times of the stops and of the break.
        """
        free = [
            (max(one.begin, opens + one.there), one.end, one.care)
            for one in self.spans
            if opens + one.there <= one.latest
        ]
        if not free:
            return 0
        pieces = [(begin, end) for begin, end, _ in free]
        room = _measure(pieces)
        if self.pause is not None:
            first, last, length = self.pause
            room = min(room, max(0, _measure([*pieces, (first, last + length)]) - length))
        return min(room, sum(care for *_, care in free))

    @property
    def returned(self) -> int:
        """When it is over at the earliest, if it makes any of the stops."""
        return min((one.returned for one in self.spans), default=0)


def _measure(pieces: Sequence[tuple[int, int]]) -> int:
    """Return the length of the union of some times."""
    total, until = 0, -1
    for begin, end in sorted(pieces):
        total += max(0, end - max(begin, until))
        until = max(until, end)
    return total


def person_row(scenario: Scenario, caregiver: Caregiver, gives: int = 0) -> PersonRow:
    """Return the limits of a caregiver across days, as a row of a table."""
    tpm = scenario.ticks_per_minute
    slack = _clocks_back(scenario)
    rest = caregiver.rest_after(night=False) - slack
    after_night = caregiver.rest_after(night=True) - slack
    free = 0
    if caregiver.last_return is not None:
        least = caregiver.rest_after(night=caregiver.consecutive_nights_worked > 0) - slack
        free = to_ticks(caregiver.last_return, tpm) + to_ticks(max(0, least), tpm)
        free = max(0, free - _DAY_MINUTES * tpm)
    return PersonRow(
        caregiver=caregiver.id,
        gives=gives,
        rest=to_ticks(max(0, rest), tpm),
        rest_after_night=to_ticks(max(0, after_night), tpm),
        free_from=free,
        week_days=_WEEK - caregiver.days_off,
        days_worked=caregiver.days_worked,
        days_in_a_row=caregiver.consecutive_days,
        days_in_a_row_worked=caregiver.consecutive_days_worked,
        week_nights=caregiver.week_nights,
        nights_worked=caregiver.week_nights_worked,
        nights_in_a_row=caregiver.consecutive_nights,
        nights_in_a_row_worked=caregiver.consecutive_nights_worked,
        day_ticks=_ticks(caregiver.day_minutes_limit, tpm),
        week_ticks=_ticks(caregiver.week_minutes_limit, tpm),
        agreed_ticks=_ticks(caregiver.day_minutes, tpm),
        month_ticks=_ticks(caregiver.month_overtime_limit, tpm),
        month_worked=to_ticks(caregiver.month_overtime_worked, tpm),
    )


def _ticks(minutes: int | None, tpm: int) -> int | None:
    return None if minutes is None else to_ticks(minutes, tpm)


def _clocks_back(scenario: Scenario) -> int:
    """Return the milliseconds by which a rest by the clock may be shorter than in real hours."""
    clocks = Clocks(scenario.time_zone)
    first = scenario.horizon.start - dt.timedelta(days=1)
    days = [first + dt.timedelta(days=n) for n in range(scenario.horizon.days + 3)]
    offsets = [clocks.offset(day, 0) for day in days]
    return -(-(max(offsets) - min(offsets)) // MS_PER_MINUTE) * MS_PER_MINUTE


def most_of_person(
    row: PersonRow, dates: Sequence[dt.date], shifts: Sequence[ShiftRoom], day_length: int
) -> int:
    """Return the most that a caregiver can give over a horizon within her limits.

    Parameters
    ----------
    row
        Her limits.
    dates
        All days of the horizon, in order.
    shifts
        Those that may make any of the stops, in order of time.
    day_length
        Ticks of a day.

    Notes
    -----
    Work is at least the care given, so that limits of work are limits of care. With a limit of
    overtime of a month the smaller of two amounts is taken: what the other limits allow, and what
    they allow where no day gives more than its agreed minutes, with the months' overtime.
    """
    plain = _by_days(row, dates, shifts, day_length, row.day_ticks)
    if row.month_ticks is None or row.agreed_ticks is None:
        return plain
    months = {(date.year, date.month) for date in dates}
    overtime = len(months) * row.month_ticks - min(row.month_ticks, row.month_worked)
    day = row.agreed_ticks if row.day_ticks is None else min(row.agreed_ticks, row.day_ticks)
    return min(plain, _by_days(row, dates, shifts, day_length, day) + overtime)


State = tuple[int, int, int, int, int, int]
"""When she may leave home again; days and nights in a row; days, nights and ticks of the week."""


def _by_days(
    row: PersonRow,
    dates: Sequence[dt.date],
    shifts: Sequence[ShiftRoom],
    day_length: int,
    most_of_day: int | None,
) -> int:
    """Return the most given, day after day: of equal states the one that has given most is kept."""
    on: Mapping[dt.date, list[ShiftRoom]] = defaultdict(list)
    for shift in shifts:
        on[shift.date].append(shift)
    first = min(row.days_in_a_row_worked, row.days_in_a_row or 0)
    first_night = min(row.nights_in_a_row_worked, row.nights_in_a_row or 0)
    states: dict[State, int] = {
        (row.free_from, first, first_night, row.days_worked, row.nights_worked, 0): 0
    }
    for number, date in enumerate(dates):
        if number and date.weekday() == 0:
            states = _best(
                ((free, run, nights, 0, 0, 0), given + ticks)
                for (free, run, nights, _, _, ticks), given in states.items()
            )
        midnight = number * day_length
        states = _best(
            # A rest that is over before the next day begins asks for nothing more.
            ((after[0] if after[0] > midnight + day_length else 0, *after[1:]), amount)
            for state, given in states.items()
            for after, amount in _onward(row, state, given, on[date], midnight, most_of_day)
        )
    return max(given + state[-1] for state, given in states.items())


def _best(found: Iterable[tuple[State, int]]) -> dict[State, int]:
    best: dict[State, int] = {}
    for state, given in found:
        best[state] = max(given, best.get(state, 0))
    return best


def _onward(
    row: PersonRow,
    state: State,
    given: int,
    shifts: Sequence[ShiftRoom],
    midnight: int,
    most_of_day: int | None,
) -> Iterator[tuple[State, int]]:
    """Yield what may follow a state on one day: nothing worked, or some of its shifts."""
    free, run, in_a_row, days, nights, ticks = state
    yield (free, 0, 0, days, nights, ticks), given
    if days + 1 > row.week_days or (row.days_in_a_row is not None and run >= row.days_in_a_row):
        return
    for count in range(1, len(shifts) + 1):
        for chosen in combinations(shifts, count):
            at_night = any(shift.is_night for shift in chosen)
            if at_night and _too_many(row, nights, in_a_row):
                continue
            amount = sum(shift.most(max(0, free - midnight)) for shift in chosen)
            amount = amount if most_of_day is None else min(amount, most_of_day)
            until = max(
                shift.returned + (row.rest_after_night if shift.is_night else row.rest)
                for shift in chosen
            )
            after: State = (
                max(free, midnight + until),
                run + 1 if row.days_in_a_row is not None else 0,
                in_a_row + 1 if at_night and row.nights_in_a_row is not None else 0,
                days + 1 if row.week_days < _WEEK else 0,
                nights + at_night if row.week_nights is not None else 0,
                ticks + amount,
            )
            if row.week_ticks is None:
                yield (*after[:-1], 0), given + amount
            else:
                yield (*after[:-1], min(after[-1], row.week_ticks)), given


def _too_many(row: PersonRow, nights: int, in_a_row: int) -> bool:
    """Return whether one night more would be too many for the week or in a row."""
    of_week = row.week_nights is not None and nights + 1 > row.week_nights
    return of_week or (row.nights_in_a_row is not None and in_a_row >= row.nights_in_a_row)
