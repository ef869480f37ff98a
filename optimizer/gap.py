"""What a proven bound says of a roster: how much of its cost a better one could save at most."""

from __future__ import annotations

LOOSE = 0.25
"""A gap above this says that the proof is at its beginning, and nothing of the roster.

Proofs that are through leave some 4 % on large days and seldom 15 % where many rules bind that
the bound leaves out; what the first moments of a proof give is 60 to 95 %, whatever the roster
is worth.
"""


def gap_to(bound: int | None, cost: int) -> float | None:
    """Return the part of the cost above the bound, 0 to 1; None while no bound is known.

    Parameters
    ----------
    bound
        What every roster costs at least, in ticks of travel, or None.
    cost
        What this one costs, in ticks of travel.
    """
    if bound is None:
        return None
    return 0.0 if cost <= 0 else max(0.0, (cost - bound) / cost)


def is_loose(gap: float | None) -> bool:
    """Return whether a gap is too large to say anything of the roster; None is no gap at all."""
    return gap is not None and gap > LOOSE
