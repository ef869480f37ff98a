"""Which lane gives the next job: one slot is kept for the interactive lane, the rest age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from service.jobs.states import Lane

HEAD_START: Mapping[Lane, float] = {Lane.INTERACTIVE: 3600.0, Lane.ROSTER: 600.0, Lane.STUDY: 0.0}
"""Seconds by which a lane goes before the others: a study that has waited for ten minutes longer
than a roster goes first, so that nothing waits for ever."""


def lanes_in_turn(
    waiting_since: Mapping[Lane, datetime],
    running: Mapping[Lane, int],
    slots: int,
    now: datetime,
) -> Sequence[Lane]:
    """Return the lanes that may begin a job now, in the order in which they are to be asked.

    Parameters
    ----------
    waiting_since
        For each lane in which a job waits, since when the oldest does.
    running
        Jobs in flight of each lane; lanes without are left out.
    slots
        Jobs that may be in flight at once. Where there are at least two, the lanes other than
        the interactive one fill all but one of them.
    now
        The present moment.
    """
    in_flight = sum(running.values())
    if in_flight >= slots:
        return []
    others = in_flight - running.get(Lane.INTERACTIVE, 0)
    may_fill = max(1, slots - 1)
    allowed = [lane for lane in waiting_since if lane is Lane.INTERACTIVE or others < may_fill]

    def urgency(lane: Lane) -> float:
        return (now - waiting_since[lane]).total_seconds() + HEAD_START[lane]

    return sorted(allowed, key=urgency, reverse=True)
