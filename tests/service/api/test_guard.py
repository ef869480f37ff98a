"""Every route declares who may use it, and nobody else does."""

from __future__ import annotations

import re

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from optimizer.errors import InternalError
from service.api.faults import TooManyRequests
from service.api.frame import HEADERS
from service.api.guard import insist_on_permissions, permission_of
from service.api.rates import RateLimit
from service.app import create_app, open_database, routers
from service.auth.permissions import PERMISSIONS, Permission, Role
from service.client import ServiceError
from tests.service.api.running import HAMLET, Running, running, settings_for

ROUTES = [
    (method, route)
    for router in routers()
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods or ())
]
PUBLIC = {
    "/",
    "/docs",
    "/docs/page.css",
    "/docs/page.js",
    "/livez",
    "/readyz",
    "/v1/openapi.json",
    "/v1/schemas",
    "/v1/schemas/{name}",
    "/v1/limits",
}


def path_of(route: APIRoute) -> str:
    """Return a path that leads to a route, with names that nothing has."""
    return re.sub(r"\{\w+\}", "x", route.path)


def test_every_route_declares_a_permission() -> None:
    """A route without one would not start; what is open to everybody is listed here."""
    given = {route.path: permission_of(route) for _, route in ROUTES}
    assert [path for path, permission in given.items() if permission is None] == []
    assert {path for path, each in given.items() if each is Permission.PUBLIC} == PUBLIC


def test_nobody_without_a_key(service: Running) -> None:
    """What is not public answers 401 to whoever has no key."""
    answers = {
        f"{method} {route.path}": service.send(
            method, path_of(route), headers={"authorization": "none"}
        ).status_code
        for method, route in ROUTES
        if route.path not in PUBLIC
    }
    assert {name: status for name, status in answers.items() if status != 401} == {}


def test_a_viewer_only_views(service: Running) -> None:
    """A role gets 403 wherever the table of roles does not have the permission."""
    barred = {
        (method, route.path)
        for method, route in ROUTES
        if permission_of(route) not in PERMISSIONS[Role.VIEWER]
    }
    refused = {
        (method, route.path)
        for method, route in ROUTES
        if service.send(method, path_of(route), "viewer").status_code == 403
    }
    assert refused == barred


@pytest.mark.parametrize("role", ["purchaser", "assessor", "auditor", "organisation"])
def test_roles_of_the_office_get_what_is_theirs(service: Running, role: str) -> None:
    """Each role of the office gets 403 from every route that its row does not name."""
    barred = {
        (method, route.path)
        for method, route in ROUTES
        if permission_of(route) not in PERMISSIONS[Role(role)]
    }
    refused = {
        (method, route.path)
        for method, route in ROUTES
        if service.send(method, path_of(route), role).status_code == 403
    }
    assert refused == barred


def test_a_route_without_permission_keeps_the_service_from_starting() -> None:
    """Forgetting it is a defect that shows at once."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    router = APIRouter()

    @router.get("/open")
    def forgotten() -> None:
        """Answer anybody."""

    app.router.routes.extend(router.routes)
    with pytest.raises(InternalError):
        insist_on_permissions(app)


def test_an_administrator_makes_no_administrator_of_the_district(service: Running) -> None:
    """Nobody can make a key that may do more than their own."""
    with service.client("A") as client:
        with pytest.raises(ServiceError, match="forbidden"):
            client.make_key("district_admin")
        with pytest.raises(ServiceError, match="forbidden"):
            client.add_organisation("C")
        assert client.make_key("planner", label="desk")["key"].startswith("hc_")


def test_a_key_that_was_ended_is_of_no_use(service: Running) -> None:
    """After DELETE the next request is 401; another organisation's key is 404."""
    with service.client("A") as client:
        made = client.make_key("viewer")
    path = f"/v1/keys/{made['id']}"
    bearer = {"authorization": f"Bearer {made['key']}"}
    assert service.send("GET", "/v1/solves", headers=bearer).status_code == 200
    assert service.send("DELETE", path, "B").status_code == 404
    assert service.send("DELETE", path).status_code == 204
    assert service.send("GET", "/v1/solves", headers=bearer).status_code == 401


def test_an_organisation_gets_its_first_key_from_the_district(service: Running) -> None:
    """The district adds one and makes its first key; that id, in capitals or not, is 409."""
    with service.client("district") as client:
        client.add_organisation("O-first")
        made = client.make_key("admin", organisation="O-first")
        with pytest.raises(ServiceError, match="conflict"):
            client.add_organisation("O-first")
        with pytest.raises(ServiceError, match="O-first"):
            client.add_organisation("o-FIRST")  # people would take the one for the other
        with pytest.raises(ServiceError, match="not-found"):
            client.make_key("admin", organisation="O-none")
    bearer = {"authorization": f"Bearer {made['key']}"}
    (key,) = service.send("GET", "/v1/keys", headers=bearer).json()["items"]
    assert key["organisation"] == "O-first"


@pytest.mark.parametrize("path", ["/livez", "/v1/solves", "/nothing"])
def test_headers_are_on_every_answer(service: Running, path: str) -> None:
    """Policy of contents, no sniffing, no framing, nothing kept by caches."""
    headers = service.send("GET", path).headers
    for name, value in HEADERS.items():
        assert headers[name] == value
    assert headers["cache-control"] == "no-store"
    assert re.fullmatch(r"req_[0-9a-f]{16}", headers["x-request-id"])
    assert "server" not in headers or headers["server"] == "uvicorn"


def test_a_key_may_write_so_often() -> None:
    """A full bucket lets a minute's requests pass at once, then one after the other."""
    now = 0.0
    rates = RateLimit(60, clock=lambda: now)
    for _ in range(60):
        rates.take("K")
    with pytest.raises(TooManyRequests) as caught:
        rates.take("K")
    assert caught.value.retry_after == 1
    rates.take("other")
    now = 1.0
    rates.take("K")


def test_limits_of_a_key_are_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Too many requests and too many unfinished jobs are 429 with setting and ``Retry-After``."""
    folder = tmp_path_factory.mktemp("limits")
    settings = settings_for(folder, coordinator=False, writes_per_minute=4, waiting_per_key=2)
    with running(settings) as service:
        answers = [
            service.send("POST", f"/v1/solves?iterations=1&seed={seed}", content=HAMLET)
            for seed in range(5)
        ]
        assert [answer.status_code for answer in answers] == [202, 202, 429, 429, 429]
        assert answers[2].json()["limit"] == {"name": "waiting_per_key", "value": 2}
        assert answers[4].json()["limit"] == {"name": "writes_per_minute", "value": 4}
        assert int(answers[4].headers["retry-after"]) > 0
        jobs = service.send("GET", "/v1/solves").json()["items"]
        assert len(jobs) == 2
        ready = service.send("GET", "/readyz").json()
        assert ready == {
            "ready": True,
            "waiting_for": [],
            "room": True,
            "database": True,
            "migrated": True,
            "coordinator": True,
            "leading": False,
            "engine": True,
            "compiling": None,
        }


def test_the_app_is_put_together_without_opening_a_port(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Creating the app starts nothing; its lifespan does."""
    settings = settings_for(tmp_path_factory.mktemp("app"), executor="inline")
    database = open_database(settings)
    app = create_app(settings, database=database)
    assert app.state.parts.background is not None
    assert not app.state.parts.background.is_alive()
    database.close()
