"""The way JSON is laid out in files."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.formats.layout import WIDTH, layout

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=40),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=30,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(VALUES)
def test_layout_keeps_the_value(value: object) -> None:
    """However it is laid out, the text is the same JSON value."""
    assert json.loads(layout(value)) == value


def test_short_records_are_one_line() -> None:
    """Records that fit get a line each, so that files can be compared line by line."""
    records = [{"id": f"C{n:04d}", "home": {"lat": 29.9, "lon": 121.7}} for n in range(3)]
    lines = layout({"clients": records}).splitlines()
    assert len(lines) == 7
    assert max(map(len, lines)) < WIDTH


def test_rows_of_numbers_are_one_line() -> None:
    """A matrix has one line per row, however long."""
    assert len(layout([list(range(500)), list(range(500))]).splitlines()) == 4
