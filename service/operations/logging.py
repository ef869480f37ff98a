"""The log: one JSON object per line, with ids and figures and nothing that a person wrote."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TextIO

from service.operations.context import request_id

FIELDS = (
    "action",
    "attempt",
    "bytes",
    "code",
    "job",
    "key",
    "kind",
    "lane",
    "method",
    "milliseconds",
    "organisation",
    "reason",
    "route",
    "state",
    "status",
    "worker",
)
"What a line may hold beside time, level, logger and message; anything else is left out."


SILENCE_SECONDS = 10.0
"Time in which the same complaint of the event loop is written once."
MOST_MESSAGES = 100
"Messages that are remembered for that."

_FRAME = re.compile(r'File "(?:[^"\n]*/)?([^"/\n]+)", line (\d+), in (\w+)')


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON.

    Of an error it writes class and places in the code, never the message: a message may quote
    what was sent. Arguments of a message are left out for the same reason, unless the record
    comes from this project, whose messages hold ids only.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        own = record.name.split(".")[0] in {"service", "optimizer"}
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage() if own else str(record.msg),
        }
        if request_id() != "none":
            line["request"] = request_id()
        line |= {
            name: value for name in FIELDS if (value := getattr(record, name, None)) is not None
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["places"] = [
                f"{frame.name} ({frame.filename.rpartition('/')[2]}:{frame.lineno})"
                for frame in traceback.extract_tb(record.exc_info[2])[-12:]
            ]
        elif isinstance(details := getattr(record, "details", None), str):
            # A traceback from another process, as text.
            found = _FRAME.findall(details)[-12:]
            line["places"] = [f"{name} ({file}:{number})" for file, number, name in found]
        return json.dumps(line, ensure_ascii=False, default=str)


class OneOfManyAlike(logging.Filter):
    """Lets the same message of a logger pass once in a while only.

    Where the descriptors of a machine are used up, the event loop complains of each connection
    that it cannot take, thousands of times a second.

    Parameters
    ----------
    seconds
        Time after which the same message is written again.
    clock
        Seconds that only grow.
    """

    def __init__(
        self, seconds: float = SILENCE_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._seconds = seconds
        self._clock = clock
        self._last: dict[object, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is written."""
        now = self._clock()
        if now - self._last.get(record.msg, float("-inf")) < self._seconds:
            return False
        if len(self._last) >= MOST_MESSAGES:
            self._last.clear()
        self._last[record.msg] = now
        return True


def configure_logging(level: str, stream: TextIO | None = None) -> None:
    """Write all logs as JSON lines.

    Parameters
    ----------
    level
        ``debug``, ``info``, ``warning`` or ``error``.
    stream
        Where to; standard error if not given.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
        logging.getLogger(name).setLevel(logging.WARNING)
    asyncio = logging.getLogger("asyncio")
    if not any(isinstance(each, OneOfManyAlike) for each in asyncio.filters):
        asyncio.addFilter(OneOfManyAlike())
    # It would write whole addresses; the requests' own log names routes.
    logging.getLogger("uvicorn.access").disabled = True
    # These name addresses, too: of receivers of webhooks, and of the database.
    for name in ("httpx", "httpcore", "sqlalchemy", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
