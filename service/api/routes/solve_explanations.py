"""``/v1/solves/{id}/explanations``: why visits are left out, what would help, why this carer."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from optimizer.domain import Plan
from optimizer.explanation import Insertions, PlanState, explanation, unknown_visits
from optimizer.i18n import Lang
from optimizer.prepare import prepare
from optimizer.report import explain_document
from service.api.contract import answers, json_answer
from service.api.documents import in_turn
from service.api.faults import InvalidRequest
from service.api.guard import Reader
from service.api.jobs import JobId, find, result_of
from service.api.parts import Service
from service.jobs.kinds.solve import scenario_in
from service.jobs.store import read_document

router = APIRouter(prefix="/v1/solves/{job_id}", tags=["solves"])

VisitId = Annotated[str, Query(min_length=1, max_length=80, pattern=r"^[^\s/]+$")]


@router.get(
    "/explanations",
    response_class=JSONResponse,
    responses=answers(
        404, 409, ok={200: json_answer(None, "As `homecare explain --json` answers.")}
    ),
)
def explanations(
    caller: Reader,
    service: Service,
    job_id: JobId,
    visit: Annotated[list[VisitId], Query(max_length=20)] = [],  # noqa: B006 (FastAPI copies it)
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    lang: Lang = "en",
) -> JSONResponse:
    """Explain the visits named, served or not, or else the first unserved ones.

    `more_unserved` says how many unserved visits are not explained in this answer.
    """
    job = find(service, caller, job_id, "solve")
    plan = Plan.model_validate(result_of(service, caller, job)["plan"])
    with service.database.session(caller.organisation, read_only=True) as session:
        document = read_document(session, job)
    with in_turn(service, len(document)):
        return JSONResponse(explained(document, plan, visit, limit, lang))


def explained(
    document: bytes, plan: Plan, visits: list[str], limit: int, lang: Lang
) -> dict[str, Any]:
    """Return the explanations of a plan.

    Raises
    ------
    InvalidRequest
        If a visit does not exist.
    """
    prepared = prepare(scenario_in(document))
    state = PlanState.of(prepared.scenario, plan, prepared.matrices)
    if unknown_visits(state, visits):
        words = "visit: names a visit that the scenario does not have."
        raise InvalidRequest([("#visit", "unknown-visit", words)])
    found = explanation(Insertions(state), visits, limit)
    return {**explain_document(state, found, lang=lang), "more_unserved": found.more_unserved}
