"""What visits ask for, set against what caregiver-days can give: the record of a proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from optimizer.certificate.certificate import (
    Certificate,
    Interval,
    PersonAmount,
    ShiftAmount,
    VisitAmount,
    least_of,
)
from optimizer.certificate.form import Form
from optimizer.certificate.relaxation import Relaxation


@dataclass(frozen=True, slots=True)
class Balance:
    """What some visits ask for, set against what each caregiver-day can give.

    Attributes
    ----------
    stops
        Counted stops per position of a visit.
    amounts
        What each visit asks for.
    given
        What caregiver-days can give at most; those that give nothing may be missing.
    people
        What caregivers can give over all their days, by id, where that is what counts.
    """

    stops: Mapping[int, tuple[int, ...]]
    amounts: Mapping[int, int]
    given: Mapping[int, int]
    people: Mapping[str, int] | None = None

    @property
    def missing(self) -> int:
        """What visits left out have to make up for; negative if there is enough."""
        given = self.given if self.people is None else self.people
        return sum(self.amounts.values()) - sum(given.values())

    def least(self, relaxation: Relaxation) -> int:
        """Return how many visits must stay unserved."""
        pairs = ((self.amounts[v], relaxation.prices[v]) for v in self.amounts)
        return least_of(pairs, max(0, self.missing)).visits


def certificate_of(
    relaxation: Relaxation,
    form: Form,
    balance: Balance,
    *,
    interval: Interval | None = None,
    scale: int = 1,
) -> Certificate:
    """Return the record of a proof.

    Parameters
    ----------
    relaxation
        The scenario.
    form
        What the amounts count.
    balance
        At least one visit.
    interval, scale
        As in `Certificate`.
    """
    chosen = [visit for visit, amount in sorted(balance.amounts.items()) if amount > 0]
    pairs = [(balance.amounts[visit], relaxation.prices[visit]) for visit in chosen]
    least = least_of(pairs, max(0, balance.missing))
    ids = relaxation.visit_ids
    return Certificate(
        form=form,
        least_unserved=least.visits,
        least_weight=least.weight,
        visits=tuple(
            VisitAmount(
                visit=ids[visit],
                carers=tuple(int(relaxation.carer_of[stop]) for stop in balance.stops[visit]),
                amount=balance.amounts[visit],
            )
            for visit in chosen
        ),
        caregivers=tuple(_shifts(relaxation, balance.given)),
        people=tuple(
            PersonAmount(caregiver=person, amount=amount)
            for person, amount in (balance.people or {}).items()
            if amount > 0
        ),
        interval=interval,
        scale=scale,
    )


def _shifts(relaxation: Relaxation, given: Mapping[int, int]) -> Iterator[ShiftAmount]:
    for number, amount in sorted(given.items()):
        if amount > 0:
            day = relaxation.days[number]
            yield ShiftAmount(
                caregiver=day.caregiver, date=day.date, shift=day.shift, amount=amount
            )


def stops_of(relaxation: Relaxation, visits: Sequence[VisitAmount]) -> dict[int, tuple[int, ...]]:
    """Return the counted stops of the visits of a certificate, by the visits' positions.

    Raises
    ------
    KeyError
        If the scenario does not have such a visit or carer.
    """
    position = {visit: number for number, visit in enumerate(relaxation.visit_ids)}
    stop_of = {
        (int(visit), int(carer)): stop
        for stop, (visit, carer) in enumerate(
            zip(relaxation.visit_of, relaxation.carer_of, strict=True)
        )
    }
    return {
        position[one.visit]: tuple(stop_of[position[one.visit], carer] for carer in one.carers)
        for one in visits
    }
