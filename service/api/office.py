"""From the documents of the purchaser's office to a decision, and on request into the ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from fastapi import Query
from fastapi.responses import Response

from optimizer.domain import EntryBody
from service.api.contract import body, example
from service.api.parts import Parts
from service.auth.permissions import Principal
from service.database.scope import SYSTEM
from service.documents.evidence import SentEvidence
from service.documents.office import Decided
from service.documents.office_body import OfficeSent
from service.documents.workroom import LARGE
from service.office.evidence import evidence_in
from service.office.ledger import enter

Made = TypeVar("Made")

ID = r"^[^\s/]{1,80}$"
Enter = Annotated[bool, Query(description="Whether it is entered in the district's ledger.")]
Correct = Annotated[
    str | None,
    Query(
        min_length=3,
        max_length=200,
        description="Why an earlier decision about the same is corrected; with `enter` only.",
    ),
]
EvidenceOf = Annotated[
    str | None,
    Query(
        alias="evidence",
        pattern=ID,
        description=(
            "Id of the scenario whose evidence, as organisations have sent it, stands for "
            "deliveries; the answer holds it then."
        ),
    ),
]


def office_body(schema: str, *names: str) -> dict[str, Any]:
    """Return what a route says of its body: a schema, and these parts of the example.

    Parameters
    ----------
    schema
        Name of the schema.
    names
        Documents of the shipped example.
    """
    shown = example("office")
    return body(schema, {name: shown[name] for name in names})


async def office_work(
    parts: Parts,
    caller: Principal,
    function: Callable[[OfficeSent], Made],
    text: bytes,
    *,
    evidence: str | None = None,
    options: Mapping[str, str | bool | None] | None = None,
    claimed: EntryBody | None = None,
) -> Made:
    """Return what a function makes of documents of the office, in the lane for documents.

    Parameters
    ----------
    parts, caller, function, text
        As for `work_out`.
    evidence
        Of which scenario evidence stands for deliveries.
    options, claimed
        As the function is given them.

    Raises
    ------
    HomecareError
        What the function raises, or that it takes too much.
    TooBusy
        If too many are waiting.
    """
    heads = parts.bulkheads
    found: tuple[SentEvidence, ...] = ()
    if evidence is not None:
        found = await heads.reads.run(caller.organisation, _evidence, parts, evidence)
    size = len(text) + sum(len(one.document) for one in found)
    head = heads.documents if size < LARGE else heads.large
    given = {"evidence": evidence, **(options or {})}
    sent = OfficeSent(text, parts.office_limits, found, given, claimed)
    return await head.run(caller.organisation, parts.workroom.do, function, sent, size)


async def decided(
    parts: Parts, caller: Principal, decision: Decided, *, is_entered: bool, correct: str | None
) -> Response:
    """Return the answer of a decision, once it is entered if that is asked for.

    Raises
    ------
    Conflict
        If something else was decided about the same.
    """
    document = decision.document
    if is_entered:
        entry = await parts.bulkheads.writes.run(
            caller.organisation, _enter, parts, caller, decision, correct
        )
        document["entry"] = {"number": entry.body.number, "hash": entry.hash}
    return as_json(document)


def as_json(document: Mapping[str, Any]) -> Response:
    """Return an answer as JSON without blanks."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(text, media_type="application/json")


def _enter(parts: Parts, caller: Principal, decision: Decided, correct: str | None) -> Any:
    return enter(
        parts.database, decision.draft, decision.told, correcting=correct, actor=caller.key_id
    )


def _evidence(parts: Parts, scenario: str) -> tuple[SentEvidence, ...]:
    with parts.database.session(SYSTEM, read_only=True) as session:
        found = evidence_in(session, scenario)
    return tuple(SentEvidence(one.organisation, one.document) for one in found)
