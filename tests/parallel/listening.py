"""Listening to an executor until something has happened."""

from __future__ import annotations

import time
from typing import Any

from optimizer.parallel import Event, Executor, WorkItem
from optimizer.parallel.events import Ending
from tests.patience import LIMIT


def listen(executor: Executor, keys: set[str], timeout: float = LIMIT) -> list[Event]:
    """Return all events until each of the work items has ended."""
    heard: list[Event] = []
    open_keys = set(keys)
    until = time.monotonic() + timeout
    while open_keys:
        if time.monotonic() > until:
            raise TimeoutError(f"{open_keys} have not ended; heard: {heard}")
        for event in executor.events(0.1):
            heard.append(event)
            if isinstance(event, Ending):
                open_keys.remove(event.key)
    return heard


def ending(executor: Executor, work: Any, payload: Any = None, **limits: Any) -> Event:
    """Do one work item and return its ending."""
    executor.submit(WorkItem("one", work, payload, **limits))
    return listen(executor, {"one"})[-1]


def wait_for(executor: Executor, kind: type[Event], timeout: float = LIMIT) -> Event:
    """Return the first event of a kind; what comes before it is dropped."""
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        for event in executor.events(0.1):
            if isinstance(event, kind):
                return event
    raise TimeoutError(f"no {kind.__name__} came")
