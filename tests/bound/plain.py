"""What a process without the compiler does: run as ``python -m tests.bound.plain``.

One small day for each feature that the kernels of the bound know of; with the argument ``many``,
twelve days on which features meet.
"""

from __future__ import annotations

import json
import sys

import numpy as np

from optimizer.bound import dual_weights, lower_bound
from optimizer.bound.ascent import ascend
from optimizer.bound.near_arcs import NearArcs
from optimizer.bound.network import network_of
from optimizer.bound.ng_sets import ng_sets_of
from optimizer.bound.pricing import Pricing
from optimizer.domain.scenario import Scenario
from optimizer.problem.compile import compile_problem
from tests.worlds.random_small import random_small

FEATURES = {
    "breaks": "a break on the way, where it is shortest",
    "lateness": "starts after the time that was wished for",
    "overtime": "returns after the end of the shift",
    "shortest": "visits that may be shortened",
    "two_shifts": "two routes of one caregiver",
    "unreachable": "places between which nobody can go",
}
"Features, and what the kernels do about each."
SEED = 1
"A seed with which a feature that may turn up does."
CASES = 12
"Days on which features meet."


def days(*, many: bool) -> list[Scenario]:
    """Return the days to prove something of."""
    if many:
        return [random_small(case, 6, 3) for case in range(1, CASES + 1)]
    return [random_small(SEED, 6, 3, {feature}) for feature in FEATURES]


def figures(*, many: bool) -> list[list[int]]:
    """Return bound, rounds, certified unserved visits and bounds after ascent of small days."""
    rows = []
    for scenario in days(many=many):
        data = compile_problem(scenario)
        found = lower_bound(data, 60)
        weights = dual_weights(data, 60)
        network = network_of(data)
        pricing = Pricing(network, ng_sets_of(data, network))
        duals = np.full(network.num_rows, 500.0)
        starts = ascend(pricing, NearArcs(pricing.days, 1), duals, 50_000.0, is_over=lambda: False)
        ascended = [start.priced.bound for start in starts]
        rows.append([found.value, found.rounds, weights.least_unserved, *ascended])
    return rows


if __name__ == "__main__":
    sys.stdout.write(json.dumps(figures(many="many" in sys.argv)))
