"""Recipes of the shipped scenarios."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace


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
        The day that is planned; of several days a day of the first week, which begins on Monday.
    clients
        Number of clients; how many visits the day has follows from their health records.
    staff
        Caregivers per group of ``district.toml``.
    towns
        Codes of the towns served; empty means all.
    organised
        Whether caregivers belong to organisations and contracts are listed.
    somebody_has
        Conditions and devices that occur whatever its size.
    at_least_once
        Services that the day has whatever its size, with the carers of such a visit.
    days
        Days planned; of several, everybody works the shifts of the one day on five days a week.
    recurring
        Care is series from morning to evening, of one town and no organisation.
    hand_made
        The scenario is written out by hand; seed and counts only describe it.
    packed
        The shipped file is compressed.
    """

    name: str
    purpose: str
    seed: int = 1
    date: datetime.date = datetime.date(2026, 3, 3)
    clients: int
    staff: dict[str, int] = field(default_factory=dict)
    towns: tuple[str, ...] = ()
    organised: bool = True
    somebody_has: tuple[str, ...] = ()
    at_least_once: tuple[tuple[str, int], ...] = ()
    days: int = 1
    recurring: bool = False
    hand_made: bool = False
    packed: bool = False

    @property
    def file_name(self) -> str:
        """Name of the shipped file."""
        return f"{self.name}.json.gz" if self.packed else f"{self.name}.json"


_DISTRICT_STAFF = {"C": 78, "N": 7, "R": 4, "HK": 8, "VOL": 40}

_MIDDLE = Recipe(
    name="zhenhai-day-m",
    purpose="A middle-sized day with organisations and contracts.",
    clients=150,
    staff={"C": 14, "N": 3, "R": 1, "HK": 2},
    towns=("luotuo", "guisi", "zhuangshi"),
    somebody_has=("diabetes_insulin", "nasogastric_tube"),
    at_least_once=(("INSULIN_INJ", 1), ("TUBE_FEED", 1), ("HYG_BATH", 2)),
)
_LARGE = Recipe(
    name="zhenhai-day-l",
    purpose="A whole district on an ordinary Tuesday; nearly everything can be served.",
    clients=870,
    staff=_DISTRICT_STAFF,
)

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="hamlet",
            purpose="Small enough to check every figure by hand.",
            clients=10,
            staff={"C": 2, "N": 1},
            organised=False,
            hand_made=True,
        ),
        Recipe(
            name="zhenhai-day-s",
            purpose="A small day for a first look and for tests: two towns, no contracts.",
            clients=30,
            staff={"C": 5, "N": 1, "R": 1},
            towns=("luotuo", "guisi"),
            organised=False,
            somebody_has=("diabetes_insulin",),
            at_least_once=(("INSULIN_INJ", 1), ("HYG_BATH", 2)),
        ),
        _MIDDLE,
        _LARGE,
        Recipe(
            name="zhenhai-day-xl",
            purpose="Grown demand with the same staff: far more is asked for than can be given.",
            clients=2340,
            staff=_DISTRICT_STAFF,
            packed=True,
        ),
        replace(
            _MIDDLE,
            name="zhenhai-week-m",
            purpose="The middle-sized day's people over a week; what recurs has a choice of days.",
            days=7,
            packed=True,
        ),
        replace(
            _LARGE,
            name="zhenhai-week-l",
            purpose="The whole district over a week: six organisations.",
            days=7,
            packed=True,
        ),
        replace(
            _MIDDLE,
            name="month-m",
            purpose="The middle-sized day's people over four weeks.",
            days=28,
            packed=True,
        ),
        Recipe(
            name="fortnight",
            purpose="Two weeks of daily care in one town, early and late shifts in turn.",
            date=datetime.date(2026, 3, 2),
            clients=137,
            staff={"C": 36, "N": 5},
            organised=False,
            days=14,
            recurring=True,
            packed=True,
        ),
    )
}
"""Recipes of the shipped scenarios, by name."""
