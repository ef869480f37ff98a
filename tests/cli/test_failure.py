"""What is told when something goes wrong, and by which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimizer.errors import (
    Disagreement,
    EngineDisagreement,
    HomecareError,
    InternalError,
    UnreadableFile,
    UnsupportedVersion,
    UsageError,
)
from tests.cli.conftest import FakeEngine, Run


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["sovle"], "sovle"),  # a mistyped command
        (["solve"], "SCENARIO"),  # nothing to solve
        (["solve", "day.json", "--secnds", "3"], "--secnds"),  # a mistyped option
        (["solve", "day.json", "--seconds", "soon"], "--seconds"),  # no number
        (["solve", "day.json", "--seconds", "-1"], "--seconds"),  # out of range
        (["solve", "day.json", "--engine", "magic"], "magic"),  # no such engine
        (["solve", "day.json", "--lang", "fr"], "fr"),  # no such language
        (["verify", "day.json"], "PLAN"),  # one file too few
    ],
)
def test_bad_usage_is_exit_2(homecare: Run, arguments: list[str], word: str) -> None:
    """The message names what is wrong, with --json as a document."""
    code, out, err = homecare(*arguments)
    assert (code, out) == (2, "")
    assert word.lower() in err.lower()
    assert "Traceback" not in err
    code, out, _ = homecare(*arguments, "--json")
    assert code == 2
    assert json.loads(out)["error"]["code"] == "bad-usage"


def test_no_arguments_show_the_help(homecare: Run) -> None:
    """Whoever types only `homecare` is told the commands."""
    code, _, err = homecare()
    assert code == 2
    assert err.count("Usage:") == 1
    assert "doctor" in err


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', "\x00\x01"])
def test_bad_input_is_exit_3(homecare: Run, tmp_path: Path, text: str) -> None:
    """No JSON, no object, no scenario: one message, no stack trace."""
    path = tmp_path / "day.json"
    path.write_text(text, encoding="utf-8")
    code, out, err = homecare("solve", path)
    assert (code, out) == (3, "")
    assert "Traceback" not in err
    assert "day.json" in err


def test_a_missing_file_is_exit_3(homecare: Run, tmp_path: Path) -> None:
    """The file is named."""
    code, _, err = homecare("solve", tmp_path / "nowhere.json")
    assert code == 3
    assert "nowhere.json" in err


def test_all_faults_are_told_at_once(homecare: Run, village_file: Path) -> None:
    """Two faults at two places: both are in the list, with their paths."""
    document = json.loads(village_file.read_text())
    document["clients"][1]["home"]["lat"] = 99
    document["visits"][2]["window"]["latest"] = "25:00"
    village_file.write_text(json.dumps(document))
    code, out, _ = homecare("solve", village_file, "--json")
    error = json.loads(out)["error"]
    assert code == 3
    assert error["code"] == "invalid-document"
    paths = [fault["path"] for fault in error["faults"]]
    assert paths == ["clients[1].home.lat", "visits[2].window.latest"]
    _, _, err = homecare("solve", village_file)
    assert all(path in err for path in paths)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("no"), 2),  # the caller's mistake
        (UnreadableFile("no"), 3),  # the file's
        (UnsupportedVersion("no"), 3),  # the document's
        (InternalError("no"), 70),  # ours
        (EngineDisagreement([Disagreement("cost", "1", "2")]), 70),  # ours, found by the verifier
        (ZeroDivisionError("no"), 70),  # ours, not even foreseen
    ],
)
def test_every_error_has_its_exit_code(
    homecare: Run,
    village_file: Path,
    engine: FakeEngine,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    code: int,
) -> None:
    """Errors of the engine reach the shell as codes; no stack trace is shown."""

    def fail(*arguments: object, **more: object) -> None:
        raise error

    monkeypatch.setattr("optimizer.commands.solve.solve", fail)
    found, out, err = homecare("solve", village_file)
    assert (found, out) == (code, "")
    assert "Traceback" not in err
    _, out, _ = homecare("solve", village_file, "--json")
    expected = error.code if isinstance(error, HomecareError) else "internal"
    assert json.loads(out)["error"]["code"] == expected


def test_a_defect_asks_to_be_reported_in_one_line(
    homecare: Run, village_file: Path, monkeypatch: pytest.MonkeyPatch, engine: FakeEngine
) -> None:
    """With HOMECARE_DEBUG=1 the stack trace comes as well."""
    monkeypatch.setattr("optimizer.commands.solve.roster_text", None)
    _, _, err = homecare("solve", village_file)
    assert len(err.strip().splitlines()) == 1
    assert "report this" in err
    monkeypatch.setenv("HOMECARE_DEBUG", "1")
    assert "Traceback" in homecare("solve", village_file)[2]


def test_errors_speak_chinese(homecare: Run, village_file: Path) -> None:
    """The heading of a list of faults is in the language asked for."""
    village_file.write_text('{"format": "homecare-scenario"}')
    assert "错误" in homecare("solve", village_file, "--lang", "zh")[2]


def test_exit_codes_are_in_every_help(homecare: Run) -> None:
    """Of the program and of each command."""
    for command in ([], ["solve"], ["verify"], ["convert"], ["generate"], ["doctor"], ["demo"]):
        code, out, _ = homecare(*command, "--help")
        assert code == 0
        assert "70 internal" in " ".join(out.split())


def test_suspicious_input_is_told_beside_the_answer(
    homecare: Run, village_file: Path, engine: FakeEngine
) -> None:
    """A client 300 km away is a warning on standard error; standard output stays JSON."""
    document = json.loads(village_file.read_text())
    document["clients"][0]["home"]["lat"] = 33.5
    village_file.write_text(json.dumps(document))
    _, out, err = homecare("solve", village_file, "--json")
    assert json.loads(out)["warnings"]
    assert "clients[0]" in err


def test_fifty_faults_are_told_and_the_rest_is_counted(
    homecare: Run, village_file: Path, tmp_path: Path
) -> None:
    """People read fifty lines and a count, with the record's id; programs get every fault."""
    document = json.loads(village_file.read_bytes())
    visit = document["visits"][0]
    document["visits"] = [{**visit, "id": f"V{n}", "client": "C9"} for n in range(60)]
    document |= {"couplings": [], "published": None}
    faulty = tmp_path / "faulty.json"
    faulty.write_text(json.dumps(document), encoding="utf-8")
    code, _, err = homecare("solve", faulty)
    lines = err.splitlines()
    assert (code, lines[0], lines[-1]) == (3, "faulty.json: 60 faults", "  ... and 10 more.")
    assert lines[1].startswith("  visits[0].client (V0): names the client C9")
    assert len(lines) == 52
    rows = json.loads(homecare("solve", faulty, "--json")[1])["error"]["faults"]
    assert [row["record"] for row in rows] == [f"V{n}" for n in range(60)]
