"""Drafts as those who work on them see them: begun, changed, undone, given up, published."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from optimizer.errors import HomecareError
from service.database.clock import utc_now
from service.database.faults import Conflict, NotFound
from service.database.identifiers import new_id
from service.database.tenancy import TenantSession
from service.drafts.states import DraftState
from service.drafts.tables import DraftMoveRow, DraftRow
from service.jobs.blobs import store_blob
from service.jobs.store import Page
from service.jobs.tables import BlobRow

MOST_MOVES = 500
"Moves of one draft; each keeps a roster of its own."
MOST_OPEN = 200
"Drafts of an organisation that may be open at a time."


class DraftChanged(HomecareError):
    """The draft is not as ``If-Match`` names it; read it again."""

    code = "draft-changed"
    exit_code = 2
    http_status = 412


@dataclass(frozen=True, slots=True)
class MadeMove:
    """A move of a draft.

    Attributes
    ----------
    number
        1, 2, 3 ... within the draft.
    content
        The move as it was asked for (`move`) and what it has brought.
    document, plan
        Digests of the scenario and of the roster after it.
    made_by, made_at
        Key and moment.
    """

    number: int
    content: Mapping[str, Any]
    document: str
    plan: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it stood when it was read.

    Attributes
    ----------
    id, organisation, scenario
        What it is a draft of.
    base_version
        Version of the roster that it begins from.
    base_document, base_plan
        Digests of that roster's scenario and plan.
    state, revision
        Where it stands; the revision grows with every change.
    moves
        In the order in which they were made.
    published_version
        The version that it has become, if it was published.
    created_by, created_at, changed_at
        Key and moments.
    """

    id: str
    organisation: str
    scenario: str
    base_version: int
    base_document: str
    base_plan: str
    state: DraftState
    revision: int
    moves: tuple[MadeMove, ...]
    published_version: int | None
    created_by: str
    created_at: datetime
    changed_at: datetime

    @property
    def document(self) -> str:
        """Digest of the scenario as it is after the last move."""
        return self.moves[-1].document if self.moves else self.base_document

    @property
    def plan(self) -> str:
        """Digest of the roster as it is after the last move."""
        return self.moves[-1].plan if self.moves else self.base_plan

    @property
    def is_open(self) -> bool:
        """Whether it can be changed."""
        return self.state is DraftState.OPEN


def open_draft(
    session: TenantSession, scenario: str, version: int, *, document: str, plan: str, by: str
) -> Draft:
    """Begin a draft.

    Parameters
    ----------
    session
        Of the organisation.
    scenario, version
        The roster in force that it begins from.
    document, plan
        Digests of that roster's scenario and plan.
    by
        Key of whoever begins it.

    Raises
    ------
    Conflict
        If too many drafts are open.
    """
    query = select(func.count(DraftRow.id)).where(DraftRow.state == DraftState.OPEN.value)
    if session.scalars(query).one() >= MOST_OPEN:
        raise Conflict(f"{MOST_OPEN} drafts are open; publish or give up some first.")
    now = utc_now()
    row = DraftRow(
        id=new_id("drf"),
        organisation=session.organisation,
        scenario=scenario,
        base_version=version,
        state=DraftState.OPEN.value,
        revision=1,
        document=document,
        plan=plan,
        created_by=by,
        created_at=now,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    return _draft(row, ())


def read_draft(session: TenantSession, draft_id: str) -> Draft:
    """Return a draft with its moves.

    Raises
    ------
    NotFound
        If there is none with this id in the session's scope.
    """
    row = _row(session, draft_id)
    return _draft(row, _moves(session, row))


def list_drafts(session: TenantSession, *, limit: int, after: str | None = None) -> Page[Draft]:
    """Return drafts without their moves, the newest first.

    Parameters
    ----------
    session
        Whose.
    limit
        Length of the page.
    after
        `Page.next` of the page before.
    """
    query = select(DraftRow).order_by(DraftRow.id.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(DraftRow.id < after)
    rows = session.scalars(query).all()
    page = rows[:limit]
    more = page[-1].id if len(rows) > limit else None
    return Page([_draft(row, ()) for row in page], more)


def add_move(
    session: TenantSession,
    draft_id: str,
    revision: int,
    content: Mapping[str, Any],
    *,
    document: BlobRow | str,
    plan: BlobRow,
    by: str,
) -> Draft:
    """Add a move that was worked out for a revision of a draft.

    Parameters
    ----------
    session
        Of the draft's organisation.
    draft_id, revision
        The draft as it was when the move was worked out.
    content
        The move and what it brings.
    document
        The scenario after it, packed, or the digest of one that is stored.
    plan
        The roster after it, packed.
    by
        Key of whoever makes it.

    Raises
    ------
    NotFound
        If there is no such draft.
    DraftChanged
        If it has another revision by now.
    Conflict
        If it is not open, or full.
    """
    row = _locked(session, draft_id, revision)
    made = _moves(session, row)
    if len(made) >= MOST_MOVES:
        raise Conflict(f"A draft may have {MOST_MOVES} moves; publish it.")
    number = len(made) + 1
    text = json.dumps(dict(content), ensure_ascii=False).encode()
    sealed = session.cipher.seal(
        text, organisation=row.organisation, place=move_place(row.id, number)
    )
    now = utc_now()
    digest = document if isinstance(document, str) else store_blob(session, document)
    move = DraftMoveRow(
        organisation=row.organisation,
        draft=row.id,
        number=number,
        content=sealed,
        document=digest,
        plan=store_blob(session, plan),
        made_by=by,
        made_at=now,
    )
    session.add(move)
    _changed(row, now)
    session.flush()
    return _draft(row, (*made, MadeMove(number, dict(content), digest, move.plan, by, now)))


def rebase(
    session: TenantSession,
    draft_id: str,
    revision: int,
    version: int,
    *,
    document: str,
    plan: str,
    moves: Sequence[tuple[Mapping[str, Any], BlobRow | None, BlobRow]],
    by: str,
) -> Draft:
    """Let a draft begin from another version, its moves made anew there.

    Parameters
    ----------
    session
        Of the draft's organisation.
    draft_id, revision
        The draft as it was when the moves were worked out anew.
    version, document, plan
        The version that it begins from now, and the digests of its scenario and plan.
    moves
        What each says and brings, the scenario after it (None: as before) and the roster.
    by
        Key of whoever does it.

    Raises
    ------
    NotFound
        If there is no such draft.
    DraftChanged
        If it has another revision by now.
    Conflict
        If it is not open.
    """
    row = _locked(session, draft_id, revision)
    for each in _moves(session, row):
        session.delete(session.find(DraftMoveRow, row.id, each.number))
    row.base_version, row.document, row.plan = version, document, plan
    _changed(row, utc_now())
    session.flush()
    draft = _draft(row, ())
    for content, scenario, roster in moves:
        draft = add_move(
            session,
            draft_id,
            row.revision,
            content,
            document=scenario or draft.document,
            plan=roster,
            by=by,
        )
    return draft


def undo(session: TenantSession, draft_id: str, revision: int) -> Draft:
    """Drop the last move of a draft.

    Raises
    ------
    NotFound
        If there is no such draft.
    DraftChanged
        If it has another revision by now.
    Conflict
        If it is not open, or has no move.
    """
    row = _locked(session, draft_id, revision)
    made = _moves(session, row)
    if not made:
        raise Conflict("The draft has no move to undo.")
    last = session.find(DraftMoveRow, row.id, made[-1].number)
    session.delete(last)
    _changed(row, utc_now())
    session.flush()
    return _draft(row, made[:-1])


def give_up(session: TenantSession, draft_id: str) -> None:
    """Delete a draft and its moves.

    Raises
    ------
    NotFound
        If there is no such draft.
    """
    session.delete(_row(session, draft_id, lock=True))
    session.flush()


def mark_published(session: TenantSession, draft_id: str, revision: int, version: int) -> Draft:
    """Note which version a draft has become; it cannot be changed any more.

    Raises
    ------
    NotFound
        If there is no such draft.
    DraftChanged
        If it has another revision by now.
    Conflict
        If it is not open.
    """
    row = _locked(session, draft_id, revision)
    row.state = DraftState.PUBLISHED.value
    row.published_version = version
    _changed(row, utc_now())
    session.flush()
    return _draft(row, _moves(session, row))


def move_place(draft: str, number: int) -> str:
    """Return the place to which a move is sealed."""
    return f"draft_moves/{draft}/{number}"


def _locked(session: TenantSession, draft_id: str, revision: int) -> DraftRow:
    row = _row(session, draft_id, lock=True)
    if row.state != DraftState.OPEN:
        raise Conflict(f"The draft is {row.state} already.")
    if row.revision != revision:
        raise DraftChanged
    return row


def _changed(row: DraftRow, now: datetime) -> None:
    row.revision += 1
    row.changed_at = now


def _row(session: TenantSession, draft_id: str, *, lock: bool = False) -> DraftRow:
    query = select(DraftRow).where(DraftRow.id == draft_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound("draft")
    return row


def _moves(session: TenantSession, row: DraftRow) -> tuple[MadeMove, ...]:
    query = select(DraftMoveRow).where(DraftMoveRow.draft == row.id).order_by(DraftMoveRow.number)
    return tuple(
        MadeMove(
            number=each.number,
            content=_opened(session, each),
            document=each.document,
            plan=each.plan,
            made_by=each.made_by,
            made_at=each.made_at,
        )
        for each in session.scalars(query)
    )


def _opened(session: TenantSession, row: DraftMoveRow) -> Mapping[str, Any]:
    place = move_place(row.draft, row.number)
    text = session.cipher.open(row.content, organisation=row.organisation, place=place)
    content: Mapping[str, Any] = json.loads(text)
    return content


def _draft(row: DraftRow, moves: Sequence[MadeMove]) -> Draft:
    return Draft(
        id=row.id,
        organisation=row.organisation,
        scenario=row.scenario,
        base_version=row.base_version,
        base_document=row.document,
        base_plan=row.plan,
        state=DraftState(row.state),
        revision=row.revision,
        moves=tuple(moves),
        published_version=row.published_version,
        created_by=row.created_by,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
