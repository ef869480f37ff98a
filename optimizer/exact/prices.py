"""Fixed figures that cost terms are made of: prices, shares, and what was published."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.client import MISSED_THAT_COUNT, Entitlement, Flag
from optimizer.domain.contract import Contract
from optimizer.domain.policy import COUNTED, Term
from optimizer.domain.purse import prices_of
from optimizer.domain.tariff import book_prices, hourly_price, surcharges_of
from optimizer.domain.visit import Visit
from optimizer.exact.options import Leg
from optimizer.exact.world import World, grouped
from optimizer.matching.contracts import covering_contracts
from optimizer.units import FEN_PER_YUAN


def weight_of(world: World, term: Term) -> int:
    """Return what one unit of a term's quantity costs.

    The quantities of `unserved` and `purchase` are prices already.
    """
    if term is Term.UNSERVED:
        return 1
    if term is Term.PURCHASE:
        return int(world.scenario.policy.weights.purchase > 0)
    weight: int = getattr(world.scenario.policy.weights, term.value)
    return weight * (world.scenario.ticks_per_minute if term in COUNTED else 1)


def price_unserved(world: World, visit: Visit) -> int:
    """Return what leaving a visit unserved costs, in ticks of travel."""
    weights = world.scenario.policy.weights.unserved
    usual: int = getattr(weights, visit.priority.value)
    price = usual if visit.unserved_price is None else visit.unserved_price
    if visit.mandatory or world.scenario.policy.serve_everything:
        price += weights.mandatory
    client = world.index.client[visit.client]
    if Flag.ALONE in client.flags:
        price += weights.alone
    price += min(client.missed, MISSED_THAT_COUNT) * weights.missed
    return price * world.scenario.ticks_per_minute + weights.per_minute * _full_care(world, visit)


def _full_care(world: World, visit: Visit) -> int:
    return sum(world.ticks(need.minutes) for need in visit.carers)


def due(world: World, v: int) -> int | None:
    """Return the start of a visit, by its position, after which it is late."""
    preferred = world.scenario.visits[v].preferred_until
    return None if preferred is None else world.ticks(preferred)


def mileage(world: World, leg: Leg) -> int:
    """Return the fen-ticks paid for the metres of one journey, rounded down."""
    rate = world.days[leg[0]].caregiver.fen_per_km
    return rate * world.metres(*leg) * world.scenario.ticks_per_minute // 1000 if rate else 0


def covering(world: World, r: int, k: int) -> tuple[Contract, ...]:
    """Return the contracts that a task on a caregiver-day may be charged to, in file order."""
    day = world.days[r]
    return covering_contracts(world.index, world.tasks[k].visit, day.caregiver, day.date)


def fen_charged(world: World, contract: Contract, r: int, k: int, care: int) -> int:
    """Return the fen that some ticks of care charge to a contract, rounded down."""
    task, day = world.tasks[k], world.days[r].date
    dearer = surcharges_of(contract, task.client, task.visit, day)
    percent = 100 + sum(one.percent for one in dearer)
    hourly = hourly_price(contract, task.visit.services) * percent
    fen = care * hourly // (100 * 60 * world.scenario.ticks_per_minute)
    if task.carer > 1:
        return fen
    times = sum(price.fen_per_time for price in book_prices(contract, task.visit.services))
    return fen + times * percent // 100 + sum(one.fen_per_visit for one in dearer)


def price_charged(world: World, contract: Contract, r: int, k: int, care: int) -> int:
    """Return what charging a stop costs, in ticks of travel; the weight of money is per yuan."""
    fen = fen_charged(world, contract, r, k, care)
    weight = world.scenario.policy.weights.purchase
    return fen * weight * world.scenario.ticks_per_minute // FEN_PER_YUAN


def fen_paid(world: World, granted: Entitlement, k: int) -> tuple[int, int]:
    """Return the fen that a task charges to an entitlement, in full and shortened."""
    task = world.tasks[k]
    prices = prices_of(granted, task.visit)
    once = sum(price.fen_per_time for price in prices) if task.carer == 1 else 0
    rate = max((price.fen_per_hour for price in prices), default=0)
    hour = 60 * world.scenario.ticks_per_minute
    return once + rate * task.full // hour, once + rate * task.short // hour


def fen_lent(world: World, caregiver: Caregiver, care: int) -> int:
    """Return the fen-ticks owed for some ticks of care by a lent caregiver, rounded down."""
    employer = world.index.organisation.get(caregiver.organisation or "")
    if employer is None or employer.lending is None:
        return 0
    return employer.lending.fen_per_hour * care // 60


def fair_shares(world: World) -> dict[int, int]:
    """Return the ticks of care that are fair, per position of a caregiver; no volunteers."""
    care = sum(_full_care(world, visit) for visit in world.scenario.visits)
    hours = {
        g: sum(day.closes - day.opens for day in world.days if day.caregiver_idx == g)
        for g, caregiver in enumerate(world.scenario.caregivers)
        if not caregiver.volunteer
    }
    all_hours = sum(hours.values())
    return {g: care * own // all_hours if all_hours else 0 for g, own in hours.items()}


def due_of_responsible(world: World) -> dict[str, tuple[int, int]]:
    """Return position of the responsible caregiver and visits due, per client id that has one."""
    position = {caregiver.id: g for g, caregiver in enumerate(world.scenario.caregivers)}
    found: dict[str, tuple[int, int]] = {}
    for client in world.scenario.clients:
        own = client.responsible
        if own is not None and own.caregiver in position:
            visits = sum(visit.client == client.id for visit in world.scenario.visits)
            found[client.id] = position[own.caregiver], own.min_share * visits // 100
    return found


def required_shares(world: World) -> dict[str, int]:
    """Return the ticks of care promised or owed to contracts, by their ids."""
    return {
        contract.id: contract.min_share
        * sum(_full_care(world, v) for v in world.scenario.visits if _covers(world, contract, v))
        // 100
        + world.ticks(contract.owed)
        for contract in world.scenario.contracts
        if contract.min_share or contract.owed
    }


def _covers(world: World, contract: Contract, visit: Visit) -> bool:
    """Return whether a contract covers a visit by town, services and some allowed date."""
    return (
        (not contract.towns or world.index.client[visit.client].town in contract.towns)
        and (not contract.services or set(visit.services) <= set(contract.services))
        and any(contract.start <= day <= contract.end for day in world.index.allowed_dates(visit))
    )


@dataclass(frozen=True, slots=True)
class Published:
    """What the published plan has promised for one visit; the start in ticks."""

    caregivers: frozenset[str]
    date: dt.date
    start: int


def published(world: World) -> dict[int, Published]:
    """Return what was published, per position of a visit; visits without are absent."""
    plan = world.scenario.published
    stops = grouped(
        (world.position_of[stop.visit], (route, stop))
        for route in (plan.routes if plan is not None else ())
        for stop in route.stops
        if stop.visit in world.position_of
    )
    return {
        v: Published(
            caregivers=frozenset(route.caregiver for route, _ in found),
            date=found[0][0].date,
            start=world.ticks(found[0][1].start),
        )
        for v, found in stops.items()
    }
