"""Rules of an allocation: every fault at once, each with its place, code and remedy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimizer.allocation import allocate
from optimizer.domain.contract import Contract
from optimizer.errors import InvalidDocument
from optimizer.formats.allocation import (
    format_allocation_log,
    format_allocation_table,
    parse_allocation_policy,
    read_allocation_log,
    read_allocation_policy,
)
from optimizer.formats.checks.allocation import check_allocation
from optimizer.i18n import translated
from tests.allocation.district import DAY, district, policy

BODY = {"organisation": "O1"}
OFFERS = {"first": "2026-02-23T09:00", "known_until": "2026-02-25T17:00"}
ANSWER = {"client": "C1", "organisation": "O1", "at": "2026-02-23T10:00", "accepts": True}
BAD = [
    ({"offers": {**OFFERS, "opens": "17:00"}}, "offers.closes", "hours-reversed"),
    ({"offers": {**OFFERS, "known_until": "2026-02-22T09:00"}}, "offers.known_until",
     "period-reversed"),
    ({"offers": {"first": "2020-02-23T09:00", "known_until": "2026-02-22T09:00"}}, "offers.first",
     "offers-far"),
    ({"offers": {**OFFERS, "answers": [{**ANSWER, "client": "C9"}]}}, "offers.answers[0].client",
     "unknown-client"),
    ({"offers": {**OFFERS, "answers": [{**ANSWER, "organisation": "X"}]}},
     "offers.answers[0].organisation", "unknown-organisation"),
    ({"offers": {**OFFERS, "answers": 2 * [ANSWER]}}, "offers.answers[1]", "said-twice"),
    ({"offers": {**OFFERS, "answers": [{**ANSWER, "ground": "ill"}]}}, "offers.answers[0].ground",
     "ground-of-acceptance"),
    ({"offers": {**OFFERS, "answers": [{**ANSWER, "at": "2026-02-23T08:59"}]}},
     "offers.answers[0].at", "answer-before-offer"),
    ({"bodies": [{"organisation": "O9"}]}, "bodies[0].organisation", "unknown-organisation"),
    ({"bodies": [BODY, BODY]}, "bodies[1]", "said-twice"),
    ({"wishes": [{"client": "C9"}]}, "wishes[0].client", "unknown-client"),
    ({"wishes": [{"client": "C1", "ranked": ["X"]}]}, "wishes[0].ranked[0]",
     "unknown-organisation"),
    ({"wishes": [{"client": "C1", "refused": ["X"]}]}, "wishes[0].refused[0]",
     "unknown-organisation"),
    ({"wishes": [{"client": "C1"}, {"client": "C1"}]}, "wishes[1]", "said-twice"),
    ({"wishes": [{"client": "C1", "ranked": ["O1"], "refused": ["O1"]}]}, "wishes[0].ranked[0]",
     "ranked-and-refused"),
    ({"wishes": [{"client": "C1", "ranked": ["O1", "O1"]}]}, "wishes[0].ranked[1]", "said-twice"),
    ({"wishes": [{"client": "C1", "lot": "L9"}]}, "wishes[0].lot", "unknown-lot"),
    ({"declines": [{"client": "C1", "organisation": "O9", "date": "2026-03-01"}]},
     "declines[0].organisation", "unknown-organisation"),
    ({"declines": [{"client": "C9", "organisation": "O1", "date": "2026-03-01"}]},
     "declines[0].client", "unknown-client"),
    ({"declines": 2 * [{"client": "C1", "organisation": "O1", "date": "2026-03-01"}]},
     "declines[1]", "said-twice"),
    ({"accounts": [{"lot": "L9", "organisation": "O1"}]}, "accounts[0].lot", "unknown-lot"),
    ({"accounts": [{"lot": "all", "organisation": "O9"}]}, "accounts[0].organisation",
     "unknown-organisation"),
    ({"accounts": 2 * [{"lot": "all", "organisation": "O1"}]}, "accounts[1]", "said-twice"),
    ({"steps": ["keep", "keep"]}, "steps[1]", "said-twice"),
    ({"lots": [{"id": "a"}, {"id": "b", "services": ["X"]}]}, "lots[1]", "lots-overlap"),
    ({"lots": [{"id": "a", "services": ["X"]}, {"id": "a", "services": ["Y"]}]}, "lots[1]",
     "said-twice"),
    ({"bodies": [{**BODY, "halts": [{"kind": "excluded", "start": "2026-03-02",
                                     "end": "2026-03-01"}]}]},
     "bodies[0].halts[0].end", "period-reversed"),
    ({"bodies": [{**BODY, "licences": [{"start": "2026-03-02", "end": "2026-03-01"}]}]},
     "bodies[0].licences[0].end", "period-reversed"),
    ({"bodies": [{**BODY, "radius_km": 3}]}, "bodies[0].base", "missing-field"),
    ({"bodies": [{**BODY, "share": 60}, {"organisation": "O2", "share": 40.1}]}, "bodies",
     "shares-over-whole"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "place", "code"), BAD)
def test_each_fault_has_place_and_code(fields: dict[str, object], place: str, code: str) -> None:
    """What contradicts scenario or itself is found where it stands, and can be said in Chinese."""
    found = check_allocation(policy(**fields), district([60, 30])).faults
    assert [(fault.path, fault.code) for fault in found] == [(place, code)]
    chinese = translated("zh", found[0].message)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese)


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    """A file with three faults is refused with all three, by name of the file."""
    path = tmp_path / "rules.json"
    content = {
        "format": "homecare-allocation", "version": "1", "period": "2026-03", "draw": "3D: 385",
        "bodies": [{"organisation": "O9"}], "wishes": [{"client": "C9"}], "steps": ["keep", "keep"],
    }  # fmt: skip
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InvalidDocument) as caught:
        read_allocation_policy(path, district([60]))
    assert caught.value.source == "rules.json"
    assert {fault.code for fault in caught.value.faults} == {
        "unknown-organisation", "unknown-client", "said-twice",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("draw", "", "bad-text"),
        ("draw", "385", "bad-text"),  # too short to be a draw
        ("mode", "nearest", "wrong-choice"),
        ("steps", [], "wrong-count"),
        ("bodies", [{"organisation": "O1", "share": 101}], "out-of-range"),
        ("bodies", [{"organisation": "O1", "weight": 3}], "unknown-field"),
        ("wishes", [{"client": "C1", "ranked": ["O1", "O2", "O3", "O4"]}], "wrong-count"),
        ("period", None, "wrong-type"),
    ],
)
def test_fields_are_checked_by_themselves(field: str, value: object, code: str) -> None:
    """Wrong types, ranges, choices and fields nobody knows are refused, weights among them."""
    content = {"format": "homecare-allocation", "period": "2026-03", "draw": "3D: 385"}
    with pytest.raises(InvalidDocument) as caught:
        parse_allocation_policy(json.dumps({**content, field: value}))
    assert [fault.code for fault in caught.value.faults] == [code]


def test_a_cap_below_the_promised_share() -> None:
    """A contract that promises half of 120 minutes and caps at 30 cannot be kept."""
    contract = Contract(
        id="K1", purchaser="d", organisation="O1", start=DAY, end=DAY, min_share=50,
        cap=30,
    )  # fmt: skip
    found = check_allocation(policy(), district([60, 60], contracts=(contract,))).faults
    assert [fault.code for fault in found] == ["cap-below-share"]
    assert "60 min" in found[0].message


def test_contracts_without_towns_of_their_clients_are_told_beside_other_faults() -> None:
    """Shares above all, a cap below its share and towns of nobody: all told at once."""
    given = {"purchaser": "d", "organisation": "O1", "start": DAY, "end": DAY}
    bought = (
        Contract(id="K1", towns=("nowhere",), cap=30, **given),
        Contract(id="K2", min_share=70, cap=20, used=5, **{**given, "organisation": "O2"}),
        Contract(id="K3", min_share=60, **{**given, "organisation": "O3"}),
    )
    world = district([60, 60], organisations=("O1", "O2", "O3"), contracts=bought)
    chosen = tuple(one.model_copy(update={"organisation": "O1"}) for one in world.clients)
    found = check_allocation(policy(), world.model_copy(update={"clients": chosen})).faults
    codes = ["shares-over-whole", "cap-below-share", "contract-without-clients"]
    assert [fault.code for fault in found] == codes
    assert "15 min" in found[1].message
    assert "K1" in found[2].message
    assert "镇（街道）" in translated("zh", found[2].message)
    lacking = world.model_copy(update={"contracts": bought[:1]})
    assert [fault.code for fault in check_allocation(policy(), lacking).faults] == []


def test_a_log_comes_back_as_it_was(tmp_path: Path) -> None:
    """Written and read again a log is the same, also of clients who have no organisation."""
    lots = [{"id": "east", "towns": ["east"]}]
    for rules in (policy(), policy(lots=lots), policy(offers=OFFERS)):
        log = allocate(district([60, 50, 40]), rules)
        path = tmp_path / "log.json"
        path.write_text(format_allocation_log(log), encoding="utf-8")
        assert read_allocation_log(path) == log


def test_a_table_has_a_row_per_line() -> None:
    """The table's rows are the lines, deficits in minutes."""
    log = allocate(district([60, 50]), policy())
    rows = format_allocation_table(log).splitlines()
    assert len(rows) == 1 + len(log.lines)
    assert "O1=30" in rows[1]
    assert "O2=30" in rows[1]
