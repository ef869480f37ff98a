"""The purchaser's office over HTTP: decisions, ledger, evidence, and who sees what of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from optimizer.cli import run
from optimizer.formats.layout import layout
from service.api.contract import BODIES, example
from service.database.scope import DISTRICT, SYSTEM
from service.office.ledger import line_place
from service.office.tables import LedgerRow
from service.people.erasure import erase_person
from service.people.personal_data import PersonKind
from tests.service.api.running import Running, running, settings_for

VILLAGE = example("office")
"""Four clients, organisations A and B of whom both have keys; B misses the visit V4."""

KINDS = {"allocation": "purchaser", "settlement": "purchaser", "evaluation": "assessor"}
BODY_OF = {
    "directory": "ScenarioAndOffice",
    "admit": "ScenarioAndOffice",
    "purses": "ScenarioAndOffice",
    "allocation": "ScenarioAndRules",
    "settlement": "Settled",
    "checks": "Settled",
    "evaluation": "Evaluated",
    "cascade": "Cascaded",
    "moves": "Moved",
    "publication": "Evaluated",
    "timebank": "TimeBankOf",
}


def shortened() -> dict[str, Any]:
    """Return the village's scenario with visits of half their length, as before an admission."""
    halved = [
        {**one, "carers": [{**each, "minutes": each["minutes"] / 2} for each in one["carers"]]}
        for one in VILLAGE["scenario"]["visits"]
    ]
    return {**VILLAGE["scenario"], "visits": halved}


def body_of(name: str, *without: str) -> dict[str, Any]:
    """Return the documents that a route takes, as far as the village has them."""
    needed, optional = BODIES[BODY_OF[name]]
    return {
        one: VILLAGE[one] for one in (*needed, *optional) if one in VILLAGE and one not in without
    }


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Give a service in which all three kinds of decisions about the village are entered."""
    with running(settings_for(tmp_path_factory.mktemp("office"), executor="inline")) as service:
        for name, who in KINDS.items():
            answer = service.send("POST", f"/v1/office/{name}?enter=true", who, json=body_of(name))
            assert answer.status_code == 200, answer.text
        yield service


@pytest.mark.parametrize("name", sorted(BODY_OF))
def test_answers_are_those_of_the_commands(
    office: Running, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each endpoint answers what its command answers with ``--json``, from the same documents."""
    paths = {one: tmp_path / f"{one}.json" for one in VILLAGE}
    for one, path in paths.items():
        path.write_text(layout(VILLAGE[one]), encoding="utf-8")
    scenario, plan, deliveries = (str(paths[one]) for one in ("scenario", "plan", "deliveries"))
    office_file = str(paths["office"])
    command = {
        "allocation": ["allocate", scenario, str(paths["rules"])],
        "settlement": ["office", "settle", scenario, plan, deliveries, "--office", office_file],
        "checks": ["office", "checks", scenario, plan, deliveries, "--office", office_file],
        "evaluation": [
            *("office", "evaluate", scenario, plan, deliveries, "--office", office_file),
            *("--supervision", str(paths["supervision"])),
        ],
        "cascade": [
            *("office", "cascade", scenario, plan, "--office", office_file),
            *("--allocation", str(paths["rules"]), "--deliveries", deliveries),
        ],
        "moves": ["office", "moves", scenario, str(paths["log"]), "--office", office_file],
        "timebank": [
            *("office", "timebank", "show", str(paths["timebank"])),
            *("--scenario", scenario),
        ],
        "publication": [
            *("office", "publish", scenario, plan, deliveries, "--office", office_file),
            *("--supervision", str(paths["supervision"])),
        ],
    }.get(name, ["office", name, scenario, office_file])
    assert run([*command, "--json"]) == 0
    expected = json.loads(capsys.readouterr().out)
    who = "assessor" if name in {"checks", "evaluation"} else "purchaser"
    sent = body_of(name, *(["rules"] if name in {"evaluation", "publication"} else []))
    answer = office.send("POST", f"/v1/office/{name}", who, json=sent)
    assert answer.status_code == 200, answer.text
    assert {key: answer.json()[key] for key in expected} == expected


def test_the_ledger_is_one_that_the_command_checks(
    office: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exported, the ledger holds against the documents as files, however these are laid out."""
    answer = office.send("GET", "/v1/office/ledger", "auditor")
    ledger = tmp_path / "ledger.jsonl"
    ledger.write_bytes(answer.content)
    for name, document in VILLAGE.items():
        (tmp_path / f"{name}.json").write_text(layout(document), encoding="utf-8")
    assert run(["office", "audit", str(ledger), str(tmp_path), "--json"]) == 0
    entries = json.loads(capsys.readouterr().out)["entries"]
    assert [(one["kind"], one["outcome"]) for one in entries] == [
        ("assignment", "holds"),
        ("settlement", "holds"),
        ("evaluation", "holds"),
    ]


def test_an_entry_is_worked_out_anew(office: Running) -> None:
    """An auditor's check holds; with other documents it says which are other, and claims what."""
    path = "/v1/office/ledger/2/check"
    held = office.send("POST", path, "auditor", json=body_of("settlement")).json()
    assert (held["outcome"], held["details"], held["other_documents"]) == ("holds", [], [])
    changed = json.loads(json.dumps(body_of("settlement")))
    changed["deliveries"]["deliveries"][2]["end"] = "08:20"
    told = office.send("POST", path, "auditor", json=changed).json()
    assert (told["outcome"], told["other_documents"]) == ("unchecked", ["deliveries"])
    assert any(detail.startswith("statements[1]") for detail in told["details"])
    nothing = office.send("POST", "/v1/office/ledger/9/check", "auditor", json=changed)
    assert nothing.status_code == 404


def test_the_same_again_is_no_further_entry(office: Running) -> None:
    """The same decision gives the entry that stands; another one needs a reason."""
    before = office.send("GET", "/v1/office/ledger", "purchaser").content
    sent = body_of("settlement")
    again = office.send("POST", "/v1/office/settlement?enter=true", "purchaser", json=sent)
    assert again.json()["entry"]["number"] == 2
    changed = json.loads(json.dumps(sent))
    changed["deliveries"]["deliveries"].pop()
    answer = office.send("POST", "/v1/office/settlement?enter=true", "purchaser", json=changed)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert office.send("GET", "/v1/office/ledger", "purchaser").content == before


def test_organisations_are_told_their_own_rows_only(office: Running) -> None:
    """A reads its clients, its money and its result, and not a word of B; and the other way."""
    for own, other in (("A", "B"), ("B", "A")):
        answer = office.send("GET", "/v1/office/notices", own)
        kinds = [one["kind"] for one in answer.json()["items"]]
        assert kinds == ["assignment", "settlement", "evaluation"]
        told = {one["kind"]: one["content"] for one in answer.json()["items"]}
        assert [row["contract"] for row in told["settlement"]["contracts"]] == [f"K-{own}"]
        assert len(told["settlement"]["lines"]) == 2
        assert told["evaluation"]["organisation"] == own
        assert f"K-{other}" not in answer.text
        theirs = office.send("GET", "/v1/office/notices", other).json()["items"]
        mine = {row["client"] for row in told["assignment"]["clients"]}
        assert mine.isdisjoint(row["client"] for row in theirs[0]["content"]["clients"])


def asked(until: str, *answers: dict[str, Any]) -> dict[str, Any]:
    """Return an allocation for which organisations are asked from a Monday on."""
    offers = {"first": "2026-02-23T09:00", "known_until": until, "answers": answers}
    return {**body_of("allocation"), "rules": {**VILLAGE["rules"], "offers": offers}}


def test_offers_are_those_of_the_command(
    office: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Accepted, declined, silent and open offers are answered as ``homecare allocate`` does."""
    yes = {"client": "C2", "organisation": "B", "at": "2026-02-23T10:00", "accepts": True}
    no = {"client": "C3", "organisation": "A", "at": "2026-02-23T16:00", "accepts": False}
    sent = asked("2026-02-24T12:00", yes, no)
    paths = [tmp_path / "day.json", tmp_path / "rules.json"]
    for path, name in zip(paths, ("scenario", "rules"), strict=True):
        path.write_text(json.dumps(sent[name]), encoding="utf-8")
    assert run(["allocate", *map(str, paths), "--json"]) == 0
    expected = json.loads(capsys.readouterr().out)
    answer = office.send("POST", "/v1/office/allocation", "purchaser", json=sent).json()
    assert answer == expected
    outcomes = {one["outcome"] for line in answer["lines"] for one in line["offers"]}
    assert outcomes == {"accepted", "declined", "silent", "open"}


def test_an_organisation_reads_its_own_offers_and_no_others(tmp_path: Path) -> None:
    """Until when each may answer stands in its notices; more answers are a correction."""
    path = "/v1/office/allocation?enter=true"
    with running(settings_for(tmp_path, executor="inline", coordinator=False)) as service:

        def offers_to(who: str) -> list[dict[str, Any]]:
            notices = service.send("GET", "/v1/office/notices", who).json()["items"]
            found: list[dict[str, Any]] = notices[-1]["content"]["offers"]
            return found

        first = asked("2026-02-23T12:00")
        log = service.send("POST", path, "purchaser", json=first).json()
        of = {line["client"]: line["offers"][0]["organisation"] for line in log["lines"]}
        assert set(of.values()) == {"A", "B"}
        for who in "AB":
            own = {client for client, organisation in of.items() if organisation == who}
            assert {one["client"] for one in offers_to(who)} == own
            assert {one["outcome"] for one in offers_to(who)} == {"open"}
            assert {one["due"] for one in offers_to(who)} == {"2026-02-24T09:00:00"}
        answers = [
            {"client": client, "organisation": who, "at": "2026-02-23T15:00", "accepts": True}
            for client, who in of.items()
        ]
        more = asked("2026-02-24T17:00", *answers)
        assert service.send("POST", path, "purchaser", json=more).status_code == 409
        reason = "&correct=answers until 24 February"
        answer = service.send("POST", path + reason, "purchaser", json=more).json()
        assert answer["entry"]["number"] == 2
        assert {one["outcome"] for who in "AB" for one in offers_to(who)} == {"accepted"}
        for number, sent in ((1, first), (2, more)):
            check = f"/v1/office/ledger/{number}/check"
            assert service.send("POST", check, "auditor", json=sent).json()["outcome"] == "holds"


def test_evidence_of_organisations_settles_their_own_visits(office: Running) -> None:
    """What A sends of B's visit counts for nothing and is told; a later record replaces one."""
    records = {one["visit"]: one for one in VILLAGE["deliveries"]["deliveries"]}
    of = {"A": ["V1", "V3", "V2"], "B": ["V2"]}
    for who, visits in of.items():
        sent = {**VILLAGE["deliveries"], "deliveries": [records[visit] for visit in visits]}
        answer = office.send("POST", "/v1/office/evidence", who, json=sent)
        assert answer.status_code == 201, answer.text
    later = {**VILLAGE["deliveries"], "deliveries": [{**records["V3"], "end": "09:20"}]}
    assert office.send("POST", "/v1/office/evidence", "organisation", json=later).is_success
    answer = office.send(
        "POST",
        "/v1/office/settlement?evidence=village",
        "purchaser",
        json=body_of("settlement", "deliveries"),
    ).json()
    assert answer["evidence"]["passed"] == [
        {"organisation": "A", "visit": "V2", "carer": 1, "code": "foreign"}
    ]
    assert answer["evidence"]["counted"] == 3
    lines = {one["visit"]: one for one in answer["lines"]}
    assert lines["V3"]["paid_fen"] == lines["V3"]["planned_fen"]  # 39 min are nine tenths of 40
    assert lines["V4"]["lost"] == ["no_record"]
    own = office.send("GET", "/v1/office/evidence", "B").json()["items"]
    assert [len(one["document"]["deliveries"]) for one in own] == [1]


def test_what_is_settled_may_be_larger_than_what_is_solved(tmp_path: Path) -> None:
    """The office has a limit of visits of its own; beyond it its setting is named."""
    small = settings_for(tmp_path, executor="inline", max_visits=3, max_office_visits=4)
    sent = body_of("settlement")
    with running(small) as service:
        held = service.send("POST", "/v1/office/settlement", "purchaser", json=sent)
        assert held.status_code == 200, held.text
        fifth = {**sent["scenario"]["visits"][0], "id": "V5"}
        scenario = {**sent["scenario"], "visits": [*sent["scenario"]["visits"], fifth]}
        answer = service.send(
            "POST", "/v1/office/settlement", "purchaser", json={**sent, "scenario": scenario}
        )
    assert answer.status_code == 422
    assert answer.json()["limit"] == {"name": "max_office_visits", "value": 4}


def test_who_delivers_does_not_rule(office: Running) -> None:
    """Rulings, a stop told of twice and an empty document are refused, all at once by place."""
    record = VILLAGE["deliveries"]["deliveries"][0]
    sent = {
        **VILLAGE["deliveries"],
        "deliveries": [record, record],
        "rulings": [{"visit": "V1", "doubt": "short", "outcome": "explained"}],
    }
    answer = office.send("POST", "/v1/office/evidence", "A", json=sent)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["faults"]] == [
        "/rulings",
        "/deliveries/0",
        "/deliveries/1",
    ]


@pytest.mark.parametrize(
    ("name", "change", "status", "word"),
    [
        ("settlement", {"plan": {"format": "homecare-plan"}}, 422, "plan"),
        ("admit", {"office": {"id": "x", "categories": [], "pools": 3}}, 422, "/office"),
        ("settlement", {"deliveries": None}, 422, "deliveries"),
        ("allocation", {"scenario": {**VILLAGE["scenario"], "organisations": []}}, 422, "org"),
        ("purses", {"office": {**VILLAGE["office"], "pools": []}}, 422, "pools"),
        ("settlement", {"scenario": shortened()}, 422, "/plan/routes/0/stops/0"),
        ("cascade", {"scenario": {**VILLAGE["scenario"], "organisations": []}}, 422, "org"),
        (
            "timebank",
            {"timebank": {**VILLAGE["timebank"], "rules": {}}},
            422,
            "/timebank/transfers",
        ),
        ("timebank", {"timebank": {**VILLAGE["timebank"], "accounts": []}}, 422, "/timebank"),
        ("publication", {"supervision": {"complaints": 3}}, 422, "/supervision"),
        ("moves", {"log": {"lines": 3}}, 422, "/log/lines"),
    ],
)
def test_faults_name_document_and_place(
    office: Running, name: str, change: dict[str, Any], status: int, word: str
) -> None:
    """A fault in one of several documents is told with that document's name in front."""
    sent = {**body_of(name), **change}
    answer = office.send("POST", f"/v1/office/{name}", "purchaser", json=sent)
    assert answer.status_code == status
    assert word in answer.text


def test_a_cascade_follows_what_is_sent(office: Running) -> None:
    """From the scenario alone comes the need; the whole ends with payment, never without plan."""
    path = "/v1/office/cascade"
    alone = office.send(
        "POST",
        f"{path}?by=town&by=organisation",
        "purchaser",
        json={"scenario": VILLAGE["scenario"]},
    ).json()
    assert (alone["stages"], alone["by"]) == (["needed", "funded"], ["town", "organisation"])
    whole = office.send("POST", path, "purchaser", json=body_of("cascade")).json()
    assert whole["stages"][-1] == "paid"
    lacking = office.send("POST", path, "purchaser", json=body_of("cascade", "plan"))
    assert (lacking.status_code, lacking.json()["code"]) == (422, "not-possible")
    unknown = office.send("POST", f"{path}?by=moon", "purchaser", json=body_of("cascade"))
    assert unknown.status_code == 422


def test_who_moves_is_told_with_the_days_asked_for(office: Running) -> None:
    """A client who has left B for A; notice is counted in working days, of none it is that day."""
    path = "/v1/office/moves"
    given = office.send("POST", path, "purchaser", json=body_of("moves", "office")).json()
    (move,) = given["moves"]
    assert (move["client"], move["before"], move["after"], move["why"]) == (
        "C3",
        "B",
        "A",
        "chosen",
    )
    assert move["earliest"] == "2026-03-17"
    at_once = office.send("POST", f"{path}?notice=0", "purchaser", json=body_of("moves")).json()
    assert at_once["moves"][0]["earliest"] == "2026-03-03"
    other = {**body_of("moves"), "log": {**VILLAGE["log"], "scenario": "elsewhere"}}
    answer = office.send("POST", path, "purchaser", json=other)
    assert (answer.status_code, answer.json()["code"]) == (422, "not-possible")


@pytest.mark.parametrize("name", ["checks", "cascade", "publication", "evaluation"])
def test_evidence_of_another_scenario_is_never_taken_for_none(office: Running, name: str) -> None:
    """Taken for none it would show that nothing took place; without a roster it shows nothing."""
    who = "assessor" if name in {"checks", "evaluation"} else "purchaser"
    path = f"/v1/office/{name}?evidence="
    sent = body_of(name, "deliveries", "rules")
    answer = office.send("POST", f"{path}elsewhere", who, json=sent)
    assert (answer.status_code, answer.json()["code"]) == (422, "not-possible")
    assert "elsewhere" in answer.json()["detail"]
    if name == "cascade":
        without = body_of(name, "deliveries", "plan")
        answer = office.send("POST", f"{path}village", who, json=without)
        assert (answer.status_code, answer.json()["code"]) == (422, "not-possible")


def test_a_time_bank_without_a_day_is_told(office: Running) -> None:
    """With neither orders nor transfers a day has to be named; on that day nothing is owed."""
    empty = {**VILLAGE["timebank"], "orders": [], "transfers": []}
    path = "/v1/office/timebank"
    answer = office.send("POST", path, "purchaser", json={"timebank": empty})
    assert (answer.status_code, answer.json()["code"]) == (422, "not-possible")
    named = office.send("POST", f"{path}?day=2026-03-01", "purchaser", json={"timebank": empty})
    assert (named.status_code, named.json()["owed_minutes"]) == (200, 0)


def test_only_the_purchaser_publishes(office: Running) -> None:
    """What the purchaser looks at is refused to an assessor and to an organisation."""
    for name in ("publication", "cascade", "timebank", "moves"):
        for who in ("assessor", "A"):
            answer = office.send("POST", f"/v1/office/{name}", who, json=body_of(name))
            assert answer.status_code == 403


def test_a_missing_record_of_what_took_place_is_told(office: Running) -> None:
    """Without deliveries or evidence nothing is settled; evidence of another scenario is none."""
    sent = body_of("settlement", "deliveries")
    for query in ("", "?evidence=elsewhere"):
        answer = office.send("POST", f"/v1/office/settlement{query}", "purchaser", json=sent)
        assert (answer.status_code, answer.json()["code"]) == (422, "not-possible")


def test_bought_and_allocated_scenarios_are_answered_without_records(office: Running) -> None:
    """What is to be planned next comes with the answer if it is asked for."""
    bought = office.send("POST", "/v1/office/admit?bought=true", "purchaser", json=body_of("admit"))
    assert {one["id"] for one in bought.json()["scenario"]["visits"]} == {"V1", "V2", "V3", "V4"}
    given = office.send(
        "POST", "/v1/office/allocation?allocated=true", "purchaser", json=body_of("allocation")
    ).json()
    chosen = {one["client"]: one["organisation"] for one in given["lines"]}
    clients = given["scenario_allocated"]["clients"]
    assert {one["id"]: one["organisation"] for one in clients} == chosen


def test_a_changed_entry_is_named(tmp_path: Path) -> None:
    """An entry changed by somebody with database and secrets is named when the ledger is read."""
    with running(settings_for(tmp_path, executor="inline")) as service:
        assert service.send(
            "POST", "/v1/office/allocation?enter=true", "purchaser", json=body_of("allocation")
        ).is_success
        with service.database.session(SYSTEM) as session:
            (row,) = session.scalars(select(LedgerRow))
            place = line_place(1)
            line = session.cipher.open(row.line, organisation=DISTRICT, place=place)
            forged = line.replace(b'"C1","all","A"', b'"C1","all","B"').replace(
                b'"mode":"deficit"', b'"mode":"round"'
            )
            assert forged != line
            row.line = session.cipher.seal(forged, organisation=DISTRICT, place=place)
        answer = service.send("GET", "/v1/office/ledger", "auditor")
        assert answer.status_code == 422
        assert [one["code"] for one in answer.json()["faults"]] == ["ledger-edited"]


def test_erasure_reaches_evidence_and_notices(tmp_path: Path) -> None:
    """Whoever is erased stands in no evidence and no notice of the organisation any more."""
    with running(settings_for(tmp_path, executor="inline")) as service:
        for name, who in KINDS.items():
            assert service.send(
                "POST", f"/v1/office/{name}?enter=true", who, json=body_of(name)
            ).is_success
        record = VILLAGE["deliveries"]["deliveries"][3]
        for scenario, visit in (("village", "C1-0303-1"), ("village", "C3-1"), ("elsewhere", "V9")):
            sent = {"scenario": scenario, "deliveries": [{**record, "visit": visit}]}
            assert service.send("POST", "/v1/office/evidence", "A", json=sent).is_success
        clients = [
            row["client"]
            for one in service.send("GET", "/v1/office/notices", "A").json()["items"]
            if one["kind"] == "assignment"
            for row in one["content"]["clients"]
        ]
        for client in {*clients, "C1", "C3"}:
            erase_person(service.database, "A", PersonKind.CLIENT, client, actor="tests")
        assert service.send("GET", "/v1/office/notices", "A").json()["items"] == []
        left = service.send("GET", "/v1/office/evidence", "A").json()["items"]
        assert [one["scenario"] for one in left] == ["elsewhere"]
