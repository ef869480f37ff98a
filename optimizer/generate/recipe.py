"""Recipes of the shipped scenarios."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What a scenario is made of; together with a seed it decides every byte.

    Attributes
    ----------
    name
        Id of the scenario.
    purpose
        What the scenario is good for, one sentence.
    seed
        Seed of the shipped file.
    date
        The day that is planned.
    visits
        Number of visits on that day.
    clients
        Number of clients; those beyond the ones visited that day have no visit. None:
        only visited clients.
    staff
        Caregivers per group of ``district.toml``.
    towns
        Codes of the towns served; empty means all.
    organised
        Whether caregivers belong to organisations and contracts are listed.
    at_least_once
        Kinds of client's day that occur whatever the size.
    hand_made
        The scenario is written out by hand; seed and counts only describe it.
    packed
        The shipped file is compressed.
    """

    name: str
    purpose: str
    seed: int = 1
    date: datetime.date = datetime.date(2026, 3, 3)
    visits: int
    clients: int | None = None
    staff: dict[str, int] = field(default_factory=dict)
    towns: tuple[str, ...] = ()
    organised: bool = True
    at_least_once: tuple[str, ...] = ()
    hand_made: bool = False
    packed: bool = False

    @property
    def file_name(self) -> str:
        """Name of the shipped file."""
        return f"{self.name}.json.gz" if self.packed else f"{self.name}.json"


_DISTRICT_STAFF = {"C": 78, "N": 7, "R": 4, "HK": 8, "VOL": 40}

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="hamlet",
            purpose="Small enough to check every figure by hand.",
            visits=12,
            clients=10,
            staff={"C": 2, "N": 1},
            organised=False,
            hand_made=True,
        ),
        Recipe(
            name="zhenhai-day-s",
            purpose="A small day for a first look and for tests: two towns, no contracts.",
            visits=30,
            staff={"C": 5, "N": 1},
            towns=("luotuo", "guisi"),
            organised=False,
            at_least_once=("insulin_twice", "vitals_then_bath", "turning", "cleaning"),
        ),
        Recipe(
            name="zhenhai-day-m",
            purpose="A middle-sized day with organisations and contracts.",
            visits=150,
            staff={"C": 14, "N": 3, "R": 1, "HK": 2},
            towns=("luotuo", "guisi", "zhuangshi"),
            at_least_once=("insulin_twice", "vitals_then_bath", "turning", "tube"),
        ),
        Recipe(
            name="zhenhai-day-l",
            purpose="A whole district on an ordinary Tuesday; nearly everything can be served.",
            visits=870,
            clients=870,
            staff=_DISTRICT_STAFF,
        ),
        Recipe(
            name="zhenhai-day-xl",
            purpose="Grown demand with the same staff: far more is asked for than can be given.",
            visits=2340,
            clients=2340,
            staff=_DISTRICT_STAFF,
            packed=True,
        ),
    )
}
"""Recipes of the shipped scenarios, by name."""
