"""Every cost term as a quantity of the model, in the unit that ``docs/problem.md`` gives.

A quantity that is a largest value or a positive part is a variable that may not be smaller;
as it costs, it is no larger either in any best plan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from types import MappingProxyType

from ortools.sat.python import cp_model

from optimizer.domain.burden import is_evening, is_hard, is_weekend
from optimizer.domain.policy import Term
from optimizer.exact.options import Leg
from optimizer.exact.prices import (
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
from optimizer.exact.rules_accounts import care_charged
from optimizer.exact.rules_law import by_month, overtime_before, overtime_of_days, worked
from optimizer.exact.rules_work import by_date, by_week, work
from optimizer.exact.variables import Literal, Variables
from optimizer.exact.world import grouped
from optimizer.matching.affinity import is_other_day, unmet_wishes
from optimizer.matching.contracts import is_lent

Quantity = cp_model.LinearExpr


def _sum(terms: list[Quantity]) -> Quantity:
    return cp_model.LinearExpr.sum(terms)


def _at_least(variables: Variables, amount: Quantity, where: Literal | None = None) -> Quantity:
    """Return a new variable of at least 0 and, if `where` holds, of at least `amount`."""
    most = variables.world.last_tick * max(1, len(variables.world.days))
    part = variables.model.new_int_var(0, most, "")
    bound = variables.model.add(part >= amount)
    if where is not None:
        bound.only_enforce_if(where)
    return part


def unserved(variables: Variables) -> Quantity:
    """Return the prices of all visits that are not served."""
    visits = variables.world.scenario.visits
    return _sum(
        [
            price_unserved(variables.world, visit) * (1 - served)
            for visit, served in zip(visits, variables.served, strict=True)
        ]
    )


def shortened(variables: Variables) -> Quantity:
    """Return the ticks of care taken off the full durations of served visits."""
    tasks = variables.world.tasks
    return _sum([tasks[k].cut * brief for (_, k), brief in variables.brief.items()])


def travel(variables: Variables) -> Quantity:
    """Return the ticks of all journeys, home legs included."""
    return _sum([variables.world.travel(*key) * leg for key, leg in variables.leg.items()])


def lateness(variables: Variables) -> Quantity:
    """Return the ticks by which stops begin after the preferred time, over all stops."""
    late: list[Quantity] = []
    for v, tasks in enumerate(variables.world.tasks_of):
        preferred = due(variables.world, v)
        if preferred is not None:
            amount = variables.start[v] - preferred
            late.append(len(tasks) * _at_least(variables, amount, variables.served[v]))
    return _sum(late)


def worst_lateness(variables: Variables) -> Quantity:
    """Return the largest lateness of any stop, in ticks."""
    worst = variables.model.new_int_var(0, variables.world.last_tick, "worst lateness")
    for v, start in enumerate(variables.start):
        preferred = due(variables.world, v)
        if preferred is not None:
            bound = variables.model.add(worst >= start - preferred)
            bound.only_enforce_if(variables.served[v])
    return worst


def waiting(variables: Variables) -> Quantity:
    """Return the ticks between consecutive stops that are neither travel nor break."""
    return _sum([_idle(variables, leg) for r in variables.used for leg in variables.between(r)])


def _idle(variables: Variables, leg: Leg) -> Quantity:
    """Return the waiting on one leg, nothing if the route does not go so."""
    r, i, j = leg
    idle = variables.start_of(j) - variables.end_of(r, i) - variables.world.travel(*leg)
    pause = variables.world.days[r].pause
    if pause is not None:
        idle -= pause.duration * variables.pause_after[r, i]
    return _at_least(variables, idle, variables.leg[leg])


def overtime(variables: Variables) -> Quantity:
    """Return the ticks after shifts and of work above the minutes of days, weeks and months."""
    people = variables.world.scenario.caregivers
    parts = [_after_shift(variables, r) for r in variables.used]
    for (g, _), routes in by_date(variables).items():
        parts.append(_above(variables, routes, people[g].day_minutes))
    for (g, _), routes in by_week(variables).items():
        parts.append(_above(variables, routes, people[g].week_minutes))
    for (g, first), routes in by_month(variables).items():
        agreed = people[g].month_overtime
        if agreed is not None:
            before = overtime_before(variables.world, g, first)
            left = max(0, variables.world.ticks(agreed) - before)
            parts.append(_at_least(variables, overtime_of_days(variables, routes) - left))
    return _sum(parts)


def _after_shift(variables: Variables, r: int) -> Quantity:
    """Return the ticks by which a route is back after its shift."""
    day = variables.world.days[r]
    if day.latest_back <= day.closes:
        return cp_model.LinearExpr.constant(0)
    return _at_least(variables, variables.back[r] - day.closes, variables.used[r])


def _above(variables: Variables, routes: tuple[int, ...], minutes_ms: int | None) -> Quantity:
    """Return the ticks of work of some routes above an agreed duration, if there is one."""
    if minutes_ms is None:
        return cp_model.LinearExpr.constant(0)
    return _at_least(variables, work(variables, routes) - variables.world.ticks(minutes_ms))


def wage(variables: Variables) -> Quantity:
    """Return pay for work, overtime after shifts and mileage, in fen-ticks."""
    parts = [mileage(variables.world, key) * leg for key, leg in variables.leg.items()]
    for r in variables.used:
        caregiver = variables.world.days[r].caregiver
        if caregiver.fen_per_minute:
            parts.append(caregiver.fen_per_minute * work(variables, [r]))
        if caregiver.fen_per_overtime_minute:
            parts.append(caregiver.fen_per_overtime_minute * _after_shift(variables, r))
    return _sum(parts)


def continuity(variables: Variables) -> Quantity:
    """Return the steps by which the circles of caregivers around clients have grown."""
    return _sum(
        [
            client.continuity * _growth(variables, client.id)
            for client in variables.world.scenario.clients
        ]
    )


def _growth(variables: Variables, client_id: str) -> Quantity:
    """Return by how much one client's circle has grown, from below by its tangents.

    S is convex, so at a whole number of people it is the highest of its chords between
    neighbouring whole numbers.
    """
    world, model = variables.world, variables.model
    known = world.index.familiar.get(client_id, frozenset())
    flat = world.scenario.policy.continuity_flat
    tasks = [task.number for task in world.tasks if task.client.id == client_id]
    new: list[Literal] = []
    for g, caregiver in enumerate(world.scenario.caregivers):
        comes = [variables.on[p] for k in tasks for p in variables.pairs_by(k, g)]
        if comes and caregiver.id not in known:
            met = model.new_bool_var(f"{client_id} meets {caregiver.id}")
            new.append(met)
            for on in comes:
                model.add_implication(on, met)
    most = min(len(new), len(tasks))
    before = _circle(len(known), flat)
    growth = model.new_int_var(0, _circle(len(known) + most, flat) - before, f"circle {client_id}")
    for more in range(most):
        here, there = _circle(len(known) + more, flat), _circle(len(known) + more + 1, flat)
        if there > here:
            model.add(growth >= here - before + (there - here) * (_sum(list(new)) - more))
    return growth


def _circle(people: int, flat: int) -> int:
    """Return S(n): flat for a few caregivers, steep from there on."""
    return max(0, people - flat) ** 2


def preference(variables: Variables) -> Quantity:
    """Return the wishes of clients that their stops do not meet."""
    world = variables.world
    return _sum(
        [
            (
                unmet_wishes(world.tasks[k].client, world.days[r].caregiver)
                + is_other_day(world.tasks[k].visit, world.days[r].date)
            )
            * on
            for (r, k), on in variables.on.items()
        ]
    )


def balance(variables: Variables) -> Quantity:
    """Return the ticks of care that employed caregivers give above their fair shares."""
    days = variables.world.days
    parts: list[Quantity] = []
    for g, fair in fair_shares(variables.world).items():
        pairs = [(r, k) for r, k in variables.on if days[r].caregiver_idx == g]
        parts.append(_at_least(variables, variables.care(pairs) - fair))
    return _sum(parts)


def share(variables: Variables) -> Quantity:
    """Return the ticks of care that contracts are given below their promised shares."""
    charges = grouped((charge[2], charge) for charge in variables.charged)
    return _sum(
        [
            _at_least(variables, required - care_charged(variables, charges.get(contract, ())))
            for contract, required in required_shares(variables.world).items()
        ]
    )


def lending(variables: Variables) -> Quantity:
    """Return what lent caregivers cost, in fen-ticks, rounded down per stop."""
    world = variables.world
    prices: dict[tuple[int, int], tuple[int, int]] = {}
    for r, k in variables.on:
        task, caregiver = world.tasks[k], world.days[r].caregiver
        if is_lent(world.index, task.visit, caregiver):
            full, short = (fen_lent(world, caregiver, care) for care in (task.full, task.short))
            prices[r, k] = full, short
    return variables.total(prices)


def staff_used(variables: Variables) -> Quantity:
    """Return the number of routes with a stop."""
    return _sum(list(variables.used.values()))


def disruption(variables: Variables) -> Quantity:
    """Return the phone calls that the difference from the published plan causes."""
    world = variables.world
    calls: list[Quantity] = []
    for v, promised in published(world).items():
        tasks = world.tasks_of[v]
        pairs = [pair for k in tasks for pair in variables.pairs_of(k)]
        strangers = [p for p in pairs if world.days[p[0]].caregiver.id not in promised.caregivers]
        calls += [variables.on[pair] for pair in strangers]
        kept = _is_kept(variables, v)
        calls.append(len(tasks) * (variables.served[v] - kept))
    return _sum(calls)


def _is_kept(variables: Variables, v: int) -> Literal:
    """Return a literal that may hold only if a visit keeps its published day and start."""
    world, model = variables.world, variables.model
    promised = published(world)[v]
    tolerance = world.ticks(world.scenario.policy.disruption_tolerance)
    kept = model.new_bool_var(f"kept {v}")
    model.add(kept <= variables.on_date(world.tasks_of[v][0], promised.date))
    near = model.add_linear_constraint(
        variables.start[v], promised.start - tolerance, promised.start + tolerance
    )
    near.only_enforce_if(kept)
    return kept


def responsible(variables: Variables) -> Quantity:
    """Return the visits that responsible caregivers make below their least shares."""
    world = variables.world
    parts: list[Quantity] = []
    for client_id, (g, visits) in due_of_responsible(world).items():
        tasks = [task.number for task in world.tasks if task.client.id == client_id]
        made = [variables.on[pair] for k in tasks for pair in variables.pairs_by(k, g)]
        parts.append(_at_least(variables, visits - _sum(list(made))))
    return _sum(parts)


def purchase(variables: Variables) -> Quantity:
    """Return what charges to contracts cost by their price books, in ticks of travel."""
    world = variables.world
    contracts = {contract.id: contract for contract in world.scenario.contracts}
    prices = {
        (r, k, name): (
            price_charged(world, contracts[name], r, k, world.tasks[k].full),
            price_charged(world, contracts[name], r, k, world.tasks[k].short),
        )
        for r, k, name in variables.charged
    }
    return variables.total_charged(prices)


def burdens(variables: Variables) -> Quantity:
    """Return the steps of all caregivers' scales of hard visits, of evenings and of weekends."""
    world = variables.world
    parts: list[Quantity] = []
    for g in range(len(world.scenario.caregivers)):
        own = [(r, k) for r, k in variables.on if world.days[r].caregiver_idx == g]
        hard = [(r, k) for r, k in own if is_hard(world.tasks[k].client, world.tasks[k].visit)]
        evening = [(r, k) for r, k in own if is_evening(world.tasks[k].visit)]
        weekend = [(r, k) for r, k in own if is_weekend(world.days[r].date)]
        parts += [_steps(variables, kind) for kind in (hard, evening, weekend)]
    return _sum(parts)


def _steps(variables: Variables, pairs: Collection[tuple[int, int]]) -> Quantity:
    """Return n (n + 1) / 2 for the n pairs that hold, from below by its chords.

    The chord from n - 1 to n rises by n; at a whole number the highest chord is the scale itself.
    """
    most = len({k for _, k in pairs})
    count = _sum([variables.on[pair] for pair in pairs])
    steps = variables.model.new_int_var(0, most * (most + 1) // 2, "burdens")
    for n in range(1, most + 1):
        variables.model.add(steps >= n * count - n * (n - 1) // 2)
    return steps


def streaks(variables: Variables) -> Quantity:
    """Return the days and nights worked after as many in a row as are preferred at most."""
    world = variables.world
    policy, people = world.scenario.policy, world.scenario.caregivers
    late = [r for r in variables.used if world.days[r].is_night]
    parts: list[Quantity] = []
    for g, dates in worked(variables, variables.used).items():
        before = people[g].consecutive_days_worked
        parts += _after_enough(variables, dates, before, policy.preferred_consecutive_days)
    for g, dates in worked(variables, late).items():
        before = people[g].consecutive_nights_worked
        parts += _after_enough(variables, dates, before, policy.preferred_consecutive_nights)
    return _sum(parts)


def _after_enough(
    variables: Variables, dates: Mapping[dt.date, cp_model.IntVar], before: int, most: int
) -> Iterator[Quantity]:
    """Yield for each date 1 if it and the `most` days before it are worked.

    `before` days in a row led to the first one planned.
    """
    start = variables.world.scenario.horizon.start
    for n in range(max(0, most - before), variables.world.scenario.horizon.days):
        window = [start + dt.timedelta(days=d) for d in range(max(0, n - most), n + 1)]
        if all(date in dates for date in window):
            days: list[Quantity] = [dates[date] for date in window]
            yield _at_least(variables, _sum(days) - (len(days) - 1))


QUANTITIES: Mapping[Term, Callable[[Variables], Quantity]] = MappingProxyType(
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
"""Every term and the function that puts its quantity into the model."""


def total_cost(variables: Variables) -> Quantity:
    """Return the whole cost in ticks of travel; terms that weigh nothing are left out."""
    weights = {term: weight_of(variables.world, term) for term in QUANTITIES}
    return _sum(
        [weight * QUANTITIES[term](variables) for term, weight in weights.items() if weight > 0]
    )
