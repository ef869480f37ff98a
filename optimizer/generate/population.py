"""Clients of a scenario with their health records, before anybody knows who visits them."""

from __future__ import annotations

import datetime
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from optimizer.domain.client import Client, Flag, Gender
from optimizer.generate.district import District, Town
from optimizer.generate.draw import deal, pick, stream
from optimizer.generate.purses import grant
from optimizer.generate.records import draw_health, meal_times, record_of
from optimizer.generate.settlement import Settlement
from optimizer.needs.catalogue import Catalogue

_LANGUAGES = ((("nb",), 35), (("nb", "zh"), 45), (("zh",), 20))
_LIVING_NOT_ALONE = (("spouse", 5), ("family", 3), ("alone", 2))


@dataclass(frozen=True)
class Resident:
    """A client with what only the generator knows of them."""

    client: Client
    town: Town
    gender: Gender


def populate(
    district: District,
    settlement: Settlement,
    catalogue: Catalogue,
    count: int,
    date: datetime.date,
    somebody_has: Collection[str],
    seed: int,
    attempt: int = 0,
) -> list[Resident]:
    """Return `count` clients, ids ``C0001`` and on.

    Towns, tiers and, within a tier, categories are in exact proportion.

    Parameters
    ----------
    district, settlement
        Where they live.
    catalogue
        Services, for what insurance pays.
    count
        Number of clients.
    date
        The day that is planned.
    somebody_has
        Conditions and devices that occur however few the clients are.
    seed
        Any integer.
    attempt
        Another number gives other records to people in the same places.
    """
    rng = stream(seed, "clients")
    towns = deal(rng, ((town, town.weight) for town in settlement.towns), count)
    tiers = deal(stream(seed, "tiers", attempt), enumerate(district.people.tiers), count)
    categories = _categories(district, tiers, seed)
    least_ages = [district.people.least_ages[category] for category in categories]
    health = draw_health(tiers, least_ages, somebody_has, seed, attempt)
    purses = grant(district.purses, catalogue, categories, health, seed)
    written = stream(seed, "records", attempt)
    residents = []
    for n in range(count):
        category = categories[n]
        living = "alone" if category == "cat_alone" else pick(rng, _LIVING_NOT_ALONE)
        client = Client(
            id=f"C{n + 1:04d}",
            home=settlement.home(rng, towns[n]),
            town=towns[n].code,
            category=category,
            living=living,
            age=health[n].age,
            health_record=record_of(written, health[n], date),
            entitlements=purses[n],
            languages=pick(rng, _LANGUAGES),
            meals=meal_times(written),
            flags=(Flag.ALONE,) if living == "alone" else (),
        )
        residents.append(Resident(client, towns[n], _gender(rng)))
    return residents


def _categories(district: District, tiers: Sequence[int], seed: int) -> list[str]:
    """Return each client's category, those of one tier in exact proportion."""
    weights = district.people.categories
    dealt = {
        tier: deal(
            stream(seed, "categories", tier),
            ((category, by_tier[tier]) for category, by_tier in weights.items()),
            tiers.count(tier),
        )
        for tier in set(tiers)
    }
    return [dealt[tier].pop() for tier in tiers]


def _gender(rng: random.Random) -> Gender:
    return Gender.FEMALE if rng.random() < 0.62 else Gender.MALE
