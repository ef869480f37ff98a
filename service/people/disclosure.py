"""What a district analyst may see of people: pseudonyms, and counts that single nobody out."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Hashable, Mapping
from typing import TypeVar

from service.database.secrets import Secrets
from service.people.intervals import intervals

SMALLEST_CELL = 5
"Counts from 1 to 4 are suppressed."

NARROWEST = 3
"How many people must be left open of a count that is suppressed."

Name = TypeVar("Name", bound=Hashable)
Table = TypeVar("Table", bound=Hashable)


def pseudonym(secrets: Secrets, organisation: str, person: str) -> str:
    """Return a stable name for a person from which the id cannot be found.

    The same id of two organisations has two pseudonyms.

    Parameters
    ----------
    secrets
        Those of the installation; with others, pseudonyms are others.
    organisation, person
        Whose, and the id.
    """
    key = hmac.digest(secrets.pepper, b"homecare pseudonyms", hashlib.sha256)
    digest = hmac.digest(key, f"{organisation}\n{person}".encode(), hashlib.sha256)
    return f"P{digest.hex()[:16].upper()}"


def suppress_cells(
    tables: Mapping[Table, Mapping[Name, int]],
    *,
    smallest: int = SMALLEST_CELL,
    width: int = NARROWEST,
) -> dict[Table, dict[Name, int | None]]:
    """Return tables of the same people, each with gaps enough that none can be filled.

    Primary gaps are counts that are small enough to single somebody out. From the sum of all
    people, which another table may tell, each could follow; so the next smallest counts become
    gaps too (secondary suppression), until the gaps of every table hold `smallest` people
    together and what a reader can work out for each leaves at least `width` open. That is tried
    with the reader's own linear programs over all tables at once (`intervals`). A count of nobody
    is shown, for it is about nobody.

    Parameters
    ----------
    tables
        People per cell, none negative; each table divides the same people.
    smallest
        Smallest count above nobody that is shown.
    width
        How much must be left open of each gap.

    Returns
    -------
    dict
        The same tables; None where suppressed.

    References
    ----------
    L. H. Cox (1980), Suppression methodology and statistical disclosure control. Journal of the
    American Statistical Association 75, 377-385.
    """
    gaps = {
        table: {cell for cell, count in counts.items() if 0 < count < smallest}
        for table, counts in tables.items()
    }
    for table, counts in tables.items():
        while gaps[table] and not _is_wide(counts, gaps[table], smallest, width):
            if not _widen(counts, gaps[table]):
                break
    while (narrow := _narrow(tables, gaps, width)) is not None:
        order = [narrow, *(table for table in tables if table != narrow)]
        if not any(_widen(tables[table], gaps[table]) for table in order):
            break
    return {
        table: {cell: None if cell in gaps[table] else count for cell, count in counts.items()}
        for table, counts in tables.items()
    }


def _is_wide(counts: Mapping[Name, int], gaps: set[Name], smallest: int, width: int) -> bool:
    """Return whether gaps of one table are wide enough for whoever knows the sum of all people."""
    together = sum(counts[cell] for cell in gaps)
    # Each is one at least, and so at most what the others leave of their sum.
    return together >= smallest and together - len(gaps) >= width


def _widen(counts: Mapping[Name, int], gaps: set[Name]) -> bool:
    """Make the smallest count that is shown a gap too; return whether there was one."""
    shown = [cell for cell, count in counts.items() if count > 0 and cell not in gaps]
    if shown:
        gaps.add(min(shown, key=lambda cell: counts[cell]))
    return bool(shown)


def _narrow(
    tables: Mapping[Table, Mapping[Name, int]], gaps: Mapping[Table, set[Name]], width: int
) -> Table | None:
    """Return a table with a gap of which too little is left open, if there is one."""
    everybody: tuple[object, object] = (None, None)
    told: dict[tuple[object, object], int | None] = {everybody: None}
    sums = []
    for table, counts in tables.items():
        cells: list[tuple[object, object]] = [(table, cell) for cell in counts]
        shown = [None if cell in gaps[table] else count for cell, count in counts.items()]
        told.update(zip(cells, shown, strict=True))
        sums.append((cells, everybody))
    found = intervals(told, sums, smallest=1)
    for table in tables:
        if any(found[table, cell].width < width - _ROUNDING for cell in gaps[table]):
            return table
    return None


_ROUNDING = 1e-6
"Of linear programs, whose numbers are floating."
