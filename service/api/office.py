"""From the documents of the purchaser's office to a decision, and on request into the ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from optimizer.domain import Entry, EntryBody
from service.api.bodies import Body
from service.api.contract import answers, body, example, json_answer
from service.api.guard import requires
from service.api.parts import Parts, Service
from service.auth.permissions import Permission, Principal
from service.database.scope import SYSTEM
from service.documents.evidence import SentEvidence
from service.documents.office import Decided
from service.documents.office_body import OfficeSent
from service.documents.workroom import LARGE
from service.office.evidence import evidence_in
from service.office.ledger import enter

Made = TypeVar("Made")
Handler = TypeVar("Handler", bound=Callable[..., Any])

ID = r"^[^\s/]{1,80}$"
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


@dataclass(frozen=True, slots=True)
class Entering:
    """Whether a decision is entered in the district's ledger.

    Attributes
    ----------
    enter
        Whether it is.
    correct
        Why an earlier decision about the same is corrected; None if none may be.
    """

    enter: bool
    correct: str | None


async def entering(
    enter: Annotated[
        bool, Query(description="Whether it is entered in the district's ledger.")
    ] = False,
    correct: Annotated[
        str | None,
        Query(
            min_length=3,
            max_length=200,
            description="Why an earlier decision about the same is corrected; with `enter` only.",
        ),
    ] = None,
) -> Entering:
    """Return what a request says of the ledger; a coroutine, so that no thread is taken for it."""
    return Entering(enter, correct)


ToBeEntered = Annotated[Entering, Depends(entering)]
"What a route that decides takes beside its documents."


@dataclass(frozen=True, slots=True)
class Desk:
    """Documents of the office that somebody has sent who may.

    Attributes
    ----------
    parts, caller, text
        The service, who has sent them, and the body as it came.
    """

    parts: Parts
    caller: Principal
    text: bytes

    async def made(
        self,
        function: Callable[[OfficeSent], Made],
        *,
        evidence: str | None = None,
        claimed: EntryBody | None = None,
        **options: str | int | None,
    ) -> Made:
        """Return what a function makes of the documents, in the lane for documents.

        Parameters
        ----------
        function
            As for `Workroom.do`.
        evidence
            Of which scenario evidence stands for deliveries.
        claimed, options
            As the function is given them.

        Raises
        ------
        HomecareError
            What the function raises, or that it takes too much.
        TooBusy
            If too many are waiting.
        """
        heads, who = self.parts.bulkheads, self.caller.organisation
        found: tuple[SentEvidence, ...] = ()
        if evidence is not None:
            found = await heads.reads.run(who, _evidence, self.parts, evidence)
        size = len(self.text) + sum(len(one.document) for one in found)
        head = heads.documents if size < LARGE else heads.large
        given = {"evidence": evidence, **options}
        sent = OfficeSent(self.text, self.parts.office_limits, found, given, claimed)
        return await head.run(who, self.parts.workroom.do, function, sent, size)

    async def answered(
        self, function: Callable[[OfficeSent], Mapping[str, Any]], **options: Any
    ) -> Response:
        """Return what a function makes of the documents as an answer; as `made` otherwise."""
        return as_json(await self.made(function, **options))

    async def decided(
        self, function: Callable[[OfficeSent], Decided], entering: Entering, **options: Any
    ) -> Response:
        """Return the answer of a decision, once it is entered if that is asked for.

        Raises
        ------
        Conflict
            If something else was decided about the same.
        """
        decision = await self.made(function, **options)
        document = decision.document
        if entering.enter:
            entry = await self.parts.bulkheads.writes.run(
                self.caller.organisation, self._enter, decision, entering.correct
            )
            document["entry"] = {"number": entry.body.number, "hash": entry.hash}
        return as_json(document)

    def _enter(self, decision: Decided, correct: str | None) -> Entry:
        return enter(
            self.parts.database,
            decision.draft,
            decision.told,
            correcting=correct,
            actor=self.caller.key_id,
        )


def desk(permission: Permission) -> Any:
    """Return the dependency with which a route declares its permission and takes documents."""
    allowed = requires(permission)

    # In this order: whoever may not sends nothing.
    async def sat(*, caller: Principal = allowed, service: Service, text: Body) -> Desk:
        return Desk(service, caller, text)

    return Depends(sat)


Purchaser = Annotated[Desk, desk(Permission.OFFICE_DECIDE)]
"Documents of whoever decides."
Assessor = Annotated[Desk, desk(Permission.OFFICE_ASSESS)]
"Documents of whoever evaluates."
Auditor = Annotated[Desk, desk(Permission.OFFICE_AUDIT)]
"Documents of whoever checks the ledger."


def takes_documents(
    router: APIRouter,
    path: str,
    schema: str,
    *shown: str,
    answer: str | dict[str, Any],
    statuses: tuple[int, ...] = (),
) -> Callable[[Handler], Handler]:
    """Declare a route that takes documents of the office.

    Parameters
    ----------
    router, path
        Where.
    schema, shown
        Name of the body's schema, and these parts of the shipped example.
    answer
        Whose answer it gives, such as ``homecare office admit``; or what the contract says.
    statuses
        Problems that it can tell beside those of every route with a body.
    """
    parts = example("office")
    if isinstance(answer, str):
        answer = json_answer(None, f"As `{answer} --json` answers, with warnings.")
    return router.post(
        path,
        response_class=Response,
        responses=answers(*statuses, 413, 415, ok={200: answer}),
        openapi_extra=body(schema, {name: parts[name] for name in shown}),
    )


def as_json(document: Mapping[str, Any]) -> Response:
    """Return an answer as JSON without blanks."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(text, media_type="application/json")


def _evidence(parts: Parts, scenario: str) -> tuple[SentEvidence, ...]:
    with parts.database.session(SYSTEM, read_only=True) as session:
        found = evidence_in(session, scenario)
    return tuple(SentEvidence(one.organisation, one.document) for one in found)
