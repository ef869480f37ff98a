"""``/v1/studies``: what happens when hands are short; a district's own question, a job for long."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from service.api.bodies import Body
from service.api.contract import answers, body, example, json_answer
from service.api.documents import work_out
from service.api.guard import requires
from service.api.jobs import JobId, accept, accepted, find, show, wait_for
from service.api.parts import Parts, Service
from service.api.preferences import wait_seconds
from service.api.repetition import repeatable
from service.api.shapes import JobDocument, JobList
from service.api.threads import BlockingRoute
from service.auth.permissions import Permission, Principal
from service.documents.studies import study_sent
from service.jobs.states import JobState
from service.jobs.store import Job, list_jobs, request_cancel, request_stop

router = APIRouter(prefix="/v1/studies", tags=["studies"], route_class=BlockingRoute)

District = Annotated[Principal, requires(Permission.STUDIES_RUN)]

KIND = "study"
ADDRESS = "/v1/studies"

_EXAMPLE = {"scenario": example("scenario"), "study": example("study")}


@router.post(
    "",
    status_code=202,
    response_model=JobDocument,
    responses=answers(409, 413, 415, ok={200: json_answer("JobDocument", "The study is over.")}),
    openapi_extra=repeatable(body("ScenarioAndStudy", _EXAMPLE)),
)
async def study(request: Request, caller: District, service: Service, text: Body) -> JSONResponse:
    """Ask for a study of a scenario; futures are drawn, solved and counted one after the other."""
    waited = wait_seconds(request, service.settings)
    document = await work_out(service, caller, study_sent, text)
    write, read = service.bulkheads.writes.run, service.bulkheads.reads.run
    job = await write(caller.organisation, _accepted, service, caller, request, text, document)
    if waited and not job.is_final:
        job = await wait_for(service, caller, job, waited)
    return accepted(await read(caller.organisation, _shown, service, caller, job), job, waited)


def _accepted(
    service: Parts, caller: Principal, request: Request, text: bytes, document: bytes
) -> Job:
    return accept(service, caller, request, text, kind=KIND, document=document, parameters={})


def _shown(
    service: Parts, caller: Principal, job: Job, *, brief: bool = False
) -> dict[str, object]:
    return show(service, caller, job, ADDRESS, brief=brief, hidden=(), links=("stop",))


@router.get("", response_model=JobList, responses=answers())
def studies(
    caller: District,
    service: Service,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    after: Annotated[str, Query(pattern=r"^job_[0-9a-z]{26}$")] | None = None,
    state: Annotated[list[JobState], Query()] = [],  # noqa: B006 (FastAPI copies it)
) -> JSONResponse:
    """List the studies of the district, the newest first, without progress and results."""
    with service.database.session(caller.organisation, read_only=True) as session:
        page = list_jobs(session, limit=limit, after=after, states=state, kinds=[KIND])
    items = [_shown(service, caller, job, brief=True) for job in page.items]
    return JSONResponse({"items": items, "next": page.next})


@router.get("/{job_id}", response_model=JobDocument, responses=answers(404))
def study_by_id(caller: District, service: Service, job_id: JobId) -> JSONResponse:
    """Say how many futures are there (`iterations` of the progress), and what they come to."""
    return JSONResponse(_shown(service, caller, find(service, caller, job_id, KIND)))


@router.post(
    "/{job_id}/stop", status_code=202, response_model=JobDocument, responses=answers(404, 409)
)
def stop(caller: District, service: Service, job_id: JobId) -> JSONResponse:
    """End a study; what is there counts."""
    find(service, caller, job_id, KIND)
    with service.database.session(caller.organisation) as session:
        job = request_stop(session, job_id)
    return JSONResponse(_shown(service, caller, job), status_code=202)


@router.delete(
    "/{job_id}", status_code=202, response_model=JobDocument, responses=answers(404, 409)
)
def cancel(caller: District, service: Service, job_id: JobId) -> JSONResponse:
    """End a study and keep nothing of it."""
    find(service, caller, job_id, KIND)
    with service.database.session(caller.organisation) as session:
        job = request_cancel(session, job_id)
    return JSONResponse(_shown(service, caller, job), status_code=202)
