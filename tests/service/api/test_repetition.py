"""A request that makes something can be repeated without making it twice."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx
import pytest

from service.client import ServiceError
from tests.service.api.running import HAMLET, Running

_numbers = count(1)
HEADER = "Idempotency-Key"
HOOK = {"url": "https://192.0.2.1/hook"}
AT_ONCE = [
    ("A", "/v1/keys", {"role": "viewer"}, {"role": "planner"}),
    ("district", "/v1/organisations", {"id": "O-{}"}, {"id": "O-{}-other"}),
    ("district", "/v1/organisations/B/keys", {"role": "viewer"}, {"role": "planner"}),
]
"Who makes what, and another request."


def filled(body: dict[str, str], number: int) -> dict[str, str]:
    """Return a body with a number in it, so that it is new."""
    return {name: value.format(number) for name, value in body.items()}


@pytest.mark.parametrize(("who", "path", "body", "other"), AT_ONCE)
def test_the_same_again_has_the_same_answer(
    service: Running, who: str, path: str, body: dict[str, str], other: dict[str, str]
) -> None:
    """Same key and body: the first answer, secrets included; another body: 409."""
    number = next(_numbers)
    headers = {HEADER: f"again-{number}"}

    def ask(wanted: dict[str, str]) -> Any:
        return service.send("POST", path, who, json=filled(wanted, number), headers=headers)

    first, again = ask(body), ask(body)
    assert first.status_code == again.status_code == 201, first.text
    assert first.json() == again.json()
    refused = ask(other)
    assert refused.status_code == 409
    assert refused.json()["code"] == "idempotency-conflict"


@pytest.mark.parametrize("path", ["/v1/keys", "/v1/organisations/B/keys"])
def test_a_key_that_was_revoked_is_not_told_again(service: Running, path: str) -> None:
    """The repetition of what made it is a conflict: nobody goes on with a dead key."""
    who = "B" if path == "/v1/keys" else "district"
    headers = {HEADER: f"again-{next(_numbers)}"}

    def ask() -> httpx.Response:
        return service.send("POST", path, who, json={"role": "viewer"}, headers=headers)

    service.send("DELETE", f"/v1/keys/{ask().json()['id']}", "B")
    assert (ask().status_code, ask().json()["code"]) == (409, "made-and-gone")


def test_a_webhook_is_added_once(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """The repetition tells the same secret, and there is one endpoint more."""
    monkeypatch.setattr("service.api.routes.webhooks.resolve", lambda *_, **__: None)
    before = len(service.send("GET", "/v1/webhooks", "B").json()["items"])
    headers = {HEADER: f"hook-{next(_numbers)}"}
    answers = [
        service.send("POST", "/v1/webhooks", "B", json=HOOK, headers=headers) for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["secret"].startswith("whsec_")
    assert len(service.send("GET", "/v1/webhooks", "B").json()["items"]) == before + 1
    service.send("DELETE", f"/v1/webhooks/{answers[0].json()['id']}", "B")
    gone = service.send("POST", "/v1/webhooks", "B", json=HOOK, headers=headers)
    assert gone.json()["code"] == "made-and-gone"


def test_a_plan_is_published_once(service: Running) -> None:
    """The repetition gives the version that was made, and no further one."""
    key = f"publish-{next(_numbers)}"
    with service.client() as client:
        job = client.solve(HAMLET, iterations=20, seed=4711, wait=20)
        first = client.publish(job.id, idempotency_key=key)
        assert client.publish(job.id, idempotency_key=key) == first
        assert client.publish(job.id)["version"] == first["version"] + 1
        with pytest.raises(ServiceError, match="idempotency-conflict"):
            client.publish(job.id, over=first["version"], idempotency_key=key)


def test_the_key_of_another_is_no_key(service: Running) -> None:
    """Two callers may use the same idempotency key; each gets what is their own."""
    key = f"shared-{next(_numbers)}"
    made = []
    for who in ("A", "B"):
        with service.client(who) as client:
            made.append(client.make_key("viewer", idempotency_key=key)["key"])
    assert made[0] != made[1]


@pytest.mark.parametrize("key", ["", "two words", "x" * 201])
def test_a_key_has_its_form(service: Running, key: str) -> None:
    """Empty and long ones, and such with blanks, are 422."""
    answer = service.send("POST", "/v1/keys", json={"role": "viewer"}, headers={HEADER: key})
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["pointer"] == "#Idempotency-Key"


def test_every_post_that_makes_something_takes_a_key(service: Running) -> None:
    """The contract names the header wherever a POST makes something."""
    paths = service.send("GET", "/v1/openapi.json").json()["paths"]
    posts = {path: operations["post"] for path, operations in paths.items() if "post" in operations}
    takes = {
        path
        for path, operation in posts.items()
        if HEADER in {each["name"] for each in operation.get("parameters", ())}
    }
    makes = {path for path, operation in posts.items() if "201" in operation["responses"]}
    assert takes == makes | {
        "/v1/drafts/{draft_id}/publish",
        "/v1/drafts/{draft_id}/undo",
        "/v1/replans",
        "/v1/solves",
        "/v1/solves/{job_id}/publish",
        "/v1/studies",
        "/v1/vroom",
    }
    assert len(makes) == 8
