"""Forged requests to the purchaser's office: every route, and nothing that is entered by them."""

from __future__ import annotations

import gzip
import json
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select

from service.api.contract import BODIES, example
from service.app import routers
from service.auth.keys import create_key, revoke_key
from service.auth.permissions import Role
from service.auth.tables import KeyRow
from service.database.clock import utc_now
from service.database.scope import DISTRICT, SYSTEM
from service.office.ledger import line_place
from service.office.tables import LedgerRow
from tests.service.api.running import Running, running, settings_for

VILLAGE = example("office")
MOST_BYTES = 100_000
PURCHASER, ASSESSOR = ("purchaser",), ("assessor",)
AUDITORS = ("auditor", "purchaser", "assessor", "district")
ORGANISATIONS = ("A", "B", "organisation")

TABLE: dict[tuple[str, str], tuple[tuple[str, ...], str | None]] = {
    ("POST", "/v1/office/directory"): (PURCHASER, "ScenarioAndOffice"),
    ("POST", "/v1/office/admit"): (PURCHASER, "ScenarioAndOffice"),
    ("POST", "/v1/office/purses"): (PURCHASER, "ScenarioAndOffice"),
    ("POST", "/v1/office/allocation"): (PURCHASER, "ScenarioAndRules"),
    ("POST", "/v1/office/settlement"): (PURCHASER, "Settled"),
    ("POST", "/v1/office/moves"): (PURCHASER, "Moved"),
    ("POST", "/v1/office/cascade"): (PURCHASER, "Cascaded"),
    ("POST", "/v1/office/publication"): (PURCHASER, "Evaluated"),
    ("POST", "/v1/office/timebank"): (PURCHASER, "TimeBankOf"),
    ("POST", "/v1/office/checks"): (ASSESSOR, "Settled"),
    ("POST", "/v1/office/evaluation"): (ASSESSOR, "Evaluated"),
    ("GET", "/v1/office/ledger"): (AUDITORS, None),
    ("POST", "/v1/office/ledger/{number}/check"): (AUDITORS, "OfficeDocuments"),
    ("POST", "/v1/office/evidence"): ((*ORGANISATIONS, "district"), "Deliveries"),
    ("GET", "/v1/office/evidence"): ((*ORGANISATIONS, "district"), None),
    ("GET", "/v1/office/notices"): ((*ORGANISATIONS, "district"), None),
}
"""Each route of the office: who may use it, and what its body is.

It is written by hand, so that a route that lets somebody else in is noticed here.
"""

ROUTES = [pytest.param(*route, id=" ".join(route)) for route in TABLE]
WITH_BODY = [route for route in ROUTES if route.values[0] == "POST"]
DECIDING = ("/v1/office/allocation", "/v1/office/settlement", "/v1/office/evaluation")


@dataclass(frozen=True)
class Attacked:
    """A service and one connection to it, since a new one for each of hundreds of requests is slow.

    Attributes
    ----------
    service, line
        Both.
    """

    service: Running
    line: httpx.Client

    def ask(
        self, method: str, address: str, key: str, content: bytes, **headers: str
    ) -> httpx.Response:
        """Send a request with a key, which may be forged."""
        said = {"authorization": f"Bearer {key}", "content-type": "application/json"}
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.line.request(method, address, headers=said, content=content)

    def by(
        self, who: str, method: str, address: str, content: bytes, **headers: str
    ) -> httpx.Response:
        """Send a request as somebody."""
        return self.ask(method, address, self.service.keys[who], content, **headers)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    """Give a service of small bodies, with an entry and evidence of A, which nothing changes."""
    settings = settings_for(
        tmp_path_factory.mktemp("attacks"), executor="inline", max_body_bytes=MOST_BYTES
    )
    with running(settings) as service, httpx.Client(base_url=service.address) as line:
        for path, who in ((DECIDING[0], "purchaser"), ("/v1/office/evidence", "A")):
            address, content = request_of("POST", path)
            assert service.send("POST", address, who, content=content).is_success
        before = kept(service)
        yield Attacked(service, line)
        assert kept(service) == before
        assert "request.failed" not in service.log.getvalue()  # None of it looks like a defect.


def kept(service: Running) -> list[bytes]:
    """Return all that the office keeps, as those read it who may."""
    paths = [("ledger", "auditor"), *(("notices", who) for who in "AB")]
    paths += [("evidence", who) for who in "AB"]
    return [service.send("GET", f"/v1/office/{name}", who).content for name, who in paths]


def request_of(method: str, path: str) -> tuple[str, bytes]:
    """Return the address and the body of a request that would be answered; decisions entered."""
    address = path.replace("{number}", "1") + ("?enter=true" if path in DECIDING else "")
    schema = TABLE[method, path][1]
    if schema is None:
        return address, b""
    if schema == "Deliveries":
        return address, json.dumps(VILLAGE["deliveries"]).encode()
    needed, optional = BODIES[schema]
    # An entry is checked with the documents of an allocation.
    names = ("scenario", "rules") if schema == "OfficeDocuments" else (*needed, *optional)
    return address, json.dumps({name: VILLAGE[name] for name in names if name in VILLAGE}).encode()


def test_every_route_of_the_office_is_in_the_table() -> None:
    """A new route below ``/v1/office`` has to be attacked as well."""
    found = {
        (method, route.path)
        for router in routers()
        for route in router.routes
        if isinstance(route, APIRoute) and re.match(r"/v1/office\b", route.path)
        for method in route.methods or ()
    }
    assert found == TABLE.keys()


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_forged_keys_open_nothing(office: Attacked, method: str, path: str) -> None:
    """401 for keys that are made up, altered, put together, ended, over, or said twice."""
    own, other = office.service.keys[TABLE[method, path][0][0]], office.service.keys["viewer"]
    head, public, secret = own.split("_")
    altered = ("1" if secret[0] == "0" else "0") + secret[1:]
    ended = create_key(office.service.database, DISTRICT, Role.PURCHASER)
    revoke_key(office.service.database, ended.key_id, scope=SYSTEM, actor="tests")
    over = create_key(office.service.database, DISTRICT, Role.PURCHASER, expires_at=utc_now())
    forged = [
        "none",
        f"{head}_{'0' * len(public)}_{'0' * len(secret)}",
        f"{head}_{public}_{altered}",
        f"{head}_{public}_{other.split('_')[2]}",
        f"{own} {other}",
        own[:-1],
        ended.text,
        over.text,
    ]
    address, content = request_of(method, path)
    told = [office.ask(method, address, key, content).status_code for key in forged]
    twice = [("authorization", f"Bearer {own}")] * 2 + [("content-type", "application/json")]
    told.append(office.line.request(method, address, headers=twice, content=content).status_code)
    assert told == [401] * (len(forged) + 1)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_only_who_may_gets_past(office: Attacked, method: str, path: str) -> None:
    """Of all roles those of the table and no others; who may not is refused unheard."""
    address, content = request_of(method, path)
    may = {
        who
        for who in office.service.keys
        # A body that nobody reads: whether it is well-formed makes no difference to who may not.
        if office.by(who, method, address, content and b"{").status_code != 403
    }
    assert may == set(TABLE[method, path][0])


def test_a_role_of_the_district_is_of_no_use_to_an_organisation(office: Attacked) -> None:
    """A key of A whose role was forged in the database decides nothing and reads no ledger."""
    for role in (Role.PURCHASER, Role.ASSESSOR, Role.AUDITOR):
        made = create_key(office.service.database, "A", Role.VIEWER)
        with office.service.database.session(SYSTEM) as session:
            (row,) = session.scalars(select(KeyRow).where(KeyRow.id == made.key_id))
            row.role = role.value
        for method, path in TABLE:
            address, content = request_of(method, path)
            answer = office.ask(method, address, made.text, content)
            assert answer.status_code == 403, (role, path)


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
def test_bodies_that_are_too_large_or_torn_are_refused(
    office: Attacked, method: str, path: str
) -> None:
    """Too long, a packed bomb, packed and torn, cut off, doubled, of another kind: one 4xx each."""
    address, content = request_of(method, path)
    who = TABLE[method, path][0][0]
    gzipped = {"content_encoding": "gzip"}
    too_long = content + b" " * MOST_BYTES
    document, *_ = json.loads(content)
    sent: list[tuple[bytes, dict[str, str], int]] = [
        (too_long, {}, 413),
        (gzip.compress(too_long), gzipped, 413),
        (gzip.compress(content)[:-1], gzipped, 415),
        (content, {"content_type": "text/csv"}, 415),
        (b"", {}, 422),
        (content[: len(content) // 2], {}, 422),
        (content[:-1], {}, 422),
        (content + content, {}, 422),
        (content[:-1] + f', "{document}": {{}}}}'.encode(), {}, 422),
        (content[:-1] + b', "ledger": []}', {}, 422),
        (content.decode().encode("utf-16"), {}, 422),
    ]
    told = [office.by(who, method, address, one, **headers).status_code for one, headers, _ in sent]
    assert told == [status for *_, status in sent]


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
def test_who_hangs_up_half_way_has_asked_for_nothing(
    office: Attacked, method: str, path: str
) -> None:
    """A whole document of which the length says that more will come is not acted upon."""
    address, content = request_of(method, path)
    key = office.service.keys[TABLE[method, path][0][0]]
    parts = urlsplit(office.service.address)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        lines = (
            f"{method} {address} HTTP/1.1",
            f"Host: {parts.netloc}",
            f"Authorization: Bearer {key}",
            "Content-Type: application/json",
            f"Content-Length: {len(content) + 1}",
            "\r\n",
        )
        connection.sendall("\r\n".join(lines).encode() + content)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(4096)[:12] in {b"", b"HTTP/1.1 400"}


def test_another_ones_evidence_and_notices_are_not_reached(office: Attacked) -> None:
    """A page behind an id of A's gives B only what is B's: nothing."""
    for name in ("evidence", "notices"):
        (one, *_) = office.by("A", "GET", f"/v1/office/{name}", b"").json()["items"]
        for after in ("", f"&after={one['id']}", "&after=aaa_" + "0" * 26):
            answer = office.by("B", "GET", f"/v1/office/{name}?limit=5{after}", b"")
            theirs = answer.json()["items"]
            assert one["id"] not in answer.text
            assert all(each["content"]["clients"] for each in theirs)


@pytest.mark.parametrize("number", ["0", "2", "-1", "1e0", "9007199254740993", "x", "1%2f.."])
def test_no_number_leads_out_of_the_ledger(office: Attacked, number: str) -> None:
    """Entries that never were are 404, what is no number 422."""
    _, content = request_of("POST", "/v1/office/ledger/{number}/check")
    path = f"/v1/office/ledger/{number}/check"
    answer = office.by("auditor", "POST", path, content)
    assert answer.status_code in {404, 422}


@pytest.mark.parametrize("owner", ["A", DISTRICT])
def test_a_line_of_another_ledger_is_not_built_upon(
    office: Attacked, tmp_path: Path, owner: str
) -> None:
    """A line made A's, or sealed by another installation, is refused, and nothing is entered.

    Both were written into the database past the service.
    """
    with running(settings_for(tmp_path, executor="inline")) as service:
        for path in DECIDING[:2]:
            address, content = request_of("POST", path)
            assert service.send("POST", address, "purchaser", content=content).is_success
        cipher = (office.service if owner == DISTRICT else service).database.cipher
        with service.database.session(SYSTEM) as session:
            row = session.scalars(select(LedgerRow).where(LedgerRow.number == 2)).one()
            place = line_place(2)
            line = session.cipher.open(row.line, organisation=DISTRICT, place=place)
            row.organisation = owner
            row.line = cipher.seal(line, organisation=owner, place=place)
        address, content = request_of("POST", DECIDING[2])
        answer = service.send("POST", address, "assessor", content=content)
        assert (answer.status_code, answer.json()["code"]) == (500, "secrets-mismatch")
        with service.database.session(SYSTEM, read_only=True) as session:
            assert len(session.scalars(select(LedgerRow)).all()) == 2
