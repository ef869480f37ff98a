"""What a purchaser hears and finds, in a file: every fault at once, with place and code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from optimizer.domain.supervision import Supervision
from optimizer.errors import InvalidDocument
from optimizer.formats.checks.supervision import check_supervision
from optimizer.formats.supervision import parse_supervision, read_supervision
from optimizer.i18n import translated
from tests.purchase.test_evaluation import complaint, objection, survey
from tests.purchase.town import town

CHECK = {"visit": "V1", "way": "phone", "by": "lot", "date": "2026-03-03", "passed": True}
LINE = {"organisation": "O9", "kind": "harm", "date": "2026-03-02", "document": "x 1"}
TOLD = {"published_on": "2026-03-02"}
BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"complaints": [complaint(organisation="O9")]}, "complaints[0].organisation",
     "unknown-organisation"),
    ({"complaints": [complaint(visit="V9")]}, "complaints[0].visit", "unknown-visit"),
    ({"complaints": 2 * [complaint()]}, "complaints[1]", "said-twice"),
    ({"complaints": [complaint(closed="2026-03-01")]}, "complaints[0].closed",
     "closed-before-received"),
    ({"complaints": [complaint(outcome=None)]}, "complaints[0].outcome",
     "closed-without-outcome"),
    ({"surveys": [survey(21)]}, "surveys[0].content", "more-content-than-answered"),
    ({"surveys": [{**survey(1), "organisation": "O9"}]}, "surveys[0].organisation",
     "unknown-organisation"),
    ({"surveys": 2 * [survey(1)]}, "surveys[1]", "said-twice"),
    ({"red_lines": [LINE]}, "red_lines[0].organisation", "unknown-organisation"),
    ({"checks": [{**CHECK, "visit": "V9"}]}, "checks[0].visit", "unknown-visit"),
    ({"checks": [{**CHECK, "carer": 2}]}, "checks[0].carer", "no-such-carer"),
    ({"checks": 2 * [CHECK]}, "checks[1]", "said-twice"),
    ({"objections": [objection()]}, "published_on", "missing-field"),
    ({"objections": [objection(organisation="O9")], **TOLD}, "objections[0].organisation",
     "unknown-organisation"),
    ({"objections": [objection(visits=["V9"])], **TOLD}, "objections[0].visits[0]",
     "unknown-visit"),
    ({"objections": 2 * [objection()], **TOLD}, "objections[1]", "said-twice"),
    ({"objections": [objection(filed_on="2026-03-01")], **TOLD}, "objections[0].filed_on",
     "objection-before-result"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "place", "code"), BAD)
def test_each_fault_has_place_and_code(fields: dict[str, Any], place: str, code: str) -> None:
    """What contradicts scenario or itself is found where it stands, and can be said in Chinese."""
    found = check_supervision(Supervision.model_validate(fields), [town()]).faults
    assert [(fault.path, fault.code) for fault in found] == [(place, code)]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in translated("zh", found[0].message))


def test_who_has_complained_is_never_written() -> None:
    """A name beside a complaint is refused as a field that nobody knows."""
    with pytest.raises(InvalidDocument) as caught:
        parse_supervision(json.dumps({"complaints": [complaint(complainant="x")]}))
    assert [fault.code for fault in caught.value.faults] == ["unknown-field"]


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    """Faults of several lists are told together, in the order of the file."""
    path = tmp_path / "supervision.json"
    wrong = {"surveys": [survey(21)], "complaints": [complaint(visit="V9")], "checks": 2 * [CHECK]}
    path.write_text(json.dumps(wrong), encoding="utf-8")
    with pytest.raises(InvalidDocument) as caught:
        read_supervision(path, [town()])
    assert [fault.code for fault in caught.value.faults] == [
        "more-content-than-answered", "unknown-visit", "said-twice",
    ]  # fmt: skip


def test_it_comes_back_as_it_was() -> None:
    """Written and read again it is the same."""
    given = Supervision.model_validate({"complaints": [complaint()], "surveys": [survey(3)]})
    assert parse_supervision(given.model_dump_json()) == given
