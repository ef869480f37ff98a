"""How organisations are evaluated: indicators, weights, grades, and what follows for shares."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from optimizer.domain.record import Record
from optimizer.units import Minutes

Percent = Annotated[int, Field(ge=0, le=100)]
Figure = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
Least = Annotated[int, Field(ge=1, le=100_000)]


class Indicator(StrEnum):
    """What organisations are measured by."""

    COMPLETION = "completion"
    MINUTES = "minutes"
    PUNCTUAL = "punctual"
    MISSED_CRITICAL = "missed_critical"
    FACES = "faces"
    SATISFACTION = "satisfaction"
    COMPLAINTS = "complaints"
    CLOSED_IN_TIME = "closed_in_time"
    QUALIFIED = "qualified"
    ELECTRONIC = "electronic"
    PRICE = "price"
    CHANGES = "changes"
    SPOT_CHECKS = "spot_checks"


class Head(StrEnum):
    """The three heads of the survey: what a body does inside, outside, and is thought of."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    REPUTATION = "reputation"


class IndicatorTerms(Record):
    """What one indicator weighs, and which figures stand for 0 and for 100 points."""

    indicator: Indicator
    weight: Percent
    zero: Figure
    "Figure that is worth nothing, in per cent, per 1,000, or as a ratio."
    full: Figure
    "Figure that is worth 100 points; between the two points grow evenly."
    least: Least = 30
    "Visits, answers, clients or complaints below which it is not rated."


def _terms(
    indicator: Indicator, weight: int, zero: float, full: float, least: int = 30
) -> IndicatorTerms:
    return IndicatorTerms(indicator=indicator, weight=weight, zero=zero, full=full, least=least)


USUAL: tuple[IndicatorTerms, ...] = (
    _terms(Indicator.COMPLETION, 15, 85, 98),
    _terms(Indicator.MINUTES, 10, 85, 98),
    _terms(Indicator.PUNCTUAL, 10, 70, 95),
    _terms(Indicator.MISSED_CRITICAL, 10, 5, 0),
    _terms(Indicator.FACES, 10, 1.5, 0.8, 5),
    _terms(Indicator.SATISFACTION, 15, 75, 95, 20),
    _terms(Indicator.COMPLAINTS, 5, 5, 0),
    _terms(Indicator.CLOSED_IN_TIME, 5, 70, 100, 5),
    _terms(Indicator.QUALIFIED, 6, 95, 100),
    _terms(Indicator.ELECTRONIC, 6, 60, 90),
    _terms(Indicator.PRICE, 4, 1.1, 1),
    _terms(Indicator.CHANGES, 4, 15, 3),
    _terms(Indicator.SPOT_CHECKS, 0, 80, 100, 20),
)
"What each indicator is worth where a district says nothing else; spot checks are only told."


class Grade(StrEnum):
    """What a score is called."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


class GradeTerms(Record):
    """From which score on a grade is given, and what it does to the next period's share."""

    grade: Grade
    at_least: Percent
    share_percent: Annotated[int, Field(ge=0, le=200)]


GRADES: tuple[GradeTerms, ...] = (
    GradeTerms(grade=Grade.EXCELLENT, at_least=90, share_percent=120),
    GradeTerms(grade=Grade.GOOD, at_least=80, share_percent=100),
    GradeTerms(grade=Grade.FAIR, at_least=60, share_percent=80),
    GradeTerms(grade=Grade.POOR, at_least=0, share_percent=0),
)


class VisitBand(Record):
    """Clients with about as many visits, whose caregivers are compared with each other."""

    least: Least
    most: Least | None = None
    "No limit if not given."


class EvaluationTerms(Record):
    """By what organisations are evaluated: numbers that a district may set otherwise."""

    indicators: tuple[IndicatorTerms, ...] = USUAL
    "Weights add up to 100; what is not listed is not counted."
    grades: tuple[GradeTerms, ...] = GRADES
    "From the best to the worst; the last one begins at 0."
    most_step_percent: Percent = 20
    "So much of its share an organisation gains or loses at most, unless its grade takes all."
    least_weight: Percent = 50
    "An organisation of which less is rated is given no grade."
    on_time: Minutes = 15 * 60_000
    "A visit is punctual that begins so close to the plan; a critical one in its window."
    face_days: Annotated[int, Field(ge=1, le=366)] = 14
    "Caregivers of a client are counted over so many days."
    face_bands: Annotated[tuple[VisitBand, ...], Field(min_length=1)] = (
        VisitBand(least=1, most=3),
        VisitBand(least=4, most=13),
        VisitBand(least=14),
    )
    "By visits in these days."
    complaint_days: Annotated[int, Field(ge=1, le=60)] = 5
    "Working days in which a complaint is to be closed; a severe one by the next day."
    objection_days: Annotated[int, Field(ge=0, le=60)] = 10
    "Working days in which an organisation may object to its result."
    holidays: tuple[datetime.date, ...] = ()
    "Weekdays on which nobody works."
    working_weekends: tuple[datetime.date, ...] = ()
    "Saturdays and Sundays on which people work to make up for holidays."
