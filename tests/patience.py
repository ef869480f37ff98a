"""Waiting for what another thread or process does: the one place where tests know a clock.

Its limit is reached only where something is broken, so that no test depends on how fast or how
busy a machine is. Between two looks there is a short sleep, since nothing could wake whoever
looks at another process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

Found = TypeVar("Found")

LIMIT = 60.0
"Seconds after which what is waited for is not going to happen."
LOOK = 0.01
"Seconds between two looks."


def tries(what: str) -> Iterator[int]:
    """Count tries until whoever loops leaves the loop; a ``TimeoutError`` where nobody does."""
    until = time.monotonic() + LIMIT
    number = 0
    while time.monotonic() < until:
        yield number
        number += 1
    raise TimeoutError(f"{what} within {LIMIT} seconds")


def wait_until(happened: Callable[[], Found], what: str = "it has not happened") -> Found:
    """Look until something has happened, and return what was seen then."""
    for _ in tries(what):
        if found := happened():
            return found
        time.sleep(LOOK)
    raise AssertionError
