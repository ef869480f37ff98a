"""Requests that make something at once: the same again with an ``Idempotency-Key`` does no harm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel

from service.api.parts import Parts
from service.api.preferences import idempotency
from service.auth.permissions import Principal
from service.database.scope import Scope
from service.database.tenancy import TenantSession
from service.idempotency import answer_once, answered_before

Made = TypeVar("Made", bound=BaseModel)


def once(
    parts: Parts,
    caller: Principal,
    request: Request,
    body: bytes,
    model: type[Made],
    make: Callable[[TenantSession], Made],
    *,
    scope: Scope | None = None,
    is_there: Callable[[TenantSession, Made], bool] = lambda _session, _made: True,
) -> Made:
    """Return what is made in one transaction, or, if the request is a repetition, was made before.

    Parameters
    ----------
    parts, caller, request, body
        Of the request; the last three decide what is a repetition.
    model
        The record of the answer.
    make
        Makes the thing and returns the answer.
    scope
        Of the transaction, if that is not the caller's organisation.
    is_there
        Whether what was made before is still there.

    Raises
    ------
    IdempotencyConflict
        If the idempotency key was used for another request.
    Gone
        If what was made before is there no more.
    InvalidRequest
        If it is none.
    """
    known = idempotency(request, body)
    with parts.database.session(scope or caller.organisation) as session:
        if known is None:
            return make(session)
        content = answer_once(
            session,
            caller.organisation,
            caller.key_id,
            known,
            lambda: make(session).model_dump_json().encode(),
            lambda answer: is_there(session, model.model_validate_json(answer)),
        )
    return model.model_validate_json(content)


def made_before(
    parts: Parts, caller: Principal, request: Request, body: bytes, model: type[Made]
) -> Made | None:
    """Return what the request made when it came first; None if this is the first time.

    Raises
    ------
    IdempotencyConflict
        If the idempotency key was used for another request.
    InvalidRequest
        If it is none.
    """
    known = idempotency(request, body)
    if known is None:
        return None
    with parts.database.session(caller.organisation, read_only=True) as session:
        answer = answered_before(session, caller.organisation, caller.key_id, known)
    return None if answer is None else model.model_validate_json(answer)


def repeatable(operation: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what a route says of itself (`openapi_extra`), and that it takes the header."""
    header = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "1 to 200 visible signs of ASCII, kept for a day. The same request with "
        "the same key makes nothing new and has the same answer; another one is refused.",
        "schema": {"type": "string"},
        "example": "roster-2026-03-03",
    }
    return {**(operation or {}), "parameters": [header]}
