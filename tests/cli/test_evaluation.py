"""``homecare office evaluate``."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.purchase.test_evaluation import LATE_V4, PLAN, complaint, survey
from tests.purchase.test_evidence import deliveries
from tests.purchase.town import office, town


@pytest.fixture
def call(tmp_path: Path) -> tuple[object, ...]:
    """The command with the town, its roster, what took place, an office and supervision."""
    files = {
        "town.json": town().model_dump_json(exclude_none=True),
        "plan.json": PLAN.model_dump_json(exclude_none=True),
        "came.json": deliveries(*LATE_V4).model_dump_json(exclude_none=True),
        "office.json": office().model_dump_json(exclude_none=True),
        "heard.json": json.dumps({"complaints": [complaint()], "surveys": [survey(15)]}),
        "rules.json": json.dumps({"period": "2026-03", "draw": "3D: 385"}),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    days = [tmp_path / name for name in ("town.json", "plan.json", "came.json")]
    heard = ("--supervision", tmp_path / "heard.json")
    return ("office", "evaluate", *days, "--office", tmp_path / "office.json", *heard)


def test_the_district_is_shown(homecare: Run, call: tuple[object, ...]) -> None:
    """Three visits are too few for a grade: that is said, in both languages."""
    code, out, _ = homecare(*call)
    assert code == 0
    assert "only 15% of the weight can be rated, less than 50%" in out
    _, out, _ = homecare(*call, "--lang", "zh")
    assert "可评权重仅 15%，不足 50%，不评等级" in out
    _, out, _ = homecare(*call, "--json")
    (one,) = json.loads(out)["organisations"]
    figures = {figure["indicator"]: figure for figure in one["figures"]}
    assert figures["satisfaction"]["value"] == 75
    assert figures["completion"]["unrated"] == "too_few"
    rows = figures["punctual"]["rows"]
    assert [row["subject"] for row in rows if not row["upper"]] == ["V4/1"]
    assert figures["punctual"]["value"] == pytest.approx(200 / 3)


def test_pages_and_tables_are_written(
    homecare: Run, call: tuple[object, ...], tmp_path: Path
) -> None:
    """One page per organisation loads nothing; the tables hold each row of each figure."""
    page = tmp_path / "evaluation.html"
    assert homecare(*call, "-o", page, "--lang", "zh")[0] == 0
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"https?://|src=|url\(", text)
    for words in ("已核实的上门服务 ÷ 应完成的上门服务", "3 / 3", "准时率：V4/1", "样本过少"):
        assert words in text
    assert homecare(*call, "-o", tmp_path / "evaluation.xlsx")[0] == 0
    assert homecare(*call, "-o", tmp_path / "evaluation.zip")[0] == 0
    with zipfile.ZipFile(tmp_path / "evaluation.zip") as archive:
        assert archive.namelist() == [
            "district.html", "O1.html", "organisations.csv", "figures.csv", "rows.csv",
        ]  # fmt: skip
        rows = archive.read("rows.csv").decode("utf-8-sig")
    assert "O1,punctual,V4/1,2026-03-02,0.0,1.0" in rows


def test_rules_of_the_next_period_are_written(
    homecare: Run, call: tuple[object, ...], tmp_path: Path
) -> None:
    """Rules go in and out together; what comes out allocates."""
    rules, following = tmp_path / "rules.json", tmp_path / "next.json"
    assert homecare(*call, "--rules", rules, "--next", following)[0] == 0
    assert json.loads(following.read_text(encoding="utf-8"))["bodies"][0]["share"] == 100
    assert homecare("allocate", tmp_path / "town.json", following)[0] == 0
    assert homecare(*call, "--rules", rules)[0] == 2
    assert homecare(*call, "--rules", rules, "--next", rules)[0] == 2


def test_further_days_are_added(homecare: Run, call: tuple[object, ...], tmp_path: Path) -> None:
    """Another day makes six visits; the same one twice, or no three files, is refused."""
    names = ("town.json", "plan.json", "came.json")
    for name in names:
        text = (tmp_path / name).read_text(encoding="utf-8").replace('"V', '"W')
        (tmp_path / f"next-{name}").write_text(text, encoding="utf-8")
    once, more = (
        ",".join(str(tmp_path / f"{one}{name}") for name in names) for one in ("", "next-")
    )
    code, _, err = homecare(*call, "--also", once)
    assert (code, "has the visit V1" in err) == (2, True)
    _, out, _ = homecare(*call, "--also", more, "--json")
    figures = json.loads(out)["organisations"][0]["figures"]
    assert figures[0]["lower"] == 6
    code, _, err = homecare(*call, "--also", "a,b")
    assert (code, "three files" in err) == (2, True)


@pytest.mark.parametrize("name", ["evaluation.txt", "evaluation"])
def test_other_endings_are_refused(
    homecare: Run, call: tuple[object, ...], tmp_path: Path, name: str
) -> None:
    """Pages, workbook or archive; nothing is written under another name."""
    assert homecare(*call, "-o", tmp_path / name)[0] == 2
    assert not (tmp_path / name).exists()


def test_faults_write_nothing(homecare: Run, call: tuple[object, ...], tmp_path: Path) -> None:
    """A complaint about an unknown organisation ends with exit code 3 and without a file."""
    heard = {"complaints": [complaint(organisation="O9"), complaint(visit="V9")]}
    (tmp_path / "heard.json").write_text(json.dumps(heard), encoding="utf-8")
    code, _, err = homecare(*call, "-o", tmp_path / "evaluation.html")
    assert code == 3
    assert "complaints[0].organisation" in err
    assert "complaints[1].visit" in err
    assert not (tmp_path / "evaluation.html").exists()
