"""``homecare import`` and ``homecare template``."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from optimizer.formats import read_scenario
from optimizer.travel import geocoding
from tests.cli.conftest import Run
from tests.spreadsheets.column_sets import OFFICE_ZH
from tests.spreadsheets.workbooks import write_folder


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A folder with the lists of an office in Chinese."""
    return write_folder(tmp_path / "office", OFFICE_ZH, encoding="gb18030")


def test_lists_become_a_scenario_and_names(homecare: Run, office: Path, tmp_path: Path) -> None:
    """The scenario holds no name; the names file holds all, and only its owner may read it."""
    target, names = tmp_path / "day.json", tmp_path / "people.csv"
    arguments = (office, "-o", target, "--names", names, "--start", "2026-03-02", "--days", 7)
    code, out, err = homecare("import", *arguments)
    assert code == 0
    assert "2 clients, 2 caregivers with 11 shifts, 16 visits; 7 days from 2026-03-02 on." in out
    assert "spread evenly" in err
    assert len(read_scenario(target).visits) == 16
    assert "示例路" not in target.read_text(encoding="utf-8")
    assert "甲示例" not in target.read_text(encoding="utf-8")
    assert "甲示例" in names.read_text(encoding="utf-8-sig")
    assert stat.S_IMODE(names.stat().st_mode) == 0o600


def test_a_dry_run_writes_nothing(homecare: Run, office: Path, tmp_path: Path) -> None:
    """It shows which column was taken for what, and a mapping where one is asked for."""
    mapping = tmp_path / "mapping.toml"
    code, out, _ = homecare("import", office, "--dry-run", "--write-mapping", mapping)
    assert code == 0
    assert "技能等级 → Qualifications" in out
    assert '"技能等级" = "qualifications"' in mapping.read_text(encoding="utf-8")
    assert {path.name for path in tmp_path.iterdir()} == {"office", "mapping.toml"}


def test_a_mapping_beside_the_lists_is_used(homecare: Run, office: Path, tmp_path: Path) -> None:
    """What was corrected once holds for the next import of the same name."""
    (tmp_path / "office.mapping.toml").write_text(
        '[sheets."每周需求"]\ntable = ""\n', encoding="utf-8"
    )
    code, out, _ = homecare("import", office, "--dry-run", "--json")
    answer = json.loads(out)
    assert (code, answer["unread"], answer["visits"]) == (0, ["每周需求"], 0)


def test_faults_are_told_in_chinese(homecare: Run, office: Path) -> None:
    """Exit 3, and each fault with file, cell and remedy."""
    needs = office / "每周需求.csv"
    text = needs.read_text(encoding="gb18030").replace("每周2次", "偶尔").replace("隔天", "随缘")
    needs.write_text(text, encoding="gb18030")
    code, _, err = homecare("import", office, "--dry-run", "--lang", "zh")
    assert code == 3
    assert "每周需求!C2：为“偶尔”，看不出频次；" in err
    assert "每周需求!C4：为“随缘”" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give -o FILE.json, or --dry-run"),  # nowhere to write to
        (("-o", "x.json", "--names", "people.json"), "must end in .csv"),  # another ending
        (("-o", "x.csv"), "a scenario can be written as .json"),  # a scenario is no table
        (("--dry-run", "--start", "soon"), "soon is no date"),  # no date
    ],
)
def test_faulty_calls(
    homecare: Run, office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...], said: str,
) -> None:  # fmt: skip
    """Exit 2 before anything is read."""
    monkeypatch.chdir(tmp_path)
    code, _, err = homecare("import", office, *arguments)
    assert code == 2
    assert said in err


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_template_is_never_written_over(homecare: Run, tmp_path: Path, lang: str) -> None:
    """It may have been filled in since; another ending than .xlsx is refused as well."""
    target = tmp_path / "office.xlsx"
    assert homecare("template", "-o", target, "--lang", lang)[0] == 0
    before = target.read_bytes()
    assert homecare("template", "-o", target)[0] == 2
    assert target.read_bytes() == before
    assert homecare("template", "-o", tmp_path / "office.csv")[0] == 2
    assert homecare("import", target, "--dry-run")[0] == 3


def test_addresses_are_looked_up_and_kept(
    homecare: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service named is asked once; the next import finds all in the file and asks nobody."""
    asked: list[str] = []

    def lookup(address: str) -> tuple[float, float]:
        asked.append(address)
        return 29.95, 121.71

    monkeypatch.setattr(geocoding, "lookup_of", lambda _: lookup)
    office, places, target = tmp_path / "clients.csv", tmp_path / "places.csv", tmp_path / "a.json"
    office.write_text("姓名,住址,年龄\n甲示例,示例路1号,80\n", encoding="utf-8")
    arguments = ("import", office, "-o", target, "--places", places)
    assert homecare(*arguments)[0] == 3  # The file is not there, and nobody is asked.
    dry = ("import", office, "--dry-run", "--places", places, "--geocoder", "photon")
    assert homecare(*dry)[0] == 3
    assert asked == []
    code, _, err = homecare(*arguments, "--geocoder", "photon")
    assert code == 0
    assert "geocoder" in err
    assert homecare(*arguments)[0] == homecare(*arguments, "--geocoder", "photon")[0] == 0
    assert asked == ["示例路1号"]
    assert homecare("import", office, "-o", target, "--geocoder", "photon")[0] == 2
