"""How much care is left after each step, and what was lost at it: sums of pieces."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from optimizer.domain.cascade import CODES, STAGE_OF, LossCode, Stage
from optimizer.purchase.pieces import Piece
from optimizer.purchase.tracing import Traced


class By(StrEnum):
    """What the figures of a cascade may be told apart by."""

    TOWN = "town"
    CATEGORY = "category"
    PURSE = "purse"
    ORGANISATION = "organisation"


_KEYS: Mapping[By, Callable[[Piece], str | None]] = {
    By.TOWN: lambda piece: piece.town,
    By.CATEGORY: lambda piece: piece.category,
    By.PURSE: lambda piece: piece.payer,
    By.ORGANISATION: lambda piece: piece.organisation,
}


@dataclass(frozen=True, slots=True)
class Lost:
    """What one code has taken away, in milliseconds of care and in fen at contract prices."""

    code: LossCode
    care: int
    fen: int
    clients: int


@dataclass(frozen=True, slots=True)
class Step:
    """What has come as far as one step, and what was lost at it.

    Attributes
    ----------
    stage
        The step.
    care, fen
        Milliseconds of care that have come so far, and what they cost at contract prices.
    lost
        What was lost at this step, in the order of the list of codes.
    """

    stage: Stage
    care: int
    fen: int
    lost: tuple[Lost, ...]


@dataclass(frozen=True, slots=True)
class Cascade:
    """All steps of some pieces of care.

    Attributes
    ----------
    key
        What the pieces have in common; empty of all pieces.
    steps
        Those that were examined, in order: each is the one before less its losses.
    clients
        How many people the pieces belong to.
    """

    key: tuple[str | None, ...]
    steps: tuple[Step, ...]
    clients: int


def cascade(traced: Traced, by: Sequence[By] = ()) -> tuple[Cascade, ...]:
    """Return the steps of all pieces together, then of each group in order of its key.

    Parameters
    ----------
    traced
        The pieces.
    by
        What groups differ in; nothing means all pieces only.
    """
    groups: dict[tuple[str | None, ...], list[Piece]] = {}
    for piece in traced.pieces:
        groups.setdefault(tuple(_KEYS[one](piece) for one in by), []).append(piece)
    whole = _cascade((), traced.pieces, traced.stages)
    if not by:
        return (whole,)
    ordered = sorted(groups, key=lambda key: tuple((one is None, one or "") for one in key))
    return (whole, *(_cascade(key, groups[key], traced.stages) for key in ordered))


def _cascade(
    key: tuple[str | None, ...], pieces: Sequence[Piece], stages: Sequence[Stage]
) -> Cascade:
    care = dict.fromkeys(stages, 0)
    fen = dict.fromkeys(stages, 0)
    lost: dict[LossCode, tuple[int, int]] = {}
    clients: dict[LossCode, set[str]] = {}
    for piece in pieces:
        left = piece.care
        for stage in stages:
            for fall in piece.falls:
                if STAGE_OF[fall.code] is stage:
                    minutes, money = lost.get(fall.code, (0, 0))
                    # Differences of what is left, so that fen add up as minutes do.
                    money += piece.worth(left) - piece.worth(left - fall.care)
                    lost[fall.code] = minutes + fall.care, money
                    clients.setdefault(fall.code, set()).add(piece.client)
                    left -= fall.care
            care[stage] += left
            fen[stage] += piece.worth(left)
    gone = {code: Lost(code, *both, len(clients[code])) for code, both in lost.items()}
    steps = tuple(
        Step(
            stage,
            care[stage],
            fen[stage],
            tuple(gone[code] for code in CODES[stage] if code in gone),
        )
        for stage in stages
    )
    return Cascade(key, steps, len({piece.client for piece in pieces}))
