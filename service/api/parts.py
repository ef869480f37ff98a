"""What the routes work with, put together once by `service.app`."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from service.api.rates import RateLimit
from service.background import BackgroundThreads
from service.database.engine import Database
from service.jobs.submit import Submitter
from service.operations.metrics import Metrics
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one running service.

    Attributes
    ----------
    settings, database, metrics, rates, submitter
        As they are called.
    background
        The threads beside the requests; None if this process has none.
    large
        Held while a large document is read, so that a few of them cannot fill the memory.
    """

    settings: Settings
    database: Database
    metrics: Metrics
    rates: RateLimit
    submitter: Submitter
    background: BackgroundThreads | None = None
    large: threading.Lock = field(default_factory=threading.Lock)


def parts_of(request: Request) -> Parts:
    """Return the parts of the service that answers a request."""
    parts: Parts = request.app.state.parts
    return parts


async def _parts(request: Request) -> Parts:
    # As a coroutine it costs no way to another thread and back.
    return parts_of(request)


Service = Annotated[Parts, Depends(_parts)]
"The parts, for a route."
