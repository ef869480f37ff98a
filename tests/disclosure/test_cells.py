"""What an analyst sees singles nobody out."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from optimizer.disclosure import (
    NARROWEST,
    SMALLEST_CELL,
    Interval,
    intervals,
    suppress_cells,
)
from tests.sweeps import few

INVESTMENTS = {
    ("I", "A"): 20, ("I", "B"): 50, ("I", "C"): 10, ("I", "all"): 80,
    ("II", "A"): None, ("II", "B"): 19, ("II", "C"): None, ("II", "all"): 49,
    ("III", "A"): None, ("III", "B"): 32, ("III", "C"): None, ("III", "all"): 61,
    ("all", "A"): 45, ("all", "B"): 101, ("all", "C"): 44, ("all", "all"): 190,
}  # fmt: skip
"The table of Fischetti and Salazar (2001), figure 1, with the gaps of figure 2."
SUMS = [
    *(([(row, column) for column in "ABC"], (row, "all")) for row in ("I", "II", "III", "all")),
    *(([(row, c) for row in ("I", "II", "III")], ("all", c)) for c in ("A", "B", "C", "all")),
]


def test_the_attack_of_the_literature_finds_what_it_says() -> None:
    """The gap of 22 in the published example can be narrowed down to 5 to 30."""
    found = intervals(INVESTMENTS, SUMS)
    assert found["II", "C"] == Interval(5, 30)
    assert found["III", "A"] == Interval(0, 25)
    alone = intervals({**INVESTMENTS, ("III", "A"): 17, ("III", "C"): 12, ("II", "A"): 8}, SUMS)
    assert alone == {("II", "C"): Interval(22, 22)}


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 5, "b": 9}, {"a": 5, "b": 9}),
        ({"a": 4, "b": 9, "c": 7}, {"a": None, "b": 9, "c": None}),  # or it follows from the sum
        ({"a": 4, "b": 1, "c": 7}, {"a": None, "b": None, "c": 7}),
        ({"a": 1, "b": 1, "c": 7, "d": 9}, {"a": None, "b": None, "c": None, "d": 9}),
        ({"a": 0, "b": 9}, {"a": 0, "b": 9}),  # nobody is nobody
        ({"a": 3}, {"a": None}),
        ({"a": 3, "b": 0}, {"a": None, "b": 0}),
        ({}, {}),
    ],
)
def test_small_cells_are_suppressed(counts: dict[str, int], shown: dict[str, int | None]) -> None:
    """Counts below five are not shown, nor others from which they would follow."""
    told = suppress_cells({"it": counts, "another": {"all": sum(counts.values())}})
    assert told["it"] == shown


def attacked(tables: dict[int, dict[int, int]]) -> list[Interval]:
    """Return what a reader can work out of each gap in the tables that are shown."""
    shown = suppress_cells(tables)
    told: dict[object, int | None] = {"all": None}
    sums: list[tuple[list[object], object]] = []
    for table, counts in shown.items():
        told |= {(table, cell): count for cell, count in counts.items()}
        sums.append(([(table, cell) for cell in counts], "all"))
        for cell, count in counts.items():
            assert count is None or (count == tables[table][cell] and not 0 < count < SMALLEST_CELL)
        together = [tables[table][cell] for cell, count in counts.items() if count is None]
        people = sum(tables[table].values())
        assert not together or sum(together) >= min(SMALLEST_CELL, people)
    return [each for cell, each in intervals(told, sums, smallest=1).items() if cell != "all"]


@pytest.mark.parametrize("number", few(range(200), 25))
def test_no_suppressed_cell_is_determined(number: int) -> None:
    """By linear programs over all tables of random people at least three are left open of each."""
    random = Random(number)
    people = random.randint(0, 60)
    tables = {
        table: dict(Counter(min(int(random.expovariate(0.5)), 12) for _ in range(people)))
        for table in range(random.randint(1, 4))
    }
    for found in attacked(tables):
        assert found.width >= NARROWEST - 1e-6
