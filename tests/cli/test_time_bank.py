"""``homecare office timebank``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimizer.formats import read_scenario
from tests.cli.conftest import Run
from tests.purchase.test_time_bank import EARLIER, GIFTED, bank, done, order, with_volunteer
from tests.purchase.town import roster

CALL = ("office", "timebank")


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """The town with a volunteer, and a time bank with minutes for one order."""
    paths = tmp_path / "town.json", tmp_path / "bank.json"
    held = bank(*GIFTED, orders=[EARLIER, order(1, minutes=40)], rules={"issued_minutes": 240})
    for path, record in zip(paths, (with_volunteer(), held), strict=True):
        path.write_text(record.model_dump_json(exclude_none=True), encoding="utf-8")
    return paths


def test_balances_are_shown(homecare: Run, files: tuple[Path, Path]) -> None:
    """Every account, the sum of nothing, what is owed, in both languages and as a document."""
    town, held = files
    code, out, _ = homecare(*CALL, "show", held, "--scenario", town)
    assert code == 0
    assert "Orders: posted 1, booked 1." in out
    assert "4.0 h are owed; 4.0 h were served in the last twelve months" in out
    assert "Volunteers have 3.0 h on 1 day" in out
    _, out, _ = homecare(*CALL, "show", held, "--lang", "zh")
    assert "待兑付 4.0 小时" in out
    _, out, _ = homecare(*CALL, "show", held, "--json")
    assert sum(json.loads(out)["balances"].values()) == 0


def test_granted_planned_and_booked(
    homecare: Run, files: tuple[Path, Path], tmp_path: Path
) -> None:
    """The chain from the balance to the credit: granted, on a roster, delivered, booked once."""
    town, held = files
    day, plan, came, after = (
        tmp_path / name for name in ("day.json", "plan.json", "came.json", "after.json")
    )
    code, out, _ = homecare(*CALL, "grant", town, held, "-o", day)
    assert code == 0
    assert "1 client holds 90 min; 1 order becomes a visit of volunteers." in out
    assert read_scenario(day).visits[-1].payer == "timebank"
    assert homecare(*CALL, "grant", day, held, "-o", tmp_path / "again.json")[0] == 2
    made = roster(("A1", "13:30", "14:10"))
    route = made.routes[0].model_copy(update={"caregiver": "W1"})
    made = made.model_copy(update={"routes": (route,)})
    plan.write_text(made.model_dump_json(exclude_none=True), encoding="utf-8")
    told = {"visit": "A1", "date": "2026-03-02", "caregiver": "W1", "start": "13:30",
            "end": "14:10", "beacon": True}  # fmt: skip
    came.write_text(json.dumps({"scenario": "town", "deliveries": [told]}), encoding="utf-8")
    book = ("--by", "desk", "--day", "2026-03-05")
    code, out, _ = homecare(*CALL, "book", held, day, plan, came, *book, "-o", after)
    assert code == 0
    assert "1 order booked, 30 min credited." in out
    _, out, _ = homecare(*CALL, "book", after, *book, "-o", tmp_path / "twice.json", "--json")
    assert json.loads(out)["transfers"] == []
    assert homecare(*CALL, "book", held, day, *book, "-o", after)[0] == 2


def test_minutes_are_moved(homecare: Run, files: tuple[Path, Path], tmp_path: Path) -> None:
    """A donation is booked; what breaks a limit, or would overwrite the file, is refused."""
    _, held = files
    after = tmp_path / "after.json"
    call = (*CALL, "move", held, "--by", "desk", "--day", "2026-03-05", "--reason", "donation")
    code, out, _ = homecare(*call, "--from", "giver", "--to", "pool", "--minutes", 40, "-o", after)
    assert code == 0
    assert "T4: 40 min from giver (left 100) to pool (now 50)." in out
    again = ("--from", "giver", "--to", "pool", "--minutes", 141, "-o", tmp_path / "no.json")
    code, _, err = homecare(*call, *again)
    assert code == 3
    assert "more than the account has" in err
    assert not (tmp_path / "no.json").exists()
    assert homecare(*call, "--from", "x", "--to", "pool", "--minutes", 1, "-o", after)[0] == 3
    assert homecare(*call, "--from", "giver", "--to", "pool", "--minutes", 1, "-o", held)[0] == 2


def test_records_stand_in_the_way(homecare: Run, files: tuple[Path, Path], tmp_path: Path) -> None:
    """Where visits follow from records minutes could pay for funded care: refused."""
    town, held = files
    content = json.loads(town.read_text(encoding="utf-8"))
    content["clients"][0]["health_record"] = {"recorded_on": "2026-02-01"}
    town.write_text(json.dumps(content), encoding="utf-8")
    code, _, err = homecare(*CALL, "grant", town, held, "-o", tmp_path / "day.json")
    assert (code, "homecare office admit" in err) == (2, True)


def test_disputes_are_seen(homecare: Run, files: tuple[Path, Path]) -> None:
    """An order that is disputed waits, whatever the day."""
    _, held = files
    made = bank(orders=[done(disputed_on="2026-03-03")])
    held.write_text(made.model_dump_json(exclude_none=True), encoding="utf-8")
    _, out, _ = homecare(*CALL, "show", held, "--day", "2026-06-01", "--json")
    assert json.loads(out)["orders"] == {"disputed": 1}
    assert homecare(*CALL, "show", held, "--day", "June")[0] == 2
