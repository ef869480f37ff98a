"""``/v1/solves/{id}/explanations``: why visits are left out, what would help, why this carer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from optimizer.i18n import Lang
from service.api.contract import answers, json_answer
from service.api.faults import InvalidRequest
from service.api.guard import Reader
from service.api.jobs import JobId, find, insist_on_result
from service.api.matching import PlainRoute
from service.api.parts import Parts, Service
from service.auth.permissions import Principal
from service.documents.work import Asked, explained
from service.jobs.store import Job, read_document, read_result

router = APIRouter(prefix="/v1/solves/{job_id}", tags=["solves"], route_class=PlainRoute)

VisitId = Annotated[str, Query(min_length=1, max_length=80, pattern=r"^[^\s/]+$")]


@router.get(
    "/explanations",
    response_class=Response,
    responses=answers(
        404, 409, ok={200: json_answer(None, "As `homecare explain --json` answers.")}
    ),
)
async def explanations(
    caller: Reader,
    service: Service,
    job_id: JobId,
    visit: Annotated[list[VisitId], Query(max_length=20)] = [],  # noqa: B006 (FastAPI copies it)
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    lang: Lang = "en",
) -> Response:
    """Explain the visits named, served or not, or else the first unserved ones.

    `more_unserved` says how many unserved visits are not explained in this answer.
    """
    read = service.bulkheads.reads.run
    job = await read(caller.organisation, find_finished, service, caller, job_id)

    async def work_out() -> bytes | None:
        # It takes as long as a write, though its method does not say so.
        service.rates.take(caller.key_id)
        document, plan = await read(caller.organisation, _stored, service, caller, job)
        asked = Asked(document, plan, tuple(visit), limit, lang)
        head = service.bulkheads.explanations
        do = service.workroom.do
        return await head.run(caller.organisation, do, explained, asked, 4 * len(document))

    question = (caller.organisation, job.id, tuple(visit), limit, lang)
    answer = await service.kept.answer(question, work_out)
    if answer is None:
        words = "visit: names a visit that the scenario does not have."
        raise InvalidRequest([("#visit", "unknown-visit", words)])
    return Response(answer, media_type="application/json")


def find_finished(service: Parts, caller: Principal, job_id: str) -> Job:
    """Return a solve that has a plan.

    Raises
    ------
    NotFound
        If there is none of this id.
    NotReady
        If it has no plan.
    """
    job = find(service, caller, job_id, "solve")
    insist_on_result(job)
    return job


def _stored(service: Parts, caller: Principal, job: Job) -> tuple[bytes, bytes]:
    with service.database.session(caller.organisation, read_only=True) as session:
        return read_document(session, job), read_result(session, job)
