"""Whether a time bank can keep what it has promised, and who trades only with one another."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from optimizer.domain.scenario import Scenario
from optimizer.domain.time_bank import AccountKind, Transfer, TransferReason
from optimizer.purchase.time_bank.balances import Books, months_later
from optimizer.units import MS_PER_MINUTE

_OWED = frozenset({AccountKind.MEMBER, AccountKind.GROUP, AccountKind.POOL})
_MONTHS = 12
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Solvency:
    """What is owed against what is served and could be served.

    Attributes
    ----------
    owed
        Minutes on the accounts of members, groups and pool.
    served
        Minutes served in the twelve months until the day.
    capacity
        Minutes of volunteers' shifts on the days planned; None without a scenario.
    days
        How many days that are.
    """

    owed: int
    served: int
    capacity: int | None
    days: int

    @property
    def years(self) -> float | None:
        """In how many years what is owed would be served as in the last one; None if never."""
        return self.owed / self.served if self.served else None

    @property
    def weeks(self) -> float | None:
        """How many weeks all volunteers would be at work for what is owed; None if unknown."""
        if not self.capacity:
            return None
        return self.owed / (self.capacity / self.days * 7)


def solvency_of(books: Books, day: dt.date, scenario: Scenario | None = None) -> Solvency:
    """Return what is owed against what was served, and against the time that volunteers have.

    Parameters
    ----------
    books
        What was booked.
    day
        Counted are the twelve months until this day.
    scenario
        Volunteers and their shifts.
    """
    owed = sum(
        max(0, minutes)
        for account, minutes in books.balances.items()
        if books.accounts[account].kind in _OWED
    )
    served = sum(
        one.minutes for one in _standing(books) if one.date <= day < months_later(one.date, _MONTHS)
    )
    if scenario is None:
        return Solvency(owed, served, None, 0)
    dates = scenario.horizon.dates()
    known = {one.caregiver for one in books.accounts.values() if one.caregiver is not None}
    capacity = sum(
        (shift.end - shift.start) // MS_PER_MINUTE
        for person in scenario.caregivers
        if person.volunteer and person.id in known
        for shift in person.shifts
        if shift.date in dates
    )
    return Solvency(owed, served, capacity, len(dates))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two members of whom one has given most of all hours to the other."""

    giver: str
    receiver: str
    minutes: int
    percent: int


def pairs_of(books: Books) -> tuple[Pair, ...]:
    """Return members who have served one and the same member in most of their hours.

    Somebody who has served less than two days' limit in all is not told.
    """
    of: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in _standing(books):
        order = books.orders.get(one.order or "")
        if order is not None and order.volunteer is not None:
            of[order.volunteer][order.member] += one.minutes
    found = []
    for volunteer in sorted(of):
        total = sum(of[volunteer].values())
        member = max(sorted(of[volunteer]), key=lambda one: of[volunteer][one])
        minutes = of[volunteer][member]
        is_much = total >= 2 * books.rules.day_minutes
        if is_much and minutes * _WHOLE > books.rules.pair_percent * total:
            found.append(Pair(volunteer, member, minutes, minutes * _WHOLE // total))
    return tuple(found)


def _standing(books: Books) -> list[Transfer]:
    """Return transfers for services that were not taken back."""
    undone = {one.reverses for one in books.booked.values() if one.reverses is not None}
    return [
        one
        for one in books.booked.values()
        if one.reason is TransferReason.SERVICE and one.id not in undone
    ]
