"""Where work items in flight leave word: of each the latest report, the latest best, the ending."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from optimizer.errors import UsageError
from optimizer.parallel.events import Ending, Event, Kept, Reported


@dataclass(slots=True)
class _Box:
    reported: Reported | None = None
    kept: Kept | None = None
    ending: Ending | None = None


class Mailbox:
    """Holds at most three events per work item, however much its work tells; for many threads."""

    def __init__(self) -> None:
        self._boxes: dict[str, _Box] = {}
        self._news = threading.Condition()

    def __len__(self) -> int:
        return len(self._boxes)

    def open(self, key: str) -> None:
        """Make room for a work item.

        Raises
        ------
        UsageError
            If a work item of this key is in flight.
        """
        with self._news:
            if key in self._boxes:
                raise UsageError(f"A work item {key} is in flight already.")
            self._boxes[key] = _Box()

    def put(self, event: Event) -> None:
        """Leave word of a work item; what comes after its ending is dropped."""
        with self._news:
            box = self._boxes.get(event.key)
            if box is None or box.ending is not None:
                return
            if isinstance(event, Reported):
                box.reported = event
            elif isinstance(event, Kept):
                box.kept = event
            else:
                box.ending = event
            self._news.notify()

    def take(self, timeout: float) -> list[Event]:
        """Return all word left, waiting up to `timeout` seconds for the first."""
        until = time.monotonic() + timeout
        with self._news:
            while not any(map(_has_news, self._boxes.values())):
                left = until - time.monotonic()
                if left <= 0 or not self._news.wait(left):
                    return []
            taken: list[Event] = []
            for key, box in list(self._boxes.items()):
                taken += [each for each in (box.reported, box.kept, box.ending) if each is not None]
                box.reported = box.kept = None
                if box.ending is not None:
                    del self._boxes[key]
            return taken


def _has_news(box: _Box) -> bool:
    return box.reported is not None or box.kept is not None or box.ending is not None
