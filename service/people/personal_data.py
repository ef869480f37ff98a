"""Names and other personal data, apart from everything else and sealed field by field.

Scenarios, jobs and plans speak of people by ids. Who ``C0001`` is stands here only, and whoever
reads it is written into the audit log in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from optimizer.errors import UsageError
from service.audit_log import append_entry
from service.database.clock import utc_now
from service.database.tenancy import TenantSession
from service.people.tables import PersonalRow


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


class Purpose(StrEnum):
    """What personal data are read for; a closed list, because the audit log keeps it."""

    ROSTER = "roster"
    """To make, show or hand out a roster."""

    CARE = "care"
    """To care for the person."""

    CONTACT = "contact"
    """To call or to visit."""

    BILLING = "billing"
    """To bill, or to account to whoever pays."""

    CORRECTION = "correction"
    """To see whether what is kept is right."""

    REQUEST = "request"
    """The person has asked what is kept."""


MAX_SIGNS = 10_000
"Longest text of a field, in characters; a longer one is refused."


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody of whom something is kept.

    Attributes
    ----------
    id
        The id that scenarios use.
    fields
        What is kept; not what it says.
    """

    id: str
    fields: Sequence[PersonalField]


def write_person(
    session: TenantSession,
    kind: PersonKind,
    person: str,
    fields: Mapping[PersonalField, str | None],
    *,
    actor: str,
) -> None:
    """Store or remove fields of a person; those that are not named stay as they are.

    Parameters
    ----------
    session
        Of the person's organisation.
    kind, person
        Who: the id that scenarios use.
    fields
        Texts of at most 10,000 signs; None removes what is kept.
    actor
        Key of whoever writes.

    Raises
    ------
    UsageError
        If a text is too long.
    """
    known = {row.field: row for row in _rows(session, kind, [person])}
    for field, text in fields.items():
        row = known.get(field.value)
        if text is None:
            if row is not None:
                session.delete(row)
            continue
        if len(text) > MAX_SIGNS:
            raise UsageError(f"The field {field} has more than {MAX_SIGNS} signs.")
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
    append_entry(
        session,
        actor=actor,
        action="people.write",
        subject=person,
        details={
            "kind": kind.value,
            "fields": sorted(field.value for field, text in fields.items() if text is not None),
            "removed": sorted(field.value for field, text in fields.items() if text is None),
        },
    )


def list_people(
    session: TenantSession, kind: PersonKind, *, after: str = "", limit: int = 100
) -> Sequence[KnownPerson]:
    """Return of whom something is kept and what, but nothing of what it says; by ids.

    Parameters
    ----------
    session
        Of the people's organisation.
    kind
        Clients or caregivers.
    after
        Only ids that follow this one.
    limit
        Most people to return.
    """
    query = (
        select(PersonalRow.person)
        .where(
            PersonalRow.organisation == session.organisation,
            PersonalRow.kind == kind.value,
            PersonalRow.person > after,
        )
        .distinct()
        .order_by(PersonalRow.person)
        .limit(limit)
    )
    people = session.scalars(query).all()
    fields: dict[str, list[PersonalField]] = {person: [] for person in people}
    for row in _rows(session, kind, people):
        fields[row.person].append(PersonalField(row.field))
    return [KnownPerson(person, sorted(found)) for person, found in fields.items()]


def read_people(
    session: TenantSession,
    kind: PersonKind,
    people: Collection[str],
    *,
    fields: Collection[PersonalField],
    actor: str,
    purpose: Purpose,
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
        What for.
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
        append_entry(
            session,
            actor=actor,
            action="people.read",
            subject=person,
            details={"kind": kind.value, "fields": sorted(found[person]), "purpose": purpose.value},
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
