"""Visits that recur, on days of the search's choice, and days wished for, drawn after all else."""

from __future__ import annotations

import random
from collections.abc import Collection

from optimizer.domain.scenario import Scenario
from optimizer.domain.series import Series
from optimizer.domain.visit import Visit
from optimizer.needs.series_visits import visits_of_series

FEATURES = frozenset({"series", "preferred_dates", "most_caregivers"})


def with_recurring(scenario: Scenario, rng: random.Random, active: Collection[str]) -> Scenario:
    """Return the scenario with those of the features that `active` names, if it has some days."""
    if "most_caregivers" in active:
        scenario = _with_caps(scenario, rng)
    if scenario.horizon.days == 1:
        return scenario
    if "preferred_dates" in active:
        visits = tuple(_with_wish(visit, scenario, rng) for visit in scenario.visits)
        scenario = scenario.model_copy(update={"visits": visits})
    if "series" in active:
        scenario = _with_series(scenario, rng)
    return scenario


def _with_caps(scenario: Scenario, rng: random.Random) -> Scenario:
    """Return the scenario with few caregivers at some clients, and at times at all."""
    clients = tuple(
        one.model_copy(update={"most_caregivers": rng.choice((1, 2))})
        if rng.random() < 0.6
        else one
        for one in scenario.clients
    )
    policy = scenario.policy.model_copy(update={"most_caregivers": rng.choice((None, 1, 2))})
    return scenario.model_copy(update={"clients": clients, "policy": policy})


def _with_wish(visit: Visit, scenario: Scenario, rng: random.Random) -> Visit:
    if rng.random() < 0.4:
        return visit
    days = scenario.horizon.dates()
    wished = tuple(sorted(rng.sample(days, rng.randint(1, len(days) - 1))))
    return visit.model_copy(update={"preferred_dates": wished})


def _with_series(scenario: Scenario, rng: random.Random) -> Scenario:
    """Return the scenario with one of its visits that are tied to none made a series."""
    tied = {name for tie in scenario.couplings for name in (tie.first, tie.second)}
    free = [n for n, visit in enumerate(scenario.visits) if visit.id not in tied]
    if not free:
        return scenario
    number = rng.choice(free)
    made = visits_of_series(
        [_series(scenario.visits[number], scenario, rng)], scenario.horizon.dates()
    )
    # No engine reads which series a visit is of.
    new = (visit.model_copy(update={"series": None}) for visit in made.visits)
    visits = (*scenario.visits[:number], *new, *scenario.visits[number + 1 :])
    return scenario.model_copy(
        update={"visits": visits, "couplings": scenario.couplings + made.couplings}
    )


def _series(visit: Visit, scenario: Scenario, rng: random.Random) -> Series:
    days = scenario.horizon.dates()
    weekdays = tuple(sorted({day.isoweekday() for day in days}))
    least = rng.choice((1, 1, 2))
    return Series(
        id=f"S-{visit.id}",
        client=visit.client,
        services=visit.services,
        carers=visit.carers,
        count=rng.randint(1, len(weekdays)),
        weekdays=weekdays,
        preferred_weekdays=rng.choice(((), weekdays[:1], weekdays[-1:])),
        window=visit.window,
        usual_start=rng.choice((None, visit.window.latest)),
        tolerance=15,
        min_days=least,
        max_days=rng.choice((None, least, 2)),
        priority=visit.priority,
        payer=visit.payer,
    )
