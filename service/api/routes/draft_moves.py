"""``/v1/drafts/{id}/moves`` and ``/undo``: a move tried, with the exact difference; and dropped."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, RootModel

from optimizer.i18n import Lang
from service.api.bodies import Body, body_of
from service.api.contract import answers, body
from service.api.draft_shapes import DraftDocument
from service.api.drafts import (
    ThisDraft,
    answered,
    find_draft,
    insist_on_draft,
    key_of_draft,
)
from service.api.guard import Writer
from service.api.jobs import find, insist_on_result
from service.api.parts import Parts, Service
from service.api.repetition import made_before, once, repeatable
from service.api.rosters import DraftId, ask
from service.api.threads import BlockingRoute
from service.auth.permissions import Principal
from service.database.faults import Conflict
from service.database.tenancy import TenantSession
from service.documents.rosters import Outcome, Wish, moved
from service.drafts.moves import AcceptReplan, Move
from service.drafts.store import Draft, add_move, undo
from service.idempotency import Gone
from service.jobs.blobs import pack_blob
from service.jobs.store import read_document, read_result
from service.jobs.tables import BlobRow

router = APIRouter(prefix="/v1/drafts/{draft_id}", tags=["drafts"], route_class=BlockingRoute)

IfMatch = Annotated[str | None, Header()]
"The draft's `ETag` as it was read."


class MoveRequest(RootModel[Move]):
    """What is to be done."""


class _Made(BaseModel):
    """The move that a request has made: what a repetition is answered from."""

    draft: str
    number: int
    made_at: str


class _Undone(BaseModel):
    """The revision after a move was dropped."""

    revision: int


@router.post(
    "/moves",
    status_code=201,
    response_model=DraftDocument,
    responses=answers(404, 409, 412, 413, 415, 428),
    openapi_extra=repeatable(
        body("MoveRequest", {"kind": "move", "visit": "V0001", "to": "G002", "at": "09:30"})
    ),
)
async def add(
    request: Request,
    caller: Writer,
    service: Service,
    draft: ThisDraft,
    text: Body,
    wanted: Annotated[MoveRequest, body_of(MoveRequest)],
    if_match: IfMatch = None,
    lang: Lang = "en",
) -> JSONResponse:
    """Add a move; the answer has the exact difference per cost term and the verifier's word.

    `If-Match` names the draft that was read.
    """
    read, write = service.bulkheads.reads.run, service.bulkheads.writes.run
    who = caller.organisation
    made: _Made | None = await read(who, made_before, service, caller, request, text, _Made)
    if made is None:
        insist_on_draft(draft, if_match)
        if not draft.is_open:
            raise Conflict(f"The draft is {draft.state} already.")
        replan = await read(who, _replan, service, caller, draft, wanted.root)
        wish = Wish(wanted.root, lang, replan)
        outcome = await ask(service, caller, moved, (key_of_draft(draft),), wish)
        given = service, caller, request, text, draft, outcome
        made = await write(who, _added, *given)
        draft = await read(who, find_draft, service, caller, draft.id)
    if made.made_at not in {move.made_at.isoformat() for move in draft.moves}:
        raise Gone
    return answered(draft, 201)


def _replan(
    service: Parts, caller: Principal, draft: Draft, move: Move
) -> tuple[bytes, bytes, dict[str, object]] | None:
    """Return the replan that a move takes a part of; it must have been made for the draft.

    Raises
    ------
    Conflict
        If it was made for another roster.
    """
    if not isinstance(move, AcceptReplan):
        return None
    job = find(service, caller, move.replan, "replan")
    insist_on_result(job)
    base = job.parameters["document"], job.parameters["plan"]
    if base != (draft.document, draft.plan):
        raise Conflict("The replan is not of this draft as it is now; ask for another one.")
    with service.database.session(caller.organisation, read_only=True) as session:
        return read_document(session, job), read_result(session, job), dict(job.parameters)


def _added(
    service: Parts,
    caller: Principal,
    request: Request,
    text: bytes,
    draft: Draft,
    outcome: Outcome,
) -> _Made:
    cipher = service.database.cipher
    plan = pack_blob(cipher, caller.organisation, outcome.plan)
    document: BlobRow | str = draft.document
    if outcome.document is not None:
        document = pack_blob(cipher, caller.organisation, outcome.document)

    def make(session: TenantSession) -> _Made:
        made = add_move(
            session,
            draft.id,
            draft.revision,
            outcome.content,
            document=document,
            plan=plan,
            by=caller.key_id,
        )
        last = made.moves[-1]
        return _Made(draft=draft.id, number=last.number, made_at=last.made_at.isoformat())

    return once(service, caller, request, text, _Made, make)


@router.post(
    "/undo",
    response_model=DraftDocument,
    responses=answers(404, 409, 412, 428),
    openapi_extra=repeatable(),
)
def drop(
    request: Request,
    caller: Writer,
    service: Service,
    draft_id: DraftId,
    if_match: IfMatch = None,
) -> JSONResponse:
    """Drop the last move; `If-Match` names the draft that was read."""
    if made_before(service, caller, request, b"", _Undone) is None:
        draft = find_draft(service, caller, draft_id)
        insist_on_draft(draft, if_match)

        def make(session: TenantSession) -> _Undone:
            return _Undone(revision=undo(session, draft_id, draft.revision).revision)

        once(service, caller, request, b"", _Undone, make)
    return answered(find_draft(service, caller, draft_id))
