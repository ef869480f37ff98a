"""Working time as a flow from visits to hours of shifts; the smallest cut names who lacks it."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from typing import Any

import networkx as nx
import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.coverage.hours import Blocks, Find, measured
from optimizer.coverage.outline import Outline

MOST_ARCS = 12_000
"Larger networks take longer than they are worth."
_CELLS = 12
"Into so many parts a day's shifts are cut at most."


def cut(outline: Outline, blocks: Blocks, without: Collection[int]) -> Find | None:
    """Return the visits whose whole time exceeds what shifts have in the visits' hours.

    Every visit sends its time to parts of shifts in which its blocks may lie; what cannot
    arrive is missing. The visits on this side of the smallest cut are those that lack time.

    Parameters
    ----------
    outline, blocks
        The scenario.
    without
        Visits that are left out of it.

    Returns
    -------
    Find or None
        None if all time finds its place, or if the network would be too large.
    """
    stops = np.flatnonzero(~np.isin(outline.visit_of, list(without)))
    edges = _edges(outline, blocks)
    cells = [
        (duty, begin, min(end, outline.duties[duty].closes))
        for duty in range(len(outline.duties))
        for begin, end in _parts(outline, edges, duty)
    ]
    if not cells or not len(stops) or len(stops) * len(cells) > 8 * MOST_ARCS:
        return None
    network: Any = nx.DiGraph()
    for number, (duty, begin, end) in enumerate(cells):
        network.add_edge(("part", number), "sink", capacity=end - begin)
        opens = outline.earliest - blocks.lead < end
        for stop in stops[(opens & outline.allowed[:, duty])[stops]]:
            if outline.latest[stop] + outline.care[stop] > begin:
                network.add_edge(("stop", int(stop)), ("part", number))
    if network.number_of_edges() > MOST_ARCS:
        return None
    for stop in stops:
        network.add_edge("source", ("stop", int(stop)), capacity=int(blocks.length[stop]))
    sent, (near, _) = nx.minimum_cut(network, "source", "sink")
    if sent >= int(blocks.length[stops].sum()):
        return None
    of_visit: dict[int, tuple[int, ...]] = {}
    for stop in stops:
        if ("stop", int(stop)) in near:
            visit = int(outline.visit_of[stop])
            of_visit[visit] = (*of_visit.get(visit, ()), int(stop))
    return Find(measured(outline, blocks, of_visit, None), None)


def _edges(outline: Outline, blocks: Blocks) -> NDArray[int64]:
    """Return moments at which the set of visits that may be going on changes."""
    moments = np.unique(
        np.concatenate((outline.earliest - blocks.lead, outline.latest + outline.care))
    )
    if len(moments) > _CELLS:
        moments = moments[np.linspace(0, len(moments) - 1, _CELLS).round().astype(int64)]
    return moments


def _parts(outline: Outline, edges: NDArray[int64], number: int) -> list[tuple[int, int]]:
    """Return the parts into which the moments cut a shift."""
    duty = outline.duties[number]
    inside = edges[(edges > duty.opens) & (edges < duty.closes)].tolist()
    ends = [duty.opens, *inside, duty.closes]
    return [(a, b) for a, b in itertools.pairwise(ends) if a < b]
