"""Tests that rules are made of: each kind holds on one side of its boundary and not beyond."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from optimizer.needs.conditions import Test, all_hold, any_holds, holds
from tests.needs.worlds import Known, days_ago, fell, has

TIER_2 = Known(grade=2)
ROWS: list[tuple[dict[str, Any], Known, Known]] = [
    # test, a record for which it holds, a neighbour for which it does not
    ({"condition": "stroke"}, Known(has("stroke")), Known(has("strokes"))),
    (
        {"condition": "pressure_injury", "min_stage": 2},
        Known(has("pressure_injury", stage=2)),
        Known(has("pressure_injury", stage=1)),
    ),
    (
        {"condition": "pressure_injury", "min_stage": 1},
        Known(has("pressure_injury", stage=1)),
        Known(has("pressure_injury")),  # no stage is known
    ),
    (
        {"condition": "stroke", "within_days": 90},
        Known(has("stroke", since=days_ago(90))),
        Known(has("stroke", since=days_ago(91))),
    ),
    (
        {"condition": "stroke", "within_days": 90},
        Known(has("stroke", since=days_ago(0))),
        Known(has("stroke")),  # nobody knows since when
    ),
    (
        {"condition": "stroke", "within_days": 90},
        Known(has("stroke", since=days_ago(0))),
        Known(has("stroke", since=days_ago(-1))),  # after the day of the record
    ),
    ({"device": "stoma"}, Known(devices=("stoma",)), Known(devices=("hoist",))),
    ({"item": "bathing", "at_most": 2}, Known(items={"bathing": 2}), Known(items={"bathing": 3})),
    ({"item": "bathing", "at_least": 2}, Known(items={"bathing": 2}), Known(items={"bathing": 1})),
    ({"item": "bathing", "at_most": 0}, Known(items={"bathing": 0}), Known()),  # not assessed
    ({"tier": 2}, TIER_2, Known(grade=1)),
    ({"risk_events": 2}, Known(events=fell(1, 500)), Known(events=fell(1))),
    (
        {"risk_events": 1, "kind": "fall"},
        Known(events=fell(1)),
        Known(events=fell(1, kind="choking")),
    ),
    (
        {"risk_events": 2, "within_days": 30},
        Known(events=fell(0, 30)),
        Known(events=fell(0, 31)),
    ),
    (
        {"risk_events": 1, "within_days": 30},
        Known(events=fell(0)),
        Known(events=fell(-1)),  # to come
    ),
    ({"flag": "alone"}, Known(client={"flags": ("alone",)}), Known()),
    (
        {"category": "cat_special"},
        Known(client={"category": "cat_special"}),
        Known(client={"category": "cat_alone"}),
    ),
    ({"living": "alone"}, Known(client={"living": "alone"}), Known(client={"living": "spouse"})),
    ({"age": 75}, Known(client={"age": 75}), Known(client={"age": 74})),
    ({"age": 75}, Known(client={"age": 75}), Known()),
    ({"weight_kg": 81}, Known(weight=81), Known(weight=80)),
    ({"weight_kg": 81}, Known(weight=81), Known()),
    (
        {"any_of": [{"condition": "blind"}, {"condition": "deaf"}]},
        Known(has("deaf")),
        Known(has("dead")),
    ),
    (
        {"all_of": [{"condition": "blind"}, {"condition": "deaf"}]},
        Known(has("deaf", "blind")),
        Known(has("blind")),
    ),
    ({"none_of": [{"device": "hoist"}]}, Known(), Known(devices=("hoist",))),
]


@pytest.mark.parametrize(("asked", "yes", "no"), ROWS)
def test_holds(asked: dict[str, Any], yes: Known, no: Known) -> None:
    """Each test holds for one record and not for its neighbour."""
    test = Test.model_validate(asked)
    assert holds(test, yes.facts()) is not None
    assert holds(test, no.facts()) is None


def test_every_kind_of_test_is_tried() -> None:
    """No kind of test is missing above."""
    details = {"min_stage", "within_days", "at_most", "at_least", "kind"}
    tried = {name for asked, _, _ in ROWS for name in asked}
    assert tried == set(Test.model_fields)
    assert details < tried


def test_the_worst_of_several_counts() -> None:
    """A condition recorded twice, such as two sores, is asked after at its worst."""
    mild, bad = has("pressure_injury", stage=1) + has("pressure_injury", stage=3), "conditions.1"
    for conditions, field in ((mild, bad), (mild[::-1], "conditions.0")):
        seen = holds(Test(condition="pressure_injury", min_stage=3), Known(conditions).facts())
        assert seen is not None
        assert seen.fields == (field,)


def test_what_is_seen() -> None:
    """Several tests together have seen the fields of each, once."""
    facts = Known(has("a", "b"), client={"age": 80}).facts()
    tests = (Test(condition="b"), Test(age=80), Test(condition="b"))
    seen = all_hold(tests, facts)
    assert seen is not None
    assert seen.fields == ("conditions.1", "age")
    first = any_holds((Test(condition="c"), *tests), facts)
    assert first is not None
    assert first.fields == ("conditions.1",)


@pytest.mark.parametrize(
    "asked",
    [
        {},  # nothing
        {"condition": "blind", "device": "stoma"},  # two things
        {"item": "bathing"},  # no score
        {"tier": 5},  # no such tier
        {"condition": "blind", "unheard": 1},  # no such field
    ],
)
def test_what_is_no_test(asked: dict[str, Any]) -> None:
    """A test asks exactly one thing, and all of it."""
    with pytest.raises(ValidationError):
        Test.model_validate(asked)
