"""``homecare export``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimizer.formats import read_scenario
from optimizer.formats.names import write_names
from tests.cli.conftest import Run
from tests.report.people import NAMES

FORMS = ["roster.xlsx", "sheets.html", "day.letters.html", "r.ics", "r.ics.zip", "r.geojson"]


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """The names of the village."""
    path = tmp_path / "people.csv"
    write_names(NAMES, path)
    return path


def test_a_roster_is_written_in_all_forms(
    homecare: Run, village_file: Path, plan_file: Path, people: Path, tmp_path: Path
) -> None:
    """Several at once, with names; what is text holds them."""
    targets = [tmp_path / name for name in FORMS]
    outputs = [part for target in targets for part in ("-o", target)]
    code, out, _ = homecare(
        "export", village_file, plan_file, *outputs, "--people", people, "--json"
    )
    assert code == 0
    assert json.loads(out)["written"] == [str(target) for target in targets]
    assert all(target.stat().st_size > 500 for target in targets)
    for name in ("sheets.html", "day.letters.html", "r.ics", "r.geojson"):
        assert "Invented" in (tmp_path / name).read_text(encoding="utf-8")


def test_solve_and_convert_write_the_same_forms(
    homecare: Run, village_file: Path, plan_file: Path, tmp_path: Path
) -> None:
    """Without names, as everywhere where no names file is given."""
    target = tmp_path / "sheets.html"
    assert homecare("convert", plan_file, target, "--scenario", village_file)[0] == 0
    assert "C0001" in target.read_text(encoding="utf-8")


def test_a_scenario_is_written_as_a_workbook(
    homecare: Run, village_file: Path, people: Path, tmp_path: Path
) -> None:
    """Imported again it is the same scenario, and the names are the same."""
    book, back, names = (tmp_path / name for name in ("office.xlsx", "back.json", "again.csv"))
    assert homecare("export", village_file, "-o", book, "--people", people)[0] == 0
    assert homecare("import", book, "-o", back, "--names", names)[0] == 0
    assert read_scenario(back) == read_scenario(village_file)
    lines = people.read_text(encoding="utf-8-sig").splitlines()
    assert set(lines) <= set(names.read_text(encoding="utf-8-sig").splitlines())


def test_one_caregiver_is_told_by_name(
    homecare: Run, village_file: Path, plan_file: Path, people: Path, tmp_path: Path
) -> None:
    """By name or pseudonym; a name that nobody has is a faulty call."""
    target = tmp_path / "sheets.html"
    files = (village_file, plan_file, "-o", target, "--people", people)
    assert homecare("export", *files, "--caregiver", "Eva Invented")[0] == 0
    assert "Dora Invented</h1>" not in target.read_text(encoding="utf-8")
    code, _, err = homecare("export", *files, "--caregiver", "Nobody")
    assert code == 2
    assert "0 caregivers are called Nobody" in err


@pytest.mark.parametrize(
    ("target", "said"),
    [(None, "give -o FILE"), ("roster.ics", "without a plan only a workbook")],
)
def test_faulty_calls(homecare: Run, village_file: Path, tmp_path: Path,
                      target: str | None, said: str) -> None:  # fmt: skip
    """Exit 2: nothing to write, or a form that only a plan can take."""
    outputs = () if target is None else ("-o", tmp_path / target)
    code, _, err = homecare("export", village_file, *outputs)
    assert code == 2
    assert said in err


def test_a_wrong_names_file_is_refused(
    homecare: Run, village_file: Path, plan_file: Path, tmp_path: Path
) -> None:
    """A list of clients is none."""
    wrong = tmp_path / "clients.csv"
    wrong.write_text("Name,Lat\nA,1\n", encoding="utf-8")
    code, _, err = homecare(
        "export", village_file, plan_file, "-o", tmp_path / "r.xlsx", "--people", wrong
    )
    assert code == 3
    assert "names file" in err
