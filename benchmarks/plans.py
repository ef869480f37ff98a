"""Random plans of small random days, right and wrong: engine, verifier and exact model agree."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence

from benchmarks.markdown import cell
from benchmarks.random_plans import RandomPlans
from benchmarks.suite import Figure, Measurement, Settings, Suite, Table
from benchmarks.three_judges import ThreeJudges
from tests.worlds.random_small import USUAL, random_small

DAYS, SMOKE_DAYS = 1_000, 3
PLANS = 20
"Plans of each day."
FIRST = 0
"Number of the first day; the days are consecutive, none is left out."


def run(settings: Settings) -> Iterator[Measurement]:
    """Judge random plans of every day three times, with other plans for every seed."""
    days = SMOKE_DAYS if settings.smoke else DAYS
    for seed in settings.seeds:
        yield Measurement("every feature", seed, _figures(days, seed))


def _figures(days: int, seed: int) -> dict[str, Figure]:
    right = wrong = 0
    differing: list[str] = []
    broken = Counter[str]()
    began = time.perf_counter()
    for day in range(FIRST, FIRST + days):
        scenario = random_small(day, 3 + day % 5, 2 + day % 3, USUAL)
        judges = ThreeJudges(scenario)
        for number, routes in enumerate(RandomPlans(judges.data, seed).draw(PLANS)):
            judgement = judges.judge(routes)
            right += judgement.is_right
            wrong += not judgement.is_right
            broken.update(judgement.broken)
            if judgement.difference:
                differing.append(f"{day}/{number}: {judgement.difference}")
    return {
        "days": days,
        "plans": right + wrong,
        "right": right,
        "wrong": wrong,
        "agreed": right + wrong - len(differing),
        "differing": "; ".join(differing),
        "rules_broken": " ".join(f"{rule}={count}" for rule, count in sorted(broken.items())),
        "seconds": round(time.perf_counter() - began, 1),
        "valid": not differing,
    }


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one row per seed."""
    names = ("days", "plans", "right", "wrong", "agreed", "differing", "seconds")
    rows = tuple(
        (m.case, cell(m.seed), *(str(m.figures[name]) for name in names)) for m in measurements
    )
    notes = tuple(f"Broken rules: {m.figures['rules_broken']}." for m in measurements)
    return [Table("Random plans before three judges", ("features", "seed", *names), rows, notes)]


SUITE = Suite(
    name="plans",
    purpose="Whether engine, verifier and exact model say the same of random plans.",
    headline="wrong",
    seconds=None,
    run=run,
    tables=tables,
)
