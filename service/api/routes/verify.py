"""``/v1/verify``: judge any plan, whoever made it; nothing is kept."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from optimizer.errors import InvalidDocument
from optimizer.formats import check_plan, parse_plan
from optimizer.i18n import Lang
from optimizer.report import Roster, verdict_document
from optimizer.verification import verify as verify_plan
from service.api.bodies import Body, documents_in
from service.api.contract import answers, body, example, json_answer
from service.api.documents import in_turn, look_ahead, read_scenario, under
from service.api.guard import Writer
from service.api.parts import Service
from service.api.problems import listed

router = APIRouter(prefix="/v1", tags=["documents"])

_EXAMPLE = {"scenario": example("scenario"), "plan": example("plan")}


@router.post(
    "/verify",
    response_class=JSONResponse,
    responses=answers(
        413, 415, ok={200: json_answer(None, "As `homecare verify --json` answers.")}
    ),
    openapi_extra=body("ScenarioAndPlan", _EXAMPLE),
)
def verify(caller: Writer, service: Service, text: Body, lang: Lang = "en") -> JSONResponse:  # noqa: ARG001
    """Replay a plan: every rule it breaks, by how much, and what it costs."""
    with in_turn(service, len(text)):
        documents = documents_in(text, ("scenario", "plan"))
        look_ahead(service.settings, documents["plan"])
    try:
        prepared = read_scenario(service, documents["scenario"])
    except InvalidDocument as error:
        raise under("scenario", error) from error
    try:
        plan = parse_plan(documents["plan"], "plan")
        findings = check_plan(plan, prepared.scenario)
        findings.refuse_faults("plan")
    except InvalidDocument as error:
        raise under("plan", error) from error
    with in_turn(service, len(text)):
        verdict = verify_plan(prepared.scenario, plan, prepared.matrices)
        roster = Roster.of_verdict(prepared, plan, verdict)
        warnings = [*prepared.warnings, *findings.warnings]
        shown = [listed(warning).model_dump() for warning in warnings]
        return JSONResponse({**verdict_document(roster, lang=lang), "warnings": shown})
