"""Facts about the report of a generated scenario."""

from __future__ import annotations

from functools import cache

import pytest

from optimizer.generate import RECIPES, Figure, figures
from optimizer.i18n.catalogue import has_sentence
from tests.generate.days import generated


@cache
def _figures(name: str) -> dict[str, Figure]:
    recipe = RECIPES[name]
    return {one.code: one for one in figures(recipe, generated(name, recipe.seed))}


@pytest.mark.parametrize("name", ["zhenhai-day-m", "zhenhai-day-l"])
def test_shares_are_met_within_two_points(name: str) -> None:
    """Categories, tiers and insurance are as common as they should be."""
    shares = [
        one
        for one in _figures(name).values()
        if one.code.startswith(("cat_", "tier_")) or one.code == "insured"
    ]
    assert len(shares) == 10
    for one in shares:
        assert one.target is not None
        assert abs(one.drawn - one.target) <= 2


def test_the_district_spends_what_the_survey_says() -> None:
    """11.0 hours and 297.2 yuan per client and month, within one per cent."""
    for code in ("hours", "yuan"):
        one = _figures("zhenhai-day-l")[code]
        assert one.target is not None
        assert abs(one.drawn / one.target - 1) < 0.01


def test_need_is_what_is_paid_for_and_what_is_cut() -> None:
    """More is needed than is paid for: a gap in money, told apart from one in people."""
    found = _figures("zhenhai-day-l")
    assert found["needed"].drawn == found["entitled"].drawn + found["cut"].drawn
    assert found["cut"].drawn > found["entitled"].drawn


def test_a_scenario_made_by_hand_has_no_targets() -> None:
    """Only clients and visits are counted."""
    assert list(_figures("hamlet")) == ["clients", "visits"]


@pytest.mark.parametrize("name", ["hamlet", "zhenhai-day-m"])
def test_every_figure_has_its_words(name: str) -> None:
    """A person reads what each figure is."""
    assert all(has_sentence(f"generate.{code}") for code in _figures(name))
