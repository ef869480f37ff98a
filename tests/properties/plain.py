"""What a process without the compiler does: run as ``python -m tests.properties.plain``.

One small day for each feature that a day may have, with nothing else on it; with a number, 20 days
on which features meet, from that number on.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from optimizer.domain.scenario import Scenario
from optimizer.solving import solve
from tests.properties.moves import Walk, walk
from tests.worlds.random_small import USUAL, random_small

FEATURES = tuple(sorted(USUAL))
SEED = 1
"A seed with which a feature that may turn up does."
BLOCK = 20
"Days on which features meet, in one process."
STEPS = 12
SOLVED = (5, 12)
"Seeds of the days that are solved with and without the compiler."
ITERATIONS = 60


def day(case: int) -> Scenario:
    """Return a small random day of the case."""
    return random_small(case, 3 + case % 4, 2 + case % 3, USUAL)


def plans() -> list[str]:
    """Return the solved days' plans as documents."""
    results = (
        solve(day(case), iterations=ITERATIONS, seed=case, engine="search") for case in SOLVED
    )
    return [result.plan.model_dump_json() for result in results]


def days(first: str | None) -> list[Scenario]:
    """Return the days to walk on: a block from the number on, or one day for each feature."""
    if first is not None:
        return [day(case) for case in range(int(first), int(first) + BLOCK)]
    return [random_small(SEED, 6, 3, {feature}) for feature in FEATURES]


def main() -> None:
    """Walk, solve the days that are compared, and write counts and plans to standard output."""
    first = next(iter(sys.argv[1:]), None)
    done = Walk()
    for number, scenario in enumerate(days(first)):
        done.add(walk(scenario, number, STEPS))
    told = {"walk": asdict(done), "plans": plans() if first is None else []}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
