"""Offers to organisations: when each is due, and what has come of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from optimizer.allocation.packages import Package
from optimizer.domain.allocation import Answer, Offer, OfferOutcome, Offers
from optimizer.units import MS_PER_MINUTE

_SATURDAY = 5


def is_working(day: dt.date, offers: Offers) -> bool:
    """Return whether people work on a day."""
    if day.weekday() >= _SATURDAY:
        return day in offers.working_weekends
    return day not in offers.holidays


def due(start: dt.datetime, minutes: int, offers: Offers) -> dt.datetime:
    """Return when so much working time has passed; whole minutes.

    Parameters
    ----------
    start
        When the offer is made; outside of working time it counts from the next opening.
    minutes
        Working time, above 0.
    offers
        Hours and days on which people work.

    Raises
    ------
    ValueError
        If there are no working hours.
    """
    if offers.closes <= offers.opens:
        raise ValueError("working hours end before they begin")
    left = minutes
    day = start.date()
    while True:
        if is_working(day, offers):
            opens = max(start, _at(day, offers.opens))
            closes = _at(day, offers.closes)
            free = int((closes - opens).total_seconds() // 60)
            if free >= left:
                return opens + dt.timedelta(minutes=left)
            left -= max(0, free)
        day += dt.timedelta(days=1)


def _at(day: dt.date, clock: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=clock // MS_PER_MINUTE)


@dataclass
class Asking:
    """The offers of one package, one after the other.

    Attributes
    ----------
    offers, package
        How is asked, and about what.
    at
        When the next offer is made.
    made
        Offers so far.
    """

    offers: Offers
    package: Package
    answers: Mapping[str, Answer]
    at: dt.datetime
    made: list[Offer] = field(default_factory=list)

    @classmethod
    def about(cls, package: Package, offers: Offers) -> Asking:
        """Begin to ask about a package; answers with a good reason were given before others."""
        answers = {
            one.organisation: one for one in offers.answers if is_about(one, package)
        }  # fmt: skip
        return cls(offers, package, answers, offers.first)

    def ask(self, organisation: str) -> OfferOutcome:
        """Make an offer; return what has come of it until all that is known."""
        minutes = (
            self.offers.critical_minutes
            if self.package.is_critical
            else self.offers.usual_minutes
        )  # fmt: skip
        ends = due(self.at, minutes, self.offers)
        answer = self.answers.get(organisation)
        if answer is not None and self.at <= answer.at <= min(ends, self.offers.known_until):
            outcome = OfferOutcome.ACCEPTED if answer.accepts else OfferOutcome.DECLINED
            ends_at = answer.at
        elif ends <= self.offers.known_until:
            outcome, ends_at = OfferOutcome.SILENT, ends
        else:
            outcome, ends_at = OfferOutcome.OPEN, ends
        self.made.append(
            Offer(organisation=organisation, made=self.at, due=ends, outcome=outcome)
        )  # fmt: skip
        self.at = ends_at
        return outcome


def is_about(answer: Answer, package: Package) -> bool:
    """Return whether an answer is about a package."""
    lot = None if package.lot is None else package.lot.id
    return answer.client == package.client.id and answer.lot in (None, lot)


def grounded(answers: Iterable[Answer], organisation: str, package: Package) -> bool:
    """Return whether an organisation declines a package with a good reason."""
    return any(
        one.organisation == organisation
        and not one.accepts
        and one.ground is not None
        and is_about(one, package)
        for one in answers
    )
