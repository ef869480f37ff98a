"""The best starts of stops whose routes and order are fixed.

The search begins every stop as early as it can and later where that is cheap to see; with a
published roster or a price on waiting the best starts may be others. Here they are decided by one
small model per component: routes that couplings or a rest tie together.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy import int64

from optimizer.exact.starts import Starts, Timing
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes


def retime(data: ProblemData, routes: Routes, liked: Starts | None = None) -> tuple[Routes, int]:
    """Return routes with better starts, and what these save.

    Parameters
    ----------
    data
        The compiled problem.
    routes
        Routes that break no rule.
    liked
        Starts of the same stops that are kept, group by group, where no others are cheaper.

    Returns
    -------
    tuple
        The routes with the same stops in the same order at their best starts, and by how many
        ticks of travel they cost less.
    """
    timing = Timing(data, routes)
    best = np.array(routes.starts, int64)
    before = timing.cost(best)
    for component in timing.components():
        if timing.may_gain(component, best):
            trial = _best_starts(timing, component, best)
            if timing.cost(trial) < timing.cost(best):
                best = trial
        if liked is not None:
            trial = best.copy()
            for c in timing.stops(component):
                trial[c] = liked[c]
            if timing.cost(trial) <= timing.cost(best) and _may_start(timing, component, trial):
                best = trial
    saved = before - timing.cost(best)
    if np.array_equal(best, routes.starts):
        return routes, 0
    return replace(routes, starts=best, floors=None), saved


def _best_starts(timing: Timing, component: list[int], starts: Starts) -> Starts:
    # Importing OR-Tools takes half a second, which most days need not pay.
    from optimizer.exact.start_model import best_starts

    return best_starts(timing, component, starts)


def _may_start(timing: Timing, component: list[int], starts: Starts) -> bool:
    from optimizer.exact.start_model import may_start

    return may_start(timing, component, starts)
