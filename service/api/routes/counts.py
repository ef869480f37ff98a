"""``/v1/counts``: how many visits a scenario has, counted by a worker."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from service.api.bodies import Body
from service.api.contract import answers, body, example
from service.api.documents import document_for_engine, read_scenario
from service.api.guard import Reader, Writer
from service.api.jobs import JobId, accept, accepted, find, show
from service.api.parts import Service
from service.api.shapes import JobDocument

router = APIRouter(prefix="/v1/counts", tags=["counts"])

ADDRESS = "/v1/counts"


@router.post(
    "",
    status_code=202,
    response_model=JobDocument,
    responses=answers(409, 413, 415),
    openapi_extra=body("Scenario", example("scenario")),
)
def count(request: Request, caller: Writer, service: Service, text: Body) -> JSONResponse:
    """Ask for a count."""
    document = document_for_engine(read_scenario(service, text))
    job = accept(service, caller, request, text, kind="count", document=document, parameters={})
    return accepted(show(service, caller, job, ADDRESS), job, None)


@router.get("/{job_id}", response_model=JobDocument, responses=answers(404))
def count_of(job_id: JobId, caller: Reader, service: Service) -> JSONResponse:
    """Say whether it is done."""
    job = find(service, caller, job_id, "count")
    return JSONResponse(show(service, caller, job, ADDRESS))
