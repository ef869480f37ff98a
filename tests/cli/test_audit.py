"""``homecare audit``, ``homecare certify`` and ``homecare solve --audit``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimizer.audit import audit_of, write_audit
from optimizer.certificate import UnservedProof, objections
from optimizer.formats import read_plan
from tests.cli.conftest import FakeEngine, Run
from tests.report.village import village


@pytest.fixture
def record(tmp_path: Path, empty_plan_file: Path) -> Path:
    """The record of the plan that serves nobody."""
    path = tmp_path / "audit.json"
    write_audit(audit_of(village(), read_plan(empty_plan_file), program="1.0"), path)
    return path


def test_a_record_that_holds(
    homecare: Run, village_file: Path, empty_plan_file: Path, record: Path
) -> None:
    """Every line holds, and the exit code is 0."""
    code, out, _ = homecare("audit", village_file, empty_plan_file, record)
    assert code == 0
    assert out.count("passed  ") == 10
    assert "FAILED" not in out


def test_a_record_that_does_not_hold(
    homecare: Run, village_file: Path, empty_plan_file: Path, record: Path
) -> None:
    """A changed record is found out in both languages, and the exit code is 4."""
    text = json.loads(record.read_text(encoding="utf-8"))
    record.write_text(json.dumps({**text, "cost": 7}), encoding="utf-8")
    code, out, _ = homecare("audit", village_file, empty_plan_file, record)
    _, chinese, _ = homecare("audit", village_file, empty_plan_file, record, "--lang", "zh")
    assert code == 4
    assert "FAILED  The cost" in out
    assert "不通过  成本" in chinese


def test_claims_as_json(
    homecare: Run, village_file: Path, empty_plan_file: Path, record: Path
) -> None:
    """Machines get each claim with its code."""
    _, out, _ = homecare("audit", village_file, empty_plan_file, record, "--json")
    document = json.loads(out)
    assert document["holds"] is True
    assert [claim["claim"] for claim in document["claims"]][:2] == ["scenario", "plan"]


def test_a_solve_writes_its_record(
    homecare: Run, village_file: Path, engine: FakeEngine, tmp_path: Path
) -> None:
    """The record of a solve says how it was made."""
    code, out, _ = homecare("solve", village_file, "--audit", tmp_path / "a.json", "--seed", 3)
    document = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert code == 0
    assert "a.json" in out
    assert document["how"]["seed"] == 3


def test_a_record_is_json(homecare: Run, village_file: Path, tmp_path: Path) -> None:
    """A record cannot be written as a table."""
    code, _, err = homecare("solve", village_file, "--audit", tmp_path / "a.csv")
    assert code == 2
    assert "a.csv" in err


def test_certificates_on_their_own(homecare: Run, village_file: Path, tmp_path: Path) -> None:
    """Certificates are shown, and written as a file that holds when checked."""
    path = tmp_path / "proof.json"
    code, out, _ = homecare("certify", village_file, "-o", path)
    claim = UnservedProof.model_validate_json(path.read_text(encoding="utf-8"))
    assert code == 0
    assert objections(village(), claim) == ()
    assert str(claim.least_unserved) in out or "No proof" in out


def test_certificates_around_a_plan_as_json(
    homecare: Run, village_file: Path, empty_plan_file: Path
) -> None:
    """The answer for machines is the certificate file with its sentence."""
    code, out, _ = homecare("certify", village_file, empty_plan_file, "--json")
    assert code == 0
    assert json.loads(out)["format"] == "homecare-coverage"


def test_the_former_name_of_the_command_does_the_same(
    homecare: Run, village_file: Path, empty_plan_file: Path
) -> None:
    """`coverage` answers as `certify` does, so that scripts which call it go on working."""
    former = homecare("coverage", village_file, empty_plan_file, "--json")
    assert former == homecare("certify", village_file, empty_plan_file, "--json")
    assert former[0] == 0
