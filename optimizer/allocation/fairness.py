"""Whether care was shared as contracted: gaps and the usual measures of inequality."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

from optimizer.domain.allocation import AllocationLog, Counts, Step


@dataclass(frozen=True, slots=True)
class BodyShare:
    """What one organisation was due and what it received, in milliseconds of care.

    Attributes
    ----------
    organisation
        Its id.
    due
        Its credits: its share of every package that it could have taken.
    rotated, kept, chosen
        Care received by rotation, by keeping, and since clients chose it.
    clients
        Clients and lots received in all.
    """

    organisation: str
    due: int
    rotated: int
    kept: int
    chosen: int
    clients: int


@dataclass(frozen=True, slots=True)
class Fairness:
    """How care was shared among organisations.

    Attributes
    ----------
    bodies
        By organisation.
    largest_deficit
        Largest distance between credited and received in one queue after the period, earlier
        ones included, in milliseconds.
    largest_package
        Most care of one client that was rotated, in milliseconds: deficits below it are as
        small as whole clients allow.
    to_move
        Care that would have to change hands for everybody to have what was due, in milliseconds.
    theil, gini
        Of what was received against what was due: 0 if equal. None if nothing was rotated.

    References
    ----------
    Theil H (1967). Economics and information theory. North-Holland.
    """

    bodies: tuple[BodyShare, ...]
    largest_deficit: int
    largest_package: int
    to_move: int
    theil: float | None
    gini: float | None


def fairness(log: AllocationLog) -> Fairness:
    """Measure an allocation by its log."""
    due: dict[str, int] = defaultdict(int)
    received: dict[tuple[str, Step], int] = defaultdict(int)
    clients: dict[str, int] = defaultdict(int)
    largest = 0
    for line in log.lines:
        for one in line.tested:
            due[one.organisation] += one.credited or 0
        if line.step is Step.ROTATION and line.organisation is not None:
            largest = max(largest, line.care)
        if line.organisation is not None and line.step is not None:
            received[line.organisation, line.step] += line.care
            clients[line.organisation] += 1
    names = sorted({*due, *clients, *(share.organisation for share in log.shares)})
    bodies = tuple(
        BodyShare(
            one,
            due[one],
            received[one, Step.ROTATION],
            received[one, Step.KEEP],
            received[one, Step.CHOICE],
            clients[one],
        )
        for one in names
    )
    pairs = [(body.due, _counted(body, log.counts)) for body in bodies if body.due]
    return Fairness(
        bodies=bodies,
        largest_deficit=max((abs(one.deficit) for one in log.accounts), default=0),
        largest_package=largest,
        to_move=round(_to_move(pairs)),
        theil=_theil(pairs),
        gini=_gini(pairs),
    )


def _counted(body: BodyShare, counts: Counts) -> int:
    if counts is Counts.ROTATED:
        return body.rotated
    return body.rotated + body.kept + body.chosen


def _ratios(pairs: list[tuple[int, int]]) -> list[tuple[float, float]]:
    """Return the due part of each, and received against due; nothing if nothing was received."""
    due, received = sum(d for d, _ in pairs), sum(r for _, r in pairs)
    if not due or not received:
        return []
    return [(d / due, r * due / (d * received)) for d, r in pairs]


def _to_move(pairs: list[tuple[int, int]]) -> float:
    received = sum(r for _, r in pairs)
    return received * sum(abs(s * (ratio - 1)) for s, ratio in _ratios(pairs)) / 2


def _theil(pairs: list[tuple[int, int]]) -> float | None:
    ratios = _ratios(pairs)
    return sum(s * r * math.log(r) for s, r in ratios if r > 0) if ratios else None


def _gini(pairs: list[tuple[int, int]]) -> float | None:
    ratios = _ratios(pairs)
    if not ratios:
        return None
    return sum(s * t * abs(r - q) for s, r in ratios for t, q in ratios) / 2
