"""The shipped studies can be asked of their scenario, in both languages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from optimizer.formats import read_scenario, read_study
from optimizer.prepare import Prepared, prepare
from optimizer.shortfall.checking import check_study

SCENARIOS = Path(__file__).parents[2] / "scenarios"
STUDIES = sorted((SCENARIOS / "studies").glob("*.json"))


@cache
def _base(name: str) -> Prepared:
    return prepare(read_scenario(SCENARIOS / f"{name}.json"))


def test_five_are_shipped() -> None:
    """And the page on studies names each of them."""
    page = (SCENARIOS.parent / "docs" / "shortfall.md").read_text(encoding="utf-8")
    assert len(STUDIES) == 5
    assert [path.stem for path in STUDIES if f"`{path.stem}`" not in page] == []


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: str(path.stem))
def test_a_shipped_study_can_be_asked(path: Path) -> None:
    """It is called as its file, fits its scenario, and says its question and arms in zh and en."""
    study = read_study(path)
    assert study.id == path.stem
    assert check_study(study, _base(study.base)).faults == ()
    for words in (study.question, *(arm.label for arm in study.arms)):
        assert words is not None
        assert words.zh
        assert words.en
