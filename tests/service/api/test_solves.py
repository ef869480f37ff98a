"""A plan is asked for, followed, read, stopped and given up over HTTP."""

from __future__ import annotations

import gzip
import json
from itertools import count

import pytest

from optimizer.formats import parse_scenario
from optimizer.verification import verify
from service.client import ServiceError
from service.jobs.states import JobState
from service.jobs.store import read_document, read_job
from tests.architecture.source import ROOT
from tests.service.api.running import HAMLET, JSON, Running

_seeds = count(1000)
SCENARIOS = ROOT / "scenarios"


def test_a_plan_is_waited_for(service: Running) -> None:
    """``Prefer: wait`` answers 200 with a plan that keeps every rule."""
    answer = service.send(
        "POST", "/v1/solves?iterations=1000", content=HAMLET, headers={"prefer": "wait=20"}
    )
    assert answer.status_code == 200
    assert answer.headers["preference-applied"] == "wait=20"
    job = answer.json()
    assert job["state"] == "completed"
    assert job["result"]["served"] == 12
    with service.client() as client:
        plan = client.plan(job["id"])
    assert verify(parse_scenario(HAMLET), plan).feasible
    assert job["plan"] == plan.model_dump(mode="json", exclude_none=True)


def test_without_waiting_the_answer_says_where_to_look(service: Running) -> None:
    """The answer is 202 with the job's address, and the job ends by itself."""
    answer = service.send("POST", f"/v1/solves?iterations=50&seed={next(_seeds)}", content=HAMLET)
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/v1/solves/{answer.json()['id']}"
    with service.client() as client:
        assert client.await_end(answer.json()["id"], seconds=30).state is JobState.COMPLETED


def test_health_records_lead_to_visits_and_go_no_further(service: Running) -> None:
    """A scenario of records is planned, and what the worker got holds none."""
    small = "zhenhai-day-s"
    text = (SCENARIOS / f"{small}.json").read_text(encoding="utf-8")
    with service.client() as client:
        job = client.solve(text, iterations=20, wait=30)
    assert job.result is not None
    assert job.result["served"] + job.result["unserved"] == 26
    with service.database.session("A", read_only=True) as session:
        document = read_document(session, read_job(session, job.id))
    assert b"health_record" not in document
    assert b"trace" not in document


def test_the_same_request_is_a_cache_hit(service: Running) -> None:
    """The second time the result is there at once, unless a fresh one is wanted."""
    seed = next(_seeds)
    with service.client() as client:
        first = client.solve(HAMLET, iterations=50, seed=seed, wait=20)
        again = client.solve(HAMLET, iterations=50, seed=seed)
        fresh = client.solve(HAMLET, iterations=50, seed=seed, fresh=True)
    assert (first.cached, again.cached, fresh.cached) == (False, True, False)
    assert again.state is JobState.COMPLETED
    assert again.result == first.result


def test_an_idempotency_key_makes_a_repetition_harmless(service: Running) -> None:
    """Same key and body give the same job; another body is refused with 409."""
    key = f"order-{next(_seeds)}"
    with service.client() as client:
        first = client.solve(HAMLET, iterations=10, idempotency_key=key, fresh=True)
        again = client.solve(HAMLET, iterations=10, idempotency_key=key, fresh=True)
        assert again.id == first.id
        with pytest.raises(ServiceError) as caught:
            client.solve(HAMLET, iterations=11, idempotency_key=key)
    assert caught.value.problem.code == "idempotency-conflict"
    assert caught.value.problem.status == 409


def test_a_running_solve_can_be_stopped(service: Running) -> None:
    """The best plan so far is kept, and the job is called incomplete."""
    with service.client() as client:
        job = client.solve(HAMLET, seconds=300, seed=next(_seeds), engine="search")
        for event in client.events(job.id):
            if event.data.get("phase") == "search":
                client.stop(job.id)
        ended = client.await_end(job.id, seconds=20)
        assert ended.state is JobState.INCOMPLETE
        assert len(client.plan(job.id).routes) > 0


def test_a_running_solve_can_be_given_up(service: Running) -> None:
    """Nothing is kept; the plan of a cancelled job is 409."""
    with service.client() as client:
        job = client.solve(HAMLET, seconds=300, seed=next(_seeds), engine="search")
        client.cancel(job.id)
        assert client.await_end(job.id, seconds=20).state is JobState.CANCELLED
        with pytest.raises(ServiceError) as caught:
            client.plan(job.id)
        assert caught.value.problem.code == "not-ready"
        with pytest.raises(ServiceError, match="conflict"):
            client.stop(job.id)


def test_events_can_be_resumed(service: Running) -> None:
    """``Last-Event-ID`` goes on after that event; the stream ends with the job."""
    with service.client() as client:
        job = client.solve(HAMLET, iterations=50, seed=next(_seeds), wait=20)
        events = list(client.events(job.id))
        assert [event.number for event in events] == sorted({event.number for event in events})
        assert events[0].data["state"] == "queued"
        assert events[-1].data["state"] == "completed"
        rest = list(client.events(job.id, after=events[0].number))
    assert rest == events[1:]


def test_a_solve_may_begin_from_an_earlier_plan(service: Running) -> None:
    """With no step of its own it gives back that plan's cost."""
    with service.client() as client:
        first = client.solve(HAMLET, iterations=300, seed=next(_seeds), wait=20)
        again = client.solve(HAMLET, iterations=0, engine="search", start=first.id, wait=20)
    assert first.result is not None
    assert again.result is not None
    assert again.result["cost"] <= first.result["cost"]


def test_a_plan_is_read_once_and_then_known(service: Running) -> None:
    """The ETag of a plan answers 304."""
    with service.client() as client:
        job = client.solve(HAMLET, iterations=100, wait=20)
    address = f"/v1/solves/{job.id}/plan"
    etag = service.send("GET", address).headers["etag"]
    assert service.send("GET", address, headers={"if-none-match": etag}).status_code == 304


def test_a_plan_is_published_by_whoever_has_read_it(service: Running) -> None:
    """Without ``If-Match`` it is 428, with another plan's 412, over another version 412."""
    with service.client() as client:
        job = client.solve(HAMLET, iterations=100, wait=20)
        address = f"/v1/solves/{job.id}/publish"
        assert service.send("POST", address).status_code == 428
        wrong = service.send("POST", address, headers={"if-match": '"other"'})
        assert wrong.json()["code"] == "plan-changed"
        version = client.publish(job.id)["version"]
        with pytest.raises(ServiceError, match="outdated"):
            client.publish(job.id, over=version - 1)
        assert client.publish(job.id, over=version)["version"] == version + 1
    in_force = service.send("GET", "/v1/published/hamlet").json()
    assert in_force["job"] == job.id


def test_solves_are_listed_page_by_page(service: Running) -> None:
    """Following ``next`` gives every job once, the newest first."""
    with service.client("B") as client:
        made = [client.solve(HAMLET, iterations=1, seed=next(_seeds)).id for _ in range(5)]
        seen: list[str] = []
        after = None
        while True:
            page = client.solves(limit=2, after=after)
            seen += [job.id for job in page.items]
            after = page.next
            if after is None:
                break
    assert [job for job in seen if job in made] == made[::-1]
    assert len(seen) == len(set(seen))


def test_explanations_say_why(service: Running) -> None:
    """A visit that nobody can make is explained, in the language that was asked for."""
    day = json.loads(HAMLET)
    day["visits"][0]["carers"][0]["qualifications"] = [{"code": "X"}]
    with service.client() as client:
        job = client.solve(json.dumps(day), iterations=50, wait=20)
        told = client.explanations(job.id, lang="zh")
        (visit,) = [one for one in told["unserved"] if one["visit"] == day["visits"][0]["id"]]
        assert visit["obstacle"] == "nobody_qualified" or visit["carers"]
        served = day["visits"][4]["id"]
        assert client.explanations(job.id, visits=[served])["stops"]
        with pytest.raises(ServiceError, match="visit"):
            client.explanations(job.id, visits=["V9999"])


def test_a_scenario_is_checked_without_being_solved(service: Running) -> None:
    """Validation gives faults as JSON pointers, warnings, size and a time; nothing is kept."""
    day = json.loads(HAMLET)
    with service.client("B") as client:
        before = len(client.solves(limit=100).items)
        good = client.validate(HAMLET)
        day["clients"][3]["home"]["lat"] = 121.5
        day["visits"][4]["client"] = "C9999"
        bad = client.validate(json.dumps(day))
        assert len(client.solves(limit=100).items) == before
    assert good["valid"]
    assert good["size"]["visits"] == 12
    assert [(fault["pointer"], fault["code"]) for fault in bad["faults"]] == [
        ("/clients/3/home/lat", "out-of-range"),
        ("/visits/4/client", "unknown-client"),
    ]


def test_any_plan_is_judged(service: Running) -> None:
    """A plan with a stop moved breaks a rule, which is named."""
    with service.client() as client:
        plan = client.plan(client.solve(HAMLET, iterations=100, wait=20).id)
        assert client.verify(HAMLET, plan.model_dump_json())["feasible"]
        route = plan.routes[0]
        late = route.stops[0].model_copy(update={"start": 23 * 3_600_000, "end": 24 * 3_600_000})
        broken = route.model_copy(update={"stops": (late, *route.stops[1:])})
        moved = plan.model_copy(update={"routes": (broken, *plan.routes[1:])})
        verdict = client.verify(HAMLET, moved.model_dump_json())
    assert not verdict["feasible"]
    assert "window" in {row["rule"] for row in verdict["violations"]}


def test_needs_are_told_with_reasons(service: Running) -> None:
    """A client's record gives services, visits and a sentence for each."""
    text = (SCENARIOS / "zhenhai-day-s.json").read_text(encoding="utf-8")
    with service.client() as client:
        (told,) = client.needs(text, clients=["C0019"], lang="zh")["clients"]
        assert told["visits"][0]["sentence"]
        with pytest.raises(ServiceError, match="client"):
            client.needs(text, clients=["C9999"])


def test_alerts_are_told_without_diagnoses(service: Running) -> None:
    """Alerts of a solve are those of its records, with what is to be done and no rule."""
    text = (SCENARIOS / "zhenhai-day-s.json").read_text(encoding="utf-8")
    with service.client() as client:
        job = client.solve(text, iterations=20, wait=30)
        told = client.alerts(job.id, lang="zh")
        assert [one.model_dump() for one in told.alerts] == client.needs(text, lang="zh")["alerts"]
        plain = client.alerts(client.solve(HAMLET, iterations=20, wait=20).id)
    assert {one.severity for one in told.alerts} >= {"urgent"}
    assert told.examined == 30
    assert (plain.examined, plain.alerts) == (0, [])
    assert service.send("GET", job.links["alerts"], "viewer").status_code == 200
    assert service.send("GET", job.links["alerts"], "B").status_code == 404


def test_vroom_shape_in_and_out(service: Running) -> None:
    """The published matrix example costs what VROOM says."""
    problem = {
        "vehicles": [{"id": 0, "start_index": 0, "end_index": 3}],
        "jobs": [{"id": 1414, "location_index": 1}, {"id": 1515, "location_index": 2}],
        "matrix": [
            [0, 2104, 197, 1299],
            [2103, 0, 2255, 3152],
            [197, 2256, 0, 1102],
            [1299, 3153, 1102, 0],
        ],
    }
    with service.client() as client:
        solution = client.vroom(problem, seconds=0.5)
        assert solution["summary"]["cost"] == 5461
        with pytest.raises(ServiceError) as caught:
            client.vroom({**problem, "shipments": [{}]})
    assert caught.value.problem.faults is not None
    assert caught.value.problem.faults[0].pointer == "/shipments"


def test_a_packed_body_is_read(service: Running) -> None:
    """``Content-Encoding: gzip`` is unpacked within the same limit."""
    answer = service.send(
        "POST",
        "/v1/validate",
        content=gzip.compress(HAMLET.encode()),
        headers={**JSON, "content-encoding": "gzip"},
    )
    assert answer.json()["valid"]
