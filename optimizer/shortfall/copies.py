"""Clients and caregivers who resemble one there is: new ones of whom no record is known yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from optimizer.domain.client import Client
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Coupling, Visit


@dataclass(frozen=True, slots=True)
class CareOf:
    """What is asked for by one client.

    Attributes
    ----------
    client
        The client.
    visits, couplings
        Visits of the horizon, and the ties between them.
    """

    client: Client
    visits: tuple[Visit, ...] = ()
    couplings: tuple[Coupling, ...] = ()

    def copied(self, new: str, like: Client) -> CareOf:
        """Return the same care for somebody new, who lives where `like` lives.

        Nobody knows yet whom they would like to see or refuse, and nothing is fixed by hand.
        """
        client = self.client.model_copy(
            update={
                "id": new,
                "home": like.home,
                "town": like.town,
                "preferred": (),
                "refused": (),
                "responsible": None,
            }
        )
        return CareOf(client, *self.renamed(new))

    def renamed(self, new: str) -> tuple[tuple[Visit, ...], tuple[Coupling, ...]]:
        """Return the visits and ties under ids of somebody else."""
        names = {visit.id: f"{new}-{visit.id}" for visit in self.visits}
        visits = tuple(
            visit.model_copy(
                update={
                    "id": names[visit.id],
                    "client": new,
                    "series": None if visit.series is None else f"{new}-{visit.series}",
                    "pin": None,
                }
            )
            for visit in self.visits
        )
        ties = tuple(
            tie.model_copy(update={"first": names[tie.first], "second": names[tie.second]})
            for tie in self.couplings
        )
        return visits, ties


def care_by_client(scenario: Scenario) -> dict[str, CareOf]:
    """Return what each client of a scenario asks for, in file order."""
    visits: dict[str, list[Visit]] = defaultdict(list)
    client_of: dict[str, str] = {}
    for visit in scenario.visits:
        visits[visit.client].append(visit)
        client_of[visit.id] = visit.client
    ties: dict[str, list[Coupling]] = defaultdict(list)
    for tie in scenario.couplings:
        ties[client_of[tie.first]].append(tie)
    return {
        client.id: CareOf(client, tuple(visits[client.id]), tuple(ties[client.id]))
        for client in scenario.clients
    }


def by_town(clients: Iterable[Client]) -> Mapping[str | None, tuple[Client, ...]]:
    """Return clients by town, in order."""
    found: dict[str | None, list[Client]] = defaultdict(list)
    for client in clients:
        found[client.town].append(client)
    return {town: tuple(ones) for town, ones in found.items()}


def with_care(scenario: Scenario, care: Iterable[CareOf]) -> Scenario:
    """Return a scenario whose clients, visits and ties are those given."""
    listed = tuple(care)
    here = {one.client.id for one in listed}
    return scenario.model_copy(
        update={
            "history": tuple(one for one in scenario.history if one.client in here),
            "clients": tuple(one.client for one in listed),
            "visits": tuple(visit for one in listed for visit in one.visits),
            "couplings": tuple(tie for one in listed for tie in one.couplings),
        }
    )
