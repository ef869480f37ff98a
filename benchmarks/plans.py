"""Random plans of small random days and weeks: engine, verifier and exact model agree."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.markdown import cell
from benchmarks.random_plans import RandomPlans
from benchmarks.suite import Figure, Measurement, Settings, Suite, Table
from benchmarks.three_judges import ThreeJudges
from optimizer.domain.scenario import Scenario
from tests.worlds.random_small import USUAL, random_small
from tests.worlds.random_week import random_week

SMOKE_SCENARIOS = 3
FIRST = 0
"Number of the first day or week; they are consecutive, none is left out."


@dataclass(frozen=True, slots=True)
class _Case:
    """Random scenarios by their number, how many of them, and plans of each."""

    make: Callable[[int], Scenario]
    scenarios: int
    plans: int


CASES = {
    "every feature": _Case(lambda n: random_small(n, 3 + n % 5, 2 + n % 3, USUAL), 1_000, 20),
    "weeks": _Case(random_week, 10_000, 2),
}


def run(settings: Settings) -> Iterator[Measurement]:
    """Judge random plans of every day and week three times, with other plans for every seed."""
    for name, case in CASES.items():
        if settings.wants(name):
            count = SMOKE_SCENARIOS if settings.smoke else case.scenarios
            for seed in settings.seeds:
                yield Measurement(name, seed, _figures(case, count, seed))


def _figures(case: _Case, count: int, seed: int) -> dict[str, Figure]:
    right = wrong = 0
    differing: list[str] = []
    broken = Counter[str]()
    began = time.perf_counter()
    for number in range(FIRST, FIRST + count):
        judges = ThreeJudges(case.make(number))
        for at, routes in enumerate(RandomPlans(judges.data, seed).draw(case.plans)):
            judgement = judges.judge(routes)
            right += judgement.is_right
            wrong += not judgement.is_right
            broken.update(judgement.broken)
            if judgement.difference:
                differing.append(f"{number}/{at}: {judgement.difference}")
    return {
        "days": count,
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
