"""``/v1/drafts``: drafts of rosters in force, begun, read, given up."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from service.api.bodies import Body, body_of
from service.api.contract import answers, body, json_answer
from service.api.draft_shapes import DraftDocument, DraftList
from service.api.drafts import answered, brief, find_draft
from service.api.guard import Reader, Writer
from service.api.parts import Service
from service.api.repetition import once, repeatable
from service.api.rosters import DRAFT_ID, DraftId, InForce, in_force
from service.api.threads import BlockingRoute
from service.database.faults import NotFound
from service.database.tenancy import TenantSession
from service.drafts.store import give_up, list_drafts, open_draft, read_draft

router = APIRouter(prefix="/v1/drafts", tags=["drafts"], route_class=BlockingRoute)


class _Made(BaseModel):
    """The draft that a request has made: what a repetition is answered from."""

    id: str


@router.post(
    "",
    status_code=201,
    response_model=DraftDocument,
    responses=answers(404, 409, 413, 415),
    openapi_extra=repeatable(body("InForce", {"roster": "hamlet"})),
)
def begin(
    request: Request,
    caller: Writer,
    service: Service,
    text: Body,
    wanted: Annotated[InForce, body_of(InForce)],
) -> JSONResponse:
    """Begin a draft of the roster in force for a scenario; it has no move yet."""
    published, key = in_force(service, caller, wanted.roster)

    def make(session: TenantSession) -> _Made:
        draft = open_draft(
            session,
            published.scenario,
            published.version,
            document=key.document,
            plan=key.plan,
            by=caller.key_id,
        )
        return _Made(id=draft.id)

    def is_there(session: TenantSession, made: _Made) -> bool:
        try:
            read_draft(session, made.id)
        except NotFound:
            return False
        return True

    made = once(service, caller, request, text, _Made, make, is_there=is_there)
    return answered(find_draft(service, caller, made.id), 201)


@router.get("", response_model=DraftList, responses=answers())
def drafts(
    caller: Reader,
    service: Service,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    after: Annotated[str, Query(pattern=DRAFT_ID)] | None = None,
) -> DraftList:
    """List the drafts of the organisation, the newest first, without their moves."""
    with service.database.session(caller.organisation, read_only=True) as session:
        page = list_drafts(session, limit=limit, after=after)
    return DraftList(items=[brief(draft) for draft in page.items], next=page.next)


@router.get(
    "/{draft_id}",
    response_class=JSONResponse,
    responses=answers(404, ok={200: json_answer("DraftDocument", "The draft, with its `ETag`.")}),
)
def draft_by_id(caller: Reader, service: Service, draft_id: DraftId) -> JSONResponse:
    """Show a draft with its moves, and what each has brought."""
    return answered(find_draft(service, caller, draft_id))


@router.delete("/{draft_id}", status_code=204, response_class=Response, responses=answers(404))
def end(caller: Writer, service: Service, draft_id: DraftId) -> Response:
    """Give a draft up; what was published of it stays in force."""
    with service.database.session(caller.organisation) as session:
        give_up(session, draft_id)
    return Response(status_code=204)
