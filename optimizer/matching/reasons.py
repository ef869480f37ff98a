"""Why a caregiver may not visit: every reason, for one visit, carer, caregiver and day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.client import Client, Flag
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.visit import Requirement, Visit
from optimizer.matching.contracts import (
    belongs,
    chosen_organisation,
    covering_contracts,
    serves_beside,
)


class Reason(StrEnum):
    """Reasons against a caregiver at a visit on a day."""

    NOT_QUALIFIED = "not_qualified"
    EXPIRED = "expired"
    REFUSED = "refused"
    GENDER = "gender"
    VOLUNTEER = "volunteer"
    ORGANISATION = "organisation"
    CONTRACT = "contract"
    NOT_ON_THIS_DAY = "not_on_this_day"
    PINNED_ELSEWHERE = "pinned_elsewhere"


def reasons_against(
    index: ScenarioIndex, visit: Visit, carer: int, caregiver: Caregiver, day: date
) -> tuple[Reason, ...]:
    """Return why a caregiver may not be a visit's carer on a day; nothing if allowed.

    Windows, travel, working time, other stops and the infection order are not asked.

    Parameters
    ----------
    carer
        Which of the visit's carers, from 1.

    Returns
    -------
    tuple of Reason
        Each reason at most once, in the order of the enum.

    Raises
    ------
    IndexError
        If the visit has no such carer.
    """
    if not 1 <= carer <= len(visit.carers):
        raise IndexError(f"visit {visit.id} has no carer {carer}")
    client = index.client[visit.client]
    return (
        *skill_reasons(visit.carers[carer - 1].qualifications, caregiver, day),
        *_unwelcome(client, caregiver),
        *_unsafe(client, visit, carer, caregiver),
        *_uncovered(index, visit, caregiver, day),
        *_elsewhere(index, visit, carer, caregiver, day),
    )


def skill_reasons(
    requirements: tuple[Requirement, ...], caregiver: Caregiver, day: date
) -> Iterator[Reason]:
    """Yield the reasons that lie in a caregiver's qualifications; none if all are held."""
    held = [_best_expiry(requirement, caregiver) for requirement in requirements]
    if None in held:
        yield Reason.NOT_QUALIFIED
    if any(expires is not None and expires < day for expires in held):
        yield Reason.EXPIRED


def _best_expiry(requirement: Requirement, caregiver: Caregiver) -> date | None:
    """Return the last day on which a requirement is met; None if it never is."""
    return max(
        (
            held.expires or date.max
            for held in caregiver.qualifications
            if held.code == requirement.code and held.level >= requirement.level
        ),
        default=None,
    )


def _unwelcome(client: Client, caregiver: Caregiver) -> Iterator[Reason]:
    if caregiver.id in client.refused:
        yield Reason.REFUSED
    wish = client.gender_wish
    # A caregiver of unknown gender cannot be promised to meet what a client insists on.
    if wish is not None and wish.hard and caregiver.gender is not wish.gender:
        yield Reason.GENDER


def _unsafe(client: Client, visit: Visit, carer: int, caregiver: Caregiver) -> Iterator[Reason]:
    if caregiver.volunteer and not admits_volunteers(client, visit, carer):
        yield Reason.VOLUNTEER


def admits_volunteers(client: Client, visit: Visit, carer: int) -> bool:
    """Return whether a volunteer may be this carer of a client's visit, from 1.

    To a client with a history of aggression a volunteer goes as the second carer only,
    beside somebody who is employed and does not leave before, shortened or not.
    """
    if Flag.AGGRESSIVE not in client.flags:
        return True
    first, own = visit.carers[0], visit.carers[carer - 1]
    stays = first.minutes if first.shortest is None else first.shortest
    return carer > 1 and own.minutes <= stays


def _uncovered(
    index: ScenarioIndex, visit: Visit, caregiver: Caregiver, day: date
) -> Iterator[Reason]:
    chosen = chosen_organisation(index.client[visit.client], visit)
    if not belongs(index, chosen, caregiver.organisation):
        yield Reason.ORGANISATION
    is_bought = bool(index.scenario.contracts) and not serves_beside(caregiver)
    if is_bought and not covering_contracts(index, visit, caregiver, day):
        yield Reason.CONTRACT


def _elsewhere(
    index: ScenarioIndex, visit: Visit, carer: int, caregiver: Caregiver, day: date
) -> Iterator[Reason]:
    possible = day in index.dates and (not visit.dates or day in visit.dates)
    if not possible or not index.shifts_on(caregiver.id, day):
        yield Reason.NOT_ON_THIS_DAY
    if visit.pin is not None:
        fixed = visit.pin.caregivers[carer - 1 : carer]
        is_other = any(pinned is not None and pinned != caregiver.id for pinned in fixed)
        if is_other or visit.pin.date not in (None, day):
            yield Reason.PINNED_ELSEWHERE
