"""The record of a proof that visits must stay unserved, and its one piece of arithmetic."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from optimizer.certificate.form import Form
from optimizer.certificate.table import Table
from optimizer.domain.record import Id, Record
from optimizer.units import Clock

Amount = Annotated[int, Field(ge=0)]


class VisitAmount(Record):
    """What one visit asks for; `carers` are those of its carers who are counted, from 1."""

    visit: Id
    carers: Annotated[tuple[Annotated[int, Field(ge=1, le=2)], ...], Field(min_length=1)] = (1,)
    amount: Amount


class ShiftAmount(Record):
    """What one shift of one caregiver can give at most."""

    caregiver: Id
    date: dt.date
    shift: Annotated[int, Field(ge=0)] = 0
    amount: Amount


class PersonAmount(Record):
    """What one caregiver can give at most over the horizon, within the limits of her weeks."""

    caregiver: Id
    amount: Amount


class Interval(Record):
    """A time of a day; both ends in milliseconds since midnight."""

    date: dt.date
    begin: Clock
    end: Clock


class Certificate(Record):
    """A proof that at least so many of some visits stay unserved, whatever anyone does.

    The visits ask for more than all shifts can give. What is missing must be made up by
    visits that are left out; even the largest amounts reach it only with `least_unserved`.
    """

    form: Form
    least_unserved: Amount
    least_weight: Amount
    "What leaving them out costs at least, in ticks of travel."
    visits: Annotated[tuple[VisitAmount, ...], Field(min_length=1)]
    caregivers: tuple[ShiftAmount, ...] = ()
    "Shifts that can give something; all others give nothing."
    people: tuple[PersonAmount, ...] = ()
    "For `weeks`: caregivers who can give something, over all their shifts; others give nothing."
    interval: Interval | None = None
    "For `hours`: the time that is looked at; the whole horizon if none."
    scale: Annotated[int, Field(ge=1)] = 1
    "For `points`: the dual weight of a whole visit; no visit has more."

    @property
    def asked(self) -> int:
        """Sum of what the visits ask for."""
        return sum(one.amount for one in self.visits)

    @property
    def given(self) -> int:
        """Sum of what the shifts, or for `weeks` the people, can give at most."""
        if self.form is Form.WEEKS:
            return sum(one.amount for one in self.people)
        return sum(one.amount for one in self.caregivers)

    @property
    def missing(self) -> int:
        """What visits left out have to make up for."""
        return max(0, self.asked - self.given)


class UnservedProof(Record):
    """The certificates of one scenario. No two share a visit, so that what they claim adds up."""

    format: Literal["homecare-coverage"] = "homecare-coverage"
    version: Literal[1] = 1
    scenario: Id
    least_unserved: Amount
    least_weight: Amount
    parts: tuple[Certificate, ...] = ()
    tables: tuple[Table, ...] = ()
    "Each part as a flat table, for whoever checks it without this program."

    @classmethod
    def of(cls, scenario: str, parts: Iterable[Certificate]) -> UnservedProof:
        """Return the sum of certificates about different visits."""
        found = tuple(parts)
        return cls(
            scenario=scenario,
            least_unserved=sum(part.least_unserved for part in found),
            least_weight=sum(part.least_weight for part in found),
            parts=found,
        )


@dataclass(frozen=True, slots=True)
class Least:
    """How many visits, and how much weight in ticks of travel, a lack costs at least."""

    visits: int
    weight: int


def least_of(amounts: Iterable[tuple[int, int]], missing: int) -> Least:
    """Return what has to be left out so that the amounts left out reach what is missing.

    Parameters
    ----------
    amounts
        Amount and price of leaving it out, per visit; both at least 0.
    missing
        What is to be reached, at most the sum of the amounts.

    Notes
    -----
    The number is exact: the largest amounts first. The weight is a lower bound: the larger of
    the cheapest visits of that number and the cheapest parts of visits that reach the amount.
    """
    pairs = [pair for pair in amounts if pair[0] > 0]
    count, left = 0, missing
    for amount, _ in sorted(pairs, reverse=True):
        if left <= 0:
            break
        count, left = count + 1, left - amount
    cheapest = sum(sorted(price for _, price in pairs)[:count])
    cost, left = Fraction(0), missing
    for amount, price in sorted(pairs, key=lambda pair: Fraction(pair[1], pair[0])):
        taken = min(amount, max(0, left))
        cost += Fraction(price * taken, amount)
        left -= taken
    return Least(count, max(cheapest, math.ceil(cost)))
