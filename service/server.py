"""Running the service: one process that listens, prints its address and, once, the first key."""

from __future__ import annotations

import ctypes
import gc
import math
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import uvicorn

from optimizer.errors import UsageError
from optimizer.needs import default_book
from service.app import create_app, open_database
from service.auth.keys import ensure_first_key
from service.connections import limited
from service.database.secrets import VARIABLE
from service.operations.logging import configure_logging
from service.settings import Settings, forget_secrets

Announce = Callable[[str, str | None], None]
"What is told before the first request: the address, and the first key where it has just been made."

_BACKLOG = 128
"Connections that wait to be taken; the event loop takes as many at a time."
_ARENA_MAX = -8
"Parameter of mallopt(3): how many heaps the threads of a process have."
_HEAPS = 2
"With one for each thread, each keeps what its thread has needed at most; 8 MB in 3,000 requests."


def serve(settings: Settings, announce: Announce) -> None:
    """Listen until SIGTERM or Ctrl-C; requests under way get their time to end.

    Parameters
    ----------
    settings
        All of them.
    announce
        Told where the service listens.

    Raises
    ------
    UsageError
        If the address cannot be listened on, or settings or secrets have faults.
    StoreUnavailable
        If the database does not answer.
    """
    configure_logging(settings.log_level)
    _share_heaps()
    listener = _listen(settings.host, settings.port)
    with listener:
        database = open_database(settings)
        forget_secrets(VARIABLE)
        first = ensure_first_key(database)
        host, port = listener.getsockname()[:2]
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        if settings.public_url is None:
            settings = settings.model_copy(update={"public_url": address})
        app = create_app(settings, database=database)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            http=limited(most=settings.max_connections, header_seconds=settings.header_seconds),
            ws="none",
            backlog=_BACKLOG,
            timeout_keep_alive=math.ceil(settings.idle_seconds),
            timeout_graceful_shutdown=math.ceil(settings.drain_seconds),
        )
        # Uvicorn repeats the signal that has ended it: an orderly end is none to die of.
        server = uvicorn.Server(config)

        def end(_number: int, _frame: FrameType | None) -> None:
            server.should_exit = True

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        announce(address, None if first is None else first.text)
        # Else the first requests, if several come at once, would each read it for themselves.
        default_book()
        _spare_what_stays()
        server.run(sockets=[listener])
        database.close()


def _spare_what_stays() -> None:
    """Take what was made at the start, and lives until the end, out of the search for garbage.

    To go through all of it takes 0.2 s, during which nobody is answered.
    """
    gc.collect()
    gc.freeze()
    gc.enable()  # `homecare serve` does without while it loads.


def _share_heaps() -> None:
    """Let threads share few heaps, where the C library has such a thing and nobody chose a number.

    Python's own lock lets one thread at a time ask for memory in any case.
    """
    if "MALLOC_ARENA_MAX" not in os.environ:
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).mallopt(_ARENA_MAX, _HEAPS)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise UsageError(f"{host}:{port} cannot be listened on: {error.strerror}.") from error
    # Connections inherit it. Without it the second half of an answer waits for the receipt of the
    # first, which takes 40 ms; asyncio sets it only where a socket names its protocol.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
