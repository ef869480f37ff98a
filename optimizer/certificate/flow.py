"""Working time as a flow from visits to hours of shifts; a minimum cut names who lacks it."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from typing import Any

import networkx as nx
import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.certificate.hours import Blocks, Find, measured
from optimizer.certificate.relaxation import Relaxation

MOST_ARCS = 12_000
"Arcs of the network; a larger one is not solved, as it takes longer than it is worth."
_CELLS = 12
"Parts into which each shift is cut; with more moments than that, evenly chosen ones."


def cut(relaxation: Relaxation, blocks: Blocks, without: Collection[int]) -> Find | None:
    """Return the visits whose whole time exceeds what shifts have in the visits' hours.

    Every visit sends its time to parts of shifts in which its blocks may lie; what cannot
    arrive is missing. The visits on the source's side of a minimum cut are those that lack time.

    Parameters
    ----------
    relaxation, blocks
        The scenario.
    without
        Visits that are left out of it.

    Returns
    -------
    Find or None
        None if all time finds its place, or if the network would be too large.
    """
    stops = np.flatnonzero(~np.isin(relaxation.visit_of, list(without)))
    edges = _edges(relaxation, blocks)
    cells = [
        (day, begin, min(end, relaxation.days[day].closes))
        for day in range(len(relaxation.days))
        for begin, end in _parts(relaxation, edges, day)
    ]
    if not cells or not len(stops) or len(stops) * len(cells) > 8 * MOST_ARCS:
        return None
    network: Any = nx.DiGraph()
    for number, (day, begin, end) in enumerate(cells):
        network.add_edge(("part", number), "sink", capacity=end - begin)
        opens = relaxation.earliest - blocks.lead < end
        for stop in stops[(opens & relaxation.allowed[:, day])[stops]]:
            if relaxation.latest[stop] + relaxation.care[stop] > begin:
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
            visit = int(relaxation.visit_of[stop])
            of_visit[visit] = (*of_visit.get(visit, ()), int(stop))
    return Find(measured(relaxation, blocks, of_visit, None), None)


def _edges(relaxation: Relaxation, blocks: Blocks) -> NDArray[int64]:
    """Return moments at which the set of visits that may be going on changes."""
    moments = np.unique(
        np.concatenate((relaxation.earliest - blocks.lead, relaxation.latest + relaxation.care))
    )
    if len(moments) > _CELLS:
        moments = moments[np.linspace(0, len(moments) - 1, _CELLS).round().astype(int64)]
    return moments


def _parts(relaxation: Relaxation, edges: NDArray[int64], number: int) -> list[tuple[int, int]]:
    """Return the parts into which the moments cut a shift."""
    day = relaxation.days[number]
    inside = edges[(edges > day.opens) & (edges < day.closes)].tolist()
    ends = [day.opens, *inside, day.closes]
    return [(a, b) for a, b in itertools.pairwise(ends) if a < b]
