"""Ids that sort by the time at which they were made."""

from __future__ import annotations

import secrets
import time

_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_BITS = 80
_LENGTH = 26


def new_id(prefix: str) -> str:
    """Return a new id: the prefix, ``_``, and 26 letters and digits.

    The first ten tell the millisecond (as in a ULID), the others are random, so that an id
    cannot be guessed from another.

    Parameters
    ----------
    prefix
        What it is the id of, such as ``job``.
    """
    value = time.time_ns() // 1_000_000 << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    signs = [_SIGNS[value >> 5 * place & 31] for place in reversed(range(_LENGTH))]
    return f"{prefix}_{''.join(signs)}"
