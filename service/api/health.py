"""How the database is: asked once at a time, in a thread of its own, with an end to waiting."""

from __future__ import annotations

import asyncio

from optimizer.errors import HomecareError
from service.api.bulkheads import Bulkhead
from service.database.engine import Database

PATIENCE_SECONDS = 3.0
"Time that the database has to answer; then it counts as away."


class Health:
    """Asks the database how it is; all calls come from one event loop.

    Whoever comes while it is being asked hears the same answer, so that no number of callers
    takes more than one thread.

    Parameters
    ----------
    database
        Which one.
    patience
        Seconds that each caller waits.
    """

    def __init__(self, database: Database, patience: float = PATIENCE_SECONDS) -> None:
        self._database = database
        self._patience = patience
        self._thread = Bulkhead(1, waiting_each=0)
        self._asking: asyncio.Task[tuple[bool, bool]] | None = None

    @property
    def has_room(self) -> bool:
        """Whether the database takes what is written."""
        return self._database.has_room

    async def look(self) -> tuple[bool, bool]:
        """Return whether the database answers, and whether its tables are of this version."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._thread.run("", _ask, self._database))
        try:
            return await asyncio.wait_for(asyncio.shield(self._asking), self._patience)
        except TimeoutError:
            return False, False


def _ask(database: Database) -> tuple[bool, bool]:
    try:
        database.ping()
    except HomecareError:
        return False, False  # What is missing is the answer.
    try:
        return True, database.is_migrated()
    except HomecareError:
        return True, False
