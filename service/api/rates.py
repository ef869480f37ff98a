"""How often a key may write: a token bucket per key, in this process."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from service.api.faults import TooManyRequests

MOST_KEYS = 10_000
"Number of buckets kept; beyond it the longest unused one goes, which is likely to be full."


class RateLimit:
    """Limits how often a key passes in a minute; all of it may be at once.

    Parameters
    ----------
    per_minute
        Requests per key and minute.
    clock
        Seconds that only grow.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key_id: str) -> None:
        """Let one request of a key pass.

        Raises
        ------
        TooManyRequests
            If there have been too many.
        """
        per_second = self._per_minute / 60
        now = self._clock()
        with self._lock:
            left, since = self._buckets.pop(key_id, (float(self._per_minute), now))
            left = min(left + (now - since) * per_second, self._per_minute)
            allowed = left >= 1
            self._buckets[key_id] = (left - 1 if allowed else left, now)
            if len(self._buckets) > MOST_KEYS:
                self._buckets.popitem(last=False)
        if not allowed:
            raise TooManyRequests(
                f"This key may write {self._per_minute} times a minute.",
                limit="writes_per_minute",
                value=self._per_minute,
                retry_after=math.ceil((1 - left) / per_second),
            )
