"""Names and other personal data, apart from everything else and sealed field by field.

Scenarios, jobs and plans speak of people by ids. Who ``C0001`` is stands here only, and whoever
reads it is written into the audit log in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from sqlalchemy import select

from optimizer.errors import UsageError
from service.store.audit import append_audit
from service.store.clock import utc_now
from service.store.models import PersonalRow
from service.store.tenancy import TenantSession


class PersonKind(StrEnum):
    """Who a person is to the organisation."""

    CLIENT = "client"
    CAREGIVER = "caregiver"


class PersonalField(StrEnum):
    """What may be kept of a person."""

    NAME = "name"
    PHONE = "phone"
    ADDRESS = "address"
    CONTACT = "contact"
    DIAGNOSES = "diagnoses"
    NOTE = "note"


MAX_SIGNS = 10_000
"Longest text of a field."


def write_person(
    session: TenantSession,
    kind: PersonKind,
    person: str,
    fields: Mapping[PersonalField, str],
    *,
    actor: str,
) -> None:
    """Store fields of a person; those that are not named stay as they are.

    Parameters
    ----------
    session
        Of the person's organisation.
    kind, person
        Who: the id that scenarios use.
    fields
        Texts of at most 10,000 signs.
    actor
        Key of whoever writes.

    Raises
    ------
    UsageError
        If a text is too long.
    """
    known = {row.field: row for row in _rows(session, kind, [person])}
    for field, text in fields.items():
        if len(text) > MAX_SIGNS:
            raise UsageError(f"The field {field} has more than {MAX_SIGNS} signs.")
        row = known.get(field.value)
        if row is None:
            row = PersonalRow(
                organisation=session.organisation,
                kind=kind.value,
                person=person,
                field=field.value,
            )
            session.add(row)
        row.sealed = session.cipher.seal(
            text.encode(), organisation=session.organisation, place=place_of(row)
        )
        row.changed_at = utc_now()
    append_audit(
        session,
        actor=actor,
        action="people.write",
        subject=person,
        details={"kind": kind.value, "fields": sorted(field.value for field in fields)},
    )


def read_people(
    session: TenantSession,
    kind: PersonKind,
    people: Collection[str],
    *,
    fields: Collection[PersonalField],
    actor: str,
    purpose: str,
) -> Mapping[str, Mapping[PersonalField, str]]:
    """Return fields of people, and write into the audit log who read them and what for.

    Parameters
    ----------
    session
        Of the people's organisation; not read-only, because of the audit log.
    kind, people
        Who, by ids; unknown ones are left out of the answer.
    fields
        Which fields are needed.
    actor
        Key of whoever reads.
    purpose
        What for, as a code such as ``roster``.
    """
    wanted = {field.value for field in fields}
    found: dict[str, dict[PersonalField, str]] = {}
    for row in _rows(session, kind, people):
        if row.field in wanted:
            plain = session.cipher.open(
                row.sealed, organisation=row.organisation, place=place_of(row)
            )
            found.setdefault(row.person, {})[PersonalField(row.field)] = plain.decode()
    for person in sorted(found):
        append_audit(
            session,
            actor=actor,
            action="people.read",
            subject=person,
            details={"kind": kind.value, "fields": sorted(found[person]), "purpose": purpose},
        )
    return found


def place_of(row: PersonalRow) -> str:
    """Return the place to which a field is sealed."""
    return f"personal_data/{row.kind}/{row.person}/{row.field}"


def _rows(session: TenantSession, kind: PersonKind, people: Collection[str]) -> list[PersonalRow]:
    query = select(PersonalRow).where(
        PersonalRow.organisation == session.organisation,
        PersonalRow.kind == kind.value,
        PersonalRow.person.in_(list(people)),
    )
    return list(session.scalars(query))
