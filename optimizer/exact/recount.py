"""The cost of a roster, summed from its stops: no solver is asked."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from types import MappingProxyType

from optimizer.domain.burden import is_evening, is_hard, is_weekend
from optimizer.domain.policy import Term
from optimizer.exact.options import Leg
from optimizer.exact.prices import (
    covering,
    due,
    due_of_responsible,
    fair_shares,
    fen_lent,
    mileage,
    price_charged,
    price_unserved,
    published,
    required_shares,
    weight_of,
)
from optimizer.exact.roster import Placed, Roster, Tour, back_of
from optimizer.exact.rules_law import overtime_before
from optimizer.exact.world import HOME, Task, World
from optimizer.matching.affinity import is_other_day, unmet_wishes
from optimizer.matching.contracts import is_lent


def _stops(roster: Roster) -> Iterator[tuple[int, Placed]]:
    for tour in roster:
        for placed in tour.stops:
            yield tour.day, placed


def _journeys(tour: Tour) -> list[Leg]:
    nodes = [HOME, *(placed.task for placed in tour.stops), HOME]
    return [(tour.day, nodes[n], nodes[n + 1]) for n in range(len(nodes) - 1)]


def _work(world: World, tour: Tour) -> int:
    ways = sum(world.travel(*leg) for leg in _journeys(tour)[1:-1])
    return ways + sum(placed.care for placed in tour.stops)


def _late_back(world: World, tour: Tour) -> int:
    return max(0, back_of(world, tour) - world.days[tour.day].closes)


def unserved(world: World, roster: Roster) -> int:
    """Sum the prices of visits that are not served."""
    served = {world.tasks[placed.task].visit_idx for _, placed in _stops(roster)}
    visits = enumerate(world.scenario.visits)
    return sum(price_unserved(world, visit) for v, visit in visits if v not in served)


def shortened(world: World, roster: Roster) -> int:
    """Sum the ticks taken off full durations."""
    return sum(world.tasks[placed.task].full - placed.care for _, placed in _stops(roster))


def travel(world: World, roster: Roster) -> int:
    """Sum the ticks of all journeys."""
    return sum(world.travel(*leg) for tour in roster for leg in _journeys(tour))


def _lateness(world: World, roster: Roster) -> list[int]:
    late = [0]
    for _, placed in _stops(roster):
        preferred = due(world, world.tasks[placed.task].visit_idx)
        late.append(0 if preferred is None else max(0, placed.start - preferred))
    return late


def lateness(world: World, roster: Roster) -> int:
    """Sum the lateness of all stops."""
    return sum(_lateness(world, roster))


def worst_lateness(world: World, roster: Roster) -> int:
    """Return the largest lateness of any stop."""
    return max(_lateness(world, roster))


def waiting(world: World, roster: Roster) -> int:
    """Sum the time between stops that is neither travel nor break."""
    idle = 0
    for tour in roster:
        pause = world.days[tour.day].pause
        for number, (_, i, j) in enumerate(_journeys(tour)[1:-1], 1):
            before, after = tour.stops[number - 1], tour.stops[number]
            idle += after.start - before.end - world.travel(tour.day, i, j)
            if pause is not None and tour.pause_after == number:
                idle -= pause.duration
    return idle


def overtime(world: World, roster: Roster) -> int:
    """Sum time after shifts and work above the minutes of days, weeks and months."""
    by_date: dict[tuple[int, dt.date], int] = defaultdict(int)
    by_week: dict[tuple[int, dt.date], int] = defaultdict(int)
    for tour in roster:
        day = world.days[tour.day]
        by_date[day.caregiver_idx, day.date] += _work(world, tour)
        by_week[day.caregiver_idx, day.monday] += _work(world, tour)
    people = world.scenario.caregivers
    total = sum(_late_back(world, tour) for tour in roster)
    by_month: dict[tuple[int, dt.date], int] = defaultdict(int)
    for (g, date), work in by_date.items():
        above = _above(world, work, people[g].day_minutes)
        by_month[g, date.replace(day=1)] += above
        total += above
    for (g, first), above in by_month.items():
        agreed = people[g].month_overtime
        if agreed is not None:
            left = world.ticks(agreed) - overtime_before(world, g, first)
            total += max(0, above - max(0, left))
    return total + sum(
        _above(world, work, people[g].week_minutes) for (g, _), work in by_week.items()
    )


def _above(world: World, work: int, minutes_ms: int | None) -> int:
    return 0 if minutes_ms is None else max(0, work - world.ticks(minutes_ms))


def wage(world: World, roster: Roster) -> int:
    """Sum pay for work, overtime and mileage."""
    total = 0
    for tour in roster:
        caregiver = world.days[tour.day].caregiver
        total += caregiver.fen_per_minute * _work(world, tour)
        total += caregiver.fen_per_overtime_minute * _late_back(world, tour)
        total += sum(mileage(world, leg) for leg in _journeys(tour))
    return total


def continuity(world: World, roster: Roster) -> int:
    """Sum the growth of the circles of caregivers around clients."""
    visitors: dict[str, set[str]] = defaultdict(set)
    for r, placed in _stops(roster):
        visitors[world.tasks[placed.task].client.id].add(world.days[r].caregiver.id)
    flat = world.scenario.policy.continuity_flat
    total = 0
    for client, seen in visitors.items():
        known = world.index.familiar.get(client, frozenset())
        grown = max(0, len(seen | known) - flat) ** 2 - max(0, len(known) - flat) ** 2
        total += world.index.client[client].continuity * grown
    return total


def preference(world: World, roster: Roster) -> int:
    """Count the wishes that stops do not meet."""
    return sum(
        unmet_wishes(world.tasks[placed.task].client, world.days[r].caregiver)
        + is_other_day(world.tasks[placed.task].visit, world.days[r].date)
        for r, placed in _stops(roster)
    )


def _care_by(roster: Roster, key: Callable[[int, int], Hashable]) -> dict[Hashable, int]:
    care: dict[Hashable, int] = defaultdict(int)
    for r, placed in _stops(roster):
        care[key(r, placed.task)] += placed.care
    return care


def balance(world: World, roster: Roster) -> int:
    """Sum the care above fair shares."""
    given = _care_by(roster, lambda r, _: world.days[r].caregiver_idx)
    return sum(max(0, given.get(g, 0) - fair) for g, fair in fair_shares(world).items())


def share(world: World, roster: Roster) -> int:
    """Sum the care missing from promised shares."""
    given: dict[str | None, int] = defaultdict(int)
    for r, placed in _stops(roster):
        first = next((contract.id for contract in covering(world, r, placed.task)), None)
        given[placed.contract or first] += placed.care
    return sum(
        max(0, required - given.get(contract, 0))
        for contract, required in required_shares(world).items()
    )


def lending(world: World, roster: Roster) -> int:
    """Sum what lent caregivers cost."""

    def is_owed(task: Task, r: int) -> bool:
        return is_lent(world.index, task.visit, world.days[r].caregiver)

    return sum(
        fen_lent(world, world.days[r].caregiver, placed.care)
        for r, placed in _stops(roster)
        if is_owed(world.tasks[placed.task], r)
    )


def staff_used(world: World, roster: Roster) -> int:  # noqa: ARG001 -- all terms are alike
    """Count the routes."""
    return len(roster)


def disruption(world: World, roster: Roster) -> int:
    """Count the phone calls."""
    promises = published(world)
    tolerance = world.ticks(world.scenario.policy.disruption_tolerance)
    calls = 0
    for r, placed in _stops(roster):
        promised = promises.get(world.tasks[placed.task].visit_idx)
        if promised is not None:
            day = world.days[r]
            moved = abs(placed.start - promised.start) > tolerance
            calls += day.caregiver.id not in promised.caregivers
            calls += day.date != promised.date or moved
    return calls


def responsible(world: World, roster: Roster) -> int:
    """Count the visits missing from the shares of responsible caregivers."""
    made: dict[tuple[str, int], int] = defaultdict(int)
    for r, placed in _stops(roster):
        made[world.tasks[placed.task].client.id, world.days[r].caregiver_idx] += 1
    return sum(
        max(0, visits - made[client_id, g])
        for client_id, (g, visits) in due_of_responsible(world).items()
    )


def purchase(world: World, roster: Roster) -> int:
    """Sum what stops cost by the price books of the contracts charged, in ticks of travel."""
    total = 0
    for r, placed in _stops(roster):
        able = covering(world, r, placed.task)
        named = [one for one in able if one.id == placed.contract]
        for charged in (named or able)[:1]:
            total += price_charged(world, charged, r, placed.task, placed.care)
    return total


def burdens(world: World, roster: Roster) -> int:
    """Sum the steps of the scales of hard visits, evenings and weekends: the n-th costs n steps."""
    made: dict[tuple[str, int], int] = defaultdict(int)
    total = 0
    for r, placed in _stops(roster):
        task, day = world.tasks[placed.task], world.days[r]
        kinds = {
            "hard": is_hard(task.client, task.visit),
            "evening": is_evening(task.visit),
            "weekend": is_weekend(day.date),
        }
        for kind in (kind for kind, holds in kinds.items() if holds):
            made[kind, day.caregiver_idx] += 1
            total += made[kind, day.caregiver_idx]
    return total


def streaks(world: World, roster: Roster) -> int:
    """Count the days, and nights, before each of which as many as are preferred were worked."""
    policy, start = world.scenario.policy, world.scenario.horizon.start
    total = 0
    for g, person in enumerate(world.scenario.caregivers):
        own = [world.days[tour.day] for tour in roster if world.days[tour.day].caregiver_idx == g]
        kinds = (
            (own, person.consecutive_days_worked, policy.preferred_consecutive_days),
            (
                [day for day in own if day.is_night],
                person.consecutive_nights_worked,
                policy.preferred_consecutive_nights,
            ),
        )
        for days, before, most in kinds:
            worked = {(day.date - start).days for day in days}
            planned = len(worked)
            worked |= {-n for n in range(1, before + 1)}
            free = [d for d in worked if d >= 0 and not worked.issuperset(range(d - most, d))]
            total += planned - len(free)
    return total


COUNTS: Mapping[Term, Callable[[World, Roster], int]] = MappingProxyType(
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
"""Every term and the function that counts it."""


def recount(world: World, roster: Roster) -> int:
    """Return the whole cost of a roster, in ticks of travel."""
    return sum(weight_of(world, term) * count(world, roster) for term, count in COUNTS.items())
