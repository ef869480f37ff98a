"""What decides who may be a visit's carer: equal conditions, equal reasons against."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from optimizer.domain.client import Gender
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.visit import Requirement, Visit
from optimizer.matching.contracts import chosen_organisation
from optimizer.matching.reasons import admits_volunteers


class Conditions(NamedTuple):
    """All that `reasons_against` asks of a visit's carer; large days have few different ones.

    Attributes
    ----------
    qualifications
        What the carer must hold.
    gender
        What the client insists on, if on anything.
    volunteers
        Whether the carer may be a volunteer.
    organisation, town, services
        What decides which contract covers the visit.
    refused
        Ids of the caregivers whom the client has refused.
    dates
        Days that the visit lists; none means any day.
    pinned_date, pinned_caregiver
        What a planner has fixed.
    """

    qualifications: frozenset[Requirement]
    gender: Gender | None
    volunteers: bool
    organisation: str | None
    town: str | None
    services: frozenset[str]
    refused: frozenset[str]
    dates: tuple[date, ...]
    pinned_date: date | None
    pinned_caregiver: str | None


def conditions(index: ScenarioIndex, visit: Visit, carer: int) -> Conditions:
    """Return the conditions for a visit's carer, counted from 1."""
    client = index.client[visit.client]
    wish, pin = client.gender_wish, visit.pin
    pinned = () if pin is None else pin.caregivers[carer - 1 : carer]
    return Conditions(
        qualifications=frozenset(visit.carers[carer - 1].qualifications),
        gender=wish.gender if wish is not None and wish.hard else None,
        volunteers=admits_volunteers(client, visit, carer),
        organisation=chosen_organisation(client, visit),
        town=client.town,
        services=frozenset(visit.services),
        refused=frozenset(client.refused),
        dates=visit.dates,
        pinned_date=None if pin is None else pin.date,
        pinned_caregiver=pinned[0] if pinned else None,
    )
