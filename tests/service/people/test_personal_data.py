"""Personal data lie apart, sealed, and nobody reads them unseen."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from optimizer.errors import UsageError
from service.audit_log import read_entries
from service.database.engine import Database
from service.database.scope import SYSTEM
from service.people.personal_data import (
    MAX_SIGNS,
    PersonalField,
    PersonKind,
    Purpose,
    list_people,
    read_people,
    write_person,
)
from service.people.tables import PersonalRow

NAME = "Canary Wang"
FIELDS = {PersonalField.NAME: NAME, PersonalField.DIAGNOSES: "I69.3"}


def store(database: Database, organisation: str = "A", person: str = "C0001") -> None:
    """Store a client."""
    with database.session(organisation) as session:
        write_person(session, PersonKind.CLIENT, person, FIELDS, actor="key")


def read(database: Database, organisation: str, *people: str) -> dict[str, object]:
    """Read the names of clients."""
    with database.session(organisation) as session:
        return dict(
            read_people(
                session,
                PersonKind.CLIENT,
                people,
                fields=[PersonalField.NAME],
                actor="key",
                purpose=Purpose.ROSTER,
            )
        )


def test_only_the_fields_asked_for_are_read(database: Database) -> None:
    """Whoever needs the name does not get the diagnoses along with it."""
    store(database)
    assert read(database, "A", "C0001", "C0002") == {"C0001": {PersonalField.NAME: NAME}}


def test_another_organisation_reads_nothing(database: Database) -> None:
    """The same id in another organisation is another person."""
    store(database)
    assert read(database, "B", "C0001") == {}


def test_a_caregiver_is_not_the_client_of_the_same_id(database: Database) -> None:
    """Clients and caregivers are numbered apart."""
    store(database)
    with database.session("A") as session:
        found = read_people(
            session,
            PersonKind.CAREGIVER,
            ["C0001"],
            fields=list(PersonalField),
            actor="key",
            purpose=Purpose.ROSTER,
        )
    assert found == {}


def test_fields_can_be_changed_one_by_one(database: Database) -> None:
    """What is not named stays as it is."""
    store(database)
    with database.session("A") as session:
        write_person(session, PersonKind.CLIENT, "C0001", {PersonalField.NAME: "Li"}, actor="key")
    assert read(database, "A", "C0001") == {"C0001": {PersonalField.NAME: "Li"}}


def test_a_field_can_be_removed(database: Database) -> None:
    """None removes a field; the log says which, and a person without fields is not listed."""
    store(database)
    for fields in (PersonalField.NAME, PersonalField.DIAGNOSES):
        with database.session("A") as session:
            assert [known.id for known in list_people(session, PersonKind.CLIENT)] == ["C0001"]
            write_person(session, PersonKind.CLIENT, "C0001", {fields: None}, actor="key")
    with database.session("A", read_only=True) as session:
        assert list_people(session, PersonKind.CLIENT) == []
        details = [entry.details for entry in read_entries(session)][-1]
    assert details == {"kind": "client", "fields": [], "removed": ["diagnoses"]}


def test_people_are_listed_page_by_page(database: Database) -> None:
    """By ids, with the fields that are kept; of one organisation and kind."""
    for person in ("C0003", "C0001", "C0002"):
        store(database, person=person)
    store(database, "B", "C0004")
    with database.session("A", read_only=True) as session:
        first = list_people(session, PersonKind.CLIENT, limit=2)
        rest = list_people(session, PersonKind.CLIENT, after=first[-1].id)
        assert list_people(session, PersonKind.CAREGIVER) == []
    assert [known.id for known in (*first, *rest)] == ["C0001", "C0002", "C0003"]
    assert first[0].fields == [PersonalField.DIAGNOSES, PersonalField.NAME]


def test_every_reading_is_in_the_log(database: Database) -> None:
    """The log says who read whose fields and what for, and no field itself."""
    store(database)
    read(database, "A", "C0001")
    with database.session("A", read_only=True) as session:
        log = list(read_entries(session))
    last = log[-1]
    assert (last.actor, last.action, last.subject) == ("key", "people.read", "C0001")
    assert last.details == {"kind": "client", "fields": ["name"], "purpose": "roster"}
    assert not any(NAME in entry.to_json() for entry in log)


def test_fields_lie_sealed(database: Database) -> None:
    """The rows hold neither name nor diagnosis in the clear."""
    store(database)
    with database.session(SYSTEM, read_only=True) as session:
        rows = session.scalars(select(PersonalRow)).all()
    assert len(rows) == 2
    for row in rows:
        assert NAME.encode() not in row.sealed
        assert b"I69" not in row.sealed


def test_a_field_has_its_limit(database: Database) -> None:
    """A text that is too long is refused, and nothing is stored."""
    with pytest.raises(UsageError), database.session("A") as session:
        write_person(
            session,
            PersonKind.CLIENT,
            "C0001",
            {PersonalField.NOTE: "x" * (MAX_SIGNS + 1)},
            actor="key",
        )
    assert read(database, "A", "C0001") == {}
