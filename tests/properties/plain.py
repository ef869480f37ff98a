"""What a process without the compiler does: run as ``python -m tests.properties.plain``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from optimizer.domain.scenario import Scenario
from optimizer.solving import solve
from tests.properties.moves import Walk, walk
from tests.worlds.random_small import LATE_STARTS, USUAL, random_small

CASES = 200
STEPS = 20
SOLVED = (5, 12)
"Seeds of the days that are solved with and without the compiler."
ITERATIONS = 120


def day(case: int) -> Scenario:
    """Return a small random day of the case."""
    return random_small(case, 3 + case % 4, 2 + case % 3, USUAL | LATE_STARTS)


def plans() -> list[str]:
    """Return the solved days' plans as documents."""
    results = (
        solve(day(case), iterations=ITERATIONS, seed=case, engine="search") for case in SOLVED
    )
    return [result.plan.model_dump_json() for result in results]


def main() -> None:
    """Walk, solve, and write counts and plans to standard output."""
    done = Walk()
    for case in range(501, 501 + CASES):
        done.add(walk(day(case), case, STEPS))
    sys.stdout.write(json.dumps({"walk": asdict(done), "plans": plans()}))


if __name__ == "__main__":
    main()
