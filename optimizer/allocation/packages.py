"""The care of one client within one lot: what is allocated as a whole."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from optimizer.domain.allocation import Lot
from optimizer.domain.client import Client
from optimizer.domain.contract import Contract
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.policy import Priority
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit

Queue = tuple[str, str | None]
"A lot and a town: clients of one queue are rotated among the same organisations."

WHOLE = Lot(id="all")
"The lot of a district that tenders everything as one."


@dataclass(frozen=True, slots=True)
class Package:
    """What one client needs of one lot within the horizon.

    Attributes
    ----------
    client
        Who is cared for.
    lot
        None for visits that no lot covers.
    visits
        In file order; never empty.
    days
        The first day on which each visit may take place: that of its contract.
    """

    client: Client
    lot: Lot | None
    visits: tuple[Visit, ...]
    days: tuple[dt.date, ...]

    @property
    def queue(self) -> Queue:
        """The queue it is rotated in."""
        return ("" if self.lot is None else self.lot.id), self.client.town

    @property
    def care(self) -> int:
        """Milliseconds of care, of all carers."""
        return sum(carer.minutes for visit in self.visits for carer in visit.carers)

    @property
    def is_critical(self) -> bool:
        """Whether a visit of it is critical."""
        return any(visit.priority is Priority.CRITICAL for visit in self.visits)

    def covering(
        self, contracts: Sequence[Contract], organisation: str
    ) -> tuple[tuple[Contract, ...], ...]:
        """Return for each visit which of an organisation's contracts cover it, in file order."""
        own = [
            contract
            for contract in contracts
            if contract.organisation == organisation
            and (not contract.towns or self.client.town in contract.towns)
        ]
        return tuple(
            tuple(
                contract
                for contract in own
                if contract.start <= day <= contract.end
                and (not contract.services or set(visit.services) <= set(contract.services))
            )
            for visit, day in zip(self.visits, self.days, strict=True)
        )


def packages_of(index: ScenarioIndex, lots: Sequence[Lot]) -> tuple[Package, ...]:
    """Return the packages of a scenario, clients and lots in file order.

    Parameters
    ----------
    index
        A scenario with its visits; clients without any have no package.
    lots
        None listed means one lot of everything.
    """
    of_client: dict[str, list[Visit]] = defaultdict(list)
    for visit in index.scenario.visits:
        of_client[visit.client].append(visit)
    return tuple(
        package
        for client in index.scenario.clients
        for package in _of_client(index, client, of_client[client.id], tuple(lots) or (WHOLE,))
    )


def _of_client(
    index: ScenarioIndex, client: Client, visits: Iterable[Visit], lots: Sequence[Lot]
) -> Iterator[Package]:
    by_lot: dict[int, list[Visit]] = defaultdict(list)
    for visit in visits:
        fitting = (n for n, lot in enumerate(lots) if covers(lot, client, visit))
        by_lot[next(fitting, len(lots))].append(visit)
    for number in sorted(by_lot):
        lot = lots[number] if number < len(lots) else None
        chosen = tuple(by_lot[number])
        start = index.scenario.horizon.start
        days = tuple(next(iter(index.allowed_dates(visit)), start) for visit in chosen)
        yield Package(client, lot, chosen, days)


def covers(lot: Lot, client: Client, visit: Visit) -> bool:
    """Return whether a visit belongs to a lot: its client's town and all its services do."""
    return (not lot.towns or client.town in lot.towns) and (
        not lot.services or set(visit.services) <= set(lot.services)
    )


def without_visits(scenario: Scenario) -> tuple[str, ...]:
    """Return the clients of whom nothing is allocated, since they have no visit, in file order."""
    visited = {visit.client for visit in scenario.visits}
    return tuple(client.id for client in scenario.clients if client.id not in visited)
