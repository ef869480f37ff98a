"""Certificates made from visits and what they ask for: what shifts can give is worked out here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from optimizer.coverage.certificate import (
    Certificate,
    Interval,
    ShiftAmount,
    VisitAmount,
    least_of,
)
from optimizer.coverage.form import Form
from optimizer.coverage.outline import Outline


@dataclass(frozen=True, slots=True)
class Members:
    """Some visits with their counted stops and amounts, and what each duty can give.

    Attributes
    ----------
    stops
        Counted stops per position of a visit.
    amounts
        What each visit asks for.
    given
        What duties can give at most; those that give nothing may be missing.
    """

    stops: Mapping[int, tuple[int, ...]]
    amounts: Mapping[int, int]
    given: Mapping[int, int]

    @property
    def missing(self) -> int:
        """What visits left out have to make up for; negative if there is enough."""
        return sum(self.amounts.values()) - sum(self.given.values())

    def least(self, outline: Outline) -> int:
        """Return how many visits must stay unserved."""
        pairs = ((self.amounts[v], outline.prices[v]) for v in self.amounts)
        return least_of(pairs, max(0, self.missing)).visits


def certificate_of(
    outline: Outline,
    form: Form,
    members: Members,
    *,
    interval: Interval | None = None,
    scale: int = 1,
) -> Certificate:
    """Return the record of a proof.

    Parameters
    ----------
    outline
        The scenario.
    form
        What the amounts count.
    members
        At least one visit.
    interval, scale
        As in `Certificate`.
    """
    chosen = [visit for visit, amount in sorted(members.amounts.items()) if amount > 0]
    pairs = [(members.amounts[visit], outline.prices[visit]) for visit in chosen]
    least = least_of(pairs, max(0, members.missing))
    ids = outline.visit_ids
    return Certificate(
        form=form,
        least_unserved=least.visits,
        least_weight=least.weight,
        visits=tuple(
            VisitAmount(
                visit=ids[visit],
                carers=tuple(int(outline.carer_of[stop]) for stop in members.stops[visit]),
                amount=members.amounts[visit],
            )
            for visit in chosen
        ),
        caregivers=tuple(_shifts(outline, members.given)),
        interval=interval,
        scale=scale,
    )


def _shifts(outline: Outline, given: Mapping[int, int]) -> Iterator[ShiftAmount]:
    for number, amount in sorted(given.items()):
        if amount > 0:
            duty = outline.duties[number]
            yield ShiftAmount(
                caregiver=duty.caregiver, date=duty.date, shift=duty.shift, amount=amount
            )


def stops_of(outline: Outline, visits: Sequence[VisitAmount]) -> dict[int, tuple[int, ...]]:
    """Return the counted stops of the visits of a certificate, by the visits' positions.

    Raises
    ------
    KeyError
        If the scenario does not have such a visit or carer.
    """
    position = {visit: number for number, visit in enumerate(outline.visit_ids)}
    stop_of = {
        (int(visit), int(carer)): stop
        for stop, (visit, carer) in enumerate(zip(outline.visit_of, outline.carer_of, strict=True))
    }
    return {
        position[one.visit]: tuple(stop_of[position[one.visit], carer] for carer in one.carers)
        for one in visits
    }
