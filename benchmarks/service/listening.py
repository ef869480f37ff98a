"""An endpoint for webhooks on this machine: it notes what comes, and answers as it is told."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that came.

    Attributes
    ----------
    message
        Its ``webhook-id``.
    late
        Seconds since what it tells of.
    """

    message: str
    late: float


@dataclass
class Listener:
    """Listens on a port of this machine for as long as the context lasts.

    Attributes
    ----------
    status, headers
        Of every answer.
    is_silent
        Whether it takes messages and never answers.
    arrived
        What came, in order.
    connections
        How many there were, also such as asked nothing.
    """

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    is_silent: bool = False
    arrived: list[Arrival] = field(default_factory=list)
    connections: int = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _server: ThreadingHTTPServer | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        if self._server is None:
            raise RuntimeError("Nobody listens yet.")
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def __enter__(self) -> Self:
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                listener._take(self)

            def do_GET(self) -> None:
                listener._take(self)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def process_request(self, request: Any, client_address: Any) -> None:
                listener.connections += 1
                super().process_request(request, client_address)

        self._server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def _take(self, request: BaseHTTPRequestHandler) -> None:
        length = int(request.headers.get("content-length", 0))
        late = 0.0
        with suppress(ValueError, KeyError):
            told = datetime.fromisoformat(json.loads(request.rfile.read(length))["timestamp"])
            late = (datetime.now(UTC) - told).total_seconds()
        self.arrived.append(Arrival(request.headers.get("webhook-id", ""), late))
        if self.is_silent:
            self._over.wait()
            return
        with suppress(OSError):
            request.send_response(self.status)
            for name, value in self.headers.items():
                request.send_header(name, value)
            request.end_headers()
