"""On which days of a four-week cycle a client's care plans hold, and what is needed on each.

An order for less than four weeks is one of its own days, wherever they lie in the cycle. A longer
one is part of four usual weeks: before the horizon it counts as on its first day, afterwards as
on its last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from optimizer.domain.care_plan import CarePlan
from optimizer.needs.cycle import DAYS, day_of_cycle
from optimizer.needs.required import Demand, in_order

Held = tuple[frozenset[int], ...]
"""Of each care plan the days of a cycle, 0 to 27, on which it holds."""


def holds(plan: CarePlan, day: date) -> bool:
    """Return whether a care plan holds on a day."""
    return plan.ordered_on <= day and (plan.until is None or plan.until >= day)


def held_in_cycles(plans: Sequence[CarePlan], days: Sequence[date]) -> dict[date, Held]:
    """Return when plans hold in each cycle that the horizon touches, by the cycle's Monday.

    Parameters
    ----------
    plans
        Care plans of one client.
    days
        The horizon.
    """
    mondays = dict.fromkeys(monday_of(day) for day in days)
    return {
        monday: tuple(
            frozenset(n for n in range(DAYS) if _counts(plan, monday + timedelta(days=n), days))
            for plan in plans
        )
        for monday in mondays
    }


def monday_of(day: date) -> date:
    """Return the first day of the cycle in which a day lies."""
    return day - timedelta(days=day_of_cycle(day))


def _counts(plan: CarePlan, day: date, days: Sequence[date]) -> bool:
    is_short = plan.until is not None and (plan.until - plan.ordered_on).days < DAYS - 1
    return holds(plan, day if is_short else min(max(day, days[0]), days[-1]))


def sets_of(held: Held) -> tuple[tuple[int, ...], ...]:
    """Return for each day of a cycle which plans hold, by their places."""
    return tuple(tuple(n for n, days in enumerate(held) if day in days) for day in range(DAYS))


def joined(
    sets: Sequence[tuple[int, ...]], demands: Mapping[tuple[int, ...], Sequence[Demand]]
) -> tuple[Demand, ...]:
    """Return the demands of a cycle, each of them on the days on which its plans hold.

    What a change of plans does not touch stays one demand; what it does becomes one for the days
    before and one for the days after.

    Parameters
    ----------
    sets
        For each day of the cycle which plans hold.
    demands
        What is needed while such plans hold, as if they did all the time.
    """
    parts: dict[Demand, list[tuple[int, int]]] = {}
    absent: dict[Demand, set[tuple[int, str]]] = {}
    for key, asked in demands.items():
        for one in asked:
            alike = replace(one, days=(), absent=frozenset())
            here = [(n, day) for n, day in enumerate(one.days) if sets[day] == key]
            if here:
                parts.setdefault(alike, []).extend(here)
                days = {day for _, day in here}
                absent.setdefault(alike, set()).update(p for p in one.absent if p[0] in days)
    found = (
        replace(one, days=tuple(day for _, day in sorted(rows)), absent=frozenset(absent[one]))
        for one, rows in parts.items()
    )
    return in_order(found)
