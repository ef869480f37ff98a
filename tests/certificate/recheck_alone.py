"""Whether a table shows that nobody can make a visit: for `recheck`."""

from collections.abc import Iterator
from itertools import combinations_with_replacement, product
from typing import Any

Start = tuple[str, str, int, int]


def are_alone(table: dict[str, Any]) -> bool:
    """Return whether a stop of each visit finds no start, or two that begin as one have none."""
    return all(_is_alone(table, visit) for visit in table["asked"])


def _is_alone(table: dict[str, Any], visit: str) -> bool:
    unit = [list(_starts(table, number)) for number in table["together"][visit]]
    return not all(
        any(_is_common(a, b, is_same=one is other) for a, b in product(one, other))
        for one, other in combinations_with_replacement(unit, 2)
    )


def _starts(table: dict[str, Any], number: int) -> Iterator[Start]:
    """Yield caregiver, day, earliest and latest start of a stop in each shift that may make it."""
    stop = table["stops"][number]
    for shift in table["shifts"]:
        if number in shift["makes"]:
            until = shift["closes"] - shift["back"][number] - stop["care"]
            first = max(stop["earliest"], shift["opens"] + shift["there"][number])
            yield shift["caregiver"], shift["date"], first, min(stop["latest"], until)


def _is_common(a: Start, b: Start, *, is_same: bool) -> bool:
    who_may = a[1] == b[1] and (is_same or a[0] != b[0])
    return who_may and max(a[2], b[2]) <= min(a[3], b[3])
