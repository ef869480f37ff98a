"""What a process without the compiler does: run as ``python -m tests.bound.plain``."""

from __future__ import annotations

import json
import sys

import numpy as np

from optimizer.bound import lower_bound, scarcity_points
from optimizer.bound.ascent import climb
from optimizer.bound.memory import memory_of
from optimizer.bound.near_arcs import NearArcs
from optimizer.bound.network import network_of
from optimizer.bound.pricing import Pricing
from optimizer.problem.compile import compile_problem
from tests.worlds.random_small import random_small

CASES = 12


def figures() -> list[list[int]]:
    """Return bound, rounds, certified unserved visits, and bounds after climbing, of small days."""
    rows = []
    for case in range(1, CASES + 1):
        data = compile_problem(random_small(case, 6, 3))
        found = lower_bound(data, 60)
        points = scarcity_points(data, 60)
        network = network_of(data)
        pricing = Pricing(network, memory_of(data, network))
        rewards = np.full(network.num_rows, 500.0)
        starts = climb(pricing, NearArcs(pricing.days, 1), rewards, 50_000.0, is_over=lambda: False)
        climbed = [start.priced.bound for start in starts]
        rows.append([found.value, found.rounds, points.least_unserved, *climbed])
    return rows


if __name__ == "__main__":
    sys.stdout.write(json.dumps(figures()))
