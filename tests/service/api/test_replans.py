"""A roster is mended over HTTP, a part of it accepted, and the next replan begins from there."""

from __future__ import annotations

from typing import Any

import pytest

from optimizer.domain import Absent, Events, Plan
from optimizer.formats import parse_scenario
from optimizer.replan import Repair, repair
from optimizer.verification import verify
from service.client import ServiceError
from tests.service.api.rosters import (
    drafted,
    hamlet_plan,
    plan_of,
    published,
    send_move,
    stop_of,
    take_over,
    with_move,
)
from tests.service.api.running import HAMLET, Running

SICK = hamlet_plan().routes[1].caregiver
EVENTS = [{"kind": "absent", "caregiver": SICK}]


@pytest.fixture(scope="module")
def mended() -> Repair:
    """Return what the library proposes for the sick call."""
    events = Events(now=390 * 60_000, events=(Absent(caregiver=SICK),))
    return repair(parse_scenario(HAMLET), hamlet_plan(), events, iterations=500)


def replanned(service: Running, on: dict[str, str], **more: Any) -> Any:
    """Ask for a replan and wait for it."""
    with service.client() as client:
        options = {"iterations": 500, **more}
        return client.rosters.replan(on, EVENTS, now="06:30", wait=30, **options)


def test_proposals_are_those_of_the_library(service: Running, mended: Repair) -> None:
    """Aims, calls, differences and plans are the same, with what is to be said to whom."""
    name = take_over(service)
    job = replanned(service, {"roster": name}, lang="zh")
    told = job.result["proposals"]
    assert [(one["aim"], one["calls"], one["difference"]) for one in told] == [
        (one.aim.value, one.calls, one.difference) for one in mended.proposals
    ]
    plan = Plan.model_validate(service.send("GET", f"/v1/replans/{job.id}/plan").json())
    assert plan.routes == mended.proposals[0].plan.routes
    day = parse_scenario(service.send("GET", f"/v1/replans/{job.id}/scenario").text)
    assert verify(day, plan).feasible
    assert any("抱歉" in (change["say"] or "") for change in told[0]["changes"])
    assert "plans" not in job.result
    assert service.send("GET", f"/v1/replans/{job.id}/plan?proposal=9").status_code == 422
    assert service.send("GET", f"/v1/solves/{job.id}").status_code == 404


def test_events_are_checked_against_the_roster(service: Running) -> None:
    """Unknown people and visits are faults with their places, all at once."""
    name = take_over(service)
    events = [{"kind": "absent", "caregiver": "G999"}, {"kind": "cancelled", "visit": "V9999"}]
    with service.client() as client, pytest.raises(ServiceError) as caught:
        client.rosters.replan({"roster": name}, events)
    assert [fault.pointer for fault in caught.value.problem.faults or ()] == [
        "/events/0/caregiver",
        "/events/1/visit",
    ]
    with service.client() as client, pytest.raises(ServiceError, match="not-found"):
        client.rosters.replan({"roster": "no-such-day"}, EVENTS)


def test_a_whole_proposal_is_accepted_and_the_next_replan_begins_there(
    service: Running, mended: Repair
) -> None:
    """The draft becomes the proposal; once it is in force, nothing more asks for no call."""
    name = take_over(service)
    draft = drafted(service, name)
    job = replanned(service, {"draft": draft["id"]})
    draft = with_move(service, draft, {"kind": "accept", "replan": job.id})
    assert plan_of(service, draft)["routes"] == [
        route.model_dump(mode="json", exclude_none=True)
        for route in mended.proposals[0].plan.routes
    ]
    assert draft["moves"][0]["difference"] == mended.proposals[0].difference
    assert published(service, draft).status_code == 200
    with service.client() as client:
        again = client.rosters.replan({"roster": name}, [], now="06:30", wait=30)
        assert again.result is not None
        assert [one["changes"] for one in again.result["proposals"]] == [[]]
        with pytest.raises(ServiceError, match="has no shift"):
            replanned(service, {"roster": name})  # It has happened already.


def test_groups_are_accepted_alone(service: Running) -> None:
    """What is not taken keeps the carers it was told, or is left out; the verifier agrees."""
    name = take_over(service)
    draft = drafted(service, name)
    job = replanned(service, {"draft": draft["id"]})
    groups = sorted({one["group"] for one in job.result["proposals"][0]["changes"]})
    move = {"kind": "accept", "replan": job.id, "groups": groups[:1]}
    draft = with_move(service, draft, move)
    assert draft["moves"][0]["feasible"]
    assert all(route["caregiver"] != SICK for route in plan_of(service, draft)["routes"])
    unknown = send_move(service, drafted(service, name), {**move, "groups": [99]})
    assert unknown.status_code in {409, 422}


def test_a_replan_of_another_roster_is_not_accepted(service: Running) -> None:
    """The draft has changed since it was asked for: 409; a proposal that there is not is 422."""
    draft = drafted(service, take_over(service))
    job = replanned(service, {"draft": draft["id"]})
    beyond = send_move(service, draft, {"kind": "accept", "replan": job.id, "proposal": 9})
    assert (beyond.status_code, beyond.json()["faults"][0]["code"]) == (422, "unknown-proposal")
    draft = with_move(service, draft, {"kind": "unassign", "visit": stop_of(hamlet_plan())})
    late = send_move(service, draft, {"kind": "accept", "replan": job.id})
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    none = send_move(service, draft, {"kind": "accept", "replan": "job_" + "0" * 26})
    assert none.status_code == 404


def test_the_same_replan_is_made_once(service: Running) -> None:
    """With one idempotency key it is one job; and an identical one has its result at once."""
    name = take_over(service)
    with service.client() as client:
        first = client.rosters.replan(
            {"roster": name}, EVENTS, iterations=100, idempotency_key=f"replan-{name}"
        )
        again = client.rosters.replan(
            {"roster": name}, EVENTS, iterations=100, idempotency_key=f"replan-{name}"
        )
        other = client.rosters.replan({"roster": name}, EVENTS, iterations=100)
        assert client.rosters.await_replan(first.id).result == other.result
    assert (again.id, other.cached) == (first.id, True)
    assert first.id in service.send("GET", "/v1/replans").text
    assert service.send("GET", f"/v1/replans/{first.id}", "B").status_code == 404
    assert service.send("DELETE", f"/v1/replans/{first.id}").status_code == 409
