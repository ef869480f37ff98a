"""``homecare office bill``."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.purchase.test_evidence import came, deliveries
from tests.purchase.test_settlement import PLAN, ROWS
from tests.purchase.town import town

EARLY = [ROWS[0], came("V2", "09:10", "10:00"), ROWS[2]]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path, Path]:
    """The town, its roster, what took place, and what was found to have taken place later."""
    texts = {
        "town.json": town().model_dump_json(exclude_none=True),
        "plan.json": PLAN.model_dump_json(exclude_none=True),
        "came.json": deliveries(*EARLY).model_dump_json(exclude_none=True),
        "later.json": deliveries(*ROWS).model_dump_json(exclude_none=True),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    one, two, three, four = (tmp_path / name for name in texts)
    return one, two, three, four


def test_a_bill_is_kept_and_corrected(
    homecare: Run, files: tuple[Path, Path, Path, Path], tmp_path: Path
) -> None:
    """The second bill says what is still owed, line by line, in both languages."""
    day, plan, then, now = files
    first, second, tables = (tmp_path / name for name in ("b1.json", "b2.json", "b2.zip"))
    code, out, _ = homecare("office", "bill", day, plan, then, "-o", first)
    assert code == 0
    assert "Bill of town: 45.00 yuan due, 0.00 yuan deducted" in out
    call = ("office", "bill", day, plan, now, "--before", first, "-o", second)
    code, out, _ = homecare(*call, "--tables", tables)
    assert code == 0
    assert "K1: 4.50 yuan are still owed (2 correcting lines)." in out
    with zipfile.ZipFile(tables) as archive:
        assert {"payers.csv", "items.csv", "corrections.csv", "contract-K1.csv"} <= set(
            archive.namelist()
        )
        rows = archive.read("corrections.csv").decode("utf-8-sig").splitlines()
    assert rows[1:] == ["reversed,K1,civil,V2,1,-22.5", "paid anew,K1,civil,V2,1,27.0"]
    _, out, _ = homecare(*call, "--lang", "zh")
    assert "K1：应补付 4.50 元（更正 2 行）。" in out
    _, out, _ = homecare(*call, "--json")
    assert [one["fen"] for one in json.loads(out)["corrections"]] == [-2250, 2700]


def test_an_edited_bill_writes_nothing(
    homecare: Run, files: tuple[Path, Path, Path, Path], tmp_path: Path
) -> None:
    """A bill changed by hand, or overwritten, is refused; no file is written."""
    day, plan, then, now = files
    first, second = tmp_path / "b1.json", tmp_path / "b2.json"
    homecare("office", "bill", day, plan, then, "-o", first)
    first.write_text(first.read_text(encoding="utf-8").replace("4500", "4600"), encoding="utf-8")
    code, _, err = homecare("office", "bill", day, plan, now, "--before", first, "-o", second)
    assert (code, "totals[0].due_fen" in err, second.exists()) == (3, True, False)
    call = ("office", "bill", day, plan, now)
    assert homecare(*call, "--before", first, "-o", first)[0] == 2
    assert homecare(*call, "-o", second, "--tables", tmp_path / "t.xlsx")[0] == 2


def test_a_bill_is_entered_as_the_settlement_that_it_is(
    homecare: Run, files: tuple[Path, Path, Path, Path], tmp_path: Path
) -> None:
    """`settle` and `bill` of the same files are one entry, which a later bill corrects."""
    day, plan, then, now = files
    ledger = tmp_path / "ledger.jsonl"
    assert homecare("office", "settle", day, plan, then, "--ledger", ledger)[0] == 0
    before = ledger.read_bytes()
    bill = ("office", "bill", day, plan)
    first = tmp_path / "b1.json"
    assert homecare(*bill, then, "-o", first, "--ledger", ledger)[0] == 0
    assert ledger.read_bytes() == before
    second = (*bill, now, "--before", first, "-o", tmp_path / "b2.json", "--ledger", ledger)
    code, _, err = homecare(*second)
    assert (code, "--correct" in err) == (2, True)
    assert not (tmp_path / "b2.json").exists()
    assert homecare(*second, "--correct", "a record came late")[0] == 0
    code, out, _ = homecare("office", "audit", ledger, tmp_path)
    assert (code, out.count("settlement of town")) == (0, 2)
