"""Compiling the kernels of the bound before they are needed."""

from __future__ import annotations

import time
from functools import cache

import numpy as np
from numpy import bool_, int64, uint64

from optimizer.bound.ascent import ascend
from optimizer.bound.kernels import compiled
from optimizer.bound.kernels.labelling import price_route
from optimizer.bound.near_arcs import NearArcs
from optimizer.bound.network import Network, RouteNodes
from optimizer.bound.ng_sets import NgSets
from optimizer.bound.pricing import Multipliers, Pricing
from optimizer.compiled import Compilation, alone, is_ready, set_ready


def is_compiled() -> bool:
    """Return whether this machine's kernels need no compiling (or are interpreted)."""
    return not hasattr(price_route, "stats") or is_ready(compiled.FOLDER)


def compilation() -> Compilation:
    """Return how far compiling them has come, in whatever process."""
    return compiled.compilation()


@cache
def warm_up() -> float:
    """Compile or load the kernels by pricing one route; return the seconds it took."""
    began = time.perf_counter()
    if is_compiled():
        _price_one_stop()
    else:
        with alone(compiled.FOLDER):
            _price_one_stop()
            set_ready(compiled.FOLDER)
    return time.perf_counter() - began


def _price_one_stop() -> None:
    one = np.ones(1, int64)
    nodes = RouteNodes(
        row=np.zeros(1, np.int32),
        stage=np.zeros(1, np.int32),
        ready=one,
        latest=one,
        first=one,
        duration=one,
        price=one,
        due=one,
        time_out=one,
        cost_out=one,
        cost_in=one,
        close=9,
        back=9,
        overtime_rate=0,
        pause=(0, 0, 0),
        mode=0,
        longest=9,
        between_rate=1,
        mileage=0,
        fen_rate=0,
    )
    table = np.ones((1, 1, 1), np.int32)
    network = Network(1, (nodes,), np.zeros(1, int64), 9 * one, 0, table, table[0], 0, 0)
    ng_sets = NgSets(np.ones(1, uint64), np.ones((1, 1), bool_), np.ones((1, 1), uint64))
    pricing = Pricing(network, ng_sets)
    pricing.price(Multipliers(one), np.zeros(1, int64))
    list(ascend(pricing, NearArcs(pricing.days, 1), np.ones(1), 9.0, is_over=lambda: False))
