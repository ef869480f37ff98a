"""``/v1/keys``: the API keys of the caller's organisation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from service.api.bodies import Body, body_of
from service.api.contract import answers, body
from service.api.guard import requires
from service.api.parts import Service
from service.api.repetition import once, repeatable
from service.api.threads import BlockingRoute
from service.auth.keys import Unauthenticated, add_key, insist_on_key, list_keys, revoke_key
from service.auth.permissions import DISTRICT_ROLES, Forbidden, Permission, Principal, Role
from service.database.tenancy import TenantSession

router = APIRouter(prefix="/v1/keys", tags=["keys"], route_class=BlockingRoute)

Manager = Annotated[Principal, requires(Permission.KEYS_MANAGE)]
KeyId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]


def _in_utc(moment: datetime) -> datetime:
    """Return a moment in UTC; at the edges of time there is none.

    Raises
    ------
    ValueError
        If it lies before the first or after the last moment.
    """
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is no moment that a calendar has") from error


class KeyRequest(BaseModel):
    """A key to be made."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    role: Role
    label: Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    "What the key is for; no name of a client."
    expires_at: Annotated[AwareDatetime, AfterValidator(_in_utc)] | None = None
    "When it ends by itself."


class KeyDocument(BaseModel):
    """What is known of a key."""

    id: str
    organisation: str
    role: Role
    label: str
    created_at: datetime
    created_by: str | None
    expires_at: datetime | None
    revoked_at: datetime | None


class KeyList(BaseModel):
    """Keys, oldest first; revoked ones too."""

    items: list[KeyDocument]


class NewKeyDocument(BaseModel):
    """A key that has just been made."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: str
    key: str
    "The key itself: told only now, kept nowhere."


@router.get("", response_model=KeyList, responses=answers())
def keys(caller: Manager, service: Service) -> KeyList:
    """List the keys of the organisation."""
    found = list_keys(service.database, caller.organisation)
    return KeyList(items=[KeyDocument.model_validate(key, from_attributes=True) for key in found])


@router.post(
    "",
    status_code=201,
    response_model=NewKeyDocument,
    responses=answers(409, 413, 415),
    openapi_extra=repeatable(body("KeyRequest", {"role": "planner", "label": "dispatch desk"})),
)
def make_key(
    request: Request,
    caller: Manager,
    service: Service,
    text: Body,
    wanted: Annotated[KeyRequest, body_of(KeyRequest)],
) -> NewKeyDocument:
    """Make a key; its text is told only now."""
    if wanted.role in DISTRICT_ROLES:
        _insist_on_district(caller)

    def make(session: TenantSession) -> NewKeyDocument:
        return new_key(session, caller, caller.organisation, wanted)

    return once(service, caller, request, text, NewKeyDocument, make, is_there=is_valid)


@router.delete("/{key_id}", status_code=204, response_class=Response, responses=answers(404))
def end_key(caller: Manager, service: Service, key_id: KeyId) -> Response:
    """End a key at once."""
    revoke_key(service.database, key_id, scope=caller.organisation, actor=caller.key_id)
    return Response(status_code=204)


def new_key(
    session: TenantSession, caller: Principal, organisation: str, wanted: KeyRequest
) -> NewKeyDocument:
    """Make the key of an organisation that somebody asks for."""
    made = add_key(
        session,
        organisation,
        wanted.role,
        label=wanted.label,
        created_by=caller.key_id,
        expires_at=wanted.expires_at,
    )
    return NewKeyDocument(id=made.key_id, key=made.text)


def is_valid(session: TenantSession, made: NewKeyDocument) -> bool:
    """Return whether a key that was made before can still be used."""
    try:
        insist_on_key(session, made.id)
    except Unauthenticated:
        return False
    return True


def _insist_on_district(caller: Principal) -> None:
    """Refuse to let somebody make a key that may do more than their own.

    Raises
    ------
    Forbidden
        If the caller is no administrator of the district.
    """
    if not caller.may(Permission.ORGANISATIONS_MANAGE):
        raise Forbidden(Permission.ORGANISATIONS_MANAGE)
