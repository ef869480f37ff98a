"""The one place where an error becomes an answer: problem documents of RFC 9457."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from optimizer.errors import Fault, HomecareError, InternalError, InvalidDocument
from service.api.faults import (
    InvalidRequest,
    NotAllowed,
    NotThere,
    RequestError,
    TooBusy,
    TooManyRequests,
)
from service.api.pointers import pointer, pointer_of
from service.api.shapes import Problem, ProblemFault, ProblemLimit
from service.database.faults import StoreUnavailable
from service.documents.limits import MOST_FAULTS, LimitError
from service.operations.context import request_id

MEDIA_TYPE = "application/problem+json"


class ProblemResponse(JSONResponse):
    """A problem document."""

    media_type = MEDIA_TYPE


def problem_of(error: HomecareError) -> Problem:
    """Return the problem document of an error.

    Of a defect only the code is told: its words are for the log.
    """
    detail = str(error)
    faults: list[ProblemFault] = []
    if isinstance(error, InvalidDocument):
        faults = [listed(fault) for fault in error.faults]
        detail = detail.splitlines()[0].removesuffix(":") + "."
    elif isinstance(error, InvalidRequest):
        faults = [
            ProblemFault(pointer=place, code=code, message=message)
            for place, code, message in error.faults
        ]
    elif error.http_status >= 500 and not isinstance(error, TooBusy | StoreUnavailable):
        detail = (type(error).__doc__ or "Something went wrong.").strip().splitlines()[0]
    return Problem(
        type=f"urn:homecare:problem:{error.code}",
        title=HTTPStatus(error.http_status).phrase,
        status=error.http_status,
        detail=detail,
        instance=f"urn:homecare:request:{request_id()}",
        code=error.code,
        faults=faults[:MOST_FAULTS] or None,
        more_faults=max(len(faults) - MOST_FAULTS, 0) or None,
        limit=(
            ProblemLimit(name=error.limit, value=error.value)
            if isinstance(error, LimitError)
            else None
        ),
    )


def problem_response(error: HomecareError) -> ProblemResponse:
    """Return the answer that tells an error."""
    problem = problem_of(error)
    return ProblemResponse(
        problem.model_dump(exclude_none=True),
        status_code=problem.status,
        headers=dict(_headers(error)),
    )


def _headers(error: HomecareError) -> Mapping[str, str]:
    if isinstance(error, TooManyRequests):
        return {"Retry-After": str(error.retry_after)}
    if error.http_status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": 'Bearer realm="homecare"'}
    if error.http_status == HTTPStatus.SERVICE_UNAVAILABLE:
        return {"Retry-After": "5"}
    return {}


def listed(fault: Fault) -> ProblemFault:
    """Return a fault or warning as it is listed, its place as a pointer into the body."""
    # A body that holds several documents names the one in front: ``scenario: clients[0]``.
    document, colon, path = fault.path.rpartition(": ")
    prefix = f"/{document}" if colon else ""
    message = f"{fault.path or 'The document'} {fault.message}"
    where = pointer(path, prefix)
    return ProblemFault(pointer=where, code=fault.code, message=message, record=fault.record)


def of_validation(details: Sequence[Any]) -> InvalidRequest:
    """Return what pydantic says of parameters or of a small body, without any value of them.

    Parameters
    ----------
    details
        Its list of errors, each with ``loc``, ``type`` and ``msg``.
    """
    faults = []
    for detail in details:
        where, *place = detail["loc"]
        place = [step for step in place if step is not None]
        words = detail["msg"][:1].lower() + detail["msg"][1:]
        name = place[-1] if place else "the body"
        code = _CODES.get(detail["type"], "bad-value")
        names = "#" + ".".join(map(str, place))
        at = pointer_of(tuple(place)) if where == "body" else names
        faults.append((at, code, f"{name}: {words}."))
    return InvalidRequest(faults)


_CODES = {"missing": "missing-field", "extra_forbidden": "unknown-field"}


def install_handlers(app: FastAPI) -> None:
    """Answer every error with a problem document."""

    def told(_request: Request, error: Exception) -> ProblemResponse:
        return problem_response(error if isinstance(error, HomecareError) else InternalError())

    def refused(_request: Request, error: Exception) -> ProblemResponse:
        details = error.errors() if isinstance(error, RequestValidationError) else ()
        return problem_response(of_validation(details))

    def unrouted(request: Request, error: Exception) -> ProblemResponse:
        status = error.status_code if isinstance(error, HTTPException) else 500
        response = problem_response(_of_status(status))
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            response.headers["Allow"] = ", ".join(sorted(_methods(app, request.url.path)))
        return response

    app.add_exception_handler(HomecareError, told)
    app.add_exception_handler(RequestValidationError, refused)
    app.add_exception_handler(HTTPException, unrouted)


def _methods(app: FastAPI, path: str) -> set[str]:
    """Return all methods that an address knows."""
    routes = [route for route in app.routes if isinstance(route, APIRoute)]
    return {
        method for route in routes if route.path_regex.match(path) for method in route.methods or ()
    }


def _of_status(status: int) -> HomecareError:
    match status:
        case HTTPStatus.NOT_FOUND:
            return NotThere()
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return NotAllowed()
        case _ if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return RequestError()
    return InternalError()
