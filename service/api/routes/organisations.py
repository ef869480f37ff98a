"""``/v1/organisations``: who is served by this installation; for the district's administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from service.api.bodies import Body, body_of
from service.api.contract import answers, body
from service.api.guard import requires
from service.api.parts import Service
from service.api.repetition import once, repeatable
from service.api.routes.keys import KeyRequest, NewKeyDocument, is_valid, new_key
from service.api.threads import BlockingRoute
from service.auth.organisations import add_organisation, list_organisations
from service.auth.permissions import Permission, Principal
from service.database.scope import SYSTEM
from service.database.tenancy import TenantSession

router = APIRouter(prefix="/v1/organisations", tags=["organisations"], route_class=BlockingRoute)

DistrictAdmin = Annotated[Principal, requires(Permission.ORGANISATIONS_MANAGE)]
_ID = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"


class OrganisationRequest(BaseModel):
    """An organisation to be served."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(pattern=_ID)]


class OrganisationDocument(BaseModel):
    """An organisation."""

    id: str
    created_at: datetime


class OrganisationList(BaseModel):
    """Organisations, by id."""

    items: list[OrganisationDocument]


@router.get("", response_model=OrganisationList, responses=answers())
def organisations(caller: DistrictAdmin, service: Service) -> OrganisationList:  # noqa: ARG001
    """List the organisations."""
    with service.database.session(SYSTEM, read_only=True) as session:
        found = list_organisations(session)
    return OrganisationList(
        items=[OrganisationDocument.model_validate(one, from_attributes=True) for one in found]
    )


@router.post(
    "",
    status_code=201,
    response_model=OrganisationDocument,
    responses=answers(409, 413, 415),
    openapi_extra=repeatable(body("OrganisationRequest", {"id": "O01"})),
)
def add(
    request: Request,
    caller: DistrictAdmin,
    service: Service,
    text: Body,
    wanted: Annotated[OrganisationRequest, body_of(OrganisationRequest)],
) -> OrganisationDocument:
    """Add an organisation."""

    def make(session: TenantSession) -> OrganisationDocument:
        made = add_organisation(session, wanted.id, actor=caller.key_id)
        return OrganisationDocument.model_validate(made, from_attributes=True)

    return once(service, caller, request, text, OrganisationDocument, make, scope=SYSTEM)


@router.post(
    "/{organisation}/keys",
    status_code=201,
    response_model=NewKeyDocument,
    responses=answers(404, 409, 413, 415),
    openapi_extra=repeatable(body("KeyRequest", {"role": "admin"})),
)
def first_key(
    request: Request,
    caller: DistrictAdmin,
    service: Service,
    organisation: Annotated[str, Path(pattern=_ID)],
    text: Body,
    wanted: Annotated[KeyRequest, body_of(KeyRequest)],
) -> NewKeyDocument:
    """Make a key of an organisation, for instance its first administrator's."""

    def make(session: TenantSession) -> NewKeyDocument:
        return new_key(session, caller, organisation, wanted)

    return once(
        service, caller, request, text, NewKeyDocument, make, scope=SYSTEM, is_there=is_valid
    )
