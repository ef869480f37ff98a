"""What a move may be: each does to a roster what a planner does by hand."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from optimizer.units import Clock

Id = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\s/]+$")]


class _Move(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class MoveVisit(_Move):
    """Give a visit to a caregiver, at the cheapest place of the day or at a time."""

    kind: Literal["move"]
    visit: Id
    to: Id
    "The caregiver, perhaps the one who has it now."
    at: Clock | None = None
    "When it is to begin; the best time if not given."
    carer: Annotated[int, Field(ge=1, le=2)] = 1
    "Which of two carers is replaced."


class SwapVisits(_Move):
    """Let two visits exchange their caregivers."""

    kind: Literal["swap"]
    visit: Id
    other: Id


class UnassignVisit(_Move):
    """Take a visit off the roster, all its carers."""

    kind: Literal["unassign"]
    visit: Id


class PinVisit(_Move):
    """Hold a visit with its carers at its time, for whatever plans the roster anew."""

    kind: Literal["pin"]
    visit: Id


class UnpinVisit(_Move):
    """Let a visit be planned freely again; the roster stays as it is."""

    kind: Literal["unpin"]
    visit: Id


class ChangeShift(_Move):
    """Let a caregiver work at other hours on a day; visits move only where they must."""

    kind: Literal["shift"]
    caregiver: Id
    start: Clock
    end: Clock
    date: dt.date | None = None
    "The day; the first one planned if not given."
    shift: Annotated[int, Field(ge=0, le=9)] = 0
    "Which of the shifts of that day, from 0; one more than there are is a further one."


class RetimeRoutes(_Move):
    """Begin every visit at the best time for the order of its route."""

    kind: Literal["retime"]


class AcceptReplan(_Move):
    """Take a proposal of a replan of this roster: what has happened, and changes by it."""

    kind: Literal["accept"]
    replan: Annotated[str, Field(pattern=r"^job_[0-9a-z]{26}$")]
    "Id of the replan; it must have been asked for this draft as it is now."
    proposal: Annotated[int, Field(ge=1, le=10)] = 1
    groups: (
        Annotated[tuple[Annotated[int, Field(ge=1, le=100_000)], ...], Field(max_length=1000)]
        | None
    ) = None
    "Numbers of the groups of changes that are taken; all if not given. Others are refused."


Move = Annotated[
    MoveVisit
    | SwapVisits
    | UnassignVisit
    | PinVisit
    | UnpinVisit
    | ChangeShift
    | RetimeRoutes
    | AcceptReplan,
    Field(discriminator="kind"),
]
