"""The quantity of every cost term, and what it costs."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from optimizer.domain.burden import is_evening, is_hard, is_weekend
from optimizer.domain.caregiver import Caregiver
from optimizer.domain.client import MISSED_THAT_COUNT, Flag
from optimizer.domain.contract import Contract
from optimizer.domain.policy import COUNTED, Priority, Term
from optimizer.domain.visit import Visit
from optimizer.matching import is_lent, is_other_day, unmet_wishes
from optimizer.units import FEN_PER_YUAN
from optimizer.verification.charging import fen_charged
from optimizer.verification.replay import Replay, RouteReplay
from optimizer.verification.rules_law import (
    overtime_before,
    overtime_of_day,
    overtime_of_months,
)
from optimizer.verification.stop_replay import StopReplay


def unserved(replay: Replay) -> int:
    """Return the number of visits that are not served."""
    return len(visits_unserved(replay))


def visits_unserved(replay: Replay) -> list[Visit]:
    """Return the visits that not all their carers attend, in the scenario's order."""
    return [visit for visit in replay.scenario.visits if not replay.is_served(visit)]


def shortened(replay: Replay) -> int:
    """Return the ticks of care taken off the full durations of served visits."""
    return sum(
        max(0, replay.ticks(stop.need.minutes) - stop.care)
        for stop in replay.stops()
        if replay.is_served(stop.visit)
    )


def travel(replay: Replay) -> int:
    """Return the ticks of all journeys, home legs included."""
    return sum(journey.ticks for route in replay.routes for journey in route.journeys)


def lateness(replay: Replay) -> int:
    """Return the ticks by which stops begin after the preferred time, over all stops."""
    return sum(_late(replay, stop) for stop in replay.stops())


def worst_lateness(replay: Replay) -> int:
    """Return the largest lateness of any stop, in ticks."""
    return max((_late(replay, stop) for stop in replay.stops()), default=0)


def _late(replay: Replay, stop: StopReplay) -> int:
    """Return the ticks by which one stop begins after its visit's preferred time."""
    preferred = stop.visit.preferred_until
    return 0 if preferred is None else max(0, stop.start - replay.ticks(preferred))


def waiting(replay: Replay) -> int:
    """Return the ticks between consecutive stops that are neither travel nor break."""
    return sum(_idle(route) for route in replay.routes)


def _idle(route: RouteReplay) -> int:
    """Return the waiting of one route; overlapping stops leave none."""
    return sum(
        max(
            0,
            route.stops[number].start
            - route.stops[number - 1].end
            - route.journeys[number].ticks
            - route.pause_before(number),
        )
        for number in range(1, len(route.stops))
    )


def overtime(replay: Replay) -> int:
    """Return the ticks after shifts and of work above the minutes of days, weeks and months."""
    total = sum(_after_shift(replay, route) for route in replay.routes)
    for routes in replay.routes_on.values():
        total += _above(replay, routes, routes[0].caregiver.day_minutes)
    for routes in replay.routes_in_week.values():
        total += _above(replay, routes, routes[0].caregiver.week_minutes)
    for (_, first), days in overtime_of_months(replay).items():
        total += _above_month(replay, first, tuple(days.values()))
    return total


def _above_month(replay: Replay, first: dt.date, days: tuple[tuple[RouteReplay, ...], ...]) -> int:
    """Return the overtime of a month's days that is above what is agreed, once more counted."""
    caregiver = days[0][0].caregiver
    if caregiver.month_overtime is None:
        return 0
    left = replay.ticks(caregiver.month_overtime) - overtime_before(replay, caregiver, first)
    planned = sum(overtime_of_day(replay, routes) for routes in days)
    return max(0, planned - max(0, left))


def _after_shift(replay: Replay, route: RouteReplay) -> int:
    """Return the ticks by which a route is back after its shift."""
    return 0 if route.shift is None else max(0, route.back - replay.ticks(route.shift.end))


def _above(replay: Replay, routes: tuple[RouteReplay, ...], minutes_ms: int | None) -> int:
    """Return the ticks of work of some routes above an agreed duration, if there is one."""
    if minutes_ms is None:
        return 0
    return max(0, sum(route.work for route in routes) - replay.ticks(minutes_ms))


def wage(replay: Replay) -> int:
    """Return pay for work, overtime after shifts and mileage, in fen-ticks."""
    return sum(_pay(replay, route) for route in replay.routes)


def _pay(replay: Replay, route: RouteReplay) -> int:
    """Return the pay of one route; mileage is rounded down per journey."""
    caregiver = route.caregiver
    mileage = sum(
        caregiver.fen_per_km * journey.metres * replay.scenario.ticks_per_minute // 1000
        for journey in route.journeys
    )
    return (
        caregiver.fen_per_minute * route.work
        + caregiver.fen_per_overtime_minute * _after_shift(replay, route)
        + mileage
    )


def continuity(replay: Replay) -> int:
    """Return the steps by which the circles of caregivers around clients have grown."""
    visitors: dict[str, set[str]] = defaultdict(set)
    for stop in replay.stops():
        visitors[stop.client.id].add(stop.caregiver.id)
    flat = replay.scenario.policy.continuity_flat
    total = 0
    for client_id, seen in visitors.items():
        known = replay.index.familiar.get(client_id, frozenset())
        grown = _circle(len(seen | known), flat) - _circle(len(known), flat)
        total += replay.index.client[client_id].continuity * grown
    return total


def _circle(people: int, flat: int) -> int:
    """Return S(n): flat for a few caregivers, steep from there on."""
    return max(0, people - flat) ** 2


def preference(replay: Replay) -> int:
    """Return the wishes of clients that their stops do not meet."""
    return sum(
        unmet_wishes(stop.client, stop.caregiver) + is_other_day(stop.visit, stop.date)
        for stop in replay.stops()
    )


def balance(replay: Replay) -> int:
    """Return the ticks of care that employed caregivers give above their fair shares."""
    given: dict[str, int] = defaultdict(int)
    for stop in replay.stops():
        given[stop.caregiver.id] += stop.care
    employed = [person for person in replay.scenario.caregivers if not person.volunteer]
    hours = {person.id: _shift_ticks(replay, person) for person in employed}
    all_hours = sum(hours.values())
    all_care = sum(replay.full_care(visit) for visit in replay.scenario.visits)
    total = 0
    for person in employed:
        fair = all_care * hours[person.id] // all_hours if all_hours else 0
        total += max(0, given[person.id] - fair)
    return total


def _shift_ticks(replay: Replay, caregiver: Caregiver) -> int:
    """Return the ticks of all shifts of one caregiver in the horizon."""
    return sum(
        replay.ticks(shift.end) - replay.ticks(shift.start)
        for day in replay.scenario.horizon.dates()
        for shift in replay.index.shifts_on(caregiver.id, day)
    )


def share(replay: Replay) -> int:
    """Return the ticks of care that contracts are given below their promised shares."""
    total = 0
    for contract in replay.scenario.contracts:
        if not contract.min_share and not contract.owed:
            continue
        covered = sum(
            replay.full_care(visit)
            for visit in replay.scenario.visits
            if _covers(replay, contract, visit)
        )
        required = covered * contract.min_share // 100 + replay.ticks(contract.owed)
        charged = sum(stop.care for stop in replay.charged_to.get(contract.id, ()))
        total += max(0, required - charged)
    return total


def _covers(replay: Replay, contract: Contract, visit: Visit) -> bool:
    """Return whether a contract covers a visit by town, services and some allowed date."""
    town = replay.index.client[visit.client].town
    return (
        (not contract.towns or town in contract.towns)
        and (not contract.services or set(visit.services) <= set(contract.services))
        and any(contract.start <= day <= contract.end for day in replay.index.allowed_dates(visit))
    )


def lending(replay: Replay) -> int:
    """Return what lent caregivers cost, in fen-ticks, rounded down per stop."""
    return sum(
        lending_price(replay, stop.caregiver) * stop.care // 60
        for stop in replay.stops()
        if is_lent(replay.index, stop.visit, stop.caregiver)
    )


def lending_price(replay: Replay, caregiver: Caregiver) -> int:
    """Return fen per hour of a lent caregiver; 0 where no terms are agreed."""
    employer = replay.index.organisation.get(caregiver.organisation or "")
    return employer.lending.fen_per_hour if employer and employer.lending else 0


def staff_used(replay: Replay) -> int:
    """Return the number of routes with a stop."""
    return len(replay.routes)


def disruption(replay: Replay) -> int:
    """Return the changes to the published plan, of carers and of days or starts."""
    if replay.scenario.published is None:
        return 0
    caregivers: dict[str, set[str]] = defaultdict(set)
    moment: dict[str, tuple[dt.date, int]] = {}
    for route in replay.scenario.published.routes:
        for stop in route.stops:
            caregivers[stop.visit].add(route.caregiver)
            moment.setdefault(stop.visit, (route.date, replay.ticks(stop.start)))
    tolerance = replay.ticks(replay.scenario.policy.disruption_tolerance)
    calls = 0
    for planned in replay.stops():
        if planned.visit.id not in moment:
            continue
        day, start = moment[planned.visit.id]
        calls += planned.caregiver.id not in caregivers[planned.visit.id]
        calls += planned.date != day or abs(planned.start - start) > tolerance
    return calls


def responsible(replay: Replay) -> int:
    """Return the visits that responsible caregivers make below their least shares."""
    made: dict[tuple[str, str], int] = defaultdict(int)
    for stop in replay.stops():
        made[stop.client.id, stop.caregiver.id] += 1
    visits: dict[str, int] = defaultdict(int)
    for visit in replay.scenario.visits:
        visits[visit.client] += 1
    total = 0
    for client in replay.scenario.clients:
        own = client.responsible
        if own is not None and own.caregiver in replay.index.caregiver:
            due = visits[client.id] * own.min_share // 100
            total += max(0, due - made[client.id, own.caregiver])
    return total


def purchase(replay: Replay) -> int:
    """Return what the stops cost by the price books of their contracts, in fen-ticks."""
    return replay.scenario.ticks_per_minute * sum(_prices(replay))


def _prices(replay: Replay) -> Iterator[int]:
    """Yield the fen of each stop that is charged to a contract."""
    tpm = replay.scenario.ticks_per_minute
    for contract in replay.scenario.contracts:
        for stop in replay.charged_to.get(contract.id, ()):
            yield fen_charged(stop, contract, tpm)


def burdens(replay: Replay) -> int:
    """Return the steps of all caregivers' scales of hard visits, of evenings and of weekends."""
    hard: dict[str, int] = defaultdict(int)
    evening: dict[str, int] = defaultdict(int)
    weekend: dict[str, int] = defaultdict(int)
    for stop in replay.stops():
        hard[stop.caregiver.id] += is_hard(stop.client, stop.visit)
        evening[stop.caregiver.id] += is_evening(stop.visit)
        weekend[stop.caregiver.id] += is_weekend(stop.date)
    counts = (*hard.values(), *evening.values(), *weekend.values())
    return sum(n * (n + 1) // 2 for n in counts)


def streaks(replay: Replay) -> int:
    """Return the days and nights worked after as many in a row as are preferred at most."""
    policy, start = replay.scenario.policy, replay.scenario.horizon.start
    days: dict[str, set[int]] = defaultdict(set)
    nights: dict[str, set[int]] = defaultdict(set)
    for (caregiver, date), routes in replay.routes_on.items():
        days[caregiver].add((date - start).days)
        if any(replay.is_night(route) for route in routes):
            nights[caregiver].add((date - start).days)
    total = 0
    for person in replay.scenario.caregivers:
        before, most = person.consecutive_days_worked, policy.preferred_consecutive_days
        total += _after_enough(days[person.id], before, most)
        before, most = person.consecutive_nights_worked, policy.preferred_consecutive_nights
        total += _after_enough(nights[person.id], before, most)
    return total


def _after_enough(worked: set[int], before: int, most: int) -> int:
    """Return how many days have more than `most` in a row up to them; `before` led to day 0."""
    row, found = before, 0
    for day in range(max(worked, default=-1) + 1):
        row = row + 1 if day in worked else 0
        found += row > most
    return found


QUANTITIES: Mapping[Term, Callable[[Replay], int]] = MappingProxyType(
    {
        Term.UNSERVED: unserved,
        Term.SHORTENED: shortened,
        Term.TRAVEL: travel,
        Term.LATENESS: lateness,
        Term.WORST_LATENESS: worst_lateness,
        Term.WAITING: waiting,
        Term.OVERTIME: overtime,
        Term.WAGE: wage,
        Term.CONTINUITY: continuity,
        Term.PREFERENCE: preference,
        Term.BALANCE: balance,
        Term.SHARE: share,
        Term.LENDING: lending,
        Term.STAFF_USED: staff_used,
        Term.DISRUPTION: disruption,
        Term.RESPONSIBLE: responsible,
        Term.PURCHASE: purchase,
        Term.BURDENS: burdens,
        Term.STREAKS: streaks,
    }
)
"""Every term and the function that measures it."""


def cost(replay: Replay, term: Term, quantity: int) -> int:
    """Return the cost of one term in ticks of travel.

    Parameters
    ----------
    replay
        The plan, replayed.
    term
        The term.
    quantity
        What its function in `QUANTITIES` returns.
    """
    if term is Term.UNSERVED:
        return sum(price_unserved(replay, visit) for visit in visits_unserved(replay))
    weight: int = getattr(replay.scenario.policy.weights, term.value)
    if term is Term.PURCHASE:
        # A yuan costs its weight in minutes of travel, rounded down for each stop.
        tpm = replay.scenario.ticks_per_minute
        return sum(weight * fen * tpm // FEN_PER_YUAN for fen in _prices(replay))
    return weight * quantity * (replay.scenario.ticks_per_minute if term in COUNTED else 1)


def price_unserved(replay: Replay, visit: Visit) -> int:
    """Return what leaving `visit` unserved costs, in ticks of travel."""
    weights = replay.scenario.policy.weights.unserved
    base = {
        Priority.CRITICAL: weights.critical,
        Priority.ESSENTIAL: weights.essential,
        Priority.FLEXIBLE: weights.flexible,
    }[visit.priority]
    if visit.unserved_price is not None:
        base = visit.unserved_price
    if visit.mandatory or replay.scenario.policy.serve_everything:
        base += weights.mandatory
    client = replay.index.client[visit.client]
    if Flag.ALONE in client.flags:
        base += weights.alone
    base += weights.missed * min(client.missed, MISSED_THAT_COUNT)
    return base * replay.scenario.ticks_per_minute + weights.per_minute * replay.full_care(visit)
