"""References that an edit leaves behind, mended; with a sentence for each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.client import Client
from optimizer.domain.contract import Contract, Organisation
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Pin, Visit
from optimizer.i18n import Sentence, say

_Named = Organisation | Client | Caregiver | Visit


class Mended(StrEnum):
    """What has named something that an edit took away; each has a sentence under ``repair.``."""

    CONTRACTS = "contracts"
    CHOSEN = "chosen"
    PREFERRED = "preferred"
    RESPONSIBLE = "responsible"
    REFUSED = "refused"
    PINS = "pins"
    HISTORY = "history"
    VISITS = "visits"
    COUPLINGS = "couplings"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Edited:
    """A scenario as somebody imagines it.

    Attributes
    ----------
    scenario
        The scenario, whole: nothing in it names what is not there.
    repairs
        What was mended to keep it so, and what an edit brought with it, as sentences that can
        be said in either language.
    """

    scenario: Scenario
    repairs: tuple[Sentence, ...] = ()


def repaired(scenario: Scenario, before: Scenario) -> Edited:
    """Return a scenario in which nothing names what an edit has taken away.

    Parameters
    ----------
    scenario
        After the edits.
    before
        Before them. What named nothing then is left as it is: a check of files reports it.
    """
    mending = _Mending(
        bodies=_gone(before.organisations, scenario.organisations),
        clients=_gone(before.clients, scenario.clients),
        caregivers=_gone(before.caregivers, scenario.caregivers),
        visits=_gone(before.visits, scenario.visits),
        counts=Counter(),
    )
    mended = mending.mend(scenario)
    return Edited(mended, tuple(mending.sentences()))


def _gone(before: Sequence[_Named], after: Sequence[_Named]) -> frozenset[str]:
    left = {one.id for one in after}
    return frozenset(one.id for one in before if one.id not in left)


@dataclass(frozen=True, slots=True)
class _Mending:
    """Who and what is gone, and how often it was named."""

    bodies: frozenset[str]
    clients: frozenset[str]
    caregivers: frozenset[str]
    visits: frozenset[str]
    counts: Counter[Mended]

    def mend(self, scenario: Scenario) -> Scenario:
        """Return the scenario without what is gone; notes how much that was."""
        update: dict[str, object] = {}
        if scenario.published is not None:
            # A change of it would cost a phone call, which is no part of any question.
            self.counts[Mended.PUBLISHED] += 1
            update["published"] = None
        if self.bodies:
            update["contracts"] = self._contracts(scenario.contracts)
        if self.bodies or self.caregivers:
            update["clients"] = tuple(self._client(one) for one in scenario.clients)
        if self.clients or self.caregivers or self.visits:
            kept = [one for one in scenario.visits if one.client not in self.clients]
            lost = {one.id for one in scenario.visits if one.client in self.clients}
            self.counts[Mended.VISITS] += len(lost)
            lost |= self.visits
            update["visits"] = tuple(self._visit(one) for one in kept)
            couplings = tuple(
                one for one in scenario.couplings if lost.isdisjoint((one.first, one.second))
            )
            update["couplings"] = couplings
            self.counts[Mended.COUPLINGS] += len(scenario.couplings) - len(couplings)
            pins = tuple(one for one in scenario.pins if one.visit not in lost)
            update["pins"] = tuple(
                one.model_copy(update={"caregivers": self._free(one)}) for one in pins
            )
            history = tuple(
                one
                for one in scenario.history
                if one.client not in self.clients and one.caregiver not in self.caregivers
            )
            self.counts[Mended.HISTORY] += len(scenario.history) - len(history)
            update["history"] = history
            update["series"] = tuple(
                one for one in scenario.series if one.client not in self.clients
            )
            update["care_plans"] = tuple(
                one for one in scenario.care_plans if one.client not in self.clients
            )
        return scenario.model_copy(update=update) if update else scenario

    def sentences(self) -> Iterator[Sentence]:
        """Yield a sentence for each kind of reference that was mended."""
        for kind in Mended:
            if self.counts[kind]:
                yield say(f"repair.{kind.value}", count=self.counts[kind])

    def _contracts(self, contracts: Sequence[Contract]) -> tuple[Contract, ...]:
        kept = tuple(one for one in contracts if one.organisation not in self.bodies)
        self.counts[Mended.CONTRACTS] += len(contracts) - len(kept)
        return kept

    def _client(self, client: Client) -> Client:
        update: dict[str, object] = {}
        if client.organisation in self.bodies:
            self.counts[Mended.CHOSEN] += 1
            update["organisation"] = None
        choices = tuple(
            one for one in client.service_choices if one.organisation not in self.bodies
        )
        if len(choices) < len(client.service_choices):
            self.counts[Mended.CHOSEN] += client.organisation not in self.bodies
            update["service_choices"] = choices
        for kind, named in ((Mended.PREFERRED, client.preferred), (Mended.REFUSED, client.refused)):
            if not self.caregivers.isdisjoint(named):
                self.counts[kind] += 1
                update[kind.value] = _without(named, self.caregivers)
        if client.responsible is not None and client.responsible.caregiver in self.caregivers:
            self.counts[Mended.RESPONSIBLE] += 1
            update["responsible"] = None
        return client.model_copy(update=update) if update else client

    def _visit(self, visit: Visit) -> Visit:
        if visit.pin is None or self.caregivers.isdisjoint(visit.pin.caregivers):
            return visit
        pin = visit.pin.model_copy(update={"caregivers": self._free(visit.pin)})
        return visit.model_copy(update={"pin": pin})

    def _free(self, pin: Pin) -> tuple[str | None, ...]:
        """Return the caregivers of a pin; whoever is gone leaves the carer free."""
        if self.caregivers.isdisjoint(pin.caregivers):
            return pin.caregivers
        self.counts[Mended.PINS] += 1
        return tuple(None if one in self.caregivers else one for one in pin.caregivers)


def _without(named: Sequence[str], gone: AbstractSet[str]) -> tuple[str, ...]:
    return tuple(one for one in named if one not in gone)
