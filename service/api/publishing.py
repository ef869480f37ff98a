"""Putting a roster in force: over the version that was seen, once, with news of what changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Request
from pydantic import BaseModel

from service.api.guard import requires
from service.api.parts import Parts
from service.api.repetition import once
from service.api.rosters import ask, in_force
from service.auth.permissions import Permission, Principal
from service.database.faults import NotFound
from service.database.tenancy import TenantSession
from service.documents.desk import RosterKey, StoredRoster
from service.documents.rosters import Changed, changed_visits
from service.jobs.plans import Outdated, Published, publish
from service.jobs.store import Job

Publisher = Annotated[Principal, requires(Permission.PLANS_PUBLISH)]

TRIES = 3
"Times that a roster is compared with the one in force, if others publish meanwhile."


class PublishedDocument(BaseModel):
    """The plan that is in force for a scenario."""

    scenario: str
    job: str
    version: int
    published_by: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Publication:
    """A roster that is to be put in force.

    Attributes
    ----------
    scenario, roster
        Of which scenario, and what it is; with its documents where it is stored nowhere yet.
    keep
        Returns its job, in the transaction in which it is published.
    over
        Version that it replaces: 0 for none, None for whichever is in force.
    then
        Is told the version, in the same transaction.
    """

    scenario: str
    roster: RosterKey | StoredRoster
    keep: Callable[[TenantSession], Job]
    over: int | None = None
    then: Callable[[TenantSession, int], object] = lambda _session, _version: None


async def publish_roster(
    parts: Parts, caller: Principal, request: Request, body: bytes, publication: Publication
) -> PublishedDocument:
    """Put a roster in force, write it into the log, and tell webhooks; all or nothing.

    Parameters
    ----------
    parts, caller, request, body
        Of the request; the last three decide what is a repetition.
    publication
        What is put in force.

    Raises
    ------
    Outdated
        If another version is in force than the one it replaces.
    """
    for left in reversed(range(TRIES)):
        read = parts.bulkheads.reads.run
        now = await read(caller.organisation, _now, parts, caller, publication.scenario)
        changes: Sequence[Changed] = ()
        if now is not None and publication.over in {None, now[0].version}:
            changes = await ask(parts, caller, changed_visits, (now[1], publication.roster))
        write = parts.bulkheads.writes.run
        seen = 0 if now is None else now[0].version
        given = parts, caller, request, body, publication, seen, changes
        try:
            return await write(caller.organisation, _published, *given)
        except Outdated:
            if publication.over is not None or not left:
                raise
    raise Outdated


def _now(parts: Parts, caller: Principal, scenario: str) -> tuple[Published, RosterKey] | None:
    try:
        return in_force(parts, caller, scenario)
    except NotFound:
        return None


def _published(
    parts: Parts,
    caller: Principal,
    request: Request,
    body: bytes,
    publication: Publication,
    seen: int,
    changes: Sequence[Changed],
) -> PublishedDocument:
    def make(session: TenantSession) -> PublishedDocument:
        made = publish(
            session,
            publication.scenario,
            publication.keep(session),
            by=caller.key_id,
            over=seen if publication.over is None else publication.over,
            changes=[{"visit": each.visit, "change": each.change} for each in changes],
        )
        publication.then(session, made.version)
        return PublishedDocument.model_validate(made, from_attributes=True)

    return once(parts, caller, request, body, PublishedDocument, make)
