"""Edits of money: wages, what clients are granted, what an hour of care costs."""

from __future__ import annotations

import math

from optimizer.domain.client import Client, Entitlement
from optimizer.domain.contract import Contract
from optimizer.domain.edit import MoreEntitlement, Price, Wage
from optimizer.domain.scenario import Scenario
from optimizer.shortfall.edits.lot import Lot
from optimizer.shortfall.edits.meant import caregivers_meant, clients_meant


def wage(scenario: Scenario, edit: Wage, lot: Lot) -> Scenario:  # noqa: ARG001 (as all)
    """Change the wages of the caregivers meant, by the minute and of overtime."""
    meant = {one.id for one in caregivers_meant(scenario, edit.of)}
    factor = 1 + edit.percent / 100
    people = tuple(
        one
        if one.id not in meant
        else one.model_copy(
            update={
                "fen_per_minute": round(one.fen_per_minute * factor),
                "fen_per_overtime_minute": round(one.fen_per_overtime_minute * factor),
            }
        )
        for one in scenario.caregivers
    )
    return scenario.model_copy(update={"caregivers": people})


def entitlement(scenario: Scenario, edit: MoreEntitlement, lot: Lot) -> Scenario:  # noqa: ARG001 (as all)
    """Raise or lower what a payer grants the clients meant."""
    meant = {one.id for one in clients_meant(scenario, edit.of)}
    factor = 1 + edit.percent / 100
    clients = tuple(
        _granted(one, edit.payer, factor) if one.id in meant else one for one in scenario.clients
    )
    return scenario.model_copy(update={"clients": clients})


def price(scenario: Scenario, edit: Price, lot: Lot) -> Scenario:  # noqa: ARG001 (as all)
    """Change what an hour of care costs while the money stays.

    A purse buys so much less care, in whatever it is counted; where all payers are meant, the
    prices of the contracts change with it, so that a cap in money holds as many hours less.
    """
    factor = 1 + edit.percent / 100
    clients = tuple(_granted(one, edit.payer, 1 / factor) for one in scenario.clients)
    update: dict[str, object] = {"clients": clients}
    if edit.payer is None:
        update["contracts"] = tuple(_dearer(one, factor) for one in scenario.contracts)
    return scenario.model_copy(update=update)


def _dearer(contract: Contract, factor: float) -> Contract:
    """Return a contract all of whose prices have changed; per cent stay what they are."""
    prices = tuple(
        one.model_copy(
            update={
                "fen_per_hour": round(one.fen_per_hour * factor),
                "fen_per_time": round(one.fen_per_time * factor),
            }
        )
        for one in contract.prices
    )
    surcharges = tuple(
        one.model_copy(update={"fen_per_visit": round(one.fen_per_visit * factor)})
        for one in contract.surcharges
    )
    hourly = round(contract.fen_per_hour * factor)
    return contract.model_copy(
        update={"fen_per_hour": hourly, "prices": prices, "surcharges": surcharges}
    )


def _granted(client: Client, payer: str | None, factor: float) -> Client:
    if all(payer not in {None, one.payer} for one in client.entitlements):
        return client
    granted = tuple(
        _scaled(one, factor) if payer in {None, one.payer} else one for one in client.entitlements
    )
    return client.model_copy(update={"entitlements": granted})


def _scaled(granted: Entitlement, factor: float) -> Entitlement:
    # Nobody is granted a part of a minute or of a visit.
    return granted.model_copy(update={"cap": math.floor(granted.cap * factor + 1e-9)})
