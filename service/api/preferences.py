"""What a request wishes: to wait for the result (RFC 7240), not to be given an earlier one."""

from __future__ import annotations

import re

from fastapi import Request

from service.api.faults import InvalidRequest
from service.database.digests import digest_of
from service.idempotency import Idempotency
from service.settings import Settings

_WAIT = re.compile(r"(?:^|,)\s*wait\s*=\s*\"?(\d{1,6})\"?\s*(?:[,;]|$)", re.IGNORECASE)
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def wait_seconds(request: Request, settings: Settings) -> float | None:
    """Return for how long to wait: what ``Prefer: wait=N`` says, up to the limit; None if not."""
    match = _WAIT.search(request.headers.get("prefer", ""))
    return None if match is None else min(float(match[1]), settings.max_wait_seconds)


def wants_fresh(request: Request) -> bool:
    """Return whether an earlier identical result is not wanted (``Cache-Control: no-cache``)."""
    return "no-cache" in request.headers.get("cache-control", "").lower()


def idempotency(request: Request, body: bytes) -> Idempotency | None:
    """Return by what the repetition of a request is recognised, if it has a key.

    Raises
    ------
    InvalidRequest
        If the key is empty, longer than 200 signs, or has blanks, or there are two.
    """
    keys = request.headers.getlist("idempotency-key")
    if not keys:
        return None
    key = keys[0]
    if len(keys) > 1 or not _KEY.fullmatch(key):
        message = "Idempotency-Key: has 1 to 200 letters, digits and signs without blanks."
        raise InvalidRequest([("#Idempotency-Key", "bad-text", message)])
    address = f"{request.method} {request.url.path}?{request.url.query}\n"
    return Idempotency(key, digest_of(address.encode() + body))
