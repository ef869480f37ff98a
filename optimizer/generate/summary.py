"""What a scenario is: one row of a catalogue, and targets beside what was drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from optimizer.domain.client import Client
from optimizer.domain.scenario import Scenario
from optimizer.generate.district import load_district
from optimizer.generate.recipe import Recipe
from optimizer.needs import Needs, derive

_MINUTES_PER_HOUR = 60
_LIFE_YUAN_PER_HOUR = 27

# The survey of the district: 870 clients, 3,102,947 yuan a year.
_CATEGORY_SHARES = {"cat_hardship": 30, "cat_alone": 35, "cat_disabled": 20, "cat_special": 15}
_HOURS_A_MONTH = 11.0
_YUAN_A_MONTH = 297.2


def summary(recipe: Recipe, scenario: Scenario) -> dict[str, str | int]:
    """Return the catalogue's row of a scenario made from a recipe's own seed.

    Visits, couplings and pairs are those that follow from the health records.
    """
    planned = derive(scenario).scenario
    return {
        "name": recipe.name,
        "file": recipe.file_name,
        "days": scenario.horizon.days,
        "clients": len(scenario.clients),
        "visits": len(planned.visits),
        "caregivers": sum(not caregiver.volunteer for caregiver in scenario.caregivers),
        "volunteers": sum(caregiver.volunteer for caregiver in scenario.caregivers),
        "two_carer_visits": sum(len(visit.carers) == 2 for visit in planned.visits),
        "couplings": len(planned.couplings),
        "seed": recipe.seed,
        "purpose": recipe.purpose,
    }


@dataclass(frozen=True)
class Figure:
    """One figure of a scenario.

    Attributes
    ----------
    code
        What it is, such as ``tier_2``; the key of its sentence.
    target
        What it should be; None where it follows from others.
    drawn
        What it is.
    decimals
        Digits after the point that mean something.
    """

    code: str
    target: float | None
    drawn: float
    decimals: int = 0


def figures(recipe: Recipe, scenario: Scenario) -> tuple[Figure, ...]:
    """Return targets and drawn values side by side.

    Parameters
    ----------
    recipe
        What the scenario was made from.
    scenario
        The scenario.
    """
    needs = derive(scenario)
    clients = Figure("clients", recipe.clients, len(scenario.clients))
    visits = Figure("visits", None, len(needs.scenario.visits))
    if recipe.hand_made or recipe.recurring:
        return (clients, visits)
    return (
        clients,
        *_shares(scenario, needs),
        *_purses(scenario.clients),
        *_care(needs),
        visits,
    )


def _shares(scenario: Scenario, needs: Needs) -> Iterator[Figure]:
    """Yield the shares of categories and tiers, per cent of the clients."""
    count = len(scenario.clients)
    categories = Counter(client.category for client in scenario.clients)
    for category, share in _CATEGORY_SHARES.items():
        yield Figure(category, share, 100 * categories[category] / count, 1)
    tiers = Counter(one.facts.tier for one in needs.clients)
    for tier, weight in enumerate(load_district().people.tiers):
        yield Figure(f"tier_{tier}", weight, 100 * tiers[tier] / count, 1)


def _purses(clients: tuple[Client, ...]) -> Iterator[Figure]:
    """Yield what the bureau buys per client and month, and how many are insured."""
    purses = load_district().purses
    granted = [entitlement for client in clients for entitlement in client.entitlements]
    minutes = sum(one.cap for one in granted if one.payer == purses.civil.payer)
    hours = minutes / _MINUTES_PER_HOUR / len(clients)
    insured = sum(one.payer == purses.ltci.payer for one in granted)
    yield Figure("hours", _HOURS_A_MONTH, hours, 2)
    yield Figure("yuan", _YUAN_A_MONTH, hours * _LIFE_YUAN_PER_HOUR, 1)
    yield Figure("insured", purses.ltci.share, 100 * insured / len(clients), 1)


def _care(needs: Needs) -> Iterator[Figure]:
    """Yield the minutes of four weeks."""
    yield Figure("needed", None, sum(one.needed for one in needs.clients))
    yield Figure("entitled", None, sum(one.entitled for one in needs.clients))
    yield Figure("cut", None, sum(one.cut for one in needs.clients))
