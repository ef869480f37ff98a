"""Scarce first: which visits are planned before all others, as problems of their own.

What few routes are open to is easily crowded out: a nurse who has been given a wash here and a
meal there is no longer where an injection is due, and a step that moves eight visits cannot plan
ten such days anew. On their own these visits are a small problem, which is soon solved. So the
visits that the fewest routes are open to come first, the dearest of them before the others, where
a first roster of the whole leaves some of them out. What makes them scarce (a qualification, a
language, a contract, an organisation, a weekday) does not matter; only the routes are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.problem import layout as at
from optimizer.problem.data import ProblemData
from optimizer.problem.part import Part, part_of
from optimizer.search.parameters import SearchParameters

MOST_PARTS = 2
"Problems that are planned before the whole at most: mandatory visits come before critical ones."
ALIKE = 2
"Visits as dear as the dearest that was left out, or less so by less than this factor, come first."
LARGEST_PART = 0.5
"Share of the tasks above which what few may make is no problem of its own any more."


def scarce_parts(
    data: ProblemData, parameters: SearchParameters, unserved: NDArray[int64]
) -> Iterator[Part]:
    """Yield the problems to plan before the whole, each within the next; often there is none.

    Parameters
    ----------
    data
        The whole problem.
    parameters
        Say how many tasks count as scarce.
    unserved
        Tasks that a first roster of the whole leaves out.
    """
    scarce = _scarce(data.arrays, parameters.scarce)
    worth = _worth(data.arrays)
    missed = worth[unserved[scarce[unserved]]]
    missed = missed[missed > 0]
    for _ in range(MOST_PARTS):
        if len(missed) == 0:
            return
        least = missed.max() / ALIKE
        yield part_of(data, scarce & (worth > least))
        missed = missed[missed <= least]


def parameters_of_part(parameters: SearchParameters) -> SearchParameters:
    """Return the parameters for a part: several hot starts, and nothing planned before it."""
    return replace(
        parameters,
        few=0,
        scarce=0.0,
        starts=parameters.scarce_starts,
        restart_steps=parameters.scarce_restart_steps,
        starts_unserved=True,
        warm=parameters.scarce_warm,
        guide=parameters.scarce_guide,
    )


def _scarce(arrays: at.Arrays, share: float) -> NDArray[np.bool_]:
    """Return which tasks are among the share with the fewest routes, those without any apart."""
    routes = np.diff(arrays.row_ptr)[arrays.task[:, at.ROW]]
    possible = routes > 0
    counts = np.sort(routes[possible])
    if share == 0 or len(counts) == 0:
        return np.zeros(len(routes), np.bool_)
    most = counts[min(int(share * len(counts)), len(counts) - 1)]
    scarce: NDArray[np.bool_] = possible & (routes <= most)
    if scarce.sum() > LARGEST_PART * len(scarce):
        # Many have as few: they are the rule, and only what has fewer is scarce.
        scarce = possible & (routes < most)
    return scarce


def _worth(arrays: at.Arrays) -> NDArray[int64]:
    """Return what leaving out the unit of each task costs, shape ``(n,)``."""
    unit = arrays.task[:, at.UNIT]
    worth = np.zeros(len(arrays.unit), int64)
    np.add.at(worth, unit, arrays.prize)
    return worth[unit]
