"""Which visits are wanted once something has happened, and of which clients."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from optimizer.domain.client import Client
from optimizer.domain.event import Added, Away, Cancelled, Events, InHospital, Longer
from optimizer.domain.plan import Plan, Stop
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Pin, StartWindow, Visit
from optimizer.replan.working_hours import Hours


@dataclass(frozen=True, slots=True)
class Absences:
    """When clients are not at home.

    Attributes
    ----------
    away
        Clients who are away on the day.
    stays
        Clients in hospital: since when that day, in milliseconds, and the last day if it is known.
    date
        The day.
    """

    away: frozenset[str]
    stays: Mapping[str, tuple[int, dt.date | None]]
    date: dt.date

    @classmethod
    def of(cls, events: Events, date: dt.date) -> Absences:
        """Read events."""
        return cls(
            frozenset(one.client for one in events.events if isinstance(one, Away)),
            {
                one.client: (one.since or 0, one.until)
                for one in events.events
                if isinstance(one, InHospital)
            },
            date,
        )

    def is_off(self, client: str | None, start: int) -> bool:
        """Return whether a visit that was told for a time of the day does not take place."""
        if client is None:
            return False
        return client in self.away or (client in self.stays and start >= self.stays[client][0])

    def left(self, visit: Visit, days: Collection[dt.date], told: Stop | None) -> Visit | None:
        """Return a visit as it can still be made; None if that is on no day.

        Parameters
        ----------
        visit, days
            A visit that has not begun, and all days that are planned.
        told
            Its stop on the day, if it was told for it.
        """
        dates = list(visit.dates or days)
        if visit.client in self.away:
            dates = [day for day in dates if day != self.date]
        update: dict[str, object] = {}
        if visit.client in self.stays:
            since, until = self.stays[visit.client]
            is_before = told is not None and told.start < since
            dates = [
                day
                for day in dates
                if day < self.date
                or (until is not None and day > until)
                or (day == self.date and is_before)
            ]
            if is_before and self.date in dates:
                window = visit.window
                update["window"] = StartWindow.model_construct(
                    earliest=window.earliest, latest=min(window.latest, since)
                )
        if not dates or (visit.pin is not None and visit.pin.date not in (None, *dates)):
            return None
        return visit.model_copy(update={**update, "dates": tuple(dates)})


def wanted_visits(
    scenario: Scenario, plan: Plan, events: Events, date: dt.date, fixed: frozenset[str]
) -> tuple[Visit, ...]:
    """Return the visits that are wanted now.

    Parameters
    ----------
    scenario, plan, events
        As in `optimizer.replan.situation`.
    date
        The day on which things happen.
    fixed
        Visits that have begun.
    """
    cancelled = {one.visit for one in events.events if isinstance(one, Cancelled)}
    absences = Absences.of(events, date)
    told = {stop.visit: stop for route in plan.routes for stop in route.stops if route.date == date}
    longer = {one.visit: one.minutes for one in events.events if isinstance(one, Longer)}
    absent = Hours.of(events).absent
    days = scenario.horizon.dates()
    found: list[Visit] = []
    for visit in scenario.visits:
        if visit.id in cancelled and visit.id not in fixed:
            continue
        one = visit
        if visit.id not in fixed and visit.client in (*absences.away, *absences.stays):
            left = absences.left(visit, days, told.get(visit.id))
            if left is None:
                continue
            one = left
        if visit.id in longer:
            one = _made_longer(one, plan, longer[visit.id], is_begun=visit.id in fixed)
        if one.pin is not None and visit.id not in fixed:
            one = one.model_copy(update={"pin": _without(one.pin, absent)})
        found.append(one)
    found += [one.visit for one in events.events if isinstance(one, Added)]
    return tuple(found)


def _made_longer(visit: Visit, plan: Plan, more: int, *, is_begun: bool) -> Visit:
    """Return a visit that takes more time; one that has begun takes what it was given, and more."""
    given = {
        stop.carer: stop.end - stop.start
        for route in plan.routes
        for stop in route.stops
        if stop.visit == visit.id
    }
    carers = []
    for carer, need in enumerate(visit.carers, start=1):
        shortest = None if need.shortest is None or is_begun else need.shortest + more
        minutes = given.get(carer, need.minutes) if is_begun else need.minutes
        carers.append(need.model_copy(update={"minutes": minutes + more, "shortest": shortest}))
    return visit.model_copy(update={"carers": tuple(carers)})


def _without(pin: Pin, absent: Collection[str]) -> Pin | None:
    """Return a pin that asks for nobody who is absent."""
    carers = tuple(None if one in absent else one for one in pin.caregivers)
    if carers == pin.caregivers:
        return pin
    left = pin.model_copy(update={"caregivers": carers if any(carers) else ()})
    return left if left.caregivers or left.date or left.start is not None else None


def clients_now(
    scenario: Scenario, added: Collection[Added], refused: Collection[tuple[str, str]]
) -> tuple[Client, ...]:
    """Return all clients, with those who are new and the caregivers whom they refuse now."""
    clients = []
    for client in scenario.clients:
        more = tuple(who for whom, who in sorted(refused) if whom == client.id)
        if more:
            everybody = tuple(dict.fromkeys((*client.refused, *more)))
            clients.append(client.model_copy(update={"refused": everybody}))
        else:
            clients.append(client)
    known = {client.id for client in clients}
    new = {one.client.id: one.client for one in added if one.client is not None}
    return (*clients, *(one for one in new.values() if one.id not in known))
