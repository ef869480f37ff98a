"""Tables of counts that single nobody out, alone and beside what was told before."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice
from types import MappingProxyType
from typing import Generic, TypeVar

from optimizer.disclosure.intervals import intervals

SMALLEST_CELL = 5
"Counts from 1 to 4 are suppressed."

NARROWEST = 3
"How many people must be left open of a count that is suppressed."

Name = TypeVar("Name", bound=Hashable)
Table = TypeVar("Table", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Release(Generic[Table, Name]):
    """Tables as they were told at one time.

    Attributes
    ----------
    members
        Who is counted in each cell.
    gaps
        Cells of each table that were left open.
    """

    members: Mapping[Table, Mapping[Name, frozenset[str]]]
    gaps: Mapping[Table, frozenset[Name]]


def suppressed_beside(
    members: Mapping[Table, Mapping[Name, frozenset[str]]],
    earlier: Sequence[Release[Table, Name]],
    *,
    smallest: int = SMALLEST_CELL,
    width: int = NARROWEST,
) -> Release[Table, Name] | None:
    """Return tables that may be told beside those that were told before; None if none may.

    A reader subtracts. Whatever is told of a cell at two times, or of all cells together that are
    left open at either, must differ by nobody or by `smallest` people at least, those who came and
    those who went added up. And a reader knows where nothing has changed: a gap must not follow
    from an earlier or a later table, which is tried with the linear programs over all of them.

    Parameters
    ----------
    members
        Who is counted in each cell of each table; each table divides the same people.
    earlier
        What was told before.
    smallest, width
        As for `suppress_cells`.
    """
    tables = {
        table: {cell: len(those) for cell, those in cells.items()}
        for table, cells in members.items()
    }
    wanted = {table: _wanted(table, cells, earlier, smallest) for table, cells in members.items()}
    shown = suppress_cells(tables, smallest=smallest, width=width, gaps_wanted=wanted)
    gaps = {
        table: {cell for cell, number in cells.items() if number is None}
        for table, cells in shown.items()
    }

    def release() -> Release[Table, Name]:
        return Release(members, {table: frozenset(cells) for table, cells in gaps.items()})

    while (narrow := _narrow([*earlier, release()], width)) is not None:
        order = [narrow, *(table for table in tables if table != narrow)]
        if not earlier or not any(_widen(tables[table], gaps[table]) for table in order):
            break
    made = release()
    if earlier and narrow is not None:
        return None
    return made if all(_is_apart(made, each, smallest) for each in earlier) else None


def _wanted(
    table: Table,
    cells: Mapping[Name, frozenset[str]],
    earlier: Sequence[Release[Table, Name]],
    smallest: int,
) -> set[Name]:
    """Return cells that had better be gaps: those that were, and those with too little news."""
    return {
        cell
        for cell, those in cells.items()
        for each in earlier
        if cell in each.gaps.get(table, ())
        or 0 < len(those ^ each.members.get(table, {}).get(cell, frozenset())) < smallest
    }


def _is_apart(new: Release[Table, Name], old: Release[Table, Name], smallest: int) -> bool:
    """Return whether what two releases tell differs by nobody or by many everywhere."""
    for table, cells in new.members.items():
        before = old.members.get(table, {})
        open_then: frozenset[Name] = old.gaps.get(table, frozenset())
        open_cells = new.gaps[table] | open_then
        together = [frozenset[str](), frozenset[str]()]
        for cell in cells.keys() | before.keys():
            now, then = cells.get(cell, frozenset()), before.get(cell, frozenset())
            if cell in open_cells:
                together = [together[0] | now, together[1] | then]
            elif 0 < len(now ^ then) < smallest:
                return False
        if 0 < len(together[0] ^ together[1]) < smallest:
            return False
    return True


def suppress_cells(
    tables: Mapping[Table, Mapping[Name, int]],
    *,
    smallest: int = SMALLEST_CELL,
    width: int = NARROWEST,
    gaps_wanted: Mapping[Table, Collection[Name]] = MappingProxyType({}),
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
    gaps_wanted
        Cells that are to be gaps whatever they count, unless that is nobody.

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
        table: {
            cell
            for cell, number in counts.items()
            if number > 0 and (number < smallest or cell in gaps_wanted.get(table, ()))
        }
        for table, counts in tables.items()
    }
    for table, counts in tables.items():
        while gaps[table] and not _is_wide(counts, gaps[table], smallest, width):
            if not _widen(counts, gaps[table]):
                break
    while (narrow := _narrow([_release(tables, gaps)], width)) is not None:
        order = [narrow, *(table for table in tables if table != narrow)]
        if not any(_widen(tables[table], gaps[table]) for table in order):
            break
    return {
        table: {cell: None if cell in gaps[table] else number for cell, number in counts.items()}
        for table, counts in tables.items()
    }


def _release(
    tables: Mapping[Table, Mapping[Name, int]], gaps: Mapping[Table, set[Name]]
) -> Release[Table, Name]:
    """Return tables of counts as a release; of one alone it does not matter who is counted."""
    members: dict[Table, dict[Name, frozenset[str]]] = {}
    for table, counts in tables.items():
        people = map(str, count())
        members[table] = {
            cell: frozenset(islice(people, number)) for cell, number in counts.items()
        }
    return Release(members, {table: frozenset(cells) for table, cells in gaps.items()})


def _is_wide(counts: Mapping[Name, int], gaps: set[Name], smallest: int, width: int) -> bool:
    """Return whether gaps of one table are wide enough for whoever knows the sum of all people."""
    together = sum(counts[cell] for cell in gaps)
    # Each is one at least, and so at most what the others leave of their sum.
    return together >= smallest and together - len(gaps) >= width


def _widen(counts: Mapping[Name, int], gaps: set[Name]) -> bool:
    """Make the smallest count that is shown a gap too; return whether there was one."""
    shown = [cell for cell, number in counts.items() if number > 0 and cell not in gaps]
    if shown:
        gaps.add(min(shown, key=lambda cell: counts[cell]))
    return bool(shown)


def _narrow(releases: Sequence[Release[Table, Name]], width: int) -> Table | None:
    """Return a table with a gap of which too little is left open, if there is one.

    A cell in which the same people are counted at two times is one unknown.
    """
    told: dict[object, int | None] = {}
    sums: list[tuple[list[object], object]] = []
    for release in releases:
        for table, cells in release.members.items():
            everybody = (None, frozenset[str]().union(*cells.values()))
            told.setdefault(everybody, None)
            keys: list[object] = [(table, cell, those) for cell, those in cells.items()]
            for key, (cell, those) in zip(keys, cells.items(), strict=True):
                if cell not in release.gaps[table]:
                    told[key] = len(those)
                else:
                    told.setdefault(key, None)
            sums.append((keys, everybody))
    found = intervals(told, sums, smallest=1)
    for release in releases:
        for table, gaps in release.gaps.items():
            for cell in gaps:
                left = found.get((table, cell, release.members[table][cell]))
                if left is None or left.width < width - _ROUNDING:
                    return table
    return None


_ROUNDING = 1e-6
"Of linear programs, whose numbers are floating."
