"""What somebody who reads tables with gaps can still work out: an interval for every gap.

References
----------
M. Fischetti, J. J. Salazar (2001), Solving the cell suppression problem on tabular data with linear
constraints. Management Science 47(7), section 2: the attacker's two linear programs per cell.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import highspy

Cell = TypeVar("Cell", bound=Hashable)

MOST = 1e7
"Nobody counts more people than that: the upper end where there is none."


@dataclass(frozen=True, slots=True)
class Interval:
    """Between what a count must lie, as far as a reader can tell."""

    least: float
    most: float

    @property
    def width(self) -> float:
        """How much the reader does not know."""
        return self.most - self.least


def intervals(
    told: Mapping[Cell, int | None],
    sums: Sequence[tuple[Sequence[Cell], Cell]],
    *,
    smallest: int = 0,
) -> dict[Cell, Interval]:
    """Return what follows for each cell that is not told.

    Parameters
    ----------
    told
        Count of each cell; None for a gap.
    sums
        Cells, and the cell that is the sum of them.
    smallest
        What a reader knows every gap to be at least.
    """
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    columns = {}
    for cell, count in told.items():
        low, high = (smallest, MOST) if count is None else (count, count)
        columns[cell] = solver.addVariable(lb=low, ub=high)
    for parts, whole in sums:
        solver.addConstr(solver.qsum([columns[part] for part in parts]) == columns[whole])

    def end(cell: Cell, *, is_most: bool) -> float:
        (solver.maximize if is_most else solver.minimize)(columns[cell])
        return float(solver.getInfo().objective_function_value)

    return {
        cell: Interval(end(cell, is_most=False), end(cell, is_most=True))
        for cell, count in told.items()
        if count is None
    }
