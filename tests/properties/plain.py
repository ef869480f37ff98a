"""What a process without the compiler does: run as ``python -m tests.properties.plain``.

One small day for each feature that a day may have, with nothing else on it; with the argument
``many``, 200 days on which features meet.
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
CASES = 200
"Days on which features meet."
STEPS = 20
SOLVED = (5, 12)
"Seeds of the days that are solved with and without the compiler."
ITERATIONS = 120


def day(case: int) -> Scenario:
    """Return a small random day of the case."""
    return random_small(case, 3 + case % 4, 2 + case % 3, USUAL)


def plans() -> list[str]:
    """Return the solved days' plans as documents."""
    results = (
        solve(day(case), iterations=ITERATIONS, seed=case, engine="search") for case in SOLVED
    )
    return [result.plan.model_dump_json() for result in results]


def days(*, many: bool) -> list[Scenario]:
    """Return the days to walk on."""
    if many:
        return [day(case) for case in range(501, 501 + CASES)]
    return [random_small(SEED, 6, 3, {feature}) for feature in FEATURES]


def main() -> None:
    """Walk, solve, and write counts and plans to standard output."""
    done = Walk()
    for number, scenario in enumerate(days(many="many" in sys.argv)):
        done.add(walk(scenario, number, STEPS))
    sys.stdout.write(json.dumps({"walk": asdict(done), "plans": plans()}))


if __name__ == "__main__":
    main()
