"""What care costs: by contract, and what a client's care of four weeks comes to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from optimizer.domain.client import Client
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.visit import Visit
from optimizer.needs import ClientNeeds
from optimizer.units import MS_PER_MINUTE

DAYS = 28
"Days of four weeks, in which every need comes round."


@dataclass(frozen=True, slots=True)
class Cost:
    """What a client's care costs in four weeks: fen, and visits."""

    fen: int = 0
    visits: int = 0


def price_of(index: ScenarioIndex, client: Client, services: Iterable[str], day: dt.date) -> int:
    """Return fen per hour of the first contract that covers services in a client's town on a day.

    0 if none does.
    """
    asked = set(services)
    return next(
        (
            contract.fen_per_hour
            for contract in index.scenario.contracts
            if contract.start <= day <= contract.end
            and (not contract.towns or client.town in contract.towns)
            and (not contract.services or asked <= set(contract.services))
        ),
        0,
    )


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
        price = price_of(index, client, visit.services, start)
        care = sum(carer.minutes for carer in visit.carers)
        fen += price * care * DAYS // (60 * MS_PER_MINUTE * days)
    return Cost(fen, visits + len(own) * DAYS // days)
