"""What care costs: by contract, and what a client's care of four weeks comes to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from optimizer.domain.client import Client
from optimizer.domain.contract import Contract
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.tariff import FREE, Tariff, hourly_price, tariff_of
from optimizer.domain.visit import Visit
from optimizer.needs import ClientNeeds

DAYS = 28
"Days of four weeks, in which every need comes round."


@dataclass(frozen=True, slots=True)
class Cost:
    """What a client's care costs in four weeks: fen, and visits."""

    fen: int = 0
    visits: int = 0


def contract_of(
    index: ScenarioIndex, client: Client, services: Iterable[str], day: dt.date
) -> Contract | None:
    """Return the first contract that covers services in a client's town on a day; None if none."""
    asked = set(services)
    return next(
        (
            contract
            for contract in index.scenario.contracts
            if contract.start <= day <= contract.end
            and (not contract.towns or client.town in contract.towns)
            and (not contract.services or asked <= set(contract.services))
        ),
        None,
    )


def visit_tariff(index: ScenarioIndex, client: Client, visit: Visit, day: dt.date) -> Tariff:
    """Return what a visit costs by the first contract that covers it on a day, free if none does.

    Its rate holds for the care of all its carers.
    """
    contract = contract_of(index, client, visit.services, day)
    return FREE if contract is None else tariff_of(contract, client, visit, 1, day)


def service_tariff(index: ScenarioIndex, client: Client, service: str) -> Tariff:
    """Return what a service costs that has become no visit, at a time without surcharges."""
    contract = contract_of(index, client, (service,), index.dates[0])
    return FREE if contract is None else Tariff(0, 100 * hourly_price(contract, (service,)))


def four_weeks(
    index: ScenarioIndex,
    client: Client,
    payer: str,
    needs: ClientNeeds | None,
    ready: Iterable[Visit],
) -> Cost:
    """Return what four weeks of a client's care cost one payer.

    What follows from a record costs what the payer's price book says; ready visits cost the price
    of the first contract that covers them, and go on as on the days planned.

    Parameters
    ----------
    index
        The scenario.
    client, payer
        Whose care, and who pays.
    needs
        What follows from the client's record; None without one.
    ready
        The client's ready visits.
    """
    charge = None if needs is None else needs.charged.get(payer)
    fen, visits = (0, 0) if charge is None else (charge.fen, charge.visits)
    start, days = index.dates[0], len(index.dates)
    own = [visit for visit in ready if visit.payer == payer]
    for visit in own:
        price = visit_tariff(index, client, visit, start)
        care = sum(carer.minutes for carer in visit.carers)
        fen += price.exactly(care) * DAYS // days
    return Cost(fen, visits + len(own) * DAYS // days)
