"""Visits and what ties them to each other."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from optimizer.domain.policy import Priority
from optimizer.domain.record import Code, FieldPath, Id, Record
from optimizer.units import Clock, Minutes

Price = Annotated[int, Field(ge=0, le=500_000_000_000)]
"Minutes of travel; the prices of 10,000 visits add up to less than 64 bits hold."


class Requirement(Record):
    """A qualification that a visit asks for, at this level or a higher one."""

    code: Code
    level: Annotated[int, Field(ge=1, le=9)] = 1


class CarerNeed(Record):
    """What one of a visit's carers does: how long, and with which qualifications."""

    minutes: Minutes
    shortest: Minutes | None = None
    "Shortest acceptable duration; a visit is given in full or shortened to this."
    qualifications: tuple[Requirement, ...] = ()
    "All of them are needed."
    service: Code | None = None
    "What this carer does, where it is not all of the visit's services."


class StartWindow(Record):
    """Earliest and latest start of a visit on its day."""

    earliest: Clock
    latest: Clock


class Pin(Record):
    """What a planner has fixed by hand; whatever is not given stays free."""

    caregivers: tuple[Id | None, ...] = ()
    "Caregiver per carer number; None leaves that carer free."
    date: datetime.date | None = None
    start: Clock | None = None


class PinnedVisit(Pin):
    """A pin that names its visit: so a visit is fixed that follows from a record."""

    visit: Id


class Trace(Record):
    """Where a visit comes from: the rule that created it and what the rule saw."""

    rule: Code
    fields: tuple[FieldPath, ...] = ()
    recorded_on: datetime.date | None = None
    unsigned: bool = False
    "Nobody answers for the rule: no signature under it holds on the first day planned."


class Visit(Record):
    """One visit at a client's home."""

    id: Id
    client: Id
    services: tuple[Code, ...] = ()
    carers: Annotated[tuple[CarerNeed, ...], Field(min_length=1, max_length=2)]
    "One carer, or two who begin at the same moment."
    dates: tuple[datetime.date, ...] = ()
    "Days on which it may take place; none listed means any day of the horizon."
    preferred_dates: tuple[datetime.date, ...] = ()
    "Days that are wished for; another one leaves a wish unmet. None listed means no wish."
    window: StartWindow
    preferred_until: Clock | None = None
    "Beginning later than this counts as lateness; no limit inside the window if not given."
    priority: Priority = Priority.ESSENTIAL
    unserved_price: Price | None = None
    "What it costs if it does not take place, in minutes of travel; that of its priority if None."
    mandatory: bool = False
    payer: Code | None = None
    "The entitlement that pays for it."
    series: Id | None = None
    "The recurring service it belongs to; the table of a plan tells it beside the visit."
    pin: Pin | None = None
    trace: tuple[Trace, ...] = ()

    def services_of(self, carer: int) -> tuple[str, ...]:
        """Return what a carer does, from 1: the carer's own service, or all of the visit's."""
        own = self.carers[carer - 1].service if carer <= len(self.carers) else None
        return self.services if own is None else (own,)


class CouplingKind(StrEnum):
    """How two visits of one client depend on each other."""

    TOGETHER = "together"
    AFTER = "after"
    APART = "apart"


class Coupling(Record):
    """A tie between two visits of one client.

    ``together``: both or none, same start, two caregivers. ``after``: if both are served,
    the second starts `min_gap` to `max_gap` after the first one's start, on the same day.
    ``apart``: if both are served, they lie `min_days` to `max_days` days from each other, the
    second one later if they are `ordered`.
    """

    kind: CouplingKind
    first: Id
    second: Id
    min_gap: Minutes = 0
    max_gap: Minutes | None = None
    min_days: Annotated[int, Field(ge=0)] = 0
    max_days: Annotated[int, Field(ge=0)] | None = None
    ordered: bool = False
    "For ``apart``: the second visit on a later day than the first, or on the same with 0 days."
    different_caregivers: bool = False
    "For ``after``: not the same caregiver twice (always so for ``together``)."
