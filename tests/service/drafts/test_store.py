"""Drafts on both databases: moves in order, undone, published once, nothing half done."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from service.database.engine import Database
from service.database.faults import Conflict, NotFound
from service.database.scope import SYSTEM
from service.drafts import store
from service.drafts.states import DraftState
from service.drafts.store import Draft, DraftChanged
from service.drafts.tables import DraftMoveRow, DraftRow
from service.jobs.blobs import get_blob, pack_blob, put_blob

CANARY = "Canary-V0001"


def begun(database: Database, who: str = "A", word: str = "") -> Draft:
    """Begin a draft of version 3 of a day."""
    with database.session(who) as session:
        document = put_blob(session, who, f"day {word}".encode())
        plan = put_blob(session, who, f"roster {word}".encode())
        return store.open_draft(session, "day", 3, document=document, plan=plan, by="key")


def moved(database: Database, draft: Draft, word: str, **more: Any) -> Draft:
    """Add a move that leads to a roster of this word."""
    with database.session(draft.organisation) as session:
        return store.add_move(
            session,
            draft.id,
            draft.revision,
            {"move": {"kind": "retime"}, "word": word},
            document=more.get("document", draft.document),
            plan=pack_blob(session.cipher, draft.organisation, word.encode()),
            by="key",
        )


def read(database: Database, draft: Draft) -> Draft:
    """Return a draft as it is stored."""
    with database.session(draft.organisation, read_only=True) as session:
        return store.read_draft(session, draft.id)


def test_moves_lead_from_one_roster_to_the_next(database: Database) -> None:
    """The draft is the roster after the last move, and undo leads back to the one before."""
    draft = begun(database)
    assert (draft.plan, draft.revision, draft.moves) == (draft.base_plan, 1, ())
    one = moved(database, draft, "one")
    two = moved(database, one, "two")
    assert read(database, draft) == two
    assert [move.content["word"] for move in two.moves] == ["one", "two"]
    with database.session("A") as session:
        assert get_blob(session, "A", two.plan) == b"two"
        back = store.undo(session, draft.id, two.revision)
        assert (back.plan, back.moves) == (one.plan, one.moves)
        assert store.undo(session, draft.id, back.revision).plan == draft.base_plan
    with pytest.raises(Conflict, match="no move"), database.session("A") as session:
        store.undo(session, draft.id, back.revision + 1)


def test_a_move_may_change_the_scenario(database: Database) -> None:
    """The scenario after a move is the one it brought, and undo brings back the one before."""
    draft = begun(database)
    with database.session("A") as session:
        fresh = pack_blob(session.cipher, "A", b"another day")
    one = moved(database, draft, "one", document=fresh)
    assert one.document == fresh.digest != draft.document
    with database.session("A") as session:
        assert store.undo(session, draft.id, one.revision).document == draft.document


@pytest.mark.parametrize("what", ["move", "undo", "publish", "rebase"])
def test_what_was_worked_out_for_another_revision_is_refused(what: str, database: Database) -> None:
    """Whoever has not seen the last move changes nothing."""
    draft = begun(database)
    now = moved(database, draft, "one")
    with pytest.raises(DraftChanged), database.session("A") as session:
        act(session, what, draft)
    assert read(database, draft) == now


@pytest.mark.parametrize("what", ["move", "undo", "publish", "rebase"])
def test_what_was_published_changes_no_more(what: str, database: Database) -> None:
    """A published draft keeps its moves, and takes none, nor is it published twice."""
    draft = moved(database, begun(database), "one")
    with database.session("A") as session:
        done = store.mark_published(session, draft.id, draft.revision, 4)
    assert (done.state, done.published_version) == (DraftState.PUBLISHED, 4)
    with pytest.raises(Conflict, match="published already"), database.session("A") as session:
        act(session, what, done)
    assert read(database, draft) == done


def act(session: Any, what: str, draft: Draft) -> None:
    """Do something to a draft as it was when it was read."""
    if what == "move":
        plan = pack_blob(session.cipher, "A", b"x")
        document = draft.document
        store.add_move(
            session, draft.id, draft.revision, {}, document=document, plan=plan, by="key"
        )
    elif what == "undo":
        store.undo(session, draft.id, draft.revision)
    elif what == "publish":
        store.mark_published(session, draft.id, draft.revision, 4)
    else:
        store.rebase(
            session,
            draft.id,
            draft.revision,
            5,
            document=draft.document,
            plan=draft.plan,
            moves=(),
            by="key",
        )


def test_a_rebase_begins_elsewhere_with_the_same_moves(database: Database) -> None:
    """Base, scenario and rosters are new; a move that changes the scenario still does."""
    draft = moved(database, moved(database, begun(database), "one"), "two")
    with database.session("A") as session:
        document = put_blob(session, "A", b"new day")
        plan = put_blob(session, "A", b"new roster")
        moves = [
            ({"word": "one"}, None, pack_blob(session.cipher, "A", b"new one")),
            (
                {"word": "two"},
                pack_blob(session.cipher, "A", b"newer day"),
                pack_blob(session.cipher, "A", b"new two"),
            ),
        ]
        now = store.rebase(
            session,
            draft.id,
            draft.revision,
            9,
            document=document,
            plan=plan,
            moves=moves,
            by="key",
        )
    assert read(database, draft) == now
    assert (now.base_version, now.base_document, now.base_plan) == (9, document, plan)
    assert [move.content["word"] for move in now.moves] == ["one", "two"]
    assert now.moves[0].document == document
    with database.session("A") as session:
        assert get_blob(session, "A", now.document) == b"newer day"


def test_moves_are_sealed(database: Database) -> None:
    """Nothing of what a move says stands in the rows."""
    draft = moved(database, begun(database), CANARY)
    with database.session("A", read_only=True) as session:
        (row,) = session.scalars(select(DraftMoveRow)).all()
        assert CANARY.encode() not in row.content
    assert read(database, draft).moves[0].content["word"] == CANARY


def test_a_draft_that_is_given_up_goes_with_its_moves(database: Database) -> None:
    """Nothing of it is left, and it is not found any more."""
    draft = moved(database, begun(database), "one")
    with database.session("A") as session:
        store.give_up(session, draft.id)
    with database.session(SYSTEM, read_only=True) as session:
        for table in (DraftRow, DraftMoveRow):
            assert session.scalars(select(func.count()).select_from(table)).one() == 0
    with pytest.raises(NotFound), database.session("A") as session:
        store.read_draft(session, draft.id)


def test_nobody_finds_the_drafts_of_others(database: Database) -> None:
    """Another organisation's draft is none."""
    draft = begun(database)
    for deed in (store.read_draft, store.give_up):
        with pytest.raises(NotFound), database.session("B") as session:
            deed(session, draft.id)
    with database.session("B", read_only=True) as session:
        assert store.list_drafts(session, limit=10).items == []


def test_drafts_are_listed_by_pages(database: Database) -> None:
    """The newest first, each once."""
    made = [begun(database, word=str(n)).id for n in range(5)]
    found: list[str] = []
    after = None
    with database.session("A", read_only=True) as session:
        while True:
            page = store.list_drafts(session, limit=2, after=after)
            found += [draft.id for draft in page.items]
            after = page.next
            if after is None:
                break
    assert found == made[::-1]


def test_there_is_an_end_to_drafts_and_moves(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each move keeps a roster; so there are so many moves, and so many drafts at a time."""
    monkeypatch.setattr(store, "MOST_MOVES", 1)
    monkeypatch.setattr(store, "MOST_OPEN", 2)
    draft = moved(sqlite_database, begun(sqlite_database), "one")
    with pytest.raises(Conflict, match="1 moves"):
        moved(sqlite_database, draft, "two")
    begun(sqlite_database)
    with pytest.raises(Conflict, match="2 drafts are open"):
        begun(sqlite_database)
