"""Routes that block: each is called in a thread of its kind of work, never in the common pool."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import Any

from optimizer.errors import InternalError
from service.api.matching import PlainRoute
from service.api.parts import Parts
from service.auth.permissions import Principal


class BlockingRoute(PlainRoute):
    """A route whose function may be a plain one; it then has the arguments `caller`, `service`.

    What only reads has other threads than what writes: a database that takes no writes for a
    while still answers.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if not inspect.iscoroutinefunction(endpoint):
            endpoint = _beside(endpoint, reads=set(options.get("methods") or ()) <= {"GET", "HEAD"})
        super().__init__(path, endpoint, **options)


def _beside(endpoint: Callable[..., Any], *, reads: bool) -> Callable[..., Awaitable[Any]]:
    if not {"caller", "service"} <= inspect.signature(endpoint).parameters.keys():
        raise InternalError(f"{endpoint.__qualname__} is no coroutine and names no caller.")

    @wraps(endpoint)
    async def beside(*, caller: Principal, service: Parts, **given: Any) -> Any:
        heads = service.bulkheads
        head = heads.reads if reads else heads.writes
        call = partial(endpoint, caller=caller, service=service, **given)
        return await head.run(caller.organisation, call)

    return beside
