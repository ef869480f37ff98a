"""Rules about how much one caregiver works: per day, per week, and the time off in between."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from types import MappingProxyType

from optimizer.domain.policy import Rule
from optimizer.i18n import say
from optimizer.verification.replay import Checks, Replay, RouteReplay, monday_of
from optimizer.verification.verdict import Violation


def day_minutes(replay: Replay) -> Iterator[Violation]:
    """Check that work of one caregiver on one day stays within the limit."""
    for (_, day), routes in replay.routes_on.items():
        caregiver = routes[0].caregiver
        if caregiver.day_minutes_limit is None:
            continue
        work = sum(route.work for route in routes)
        over = work - replay.ticks(caregiver.day_minutes_limit)
        if over > 0:
            detail = say(
                "violation.day_minutes",
                caregiver=caregiver.id,
                date=day,
                work=replay.lasting(work),
                by=replay.lasting(over),
            )
            yield routes[-1].breach(Rule.DAY_MINUTES, over, detail)


def week_minutes(replay: Replay) -> Iterator[Violation]:
    """Check that work of one caregiver in one calendar week stays within the limit."""
    for (_, monday), routes in replay.routes_in_week.items():
        caregiver = routes[0].caregiver
        if caregiver.week_minutes_limit is None:
            continue
        work = sum(route.work for route in routes)
        over = work - replay.ticks(caregiver.week_minutes_limit)
        if over > 0:
            detail = say(
                "violation.week_minutes",
                caregiver=caregiver.id,
                date=monday,
                work=replay.lasting(work),
                by=replay.lasting(over),
            )
            yield routes[-1].breach(Rule.WEEK_MINUTES, over, detail)


def days_off(replay: Replay) -> Iterator[Violation]:
    """Check that a caregiver works on so few days of a calendar week that the days off are left."""
    opening = monday_of(replay.scenario.horizon.start)
    for (_, monday), routes in replay.routes_in_week.items():
        caregiver = routes[0].caregiver
        if caregiver.days_off == 0:
            continue
        before = caregiver.days_worked if monday == opening else 0
        worked = before + len({route.date for route in routes})
        over = worked - (7 - caregiver.days_off)
        if over > 0:
            detail = say(
                "violation.days_off",
                caregiver=caregiver.id,
                date=monday,
                days=worked,
                off=caregiver.days_off,
            )
            yield routes[-1].breach(Rule.DAYS_OFF, over, detail)


def rest(replay: Replay) -> Iterator[Violation]:
    """Check that the rest lies between coming back and leaving home on the next worked day."""
    days_of: dict[str, list[dt.date]] = defaultdict(list)
    for caregiver_id, day in sorted(replay.routes_on):
        days_of[caregiver_id].append(day)
    for caregiver_id, days in days_of.items():
        yield from _first_rest(replay, replay.routes_on[caregiver_id, days[0]])
        for day, following in pairwise(days):
            first = min(
                replay.routes_on[caregiver_id, following], key=lambda route: route.departure
            )
            evening = replay.routes_on[caregiver_id, day]
            short = max(_missing_rest(replay, route, following, first) for route in evening)
            if short > 0:
                detail = say(
                    "violation.rest",
                    caregiver=caregiver_id,
                    date=day,
                    following=following,
                    by=replay.lasting(short),
                )
                yield first.breach(Rule.REST, short, detail, "departure")


def _missing_rest(
    replay: Replay, evening: RouteReplay, following: dt.date, first: RouteReplay
) -> int:
    """Return by how much the rest from one route to the first of a later day is too short."""
    midnights = (following - evening.date).days * replay.day_ticks
    between = midnights + first.departure - evening.back
    moments = (evening.date, evening.back), (following, first.departure)
    between -= replay.clocks_forward(*moments)
    least = evening.caregiver.rest_after(night=replay.is_night(evening))
    return replay.ticks(least) - between


def _first_rest(replay: Replay, routes: Sequence[RouteReplay]) -> Iterator[Violation]:
    """Check the rest before the first day worked, after the last return before the horizon."""
    first = min(routes, key=lambda route: route.departure)
    caregiver, returned = first.caregiver, first.caregiver.last_return
    if returned is None:
        return
    eve = replay.scenario.horizon.start - dt.timedelta(days=1)
    evening = replay.ticks(returned)
    between = (first.date - eve).days * replay.day_ticks + first.departure - evening
    between -= replay.clocks_forward((eve, evening), (first.date, first.departure))
    least = caregiver.rest_after(night=caregiver.consecutive_nights_worked > 0)
    short = replay.ticks(least) - between
    if short > 0:
        detail = say(
            "violation.rest.before",
            caregiver=caregiver.id,
            date=first.date,
            by=replay.lasting(short),
        )
        yield first.breach(Rule.REST, short, detail, "departure")


def visits_per_day(replay: Replay) -> Iterator[Violation]:
    """Check that a caregiver has at most so many stops on one day."""
    for (_, day), routes in replay.routes_on.items():
        caregiver = routes[0].caregiver
        if caregiver.visits_per_day is None:
            continue
        count = sum(len(route.stops) for route in routes)
        over = count - caregiver.visits_per_day
        if over > 0:
            detail = say(
                "violation.visits_per_day",
                caregiver=caregiver.id,
                date=day,
                count=count,
                limit=caregiver.visits_per_day,
            )
            yield routes[-1].breach(Rule.VISITS_PER_DAY, over, detail)


CHECKS: Checks = MappingProxyType(
    {
        Rule.DAY_MINUTES: day_minutes,
        Rule.WEEK_MINUTES: week_minutes,
        Rule.DAYS_OFF: days_off,
        Rule.REST: rest,
        Rule.VISITS_PER_DAY: visits_per_day,
    }
)
