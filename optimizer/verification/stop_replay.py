"""One stop of a plan with everything it refers to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.client import Client
from optimizer.domain.plan import Stop
from optimizer.domain.policy import Rule
from optimizer.domain.visit import CarerNeed, Visit
from optimizer.verification.verdict import Violation


@dataclass(frozen=True, slots=True)
class StopReplay:
    """One stop with everything it refers to; times in ticks since midnight."""

    place: str
    stop: Stop
    visit: Visit
    client: Client
    need: CarerNeed
    caregiver: Caregiver
    date: dt.date
    arrival: int
    start: int
    end: int

    @property
    def care(self) -> int:
        """Care given, in ticks; 0 for a stop that ends before it begins."""
        return max(0, self.end - self.start)

    def breach(self, rule: Rule, amount: int | None, detail: str) -> Violation:
        """Return a violation that lies at this stop."""
        return Violation(
            rule, self.caregiver.id, self.visit.id, self.date, amount, self.place, detail
        )
