"""A service on a port of this machine, for tests that speak HTTP to it."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from service.app import create_app, open_database
from service.auth.keys import create_key, ensure_first_key
from service.auth.organisations import add_organisation
from service.auth.permissions import Role
from service.client import ServiceClient
from service.database.engine import Database
from service.database.scope import DISTRICT, SYSTEM
from service.operations.logging import configure_logging
from service.settings import Settings
from tests.patience import wait_until

HAMLET = (Path(__file__).parents[3] / "scenarios" / "hamlet.json").read_text(encoding="utf-8")
JSON = {"content-type": "application/json"}
CERTIFICATES = httpx.create_ssl_context()
"Read once; every request of its own would read them anew, which takes longer than the request."


@dataclass(frozen=True)
class Running:
    """A service that runs.

    Attributes
    ----------
    address
        Where.
    keys
        By what they are for: ``district``, ``A``, ``B`` (administrators), ``viewer`` (of A),
        ``purchaser``, ``assessor``, ``auditor`` (of the district), ``organisation`` (of A).
    app, database
        Its parts.
    log
        Everything it has logged so far.
    """

    address: str
    keys: Mapping[str, str]
    app: FastAPI
    database: Database
    log: io.StringIO = field(repr=False)

    def client(self, who: str = "A") -> ServiceClient:
        """Return a client of somebody."""
        return ServiceClient(self.address, self.keys[who])

    def headers(self, who: str = "A") -> dict[str, str]:
        """Return the headers of somebody who sends JSON."""
        key = self.keys.get(who)
        return {**JSON} if key is None else {"authorization": f"Bearer {key}", **JSON}

    def send(self, method: str, path: str, who: str = "A", **options: Any) -> httpx.Response:
        """Send a request as somebody."""
        headers = {**self.headers(who), **options.pop("headers", {})}
        usual: dict[str, Any] = {"timeout": 60.0, "verify": CERTIFICATES}
        return httpx.request(method, self.address + path, headers=headers, **usual, **options)


def settings_for(folder: Path, **changes: Any) -> Settings:
    """Return settings under which nothing is left outside of a folder."""
    usual: dict[str, Any] = {
        "database": f"sqlite:///{folder / 'homecare.db'}",
        "secrets_file": folder / "homecare.secrets",
        "writes_per_minute": 100_000,
        "waiting_per_key": 10_000,
        "drain_seconds": 1.0,
        "slots": 2,
    }
    return Settings(**(usual | changes))


@contextmanager
def running(settings: Settings, *, is_first: bool = True) -> Iterator[Running]:
    """Run a service with an organisation A and another one B; without keys if started before."""
    database = open_database(settings)
    keys = _people(database) if is_first else {}
    app = create_app(settings, database=database)
    config = uvicorn.Config(
        app, port=0, log_config=None, access_log=False, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    log = io.StringIO()
    with logged_to(log):
        thread = threading.Thread(target=server.run, name="server")
        thread.start()
        try:
            wait_until(lambda: server.started or not thread.is_alive())
            assert server.started
            port = server.servers[0].sockets[0].getsockname()[1]
            yield Running(f"http://127.0.0.1:{port}", keys, app, database, log)
        finally:
            server.should_exit = True
            thread.join(30)
            database.close()


def _people(database: Database) -> dict[str, str]:
    first = ensure_first_key(database)
    assert first is not None
    keys = {"district": first.text}
    with database.session(SYSTEM) as session:
        for organisation in ("A", "B"):
            add_organisation(session, organisation, actor="tests")
    for organisation in ("A", "B"):
        keys[organisation] = create_key(database, organisation, Role.ADMIN).text
    keys["viewer"] = create_key(database, "A", Role.VIEWER).text
    keys["organisation"] = create_key(database, "A", Role.ORGANISATION).text
    for role in (Role.PURCHASER, Role.ASSESSOR, Role.AUDITOR):
        keys[role.value] = create_key(database, DISTRICT, role).text
    return keys


@contextmanager
def logged_to(stream: io.StringIO) -> Iterator[None]:
    """Write all logs to a text as the service does."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    configure_logging("info", stream)
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
