"""Flows of whole numbers through networks: the cheapest one, and a cut of least capacity.

References
----------
Goldberg (1997), An efficient implementation of a scaling minimum-cost flow algorithm, Journal of
Algorithms 22; Cherkassky & Goldberg (1997), On implementing the push-relabel method for the maximum
flow problem, Algorithmica 19.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy import int64
from numpy.typing import NDArray
from ortools.graph.python import max_flow, min_cost_flow

Ints = NDArray[int64]


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """Arcs of a network whose nodes are numbered from 0.

    Attributes
    ----------
    tails, heads
        From which node to which, shape ``(arcs,)``.
    amounts
        Cost of one unit, or capacity, of each arc; at least 0.
    """

    tails: Ints
    heads: Ints
    amounts: Ints

    @classmethod
    def together(cls, parts: list[tuple[Ints, Ints, Ints]]) -> Arcs:
        """Return arcs that were listed in several parts."""
        columns = [[part[n] for part in parts] for n in range(3)]
        tails, heads, amounts = (
            np.concatenate([np.zeros(0, int64), *one]).astype(int64) for one in columns
        )
        return cls(tails, heads, amounts)


def cheapest_flow(arcs: Arcs, supplies: Ints) -> int | None:
    """Return the least cost of a flow of at most one unit on every arc; None if there is none.

    Parameters
    ----------
    arcs
        With their costs.
    supplies
        What each node has to give, negative where it has to receive; sum 0.
    """
    network = min_cost_flow.SimpleMinCostFlow()
    ones = np.ones(len(arcs.tails), int64)
    network.add_arcs_with_capacity_and_unit_cost(arcs.tails, arcs.heads, ones, arcs.amounts)
    network.set_nodes_supplies(np.arange(len(supplies)), supplies)
    if network.solve() != network.OPTIMAL:
        return None
    return int(network.optimal_cost())


def side_of_cut(arcs: Arcs, source: int, sink: int) -> Ints:
    """Return the nodes on the source's side of a cut of least capacity.

    Parameters
    ----------
    arcs
        With their capacities.
    source, sink
        Two nodes.
    """
    network = max_flow.SimpleMaxFlow()
    network.add_arcs_with_capacity(arcs.tails, arcs.heads, arcs.amounts)
    network.solve(source, sink)
    return np.array(sorted(network.get_source_side_min_cut()), int64)
