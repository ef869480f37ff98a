"""Clients of a scenario, before anything is known about their visits."""

from __future__ import annotations

import random
from dataclasses import dataclass

from optimizer.domain.client import Client, Flag, Gender
from optimizer.generate.district import District, Town
from optimizer.generate.draw import deal, pick, stream
from optimizer.generate.settlement import Settlement

_LANGUAGES = ((("nb",), 35), (("nb", "zh"), 45), (("zh",), 20))
_LIVING_NOT_ALONE = (("spouse", 5), ("family", 3), ("alone", 2))
# Weights of categories by need tier: certified disability goes with need, so that all in
# all about 30 % live in hardship, 35 % alone, 20 % are disabled, 15 % special.
_CATEGORIES = ("cat_hardship", "cat_alone", "cat_disabled", "cat_special")
_CATEGORY_WEIGHTS = (
    (35, 44, 3, 18),
    (35, 42, 6, 17),
    (28, 34, 25, 13),
    (18, 18, 54, 10),
    (12, 10, 70, 8),
)


@dataclass(frozen=True)
class Resident:
    """A client with what only the generator knows of them."""

    client: Client
    town: Town
    tier: int
    gender: Gender


def populate(district: District, settlement: Settlement, count: int, seed: int) -> list[Resident]:
    """Return `count` clients, ids ``C0001`` and on, towns and tiers in exact proportion."""
    rng = stream(seed, "clients")
    towns = deal(rng, ((town, town.weight) for town in settlement.towns), count)
    tiers = deal(rng, enumerate(district.people.tiers), count)
    return [
        _resident(rng, settlement, f"C{n + 1:04d}", town, tier)
        for n, (town, tier) in enumerate(zip(towns, tiers, strict=True))
    ]


def _resident(
    rng: random.Random, settlement: Settlement, client_id: str, town: Town, tier: int
) -> Resident:
    category = pick(rng, zip(_CATEGORIES, _CATEGORY_WEIGHTS[tier], strict=True))
    living = "alone" if category == "cat_alone" else pick(rng, _LIVING_NOT_ALONE)
    client = Client(
        id=client_id,
        home=settlement.home(rng, town),
        town=town.code,
        category=category,
        living=living,
        need_tier=tier,
        languages=pick(rng, _LANGUAGES),
        flags=(Flag.ALONE,) if living == "alone" else (),
    )
    gender = Gender.FEMALE if rng.random() < 0.62 else Gender.MALE
    return Resident(client, town, tier, gender)
