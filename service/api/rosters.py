"""Rosters as requests name them, and questions about them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from service.api.faults import TooBusy
from service.api.jobs import find, insist_on_result
from service.api.parts import Parts
from service.auth.permissions import Principal
from service.database.faults import NotFound
from service.documents.desk import Question, RosterKey, StoredRoster, Unknown
from service.documents.work import written
from service.drafts.store import read_draft
from service.jobs.blobs import get_blob
from service.jobs.plans import Published, read_published
from service.jobs.store import read_job

Made = TypeVar("Made")

DRAFT_ID = r"^drf_[0-9a-z]{26}$"
DraftId = Annotated[str, Path(pattern=DRAFT_ID, examples=["drf_01k0exampleexampleexample0"])]
"Id of a draft in an address."


class _Named(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class InForce(_Named):
    """The roster that is in force for a scenario."""

    roster: Annotated[str, Field(max_length=200, pattern=r"^[^\s/\x00-\x1f\x7f]+$")]
    "Id of the scenario."


class OfDraft(_Named):
    """A draft as it is after its last move."""

    draft: Annotated[str, Field(pattern=DRAFT_ID)]
    "Id of the draft."


class OfSolve(_Named):
    """The plan of a solve that is over."""

    solve: Annotated[str, Field(pattern=r"^job_[0-9a-z]{26}$")]
    "Id of the solve."


RosterName = InForce | OfDraft | OfSolve
"How a request names a roster that the service has."


def key_of(parts: Parts, caller: Principal, named: RosterName) -> RosterKey:
    """Return which roster is meant.

    Raises
    ------
    NotFound
        If the caller's organisation has none.
    NotReady
        If a solve has no plan.
    """
    if isinstance(named, OfSolve):
        job = find(parts, caller, named.solve, "solve")
        insist_on_result(job)
        return RosterKey(caller.organisation, job.document, str(job.result))
    if isinstance(named, InForce):
        return in_force(parts, caller, named.roster)[1]
    with parts.database.session(caller.organisation, read_only=True) as session:
        draft = read_draft(session, named.draft)
    return RosterKey(caller.organisation, draft.document, draft.plan)


def in_force(parts: Parts, caller: Principal, scenario: str) -> tuple[Published, RosterKey]:
    """Return which version of a roster is in force, and its documents.

    Raises
    ------
    NotFound
        If none is.
    """
    if "\x00" in scenario:
        raise NotFound("published plan")  # No database keeps it as a text.
    with parts.database.session(caller.organisation, read_only=True) as session:
        found = read_published(session, scenario)
        job = read_job(session, found.job)
    return found, RosterKey(caller.organisation, job.document, str(job.result))


def documents_of(parts: Parts, key: RosterKey) -> StoredRoster:
    """Return a roster with its documents.

    Raises
    ------
    NotFound
        If it was erased meanwhile.
    """
    with parts.database.session(key.organisation, read_only=True) as session:
        document = get_blob(session, key.organisation, key.document)
        return StoredRoster(key, document, get_blob(session, key.organisation, key.plan))


def plan_of(stored: StoredRoster) -> bytes:
    """Return a stored roster's plan as it is sent."""
    content = json.loads(stored.plan or b"{}")
    return written(content.get("plan", content))


async def ask(
    parts: Parts,
    caller: Principal,
    function: Callable[..., Made],
    rosters: Sequence[RosterKey | StoredRoster],
    given: Any = None,
) -> Made:
    """Return what a function makes of rosters, at the desk, where they may be at hand.

    One that is stored nowhere is given with its documents.

    Raises
    ------
    HomecareError
        What the function raises, or that it takes too much.
    TooBusy
        If too many are waiting.
    """
    read, desk = parts.bulkheads.reads.run, parts.bulkheads.desk.run
    brief = tuple(StoredRoster(one) if isinstance(one, RosterKey) else one for one in rosters)
    made: Made | Unknown = await desk(
        caller.organisation, parts.desk.ask, Question(function, brief, given)
    )
    if isinstance(made, Unknown):
        whole = [
            await read(caller.organisation, documents_of, parts, one)
            if isinstance(one, RosterKey)
            else one
            for one in rosters
        ]
        question = Question(function, tuple(whole), given)
        made = await desk(caller.organisation, parts.desk.ask, question)
    if isinstance(made, Unknown):
        raise TooBusy
    return made
