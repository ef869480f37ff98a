"""What the routes work with, put together once by `service.app`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import Depends, Request

from service.api.bulkheads import Bulkheads
from service.api.health import Health
from service.api.kept import Kept
from service.api.rates import RateLimit
from service.api.room import Room
from service.api.streams import Streams
from service.background import BackgroundThreads
from service.database.engine import Database
from service.documents.desk import Desk
from service.documents.limits import DocumentLimits
from service.documents.workroom import Workroom
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
    health
        How the database is.
    workroom, desk
        Where work on documents is done, and where questions about rosters are answered.
    room
        For bodies.
    background
        The threads beside the requests; None if this process has none.
    streams
        Event streams that are open.
    bulkheads
        The kinds of work that requests ask for.
    kept
        Explanations that were worked out before.
    """

    settings: Settings
    database: Database
    metrics: Metrics
    rates: RateLimit
    submitter: Submitter
    health: Health
    workroom: Workroom
    desk: Desk
    room: Room
    streams: Streams
    background: BackgroundThreads | None = None
    bulkheads: Bulkheads = field(default_factory=Bulkheads)
    kept: Kept = field(default_factory=Kept)

    @property
    def document_limits(self) -> DocumentLimits:
        """What a document may hold."""
        settings = self.settings
        return DocumentLimits(
            max_visits=settings.max_visits,
            max_caregivers=settings.max_caregivers,
            max_days=settings.max_days,
            max_values=settings.max_values,
        )

    @property
    def office_limits(self) -> DocumentLimits:
        """What a document of the purchaser's office may hold: it settles months."""
        return replace(
            self.document_limits,
            max_visits=self.settings.max_office_visits,
            visits_setting="max_office_visits",
        )


def parts_of(request: Request) -> Parts:
    """Return the parts of the service that answers a request."""
    parts: Parts = request.app.state.parts
    return parts


async def _parts(request: Request) -> Parts:
    # As a coroutine it costs no way to another thread and back.
    return parts_of(request)


Service = Annotated[Parts, Depends(_parts)]
"The parts, for a route."
