"""What is told about who could take a visit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from optimizer.domain.plan import Plan
from optimizer.domain.policy import Term
from optimizer.explanation.codes import Obstacle
from optimizer.explanation.rivals import Rival


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A visit that makes room for another one.

    Attributes
    ----------
    visit
        Id of the visit.
    caregiver, date, start
        Who makes it now, and when, in milliseconds since midnight.
    difference
        What its new place costs beside a roster without it, in ticks of travel; part of the
        difference of the suggestion.
    """

    visit: str
    caregiver: str
    date: dt.date
    start: int
    difference: int


@dataclass(frozen=True, slots=True)
class OtherDay:
    """Another day on which a caregiver could take a visit.

    Attributes
    ----------
    date, start
        When it begins there, at the cheapest, in milliseconds since midnight.
    difference
        What that costs, as for `Suggestion`.
    """

    date: dt.date
    start: int
    difference: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A caregiver who could take a visit, and when.

    Attributes
    ----------
    caregiver, date, shift
        Who, on which day, and in which of the shifts of that day, from 0.
    start, minutes
        When the visit begins, in milliseconds since midnight, and the care given, in milliseconds.
    difference, terms
        Cost of the roster with the visit made so minus that with the visit left out, the price of
        leaving it out not counted, in ticks of travel: in all, and per term that differs.
    moved
        Other visits of the route that begin at another time then: id, start before and after, in
        milliseconds.
    plan
        The roster with the visit.
    partner
        Who else comes, of a visit that needs two caregivers at once: makes the second carer's part,
        or the visit that begins as one with it.
    elsewhere
        The visit that had to make room, and where it goes.
    other_days
        Other days on which the caregiver could come with all others as they are, the cheapest
        first; of a visit of one carer that may be made on several.
    """

    caregiver: str
    date: dt.date
    shift: int
    start: int
    minutes: int
    difference: int
    terms: Mapping[Term, int]
    moved: tuple[tuple[str, int, int], ...]
    plan: Plan = field(repr=False)
    partner: str | None = None
    elsewhere: Elsewhere | None = None
    other_days: tuple[OtherDay, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Who could take a visit, and what stands against all others.

    Attributes
    ----------
    visit
        Id of the visit.
    suggestions
        The cheapest place of each caregiver who could come, the cheapest first.
    barred
        How many caregivers each obstacle keeps away.
    rivals
        Where nobody could come: who could if some visits that matter less were not made, the
        cheapest first.
    """

    visit: str
    suggestions: tuple[Suggestion, ...]
    barred: Mapping[Obstacle, int]
    rivals: tuple[Rival, ...] = ()
