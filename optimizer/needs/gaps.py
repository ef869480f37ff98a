"""Three figures that are never merged: what is needed, what is paid for, what is given."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Self

from optimizer.needs.derive import ClientNeeds


@dataclass(frozen=True, slots=True)
class Gap:
    """Minutes of care over the days planned, all carers added up.

    Attributes
    ----------
    needed
        What health records and care plans ask for.
    entitled
        What somebody pays for.
    served
        What the roster gives.
    """

    needed: int = 0
    entitled: int = 0
    served: int = 0

    @property
    def in_money(self) -> int:
        """Return what is needed and not paid for: a question of the budget."""
        return self.needed - self.entitled

    @property
    def in_people(self) -> int:
        """Return what is paid for and not given: a question of caregivers and their hours."""
        return self.entitled - self.served

    def __add__(self, other: Self) -> Gap:
        """Return the sum of two, figure by figure."""
        return Gap(
            self.needed + other.needed,
            self.entitled + other.entitled,
            self.served + other.served,
        )


def gap_of(needs: ClientNeeds, served: Collection[str]) -> Gap:
    """Return the figures of one client, given the ids of the visits that take place."""
    entitled = sum(needs.care.values())
    given = sum(minutes for visit, minutes in needs.care.items() if visit in served)
    return Gap(entitled + needs.cut_in_horizon, entitled, given)


def gap_of_all(clients: Iterable[ClientNeeds], served: Collection[str]) -> Gap:
    """Return the figures of all clients together."""
    return sum((gap_of(needs, served) for needs in clients), start=Gap())
