"""``homecare needs``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimizer.formats import read_scenario, write_scenario
from tests.cli.conftest import Run
from tests.formats.test_fhir import bundle
from tests.report.elders import elders


@pytest.fixture
def elders_file(tmp_path: Path) -> Path:
    """Two clients with health records."""
    path = tmp_path / "elders.json"
    write_scenario(elders(), path)
    return path


def test_visits_come_with_their_reasons(homecare: Run, elders_file: Path) -> None:
    """The injection names the nurse, the moment, the rule and the day of the record."""
    code, out, _ = homecare("needs", elders_file)
    assert code == 0
    assert "insulin injection by a nurse, begins 06:45–07:15, 25 min" in out
    assert "diabetes on insulin (health record of 2026-03-02, rule R03)" in out
    assert "ALERT (urgent, today): not safe at home with visits alone: refer" in out
    assert "to do: visit today; arrange a family member" in out
    assert "not advisable: stoma care – no stoma in the record (rule K03)" in out


def test_chinese_is_spoken(homecare: Run, elders_file: Path) -> None:
    """The same in Chinese, from the same codes."""
    _, out, _ = homecare("needs", elders_file, "--lang", "zh")
    assert "胰岛素注射，由护士提供，06:45–07:15 之间开始，时长 25 分钟" in out
    assert "糖尿病（使用胰岛素）（健康档案 2026-03-02，规则 R03）" in out


def test_figures_are_told_apart(homecare: Run, elders_file: Path) -> None:
    """Needed is paid for and cut together, for each client and for all."""
    _, out, _ = homecare("needs", elders_file, "--json")
    document = json.loads(out)
    rows = [document, *document["clients"]]
    for row in rows:
        minutes = row["minutes_in_four_weeks"]
        assert minutes["needed"] == minutes["entitled"] + minutes["cut"] > minutes["cut"] > 0
    total = sum(row["minutes_in_four_weeks"]["needed"] for row in document["clients"])
    assert document["minutes_in_four_weeks"]["needed"] == total


def test_only_some_clients_are_shown(homecare: Run, elders_file: Path) -> None:
    """`--client` shows one client; the sum stays that of all."""
    _, out, _ = homecare("needs", elders_file, "--client", "C0002")
    assert "C0001-" not in out
    assert "2 clients with a health record" in out


def test_a_client_without_a_record_is_a_wrong_use(homecare: Run, elders_file: Path) -> None:
    """Exit 2 and the id."""
    code, _, err = homecare("needs", elders_file, "--client", "C0003")
    assert (code, "C0003" in err) == (2, True)


def test_the_written_scenario_holds_visits_and_no_record(
    homecare: Run, elders_file: Path, tmp_path: Path
) -> None:
    """Whoever plans from it sees the same visits and no diagnosis."""
    target = tmp_path / "visits.json"
    code, _, _ = homecare("needs", elders_file, "-o", target)
    written = read_scenario(target)
    _, out, _ = homecare("needs", elders_file, "--json")
    derived = [v["visit"] for client in json.loads(out)["clients"] for v in client["visits"]]
    assert code == 0
    assert [visit.id for visit in written.visits] == derived
    assert "diabetes" not in target.read_text(encoding="utf-8")
    assert all(client.health_record is None for client in written.clients)


def test_a_table_is_no_scenario(homecare: Run, elders_file: Path, tmp_path: Path) -> None:
    """Exit 2 before any work where the output is no scenario's."""
    code, _, err = homecare("needs", elders_file, "-o", tmp_path / "visits.csv")
    assert (code, "visits.csv" in err) == (2, True)


def test_a_districts_own_rules_are_applied(
    homecare: Run, elders_file: Path, tmp_path: Path
) -> None:
    """With one rule of its own, only that rule's service is needed."""
    rules = tmp_path / "rules.toml"
    rules.write_text(
        'version = "mine"\n[[rules]]\nid = "M1"\nen = "lives alone"\nzh = "独居"\n'
        'when = [{ living = "alone" }]\nadds = [{ service = "SAFE_VISIT", per_week = 7 }]\n',
        encoding="utf-8",
    )
    code, out, _ = homecare("needs", elders_file, "--rules", rules, "--json")
    document = json.loads(out)
    assert (code, document["rules"]) == (0, "mine")
    services = {s["service"] for client in document["clients"] for s in client["services"]}
    assert services == {"SAFE_VISIT", "OXY_NEB", "STOMA_CARE"}


def test_a_faulty_record_derives_nothing(homecare: Run, elders_file: Path) -> None:
    """Exit 3, the place and the client named, and no visit on standard output."""
    text = elders_file.read_text(encoding="utf-8").replace('"bladder": 4', '"bladder": 5')
    elders_file.write_text(text, encoding="utf-8")
    code, out, err = homecare("needs", elders_file)
    assert (code, out) == (3, "")
    assert "clients[0].health_record.assessments[0].item_scores.bladder" in err
    assert "clients[1].health_record.assessments[0].item_scores.bladder" in err


def test_a_roster_from_records_tells_the_two_gaps(homecare: Run, elders_file: Path) -> None:
    """`solve` derives the visits; money and people are two figures, and no diagnosis is told."""
    code, out, err = homecare("solve", elders_file, "--iterations", 300, "--engine", "search")
    assert code == 0
    assert "C0001-0303-1" in out
    assert "Gap in money (needed, but beyond entitlements)" in out
    assert "Gap in people (within entitlements, but not on the roster)" in out
    assert "diabetes" not in out + err
    _, out, _ = homecare("solve", elders_file, "--iterations", 300, "--engine", "search", "--json")
    minutes = json.loads(out)["care_minutes"]
    assert minutes["needed"] >= minutes["entitled"] >= minutes["served"] > 0


def test_a_plan_from_records_is_verified(homecare: Run, elders_file: Path, tmp_path: Path) -> None:
    """The verifier derives the same visits and finds the plan clean."""
    plan = tmp_path / "plan.json"
    homecare("solve", elders_file, "--iterations", 300, "--engine", "search", "-o", plan)
    code, out, _ = homecare("verify", elders_file, plan)
    assert code == 0
    assert "The roster keeps every rule." in out


def test_a_bundle_is_read(homecare: Run, tmp_path: Path) -> None:
    """A record in the FHIR shape leads to visits; what is not read is a warning without content."""
    document = bundle()
    document["entry"].append({"resource": {"resourceType": "Immunization", "note": "CANARY"}})
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    code, out, err = homecare("needs", path)
    assert code == 0
    assert "insulin injection by a nurse" in out
    assert "entry[6].resource" in err
    assert "CANARY" not in out + err
    code, _, _ = homecare("convert", path, tmp_path / "day.json")
    assert (code, len(read_scenario(tmp_path / "day.json").clients)) == (0, 1)


def test_the_booklet_is_printed(homecare: Run, tmp_path: Path) -> None:
    """`--review` needs no scenario; with `-o` it is a page."""
    code, out, _ = homecare("needs", "--review", "--lang", "zh")
    assert (code, "照护需求规则审签手册" in out, "R03" in out) == (0, True, True)
    target = tmp_path / "rules.html"
    code, _, _ = homecare("needs", "--review", "-o", target)
    assert (code, "R03" in target.read_text(encoding="utf-8")) == (0, True)


def test_review_stands_alone(homecare: Run, elders_file: Path, tmp_path: Path) -> None:
    """Neither or both of a file and `--review` is a wrong use, and so is a booklet as JSON."""
    assert homecare("needs")[0] == 2
    assert homecare("needs", elders_file, "--review")[0] == 2
    assert homecare("needs", "--review", "--json")[0] == 2
    code, _, err = homecare("needs", "--review", "-o", tmp_path / "rules.json")
    assert (code, ".html" in err) == (2, True)
