"""What was told of a month, kept so that several exports together tell no more than each.

Between two answers about the same month a plan may have been put in force. Whoever subtracts one
from the other learns of those by whom they differ; so a new one is told only if that are nobody or
many, and the earlier one again otherwise.

References
----------
D. E. Denning, P. J. Denning, M. D. Schwartz (1979), The tracker: a threat to statistical database
security. ACM Transactions on Database Systems 4(1), 76-96.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from optimizer.disclosure import Release, suppressed_beside
from service.audit_log import lock_log
from service.database.clock import utc_now
from service.database.engine import Database
from service.database.scope import DISTRICT, SYSTEM
from service.database.secrets import Secrets
from service.database.tenancy import TenantSession
from service.idempotency import SNAPSHOTS, AnswerRow, answer_place
from service.people.exports import Caseload, Cell, Division, cells_of, members_of
from service.people.pseudonyms import pseudonym

MOST = 12
"Answers about one month that differ; then the last one stays."


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was told of a month at one time.

    Attributes
    ----------
    cells
        Of each division, as they were told.
    release
        Who was counted where, under pseudonyms, and what was left open.
    """

    cells: Mapping[Division, Sequence[Cell]]
    release: Release[Division, str]


def tell(database: Database, caseloads: Sequence[Caseload], month: str) -> Snapshot:
    """Return what may be told of a month now, and keep it.

    Parameters
    ----------
    database
        Where snapshots are.
    caseloads
        Each client of the month once.
    month
        Such as ``2026-03``.
    """
    with database.session(SYSTEM, read_only=True) as session:
        earlier = snapshots_of(session, month)
    while True:
        # Worked out while nobody has to wait for it.
        snapshot = released(caseloads, earlier, database.secrets)
        if earlier and snapshot is earlier[-1]:
            return snapshot
        with database.session(SYSTEM) as session:
            lock_log(session)
            present = snapshots_of(session, month)
            if len(present) == len(earlier):
                keep_snapshot(session, month, len(earlier), snapshot)
                return snapshot
        earlier = present  # Another process has told something meanwhile.


def released(
    caseloads: Sequence[Caseload], earlier: Sequence[Snapshot], secrets: Secrets
) -> Snapshot:
    """Return what may be told now: something new, or the last of what was told before.

    Parameters
    ----------
    caseloads
        Each client once.
    earlier
        What was told of the same month, the oldest first.
    secrets
        Those of the installation, for pseudonyms.
    """
    members = {
        division: {
            cell: frozenset(pseudonym(secrets, each.organisation, each.client) for each in those)
            for cell, those in members_of(caseloads, division).items()
        }
        for division in Division
    }
    if earlier and (earlier[-1].release.members == members or len(earlier) >= MOST):
        return earlier[-1]
    release = suppressed_beside(members, [each.release for each in earlier])
    if release is None:
        return earlier[-1]
    told = {
        division: cells_of(members_of(caseloads, division), release.gaps[division])
        for division in Division
    }
    return Snapshot(told, release)


def snapshots_of(session: TenantSession, month: str) -> Sequence[Snapshot]:
    """Return what was told of a month, the oldest first; the session is of scope `SYSTEM`."""
    query = (
        select(AnswerRow)
        .where(AnswerRow.organisation == DISTRICT, AnswerRow.key.startswith(f"{SNAPSHOTS}{month}/"))
        .order_by(AnswerRow.key)
    )
    return [
        _parsed(
            session.cipher.open(row.content, organisation=DISTRICT, place=answer_place(row.key))
        )
        for row in session.scalars(query)
    ]


def keep_snapshot(session: TenantSession, month: str, number: int, snapshot: Snapshot) -> None:
    """Keep what is told from now on; `number` were told before."""
    key = f"{SNAPSHOTS}{month}/{number:04}"
    content = _written(snapshot)
    session.add(
        AnswerRow(
            organisation=DISTRICT,
            key=key,
            body_digest=month,
            content=session.cipher.seal(content, organisation=DISTRICT, place=answer_place(key)),
            created_at=utc_now(),
        )
    )


def _written(snapshot: Snapshot) -> bytes:
    release = snapshot.release
    content = {
        "cells": {one: [asdict(cell) for cell in cells] for one, cells in snapshot.cells.items()},
        "members": {
            one: {cell: sorted(those) for cell, those in members.items()}
            for one, members in release.members.items()
        },
        "gaps": {one: sorted(gaps) for one, gaps in release.gaps.items()},
    }
    return json.dumps(content, ensure_ascii=False).encode()


def _parsed(content: bytes) -> Snapshot:
    found: dict[str, Any] = json.loads(content)
    return Snapshot(
        {Division(one): [Cell(**cell) for cell in cells] for one, cells in found["cells"].items()},
        Release(
            {
                Division(one): {cell: frozenset(those) for cell, those in members.items()}
                for one, members in found["members"].items()
            },
            {Division(one): frozenset(gaps) for one, gaps in found["gaps"].items()},
        ),
    )
