"""Where a number of a study comes from: a source that can be read, or somebody who assumes it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a parameter counts."""

    PERCENT = "percent"
    PERCENT_A_DAY = "percent_a_day"
    PERCENT_A_MONTH = "percent_a_month"
    PERCENT_A_YEAR = "percent_a_year"
    PEOPLE = "people"
    MINUTES = "minutes"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    CODE = "code"
    "A town, an organisation, a qualification."


class Owner(StrEnum):
    """Who answers for an assumption, and is to be asked for a better number."""

    DISTRICT = "district"
    "The district's civil affairs bureau."
    ORGANISATIONS = "organisations"
    "The organisations that employ the caregivers."
    HEALTH = "health"
    "The health authority."
    MODEL = "model"
    "Whoever makes the study: an assumption of method."


class Source(StrEnum):
    """What a number is taken from; sentences under ``source.``."""

    SURVEY_2014 = "survey_2014"
    SPRING_FESTIVAL_2026 = "spring_festival_2026"
    TURNOVER_TRADE = "turnover_trade"
    PRICE_60 = "price_60"
    OUTBREAK_2021 = "outbreak_2021"
    INFLUENZA_NINGBO = "influenza_ningbo"


@dataclass(frozen=True, slots=True)
class Basis:
    """What is known of a parameter beside its value and range.

    Attributes
    ----------
    unit
        What it counts.
    source
        Where its default is taken from; None where it is assumed.
    owner
        Who answers for it.
    low, high
        Between which it usually lies, assumed by whoever made this program; None where it is
        chosen and not assumed.
    """

    unit: Unit
    owner: Owner
    source: Source | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_uncertain(self) -> bool:
        """Whether it has a usual range."""
        return self.low is not None

    @property
    def is_assumed(self) -> bool:
        """Whether the default has no source."""
        return self.source is None
