"""``homecare allocate``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimizer.formats import read_scenario, write_scenario
from tests.allocation.district import district
from tests.cli.conftest import Run

RULES = {"format": "homecare-allocation", "version": "1", "period": "2026-03", "draw": "3D: 385"}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A scenario of three clients and the shortest rules."""
    scenario, rules = tmp_path / "day.json", tmp_path / "rules.json"
    write_scenario(district([60, 50, 40]), scenario)
    rules.write_text(json.dumps(RULES), encoding="utf-8")
    return scenario, rules


def test_each_client_has_a_line(homecare: Run, files: tuple[Path, Path]) -> None:
    """Every client's turn is shown with the deficits that decided it, in both languages."""
    code, out, _ = homecare("allocate", *files)
    assert code == 0
    assert "1. C1 all/luotuo 60 min: goes to" in out
    assert "0 + 30 = 30 → -30" in out
    _, out, _ = homecare("allocate", *files, "--lang", "zh", "--client", "C1")
    assert "1. C1 all/luotuo 60 分钟：轮到" in out
    assert "C2" not in out


def test_scenario_and_log_are_written(
    homecare: Run, files: tuple[Path, Path], tmp_path: Path
) -> None:
    """The scenario has every client's organisation, the log goes on in the next period."""
    day, log = tmp_path / "allocated.json", tmp_path / "log.json"
    code, _, _ = homecare("allocate", *files, "-o", day, "--log", log)
    assert code == 0
    assert all(client.organisation for client in read_scenario(day).clients)
    april = tmp_path / "april.json"
    april.write_text(json.dumps({**RULES, "period": "2026-04"}), encoding="utf-8")
    _, out, _ = homecare("allocate", files[0], april, "--before", log, "--json")
    ended = {
        one["organisation"]: one["deficit"]
        for one in json.loads(log.read_text(encoding="utf-8"))["accounts"]
    }
    begun = json.loads(out)["lines"][0]["tested"]
    assert any(ended.values())
    assert {one["organisation"]: one["before"] for one in begun} == ended


def test_who_has_no_visit_is_told(homecare: Run, files: tuple[Path, Path]) -> None:
    """Nobody looks for the line of a client of whom there is nothing to allocate."""
    given = read_scenario(files[0])
    visits = tuple(visit for visit in given.visits if visit.client != "C2")
    write_scenario(given.model_copy(update={"visits": visits}), files[0])
    _, out, _ = homecare("allocate", *files)
    assert "1 client without a visit on these days, so nothing to allocate: C2." in out


def test_an_unknown_client_is_refused(homecare: Run, files: tuple[Path, Path]) -> None:
    """A client to be shown who is not there ends with a sentence and exit code 2."""
    code, _, err = homecare("allocate", *files, "--client", "C9")
    assert code == 2
    assert "C9" in err


def test_wrong_uses_are_refused(homecare: Run, files: tuple[Path, Path], tmp_path: Path) -> None:
    """A log in another form, the log of the same period, and a scenario without organisations."""
    log = tmp_path / "log.json"
    assert homecare("allocate", *files, "--log", tmp_path / "log.html")[0] == 2
    assert homecare("allocate", *files, "--log", log)[0] == 0
    code, _, err = homecare("allocate", *files, "--before", log)
    assert (code, "2026-03" in err) == (2, True)
    alone = tmp_path / "alone.json"
    write_scenario(district([60]).model_copy(update={"organisations": ()}), alone)
    assert homecare("allocate", alone, files[1])[0] != 0
