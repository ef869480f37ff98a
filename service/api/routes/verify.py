"""``/v1/verify``: judge any plan, whoever made it; nothing is kept."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from optimizer.i18n import Lang
from service.api.bodies import Body
from service.api.contract import answers, body, example, json_answer
from service.api.documents import work_out
from service.api.guard import Writer
from service.api.matching import PlainRoute
from service.api.parts import Service
from service.api.problems import listed
from service.documents.work import verified

router = APIRouter(prefix="/v1", tags=["documents"], route_class=PlainRoute)

_EXAMPLE = {"scenario": example("scenario"), "plan": example("plan")}


@router.post(
    "/verify",
    response_class=JSONResponse,
    responses=answers(
        413, 415, ok={200: json_answer(None, "As `homecare verify --json` answers.")}
    ),
    openapi_extra=body("ScenarioAndPlan", _EXAMPLE),
)
async def verify(caller: Writer, service: Service, text: Body, lang: Lang = "en") -> JSONResponse:
    """Replay a plan: every rule it breaks, by how much, and what it costs."""
    verdict, warnings = await work_out(service, caller, verified, text, lang=lang)
    shown = [listed(warning).model_dump() for warning in warnings]
    return JSONResponse({**verdict, "warnings": shown})
