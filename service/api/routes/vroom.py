"""``/v1/vroom``: VROOM's JSON in and out, so that a dispatch system need change one address."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from optimizer.domain import Plan
from optimizer.formats import VroomProblem, format_scenario, parse_vroom, vroom_solution
from optimizer.options import SolveOptions
from service.api.bodies import Body
from service.api.contract import answers, body, example, json_answer
from service.api.documents import excesses, in_turn, look_ahead
from service.api.faults import LimitExceeded, TooBusy
from service.api.guard import Writer
from service.api.jobs import accept, result_of, wait_for
from service.api.parts import Parts, Service
from service.api.repetition import repeatable
from service.auth.permissions import Principal
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
    problem = await run_in_threadpool(_read, service, text)
    # VROOM's answer has no place for a bound.
    options = SolveOptions(seconds=seconds, seed=seed, proof=0)
    job = await run_in_threadpool(_accept, service, caller, request, text, problem, options)
    job = await wait_for(service, caller, job, seconds + GRACE_SECONDS)
    if not job.has_result:
        await run_in_threadpool(_give_up, service, caller, job)
        raise TooBusy
    result = await run_in_threadpool(result_of, service, caller, job)
    plan = Plan.model_validate(result["plan"])
    spent = round((time.monotonic() - began) * 1000)
    return JSONResponse(vroom_solution(problem, plan, solving_ms=spent))


def _read(service: Parts, text: bytes) -> VroomProblem:
    with in_turn(service, len(text)):
        look_ahead(service.settings, text)
        problem = parse_vroom(text, "problem")
    for message, limit, value in excesses(service.settings, problem.scenario):
        raise LimitExceeded(message, limit=limit, value=value)
    return problem


def _accept(
    service: Parts,
    caller: Principal,
    request: Request,
    text: bytes,
    problem: VroomProblem,
    options: SolveOptions,
) -> Job:
    return accept(
        service,
        caller,
        request,
        text,
        kind="solve",
        document=format_scenario(problem.scenario).encode(),
        parameters=parameters_of(options),
        lane=Lane.INTERACTIVE,
    )


def _give_up(service: Parts, caller: Principal, job: Job) -> None:
    if job.is_final:
        return
    with service.database.session(caller.organisation) as session:
        request_cancel(session, job.id)
