"""``/v1/people``: who is behind an id; every reading is written into the audit log."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from service.api.bodies import body_of
from service.api.contract import answers, body
from service.api.guard import requires
from service.api.parts import Parts, Service
from service.api.threads import BlockingRoute
from service.auth.permissions import Permission, Principal
from service.database.faults import NotFound
from service.people.personal_data import (
    MAX_SIGNS,
    PersonalField,
    PersonKind,
    Purpose,
    list_people,
    read_people,
    write_person,
)

router = APIRouter(prefix="/v1/people/{kind}", tags=["people"], route_class=BlockingRoute)

AT_ONCE = 50
"People of one request: each is an entry of the audit log, for which others have to wait."

_ID = r"^[^\s/\x00-\x1f\x7f]{1,80}$"

Reader = Annotated[Principal, requires(Permission.PEOPLE_READ)]
Keeper = Annotated[Principal, requires(Permission.PEOPLE_WRITE)]
PersonId = Annotated[str, Field(pattern=_ID)]
Text = Annotated[str, Field(min_length=1, max_length=MAX_SIGNS)]
Fields = Annotated[list[PersonalField], Field(min_length=1, max_length=len(PersonalField))]


class PersonDocument(BaseModel):
    """What is kept of a person, or is to be kept."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    name: Text | None = None
    phone: Text | None = None
    address: Text | None = None
    contact: Text | None = None
    "Whom to turn to."
    diagnoses: Text | None = None
    note: Text | None = None

    def changes(self) -> dict[PersonalField, str | None]:
        """Return the fields that were named; None for those that are to be removed."""
        return {PersonalField(name): getattr(self, name) for name in self.model_fields_set}


class PeopleDocument(BaseModel):
    """People by their ids."""

    people: dict[str, PersonDocument]


LONGEST_CHANGE = 4_000_000
"Bytes of a change: of as many people as can be named at once, every field as long as it may be."


class PeopleChange(BaseModel):
    """What is to be kept of people from now on."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    people: Annotated[
        dict[PersonId, PersonDocument | None], Field(min_length=1, max_length=AT_ONCE)
    ]
    "By ids. A field that is not named stays, null removes it; null for a person removes all."


class PeopleQuery(BaseModel):
    """Whose data are needed, which, and what for."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    ids: Annotated[list[PersonId], Field(min_length=1, max_length=AT_ONCE)]
    fields: Fields = [PersonalField.NAME]
    purpose: Purpose
    "What for; the audit log keeps it."


class KnownPersonDocument(BaseModel):
    """Somebody of whom something is kept."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: str
    fields: list[PersonalField]
    "What is kept; not what it says."


class KnownPeople(BaseModel):
    """Of whom something is kept, by ids."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    items: list[KnownPersonDocument]
    next: str | None
    "What to give as `after` for the following page; null on the last one."


@router.get("", response_model=KnownPeople, responses=answers())
def known(
    caller: Reader,
    service: Service,
    kind: PersonKind,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    after: Annotated[str, Query(pattern=_ID)] | None = None,
) -> KnownPeople:
    """List of whom something is kept, and which fields; nothing of what they say."""
    with service.database.session(caller.organisation, read_only=True) as session:
        found = list_people(session, kind, after=after or "", limit=limit + 1)
    items = [KnownPersonDocument.model_validate(one, from_attributes=True) for one in found[:limit]]
    return KnownPeople(items=items, next=items[-1].id if len(found) > limit else None)


@router.patch(
    "",
    status_code=204,
    response_class=Response,
    responses=answers(413, 415),
    openapi_extra=body(
        "PeopleChange",
        {"people": {"C0001": {"name": "Wang Xiulan", "phone": None}, "C0002": None}},
    ),
)
def change(
    caller: Keeper,
    service: Service,
    kind: PersonKind,
    wanted: Annotated[PeopleChange, body_of(PeopleChange, most_bytes=LONGEST_CHANGE)],
) -> Response:
    """Store, change and remove names and other personal data, of all that are named or of none."""
    nothing: dict[PersonalField, str | None] = dict.fromkeys(PersonalField)
    with service.database.session(caller.organisation) as session:
        for person, fields in wanted.people.items():
            changes = nothing if fields is None else fields.changes()
            if changes:
                write_person(session, kind, person, changes, actor=caller.key_id)
    return Response(status_code=204)


@router.post(
    "/read",
    response_model=PeopleDocument,
    response_model_exclude_none=True,
    responses=answers(413, 415),
    openapi_extra=body(
        "PeopleQuery",
        {"ids": ["C0001", "C0002"], "fields": ["name", "phone"], "purpose": "roster"},
    ),
)
def read(
    caller: Reader,
    service: Service,
    kind: PersonKind,
    wanted: Annotated[PeopleQuery, body_of(PeopleQuery)],
) -> PeopleDocument:
    """Read the data of several people; those of whom nothing is kept are left out."""
    return _read(service, caller, kind, wanted)


@router.get(
    "/{person}",
    response_model=PersonDocument,
    response_model_exclude_none=True,
    responses=answers(404),
)
def read_one(
    caller: Reader,
    service: Service,
    kind: PersonKind,
    person: Annotated[str, Path(pattern=_ID)],
    purpose: Purpose,
    field: Annotated[list[PersonalField], Query(max_length=len(PersonalField))] = [  # noqa: B006 (FastAPI copies it)
        PersonalField.NAME
    ],
) -> PersonDocument:
    """Read the data of one person: the name, or the fields that are named."""
    # It writes into the audit log, though its method does not say so.
    service.rates.take(caller.key_id)
    wanted = PeopleQuery(ids=[person], fields=field, purpose=purpose)
    found = _read(service, caller, kind, wanted).people
    if person not in found:
        raise NotFound("person")
    return found[person]


def _read(
    service: Parts, caller: Principal, kind: PersonKind, wanted: PeopleQuery
) -> PeopleDocument:
    with service.database.session(caller.organisation) as session:
        found = read_people(
            session,
            kind,
            wanted.ids,
            fields=wanted.fields,
            actor=caller.key_id,
            purpose=wanted.purpose,
        )
    return PeopleDocument.model_validate({"people": found})
