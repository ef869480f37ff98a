"""Random limits across days, and what was worked before the first one, drawn after all else."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Collection

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.night import NightHours
from optimizer.domain.scenario import Scenario
from optimizer.units import MS_PER_MINUTE

HOUR = 60 * MS_PER_MINUTE
FEATURES = frozenset({"consecutive_days", "month_overtime", "limited_nights"})


def with_law(scenario: Scenario, rng: random.Random, active: Collection[str]) -> Scenario:
    """Return the scenario with those of the features that `active` names, so tight that they bind.

    With `limited_nights` the night begins so early that half of all shifts are night shifts, and
    whoever works at night rests longer.
    """
    people, policy = scenario.caregivers, scenario.policy
    first = scenario.horizon.start
    if "limited_nights" in active:
        start, end = rng.choice((7, 12, 16)) * HOUR, rng.choice((5, 6)) * HOUR
        night = NightHours(start=start, end=end, least=rng.choice((1, 60, 120)))
        policy = policy.model_copy(update={"night": night})
        people = tuple(_with_nights(one, rng, first) for one in people)
    if "consecutive_days" in active:
        people = tuple(_with_days(one, rng, first) for one in people)
    if "month_overtime" in active:
        people = tuple(_with_overtime(one, rng, first) for one in people)
    return scenario.model_copy(update={"caregivers": people, "policy": policy})


def with_streaks(scenario: Scenario, rng: random.Random) -> Scenario:
    """Return the scenario with a weight on few days and nights in a row."""
    weights = scenario.policy.weights.model_copy(update={"streaks": rng.choice((1, 7, 30))})
    policy = scenario.policy.model_copy(
        update={
            "weights": weights,
            "preferred_consecutive_days": rng.choice((1, 1, 2, 3)),
            "preferred_consecutive_nights": rng.choice((1, 1, 2)),
        }
    )
    return scenario.model_copy(update={"policy": policy})


def _with_days(caregiver: Caregiver, rng: random.Random, first: dt.date) -> Caregiver:
    most = rng.choice((1, 1, 2, 3))
    worked = rng.choice((0, 0, 1, most, most + 1))
    if 0 < worked < caregiver.consecutive_nights_worked:
        worked = caregiver.consecutive_nights_worked
    return caregiver.model_copy(
        update={
            "consecutive_days": most,
            "consecutive_days_worked": _agreeing(worked, caregiver.days_worked, first),
        }
    )


def _agreeing(row: int, of_week: int, first: dt.date) -> int:
    """Return so many days in a row as agree with the days worked in the week before a day."""
    if row == 0 or of_week == 0:
        return row
    return max(row, of_week) if of_week == first.weekday() else min(row, of_week)


def _with_overtime(caregiver: Caregiver, rng: random.Random, first: dt.date) -> Caregiver:
    agreed, worked = rng.choice((0, 20, 45)), rng.choice((0, 0, 10, 30, 90))
    soft, hard = rng.choice((None, 0, 15, 40)), rng.choice((None, 20, 60))
    return caregiver.model_copy(
        update={
            "day_minutes": agreed * MS_PER_MINUTE,
            "month_overtime": None if soft is None else soft * MS_PER_MINUTE,
            "month_overtime_limit": None if hard is None else hard * MS_PER_MINUTE,
            "month_overtime_worked": 0 if first.day == 1 else worked * MS_PER_MINUTE,
        }
    )


def _with_nights(caregiver: Caregiver, rng: random.Random, first: dt.date) -> Caregiver:
    row, week = rng.choice((None, 1, 1, 2)), rng.choice((None, 0, 1, 2))
    longer = rng.choice((None, caregiver.rest + rng.choice((1, 6)) * HOUR))
    worked = min(rng.choice((0, 0, 1)), first.weekday())
    in_row = _agreeing(rng.choice((0, 0, 1, 2)), worked, first)
    return caregiver.model_copy(
        update={
            "consecutive_nights": row,
            "consecutive_nights_worked": in_row,
            "week_nights": week,
            "week_nights_worked": worked,
            "rest_after_night": longer,
            "shifts": tuple(
                shift.model_copy(update={"night": rng.choice((None, None, None, True, False))})
                for shift in caregiver.shifts
            ),
        }
    )
