"""Caregivers of a scenario: grades, shifts, homes, employers."""

from __future__ import annotations

import datetime
import random
from collections.abc import Mapping
from dataclasses import dataclass

from optimizer.domain.caregiver import BreakRule, Caregiver, Origin, Shift
from optimizer.domain.client import Gender
from optimizer.generate.district import Body, District, ShiftKind, Town
from optimizer.generate.draw import deal, stream
from optimizer.generate.grades import qualification
from optimizer.generate.settlement import Settlement

_DAY_MINUTES, _DAY_LIMIT = 480, 600
_WEEK_MINUTES, _WEEK_LIMIT = 2400, 2640
_LONGEST_LEG = 60


@dataclass(frozen=True)
class Hired:
    """A caregiver and the town that they mainly serve."""

    caregiver: Caregiver
    town: Town


def draw_staff(
    district: District,
    settlement: Settlement,
    counts: Mapping[str, int],
    date: datetime.date,
    organised: bool,
    seed: int,
) -> tuple[Hired, ...]:
    """Return the caregivers of a scenario, group by group, ids ``G001`` and on.

    Parameters
    ----------
    counts
        Caregivers per group.
    organised
        Whether each belongs to an organisation that is contracted where they serve.
    """
    hired: list[Hired] = []
    for name, count in counts.items():
        hired += _hire_group(district, settlement, name, count, date, organised, seed, len(hired))
    return tuple(hired)


def _hire_group(
    district: District,
    settlement: Settlement,
    name: str,
    count: int,
    date: datetime.date,
    organised: bool,
    seed: int,
    before: int,
) -> list[Hired]:
    rng = stream(seed, "hire", name)
    group = district.groups[name]
    people = district.people
    towns = deal(rng, ((town, town.weight) for town in settlement.towns), count)
    skills = deal(rng, ((skill, skill.weight) for skill in group.holds), count)
    # Shifts are dealt town by town, best trained first: no town is without its early or
    # late carers, and those who bathe clients in pairs mostly work at the same time.
    pairs = sorted(zip(towns, skills, strict=True), key=lambda p: (p[0].code, p[1].weight))
    shifts = _spread(rng, group.shifts, count)
    modes = deal(rng, group.modes.items(), count)
    overtime = deal(rng, ((minutes, 1) for minutes in group.overtime), count)
    women = people.women_among_caregivers
    genders = deal(rng, ((Gender.FEMALE, women), (Gender.MALE, 1 - women)), count)
    outside = group.from_outside
    origins = deal(
        stream(seed, "origin", name),
        ((Origin.OUTSIDE, outside), (Origin.LOCAL, 1 - outside)),
        count,
    )
    hired = []
    for n in range(count):
        town, skill = pairs[n]
        kind = district.shifts[shifts[n]]
        at_home = rng.random() < people.lives_in_served_town
        lives_in = town if at_home else settlement.neighbour(rng, town)
        languages = ("nb", "zh") if rng.random() < people.speaks_local else ("zh",)
        caregiver = Caregiver(
            id=f"G{before + n + 1:03d}",
            organisation=_employer(rng, district, name, town) if organised else None,
            qualifications=tuple(qualification(code) for code in skill.codes),
            gender=genders[n],
            languages=languages,
            home=settlement.home(rng, lives_in),
            mode=modes[n],
            shifts=_shifts(kind, date),
            break_rule=_break_rule(kind),
            overtime_limit=overtime[n],
            visits_per_day=group.visits_per_day,
            longest_leg=_LONGEST_LEG,
            day_minutes=None if group.volunteer else _DAY_MINUTES,
            day_minutes_limit=None if group.volunteer else _DAY_LIMIT,
            week_minutes=None if group.volunteer else _WEEK_MINUTES,
            week_minutes_limit=None if group.volunteer else _WEEK_LIMIT,
            fen_per_minute=group.fen_per_minute,
            fen_per_overtime_minute=group.fen_per_overtime_minute,
            volunteer=group.volunteer,
            origin=origins[n],
        )
        hired.append(Hired(caregiver, town))
    return hired


def _spread(rng: random.Random, weights: Mapping[str, float], count: int) -> list[str]:
    """Return `count` names in proportion to the weights, as evenly mixed as possible."""
    given = dict.fromkeys(weights, 0.0)
    total = sum(weights.values())
    names = []
    for _ in range(count):
        for name, weight in weights.items():
            given[name] += weight / total
        chosen = max(given, key=lambda name: (given[name], rng.random()))
        given[chosen] -= 1
        names.append(chosen)
    return names


def _shifts(kind: ShiftKind, date: datetime.date) -> tuple[Shift, ...]:
    return tuple(Shift(date=date, start=start, end=end) for start, end in kind.spans)


def _break_rule(kind: ShiftKind) -> BreakRule | None:
    pause = kind.pause
    if pause is None:
        return None
    return BreakRule(
        duration=pause.minutes,
        earliest=pause.earliest,
        latest=pause.latest,
        after=360,
    )


def _employer(rng: random.Random, district: District, group: str, town: Town) -> str:
    bodies = district.organisations
    if group == "VOL":
        return next(body.id for body in bodies if body.volunteers)
    if group in ("N", "R"):
        return rng.choice([body for body in bodies if body.medical]).id
    covering = [body for body in bodies if town.code in body.towns]
    return rng.choices(covering, [_size(body) for body in covering])[0].id


def _size(body: Body) -> float:
    """Return how many paid caregivers a body has beside others in the same town."""
    return 0.5 if body.volunteers else 1.0
