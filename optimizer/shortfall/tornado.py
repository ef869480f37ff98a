"""From futures with one assumption at an end of its range to how much hangs on each.

One assumption at a time, on the same futures: what is told is the part of each alone, and says
nothing of two that are wrong together. A study that draws them tells of all together.

References
----------
T. G. Eschenbach (1992), Spiderplots versus tornado diagrams for sensitivity analysis. Interfaces
22(6), 40-46.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean

from optimizer.shortfall.estimate import difference
from optimizer.shortfall.outcome import Figure, Swing, Tornado
from optimizer.shortfall.prepared_study import PreparedStudy, varied_name
from optimizer.shortfall.rows import Effort, Row
from optimizer.shortfall.shocks import arm_named
from optimizer.shortfall.uncertainty import ranges_of_arm, values_of


def tornado_of(prepared: PreparedStudy, rows: Sequence[Row]) -> Tornado:
    """Return what both ends of each range come to.

    Parameters
    ----------
    prepared
        A study whose assumptions are varied.
    rows
        Of its varied futures, whole replications.
    """
    study = prepared.study
    by_name: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        # They are searched as shortly as those that estimates are made of.
        by_name[row.arm].append(replace(row, effort=Effort.SHORT))
    name = prepared.varied[0].name
    usual = by_name[name]
    swings = []
    for one in ranges_of_arm(study, name):
        value = values_of(study, one.of, arm_named(study, name))[0]
        # At its own value nothing is varied, and nothing changes.
        low, high = (
            usual if end == value else by_name[varied_name(one, end)] for end in (one.low, one.high)
        )
        swings.append(
            Swing(
                of=one.of,
                value=value,
                low=one.low,
                high=one.high,
                at_low=Figure.of(difference(low, usual)),
                at_high=Figure.of(difference(high, usual)),
            )
        )
    swings.sort(key=lambda one: (-one.width, one.of))
    return Tornado(
        arm=name,
        year=prepared.years[1] if prepared.years else None,
        replications=len(usual),
        unserved=round(fmean(row.num_unserved for row in usual), 3),
        swings=tuple(swings),
    )
