"""No byte of B in any answer to A, whatever A asks.

B stores all it can, and everything of it bears a word that stands nowhere else. Then A asks at
random: every route, with its own ids, with B's, with ids that never were; with B's keys of
requests, conditions and options. Each answer is searched for what is B's, a foreign id must be
answered exactly as one that never was, and at the end B has what it had.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from service.api.guard import permission_of
from service.auth.keys import create_key
from service.auth.permissions import Permission, Role
from service.database.digests import digest_of
from service.database.scope import SYSTEM
from service.jobs.store import list_jobs, read_document
from service.people.personal_data import PersonalField, PersonKind, write_person
from service.webhooks.deliveries import mark_failed
from service.webhooks.endpoints import add_webhook
from service.webhooks.tables import DeliveryRow
from tests.service.api.running import HAMLET, Running, running, settings_for
from tests.sweeps import few

WORD = "CANARY"
"Stands in everything that B stores and in nothing that A sends."

SCENARIO_OF_B = HAMLET.replace('"C00', f'"{WORD}C00').replace('"hamlet"', f'"{WORD}-day"')

NEVER = {
    "job_id": "job_00000000000000000000000000",
    "key_id": "0000000000000000",
    "webhook_id": "whk_00000000000000000000000000",
    "delivery_id": "msg_00000000000000000000000000",
    "draft_id": "drf_00000000000000000000000000",
    "scenario": "never",
    "organisation": "never",
    "name": "scenario",
    "kind": "client",
    "person": "never",
    "number": "1",
}


_IDS = ("job_id", "key_id", "webhook_id", "delivery_id", "draft_id")


@dataclass(frozen=True)
class Neighbours:
    """A service in which A and B have stored the same kinds of things.

    Attributes
    ----------
    service
        The service.
    own, foreign
        By the names of path parameters: ids of A, and of B.
    given_up
        As `foreign`, with a job of B that was given up and has no result.
    marks
        What must be in no answer to A: ids, digests and words of B.
    """

    service: Running
    own: dict[str, str]
    foreign: dict[str, str]
    given_up: dict[str, str]
    marks: frozenset[str]


def settle(service: Running, who: str, scenario: str) -> tuple[dict[str, str], set[str]]:
    """Let an organisation store everything it can; return its ids and further marks."""
    name = json.loads(scenario)["id"]
    answer = service.send(
        "POST",
        "/v1/solves?iterations=60&seed=7",
        who,
        content=scenario,
        headers={"prefer": "wait=30", "idempotency-key": "shared"},
    )
    assert answer.status_code == 200, answer.text
    job = answer.json()["id"]
    etag = service.send("GET", f"/v1/solves/{job}/plan", who).headers["etag"]
    published = service.send("POST", f"/v1/solves/{job}/publish", who, headers={"if-match": etag})
    assert published.status_code == 200, published.text
    draft = service.send("POST", "/v1/drafts", who, json={"roster": name}).json()
    visit = json.loads(scenario)["visits"][0]["id"]
    moved = service.send(
        "POST",
        f"/v1/drafts/{draft['id']}/moves",
        who,
        json={"kind": "unassign", "visit": visit},
        headers={"if-match": draft["etag"]},
    )
    assert moved.status_code == 201, moved.text
    database = service.database
    with database.session(who) as session:
        webhook, secret = add_webhook(session, f"https://{who.lower()}.example/{name}")
        write_person(
            session, PersonKind.CLIENT, f"{name}-person", {PersonalField.NAME: name}, actor=name
        )
    record = {"visit": visit, "date": "2026-03-03", "occurrence": "hospital"}
    sent = service.send(
        "POST", "/v1/office/evidence", who, json={"scenario": name, "deliveries": [record]}
    )
    assert sent.status_code == 201, sent.text
    dead = service.send(
        "POST", "/v1/solves?iterations=5", who, content=scenario, headers={"prefer": "wait=30"}
    )
    with database.session(SYSTEM) as session:
        # Whether the coordinator has tried it yet or not.
        (delivery,) = session.scalars(
            select(DeliveryRow.id).where(DeliveryRow.webhook == webhook.id)
        )
        mark_failed(session, delivery, fault=f"status {name}", next_at=None)
    with database.session(who, read_only=True) as session:
        jobs = list_jobs(session).items
        digests = {digest_of(read_document(session, each)) for each in jobs}
        digests |= {each.result for each in jobs if each.result}
    key = create_key(database, who, Role.VIEWER, label=name).key_id
    ids = {
        "job_id": job,
        "key_id": key,
        "webhook_id": webhook.id,
        "delivery_id": delivery,
        "draft_id": draft["id"],
        "scenario": name,
        "organisation": who,
        "name": "plan",
        "kind": "client",
        "person": f"{name}-person",
        "number": "1",
    }
    return ids, {secret, dead.json()["id"], sent.json()["id"], *digests}


@pytest.fixture(scope="module")
def neighbours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbours]:
    """Give a service in which both organisations have stored everything."""
    with running(settings_for(tmp_path_factory.mktemp("neighbours"))) as service:
        own, _ = settle(service, "A", HAMLET)
        foreign, marks = settle(service, "B", SCENARIO_OF_B)
        marks |= {foreign[name] for name in _IDS}
        marks |= {service.keys["B"], service.keys["B"].split("_")[1], WORD}
        slow = service.send("POST", "/v1/solves?seconds=20", "B", content=SCENARIO_OF_B).json()
        service.send("DELETE", f"/v1/solves/{slow['id']}", "B")
        marks.add(slow["id"])
        given_up = {**foreign, "job_id": slow["id"]}
        yield Neighbours(service, own, foreign, given_up, frozenset(marks))


def routes(service: Running) -> list[tuple[str, str]]:
    """Return method and path of every route."""
    return sorted(
        (method, route.path)
        for route in service.app.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    )


def parameters_of(path: str) -> list[str]:
    """Return the names of a path's parameters."""
    return re.findall(r"{(\w+)}", path)


def filled(path: str, ids: dict[str, str]) -> str:
    """Return a path with ids in place of its parameters."""
    return re.sub(r"{(\w+)}", lambda match: ids[match[1]], path)


BODIES = st.sampled_from(
    [
        HAMLET,
        json.dumps({"scenario": json.loads(HAMLET)}),
        json.dumps({"role": "viewer"}),
        json.dumps({"id": "A"}),
        json.dumps({"url": "https://192.0.2.1/"}),
        json.dumps({"vehicles": [], "jobs": []}),
        json.dumps({"ids": ["hamlet-person", "never"], "purpose": "care"}),
        json.dumps({"roster": f"{WORD}-day"}),
        json.dumps({"on": {"roster": f"{WORD}-day"}, "visit": "V0001"}),
        json.dumps({"on": {"roster": "hamlet"}, "events": []}),
        json.dumps({"first": {"roster": "hamlet"}, "second": {"roster": f"{WORD}-day"}}),
        json.dumps({"kind": "retime"}),
        json.dumps({"people": {"never": None, "P1": {"note": "x"}}}),
        "{}",
        "",
    ]
)


def search(neighbours: Neighbours, answer: httpx.Response, sent: str) -> None:
    """Look for what is B's in an answer, and not only in its body.

    What A itself has sent may come back in a message; it is nothing that A has learnt.
    """
    whole = answer.text + "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    assert [mark for mark in neighbours.marks if mark in whole and mark not in sent] == []


@pytest.mark.parametrize("examples", few([60, 120], 1))
def test_no_byte_of_b_in_any_answer_to_a(neighbours: Neighbours, examples: int) -> None:
    """Whatever A asks for, nothing of B is in the answer."""

    @given(data=st.data())
    @settings(max_examples=examples)
    def check(data: st.DataObject) -> None:
        ask(neighbours, data)

    check()


def ask(neighbours: Neighbours, data: st.DataObject) -> None:
    """Ask for something as A and search the answer."""
    service = neighbours.service
    method, path = data.draw(st.sampled_from(routes(service)), label="route")
    pool = (neighbours.own, neighbours.foreign, neighbours.given_up, NEVER)
    ids = {
        name: data.draw(
            st.sampled_from([each[name] for each in pool]),
            label=name,
        )
        for name in parameters_of(path)
    }
    query: dict[str, Any] = {}
    if path == "/v1/solves" and method == "POST":
        query["iterations"] = data.draw(st.sampled_from([5, 60]))
        query["seed"] = 7
        start = data.draw(st.sampled_from([None, neighbours.own["job_id"], "foreign"]))
        if start is not None:
            query["start"] = neighbours.foreign["job_id"] if start == "foreign" else start
    if path == "/v1/solves" and method == "GET":
        after = data.draw(st.sampled_from([None, neighbours.foreign["job_id"]]))
        query |= {} if after is None else {"after": after}
    if path.endswith("/{person}"):
        query |= {"purpose": "care", "field": ["name", "note"]}
    headers = data.draw(
        st.fixed_dictionaries(
            {},
            optional={
                "idempotency-key": st.just("shared"),
                "if-match": st.sampled_from(["*", '"x"']),
                "if-none-match": st.sampled_from(["*", '"x"']),
                "last-event-id": st.sampled_from(["0", "1"]),
                "prefer": st.just("wait=2"),
            },
        ),
        label="headers",
    )
    content = data.draw(BODIES, label="body") if method in {"POST", "PATCH"} else None
    address = filled(path, ids)
    answer = service.send(method, address, params=query, headers=headers, content=content)
    assert answer.status_code < 500 or answer.json()["code"] == "too-busy", answer.text
    search(neighbours, answer, f"{address} {query} {content}")


BEYOND = frozenset(
    {
        Permission.ORGANISATIONS_MANAGE,
        Permission.METRICS_READ,
        Permission.AGGREGATES_READ,
        Permission.STUDIES_RUN,
        Permission.OFFICE_DECIDE,
        Permission.OFFICE_ASSESS,
        Permission.OFFICE_AUDIT,
    }
)
"What only the district may do: it reaches beyond one organisation."


def beyond(service: Running) -> set[tuple[str, str]]:
    """Return method and path of the routes that only the district may use."""
    return {
        (method, route.path)
        for route in service.app.routes
        if isinstance(route, APIRoute) and permission_of(route) in BEYOND
        for method in route.methods or ()
    }


def test_a_foreign_id_is_answered_as_one_that_never_was(neighbours: Neighbours) -> None:
    """On every route with an id, B's gives the same status, code and words as none."""
    service = neighbours.service
    refused = beyond(service)
    compared = 0
    for method, path in routes(service):
        names = [
            each for each in parameters_of(path) if each not in {"name", "organisation", "kind"}
        ]
        if not names:
            continue
        told = []
        for ids in (neighbours.foreign, neighbours.given_up, NEVER):
            address = filled(path, {**NEVER, **ids})
            query = {"purpose": "care"} if path.endswith("/{person}") else {}
            answer = service.send(
                method, address, params=query, headers={"if-match": "*"}, content="{}"
            )
            problem = answer.json()
            told.append(
                (
                    answer.status_code,
                    {k: v for k, v in problem.items() if k not in {"instance", "request_id"}},
                    sorted(set(answer.headers) - {"x-request-id"}),
                )
            )
        assert told[0] == told[1] == told[2], (method, path)
        assert told[0][0] == (403 if (method, path) in refused else 404), (method, path)
        compared += 1
    assert compared >= 10


def test_the_district_is_asked_for_what_reaches_beyond(neighbours: Neighbours) -> None:
    """A, an administrator of its own, is refused on every route for the whole installation."""
    service = neighbours.service
    refused = beyond(service)
    for method, path in sorted(refused):
        address = filled(path, neighbours.foreign)
        answer = service.send(method, address, content='{"id": "C"}')
        assert answer.status_code == 403, path
    assert len(refused) >= 3


def test_the_same_id_is_another_person(neighbours: Neighbours) -> None:
    """Whatever A keeps or removes under an id of B's, B's own person stays as it was."""
    service, person = neighbours.service, neighbours.foreign["person"]
    for fields in ({"name": "A's own", "note": "A's own"}, None):
        body = {"people": {person: fields}}
        assert service.send("PATCH", "/v1/people/client", json=body).status_code == 204
        found = service.send("GET", f"/v1/people/client/{person}?purpose=care&field=name", "B")
        assert found.json() == {"name": neighbours.foreign["scenario"]}


def test_an_identical_solve_of_b_is_no_answer_to_a(neighbours: Neighbours) -> None:
    """What B has planned is planned anew for A: not even the time it takes tells of it."""
    service = neighbours.service
    address = "/v1/solves?iterations=11&seed=99"
    wait = {"prefer": "wait=30"}
    first = service.send("POST", address, "B", content=HAMLET, headers=wait).json()
    again = service.send("POST", address, "B", content=HAMLET, headers=wait).json()
    other = service.send("POST", address, "A", content=HAMLET, headers=wait).json()
    assert (first["cached"], again["cached"], other["cached"]) == (False, True, False)


def test_b_has_what_it_had(neighbours: Neighbours) -> None:
    """After all that A asked, B's jobs, keys, endpoints and plan are as they were."""
    service, foreign = neighbours.service, neighbours.foreign
    job = service.send("GET", f"/v1/solves/{foreign['job_id']}", "B").json()
    assert (job["state"], job["cached"]) == ("completed", False)
    keys = {each["id"]: each for each in service.send("GET", "/v1/keys", "B").json()["items"]}
    assert keys[foreign["key_id"]]["revoked_at"] is None
    hooks = service.send("GET", "/v1/webhooks", "B").json()["items"]
    assert [each["id"] for each in hooks] == [foreign["webhook_id"]]
    dead = service.send("GET", "/v1/webhooks/dead", "B").json()["items"]
    assert foreign["delivery_id"] in [each["id"] for each in dead]
    published = service.send("GET", f"/v1/published/{foreign['scenario']}", "B").json()
    assert (published["job"], published["version"]) == (foreign["job_id"], 1)
