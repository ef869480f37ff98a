"""Health records: ability items, conditions, devices and risk events that go together.

They are drawn backwards. The need tier is given, so that its shares are met exactly; traits
are dealt by tier; what they raise the tier by is taken off again; and a person's frailty is
the one at which the 26 items sum to a score of the tier that is left.
"""

from __future__ import annotations

import datetime
import math
import random
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from optimizer.domain.client import MealTimes
from optimizer.domain.health import Assessment, Condition, HealthRecord, RiskEvent
from optimizer.generate.draw import pick, stream
from optimizer.generate.prevalence import Prevalence, Trait, load_prevalence
from optimizer.needs.scales import load_scales
from optimizer.units import MS_PER_MINUTE, parse_clock

_VERSION = "2022"
_GRID = 5 * MS_PER_MINUTE
_BREAKFAST = parse_clock("07:00"), parse_clock("08:20")
_LUNCH_AFTER = 240, 270
_DINNER_AFTER = 570, 630
_LATEST_DINNER = parse_clock("18:15")
"Later the last carers of the day have gone home before dinner is eaten."

_FIRST_AGE, _AGE_BAND = 60, 5
_LOWEST_FRAILTY, _HIGHEST_FRAILTY = -400, 1600
_MARGIN = 3
"Points that one step of frailty costs at most: walking, and going out with it."

_STAGES = ((1, 55), (2, 30), (3, 11), (4, 4))
_INJECTIONS = ((1, 60), (2, 40))
_DIALYSIS_DAYS = (((1, 3, 5), 1), ((2, 4, 6), 1))


@dataclass
class Health:
    """What is known of one client's health before it is written down.

    Attributes
    ----------
    tier
        Need tier, 0 to 4, with all raises.
    traits
        Conditions, devices and events, by code.
    scores
        Score of each item.
    age
        Whole years.
    """

    tier: int
    traits: dict[str, Trait] = field(default_factory=dict)
    scores: dict[str, int] = field(default_factory=dict)
    age: int = 0

    @property
    def is_nursed(self) -> bool:
        """Whether a nurse comes every day."""
        return any(trait.nursed for trait in self.traits.values())

    @property
    def raises(self) -> int:
        """How many tiers conditions and events raise the one of the score by, one at most."""
        raises = load_scales()["gbt42195"].raises
        mental = raises is not None and any(code in self.traits for code in raises.conditions)
        return int(mental or "fall_twice" in self.traits)


def draw_health(
    tiers: Sequence[int],
    least_ages: Sequence[int],
    somebody_has: Collection[str],
    seed: int,
    attempt: int = 0,
) -> list[Health]:
    """Return the health of clients with these need tiers.

    Parameters
    ----------
    tiers
        Need tier of each client, 0 to 4.
    least_ages
        Least age of each client, whole years.
    somebody_has
        Traits that occur however few the clients are.
    seed, attempt
        Any integers.
    """
    drawn_from = load_prevalence()
    people = [Health(tier) for tier in tiers]
    ages = stream(seed, "ages", attempt)
    for person, least in zip(people, least_ages, strict=True):
        person.age = _age(ages, drawn_from.ages[person.tier], least)
    traits = {**drawn_from.conditions, **drawn_from.devices, **drawn_from.events}
    for code, trait in traits.items():
        if not trait.at_most:
            rng = stream(seed, "trait", code, attempt)
            _deal(people, code, trait, rng, least=int(code in somebody_has))
    abilities = stream(seed, "abilities", attempt)
    for person in people:
        person.scores = _scores(abilities, person, drawn_from)
    for code, trait in traits.items():
        if trait.at_most:
            _deal(people, code, trait, stream(seed, "trait", code, attempt))
    return people


def _age(rng: random.Random, weights: Sequence[float], least: int) -> int:
    bands = range(_FIRST_AGE, _FIRST_AGE + _AGE_BAND * len(weights), _AGE_BAND)
    old_enough = [(b, w) for b, w in zip(bands, weights, strict=True) if b >= least]
    return pick(rng, old_enough) + rng.randrange(_AGE_BAND)


def _deal(
    people: Sequence[Health], code: str, trait: Trait, rng: random.Random, least: int = 0
) -> None:
    """Give a trait to its share of the people, tiers with more weight more often."""
    draws = [(rng.random(), person) for person in people]
    # Weighted draws without replacement (Efraimidis and Spirakis, 2006).
    able = [
        (draw ** (1 / trait.tiers[person.tier]), person)
        for draw, person in draws
        if trait.tiers[person.tier] > 0 and _may_have(person, trait)
    ]
    able.sort(key=lambda row: row[0], reverse=True)
    # Rounded up or down by chance: rare things occur in some small places and not in others.
    count = math.floor(len(people) * trait.share / 100 + rng.random())
    for _, person in able[: max(count, least)]:
        person.traits[code] = trait


def _may_have(person: Health, trait: Trait) -> bool:
    return not any(code in person.traits for code in trait.without) and all(
        person.scores[item] <= most for item, most in trait.at_most.items()
    )


def _scores(rng: random.Random, person: Health, drawn_from: Prevalence) -> dict[str, int]:
    """Return item scores whose sum lies in the band of the tier before all raises."""
    base = person.tier - person.raises
    if person.tier == 4 and person.raises and rng.random() < 0.4:
        # Total need by the score alone, which nothing raises any further.
        base = 4
    low, high = next(
        (low, high) for low, high, tier in load_scales()["gbt42195"].bands[_VERSION] if tier == base
    )
    if low == high:
        return dict(load_scales()["gbt42195"].items)
    target = rng.randint(low + _MARGIN, high)
    traits = person.traits.values()
    mind = sum(trait.mind for trait in traits) or -drawn_from.clear_mind
    body = sum(trait.body for trait in traits)
    fixed = {item: score for trait in traits for item, score in trait.fixed.items()}
    own = {
        code: round(rng.gauss(mind if item.mind else body, drawn_from.spread))
        for code, item in drawn_from.items.items()
    }
    below, above = _LOWEST_FRAILTY, _HIGHEST_FRAILTY
    while above - below > 1:
        frailty = (below + above) // 2
        if sum(_scores_at(frailty, own, fixed).values()) <= target:
            above = frailty
        else:
            below = frailty
    return _scores_at(above, own, fixed)


@cache
def _cut_points() -> dict[str, tuple[int, ...]]:
    """Return per item the frailty at which each of its points is lost, in order."""
    cuts = {}
    for code, best in load_scales()["gbt42195"].items.items():
        item = load_prevalence().items[code]
        steps = max(1, best - 1)
        cuts[code] = tuple(item.first + (item.last - item.first) * n // steps for n in range(best))
    return cuts


def _scores_at(frailty: int, own: Mapping[str, int], fixed: Mapping[str, int]) -> dict[str, int]:
    """Return the item scores of a frailty, 0 to 1000, and each item's own deviation."""
    scores = {
        code: fixed.get(code, len(cuts) - bisect_right(cuts, frailty + own[code]))
        for code, cuts in _cut_points().items()
    }
    if scores["walking"] == 0:
        # Whoever cannot walk a step does not travel alone either.
        scores["transport"] = min(scores["transport"], 2)
    return scores


def record_of(rng: random.Random, health: Health, date: datetime.date) -> HealthRecord:
    """Return the record in which a client's health is written down before a day.

    Parameters
    ----------
    rng
        Draws the dates, the weight, and details of conditions.
    health
        What the record says.
    date
        The day that is planned; everything was recorded in the year before it.
    """
    drawn_from = load_prevalence()
    recorded = date - datetime.timedelta(days=rng.randint(1, 90))
    assessed = recorded - datetime.timedelta(days=rng.randint(0, 240))
    events = []
    if "fall" in health.traits:
        events.append(RiskEvent(kind="fall", on=_before(rng, recorded, 31, 360)))
    if "fall_twice" in health.traits:
        events += [RiskEvent(kind="fall", on=_before(rng, recorded, 1, 28)) for _ in range(2)]
    if "choking" in health.traits:
        events.append(RiskEvent(kind="choking", on=_before(rng, recorded, 31, 240)))
    return HealthRecord(
        recorded_on=recorded,
        assessments=(
            Assessment(
                scheme="gbt42195",
                version=_VERSION,
                raw_score=sum(health.scores.values()),
                item_scores=health.scores,
                assessed_on=assessed,
            ),
        ),
        conditions=tuple(
            _condition(rng, code, health.traits[code], recorded)
            for code in drawn_from.conditions
            if code in health.traits
        ),
        devices=tuple(code for code in drawn_from.devices if code in health.traits),
        risk_events=tuple(sorted(events, key=lambda event: event.on)),
        weight_kg=min(105, max(38, round(rng.gauss(60, 10)))),
    )


def _before(rng: random.Random, recorded: datetime.date, least: int, most: int) -> datetime.date:
    return recorded - datetime.timedelta(days=rng.randint(least, most))


def _condition(rng: random.Random, code: str, trait: Trait, recorded: datetime.date) -> Condition:
    since = _before(rng, recorded, 0, round(trait.years * 365))
    if code == "pressure_injury":
        return Condition(code=code, since=since, stage=pick(rng, _STAGES))
    if code == "diabetes_insulin":
        return Condition(code=code, since=since, per_day=pick(rng, _INJECTIONS))
    if code == "dialysis":
        return Condition(code=code, since=since, weekdays=pick(rng, _DIALYSIS_DAYS))
    return Condition(code=code, since=since)


def meal_times(rng: random.Random) -> MealTimes:
    """Return when a client eats, on a grid of five minutes.

    Everybody's own times keep the nurses who inject insulin before meals from being needed
    everywhere at once.
    """
    first, last = _BREAKFAST
    breakfast = first + rng.randint(0, (last - first) // _GRID) * _GRID
    lunch = breakfast + _after(rng, _LUNCH_AFTER)
    dinner = min(breakfast + _after(rng, _DINNER_AFTER), _LATEST_DINNER)
    return MealTimes(breakfast=breakfast, lunch=lunch, dinner=dinner)


def _after(rng: random.Random, minutes: tuple[int, int]) -> int:
    least, most = minutes
    return rng.randrange(least, most + 1, 5) * MS_PER_MINUTE
