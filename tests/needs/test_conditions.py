"""Tests that rules are made of: each kind holds on one side of its boundary and not beyond."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from optimizer.domain.health import Dwelling, FamilyCarer
from optimizer.needs.conditions import Test, all_hold, any_holds, holds
from tests.needs.alert_tables import detail, family, injected, knows, takes, wounded
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
    ({"under_age": 18}, Known(client={"age": 17}), Known()),  # nobody knows how old
    (
        {"condition": "stroke", "undated": True},
        Known(has("stroke")),
        Known(has("stroke", since=days_ago(0))),
    ),
    (
        {"condition": "pressure_injury", "unstaged": True},
        Known(has("pressure_injury")),
        Known(has("pressure_injury", stage=1)),
    ),
    ({"insulin": "rapid"}, injected("rapid"), injected("basal")),
    ({"medicine": "any", "meal": "with"}, takes("a", meal="with"), takes("a")),
    ({"allergy": "latex"}, knows(allergies=("latex",)), knows(allergies=("egg",))),
    ({"diet": "soft"}, knows(diet=("soft",)), knows()),
    ({"swallowing": "unsafe"}, knows(swallowing="unsafe"), knows(swallowing="safe")),
    ({"night": "any"}, knows(night_needs=("turning",)), knows()),
    ({"guardian": "son"}, knows(guardian="son"), knows(guardian="wife")),
    (
        {"bathroom": "tub"},
        knows(dwelling=Dwelling(bathroom="tub")),
        knows(dwelling=Dwelling(floor=2)),
    ),
    (
        {"floor_without_lift": 3},
        knows(dwelling=Dwelling(floor=3)),
        knows(dwelling=Dwelling(floor=2)),
    ),
    (
        {"wound": "burn", "site": "arm", "min_size_cm": 3},
        wounded("burn", site="arm", size_cm=3),
        wounded("burn", site="leg", size_cm=3),
    ),
    ({"wound": "any", "min_stage": 2}, wounded("sore", stage=2), wounded("sore")),
    ({"device": "picc", "undated": True}, detail("picc"), detail("picc", last_changed=days_ago(1))),
    ({"device": "tube", "kind": "latex"}, detail("tube", kind="latex"), Known(devices=("tube",))),
    (
        {"overdue": "picc"},
        detail("picc", next_change=days_ago(1)),
        detail("picc", last_changed=days_ago(99)),  # nobody knows when it is due
    ),
    (
        {"over_limit": "hoist"},
        detail("hoist", 81, limit_kg=80),
        detail("hoist", 80, limit_kg=80),
    ),
    ({"family": "suction"}, knows(**family("suction")), knows(**family())),
    (
        {"family": "any", "present": "night"},
        knows(**family()),  # nothing more is said: always there
        knows(**family(present=("morning",))),
    ),
    ({"family": "any", "strained": True}, knows(**family(strained=True)), knows(**family())),
]


@pytest.mark.parametrize(("asked", "yes", "no"), ROWS)
def test_holds(asked: dict[str, Any], yes: Known, no: Known) -> None:
    """Each test holds for one record and not for its neighbour."""
    test = Test.model_validate(asked)
    assert holds(test, yes.facts()) is not None
    assert holds(test, no.facts()) is None


def test_every_kind_of_test_is_tried() -> None:
    """No kind of test is missing above."""
    details = {"min_stage", "within_days", "at_most", "at_least", "kind", "present", "undated"}
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


@pytest.mark.parametrize(
    ("weekdays", "there"),
    [
        (((1, 2, 3, 4, 5), (6, 7)), True),  # two of the family between them
        (((1, 2, 3, 4, 5), (6,)), False),  # nobody on Sunday
        (((), (6,)), True),  # one of them always
    ],
)
def test_a_family_takes_turns(weekdays: tuple[tuple[int, ...], ...], there: bool) -> None:
    """At a part of the day somebody has to be there on all seven days, not the same one."""
    carers = tuple(FamilyCarer(who="child", present=("night",), weekdays=days) for days in weekdays)
    test = Test(family="any", present="night")
    assert (holds(test, knows(family=carers).facts()) is not None) is there


def test_a_sore_among_the_wounds_is_the_condition() -> None:
    """What is written down as a wound is asked after as a pressure injury, at its own stage."""
    facts = wounded("pressure_injury", stage=3).facts()
    seen = holds(Test(condition="pressure_injury", min_stage=3), facts)
    assert seen is not None
    assert seen.fields == ("wounds.0",)
    assert holds(Test(condition="pressure_injury"), wounded("surgical").facts()) is None


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
