"""What a process without the compiler does: run as ``python -m tests.bound.plain``."""

from __future__ import annotations

import json
import sys

from optimizer.bound import lower_bound, scarcity_points
from optimizer.problem.compile import compile_problem
from tests.worlds.random_small import random_small

CASES = 12


def figures() -> list[list[int]]:
    """Return bound, rounds and certified unserved visits of small days."""
    rows = []
    for case in range(1, CASES + 1):
        data = compile_problem(random_small(case, 6, 3))
        found = lower_bound(data, 60)
        points = scarcity_points(data, 60)
        rows.append([found.value, found.rounds, points.least_unserved])
    return rows


if __name__ == "__main__":
    sys.stdout.write(json.dumps(figures()))
