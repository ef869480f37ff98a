"""For whom a roster is drawn: with which names, and about which caregivers."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.domain.plan import Route
from optimizer.formats.names import NOBODY, Kind, Names
from optimizer.report.roster import Roster


@dataclass(frozen=True, slots=True)
class Audience:
    """What may be told, and of whom.

    Attributes
    ----------
    names
        Who is behind the pseudonyms; without names people are told by pseudonym.
    caregivers
        Caregivers whose sheets and calendars are wanted; none listed means all.
    """

    names: Names = NOBODY
    caregivers: frozenset[str] = frozenset()

    def client(self, pseudonym: str) -> str:
        """Return what a client is called."""
        return self.names.called(Kind.CLIENT, pseudonym)

    def caregiver(self, pseudonym: str) -> str:
        """Return what a caregiver is called."""
        return self.names.called(Kind.CAREGIVER, pseudonym)

    def routes(self, roster: Roster) -> tuple[Route, ...]:
        """Return the routes of the caregivers that are wanted."""
        if not self.caregivers:
            return roster.routes
        return tuple(route for route in roster.routes if route.caregiver in self.caregivers)


EVERYBODY = Audience()
"""All caregivers, nobody by name."""
