"""What one period hands on to the next: who came to whom, who worked, what was done and missed."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.client import Client, Entitlement, EntitlementUnit, Period
from optimizer.domain.plan import Plan, Route
from optimizer.domain.purse import begin_of
from optimizer.domain.scenario import Familiar, Scenario
from optimizer.domain.series import Series
from optimizer.errors import UsageError
from optimizer.i18n import say
from optimizer.units import MS_PER_MINUTE
from optimizer.verification import account

_Purse = tuple[str, EntitlementUnit, Period, frozenset[str]]
"Whereby an entitlement is known again: payer, unit, period, services."

MOST_MISSED = 1_000
"Of the field `missed`."
MOST_DAYS_WORKED = 6
"Of the field `days_worked`."


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """A later scenario that knows what was before.

    Attributes
    ----------
    scenario
        The later scenario.
    caregivers
        How many of its caregivers have worked in the week in which it begins, or came home on
        the evening before.
    pairs
        How many clients and caregivers know each other.
    clients
        How many of its clients were left without a visit.
    series
        How many of its series have taken place.
    """

    scenario: Scenario
    caregivers: int
    pairs: int
    clients: int
    series: int


def carried_over(before: Scenario, plan: Plan, after: Scenario) -> CarriedOver:
    """Return a later scenario with what an earlier roster leaves behind.

    Of caregivers `days_worked` and `last_return`, of clients `missed` and what is `used` of their
    entitlements, of series `done`, and the `history`. What was known before the earlier period
    fades: visits made and missed then count half. Of the earlier roster only the days before the
    later scenario count, so both may overlap.

    Parameters
    ----------
    before, plan
        A scenario with its visits, and the roster that was made of it.
    after
        The scenario of later days, as it was given.

    Raises
    ------
    UsageError
        If it does not begin later.
    """
    first = after.horizon.start
    if first <= before.horizon.start:
        raise UsageError(
            say("usage.not_later", after=after.id, start=first, before=before.horizon.start)
        )
    past = [route for route in plan.routes if route.date < first]
    caregivers = tuple(_worked(before, past, first, one) for one in after.caregivers)
    history = tuple(_history(before, past, after))
    missed, spent = _missed(before, plan, first), _spent(before, plan, first)
    clients = tuple(_left_out(_paid(one, spent, first), missed) for one in after.clients)
    series = tuple(_done(before, past, first, one) for one in after.series)
    return CarriedOver(
        scenario=after.model_copy(
            update={
                "caregivers": caregivers,
                "clients": clients,
                "history": history,
                "series": series,
            }
        ),
        caregivers=sum(bool(one.days_worked) or one.last_return is not None for one in caregivers),
        pairs=len(history),
        clients=sum(one.missed > 0 for one in clients),
        series=sum(bool(one.done) for one in series),
    )


def _worked(before: Scenario, past: list[Route], first: dt.date, person: Caregiver) -> Caregiver:
    """Return a caregiver with the days worked in the week of a day, and the last return."""
    monday, eve = first - dt.timedelta(days=first.weekday()), first - dt.timedelta(days=1)
    own = [route for route in past if route.caregiver == person.id]
    days = len({route.date for route in own if route.date >= monday})
    if before.horizon.start > monday:
        # The earlier period began in this very week, and was told what lay before it.
        known = (one.days_worked for one in before.caregivers if one.id == person.id)
        days += next(known, person.days_worked)
    update: dict[str, object] = {"days_worked": min(days, MOST_DAYS_WORKED)}
    if eve in before.horizon.dates():
        returns = [route.back for route in own if route.date == eve]
        update["last_return"] = max(returns, default=None)
    return person.model_copy(update=update)


def _history(before: Scenario, past: list[Route], after: Scenario) -> Iterator[Familiar]:
    """Yield who knows whom: what was known before counts half, what is known for good stays."""
    of = {visit.id: visit.client for visit in before.visits}
    came: Counter[tuple[str, str]] = Counter()
    for route in past:
        seen = {of[stop.visit] for stop in route.stops if stop.visit in of}
        for client in seen:
            visits = {stop.visit for stop in route.stops if of.get(stop.visit) == client}
            came[client, route.caregiver] += len(visits)
    for_good = {
        (one.client, one.caregiver)
        for one in (*before.history, *after.history)
        if one.visits is None
    }
    for one in before.history:
        came[one.client, one.caregiver] += (one.visits or 0) // 2
    clients = {client.id: n for n, client in enumerate(after.clients)}
    people = {person.id: n for n, person in enumerate(after.caregivers)}
    for client, caregiver in sorted(
        (pair for pair in {*came, *for_good} if pair[0] in clients and pair[1] in people),
        key=lambda pair: (clients[pair[0]], people[pair[1]]),
    ):
        times = came[client, caregiver]
        if (client, caregiver) in for_good:
            yield Familiar(client=client, caregiver=caregiver)
        elif times:
            yield Familiar(client=client, caregiver=caregiver, visits=times)


def _missed(before: Scenario, plan: Plan, first: dt.date) -> Counter[str]:
    """Return the visits that each client has missed, those of earlier periods by half."""
    made = {stop.visit for route in plan.routes for stop in route.stops}
    missed = Counter({client.id: client.missed // 2 for client in before.clients})
    for visit in before.visits:
        days = visit.dates or before.horizon.dates()
        if visit.id not in made and min(days) < first:
            missed[visit.client] += 1
    return missed


def _spent(before: Scenario, plan: Plan, first: dt.date) -> Counter[tuple[str, _Purse, dt.date]]:
    """Return what was charged to each entitlement before a day, by period, in its own unit."""
    of = {client.id: client.entitlements for client in before.clients}
    taken: Counter[tuple[str, _Purse, dt.date]] = Counter()
    for client in before.clients:
        for granted in client.entitlements:
            begins = begin_of(granted.period, before.horizon.start)
            if begins is not None:
                taken[client.id, _purse(granted), begins] += granted.used * _scale(granted)
    for charge in account(before, plan).charges:
        for one in charge.purses if charge.date < first else ():
            taken[charge.client, _purse(of[charge.client][one.position]), one.begins] += one.amount
    return taken


def _paid(client: Client, spent: Counter[tuple[str, _Purse, dt.date]], first: dt.date) -> Client:
    """Return a client whose entitlements know what was charged in the period of a day."""
    if not client.entitlements:
        return client
    granted = tuple(
        one
        if (begins := begin_of(one.period, first)) is None
        else one.model_copy(
            update={"used": -(-spent[client.id, _purse(one), begins] // _scale(one))}
        )
        for one in client.entitlements
    )
    return client.model_copy(update={"entitlements": granted})


def _purse(granted: Entitlement) -> _Purse:
    return granted.payer, granted.unit, granted.period, frozenset(granted.services)


def _scale(granted: Entitlement) -> int:
    """Return by what charges are divided to be of the entitlement's unit."""
    return MS_PER_MINUTE if granted.unit is EntitlementUnit.MINUTES else 1


def _left_out(client: Client, missed: Counter[str]) -> Client:
    return client.model_copy(update={"missed": min(missed[client.id], MOST_MISSED)})


def _done(before: Scenario, past: list[Route], first: dt.date, series: Series) -> Series:
    """Return a series with the days on which it took place, as far as they matter."""
    of = {visit.id: visit.series for visit in before.visits}
    by_series: dict[str | None, set[dt.date]] = defaultdict(set)
    for route in past:
        for stop in route.stops:
            by_series[of.get(stop.visit)].add(route.date)
    known = {day for one in before.series if one.id == series.id for day in one.done}
    reach = max(7 * (series.weeks + 1), series.min_days, series.max_days or 0)
    days = sorted(
        day
        for day in by_series[series.id] | known | set(series.done)
        if day < first and (first - day).days <= reach
    )
    return series.model_copy(update={"done": tuple(days)})
