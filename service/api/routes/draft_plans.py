"""``/v1/drafts/{id}/plan``, ``/publish`` and ``/rebase``: the roster that a draft is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse, Response
from pydantic import TypeAdapter

from optimizer.errors import InvalidDocument
from service.api.conditions import unless_known
from service.api.contract import answers, example, json_answer
from service.api.draft_shapes import DraftDocument
from service.api.drafts import (
    answered,
    find_draft,
    insist_on_draft,
    key_of_draft,
)
from service.api.faults import MovesCollide
from service.api.guard import Reader, Writer
from service.api.parts import Parts, Service
from service.api.publishing import Publication, PublishedDocument, Publisher, publish_roster
from service.api.repetition import made_before, repeatable
from service.api.rosters import DraftId, ask, documents_of, in_force, plan_of
from service.api.threads import BlockingRoute
from service.auth.permissions import Principal
from service.database.digests import digest_of
from service.database.faults import Conflict
from service.database.tenancy import TenantSession
from service.documents.desk import RosterKey, StoredRoster
from service.documents.rosters import (
    Changed,
    NotPossible,
    Outcome,
    Wish,
    changed_visits,
    moved,
    roster_document,
)
from service.drafts.moves import AcceptReplan, Move
from service.drafts.store import Draft, MadeMove, mark_published, rebase
from service.jobs.blobs import pack_blob
from service.jobs.plans import Outdated, Published
from service.jobs.rosters import keep_roster
from service.jobs.store import Job
from service.jobs.tables import BlobRow

router = APIRouter(prefix="/v1/drafts/{draft_id}", tags=["drafts"], route_class=BlockingRoute)

IfMatch = Annotated[str | None, Header()]
"The draft's `ETag` as it was read."

_MOVE: TypeAdapter[Move] = TypeAdapter(Move)


@router.get(
    "/plan",
    response_class=Response,
    responses=answers(
        404,
        ok={
            200: json_answer("Plan", "The plan, as `homecare verify` reads it.", example("plan")),
            304: {"description": "The plan is the one that `If-None-Match` names."},
        },
    ),
)
def plan(
    caller: Reader,
    service: Service,
    draft_id: DraftId,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Return the roster that a draft is after its last move."""
    stored = documents_of(service, key_of_draft(find_draft(service, caller, draft_id)))
    return unless_known(plan_of(stored), if_none_match)


@router.post(
    "/publish",
    response_model=PublishedDocument,
    responses=answers(404, 409, 412, 428),
    openapi_extra=repeatable(),
)
async def put_in_force(
    request: Request,
    caller: Publisher,
    service: Service,
    draft_id: DraftId,
    if_match: IfMatch = None,
) -> PublishedDocument:
    """Put the draft's roster in force; `If-Match` names the draft that was read.

    Where another version than its base is in force by now, the moves that collide with what was
    changed there are named, and nothing is published.
    """
    read = service.bulkheads.reads.run
    who = caller.organisation
    before: PublishedDocument | None = await read(
        who, made_before, service, caller, request, b"", PublishedDocument
    )
    if before is not None:
        return before
    draft = await read(who, find_draft, service, caller, draft_id)
    insist_on_draft(draft, if_match)
    if not draft.is_open:
        raise Conflict(f"The draft is {draft.state} already.")
    if not draft.moves:
        raise Conflict("The draft has no move, so that there is nothing to publish.")
    await _insist_on_base(service, caller, draft)
    key = key_of_draft(draft)
    result = await ask(service, caller, roster_document, (key,))
    kept = pack_blob(service.database.cipher, who, result)

    def keep(session: TenantSession) -> Job:
        parameters = {"draft": draft.id}
        return keep_roster(
            session, document=draft.document, result=kept, by=caller.key_id, parameters=parameters
        )

    def mark(session: TenantSession, version: int) -> None:
        mark_published(session, draft.id, draft.revision, version)

    publication = Publication(draft.scenario, key, keep, draft.base_version, mark)
    try:
        return await publish_roster(service, caller, request, b"", publication)
    except Outdated:
        await _insist_on_base(service, caller, draft)
        raise


async def _insist_on_base(service: Parts, caller: Principal, draft: Draft) -> None:
    """Refuse to publish over a version that the draft does not begin from.

    Raises
    ------
    MovesCollide
        If another one is in force; with the moves that touch what it has changed.
    """
    read = service.bulkheads.reads.run
    now, key = await read(caller.organisation, in_force, service, caller, draft.scenario)
    if now.version == draft.base_version:
        return
    base = RosterKey(draft.organisation, draft.base_document, draft.base_plan)
    theirs = await ask(service, caller, changed_visits, (base, key))
    raise MovesCollide(list(_collisions(draft.moves, theirs, now.version)))


def _collisions(
    moves: Sequence[MadeMove], theirs: Sequence[Changed], version: int
) -> list[tuple[str, str, str]]:
    """Return the moves that touch a visit or a route that was changed meanwhile."""
    visits = {each.visit for each in theirs}
    lines = {line for each in theirs for line in each.lines}
    found = []
    for move in moves:
        changes = move.content["changes"]
        same = sorted({each["visit"] for each in changes} & visits)
        routes = sorted({who for who, day in _lines(changes) if (who, day) in lines})
        if same or routes:
            what = f"visit {same[0]}" if same else f"the route of {routes[0]}"
            kind = move.content["move"]["kind"]
            words = f"move {move.number} ({kind}) touches {what}, which version {version} changed."
            found.append((f"/moves/{move.number - 1}", "colliding-move", words))
    return found


def _lines(changes: Sequence[Mapping[str, Any]]) -> set[tuple[str, str]]:
    return {
        (who, one["date"])
        for each in changes
        for one in (each["before"], each["after"])
        if one is not None
        for who in one["caregivers"]
    }


@router.post(
    "/rebase",
    response_model=DraftDocument,
    responses=answers(404, 409, 412, 422, 428),
)
async def begin_from_now(
    caller: Writer,
    service: Service,
    draft_id: DraftId,
    if_match: IfMatch = None,
) -> JSONResponse:
    """Make the same moves on the roster that is in force now; all of them, or none."""
    read, write = service.bulkheads.reads.run, service.bulkheads.writes.run
    who = caller.organisation
    draft = await read(who, find_draft, service, caller, draft_id)
    insist_on_draft(draft, if_match)
    now, base = await read(who, in_force, service, caller, draft.scenario)
    outcomes = await _made_again(service, caller, draft, base)
    fresh = await write(who, _rebased, service, caller, draft, now, base, outcomes)
    return answered(fresh)


async def _made_again(
    service: Parts, caller: Principal, draft: Draft, base: RosterKey
) -> list[Outcome]:
    """Return what the moves of a draft bring on another roster.

    Raises
    ------
    MovesCollide
        If one of them cannot be made there.
    """
    read = service.bulkheads.reads.run
    stored = await read(caller.organisation, documents_of, service, base)
    outcomes = []
    for made in draft.moves:
        move = _MOVE.validate_python(made.content["move"])
        if isinstance(move, AcceptReplan):
            words = f"move {made.number} (accept) is of a replan of the roster before."
            raise MovesCollide([(f"/moves/{made.number - 1}", "colliding-move", words)])
        try:
            outcome = await ask(service, caller, moved, (stored,), Wish(move))
        except (NotPossible, InvalidDocument) as error:
            words = f"move {made.number} ({move.kind}) cannot be made any more: {error}"
            place = f"/moves/{made.number - 1}"
            raise MovesCollide([(place, "colliding-move", words)]) from error
        outcomes.append(outcome)
        document = outcome.document or stored.document or b""
        key = RosterKey(caller.organisation, digest_of(document), digest_of(outcome.plan))
        stored = StoredRoster(key, document, outcome.plan)
    return outcomes


def _rebased(
    service: Parts,
    caller: Principal,
    draft: Draft,
    now: Published,
    base: RosterKey,
    outcomes: Sequence[Outcome],
) -> Draft:
    cipher = service.database.cipher

    def packed(content: bytes) -> BlobRow:
        return pack_blob(cipher, caller.organisation, content)

    made = [
        (each.content, None if each.document is None else packed(each.document), packed(each.plan))
        for each in outcomes
    ]
    with service.database.session(caller.organisation) as session:
        return rebase(
            session,
            draft.id,
            draft.revision,
            now.version,
            document=base.document,
            plan=base.plan,
            moves=made,
            by=caller.key_id,
        )
