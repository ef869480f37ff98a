"""The face of the library, and the pages that show how it is used."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import optimizer
from optimizer import Plan, Scenario, read, solve, verify, write
from optimizer.errors import InvalidDocument, UsageError
from optimizer.result import Result
from tests.report.village import village, village_plan

ROOT = Path(__file__).parents[1]
HAMLET = ROOT / "scenarios" / "hamlet.json"


def blocks(page: str) -> str:
    """Return all Python of a page that imports the library's face, as one program."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.findall(r"^```python\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    return "\n".join(block for block in found if "service.client" not in block)


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "docs/library.md"])
def test_the_code_of_a_page_runs(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a page shows works as it stands, from the first block to the last."""
    shutil.copy(HAMLET, tmp_path / "day.json")
    monkeypatch.chdir(tmp_path)
    program = blocks(page).replace("seconds=10", "iterations=200")
    exec(compile(program, page, "exec"), {"__name__": "page"})  # noqa: S102 (our own pages)
    assert capsys.readouterr().out
    assert (tmp_path / "roster.html").exists()


def test_every_name_of_the_face_is_there() -> None:
    """Each name is found when it is asked for; functions hide behind no module of that name."""
    for name in optimizer.__all__:
        assert getattr(optimizer, name).__class__.__name__ != "module"
    with pytest.raises(AttributeError, match="nothing"):
        getattr(optimizer, "nothing")  # noqa: B009 (a type checker sees that it is not there)


def test_a_file_is_read_by_its_content(tmp_path: Path) -> None:
    """Scenario and plan are told apart whatever their files are called."""
    write(village(), tmp_path / "a.json")
    write(village_plan(), tmp_path / "b.json.gz")
    assert read(tmp_path / "a.json") == village()
    assert read(tmp_path / "b.json.gz") == village_plan()
    with pytest.raises(InvalidDocument):
        read(tmp_path / "b.json.gz", Scenario)
    with pytest.raises(InvalidDocument):
        read(tmp_path / "a.json", Plan)


@pytest.fixture(scope="module")
def hamlet() -> Result:
    """The hamlet, solved."""
    return solve(read(HAMLET, Scenario), iterations=200)


@pytest.mark.parametrize("name", ["p.json", "p.json.xz", "p.csv", "p.html", "p.svg"])
def test_a_plan_is_written_as_its_result_is(hamlet: Result, tmp_path: Path, name: str) -> None:
    """With its scenario a plan takes every form that a result takes."""
    write(hamlet, tmp_path / name)
    write(hamlet.plan, tmp_path / f"plan-{name}", scenario=hamlet.prepared)
    one, two = (tmp_path / name).read_bytes(), (tmp_path / f"plan-{name}").read_bytes()
    assert one == two or name == "p.html", "only the page tells how a result was made"


def test_forms_that_do_not_fit_are_refused(hamlet: Result, tmp_path: Path) -> None:
    """A plan alone is no page, a scenario no table, and a hamlet no benchmark instance."""
    with pytest.raises(UsageError, match="scenario"):
        write(hamlet.plan, tmp_path / "p.html")
    with pytest.raises(UsageError, match="json"):
        write(hamlet.prepared.given, tmp_path / "p.csv")
    with pytest.raises(UsageError, match="benchmark"):
        write(hamlet, tmp_path / "p.hhcrsp.json")


def test_a_prepared_day_is_verified_alike(hamlet: Result) -> None:
    """The verdict is that of the result, with the scenario or with what was prepared of it."""
    assert verify(hamlet.prepared, hamlet.plan) == hamlet.verdict
    assert verify(hamlet.prepared.given, hamlet.plan) == hamlet.verdict
