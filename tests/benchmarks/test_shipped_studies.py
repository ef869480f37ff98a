"""What is read aloud of the shipped studies is what was recorded of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks.shipped_studies import RESULTS, STUDIES, Lang, recorded, section, templates
from optimizer.formats import read_study
from tests.report.test_study_page import DAYS

DOCS = Path(__file__).parents[2] / "docs"


def _recorded() -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return kept


def _arm(study: str, name: str) -> dict[str, Any]:
    arms = [one for one in _recorded()[study]["arms"] if one["arm"] == name]
    last: dict[str, Any] = arms[-1]
    return last


def test_every_shipped_study_is_recorded_and_told() -> None:
    """With all its arms and years, at no fewer drawn days than it ended with."""
    names = {path.stem for path in STUDIES.glob("*.json")}
    assert set(templates()) == set(_recorded()) == names
    for name in names:
        study = read_study(STUDIES / f"{name}.json")
        kept = _recorded()[name]
        assert {one["arm"] for one in kept["arms"]} == {"base", *(arm.name for arm in study.arms)}
        assert kept["ended"] in {"precision", "replications"}
        if kept["ended"] == "precision":
            assert kept["half_width"] <= study.precision
        else:
            assert kept["replications"] == study.replications


@pytest.mark.parametrize(("page", "lang"), [("shortfall.md", "en"), ("shortfall.zh-CN.md", "zh")])
def test_pages_hold_what_was_recorded(page: str, lang: Lang) -> None:
    """Word for word; ``python -m benchmarks.shipped_studies`` prints it."""
    text = (DOCS / page).read_text(encoding="utf-8")
    (told,) = re.findall(r"<!-- read aloud -->\n\n(.*)\n\n<!-- end -->", text, re.DOTALL)
    assert told == section(lang)


def test_no_number_is_typed() -> None:
    """Outside the places for numbers the words hold no figure."""
    for words in templates().values():
        for text in words.values():
            assert not re.search(r"\d", re.sub(r"\{[^{}]+\}", "", text))


def test_what_is_said_beside_numbers_holds() -> None:
    """Practically all, hardly any, next to nothing, more than: each is so in the record."""
    for study in _recorded().values():
        assert study["arms"][0]["unserved"] < 1  # Practically all visits are made as it is.
    festival = _arm("spring-festival", "festival")["unserved"]
    for name in ("pooled", "four-more"):
        assert 1 < _arm("spring-festival", name)["unserved"] < festival
    assert _arm("ageing-2030", "base")["critical"] < 0.5
    assert _arm("ageing-2030", "pooled")["high"] < _arm("ageing-2030", "five-more")["unserved"]
    left = [_arm("largest-organisation-exit", one)["unserved"] for one in
            ("all-join", "half-join", "pooled", "exit")]  # fmt: skip
    assert left == sorted(left)
    assert _arm("nurse-loss", "two-and-one-new")["critical"] > 1
    away, lending, pooled = (_arm("cross-town-pooling", one)["unserved"] for one in
        ("three-in-ten-away", "lending", "three-in-ten-away-pooled"))  # fmt: skip
    assert away - lending < 0.5
    assert away - pooled > 2


def test_an_outcome_is_recorded_as_it_is() -> None:
    """Means and ranges of each arm, with commit and hash of the scenario."""
    kept = recorded(DAYS, "abc")
    assert kept["arms"][1]["unserved"] == DAYS.arms[1].unserved.mean
    assert kept["arms"][0]["more"] is None
    assert kept["commit"] == "abc"
