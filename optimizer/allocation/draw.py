"""An order by lot that anybody can recompute from a published draw."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from optimizer.allocation.packages import Queue


def drawn_order(draw: str, queue: Queue, period: str, ids: Iterable[str]) -> tuple[str, ...]:
    """Return ids in the order of the draw.

    The order is that of ``SHA-256(draw|lot|town|period|id)``, so nobody can choose it: the draw
    is named before it takes place, and the ids are published before it. It depends neither on
    the order of the ids nor on a clock.

    Parameters
    ----------
    draw
        Result of the public draw.
    queue
        Lot and town.
    period
        The period allocated.
    ids
        Organisations or clients, without repetition.

    References
    ----------
    Eastlake D (2004). Publicly verifiable nominations committee random selection. RFC 3797.
    """
    return tuple(sorted(ids, key=lambda one: (_digest(draw, queue, period, one), one)))


def _digest(draw: str, queue: Queue, period: str, one: str) -> str:
    lot, town = queue
    text = "|".join((draw, lot, town or "", period, one))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
