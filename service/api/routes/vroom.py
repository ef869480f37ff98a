"""``/v1/vroom``: VROOM's JSON in and out, so that a dispatch system need change one address."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from optimizer.domain import Plan
from optimizer.formats import VroomProblem, vroom_solution
from optimizer.i18n import Lang, sentence
from optimizer.options import SolveOptions
from service.api.bodies import Body
from service.api.contract import answers, body, example, json_answer
from service.api.documents import work_out
from service.api.faults import TooBusy
from service.api.guard import bearer_basic_or_query, requires
from service.api.jobs import accept, result_of, wait_for
from service.api.matching import PlainRoute
from service.api.parts import Parts, Service
from service.api.repetition import repeatable
from service.auth.permissions import Permission, Principal
from service.documents.work import routing
from service.jobs.kinds.solve import parameters_of
from service.jobs.states import Lane
from service.jobs.store import Job, request_cancel

router = APIRouter(prefix="/v1", tags=["vroom"], route_class=PlainRoute)

VroomCaller = Annotated[Principal, requires(Permission.JOBS_WRITE, bearer_basic_or_query)]

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
    caller: VroomCaller,
    service: Service,
    text: Body,
    seconds: Annotated[float, Query(gt=0, le=30)] = 2.0,
    seed: Annotated[int, Query(ge=0, le=2**31 - 1)] = 1,
    key: Annotated[str | None, Query(max_length=200)] = None,  # noqa: ARG001 (read by the guard)
    lang: Lang = "en",
) -> JSONResponse:
    """Solve a routing problem and answer as VROOM does, with reasons and warnings beside.

    The key may also be the password of `Basic`, or the parameter `key`.
    """
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
    solution = vroom_solution(problem, plan, solving_ms=spent)
    return JSONResponse(
        {**solution, "reasons": reasons(plan, lang), "warnings": warnings(problem, lang)}
    )


def reasons(plan: Plan, lang: Lang) -> list[dict[str, Any]]:
    """Return why each job is unassigned, by its id."""
    return [
        {
            "id": int(one.visit),
            "code": one.reason,
            "reason": sentence(lang, f"reason.{one.reason}"),
        }
        for one in plan.unserved
    ]


def warnings(problem: VroomProblem, lang: Lang) -> list[dict[str, str]]:
    """Return what of a problem was passed over."""
    if not problem.document.options:
        return []
    message = sentence(lang, "vroom.options-unread")
    return [{"pointer": "/options", "code": "unread-field", "message": message}]


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
