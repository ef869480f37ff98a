"""Pieces of care: what is needed, visit by visit, and where each was lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from optimizer.domain.cascade import STAGE_OF, Loss, LossCode, Stage
from optimizer.domain.client import Client
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.tariff import Tariff
from optimizer.domain.visit import Visit
from optimizer.needs import ClientNeeds
from optimizer.purchase.admission import Admission, buys
from optimizer.purchase.eligibility import Eligibility
from optimizer.purchase.prices import service_tariff, visit_tariff
from optimizer.units import MS_PER_MINUTE

_STAGES = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Fall:
    """Care of a piece that is lost at one step.

    Attributes
    ----------
    code
        Why; it tells the step.
    care
        Milliseconds, above 0.
    """

    code: LossCode
    care: int


@dataclass(frozen=True, slots=True)
class Piece:
    """One visit, or what one client needs and nobody pays for.

    Attributes
    ----------
    client, town
        Whose it is, and where.
    visit, day
        The visit and the first day on which it may take place; None of what has become no visit.
    payer
        The purse; None where nobody in particular pays.
    category
        Code; None without one.
    organisation
        Who cares for the client, as far as it is known; None otherwise.
    care
        Milliseconds of care needed, of all carers, without arrival and notes.
    tariff
        What it costs by the first contract that covers it; nothing if none does.
    falls
        What was lost, by step; together never more than `care`.
    """

    client: str
    town: str | None
    visit: str | None
    day: dt.date | None
    payer: str | None
    category: str | None
    organisation: str | None
    care: int
    tariff: Tariff
    falls: tuple[Fall, ...] = ()

    @property
    def left(self) -> int:
        """Milliseconds of care that have not been lost so far."""
        return self.care - sum(fall.care for fall in self.falls)

    def losing(self, code: LossCode, care: int | None = None) -> Piece:
        """Return the piece after a loss; all that is left if no care is given.

        Nothing can be lost twice: what is left bounds the loss.
        """
        lost = self.left if care is None else min(care, self.left)
        return self if lost <= 0 else replace(self, falls=(*self.falls, Fall(code, lost)))

    def reaching(self, stage: Stage) -> int:
        """Return the milliseconds of care that have come as far as a step."""
        so_far = _STAGES[: _STAGES.index(stage) + 1]
        return self.care - sum(fall.care for fall in self.falls if STAGE_OF[fall.code] in so_far)

    def worth(self, care: int) -> int:
        """Return what so much of its care costs, in fen, rounded down; none of it costs nothing."""
        return self.tariff.fen(care) if care else 0


def pieces_of(admission: Admission) -> tuple[Piece, ...]:
    """Return all care that is needed, less what is lost to eligibility and money.

    Parameters
    ----------
    admission
        Who is eligible; without an office nobody is asked.
    """
    index = ScenarioIndex.of(admission.needs.scenario)
    needs_of = {one.client: one for one in admission.needs.clients}
    care_of = {visit: care for one in admission.needs.clients for visit, care in one.care.items()}
    visits: dict[str, list[Visit]] = {}
    for visit in admission.visits:
        visits.setdefault(visit.client, []).append(visit)
    return tuple(
        piece
        for client in admission.needs.scenario.clients
        for piece in _of_client(
            admission, index, client, visits.get(client.id, []), needs_of.get(client.id), care_of
        )
    )


def _of_client(
    admission: Admission,
    index: ScenarioIndex,
    client: Client,
    visits: list[Visit],
    needs: ClientNeeds | None,
    care_of: Mapping[str, int],
) -> Iterator[Piece]:
    found = admission.found.get(client.id)
    category = client.category
    if found is not None:
        category = None if found.category is None else found.category.code
    for visit in visits:
        days = index.allowed_dates(visit)
        day = days[0] if days else index.dates[0]
        piece = Piece(
            client=client.id,
            town=client.town,
            visit=visit.id,
            day=day,
            payer=visit.payer,
            category=category,
            organisation=None,
            care=_care(visit, care_of),
            tariff=visit_tariff(index, client, visit, day),
        )
        if admission.office is None or visit.id not in admission.refused or found is None:
            yield piece
        else:
            yield piece.losing(_refusal(found, visit, days or index.dates))
    if needs is not None:
        yield from _cuts(admission, index, client, needs, category)


def _care(visit: Visit, care_of: Mapping[str, int]) -> int:
    """Return the care of a visit: its services if it follows from a record, else all of it."""
    if visit.id in care_of:
        return care_of[visit.id] * MS_PER_MINUTE
    return sum(carer.minutes for carer in visit.carers)


def _refusal(found: Eligibility, visit: Visit, days: tuple[dt.date, ...]) -> Loss:
    """Return why a visit is not bought on the first day that it could have been on."""
    if found.is_waiting and found.loss_on(days[0]) is None:
        return Loss.POOL_DRY
    unbought = [day for day in days if not buys(found, visit, day)]
    return found.loss_on(unbought[0]) or Loss.COPAY_DECLINED


def _cuts(
    admission: Admission,
    index: ScenarioIndex,
    client: Client,
    needs: ClientNeeds,
    category: str | None,
) -> Iterator[Piece]:
    """Yield what a client needs on these days and no purse pays for, by service."""
    found, office = admission.found.get(client.id), admission.office
    code, payer = Loss.ABOVE_ENTITLEMENT, None
    if found is not None and office is not None:
        payer = office.payer
        if found.category is None:
            code = Loss.NOT_ELIGIBLE
        elif found.is_waiting:
            code = Loss.POOL_DRY
        elif found.is_critical_only:
            code = Loss.COPAY_DECLINED
    for service, minutes in needs.cuts.items():
        yield Piece(
            client=client.id,
            town=client.town,
            visit=None,
            day=None,
            payer=payer,
            category=category,
            organisation=None,
            care=minutes * MS_PER_MINUTE,
            tariff=service_tariff(index, client, service),
        ).losing(code)
