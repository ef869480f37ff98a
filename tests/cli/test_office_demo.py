"""``homecare office demo`` and ``audit``: a folder of months, from need to a checked ledger."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from optimizer.domain.delivery import Deliveries
from optimizer.generate import took_place
from tests.cli.conftest import Run
from tests.purchase.town import applies, office, roster, town

POOL = {"id": "p", "tier": "lottery", "amount_fen": 5_000_000, "start": "2026-01-01",
        "end": "2026-12-31"}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The town as one month: a folder as the demo reads it."""
    path = tmp_path / "district"
    path.mkdir()
    day = town()
    plan = roster(("V1", "08:30", "09:00"), ("V4", "09:10", "09:30"), unserved={"V2": "travel"})
    of = office(applies("C1", hardship="low_income"), pools=[POOL], draw="3D: 385")
    place = took_place(day, plan, 3, faults=0)
    rules = {"format": "homecare-allocation", "period": "2026-03", "draw": "3D 052: 385"}
    for kind, text in {
        "scenario": day.model_dump_json(exclude_none=True),
        "office": of.model_dump_json(exclude_none=True),
        "rules": json.dumps(rules),
        "plan": plan.model_dump_json(exclude_none=True),
        "deliveries": place.deliveries.model_dump_json(exclude_none=True),
    }.items():
        (path / f"2026-03.{kind}.json").write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def demo(homecare: Run, folder: Path, tmp_path: Path) -> Path:
    """What the demo has written of it."""
    out = tmp_path / "out"
    code, _, err = homecare("office", "demo", folder, "--out", out)
    assert code == 0, err
    return out


def test_the_report_stands_alone_in_both_languages(demo: Path) -> None:
    """Two pages that load nothing, with money, organisations, payment and the ledger's hash."""
    head = json.loads((demo / "ledger.jsonl").read_text("utf-8").splitlines()[-1])["hash"]
    for lang, words in (("en", "From need to payment"), ("zh", "从需要到支付")):
        page = (demo / f"report.{lang}.html").read_text(encoding="utf-8")
        assert words in page
        assert head in page
        assert not re.search(r"https?://|src=", page)


def test_the_same_files_give_the_same_bytes(
    homecare: Run, folder: Path, demo: Path, tmp_path: Path
) -> None:
    """Run again, into the same folder or another: nothing differs, the ledger neither."""
    before = {path.name: path.read_bytes() for path in demo.iterdir()}
    assert homecare("office", "demo", folder, "--out", demo, "--json")[0] == 0
    other = tmp_path / "other"
    assert homecare("office", "demo", folder, "--out", other, "--json")[0] == 0
    for out in (demo, other):
        assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_every_decision_is_worked_out_anew(homecare: Run, folder: Path, demo: Path) -> None:
    """Allocation, settlement and evaluation hold; without the files they are not checked."""
    ledger = demo / "ledger.jsonl"
    code, out, _ = homecare("office", "audit", ledger, demo, folder, "--json")
    found = json.loads(out)
    assert code == 0
    assert [one["kind"] for one in found["entries"]] == ["assignment", "settlement", "evaluation"]
    assert {one["outcome"] for one in found["entries"]} == {"holds"}
    code, out, _ = homecare("office", "audit", ledger, "--lang", "zh")
    assert code == 0
    assert out.count("未核对：") == 3


def test_a_claim_that_does_not_follow_is_found(homecare: Run, folder: Path, demo: Path) -> None:
    """A ledger with a fen more, hashed anew, holds as a chain and not as a decision."""
    from optimizer.formats.ledger import canonical, content_hash

    ledger = demo / "ledger.jsonl"
    entries = [json.loads(one) for one in ledger.read_text("utf-8").splitlines()]
    entries[1]["body"]["claims"]["statements"][0]["due_fen"] += 1
    previous = 64 * "0"
    for one in entries:
        one["previous"] = previous
        one["hash"] = previous = content_hash((previous + canonical(one["body"])).encode())
    forged = demo / "forged.jsonl"
    forged.write_text("".join(canonical(one) + "\n" for one in entries), encoding="utf-8")
    code, out, _ = homecare("office", "audit", forged, demo, folder)
    assert code == 4
    assert "2. does not hold: settlement of town" in out
    assert "statements[0]" in out
    code, _, err = homecare("office", "audit", forged, "--against", ledger)
    assert code == 3
    assert "entry 2" in err


def test_another_decision_needs_a_reason(homecare: Run, folder: Path, demo: Path) -> None:
    """A settlement that comes out otherwise is refused, and entered as a correction with one."""
    came = folder / "2026-03.deliveries.json"
    missed = {"visit": "V1", "date": "2026-03-02", "occurrence": "carer_missed"}
    other = Deliveries.model_validate({"scenario": "town", "deliveries": [missed]})
    came.write_text(other.model_dump_json(exclude_none=True), encoding="utf-8")
    ledger = demo / "ledger.jsonl"
    before = ledger.read_bytes()
    call = ("office", "settle", demo / "2026-03.allocated.json", folder / "2026-03.plan.json",
            came, "--office", folder / "2026-03.office.json", "--ledger", ledger)  # fmt: skip
    code, _, err = homecare(*call)
    assert code == 2
    assert "entry 2 has decided the same otherwise" in err
    assert ledger.read_bytes() == before
    assert homecare(*call, "--correct", "the check-ins of a day came late")[0] == 0
    code, out, _ = homecare("office", "audit", ledger, demo, folder)
    assert code == 0
    assert "4. holds: settlement of town, in place of entry 2" in out


def test_a_month_that_lacks_a_file_is_told_before_anything_is_written(
    homecare: Run, folder: Path, tmp_path: Path
) -> None:
    """All files that are missing are named; a folder without months is no district."""
    for kind in ("plan", "rules"):
        (folder / f"2026-03.{kind}.json").unlink()
    out = tmp_path / "out"
    code, _, err = homecare("office", "demo", folder, "--out", out)
    assert code == 2
    assert "2026-03.rules.json, 2026-03.plan.json" in err
    assert not out.exists()
    assert homecare("office", "demo", tmp_path, "--out", out)[0] == 2


def test_a_group_takes_the_language_for_its_commands(homecare: Run, folder: Path) -> None:
    """`homecare office --lang zh admit …` answers in Chinese; a command's own language wins."""
    call = ("admit", folder / "2026-03.scenario.json", folder / "2026-03.office.json")
    assert "困难老人" in homecare("office", "--lang", "zh", *call)[1]
    assert "elder in hardship" in homecare("office", "--lang", "zh", *call, "--lang", "en")[1]
    assert "elder in hardship" in homecare("office", *call)[1]


def test_everything_wrong_with_a_month_comes_at_once_and_nothing_is_written(
    homecare: Run, folder: Path, tmp_path: Path
) -> None:
    """Eleven faults of an office, each once, in both languages; no folder is made."""
    path = folder / "2026-03.office.json"
    of = json.loads(path.read_text(encoding="utf-8"))
    day = {"start": "2026-01-01", "end": "2026-12-31"}
    of |= {
        "price_book": "zh2099",
        "draw": None,
        "applications": [{"client": "C9", "applied_on": "2026-01-01"},
                         {"client": "C1", "applied_on": "2026-01-01", "disability_grade": 2}],
        "pools": [
            {"id": "a", "tier": "lottery", "amount_fen": 5, "spent_fen": 6, **day},
            {"id": "b", "tier": "town", "amount_fen": 5, "mode": "per_unit", **day},
            {"id": "c", "tier": "town", "amount_fen": 5, "mode": "split", "percent": 40, **day},
            {"id": "c", "tier": "town", "amount_fen": 5, "towns": ["nowhere"], **day},
        ],
        "terms": {"full_percent": 40, "least_percent": 50},
    }  # fmt: skip
    of["categories"][0] |= {"end": "2025-12-31", "test": {"min_age": 70, "max_age": 60}}
    path.write_text(json.dumps({k: v for k, v in of.items() if v is not None}), encoding="utf-8")
    out = tmp_path / "out"
    places = (
        "price_book", "categories[0].end", "categories[0].test.min_age", "applications[0].client",
        "applications[1].disability_grade", "pools[0].spent_fen", "pools[1]",
        "pools[3]", "pools[3].towns[0]", "draw", "terms.least_percent",
    )  # fmt: skip
    for lang in ("en", "zh"):
        code, _, err = homecare("office", "demo", folder, "--out", out, "--lang", lang)
        assert code == 3
        assert [one for one in places if f"  {one}" not in err] == []
        assert not out.exists()
