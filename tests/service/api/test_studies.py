"""The district asks what happens when hands are short."""

from __future__ import annotations

import json

from service.api.contract import example
from service.jobs.states import JobState
from tests.service.api.running import Running

BODY = {"scenario": example("scenario"), "study": example("study")}


def test_a_study_is_a_job_of_the_district(service: Running) -> None:
    """It is answered with its arms; an administrator of an organisation may not even look."""
    with service.client("district") as client:
        job = client.study(json.dumps(BODY["scenario"]), json.dumps(BODY["study"]), wait=30)
        for _ in range(4):
            if job.state is not JobState.COMPLETED:
                job = client.await_study(job.id, seconds=30)
    assert job.state is JobState.COMPLETED
    assert job.lane.value == "study"
    assert job.result is not None
    assert {arm["arm"] for arm in job.result["arms"]} == {"base", "festival"}
    listed = service.send("GET", "/v1/studies", "district").json()["items"]
    assert job.id in [one["id"] for one in listed]
    for method, path in (
        ("GET", "/v1/studies"),
        ("GET", f"/v1/studies/{job.id}"),
        ("POST", f"/v1/studies/{job.id}/stop"),
        ("DELETE", f"/v1/studies/{job.id}"),
    ):
        assert service.send(method, path, "A").status_code == 403
    assert service.send("POST", "/v1/studies", "A", json=BODY).status_code == 403


def test_a_study_that_waits_can_be_given_up(service: Running) -> None:
    """Stopped before it has begun, or given up, it is over at once or soon; twice is 409 or 202."""
    long = {**BODY, "study": {**BODY["study"], "replications": 4_000, "seed": 2}}
    job = service.send("POST", "/v1/studies", "district", json=long).json()
    assert service.send("DELETE", f"/v1/studies/{job['id']}", "district").status_code == 202
    with service.client("district") as client:
        assert client.await_study(job["id"], seconds=30).state is JobState.CANCELLED


def test_faults_have_their_places(service: Running) -> None:
    """A study of another scenario is refused, with pointers into the body."""
    wrong = {**BODY, "study": {**BODY["study"], "base": "elsewhere"}}
    answer = service.send("POST", "/v1/studies", "district", json=wrong)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["pointer"].startswith("/study")
