"""What is personal stays where it belongs: planted names come up in no log, figure or event."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from service.api.routes import validate
from service.operations.logging import JsonLines
from tests.architecture.source import ROOT
from tests.patience import wait_until
from tests.service.api.running import HAMLET, Running

NAMES = ("Canary-Wang-Xiulan", "canarydiagnosis", "Canary Street 7", "canary-label")


def day_with_names() -> str:
    """Return a day in which somebody has written names where ids and codes belong."""
    day: dict[str, Any] = json.loads(HAMLET)
    old = day["clients"][0]["id"]
    text = json.dumps(day).replace(f'"{old}"', f'"{NAMES[0]}"')
    day = json.loads(text)
    day["clients"][1]["health_record"] = {
        "recorded_on": "2026-02-01",
        "assessments": [
            {"scheme": "barthel", "version": "1965", "raw_score": 55, "assessed_on": "2026-01-05"}
        ],
        "conditions": [{"code": NAMES[1]}],
    }
    return json.dumps(day)


def test_no_name_comes_up_in_log_figures_or_events(service: Running) -> None:
    """Names in ids, records, addresses, headers and labels are in no line that is written."""
    text = day_with_names()
    with service.client() as client:
        valid = client.validate(text)
        day = text if valid["valid"] else _without_record(text)
        job = client.solve(day, iterations=50, wait=20)
        events = list(client.events(job.id))
        client.needs(text if valid["valid"] else day)
        client.alerts(job.id)
        client.make_key("viewer", label=NAMES[3])
        fields = {"name": NAMES[0], "diagnoses": NAMES[1], "address": NAMES[2], "note": NAMES[3]}
        client.write_people("client", {NAMES[0]: fields})
        kept = client.read_people("client", [NAMES[0]], purpose="care", fields=list(fields))
        assert kept == {NAMES[0]: fields}
    service.send("GET", f"/v1/people/client/{NAMES[0]}?purpose=care&field=diagnoses")
    service.send("GET", f"/v1/people/client/{NAMES[0]}?purpose={NAMES[1]}")
    service.send("PATCH", "/v1/people/client", json={"people": {NAMES[0]: {NAMES[1]: NAMES[2]}}})
    service.send("GET", f"/v1/solves/{NAMES[0]}")
    service.send("GET", f"/v1/published/{NAMES[0]}")
    service.send("GET", f"/{NAMES[2]}", headers={"user-agent": NAMES[0]})
    service.send("POST", "/v1/solves", content=text[:-20])
    service.send("POST", f"/v1/solves?{NAMES[1]}={NAMES[0]}", content=text)
    broken = json.loads(day)
    broken["visits"][0]["window"] = {"earliest": NAMES[0], "latest": NAMES[2]}
    service.send("POST", "/v1/solves", content=json.dumps(broken))
    metrics = service.send("GET", "/metrics", "district").text
    told = json.dumps([[event.kind, dict(event.data)] for event in events])
    written = service.log.getvalue()
    assert written.count('"message": "request"') >= 8
    for name in NAMES:
        assert name not in written
        assert name not in metrics
        assert name not in told


def test_a_defect_is_logged_without_its_words(
    service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an exception the log has class and places; the answer has neither."""
    words = "Canary-in-an-exception"

    def broken(*_: object) -> None:
        raise ZeroDivisionError(words)

    monkeypatch.setattr(validate, "examined", broken)
    answer = service.send("POST", "/v1/validate", content=HAMLET)
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal"
    assert words not in answer.text
    lines = [json.loads(line) for line in service.log.getvalue().splitlines()]
    (line,) = [one for one in lines if one.get("error") == "ZeroDivisionError"]
    assert any(place.startswith("broken") for place in line["places"])
    assert words not in service.log.getvalue()


def test_a_traceback_of_a_worker_is_logged_as_places() -> None:
    """Of a text that another process sent only functions, files and lines are kept."""
    text = 'Traceback:\n  File "/a/b/work.py", line 7, in work\n    read("Canary")\nError: Canary'
    record = logging.makeLogRecord({"name": "service.jobs", "msg": "job.failed", "details": text})
    line = json.loads(JsonLines().format(record))
    assert line["places"] == ["work (work.py:7)"]
    assert "Canary" not in json.dumps(line)


def told(service: Running) -> list[dict[str, object]]:
    """Return the lines of the log so far."""
    return [json.loads(line) for line in service.log.getvalue().splitlines()]


def test_the_log_names_requests_and_jobs(service: Running) -> None:
    """Each line is JSON; a request's id is the one that its answer bears."""
    with service.client() as client:
        job = client.solve(HAMLET, iterations=30, seed=77, wait=20)
    answer = service.send("GET", f"/v1/solves/{job.id}")
    # The line is written once the answer is on its way.
    request = answer.headers["x-request-id"]
    (line,) = wait_until(lambda: [one for one in told(service) if one.get("request") == request])
    lines = told(service)
    assert line["route"] == "/v1/solves/{job_id}"
    assert line["status"] == 200
    assert line["organisation"] == "A"
    assert {one["message"] for one in lines if one.get("job") == job.id} >= {"job.ended"}


def test_the_audit_log_is_exported_whole(service: Running) -> None:
    """An administrator gets the organisation's entries, the export being one of them."""
    lines = service.send("GET", "/v1/log").text.splitlines()
    entries = [json.loads(line) for line in lines]
    assert {entry["organisation"] for entry in entries} == {"A"}
    assert entries[-1]["action"] == "log.export"
    later = service.send("GET", f"/v1/log?after={entries[-1]['number']}").text.splitlines()
    assert [json.loads(line)["action"] for line in later] == ["log.export"]


def test_the_examples_are_the_shipped_documents() -> None:
    """The contract shows the hamlet and its plan as they are shipped."""
    folder = ROOT / "service" / "api" / "examples"
    for name, shipped in (("scenario", "hamlet.json"), ("plan", "plans/hamlet.json")):
        ours = (folder / f"{name}.json").read_text(encoding="utf-8")
        assert ours == (ROOT / "scenarios" / shipped).read_text(encoding="utf-8")


def _without_record(text: str) -> str:
    day = json.loads(text)
    del day["clients"][1]["health_record"]
    return json.dumps(day)
