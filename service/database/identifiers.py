"""Ids that sort by the time at which they were made."""

from __future__ import annotations

import secrets
import threading
import time

_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_BITS = 80
_STEP_BITS = 60
_LENGTH = 26


class _Values:
    """Numbers that grow: those of one process sort in the order in which they were made."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._last = 0

    def next(self) -> int:
        """Return a number above all before, even where the clock stands or was set back."""
        fresh = time.time_ns() // 1_000_000 << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS - 1)
        with self._turn:
            self._last = max(fresh, self._last + 1 + secrets.randbits(_STEP_BITS))
            return self._last


_values = _Values()


def new_id(prefix: str) -> str:
    """Return a new id: the prefix, ``_``, and 26 letters and digits.

    The first ten tell the millisecond (as in a ULID), the others are random, so that an id
    cannot be guessed from another. Ids that one process makes sort in the order in which they
    were made, so that jobs accepted within a millisecond begin in their order too.

    Parameters
    ----------
    prefix
        What it is the id of, such as ``job``.
    """
    value = _values.next()
    signs = [_SIGNS[value >> 5 * place & 31] for place in reversed(range(_LENGTH))]
    return f"{prefix}_{''.join(signs)}"
