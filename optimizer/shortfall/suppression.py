"""Cells of a table that are not published, so that nobody is singled out.

A cell of few clients is left out (primary suppression). Where the total of the table is known, a
single gap could be filled in from the rest; so the next smallest cells are left out as well, until
the gaps hold enough people together (secondary suppression).

References
----------
L. H. Cox (1980), Suppression methodology and statistical disclosure control. Journal of the
American Statistical Association 75, 377-385.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

SMALLEST = 5
"Clients of whom a figure is told at least."

Name = TypeVar("Name", bound=Hashable)


def suppressed(clients: Mapping[Name, int], smallest: int = SMALLEST) -> frozenset[Name]:
    """Return the cells of a table that are left out.

    Parameters
    ----------
    clients
        How many clients each cell is about; a cell about nobody is never left out.
    smallest
        Clients of whom a figure is told at least, and that the gaps hold together.
    """
    counts = {name: number for name, number in clients.items() if number > 0}
    gaps = {name for name, number in counts.items() if number < smallest}
    if not gaps:
        return frozenset()
    rest = sorted((number, str(name), name) for name, number in counts.items() if name not in gaps)
    for number, _, name in rest:
        if len(gaps) > 1 and sum(counts[gap] for gap in gaps) >= smallest:
            break
        gaps.add(name)
        counts[name] = number
    return frozenset(gaps)
