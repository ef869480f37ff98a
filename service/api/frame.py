"""Around every request: its id, its line in the log, its figures, its headers, its last net."""

from __future__ import annotations

import logging
import secrets
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from optimizer.errors import InternalError
from service.api.faults import RequestError
from service.api.problems import problem_response
from service.api.room import Place
from service.operations.context import begin_request
from service.operations.metrics import Metrics

_LOG = logging.getLogger(__name__)

HEADERS = {
    "content-security-policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
"On every answer."
NO_STORE = "no-store"
"What answers say to caches where a route says nothing else: they are about people."


class RequestFrame:
    """The outermost layer of the service.

    Parameters
    ----------
    app
        What answers.
    metrics
        Where requests are counted.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = f"req_{secrets.token_hex(8)}"
        begin_request(name)
        began = time.perf_counter()
        status = 0
        is_read = _lengths(scope).isdisjoint((b"content-length", b"transfer-encoding"))

        async def heard() -> Message:
            nonlocal is_read
            message = await receive()
            is_read = is_read or not message.get("more_body", False)
            return message

        async def framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _with_headers(message["headers"], name)
                if not is_read:
                    # Whoever still sends is not listened to any longer.
                    message["headers"].append((b"connection", b"close"))
            await send(message)

        try:
            if {b"content-length", b"transfer-encoding"} <= _lengths(scope):
                # Two ends of one body: a proxy in between may have seen the other one (RFC 9112).
                await problem_response(RequestError(_TWO_ENDS))(scope, heard, framed)
            elif "\x00" in scope["path"] or b"%00" in scope["query_string"]:
                # PostgreSQL has no text with it, and no id here has it either.
                await problem_response(RequestError(_ZERO))(scope, heard, framed)
            else:
                await self._app(scope, heard, framed)
        except Exception:  # the last net: a defect must not end the process or show its words
            _LOG.exception("request.failed", extra={"action": "request"})
            if status:
                raise
            await problem_response(InternalError())(scope, receive, framed)
        finally:
            place: Place | None = scope.get("state", {}).get("place")
            if place is not None:
                place.leave()
            self._tell(scope, status, time.perf_counter() - began)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unknown")
        known = scope["method"] in {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}
        method = scope["method"] if known else "OTHER"
        caller = scope.get("state", {}).get("caller")
        self._metrics.count(method, route, status, seconds)
        _LOG.info(
            "request",
            extra={
                "action": "request",
                "method": method,
                "route": route,
                "status": status,
                "milliseconds": round(seconds * 1000, 1),
                "key": None if caller is None else caller.key_id,
                "organisation": None if caller is None else caller.organisation,
            },
        )


_ZERO = "The address holds a byte that is none of any text: 0."
_TWO_ENDS = "The request says in two ways where its body ends; leave one of them out."


def _lengths(scope: Scope) -> set[bytes]:
    return {name for name, _ in scope["headers"]}


def _with_headers(headers: list[tuple[bytes, bytes]], request: str) -> list[tuple[bytes, bytes]]:
    there = {name.lower() for name, _ in headers}
    added = (*_ADDED, (b"x-request-id", request.encode()))
    return headers + [header for header in added if header[0] not in there]


_ADDED = tuple(
    (name.encode(), value.encode())
    for name, value in (HEADERS | {"cache-control": NO_STORE}).items()
)
