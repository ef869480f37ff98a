"""What the settings of a suite mean."""

from __future__ import annotations

import pytest

from benchmarks.suite import Settings


@pytest.mark.parametrize(
    ("only", "wanted"),
    [
        ("", True),  # everything
        ("day-s", True),  # a part of the name
        ("day-?", True),  # any letter
        ("*-s", True),  # a pattern
        ("*-m", False),  # another day
    ],
)
def test_only_chooses_cases(only: str, wanted: bool) -> None:
    """A part of the name or a pattern with a star chooses."""
    assert Settings(only=only).wants("zhenhai-day-s") is wanted
