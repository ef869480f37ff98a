"""Names are kept apart, for those who need them, and nobody reads them unseen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import count
from typing import Any

import pytest

from service.api.routes.people import AT_ONCE, PersonDocument
from service.auth.keys import create_key
from service.auth.permissions import DISTRICT_ROLES, PERMISSIONS, Permission, Role
from service.client import ServiceError
from service.database.scope import DISTRICT
from service.people.personal_data import MAX_SIGNS, PersonalField
from tests.service.api.running import Running, running, settings_for

NAME = "Canary-Li-Guihua"
_numbers = count(1)


def somebody() -> str:
    """Return an id of which nothing is kept."""
    return f"P{next(_numbers):04}"


def log_of(service: Running, who: str = "A") -> list[dict[str, Any]]:
    """Return the audit log of an organisation."""
    return [json.loads(line) for line in service.send("GET", "/v1/log", who).text.splitlines()]


def test_what_is_kept_can_be_read(service: Running) -> None:
    """Several people are written and read at once; of whom nothing is kept is left out."""
    one, other = somebody(), somebody()
    with service.client() as client:
        client.write_people("client", {one: {"name": NAME, "phone": "1"}, other: {"name": "Li"}})
        names = client.read_people("client", [one, other, "nobody"], purpose="roster")
        assert names == {one: {"name": NAME}, other: {"name": "Li"}}
        fields = client.read_people("client", [one], purpose="contact", fields=["name", "phone"])
        assert fields == {one: {"name": NAME, "phone": "1"}}
        assert client.read_people("caregiver", [one], purpose="roster") == {}
    address = f"/v1/people/client/{one}?purpose=care"
    assert service.send("GET", address).json() == {"name": NAME}
    assert service.send("GET", f"{address}&field=phone").json() == {"phone": "1"}


def test_fields_stay_change_and_go(service: Running) -> None:
    """What is not named stays, null removes a field, null for a person removes all."""
    one = somebody()
    fields = [field.value for field in PersonalField]
    with service.client() as client:

        def kept() -> Mapping[str, Mapping[str, str]]:
            return client.read_people("client", [one], purpose="correction", fields=fields)

        client.write_people("client", {one: {"name": NAME, "phone": "1", "note": "n"}})
        client.write_people("client", {one: {"phone": "2", "note": None}})
        assert kept() == {one: {"name": NAME, "phone": "2"}}
        client.write_people("client", {one: None})
        assert kept() == {}
    answer = service.send("GET", f"/v1/people/client/{one}?purpose=care")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not-found"


def test_people_are_listed_without_what_is_kept(service: Running) -> None:
    """Following ``next`` gives every id once with the names of its fields."""
    made = sorted(somebody() for _ in range(3))
    with service.client() as client:
        client.write_people("caregiver", {one: {"name": NAME} for one in made})
    seen, after = [], ""
    while True:
        page = service.send("GET", f"/v1/people/caregiver?limit=2{after}").json()
        seen += page["items"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert [one["id"] for one in seen if one["id"] in made] == made
    assert {"id": made[0], "fields": ["name"]} in seen
    assert NAME not in json.dumps(seen)


@pytest.mark.parametrize("way", ["one", "several"])
def test_every_reading_is_in_the_log(service: Running, way: str) -> None:
    """The log of the organisation says which key read which fields of whom, and what for."""
    one = somebody()
    with service.client() as client:
        client.write_people("client", {one: {"name": NAME}})
        if way == "one":
            service.send("GET", f"/v1/people/client/{one}?purpose=billing")
        else:
            client.read_people("client", [one], purpose="billing")
    entries = [entry for entry in log_of(service) if entry["subject"] == one]
    assert [entry["action"] for entry in entries] == ["people.write", "people.read"]
    details = {"kind": "client", "fields": ["name"], "purpose": "billing"}
    assert entries[-1]["details"] == details
    assert entries[-1]["actor"] == service.keys["A"].split("_")[1]
    assert NAME not in json.dumps(log_of(service))


@pytest.mark.parametrize("role", list(Role))
def test_names_are_for_those_who_need_them(service: Running, role: Role) -> None:
    """Viewers, analysts and programs get 403, whichever way they ask."""
    made = create_key(service.database, DISTRICT if role in DISTRICT_ROLES else "A", role)
    bearer = {"authorization": f"Bearer {made.text}"}
    query = {"ids": ["P"], "purpose": "care"}
    allowed = {
        "GET /v1/people/client": Permission.PEOPLE_READ,
        "GET /v1/people/client/P?purpose=care": Permission.PEOPLE_READ,
        "POST /v1/people/client/read": Permission.PEOPLE_READ,
        "PATCH /v1/people/client": Permission.PEOPLE_WRITE,
    }
    for request, permission in allowed.items():
        method, path = request.split()
        body = {"people": {"P": None}} if method == "PATCH" else query
        answer = service.send(method, path, headers=bearer, json=body)
        assert (answer.status_code == 403) == (permission not in PERMISSIONS[role]), request


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"people": {"P": {"nickname": NAME}}}, "/people/P/nickname"),
        ({"people": {"P": {"note": NAME * MAX_SIGNS}}}, "/people/P/note"),
        ({"people": {"P": {"note": ""}}}, "/people/P/note"),
        ({"people": {"P": {"note": 5}}}, "/people/P/note"),
        ({"people": {f"P{n}": None for n in range(AT_ONCE + 1)}}, "/people"),
        ({"people": {}}, "/people"),
        ({"persons": {}}, "/people"),
    ],
)
def test_faults_have_their_place(service: Running, body: dict[str, Any], pointer: str) -> None:
    """Unknown fields, long texts and too many people are 422 with the place and no value."""
    answer = service.send("PATCH", "/v1/people/client", json=body)
    assert answer.status_code == 422
    assert pointer in [fault["pointer"] for fault in answer.json()["faults"]]
    assert NAME not in answer.text


def test_a_purpose_is_one_of_a_list(service: Running) -> None:
    """What is read for is told, and not in words of one's own, which the log would keep."""
    for query in ("", "?purpose=", f"?purpose={NAME}"):
        answer = service.send("GET", f"/v1/people/client/P{query}")
        assert [fault["pointer"] for fault in answer.json()["faults"]] == ["#purpose"]
        assert NAME not in answer.text


def test_all_are_written_or_none(service: Running) -> None:
    """A fault in one person keeps the others from being stored."""
    good, bad = somebody(), somebody()
    body = {"people": {good: {"name": NAME}, bad: {"name": 1}}}
    assert service.send("PATCH", "/v1/people/client", json=body).status_code == 422
    with service.client() as client:
        assert client.read_people("client", [good], purpose="care") == {}


def test_the_document_has_every_field() -> None:
    """A field that may be kept can be written and read."""
    assert list(PersonDocument.model_fields) == [field.value for field in PersonalField]


def test_readings_count_as_writes(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Reading one person after the other meets the limit of requests."""
    folder = tmp_path_factory.mktemp("readings")
    with running(settings_for(folder, coordinator=False, writes_per_minute=3)) as service:
        address = "/v1/people/client/P?purpose=care"
        answers = [service.send("GET", address).status_code for _ in range(4)]
    assert answers == [404, 404, 404, 429]


def test_names_on_postgresql(postgresql_url: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Written, read, logged and kept from others: as on SQLite."""
    settings = settings_for(
        tmp_path_factory.mktemp("names"), database=postgresql_url, coordinator=False
    )
    with (
        running(settings) as service,
        service.client() as client,
        service.client("B") as other,
        service.client("viewer") as viewer,
    ):
        client.write_people("client", {"P": {"name": NAME}})
        assert client.read_people("client", ["P"], purpose="care") == {"P": {"name": NAME}}
        assert [one["id"] for one in client.people("client")["items"]] == ["P"]
        assert other.people("client")["items"] == []
        assert other.read_people("client", ["P"], purpose="care") == {}
        with pytest.raises(ServiceError, match="forbidden"):
            viewer.read_people("client", ["P"], purpose="care")
        assert [entry["action"] for entry in log_of(service)].count("people.read") == 1
