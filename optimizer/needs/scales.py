"""Scales of need: which scores are possible and which tier they stand for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, get_args

from pydantic import Field

from optimizer.domain.health import Assessment, Scheme
from optimizer.domain.record import Record

Tier = Annotated[int, Field(ge=0, le=4)]
Band = tuple[int, int, Tier]


class Raises(Record):
    """What makes the need of a scheme one tier higher, once in all.

    Attributes
    ----------
    conditions
        Codes of diagnoses.
    events
        So many care-risk events,
    event_days
        within so many days before the record.
    """

    conditions: tuple[str, ...]
    events: int
    event_days: int


class Scale(Record):
    """One scheme of assessment.

    Attributes
    ----------
    en, zh
        Its name in both languages.
    best, worst
        Score or grade at both ends; the direction follows from them.
    valid_months, valid_source
        How long an assessment holds that names no last day, and where that is from.
    raises
        What makes the tier of a score higher; None where the scheme knows no such thing.
    normal_from
        Least score that is normal, by schooling; where it is known, it comes before the bands.
    bands
        Per version, lowest score, highest score and tier of what lies between.
    grades
        Per version, the tier of each grade.
    items
        Highest score per item, the best of it; 0 is the worst.
    equivalents
        Per item, what it says in points of items of the ability assessment: pairs of the least
        score and the points, ascending.
    sources
        Where each of its tables is from, by its name (``bands.2022``, ``items``).
    """

    en: str
    zh: str
    best: int
    worst: int
    valid_months: int
    valid_source: str
    raises: Raises | None = None
    normal_from: Mapping[str, int] = {}
    bands: Mapping[str, tuple[Band, ...]] = {}
    grades: Mapping[str, Mapping[str, Tier]] = {}
    items: Mapping[str, int] = {}
    equivalents: Mapping[str, Mapping[str, tuple[tuple[int, int], ...]]] = {}
    sources: Mapping[str, str] = {}

    @property
    def versions(self) -> tuple[str, ...]:
        """Return the editions that are known."""
        return tuple(dict.fromkeys([*self.bands, *self.grades]))

    def tier_of_score(self, version: str, score: int) -> int | None:
        """Return the tier of a score; None if no band of the version holds it."""
        for low, high, tier in self.bands.get(version, ()):
            if low <= score <= high:
                return tier
        return None

    def in_ability_points(self, item: str, score: int) -> dict[str, int]:
        """Return the points of the ability assessment that a score of an item stands for."""
        return {
            other: max((points for least, points in steps if least <= score), default=0)
            for other, steps in self.equivalents.get(item, {}).items()
        }

    def tier_of_grade(self, version: str, grade: str) -> int | None:
        """Return the tier of a grade; None if the version has no such grade."""
        return self.grades.get(version, {}).get(grade)


@cache
def load_scales() -> dict[Scheme, Scale]:
    """Return the scales that come with the package, by scheme."""
    text = files("optimizer.needs").joinpath("scales.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)
    return {name: Scale.model_validate(rows[name]) for name in get_args(Scheme)}


def score_of(assessment: Assessment) -> int | None:
    """Return the score of an assessment: the one on its form, or the sum of all its items."""
    if assessment.raw_score is not None:
        return assessment.raw_score
    items = load_scales()[assessment.scheme].items
    if items and assessment.item_scores.keys() == items.keys():
        return sum(assessment.item_scores.values())
    return None


def tier_of(assessment: Assessment) -> int | None:
    """Return the tier of an assessment before any raise: that of its score, else of its grade."""
    score = score_of(assessment)
    if score is not None and _is_normal(assessment, score):
        return 0
    if score is not None:
        found = load_scales()[assessment.scheme].tier_of_score(assessment.version, score)
        if found is not None:
            return found
    return graded_tier(assessment)


def _is_normal(assessment: Assessment, score: int) -> bool:
    """Return whether a score is normal for the schooling that the form names."""
    normal = load_scales()[assessment.scheme].normal_from
    least = normal.get(assessment.schooling or "")
    return least is not None and score >= least


def graded_tier(assessment: Assessment) -> int | None:
    """Return the tier of the grade on the form, which may hold raises already; None without one."""
    if assessment.raw_grade is None:
        return None
    scale = load_scales()[assessment.scheme]
    return scale.tier_of_grade(assessment.version, assessment.raw_grade)


def last_day(assessment: Assessment) -> date:
    """Return the last day on which an assessment holds."""
    if assessment.valid_until is not None:
        return assessment.valid_until
    months = load_scales()[assessment.scheme].valid_months
    # A month has 365.25 / 12 = 487 / 16 days.
    ordinal = assessment.assessed_on.toordinal() + months * 487 // 16
    return date.fromordinal(min(ordinal, date.max.toordinal()))
