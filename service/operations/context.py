"""What the present request is, for logs and answers."""

from __future__ import annotations

from contextvars import ContextVar

_REQUEST: ContextVar[str] = ContextVar("homecare_request", default="none")


def request_id() -> str:
    """Return the id of the request that is being answered; ``none`` outside of one."""
    return _REQUEST.get()


def begin_request(name: str) -> None:
    """Name the request that this task answers."""
    _REQUEST.set(name)
