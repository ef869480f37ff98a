"""Lists are counted before records are made of them, however short the text is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.documents.limits import DocumentLimits, LimitExceeded, has_more_values, look_ahead

LIMITS = DocumentLimits(max_visits=10, max_caregivers=5, max_days=31, max_values=500)


@pytest.mark.parametrize(
    ("content", "limit"),
    [
        ({"visits": [{}] * 11}, "max_visits"),
        ({"routes": [{}] * 6}, None),  # of a plan: each is a caregiver's, and limited elsewhere
        ({"caregivers": [{}] * 6}, "max_caregivers"),
        ({"couplings": [{}] * 100}, None),
        ({"couplings": [{}] * 101}, "max_visits"),
        ({"x": {"y": [1] * 501}}, "max_values"),
        ({"visits": [{}] * 10}, None),
    ],
)
def test_each_list_has_its_limit(content: dict[str, Any], limit: str | None) -> None:
    """What is longer than its setting allows is refused by the setting's name."""
    text = json.dumps(content)
    if limit is None:
        look_ahead(LIMITS, text)
        return
    with pytest.raises(LimitExceeded) as caught:
        look_ahead(LIMITS, text)
    assert caught.value.limit == limit


@pytest.mark.parametrize("text", ["", "[", "[]", "1", "[" * 100_000, b"\xff"])
def test_what_is_no_object_is_left_to_the_reader(text: str | bytes) -> None:
    """The reader says better what is wrong, and where."""
    look_ahead(LIMITS, text)


def test_a_large_matrix_is_no_large_number_of_values() -> None:
    """Sound rows of a matrix count once each; elsewhere, and unsound ones, number by number."""
    rows = [[0.5] * 1_000 for _ in range(1_000)]
    assert not has_more_values({"travel": {"minutes": {"car": rows}}}, 5_000)
    assert has_more_values({"clients": [{"preferred": rows[0] * 10}]}, 5_000)
    assert has_more_values({"travel": {"metres": rows}}, 5_000)
    assert has_more_values({"travel": {"minutes": {"car": [[None] * 6_000]}}}, 5_000)
