"""Listening to an executor until something has happened."""

from __future__ import annotations

from typing import Any

from optimizer.parallel import Event, Executor, Task
from optimizer.parallel.events import Ending
from tests.patience import tries


def listen(executor: Executor, keys: set[str]) -> list[Event]:
    """Return all events until each of the tasks has ended."""
    heard: list[Event] = []
    open_keys = set(keys)
    for _ in tries("not all tasks have ended"):
        if not open_keys:
            break
        for event in executor.events(0.1):
            heard.append(event)
            if isinstance(event, Ending):
                open_keys.remove(event.key)
    return heard


def ending(executor: Executor, work: Any, payload: Any = None, **limits: Any) -> Event:
    """Do one task and return its ending."""
    executor.submit(Task("one", work, payload, **limits))
    return listen(executor, {"one"})[-1]


def wait_for(executor: Executor, kind: type[Event]) -> Event:
    """Return the first event of a kind; what comes before it is dropped."""
    for _ in tries(f"no {kind.__name__} came"):
        for event in executor.events(0.1):
            if isinstance(event, kind):
                return event
    raise AssertionError
