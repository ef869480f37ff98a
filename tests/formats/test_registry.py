"""The registry of file formats: who recognises what, and what a name asks for."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks.tiny_hhcrsp import tiny_instance
from optimizer.errors import InvalidDocument
from optimizer.formats.registry import (
    FHIR,
    FORMATS,
    INSTANCE,
    PLAN,
    PLAN_FORMATS,
    SCENARIO,
    VROOM,
    AnyFormat,
    format_of,
    open_plan,
    open_problem,
    plan_format_named,
    problem_format_named,
)
from tests.formats.test_fhir import bundle
from tests.formats.test_vroom import matrix_day
from tests.report.village import village, village_plan

PAGE = Path(__file__).parents[2] / "docs" / "command-line.md"

DOCUMENTS: dict[str, tuple[dict[str, Any], AnyFormat]] = {
    "scenario": (json.loads(village().model_dump_json()), SCENARIO),
    "plan": (json.loads(village_plan().model_dump_json()), PLAN),
    "instance": (tiny_instance(1), INSTANCE),
    "extended": (tiny_instance(1, extended=True), INSTANCE),
    "vroom": (matrix_day(), VROOM),
    "fhir": (bundle(), FHIR),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_recognised_by_one_format(name: str) -> None:
    """Each kind of document is taken by its own format and by no other."""
    document, expected = DOCUMENTS[name]
    assert format_of(document) is expected
    assert [one for one in FORMATS if one.recognises and one.recognises(document)] == [expected]


def test_every_readable_format_is_tried() -> None:
    """The table above has a document of each format that recognises anything."""
    tried = {expected.name for _, expected in DOCUMENTS.values()}
    assert tried == {one.name for one in FORMATS if one.recognises}


@pytest.mark.parametrize("document", [{}, {"clients": []}, {"format": "else"}])
def test_the_unknown_counts_as_a_scenario(document: dict[str, Any]) -> None:
    """Its reader says best what is missing."""
    assert format_of(document) is SCENARIO


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name != "plan"])
def test_problems_are_opened_whatever_they_are(name: str, tmp_path: Path) -> None:
    """A foreign problem with a way back keeps its own words beside the scenario."""
    document, expected = DOCUMENTS[name]
    path = tmp_path / "day.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    opened = open_problem(path)
    assert (opened.origin is None) == (expected in (SCENARIO, FHIR))
    assert opened.scenario.visits or opened.scenario.care_plans


def test_a_plan_is_no_problem_and_a_problem_no_plan(tmp_path: Path) -> None:
    """Either is refused with the format that is needed instead."""
    plan, scenario = tmp_path / "plan.json", tmp_path / "scenario.json"
    plan.write_text(json.dumps(DOCUMENTS["plan"][0]), encoding="utf-8")
    scenario.write_text(json.dumps(DOCUMENTS["scenario"][0]), encoding="utf-8")
    with pytest.raises(InvalidDocument, match='"homecare-scenario" is needed'):
        open_problem(plan)
    with pytest.raises(InvalidDocument, match='"homecare-plan" is needed'):
        open_plan(scenario)
    assert open_plan(plan) == village_plan()


@pytest.mark.parametrize(
    ("name", "plan", "problem"),
    [
        ("plan.json", "plan", "scenario"),  # ours
        ("PLAN.JSON.GZ", "plan", "scenario"),  # packed, in capital letters
        ("plan.csv", "table", None),  # a table
        ("plan.hhcrsp.json", "solution", None),  # not just any .json
        ("plan.hhcrsp.json.xz", "solution", None),  # packed
        ("plan.vroom.json", "vroom-solution", None),  # VROOM's output
        ("plan.txt", None, None),  # nobody's
    ],
)
def test_the_longest_ending_counts(name: str, plan: str | None, problem: str | None) -> None:
    """What a file is written as follows from its name."""
    found = plan_format_named(name), problem_format_named(name)
    assert tuple(one and one.name for one in found) == (plan, problem)


def test_names_and_endings_are_unique() -> None:
    """No two formats share a name, no two formats of plans an ending."""
    names = [one.name for one in FORMATS]
    endings = [ending for form in PLAN_FORMATS for ending in form.endings]
    assert len(set(names)) == len(names)
    assert len(set(endings)) == len(endings)


def test_the_page_names_every_format() -> None:
    """The page on commands has a row for each ending and for each problem that is read."""
    page = PAGE.read_text(encoding="utf-8")
    for form in PLAN_FORMATS:
        assert f"`{form.endings[0]}`" in page
    for one in FORMATS:
        if one.recognises:
            assert re.search(rf"^\| [^|]*\(`{one.name}`\) \|", page, re.MULTILINE), one.name
