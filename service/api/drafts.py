"""What all routes of drafts share: finding, showing, conditions."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import JSONResponse

from service.api.conditions import etag_of, insist_on_match
from service.api.draft_shapes import DraftBrief, DraftDocument, MoveDocument
from service.api.parts import Parts, parts_of
from service.api.rosters import DraftId
from service.auth.permissions import Principal
from service.documents.desk import RosterKey
from service.drafts.store import Draft, DraftChanged, MadeMove, read_draft

ADDRESS = "/v1/drafts"


def etag_of_draft(draft: Draft) -> str:
    """Return what stands for a draft as it is."""
    return etag_of(f"{draft.id} {draft.revision}".encode())


def key_of_draft(draft: Draft) -> RosterKey:
    """Return the roster that a draft is now."""
    return RosterKey(draft.organisation, draft.document, draft.plan)


def find_draft(parts: Parts, caller: Principal, draft_id: str) -> Draft:
    """Return a draft of the caller's organisation.

    Raises
    ------
    NotFound
        If there is none.
    """
    with parts.database.session(caller.organisation, read_only=True) as session:
        return read_draft(session, draft_id)


async def _this(request: Request, draft_id: DraftId) -> Draft:
    parts, caller = parts_of(request), request.state.caller
    read = parts.bulkheads.reads.run
    return await read(caller.organisation, find_draft, parts, caller, draft_id)


ThisDraft = Annotated[Draft, Depends(_this)]
"The draft of an address, for a route: put it behind the caller and before a body."


def insist_on_draft(draft: Draft, if_match: str | None) -> None:
    """Refuse a change of a draft that was made in view of another one.

    Raises
    ------
    ConditionNeeded
        If there is no condition.
    DraftChanged
        If it names another one.
    """
    insist_on_match(if_match, etag_of_draft(draft), DraftChanged())


def brief(draft: Draft) -> DraftBrief:
    """Return a draft as it is listed."""
    own = f"{ADDRESS}/{draft.id}"
    return DraftBrief(
        id=draft.id,
        scenario=draft.scenario,
        base_version=draft.base_version,
        state=draft.state,
        published_version=draft.published_version,
        etag=etag_of_draft(draft),
        created_by=draft.created_by,
        created_at=draft.created_at,
        changed_at=draft.changed_at,
        links={
            "self": own,
            "plan": f"{own}/plan",
            "moves": f"{own}/moves",
            "undo": f"{own}/undo",
            "rebase": f"{own}/rebase",
            "publish": f"{own}/publish",
        },
    )


def shown(draft: Draft) -> DraftDocument:
    """Return a draft with its moves."""
    moves = [_move(move) for move in draft.moves]
    terms: Counter[str] = Counter()
    for move in moves:
        terms.update(move.terms)
    return DraftDocument(
        **brief(draft).model_dump(),
        difference=sum(move.difference for move in moves),
        terms={term: amount for term, amount in terms.items() if amount},
        moves=moves,
    )


def answered(draft: Draft, status: int = 200) -> JSONResponse:
    """Return the answer that shows a draft, with its ``ETag``."""
    headers = {"ETag": etag_of_draft(draft)}
    if status == 201:
        headers["Location"] = f"{ADDRESS}/{draft.id}"
    content = shown(draft).model_dump(mode="json")
    return JSONResponse(content, status_code=status, headers=headers)


def _move(move: MadeMove) -> MoveDocument:
    return MoveDocument(
        **move.content, number=move.number, made_by=move.made_by, made_at=move.made_at
    )
