"""One future of a scenario: who is there, and what is asked for, on the day studied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from optimizer.domain.assumption import Assumptions
from optimizer.domain.caregiver import Caregiver
from optimizer.domain.client import Client
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Pin, Visit
from optimizer.shortfall.chance import Chance
from optimizer.shortfall.copies import CareOf, by_town, care_by_client, with_care
from optimizer.units import MS_PER_MINUTE

MS_PER_HOUR = 60 * MS_PER_MINUTE


@dataclass(frozen=True, slots=True)
class Future:
    """A scenario after chance has had its way.

    Attributes
    ----------
    scenario
        The same people without the shifts and visits that fall away, and with new clients;
        nothing names anybody who is not there.
    absent
        Ids of caregivers who had shifts and have none left, in order.
    new_clients, gone_clients
        Clients with visits who are new, and those of whose visits none is left.
    surplus
        Hours of shifts lost, and hours of care asked for, less what was to be expected. On
        average over all futures both are nothing: a level is corrected by them.
    """

    scenario: Scenario = field(repr=False)
    absent: tuple[str, ...]
    new_clients: int
    gone_clients: int
    surplus: Mapping[str, float]


def draw(
    scenario: Scenario, assumptions: Assumptions, *, seed: int, replication: int, epoch: int = 0
) -> Future:
    """Return one future of a scenario whose visits are derived.

    Parameters
    ----------
    scenario
        Of one arm, edited already.
    assumptions
        How likely what is.
    seed, replication
        Which numbers are drawn; the same ones befall the same people in every arm.
    epoch
        Of several days drawn far apart in one future, which one, from 0.
    """
    chance = Chance(assumptions, seed, replication, epoch)
    people, absences, lost = _without_absent(scenario, chance)
    asked = _Asked(scenario.horizon.dates(), chance)
    listed = asked.of_all(scenario)
    made = with_care(scenario.model_copy(update={"caregivers": people}), listed)
    made = made.model_copy(
        update={"visits": tuple(_unpinned(made.visits, absences)), "published": None}
    )
    return Future(
        scenario=made,
        absent=tuple(
            old.id
            for old, new in zip(scenario.caregivers, people, strict=True)
            if old.shifts and not new.shifts
        ),
        new_clients=asked.new,
        gone_clients=asked.gone,
        surplus={"hours_asked": asked.surplus, "hours_lost": lost},
    )


def _without_absent(
    scenario: Scenario, chance: Chance
) -> tuple[tuple[Caregiver, ...], Mapping[str, frozenset[date]], float]:
    """Return caregivers with the shifts left, the days they miss, and surplus hours lost."""
    dates = scenario.horizon.dates()
    months = chance.assumptions.months
    present = chance.carer_present * chance.carer_stays(months)
    towns = towns_of(scenario)
    people: list[Caregiver] = []
    absences: dict[str, frozenset[date]] = {}
    lost = 0.0
    for person in scenario.caregivers:
        hours = _hours(person)
        if not hours:
            people.append(person)
            continue
        if chance.quits(person.id, months):
            missed = frozenset(dates)
        else:
            missed = chance.absent_days(person, towns.get(person.id), dates)
        if missed:
            left = tuple(shift for shift in person.shifts if shift.date not in missed)
            person = person.model_copy(update={"shifts": left})  # noqa: PLW2901 (as it is now)
            absences[person.id] = missed
        people.append(person)
        lost += hours * present - _hours(person)
    return tuple(people), absences, lost


def _hours(person: Caregiver) -> float:
    return sum(shift.end - shift.start for shift in person.shifts) / MS_PER_HOUR


def towns_of(scenario: Scenario) -> Mapping[str, str | None]:
    """Return the town that each caregiver lives nearest to: that of the nearest client's home."""
    clients = [client for client in scenario.clients if client.town is not None]
    if not clients or not scenario.caregivers:
        return {}
    homes = np.array([(one.home.lat, one.home.lon) for one in clients])
    people = np.array([(one.home.lat, one.home.lon) for one in scenario.caregivers])
    # Degrees of longitude are shorter; which town is nearest needs no more than that.
    narrow = np.array([1.0, np.cos(np.radians(homes[:, 0].mean()))])
    apart = ((people[:, None, :] - homes[None, :, :]) * narrow) ** 2
    nearest = apart.sum(axis=2).argmin(axis=1)
    return {
        person.id: clients[int(number)].town
        for person, number in zip(scenario.caregivers, nearest, strict=True)
    }


@dataclass(slots=True)
class _Asked:
    """What is asked for in one future, counted while it is drawn."""

    dates: Sequence[date]
    chance: Chance
    new: int = 0
    gone: int = 0
    surplus: float = 0.0

    def of_all(self, scenario: Scenario) -> tuple[CareOf, ...]:
        """Return the care that is left of every client's, and that of new ones behind them."""
        chance = self.chance
        care = care_by_client(scenario)
        towns = by_town(scenario.clients)
        stays = chance.client_stays
        entries = chance.entries
        listed: list[CareOf] = []
        new: list[CareOf] = []
        for one in care.values():
            client = one.client
            if not one.visits:
                listed.append(one)
                continue
            hours = self._expected(one)
            left = CareOf(client) if chance.client_gone(client.id) else self._on_days(one)
            self.gone += not left.visits
            self.surplus += _care_hours(left.visits) - stays * hours
            listed.append(left)
            copies = [
                self._on_days(one.copied(name, self._neighbour(name, towns[client.town])))
                for name in self._names(client.id, chance.times("entry", client.id, entries))
            ]
            self.new += sum(bool(copy.visits) for copy in copies)
            self.surplus += sum(_care_hours(copy.visits) for copy in copies) - entries * hours
            new += copies
        return (*listed, *new)

    @staticmethod
    def _names(client: str, count: int) -> Iterable[str]:
        return (f"NEW{number}-{client}" for number in range(1, count + 1))

    def _neighbour(self, name: str, clients: Sequence[Client]) -> Client:
        """Return whose home a new client's home is like: places stay those that are known."""
        return clients[self.chance.pick("home", name, len(clients))]

    def _expected(self, one: CareOf) -> float:
        """Return the hours of care that are asked for on average, of those who stay."""
        there = self.chance.client_there
        return sum(
            _care_hours((visit,)) * (1.0 - (1.0 - there) ** len(self._days(visit)))
            for visit in one.visits
        )

    def _days(self, visit: Visit) -> tuple[date, ...]:
        """Return the days on which a visit may be, in order."""
        return tuple(day for day in self.dates if not visit.dates or day in visit.dates)

    def _on_days(self, one: CareOf) -> CareOf:
        """Return the care that is left on the days on which somebody is at home."""
        away = {
            day
            for number, day in enumerate(self.dates)
            if self.chance.client_away(one.client.id, number)
        }
        if not away:
            return one
        visits: list[Visit] = []
        for visit in one.visits:
            days = tuple(day for day in self._days(visit) if day not in away)
            if days:
                visits.append(visit.model_copy(update={"dates": days}))
        ids = {visit.id for visit in visits}
        ties = tuple(tie for tie in one.couplings if {tie.first, tie.second} <= ids)
        return CareOf(one.client, tuple(visits), ties)


def _care_hours(visits: Iterable[Visit]) -> float:
    return sum(need.minutes for visit in visits for need in visit.carers) / MS_PER_HOUR


def _unpinned(visits: Iterable[Visit], absences: Mapping[str, frozenset[date]]) -> Iterable[Visit]:
    """Yield visits without the pins of caregivers who are missing on some day."""
    for visit in visits:
        pin = visit.pin
        if pin is not None and any(one in absences for one in pin.caregivers):
            free: Pin = pin.model_copy(
                update={
                    "caregivers": tuple(None if one in absences else one for one in pin.caregivers)
                }
            )
            yield visit.model_copy(update={"pin": free})
        else:
            yield visit
