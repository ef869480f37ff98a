"""Which contracts may pay for a stop, and whether its caregiver is lent."""

from __future__ import annotations

from datetime import date

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.client import Client
from optimizer.domain.contract import Contract
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.visit import Visit


def chosen_organisation(client: Client, visit: Visit) -> str | None:
    """Return the organisation a client has chosen for a visit: for its services, else for all."""
    for choice in client.service_choices:
        if visit.services and set(visit.services) <= set(choice.services):
            return choice.organisation
    return client.organisation


def covering_contracts(
    index: ScenarioIndex, visit: Visit, caregiver: Caregiver, day: date
) -> tuple[Contract, ...]:
    """Return the contracts that a stop may be charged to, in file order.

    The client's chosen organisation is responsible, else the caregiver's. Those of its
    contracts cover the stop that include the client's town, all of the visit's services and
    the day. What a volunteer of no organisation gives is charged to none.
    """
    client = index.client[visit.client]
    responsible = chosen_organisation(client, visit) or caregiver.organisation
    if responsible is None or serves_beside(caregiver):
        return ()
    return tuple(
        contract
        for contract in index.contracts_of.get(responsible, ())
        if contract.start <= day <= contract.end and _covers(contract, client, visit)
    )


def _covers(contract: Contract, client: Client, visit: Visit) -> bool:
    in_town = not contract.towns or client.town in contract.towns
    return in_town and (
        not contract.services or all(service in contract.services for service in visit.services)
    )


def serves_beside(caregiver: Caregiver) -> bool:
    """Return whether a caregiver needs no contract: a volunteer of no organisation."""
    return caregiver.volunteer and caregiver.organisation is None


def is_lent(index: ScenarioIndex, visit: Visit, caregiver: Caregiver) -> bool:
    """Return whether the client has chosen another organisation than the caregiver's.

    A caregiver of no organisation is lent by nobody.
    """
    chosen = chosen_organisation(index.client[visit.client], visit)
    own = caregiver.organisation
    return chosen is not None and own is not None and own != chosen


def belongs(index: ScenarioIndex, chosen: str | None, own: str | None) -> bool:
    """Return whether staff of an organisation may serve clients who have chosen another.

    Parameters
    ----------
    chosen
        The client's chosen organisation, None for a client without a choice.
    own
        The caregiver's organisation, if any.
    """
    if chosen is None or own == chosen:
        return True
    employer = None if own is None else index.organisation.get(own)
    return employer is not None and employer.lending is not None
