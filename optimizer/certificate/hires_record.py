"""The record of a proof that even so many hires leave visits unserved, and its arithmetic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from optimizer.certificate.certificate import Amount, ShiftAmount
from optimizer.certificate.table import Number, ShiftRow, StopRow, Ticks
from optimizer.domain.caregiver import BreakRule, Caregiver, Qualification, Shift
from optimizer.domain.client import Gender
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.place import Mode
from optimizer.domain.record import Code, Id, Record
from optimizer.domain.scenario import Scenario
from optimizer.units import Clock, Minutes


class KindBreak(Record):
    """The break that every long enough shift of a kind must contain, as `BreakRule` has it."""

    duration: Minutes
    begin: Clock
    "Earliest begin."
    until: Clock
    "Latest begin."
    after: Minutes

    @classmethod
    def of(cls, rule: BreakRule | None) -> KindBreak | None:
        """Return a break as certificates write it."""
        if rule is None:
            return None
        return cls.model_construct(
            duration=rule.duration, begin=rule.earliest, until=rule.latest, after=rule.after
        )

    def rule(self) -> BreakRule:
        """Return it as scenarios write it."""
        return BreakRule.model_construct(
            duration=self.duration, earliest=self.begin, latest=self.until, after=self.after
        )


class KindShift(Record):
    """A working period of a kind, as `Shift` has it."""

    date: dt.date
    begin: Clock
    end: Clock
    pause: KindBreak | None = None

    def shift(self) -> Shift:
        """Return it as scenarios write it."""
        rule = None if self.pause is None else self.pause.rule()
        return Shift.model_construct(
            date=self.date, start=self.begin, end=self.end, break_rule=rule
        )


class HireKind(Record):
    """A kind of caregiver who might be hired; where they live is said by a client's home."""

    id: Id
    client: Id
    "They live where this client does."
    organisation: Id | None = None
    qualifications: tuple[Qualification, ...] = ()
    gender: Gender | None = None
    languages: tuple[Code, ...] = ()
    mode: Mode = Mode.EBIKE
    shifts: tuple[KindShift, ...]
    overtime_limit: Minutes = 0
    longest_leg: Minutes | None = None

    @classmethod
    def of(cls, person: Caregiver, client: str) -> HireKind:
        """Return the kind of a caregiver who lives where a client does."""
        own = {"client", "shifts"}
        shared = {name: getattr(person, name) for name in cls.model_fields if name not in own}
        shifts = tuple(
            KindShift.model_construct(
                date=one.date,
                begin=one.start,
                end=one.end,
                pause=KindBreak.of(person.break_of(one)),
            )
            for one in person.shifts
        )
        return cls.model_construct(client=client, shifts=shifts, **shared)

    def caregiver(self, index: ScenarioIndex) -> Caregiver:
        """Return a caregiver of this kind, without limits of working time.

        Raises
        ------
        KeyError
            If the scenario does not have the client.
        """
        shared = {name: getattr(self, name) for name in type(self).model_fields}
        home = index.client[shared.pop("client")].home
        shifts = tuple(one.shift() for one in shared.pop("shifts"))
        return Caregiver.model_construct(home=home, shifts=shifts, **shared)


class StopAmount(Record):
    """The dual weight of one carer's part of a visit; `carer` counts from 1."""

    visit: Id
    carer: Annotated[int, Field(ge=1, le=2)] = 1
    amount: Amount


class HiresCertificate(Record):
    """A proof: whichever so many of the listed kinds are hired, at least so many visits stay.

    The stops have dual weights, those of one visit at most `scale` together. What no shift of the
    staff and no so many hires can collect belongs to visits that are left out.
    """

    hires: Amount
    "How many are hired, of whichever of the kinds, also of one kind several."
    least_unserved: Amount
    scale: Annotated[int, Field(ge=1)]
    "The dual weight of a whole visit."
    stops: Annotated[tuple[StopAmount, ...], Field(min_length=1)]
    caregivers: tuple[ShiftAmount, ...] = ()
    "Shifts of the staff that can collect something; all others collect nothing."
    kinds: tuple[ShiftAmount, ...] = ()
    "The same of one hire of each kind, `caregiver` being the id of the kind."

    @property
    def asked(self) -> int:
        """Sum of the weights."""
        return sum(one.amount for one in self.stops)

    @property
    def given(self) -> int:
        """Most weight that the staff can collect."""
        return sum(one.amount for one in self.caregivers)

    @property
    def given_by_one(self) -> int:
        """Most weight that one hire can collect, of whichever kind."""
        return most_of_one((one.caregiver, one.amount) for one in self.kinds)


class TeamsClaim(Record):
    """A proof by several certificates: of each team of the kinds, one of them is enough.

    What a certificate proves of one team is what its weights leave once the staff and the hires of
    that team have collected what they can, each kind its own amount.
    """

    hires: Amount
    "Size of the teams."
    least_unserved: Annotated[int, Field(ge=1)]
    parts: Annotated[tuple[Number, ...], Field(min_length=1)]
    "Numbers of the certificates, from 0."


class RestedShiftRow(ShiftRow):
    """One shift of one caregiver, with its break."""

    pause: tuple[Ticks, Ticks, Ticks] | None = None
    "Between which moments the break begins, and how long it is; none is due if not given."
    from_others: tuple[Ticks, ...]
    """Least way to each stop from a client whom the shift may visit and who is not among the
    stops: the break may be taken there."""


class HiresTable(Record):
    """A certificate about hires as a flat table; rows count from 0, times are ticks."""

    hires: Number
    least_unserved: Number
    scale: Number
    stops: tuple[StopRow, ...]
    staff: tuple[RestedShiftRow, ...]
    "Every shift of the staff that may make any of the stops."
    kinds: tuple[RestedShiftRow, ...]
    "The same of one hire of each kind."
    ways: tuple[tuple[tuple[Ticks, ...], ...], ...]
    "Shortest path from each stop to each stop, one table per means of travel and longest leg."


class HiresProof(Record):
    """Certificates about several numbers of hires of the same kinds."""

    format: Literal["homecare-hires"] = "homecare-hires"
    version: Literal[1] = 1
    scenario: Id
    kinds: tuple[HireKind, ...]
    parts: tuple[HiresCertificate, ...] = ()
    tables: tuple[HiresTable, ...] = ()
    "Each part as a flat table, for whoever checks it without this program."
    claims: tuple[TeamsClaim, ...] = ()
    "What the parts prove together."

    def least_unserved(self, hires: int) -> int:
        """Return how many visits stay unserved at least with so many hires; 0 if nothing is said.

        What more hires leave, fewer leave as well.
        """
        return max((least for size, least in self._said() if size >= hires), default=0)

    def most_hires(self, goal: int) -> int | None:
        """Return the largest number of hires proven to leave out more than `goal`, or None."""
        return max((size for size, least in self._said() if least > goal), default=None)

    def _said(self) -> Iterator[tuple[int, int]]:
        """Yield numbers of hires, and how many visits they are proven to leave at least."""
        yield from ((one.hires, one.least_unserved) for one in self.parts)
        yield from ((one.hires, one.least_unserved) for one in self.claims)


def most_of_one(amounts: Iterable[tuple[str, int]]) -> int:
    """Return the most that one hire collects, all shifts of a kind together.

    Parameters
    ----------
    amounts
        Id of the kind and amount, per shift.
    """
    return max(total_of_each(amounts).values(), default=0)


def total_of_each(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the sum of the amounts of each kind."""
    total: dict[str, int] = {}
    for kind, amount in amounts:
        total[kind] = total.get(kind, 0) + amount
    return total


def least_unserved(asked: int, given: int, scale: int) -> int:
    """Return how many visits stay unserved at least where some weight is asked and given."""
    return max(0, -(-(asked - given) // scale))


def with_kinds(scenario: Scenario, kinds: Iterable[HireKind]) -> Scenario:
    """Return a scenario with one caregiver of each kind after its staff.

    Raises
    ------
    KeyError
        If the scenario does not have a client of whom the kinds speak.
    """
    index = ScenarioIndex.of(scenario)
    people = tuple(kind.caregiver(index) for kind in kinds)
    return scenario.model_copy(update={"caregivers": (*scenario.caregivers, *people)})


Amounts = Mapping[tuple[str, str, int], int]
"""Amount per id, day as ``2026-03-03`` and number of the shift."""
