"""The district's ledger under several writers at once, and what a failure leaves of an entry."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from optimizer.domain import EntryKind
from optimizer.formats import Draft
from service.database.engine import Database
from service.database.faults import Conflict
from service.database.scope import SYSTEM
from service.office.ledger import enter, ledger_of, notices_of
from service.office.tables import NoticeRow

WRITERS = 6
ENTRIES = 4


def draft(subject: str, minutes: int = 0) -> Draft:
    """Return a settlement of a scenario of that name."""
    return Draft(EntryKind.SETTLEMENT, subject, None, {"scenario": "0" * 64}, {"minutes": minutes})


def told(subject: str) -> dict[str, Any]:
    """Return what A is told of it; nobody else is told anything."""
    return {"A": {"subject": subject}}


def at_once(*work: Any) -> None:
    """Do some work in as many threads, which begin together."""
    barrier = threading.Barrier(len(work))

    def run(one: Any) -> None:
        barrier.wait()
        one()

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_many_writers_make_one_chain(database: Database) -> None:
    """No entry is lost and no number given twice; each organisation is told of each of its own."""

    def write(writer: int) -> None:
        for number in range(ENTRIES):
            subject = f"S{writer}-{number}"
            enter(database, draft(subject), told(subject), correcting=None, actor="tests")

    at_once(*(lambda one=one: write(one) for one in range(WRITERS)))
    ledger, _ = ledger_of(database)  # Which checks every link of the chain.
    bodies = [one.body for one in ledger.entries]
    assert [one.number for one in bodies] == list(range(1, WRITERS * ENTRIES + 1))
    subjects = {f"S{writer}-{number}" for writer in range(WRITERS) for number in range(ENTRIES)}
    assert {one.subject for one in bodies} == subjects
    with database.session("A", read_only=True) as session:
        heard = [one.content["subject"] for one in notices_of(session, after="", limit=100)]
    assert sorted(heard) == sorted(subjects)


def test_of_two_decisions_about_the_same_one_stands(database: Database) -> None:
    """Two who decide differently at the same moment: one enters, the other hears of a conflict."""
    refused: list[Conflict] = []

    def decide(minutes: int) -> None:
        try:
            enter(database, draft("S", minutes), told("S"), correcting=None, actor="tests")
        except Conflict as conflict:
            refused.append(conflict)

    at_once(lambda: decide(1), lambda: decide(2))
    ledger, _ = ledger_of(database)
    assert len(ledger.entries) == 1
    assert len(refused) == 1


def test_the_same_decision_twice_at_once_is_one_entry(database: Database) -> None:
    """A button pressed twice enters one decision and tells it once."""
    at_once(
        *(
            lambda: enter(database, draft("S"), told("S"), correcting=None, actor="tests")
            for _ in range(2)
        )
    )
    ledger, _ = ledger_of(database)
    assert len(ledger.entries) == 1
    with database.session(SYSTEM, read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(NoticeRow)) == 1


def test_what_fails_while_it_is_told_is_not_entered(database: Database) -> None:
    """An entry and all that is told of it are one: nothing is left of one that fails half-way."""
    enter(database, draft("before"), told("before"), correcting=None, actor="tests")
    _, before = ledger_of(database)
    broken = {**told("after"), "B": {"never": object()}}
    with pytest.raises(TypeError):
        enter(database, draft("after"), broken, correcting=None, actor="tests")
    assert ledger_of(database)[1] == before
    with database.session("A", read_only=True) as session:
        assert len(notices_of(session, after="", limit=100)) == 1
