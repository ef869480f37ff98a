"""``homecare office moves``: who changes the organisation, why, from when on, at what cost."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from optimizer.domain.scenario import Familiar
from optimizer.formats import write_scenario
from tests.allocation.district import district
from tests.cli.conftest import Run


@pytest.fixture
def files(tmp_path: Path, homecare: Run) -> tuple[Path, Path]:
    """Three clients of one organisation that is excluded, who know one of its caregivers."""
    given = district([60, 50, 40])
    before = given.organisations[0].id
    staff = [one.id for one in given.caregivers if one.organisation == before]
    clients = tuple(one.model_copy(update={"organisation": before}) for one in given.clients)
    history = (Familiar(client=clients[0].id, caregiver=staff[0], visits=5),)
    scenario, rules, log = (tmp_path / name for name in ("day.json", "rules.json", "log.json"))
    write_scenario(given.model_copy(update={"clients": clients, "history": history}), scenario)
    halt = {"kind": "excluded", "start": "2026-01-01"}
    body = {"organisation": before, "halts": [halt]}
    rules.write_text(
        json.dumps({"period": "2026-03", "draw": "3D: 385", "bodies": [body]}), encoding="utf-8"
    )
    assert homecare("allocate", scenario, rules, "--log", log)[0] == 0
    return scenario, log


def test_each_client_who_changes_is_told_why(
    homecare: Run, files: tuple[Path, Path], tmp_path: Path
) -> None:
    """Reason, ten working days of notice, 30 days at most, and whom the client knows.

    Source: Gothenburg, which gives five or ten days of notice (S78).
    """
    table = tmp_path / "moves.csv"
    code, out, _ = homecare("office", "moves", *files, "-o", table, "--json")
    assert code == 0
    found = json.loads(out)["moves"]
    assert {one["why"] for one in found} == {"excluded"}
    day = json.loads(files[1].read_text(encoding="utf-8"))["day"]
    assert day == "2026-03-02"
    assert {(one["earliest"], one["latest"]) for one in found} == {("2026-03-16", "2026-04-01")}
    assert sum(len(one["left_behind"]) for one in found) == 1
    rows = list(csv.reader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
    assert len(rows) == 1 + len(found)
    _, out, _ = homecare("office", "moves", *files)
    assert "on 2026-03-16 at the earliest, on 2026-04-01 at the latest. Reason: " in out
    assert "clients to be told; 1 caregiver known to them will no longer come." in out
    _, out, _ = homecare("office", "moves", *files, "--lang", "zh", "--notice", "5")
    assert "最早 2026-03-09，最迟 2026-04-01。原因：" in out
    assert "已被清退" in out


def test_a_log_of_another_scenario_is_refused(
    homecare: Run, files: tuple[Path, Path], tmp_path: Path
) -> None:
    """Whose log it is is told; a list of another ending is refused too."""
    scenario, log = files
    other = tmp_path / "other.json"
    write_scenario(district([60]).model_copy(update={"id": "other"}), other)
    code, _, err = homecare("office", "moves", other, log)
    assert (code, "other" in err) == (2, True)
    assert homecare("office", "moves", scenario, log, "-o", tmp_path / "list.txt")[0] == 2
