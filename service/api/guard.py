"""Who calls, and whether they may: every route declares the permission that it needs."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from optimizer.errors import InternalError
from service.api.parameters import known_parameters_only
from service.api.parts import parts_of
from service.auth.keys import Unauthenticated, authenticate
from service.auth.permissions import Permission, Principal

SCHEME = "apiKey"
"Name of the way to authenticate in the contract."


class Guard:
    """Lets callers pass whose role has a permission, and writers not too often.

    Parameters
    ----------
    permission
        What the caller must be allowed to do.
    key_of
        Finds the key in a request.
    """

    def __init__(
        self, permission: Permission, key_of: Callable[[Request], str | None] | None = None
    ) -> None:
        self.permission = permission
        self._key_of = key_of or bearer

    async def __call__(self, request: Request) -> Principal:
        """Return the caller.

        Raises
        ------
        Unauthenticated
            If the key is missing or not valid.
        Forbidden
            If its role lacks the permission.
        TooManyRequests
            If it has written too often.
        TooBusy
            If too many are being looked up.
        """
        parts = parts_of(request)
        known_parameters_only(request)
        key = self._key_of(request)
        if key is None:
            raise Unauthenticated
        caller = await parts.bulkheads.callers.run(key, authenticate, parts.database, key)
        request.state.caller = caller
        caller.require(self.permission)
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            parts.rates.take(caller.key_id)
        return caller


class Open(Guard):
    """Lets everybody pass."""

    def __init__(self) -> None:
        super().__init__(Permission.PUBLIC)

    async def __call__(self, request: Request) -> None:  # type: ignore[override]
        """Ask for nothing but parameters that the route knows."""
        known_parameters_only(request)


def bearer(request: Request) -> str | None:
    """Return the key in ``Authorization: Bearer``."""
    scheme, key = _authorization(request)
    return key or None if scheme == "bearer" else None


def bearer_basic_or_query(request: Request) -> str | None:
    """Return the key as `bearer` does, as the password of ``Basic``, or as the parameter `key`.

    For clients that can only be told an address, such as ``https://any:hc_...@host/v1/vroom``.
    """
    scheme, words = _authorization(request)
    if scheme == "basic":
        try:
            return base64.b64decode(words, validate=True).decode().partition(":")[2] or None
        except ValueError:
            return None
    return bearer(request) or request.query_params.get("key")


def _authorization(request: Request) -> tuple[str, str]:
    """Return how a request says who it is and the words; nothing where it says so twice."""
    given = request.headers.getlist("authorization")
    scheme, _, words = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    return scheme.lower(), words.strip()


def requires(permission: Permission, key_of: Callable[[Request], str | None] | None = None) -> Any:
    """Return the dependency with which a route declares its permission."""
    return Depends(Open() if permission is Permission.PUBLIC else Guard(permission, key_of))


Reader = Annotated[Principal, requires(Permission.JOBS_READ)]
"A caller who may see jobs."
Writer = Annotated[Principal, requires(Permission.JOBS_WRITE)]
"A caller who may ask for work."


def permission_of(route: APIRoute) -> Permission | None:
    """Return the permission that a route declares, or None if it declares none."""
    found = {each.permission for each in _guards(route.dependant)}
    if len(found) > 1:
        raise InternalError(f"{route.path} declares more than one permission.")
    return next(iter(found), None)


def insist_on_permissions(app: FastAPI) -> None:
    """Refuse to start with a route that nobody guards.

    Raises
    ------
    InternalError
        If there is one.
    """
    for route in app.routes:
        if not isinstance(route, APIRoute) or permission_of(route) is None:
            raise InternalError(f"The route {getattr(route, 'path', route)} has no permission.")


def _guards(dependant: Dependant) -> Iterator[Guard]:
    if isinstance(dependant.call, Guard):
        yield dependant.call
    for each in dependant.dependencies:
        yield from _guards(each)
