"""What one period hands on to the next: who came to whom, who worked, what was done and missed."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from optimizer.domain.caregiver import Caregiver, Shift
from optimizer.domain.client import Client, Entitlement, EntitlementUnit, Period
from optimizer.domain.contract import Contract
from optimizer.domain.plan import Plan, Route
from optimizer.domain.purse import begin_of
from optimizer.domain.scenario import Familiar, Scenario
from optimizer.domain.series import Series
from optimizer.errors import UsageError
from optimizer.i18n import say
from optimizer.labour import under_labour_rules
from optimizer.units import MS_PER_MINUTE
from optimizer.verification import Account, Charge, WorkDay, account

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
        How many of its caregivers have worked in the week in which it begins or have overtime in
        its month, or came home on the evening before.
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

    Of caregivers days and nights worked, in the week and in a row, overtime of the month and
    `last_return`, of clients `missed` and what is `used` of their entitlements, of contracts what
    is `used` and `owed`, of series `done`, and the `history`. What was known before the earlier
    period fades: visits made and missed then count half. Of the earlier roster only the days before
    the later scenario count, so both may overlap.

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
    made = account(before, plan)
    lawful = under_labour_rules(after).caregivers
    worked = _Worked.of(before, past, made, first, {one.id: one.day_minutes for one in lawful})
    caregivers = tuple(map(worked.told, after.caregivers))
    history = tuple(_history(before, past, after))
    missed, spent = _missed(before, plan, first), _spent(before, made, first)
    clients = tuple(_left_out(_paid(one, spent, first), missed) for one in after.clients)
    series = tuple(_done(before, past, first, one) for one in after.series)
    return CarriedOver(
        scenario=after.model_copy(
            update={
                "caregivers": caregivers,
                "clients": clients,
                "contracts": _contracts(before, made, after),
                "history": history,
                "series": series,
            }
        ),
        caregivers=sum(
            bool(one.days_worked or one.month_overtime_worked) or one.last_return is not None
            for one in caregivers
        ),
        pairs=len(history),
        clients=sum(one.missed > 0 for one in clients),
        series=sum(bool(one.done) for one in series),
    )


@dataclass(frozen=True, slots=True)
class _Worked:
    """What caregivers have worked before a day."""

    before: Scenario
    first: dt.date
    people: Mapping[str, Caregiver]
    routes: Mapping[str, list[Route]]
    days: Mapping[str, list[WorkDay]]
    agreed: Mapping[str, int | None]
    "Work per day above which it is overtime, of those who told nothing else before."

    @classmethod
    def of(
        cls,
        before: Scenario,
        past: list[Route],
        made: Account,
        first: dt.date,
        agreed: Mapping[str, int | None],
    ) -> _Worked:
        """Read the routes before a day, and the work of an earlier roster."""
        routes: dict[str, list[Route]] = defaultdict(list)
        for route in past:
            routes[route.caregiver].append(route)
        days: dict[str, list[WorkDay]] = defaultdict(list)
        for day in made.days:
            if day.date < first and _month(day.date) == _month(first):
                days[day.caregiver].append(day)
        people = {one.id: one for one in before.caregivers}
        return cls(before, first, people, routes, days, agreed)

    def told(self, person: Caregiver) -> Caregiver:
        """Return a caregiver with the days, nights and overtime worked, and the last return."""
        first, start = self.first, self.before.horizon.start
        monday, eve = first - dt.timedelta(days=first.weekday()), first - dt.timedelta(days=1)
        own, then = self.routes.get(person.id, []), self.people.get(person.id, person)
        days, nights = {route.date for route in own}, self._nights(then, own)
        # The earlier period may have begun in this very week: it was told what lay before it.
        known = (then.days_worked, then.week_nights_worked) if start > monday else (0, 0)
        of_week = sum(day >= monday for day in days) + known[0]
        nights_of_week = sum(day >= monday for day in nights) + known[1]
        update: dict[str, object] = {
            "days_worked": min(of_week, MOST_DAYS_WORKED),
            "week_nights_worked": min(nights_of_week, MOST_DAYS_WORKED),
            "consecutive_days_worked": self._in_a_row(days, then.consecutive_days_worked),
            "consecutive_nights_worked": self._in_a_row(nights, then.consecutive_nights_worked),
            "month_overtime_worked": self._overtime(then),
        }
        if eve in self.before.horizon.dates():
            returns = [route.back for route in own if route.date == eve]
            update["last_return"] = max(returns, default=None)
        return person.model_copy(update=update)

    def _nights(self, person: Caregiver, routes: list[Route]) -> set[dt.date]:
        """Return the days on which routes of night shifts began."""
        night = self.before.policy.night
        hours = {day: _shifts_on(person, day) for day in {route.date for route in routes}}
        return {
            route.date
            for route in routes
            if route.shift < len(hours[route.date])
            and night.is_night(hours[route.date][route.shift])
        }

    def _in_a_row(self, worked: Collection[dt.date], known: int) -> int:
        """Return how many days in a row were worked last; `known` led to the first one planned.

        Days that were not planned count as off.
        """
        row, day = 0, self.first - dt.timedelta(days=1)
        while day in worked:
            row, day = row + 1, day - dt.timedelta(days=1)
        return row + known if row > 0 and day < self.before.horizon.start else row

    def _overtime(self, person: Caregiver) -> int:
        """Return the overtime of the month so far, in milliseconds."""
        same_month = _month(self.before.horizon.start) == _month(self.first)
        known = person.month_overtime_worked if same_month else 0
        agreed = self.agreed.get(person.id) if person.day_minutes is None else person.day_minutes
        if agreed is None:
            return known
        return known + sum(max(0, day.work - agreed) for day in self.days.get(person.id, ()))


def _shifts_on(person: Caregiver, day: dt.date) -> list[Shift]:
    """Return a caregiver's shifts of a day, in the order in which routes number them."""
    of_day = (shift for shift in person.shifts if shift.date == day)
    return sorted(of_day, key=lambda shift: shift.start)


def _month(day: dt.date) -> tuple[int, int]:
    return day.year, day.month


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


def _spent(before: Scenario, made: Account, first: dt.date) -> Counter[tuple[str, _Purse, dt.date]]:
    """Return what was charged to each entitlement before a day, by period, in its own unit."""
    of = {client.id: client.entitlements for client in before.clients}
    taken: Counter[tuple[str, _Purse, dt.date]] = Counter()
    for client in before.clients:
        for granted in client.entitlements:
            begins = begin_of(granted.period, before.horizon.start)
            if begins is not None:
                taken[client.id, _purse(granted), begins] += granted.used * _scale(granted)
    for charge in made.charges:
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


def _contracts(before: Scenario, made: Account, after: Scenario) -> tuple[Contract, ...]:
    """Return contracts that know what was charged to them since they began, and is owed to them.

    A contract that is new, or begins anew with the later scenario, is as it was given.
    """
    first, known = after.horizon.start, {one.id: one for one in before.contracts}
    charged: dict[str | None, list[Charge]] = defaultdict(list)
    for charge in made.charges:
        if charge.date < first:
            charged[charge.contract].append(charge)
    found = []
    for contract in after.contracts:
        then, stops = known.get(contract.id), charged[contract.id]
        if then is not None and contract.start < first and then.start == contract.start:
            care = sum(one.care for one in stops)
            promised = then.owed + _promised(before, then, first)
            contract = contract.model_copy(  # noqa: PLW2901 -- as it is handed on
                update={
                    "used": then.used + care,
                    "used_visits": then.used_visits + sum(one.carer == 1 for one in stops),
                    "used_fen": then.used_fen + sum(one.fen for one in stops),
                    "owed": max(0, promised - care),
                }
            )
        found.append(contract)
    return tuple(found)


def _promised(before: Scenario, contract: Contract, first: dt.date) -> int:
    """Return the care promised to a contract of visits that could be before a day, in ms."""
    town = {client.id: client.town for client in before.clients}
    covered = 0
    for visit in before.visits:
        days = [day for day in visit.dates or before.horizon.dates() if day < first]
        if (
            any(contract.start <= day <= contract.end for day in days)
            and (not contract.towns or town[visit.client] in contract.towns)
            and (not contract.services or set(visit.services) <= set(contract.services))
        ):
            covered += sum(need.minutes for need in visit.carers)
    return covered * contract.min_share // 100


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
