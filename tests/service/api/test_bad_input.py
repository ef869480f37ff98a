"""Whatever is sent, the answer is a problem document, and the service goes on."""

from __future__ import annotations

import gzip
import json
import socket
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from service.api.bodies import Unpacker
from service.api.faults import WrongMediaType
from service.database.faults import StoreFull
from tests.service.api.running import CERTIFICATES, HAMLET, Running

MEGABYTE = b" " * 2**20
POSTED = ["/v1/solves", "/v1/validate", "/v1/verify", "/v1/needs", "/v1/vroom"]
DEEP = '{"id": ' + "[" * 20_000 + "]" * 20_000 + "}"


def told(answer: httpx.Response) -> dict[str, Any]:
    """Return the problem of an answer, whose form is checked."""
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["type"] == f"urn:homecare:problem:{problem['code']}"
    assert problem["instance"].endswith(answer.headers["x-request-id"])
    return problem


@pytest.mark.parametrize("path", [*POSTED, "/v1/keys"])
def test_a_hundred_megabytes_are_not_read(service: Running, path: str) -> None:
    """A body that says how long it is is refused by its length."""
    answer = service.send("POST", path, content=MEGABYTE * 100)
    problem = told(answer)
    assert answer.status_code == 413
    assert problem["limit"] == {"name": "max_body_bytes", "value": 20_000_000}


def test_a_body_without_length_is_cut_off(service: Running) -> None:
    """One that comes in pieces is refused as soon as it is too long; nobody reads the rest."""
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(2_000):
            sent += len(MEGABYTE)
            yield MEGABYTE

    try:
        answer = service.send("POST", "/v1/validate", content=pieces())
        assert answer.status_code == 413
    except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
        pass  # The connection was closed while the client was still sending.
    assert sent < 200 * len(MEGABYTE)


def test_a_bomb_is_not_unpacked(service: Running) -> None:
    """Two hundred kilobytes that would be two hundred megabytes are refused."""
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join([packer.compress(MEGABYTE) for _ in range(200)]) + packer.flush()
    answer = service.send(
        "POST", "/v1/validate", content=bomb, headers={"content-encoding": "gzip"}
    )
    assert told(answer)["code"] == "body-too-large"


TEXTS = [
    ("", "empty-document"),
    ("nothing", "bad-json"),
    ("[]", "not-an-object"),
    ("{", "bad-json"),
    ('"text"', "not-an-object"),
    ('{"id": NaN}', "not-a-number"),
    ('{"id": 1e999}', "not-a-number"),
    ('{"id": ' + "9" * 5000 + "}", "bad-json"),
    ('{"id": "a", "id": "b"}', "duplicate-key"),
    (DEEP, "too-deep"),
    ("\ufeff" + "{}", "missing-field"),
    ('{"\\ud800": 1}', "bad-json"),
]


@pytest.mark.parametrize(("text", "code"), TEXTS)
@pytest.mark.parametrize("path", ["/v1/solves", "/v1/needs"])
def test_each_broken_text_has_its_code(service: Running, path: str, text: str, code: str) -> None:
    """Broken JSON, NaN, infinite and endless numbers, repeated keys, deep nesting: 422."""
    answer = service.send("POST", path, content=text.encode())
    assert answer.status_code == 422
    assert code in {fault["code"] for fault in told(answer)["faults"]}


@pytest.mark.parametrize("text", [text for text, _ in TEXTS])
@pytest.mark.parametrize("path", ["/v1/verify", "/v1/vroom", "/v1/keys", "/v1/webhooks"])
def test_no_text_breaks_any_route(service: Running, path: str, text: str) -> None:
    """The same texts, and bytes that are no text, are refused by every route."""
    for content in (text.encode(), text.encode("utf-16"), b"\xff\xfe\x00"):
        answer = service.send("POST", path, content=content)
        assert answer.status_code == 422
        assert told(answer)["faults"]


def test_a_million_visits_are_refused_by_number(service: Running) -> None:
    """Before records are made of them the limit is named."""
    visits = ",".join(["{}"] * 1_000_000)
    text = HAMLET.replace('"visits": [', f'"visits": [{visits},')
    answer = service.send("POST", "/v1/solves", content=text.encode())
    problem = told(answer)
    assert problem["code"] == "limit-exceeded"
    assert problem["limit"] == {"name": "max_visits", "value": 5_000}
    checked = service.send("POST", "/v1/validate", content=text.encode()).json()
    assert checked["limits"] == [{"name": "max_visits", "value": 5_000}]


MANY = ",".join(["1"] * 1_000_000)
OBJECTS = ",".join(["{}"] * 1_000_000)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/v1/needs", HAMLET.replace('"clients": [', f'"x": [{MANY}], "clients": [')),
        ("/v1/vroom", f'{{"jobs": [{OBJECTS}]}}'),
        ("/v1/verify", f'{{"scenario": {HAMLET}, "plan": {{"routes": [{OBJECTS}]}}}}'),
    ],
    ids=["values", "jobs", "routes"],
)
def test_what_would_fill_the_memory_is_refused(service: Running, path: str, text: str) -> None:
    """Millions of values that could each be a fault are counted first, and refused."""
    problem = told(service.send("POST", path, content=text.encode()))
    assert problem["code"] == "limit-exceeded"


def test_many_faults_are_counted(service: Running) -> None:
    """Of thousands of faults fifty are listed; that there are more is said."""
    day = json.loads(HAMLET)
    day["visits"] = [{} for _ in range(2_000)]
    problem = told(service.send("POST", "/v1/solves", content=json.dumps(day)))
    assert len(problem["faults"]) == 50
    assert problem["more_faults"] >= 1


def packed(text: bytes) -> bytes:
    """Return a text as gzip packs it."""
    return gzip.compress(text, mtime=0)


@pytest.mark.parametrize(
    "sent",
    [
        packed(b"{}") + packed(b"{}"),  # a second file behind the first
        packed(b"{}") + b"more",  # something else behind it
        packed(b"{}")[:-1],  # its end is missing
        packed(b"{}")[:-8],  # its check sum, too
        b"",  # nothing at all
        b"{}",  # not packed
    ],
)
@pytest.mark.parametrize("size", [1, 1_000], ids=["by bytes", "at once"])
def test_a_packed_body_is_one_whole_file(sent: bytes, size: int) -> None:
    """Unpacking says so in whatever pieces the file comes, and takes it if it is whole."""

    def unpacked(content: bytes) -> bytes:
        unpacker = Unpacker(1_000)
        pieces = [content[at : at + size] for at in range(0, len(content), size)]
        found = b"".join(map(unpacker.unpack, pieces))
        unpacker.finish()
        return found

    assert unpacked(packed(b"{}")) == b"{}"
    with pytest.raises(WrongMediaType):
        unpacked(sent)


def test_chunks_behind_a_packed_body_are_not_read(service: Running) -> None:
    """What follows the end of a small file is refused with its first piece."""
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        yield packed(b"{}")
        for _ in range(200):
            sent += len(MEGABYTE)
            yield MEGABYTE

    headers = {"content-encoding": "gzip"}
    try:
        answer = service.send("POST", "/v1/validate", content=pieces(), headers=headers)
        assert answer.status_code == 415
    except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
        pass  # The connection was closed while the client was still sending.
    assert sent < 20 * len(MEGABYTE)


def test_a_small_record_has_a_small_body(service: Running) -> None:
    """Megabytes are not read as a request for a key."""
    answer = service.send("POST", "/v1/keys", content=b'{"label": "' + MEGABYTE + b'"}')
    assert told(answer)["code"] == "body-too-large"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"version": "2"}, "unsupported-version"),  # a newer format
        ({"version": 1}, "invalid-document"),  # a number where text belongs
        ({"format": "homecare-plan"}, "invalid-document"),  # another document
        ({"visits": "none"}, "invalid-document"),  # a text where a list belongs
        ({"horizon": {"start": "2026-03-03", "days": 57}}, "invalid-document"),  # too long
    ],
)
def test_wrong_versions_and_types(service: Running, change: dict[str, Any], code: str) -> None:
    """Another version, another format and wrong types are told apart."""
    text = json.dumps(json.loads(HAMLET) | change)
    assert told(service.send("POST", "/v1/solves", content=text))["code"] == code


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("seconds=0", "#seconds"),
        ("seconds=nan", "#seconds"),
        ("seconds=inf", "#seconds"),
        ("seconds=-1", "#seconds"),
        ("iterations=1.5", "#iterations"),
        ("engine=magic", "#engine"),
        ("seed=99999999999999999999", "#seed"),
        ("second=5", "#second"),
        ("start=job_x", "#start"),
        ("lane=fast", "#lane"),
    ],
)
def test_parameters_have_their_place(service: Running, query: str, place: str) -> None:
    """A wrong or misspelt parameter is 422 and named; its value is not repeated."""
    problem = told(service.send("POST", f"/v1/solves?{query}", content=HAMLET))
    assert problem["status"] == 422
    assert [fault["pointer"] for fault in problem["faults"]] == [place]


@pytest.mark.parametrize(
    ("query", "limit"), [("seconds=3601", "max_seconds"), ("workers=64", "max_workers")]
)
def test_limits_of_effort_are_named(service: Running, query: str, limit: str) -> None:
    """More time or threads than the installation gives is 422 with the setting's name."""
    problem = told(service.send("POST", f"/v1/solves?{query}", content=HAMLET))
    assert problem["limit"]["name"] == limit


def test_only_json_is_read(service: Running) -> None:
    """Another media type is 415."""
    answer = service.send(
        "POST", "/v1/validate", content=HAMLET, headers={"content-type": "text/plain"}
    )
    assert told(answer)["code"] == "wrong-media-type"
    assert answer.status_code == 415


def test_unknown_addresses_and_methods(service: Running) -> None:
    """404 and 405 are problems too, and 405 says what is possible."""
    assert told(service.send("GET", "/v2/solves"))["code"] == "no-such-route"
    answer = service.send("PUT", "/v1/solves")
    assert told(answer)["code"] == "method-not-allowed"
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("key", ["x", "hc_x", "hc_" + "0" * 16 + "_" + "0" * 64, "é"])
def test_no_key_no_answer(service: Running, key: str) -> None:
    """Without a valid key the answer is 401, whatever is sent."""
    bearer = f"Bearer {key}".encode("latin-1")
    headers = [(b"content-type", b"application/json"), (b"authorization", bearer)]
    for path in POSTED:
        answer = httpx.post(
            service.address + path, headers=headers, content=b"{", verify=CERTIFICATES
        )
        assert answer.status_code == 401
        assert told(answer)["code"] == "unauthenticated"
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_health_value_is_never_repeated(service: Running) -> None:
    """Faults inside a health record name the place and nothing of what stands there."""
    day = json.loads(HAMLET)
    day["clients"][0]["health_record"] = {
        "recorded_on": "2026-02-01",
        "conditions": [{"code": "canary diagnosis!", "stage": "canary-stage"}],
        "canary_field": "canary-value",
    }
    answer = service.send("POST", "/v1/solves", content=json.dumps(day))
    assert answer.status_code == 422
    assert "canary" not in answer.text


@pytest.mark.parametrize(
    "raw",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 70_000,
        b"nonsense\r\n\r\n",
        b"POST /v1/solves HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"GET /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_broken_requests_do_not_end_the_service(service: Running, raw: bytes) -> None:
    """What is no HTTP is refused, and the next request is answered."""
    parts = urlsplit(service.address)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        connection.sendall(raw)
        assert connection.recv(4096).startswith(b"HTTP/1.1 4")
    assert service.send("GET", "/livez").status_code == 200


@pytest.mark.parametrize(
    ("twice", "code"),
    [
        (("authorization", "Bearer x"), 401),  # which of both keys is meant
        (("content-type", "text/plain"), 415),  # a proxy before us may have believed this one
        (("content-encoding", "gzip"), 415),
        (("idempotency-key", "b"), 422),
    ],
)
def test_what_is_said_twice_is_not_half_believed(
    service: Running, twice: tuple[str, str], code: int
) -> None:
    """Of a header with two lines the first is not taken for the whole."""
    headers = [
        ("authorization", f"Bearer {service.keys['A']}"),
        ("content-type", "application/json"),
        ("content-encoding", "identity"),
        ("idempotency-key", "a"),
        twice,
    ]
    answer = httpx.post(
        f"{service.address}/v1/solves",
        headers=headers,
        content=HAMLET,
        params={"iterations": 1},
        verify=CERTIFICATES,
    )
    assert answer.status_code == code


def test_an_odd_idempotency_key_is_refused(service: Running) -> None:
    """A key with blanks is 422, not silently another one."""
    answer = service.send(
        "POST", "/v1/solves", content=HAMLET, headers={"idempotency-key": "with blank"}
    )
    assert told(answer)["faults"][0]["pointer"] == "#Idempotency-Key"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_the_edges_of_time_are_no_defect(service: Running, moment: str) -> None:
    """A moment that is none in universal time is a fault of the request."""
    answer = service.send("POST", "/v1/keys", json={"role": "viewer", "expires_at": moment})
    assert answer.status_code == 422
    assert told(answer)["faults"][0]["pointer"] == "/expires_at"


@pytest.mark.parametrize("path", ["/v1/published/a%00b", "/v1/solves?after=a%00b", "/%00"])
def test_a_zero_byte_is_in_no_address(service: Running, path: str) -> None:
    """No text of the database can hold it."""
    assert told(service.send("GET", path))["code"] == "bad-request"


def test_a_full_database_is_said_to_be_full(service: Running) -> None:
    """For some seconds after a write was refused the service is not ready, and says why."""
    with pytest.raises(StoreFull), service.database.session("A"):
        raise StoreFull
    answer = service.send("GET", "/readyz")
    assert answer.status_code == 503
    assert "room in the database" in answer.json()["waiting_for"]
    service.database._full_at = float("-inf")
    assert "room in the database" not in service.send("GET", "/readyz").json()["waiting_for"]
