"""The days that suites solve, by name; always the same ones, as seeds of a run are the engine's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from optimizer.domain import GeodesicTravel, Scenario
from optimizer.generate import (
    RECIPES,
    coupled_day,
    generate_scenario,
    uncoupled_day,
    weeks_of_daily_care,
)
from optimizer.needs import derive

SEED = 1

ZHENHAI = ("zhenhai-day-s", "zhenhai-day-m", "zhenhai-day-l", "zhenhai-day-xl")
"A district's day in four sizes, with everything a scenario may hold."
UNCOUPLED = ("uncoupled-200", "uncoupled-870")
"Visits that do not depend on each other."
SCARCE = tuple(f"scarce-200-{seed}" for seed in range(1, 6))
"Uncoupled days of five seeds with three in ten caregivers missing."
# Clients, staff and seed of each.
_MIXES: dict[str, tuple[int, dict[str, int], int]] = {
    "district-300": (450, {"C": 40, "N": 4, "R": 2, "HK": 5, "VOL": 10}, 71),
    "district-500": (750, {"C": 52, "N": 7, "R": 2, "HK": 4, "VOL": 60}, 72),
    "district-900": (1_200, {"C": 110, "N": 7, "R": 3, "HK": 20, "VOL": 10}, 73),
    "district-1200": (1_800, {"C": 150, "N": 12, "R": 8, "HK": 10, "VOL": 80}, 74),
    "district-2000": (3_000, {"C": 250, "N": 20, "R": 10, "HK": 30, "VOL": 120}, 75),
}
DISTRICTS = tuple(_MIXES)
"Districts with other staff than the shipped ones, named by their visits, within a tenth."


def tied_visits_only(day: Scenario) -> Scenario:
    """Return the day without the visits that one caregiver could give at any time."""
    tied = {visit for coupling in day.couplings for visit in (coupling.first, coupling.second)}
    visits = tuple(v for v in day.visits if v.id in tied or len(v.carers) > 1)
    clients = {visit.client for visit in visits}
    return day.model_copy(
        update={
            "id": f"{day.id}-tied",
            "clients": tuple(client for client in day.clients if client.id in clients),
            "visits": visits,
        }
    )


def _pairs() -> Scenario:
    return tied_visits_only(coupled_day(200, 17, SEED))


def _derived(name: str) -> Scenario:
    """Return a generated day with the visits that follow from its health records."""
    return derive(generate_scenario(RECIPES[name], SEED)).scenario


def _mixed(name: str) -> Scenario:
    """Return the large district's day with other numbers of clients and of each kind of staff."""
    clients, staff, seed = _MIXES[name]
    recipe = replace(RECIPES["zhenhai-day-l"], name=name, clients=clients, staff=staff)
    return derive(generate_scenario(recipe, seed)).scenario


_DAYS: dict[str, Callable[[], Scenario]] = {
    **{name: partial(_derived, name) for name in ("hamlet", *ZHENHAI)},
    **{name: partial(_mixed, name) for name in DISTRICTS},
    "uncoupled-200": partial(uncoupled_day, 200, 29, SEED),
    "uncoupled-870": partial(uncoupled_day, 870, 125, SEED),
    "uncoupled-3000": partial(uncoupled_day, 3_000, 430, SEED),
    "coupled-100": partial(coupled_day, 100, 17, SEED),
    "pairs-100": _pairs,
    "daily-7": lambda: derive(weeks_of_daily_care(145, 41, 7, SEED)).scenario,
    "scarce-20": partial(uncoupled_day, 20, 3, SEED, scarce=0.3),
    **{
        name: partial(uncoupled_day, 200, 29, seed, scarce=0.3)
        for seed, name in enumerate(SCARCE, 1)
    },
}


def named_day(name: str) -> Scenario:
    """Return the day called `name`, judged by care and travel as figures of all dates are.

    Raises
    ------
    KeyError
        If there is none.
    """
    return judged_by_travel(_DAYS[name]())


def independent_visits(visits: int, caregivers: int, seed: int, *, scarce: float = 0.0) -> Scenario:
    """Return a generated day of visits that do not depend on each other, judged likewise.

    Parameters
    ----------
    visits, caregivers, seed, scarce
        As in `uncoupled_day`.
    """
    return judged_by_travel(uncoupled_day(visits, caregivers, seed, scarce=scarce))


def judged_by_travel(day: Scenario) -> Scenario:
    """Return a day of which only care and travel count.

    What an office may also want (that work is shared fairly, that nobody idles, that whoever
    lives alone is not left out) weighs nothing, one visit makes two people known, and journeys are
    counted by the second: so figures stay comparable however the defaults are chosen.
    """
    weights = day.policy.weights
    unserved = weights.unserved.model_copy(update={"alone": 0})
    weights = weights.model_copy(update={"unserved": unserved, "balance": 0, "waiting": 0})
    policy = day.policy.model_copy(update={"weights": weights, "familiar_after": 1})
    travel = day.travel
    if isinstance(travel, GeodesicTravel):
        travel = travel.model_copy(update={"whole_minutes": False})
    return day.model_copy(update={"policy": policy, "travel": travel})
