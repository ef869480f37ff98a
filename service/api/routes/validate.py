"""``/v1/validate``: everything wrong and everything suspicious; nothing is solved or kept."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from optimizer.errors import Fault, InputError, InvalidDocument
from optimizer.formats import parse_scenario
from optimizer.prepare import Prepared, prepare
from service.api.bodies import Body
from service.api.contract import answers, body, example
from service.api.documents import excesses, in_turn, look_ahead
from service.api.faults import LimitError
from service.api.guard import Writer
from service.api.parts import Parts, Service
from service.api.problems import MOST_FAULTS, listed
from service.api.shapes import ProblemFault, ProblemLimit

router = APIRouter(prefix="/v1", tags=["documents"])

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
def validate(caller: Writer, service: Service, text: Body) -> Validation:  # noqa: ARG001 (guard)
    """Check a scenario: all faults and warnings at once, its size and a time to search."""
    try:
        return _examined(service, text)
    except LimitError as error:
        limit = ProblemLimit(name=error.limit, value=error.value)
        return Validation(valid=False, faults=[], warnings=[], limits=[limit], size=None)
    except InvalidDocument as error:
        faults = [listed(fault) for fault in error.faults[:MOST_FAULTS]]
    except InputError as error:
        faults = [listed(Fault(path="", code=error.code, message=str(error)))]
    return Validation(valid=False, faults=faults, warnings=[], limits=[], size=None)


def _examined(service: Parts, text: bytes) -> Validation:
    with in_turn(service, len(text)):
        look_ahead(service.settings, text)
        prepared = prepare(parse_scenario(text, "scenario"))
        limits = [
            ProblemLimit(name=name, value=value)
            for _, name, value in excesses(service.settings, prepared.scenario)
        ]
        return Validation(
            valid=not limits,
            faults=[],
            warnings=[listed(warning) for warning in prepared.warnings],
            limits=limits,
            size=Size(**_size(prepared)),
        )


def _size(prepared: Prepared) -> dict[str, Any]:
    scenario = prepared.scenario
    return {
        "clients": len(scenario.clients),
        "caregivers": len(scenario.caregivers),
        "days": scenario.horizon.days,
        "visits": len(scenario.visits),
        "suggested_seconds": max(2, round(len(scenario.visits) * SECONDS_PER_VISIT)),
    }
