"""``/v1/vroom``: VROOM's JSON in and out, so that a dispatch system need change one address."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from optimizer.domain import Plan
from optimizer.formats import vroom_solution
from optimizer.options import SolveOptions
from service.api.bodies import Body
from service.api.contract import answers, body, example, json_answer
from service.api.documents import work_out
from service.api.faults import TooBusy
from service.api.guard import Writer
from service.api.jobs import accept, result_of, wait_for
from service.api.parts import Parts, Service
from service.api.repetition import repeatable
from service.auth.permissions import Principal
from service.documents.work import routing
from service.jobs.kinds.solve import parameters_of
from service.jobs.states import Lane
from service.jobs.store import Job, request_cancel

router = APIRouter(prefix="/v1", tags=["vroom"])

GRACE_SECONDS = 10.0
"Beside the time of the search: to wait in the lane, to begin and to verify."


@router.post(
    "/vroom",
    response_class=JSONResponse,
    responses=answers(409, 413, 415, ok={200: json_answer(None, "VROOM's output.")}),
    openapi_extra=repeatable(
        body("VroomProblem", example("vroom"), "VROOM's input; see docs/service.md.")
    ),
)
async def vroom(
    request: Request,
    caller: Writer,
    service: Service,
    text: Body,
    seconds: Annotated[float, Query(gt=0, le=30)] = 2.0,
    seed: Annotated[int, Query(ge=0, le=2**31 - 1)] = 1,
) -> JSONResponse:
    """Solve a routing problem and answer as VROOM does."""
    began = time.monotonic()
    problem, document = await work_out(service, caller, routing, text)
    # VROOM's answer has no place for a bound.
    options = SolveOptions(seconds=seconds, seed=seed, proof=0)
    write = service.bulkheads.writes.run
    job = await write(
        caller.organisation, _accept, service, caller, request, text, document, options
    )
    job = await wait_for(service, caller, job, seconds + GRACE_SECONDS)
    if not job.has_result:
        await write(caller.organisation, _give_up, service, caller, job)
        raise TooBusy
    read = service.bulkheads.reads.run
    result = await read(caller.organisation, result_of, service, caller, job)
    plan = Plan.model_validate(result["plan"])
    spent = round((time.monotonic() - began) * 1000)
    return JSONResponse(vroom_solution(problem, plan, solving_ms=spent))


def _accept(
    service: Parts,
    caller: Principal,
    request: Request,
    text: bytes,
    document: bytes,
    options: SolveOptions,
) -> Job:
    return accept(
        service,
        caller,
        request,
        text,
        kind="solve",
        document=document,
        parameters=parameters_of(options),
        lane=Lane.INTERACTIVE,
    )


def _give_up(service: Parts, caller: Principal, job: Job) -> None:
    if job.is_final:
        return
    with service.database.session(caller.organisation) as session:
        request_cancel(session, job.id)
