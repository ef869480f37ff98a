"""Who comes first where money is short: an order that can be read off what is known of people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from optimizer.allocation.draw import drawn_order
from optimizer.domain.client import Client, Flag
from optimizer.domain.eligibility import Application
from optimizer.domain.office import Office
from optimizer.domain.policy import Priority
from optimizer.domain.visit import Visit
from optimizer.needs import ClientNeeds
from optimizer.purchase.eligibility import Eligibility

MONTHS_PER_TIER = 3
"So many months of waiting lift somebody by one need tier, so that nobody waits for ever."
HIGHEST_TIER = 4
UNSAFE = "unsafe_at_home"
"The alert of somebody who is not safe at home with visits alone."
ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Urgency:
    """What decides a place on the waiting list, in the order in which it is asked.

    Attributes
    ----------
    is_urgent
        Whether some of the care is critical, or the client lives alone and is not safe at home.
    tier
        Need tier, raised by months of waiting; at most 4.
    is_alone
        Whether the client lives alone.
    rank
        Of the category; the smaller first.
    months
        Whole months waited.
    applied_on
        Day of the application; the earlier first.
    drawn
        Place in the public draw.
    """

    is_urgent: bool
    tier: int
    is_alone: bool
    rank: int
    months: int
    applied_on: dt.date
    drawn: int

    def key(self, *, with_rank: bool = True) -> tuple[bool, int, bool, int, dt.date, int]:
        """Return what people are sorted by, the first first.

        Parameters
        ----------
        with_rank
            Whether the category counts; without it one sees what its rank costs whom.
        """
        return (
            not self.is_urgent,
            -self.tier,
            not self.is_alone,
            self.rank if with_rank else 0,
            self.applied_on,
            self.drawn,
        )


def months_between(earlier: dt.date, later: dt.date) -> int:
    """Return the whole months from one day to another; 0 if that is not later."""
    months = 12 * (later.year - earlier.year) + later.month - earlier.month
    return max(0, months - (later.day < earlier.day))


def urgencies(
    clients: Iterable[Client],
    found: Mapping[str, Eligibility],
    needs: Mapping[str, ClientNeeds],
    ready: Mapping[str, list[Visit]],
    office: Office,
    day: dt.date,
) -> dict[str, Urgency]:
    """Return what decides the places of those who are eligible.

    Parameters
    ----------
    clients
        As records and care plans describe them.
    found, needs, ready
        What is known of them, by id.
    office
        Applications and draw.
    day
        The first day planned; waiting is counted up to it.
    """
    applied = {one.client: one for one in office.applications}
    eligible = [one for one in clients if found[one.id].category is not None]
    order = drawn_order(office.draw or "", ("waiting", None), office.id, (c.id for c in eligible))
    drawn = {client: place for place, client in enumerate(order)}
    return {
        client.id: _urgency(
            client,
            found[client.id],
            needs.get(client.id),
            ready.get(client.id, []),
            applied.get(client.id),
            day,
            drawn[client.id],
        )
        for client in eligible
    }


def _urgency(
    client: Client,
    found: Eligibility,
    needs: ClientNeeds | None,
    ready: Iterable[Visit],
    applied: Application | None,
    day: dt.date,
    drawn: int,
) -> Urgency:
    is_alone = client.living == ALONE or Flag.ALONE in client.flags
    is_critical = any(visit.priority is Priority.CRITICAL for visit in ready)
    alerts: set[str] = set()
    if needs is not None:
        demands = needs.requirements.demands
        is_critical |= any(one.most_urgent is Priority.CRITICAL for one in demands)
        alerts = {code for code, _ in needs.requirements.alerts}
    # Whoever has not applied was recorded before anybody who has.
    applied_on = dt.date.min if applied is None else applied.applied_on
    months = 0 if applied is None else months_between(applied.applied_on, day)
    return Urgency(
        is_urgent=is_critical or (is_alone and UNSAFE in alerts),
        tier=min(HIGHEST_TIER, (client.need_tier or 0) + months // MONTHS_PER_TIER),
        is_alone=is_alone,
        rank=99 if found.category is None else found.category.rank,
        months=months,
        applied_on=applied_on,
        drawn=drawn,
    )
