"""``homecare office checks`` and ``homecare office publish``."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.purchase.test_evaluation import LATE_V4, PLAN, complaint
from tests.purchase.test_evidence import deliveries
from tests.purchase.town import office, town


@pytest.fixture
def call(tmp_path: Path) -> tuple[object, ...]:
    """The town, its roster, what took place, and an office that names a draw."""
    files = {
        "town.json": town().model_dump_json(exclude_none=True),
        "plan.json": PLAN.model_dump_json(exclude_none=True),
        "came.json": deliveries(*LATE_V4).model_dump_json(exclude_none=True),
        "office.json": office(draw="3D 052: 385").model_dump_json(exclude_none=True),
        "heard.json": json.dumps({"complaints": [complaint()]}),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    days = [tmp_path / name for name in ("town.json", "plan.json", "came.json")]
    return (*days, "--office", tmp_path / "office.json")


def test_checks_are_drawn(homecare: Run, call: tuple[object, ...], tmp_path: Path) -> None:
    """Three visits are checked by calls, two of them by lot; the list can be written."""
    table = tmp_path / "checks.csv"
    code, out, _ = homecare("office", "checks", *call, "-o", table)
    assert code == 0
    assert "3 visits to check; draw 3D 052: 385, period 2026-03" in out
    assert len(table.read_text(encoding="utf-8-sig").splitlines()) == 4
    _, out, _ = homecare("office", "checks", *call, "--json", "--period", "2026-Q1")
    found = json.loads(out)
    assert found["period"] == "2026-Q1"
    assert [one["by"] for one in found["checks"]] == ["lot", "lot", "risk"]
    day, plan, _, *rest = call
    _, out, _ = homecare("office", "checks", day, plan, *rest, "--lang", "zh")
    assert "突击走访" in out
    assert homecare("office", "checks", *call, "-o", tmp_path / "checks.xlsx")[0] == 2


def test_without_a_draw_nothing_is_drawn(
    homecare: Run, call: tuple[object, ...], tmp_path: Path
) -> None:
    """An office that names no draw is told so."""
    shown = office().model_dump_json(exclude_none=True)
    (tmp_path / "office.json").write_text(shown, encoding="utf-8")
    code, _, err = homecare("office", "checks", *call)
    assert (code, "names no draw" in err) == (2, True)


def test_tables_are_published(homecare: Run, call: tuple[object, ...], tmp_path: Path) -> None:
    """On the terminal, as workbook and archive, as a document; small numbers are gaps."""
    more = ("--supervision", tmp_path / "heard.json")
    code, out, _ = homecare("office", "publish", *call, *more)
    assert code == 0
    assert "A dash is a number that is not told" in out
    _, out, _ = homecare("office", "publish", *call, *more, "--lang", "zh")
    assert "投诉成立，按事由" in out
    for name in ("told.xlsx", "told.zip"):
        assert homecare("office", "publish", *call, *more, "-o", tmp_path / name)[0] == 0
    with zipfile.ZipFile(tmp_path / "told.zip") as archive:
        rows = archive.read("upheld, by kind.csv").decode("utf-8-sig").splitlines()
    assert rows[1:] == ["late,–"]
    _, out, _ = homecare("office", "publish", *call, *more, "--json")
    assert json.loads(out)["people"]["complaints_by_organisation"] == {"O1": None}
    assert homecare("office", "publish", *call, "-o", tmp_path / "told.html")[0] == 2


def test_a_quarter_is_published_at_once(
    homecare: Run, call: tuple[object, ...], tmp_path: Path
) -> None:
    """Complaints may name visits of all days; without the further days these are unknown."""
    names = ("town.json", "plan.json", "came.json")
    for name in names:
        text = (tmp_path / name).read_text(encoding="utf-8").replace('"V', '"W')
        (tmp_path / f"next-{name}").write_text(text, encoding="utf-8")
    heard = {"complaints": [complaint(), complaint(id="B-2", visit="W1")]}
    (tmp_path / "heard.json").write_text(json.dumps(heard), encoding="utf-8")
    more = ("--supervision", tmp_path / "heard.json")
    code, _, err = homecare("office", "publish", *call, *more)
    assert (code, "W1" in err) == (3, True)
    further = ",".join(str(tmp_path / f"next-{name}") for name in names)
    code, out, _ = homecare("office", "publish", *call, *more, "--also", further, "--json")
    assert code == 0
    assert json.loads(out)["people"]["complaints_by_organisation"] == {"O1": None}
    once = ",".join(str(tmp_path / name) for name in names)
    assert homecare("office", "publish", *call, "--also", once)[0] == 2
