"""Yearly rates of elders by age and need tier, read from ``rates.toml``."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from optimizer.domain.record import Record

Share = Annotated[float, Field(ge=0, le=1)]
ByTier = Annotated[tuple[float, ...], Field(min_length=5, max_length=5)]


class Rates(Record):
    """Rates by age and need tier.

    Attributes
    ----------
    ages
        From what age on each column holds.
    deaths, rises, falls
        Share that dies, whose tier rises by one, and falls by one, within a year, by age.
    entry_ages, entry_tiers
        Ages and tiers of new clients, as shares.
    hazard
        Factor of deaths by tier.
    """

    ages: tuple[int, ...]
    deaths: tuple[Share, ...]
    rises: tuple[Share, ...]
    falls: tuple[Share, ...]
    entry_ages: tuple[Share, ...]
    hazard: ByTier
    entry_tiers: ByTier

    def at_age(self, rates: Sequence[float], age: int) -> float:
        """Return the rate of an age; before the first one it is that of the first."""
        return rates[max(0, bisect_right(self.ages, age) - 1)]


@cache
def load_rates() -> Rates:
    """Return the rates of the package."""
    text = files("optimizer.shortfall").joinpath("rates.toml").read_text(encoding="utf-8")
    return Rates.model_validate(
        {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in tomllib.loads(text).items()
        }
    )
