"""Rules about how much one caregiver works: per day, per week, and the time off in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from types import MappingProxyType

from ortools.sat.python import cp_model

from optimizer.domain.clock_changes import Clocks
from optimizer.domain.policy import Rule
from optimizer.exact.variables import Binds, Variables
from optimizer.exact.world import World, grouped
from optimizer.units import MS_PER_DAY, MS_PER_MINUTE, to_ms


def work(variables: Variables, days: Iterable[int]) -> cp_model.LinearExpr:
    """Return care given and travel between visits on some caregiver-days, in ticks."""
    routes = list(days)
    pairs = [(r, k) for r in routes for k in variables.tasks_on[r]]
    ways = [
        variables.world.travel(*leg) * variables.leg[leg]
        for r in routes
        for leg in variables.between(r)
    ]
    return variables.care(pairs) + cp_model.LinearExpr.sum(ways)


def by_date(variables: Variables) -> dict[tuple[int, dt.date], tuple[int, ...]]:
    """Return the routes of each caregiver's days."""
    days = variables.world.days
    return grouped(((days[r].caregiver_idx, days[r].date), r) for r in variables.used)


def by_week(variables: Variables) -> dict[tuple[int, dt.date], tuple[int, ...]]:
    """Return the routes of each caregiver's calendar weeks."""
    days = variables.world.days
    return grouped(((days[r].caregiver_idx, days[r].monday), r) for r in variables.used)


def day_minutes(variables: Variables) -> None:
    """Work of one caregiver on one day stays within the limit."""
    for (g, _), routes in by_date(variables).items():
        limit = variables.world.scenario.caregivers[g].day_minutes_limit
        if limit is not None:
            variables.model.add(work(variables, routes) <= variables.world.ticks(limit))


def week_minutes(variables: Variables) -> None:
    """Work of one caregiver in one calendar week stays within the limit."""
    for (g, _), routes in by_week(variables).items():
        limit = variables.world.scenario.caregivers[g].week_minutes_limit
        if limit is not None:
            variables.model.add(work(variables, routes) <= variables.world.ticks(limit))


def days_off(variables: Variables) -> None:
    """A caregiver works on so few days of a calendar week that the days off are left."""
    world = variables.world
    start = world.scenario.horizon.start
    opening = start - dt.timedelta(days=start.weekday())
    for (g, monday), routes in by_week(variables).items():
        caregiver = world.scenario.caregivers[g]
        if caregiver.days_off == 0:
            continue
        worked: dict[dt.date, cp_model.IntVar] = {}
        for r in routes:
            date = world.days[r].date
            if date not in worked:
                worked[date] = variables.model.new_bool_var(f"worked {g} {date}")
            variables.model.add_implication(variables.used[r], worked[date])
        most = 7 - caregiver.days_off - (caregiver.days_worked if monday == opening else 0)
        # Of a week that is full before it is planned nothing is left.
        variables.model.add(cp_model.LinearExpr.sum(list(worked.values())) <= max(0, most))


def rest(variables: Variables) -> None:
    """Between coming back and leaving home on a later worked day lies the rest."""
    world = variables.world
    for g, routes in grouped((world.days[r].caregiver_idx, r) for r in variables.used).items():
        caregiver = world.scenario.caregivers[g]
        if caregiver.last_return is not None:
            late = caregiver.consecutive_nights_worked > 0
            least = world.ticks(caregiver.rest_after(night=late))
            for r in routes:
                rested = _last_return(world, r, caregiver.last_return) + least
                kept = variables.model.add(variables.departure[r] >= rested)
                kept.only_enforce_if(variables.used[r])
        for evening in routes:
            least = world.ticks(caregiver.rest_after(night=world.days[evening].is_night))
            for morning in routes:
                nights = (world.days[morning].date - world.days[evening].date).days
                if nights > 0:
                    between = variables.departure[morning] - variables.back[evening]
                    midnights = nights * world.ticks(MS_PER_DAY) - _forward(world, evening, morning)
                    kept = variables.model.add(between + midnights >= least)
                    kept.only_enforce_if([variables.used[evening], variables.used[morning]])


def _last_return(world: World, day: int, clock: int) -> int:
    """Return the last return before the days planned, in ticks of the midnight of a later day."""
    clocks, date = Clocks(world.scenario.time_zone), world.days[day].date
    eve = world.scenario.horizon.start - dt.timedelta(days=1)
    opens = to_ms(world.days[day].opens, world.scenario.ticks_per_minute)
    forward = clocks.offset(date, opens) - clocks.offset(eve, clock - 1)
    return world.ticks(clock + forward) - (date - eve).days * world.ticks(MS_PER_DAY)


def _forward(world: World, evening: int, morning: int) -> int:
    """Return the ticks by which clocks are put forward between two caregiver-days."""
    clocks, tpm = Clocks(world.scenario.time_zone), world.scenario.ticks_per_minute
    # Nobody works while clocks are changed, so all of a shift is as its beginning.
    first, last = (
        clocks.offset(world.days[r].date, to_ms(world.days[r].opens, tpm))
        for r in (evening, morning)
    )
    return (last - first) * tpm // MS_PER_MINUTE


def visits_per_day(variables: Variables) -> None:
    """A caregiver has at most so many stops on one day."""
    for (g, _), routes in by_date(variables).items():
        most = variables.world.scenario.caregivers[g].visits_per_day
        if most is not None:
            stops = [variables.on[r, k] for r in routes for k in variables.tasks_on[r]]
            variables.model.add(cp_model.LinearExpr.sum(stops) <= most)


BINDS: Binds = MappingProxyType(
    {
        Rule.DAY_MINUTES: day_minutes,
        Rule.WEEK_MINUTES: week_minutes,
        Rule.DAYS_OFF: days_off,
        Rule.REST: rest,
        Rule.VISITS_PER_DAY: visits_per_day,
    }
)
