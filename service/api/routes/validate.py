"""``/v1/validate``: everything wrong and everything suspicious; nothing is solved or kept."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from optimizer.errors import Fault, InputError, InvalidDocument
from service.api.bodies import Body
from service.api.contract import answers, body, example
from service.api.documents import work_out
from service.api.guard import Writer
from service.api.matching import PlainRoute
from service.api.parts import Service
from service.api.problems import listed
from service.api.shapes import ProblemFault, ProblemLimit
from service.documents.limits import MOST_FAULTS, LimitExceeded
from service.documents.work import Examined, examined

router = APIRouter(prefix="/v1", tags=["documents"], route_class=PlainRoute)

SECONDS_PER_VISIT = 0.05
"Of search, after which plans of a day get better only slowly; see the page on benchmarks."


class Size(BaseModel):
    """How large the problem is, and for how long to search."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    clients: int
    caregivers: int
    days: int
    visits: int
    "Those that follow from health records included."
    suggested_seconds: int
    "After this time plans of such a size get better only slowly, on two cores."


class Validation(BaseModel):
    """What there is to say about a scenario before it is solved."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    valid: bool
    "Whether it would be accepted."
    faults: list[ProblemFault]
    warnings: list[ProblemFault]
    limits: list[ProblemLimit]
    "Limits of this installation that it exceeds."
    size: Size | None
    "Null if it has faults."


@router.post(
    "/validate",
    response_model=Validation,
    responses=answers(413, 415),
    openapi_extra=body("Scenario", example("scenario")),
)
async def validate(caller: Writer, service: Service, text: Body) -> Validation:
    """Check a scenario: faults and warnings, its size and a time to search."""
    try:
        return _told(await work_out(service, caller, examined, text))
    except LimitExceeded as error:
        limit = ProblemLimit(name=error.limit, value=error.value)
        return Validation(valid=False, faults=[], warnings=[], limits=[limit], size=None)
    except InvalidDocument as error:
        faults = [listed(fault) for fault in error.faults[:MOST_FAULTS]]
    except InputError as error:
        faults = [listed(Fault(path="", code=error.code, message=str(error)))]
    return Validation(valid=False, faults=faults, warnings=[], limits=[], size=None)


def _told(found: Examined) -> Validation:
    seconds = max(2, round(found.size["visits"] * SECONDS_PER_VISIT))
    return Validation(
        valid=not found.limits,
        faults=[],
        warnings=[listed(warning) for warning in found.warnings],
        limits=[ProblemLimit(name=each.name, value=each.value) for each in found.limits],
        size=Size(**found.size, suggested_seconds=seconds),
    )
