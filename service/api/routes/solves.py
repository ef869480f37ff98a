"""``/v1/solves``: ask for a plan, see how far it is, stop it, give it up."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from optimizer.options import Engine, SolveOptions
from service.api.bodies import Body
from service.api.contract import answers, body, example, json_answer
from service.api.documents import work_out_and_write
from service.api.guard import Reader, Writer
from service.api.jobs import (
    JobId,
    accept,
    accepted,
    find,
    result_of,
    show,
    wait_for,
)
from service.api.parts import Parts, Service
from service.api.preferences import wait_seconds
from service.api.repetition import repeatable
from service.api.shapes import JobDocument, JobList
from service.api.threads import BlockingRoute
from service.auth.permissions import Principal
from service.documents.limits import LimitExceeded
from service.documents.work import ForEngine, for_engine
from service.jobs.kinds.solve import options_of, parameters_of
from service.jobs.states import JobState, Lane
from service.jobs.store import Job, list_jobs, read_result, request_cancel, request_stop

router = APIRouter(prefix="/v1/solves", tags=["solves"], route_class=BlockingRoute)

KIND = "solve"
ADDRESS = "/v1/solves"

_JOB = json_answer("JobDocument", "The job, which may be over already.")


class SolveQuery(BaseModel):
    """How a scenario is to be solved, and where it waits."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False
    )

    seconds: Annotated[float, Field(gt=0)] | None = None
    "Time limit in seconds; 10 if neither it nor a number of iterations is given."
    iterations: Annotated[int, Field(ge=0, le=10**9)] | None = None
    "Steps of the search; with it, seed and workers fix the plan."
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1
    "Random seed."
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    "Threads of the solve."
    engine: Engine = "auto"
    "`search`, `cp-sat` (the exact model), or `auto`: chosen by the size of the problem."
    start: Annotated[str, Query(pattern=r"^job_[0-9a-z]{26}$")] | None = None
    "Id of an earlier solve whose plan to begin from."
    lane: Lane | None = None
    "Where it waits; `interactive` if the request waits for it, else `roster`."

    def options(self) -> SolveOptions:
        """Return what the work needs to know."""
        return options_of(self.model_dump())


@router.post(
    "",
    status_code=202,
    response_model=JobDocument,
    responses=answers(404, 409, 413, 415, ok={200: _JOB}),
    openapi_extra=repeatable(
        body("Scenario", example("scenario"), "The scenario, as `homecare solve` reads it.")
    ),
)
async def solve(
    request: Request,
    caller: Writer,
    service: Service,
    query: Annotated[SolveQuery, Query()],
    text: Body,
) -> JSONResponse:
    """Ask for a plan.

    `Prefer: wait=20` waits for it; an `Idempotency-Key` makes a repetition harmless. The same
    scenario and options give an earlier result unless `Cache-Control: no-cache` says otherwise.
    """
    waited = wait_seconds(request, service.settings)
    options = query.options()
    insist_on_limits(service, options)
    accepting = partial(_accept, service, caller, request, query, options, text)
    job, shown = await work_out_and_write(service, caller, for_engine, text, accepting)
    if waited and not job.is_final:
        job = await wait_for(service, caller, job, waited)
        showing = partial(_shown, service, caller, job, with_plan=True)
        shown = await service.bulkheads.reads.run(caller.organisation, showing)
    return accepted(shown, job, waited)


def _accept(
    service: Parts,
    caller: Principal,
    request: Request,
    query: SolveQuery,
    options: SolveOptions,
    text: bytes,
    scenario: ForEngine,
) -> tuple[Job, dict[str, object]]:
    start = None if query.start is None else find(service, caller, query.start, KIND)
    warm = None
    if start is not None:
        result_of(service, caller, start)
        with service.database.session(caller.organisation, read_only=True) as session:
            warm = read_result(session, start)
    waits = wait_seconds(request, service.settings) is not None
    job = accept(
        service,
        caller,
        request,
        text,
        kind=KIND,
        document=scenario.document,
        source=text if scenario.has_records else None,
        parameters=parameters_of(options),
        lane=query.lane or (Lane.INTERACTIVE if waits else Lane.ROSTER),
        warm_start=warm,
    )
    return job, _shown(service, caller, job, with_plan=waits)


def insist_on_limits(service: Parts, options: SolveOptions) -> None:
    """Refuse more time or threads than this installation gives.

    Raises
    ------
    LimitExceeded
        If more is asked for.
    """
    settings = service.settings
    if options.seconds is not None and options.seconds > settings.max_seconds:
        raise LimitExceeded(
            f"A solve may take {settings.max_seconds:g} seconds.",
            limit="max_seconds",
            value=settings.max_seconds,
        )
    if options.workers > settings.workers:
        raise LimitExceeded(
            f"A solve may use {settings.workers} threads.",
            limit="max_workers",
            value=settings.workers,
        )


def _shown(
    service: Parts, caller: Principal, job: Job, *, with_plan: bool = False
) -> dict[str, object]:
    more = {}
    if with_plan and job.has_result:
        more["plan"] = result_of(service, caller, job)["plan"]
    return show(service, caller, job, ADDRESS, **more)


@router.get("", response_model=JobList, responses=answers())
def solves(
    caller: Reader,
    service: Service,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    after: Annotated[str, Query(pattern=r"^job_[0-9a-z]{26}$")] | None = None,
    state: Annotated[list[JobState], Query()] = [],  # noqa: B006 (FastAPI copies it)
) -> JSONResponse:
    """List the solves of the organisation, the newest first, without progress and results."""
    with service.database.session(caller.organisation, read_only=True) as session:
        page = list_jobs(session, limit=limit, after=after, states=state, kinds=[KIND])
    items = [show(service, caller, job, ADDRESS, brief=True) for job in page.items]
    return JSONResponse({"items": items, "next": page.next})


@router.get("/{job_id}", response_model=JobDocument, responses=answers(404))
def solve_by_id(caller: Reader, service: Service, job_id: JobId) -> JSONResponse:
    """Say how far a solve is, and what is known of its result."""
    return JSONResponse(_shown(service, caller, find(service, caller, job_id, KIND)))


@router.post(
    "/{job_id}/stop", status_code=202, response_model=JobDocument, responses=answers(404, 409)
)
def stop(caller: Writer, service: Service, job_id: JobId) -> JSONResponse:
    """End a solve and keep its best plan so far; it takes effect within a second."""
    find(service, caller, job_id, KIND)
    with service.database.session(caller.organisation) as session:
        job = request_stop(session, job_id)
    return JSONResponse(_shown(service, caller, job), status_code=202)


@router.delete(
    "/{job_id}", status_code=202, response_model=JobDocument, responses=answers(404, 409)
)
def cancel(caller: Writer, service: Service, job_id: JobId) -> JSONResponse:
    """End a solve and keep nothing of it; it takes effect within a second."""
    find(service, caller, job_id, KIND)
    with service.database.session(caller.organisation) as session:
        job = request_cancel(session, job_id)
    return JSONResponse(_shown(service, caller, job), status_code=202)
