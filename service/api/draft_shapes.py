"""The shapes of drafts: what the routes write and the client reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from service.drafts.states import DraftState


class MoveDocument(BaseModel):
    """A move, and what it has brought; costs are in ticks of travel."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    number: int
    "1, 2, 3 ... within the draft."
    move: dict[str, Any]
    "As it was asked for."
    ticks_per_minute: int
    "How many of the costs are a minute of travel."
    difference: int
    "Cost after it minus cost before it, counted by the verifier."
    terms: dict[str, int]
    "The same for each cost term that differs."
    cost: int
    unserved: int
    feasible: bool
    "Whether the roster after it breaks no rule, by the verifier."
    broken: list[dict[str, Any]]
    "Rules that it breaks and the roster before did not."
    changes: list[dict[str, Any]]
    "Every visit that it makes otherwise."
    said: str | None = None
    "What has become of the scenario, where a visit is fixed or a shift has other hours."
    made_by: str
    made_at: datetime


class DraftBrief(BaseModel):
    """A draft of a roster."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: str
    scenario: str
    base_version: int
    "Version of the roster that it begins from."
    state: DraftState
    published_version: int | None
    etag: str
    "What `If-Match` names to change or to publish it; the same as in `ETag`."
    created_by: str
    created_at: datetime
    changed_at: datetime
    links: dict[str, str]


class DraftDocument(DraftBrief):
    """A draft with its moves."""

    difference: int
    "Of all moves together."
    terms: dict[str, int]
    moves: list[MoveDocument]


class DraftList(BaseModel):
    """Drafts, the newest first."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    items: list[DraftBrief]
    next: str | None
    "What to give as `after` for the following page; null on the last one."
