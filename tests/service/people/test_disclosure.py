"""What an analyst sees singles nobody out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.database.secrets import Secrets
from service.people.disclosure import SMALLEST_CELL, pseudonym, suppress_small_cells

COUNTS = st.dictionaries(st.integers(0, 20), st.integers(0, 30))


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 5, "b": 9}, {"a": 5, "b": 9}),
        ({"a": 4, "b": 9, "c": 7}, {"a": None, "b": 9, "c": None}),  # or it follows from the sum
        ({"a": 4, "b": 1, "c": 7}, {"a": None, "b": None, "c": 7}),
        ({"a": 0, "b": 9}, {"a": 0, "b": 9}),  # nobody is nobody
        ({"a": 3}, {"a": None}),
        ({"a": 3, "b": 0}, {"a": None, "b": 0}),
        ({}, {}),
    ],
)
def test_small_cells_are_suppressed(counts: dict[str, int], shown: dict[str, int | None]) -> None:
    """Counts below five are not shown, and never one alone is missing where that gives it away."""
    assert suppress_small_cells(counts) == shown


@given(COUNTS)
def test_no_small_count_is_ever_shown(counts: dict[int, int]) -> None:
    """A shown count is that of nobody or of five at least, and is the true one."""
    shown = suppress_small_cells(counts)
    assert shown.keys() == counts.keys()
    for cell, count in shown.items():
        assert count is None or (count == counts[cell] and (count == 0 or count >= SMALLEST_CELL))


@given(COUNTS)
def test_the_sum_gives_no_cell_away(counts: dict[int, int]) -> None:
    """Where people of several cells are counted, none is suppressed alone."""
    suppressed = [cell for cell, count in suppress_small_cells(counts).items() if count is None]
    people = [count for count in counts.values() if count > 0]
    assert len(suppressed) != 1 or len(people) == 1


def test_pseudonyms_are_stable_and_of_one_organisation() -> None:
    """The same client keeps a pseudonym; the same id elsewhere and other secrets give others."""
    secrets = Secrets.for_tests()
    first = pseudonym(secrets, "A", "C0001")
    assert first == pseudonym(secrets, "A", "C0001")
    others = {
        pseudonym(secrets, "B", "C0001"),
        pseudonym(secrets, "A", "C0002"),
        pseudonym(Secrets.generate(), "A", "C0001"),
    }
    assert len(others | {first}) == 4
    assert "C0001" not in first
