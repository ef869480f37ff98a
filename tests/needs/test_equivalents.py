"""Items of other scales in points of the ability assessment; every row is judgement.

The items and their scores are those of the forms: Barthel's ten (MZ/T 039-2013), and the 17
second-level indicators of the national trial standard of 2021 for long-term care insurance. What
they are worth in points of GB/T 42195-2022 no standard says.
"""

from __future__ import annotations

import pytest

from optimizer.domain.health import Assessment, Scheme
from optimizer.needs.facts import Facts, facts_of
from optimizer.needs.required import required_services
from optimizer.needs.scales import load_scales
from tests.needs.worlds import BOOK, MONDAY, Known, assessed, demand_of

ABILITY = load_scales()["gbt42195"].items
VERSION: dict[Scheme, str] = {"barthel": "hospital", "ltci": "2021"}

ROWS: list[tuple[Scheme, str, int, dict[str, int]]] = [
    # scheme, item, score, points of the ability assessment; judgement
    *(("ltci", "eating", score, {"eating": points}) for score, points in ((0, 0), (5, 2), (10, 4))),
    ("ltci", "eating", 7, {"eating": 2}),  # between two steps
    ("ltci", "dressing", 5, {"dressing_upper": 2, "dressing_lower": 2}),
    ("ltci", "face_and_mouth", 0, {"grooming": 1}),
    ("ltci", "bowel", 5, {"bowel": 2}),
    ("ltci", "bladder", 0, {"bladder": 0}),
    ("ltci", "toileting", 5, {"toileting": 2}),
    ("ltci", "walking", 10, {"walking": 3}),
    ("ltci", "transfer", 5, {"transfer": 1}),
    ("ltci", "stairs", 5, {"stairs": 1}),
    ("ltci", "bathing", 0, {"bathing": 1}),
    ("ltci", "orientation_time", 1, {"orientation_time": 1}),
    ("ltci", "orientation_person", 2, {"orientation_person": 2}),
    ("ltci", "orientation_place", 3, {"orientation_place": 3}),
    ("ltci", "memory", 1, {"memory": 1}),
    ("ltci", "vision", 1, {"vision": 0}),
    ("ltci", "hearing", 3, {"hearing": 1}),
    ("ltci", "communication", 2, {"comprehension": 2, "expression": 2}),
    ("barthel", "eating", 5, {"eating": 2}),
    ("barthel", "bathing", 0, {"bathing": 1}),
    ("barthel", "grooming", 0, {"grooming": 1}),
    ("barthel", "dressing", 0, {"dressing_upper": 0, "dressing_lower": 0}),
    ("barthel", "bowel", 0, {"bowel": 0}),
    ("barthel", "bladder", 5, {"bladder": 2}),
    ("barthel", "toileting", 10, {"toileting": 4}),
    ("barthel", "transfer", 10, {"transfer": 3}),
    ("barthel", "walking", 5, {"walking": 1}),
    ("barthel", "stairs", 10, {"stairs": 3}),
]


@pytest.mark.parametrize(("scheme", "item", "score", "points"), ROWS)
def test_items_in_other_points(
    scheme: Scheme, item: str, score: int, points: dict[str, int]
) -> None:
    """A score of an item stands for so many points of one or two items (judgement)."""
    assert load_scales()[scheme].in_ability_points(item, score) == points


def test_the_table_is_complete_and_rises() -> None:
    """Each item has a row above, begins at 0, never falls, and its best is the best there."""
    tried = {(scheme, item) for scheme, item, _, _ in ROWS}
    for scheme in VERSION:
        scale = load_scales()[scheme]
        assert {item for one, item in tried if one == scheme} == set(scale.items)
        assert scale.equivalents.keys() == scale.items.keys()
        for item, best in scale.items.items():
            for other, steps in scale.equivalents[item].items():
                scores = [least for least, _ in steps]
                points = [each for _, each in steps]
                assert scores[0] == 0
                assert scores == sorted(set(scores))
                assert points == sorted(set(points))
                assert scale.in_ability_points(item, best)[other] == ABILITY[other]


def facts(*forms: Assessment) -> Facts:
    """Return what is known of somebody with some assessments only."""
    record = Known().record().model_copy(update={"assessments": forms})
    return facts_of(Known().person().model_copy(update={"health_record": record}), MONDAY)


def test_seventeen_indicators_lead_to_care() -> None:
    """An insurance form with its indicators leads to personal care, not to cleaning only."""
    form = assessed(
        "ltci",
        "2021",
        raw_grade="5",
        item_scores={**load_scales()["ltci"].items, "eating": 0, "bathing": 0, "dressing": 0},
    )
    seen = facts(form)
    assert seen.tier == 4
    assert seen.items["eating"][0] == 0
    required = required_services("C1", seen, (), BOOK)
    assert {"FEED_ASSIST", "HYG_BATH", "HYG_DAILY"} <= {one.service for one in required.demands}
    (trace,) = (one for one in demand_of(required, "FEED_ASSIST").traces if one.rule == "B02")
    assert trace.fields[0] == "assessments.0.item_scores.eating"


@pytest.mark.parametrize(
    ("barthel", "ltci", "points"), [(10, 5, 2), (5, 10, 2), (0, 10, 0), (10, 10, 4)]
)
def test_the_worse_of_two_counts(barthel: int, ltci: int, points: int) -> None:
    """Where two scales speak of one item, the worse one is believed."""
    seen = facts(
        assessed("barthel", "hospital", item_scores={"eating": barthel}),
        assessed("ltci", "2021", raw_grade="1", item_scores={"eating": ltci}),
    )
    assert seen.items["eating"][0] == points


def test_the_ability_assessment_comes_first() -> None:
    """Where there is an ability assessment, its items alone are read."""
    seen = facts(
        assessed(item_scores={"bathing": 2}),
        assessed("barthel", "hospital", item_scores={"eating": 0}),
    )
    assert {item: score for item, (score, *_) in seen.items.items()} == {"bathing": 2}
