"""``/v1/recommendations``: who could take a visit, when, and at what cost."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, RootModel

from optimizer.domain import Added, Client, Coupling, Visit
from optimizer.units import Clock
from service.api.bodies import body_of
from service.api.contract import answers, body, json_answer
from service.api.guard import Writer
from service.api.parts import Service
from service.api.rosters import RosterName, ask, key_of
from service.documents.rosters import Wanted, recommended

router = APIRouter(prefix="/v1", tags=["rosters"])


class NewVisitRequest(BaseModel):
    """A visit that the scenario does not have."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    visit: Visit
    client: Client | None = None
    "The client's record, where the scenario does not have it."
    couplings: tuple[Coupling, ...] = ()
    "How the visit depends on others of the client."


class _Sought(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    on: RosterName
    "Of which roster."
    most: Annotated[int, Field(ge=1, le=50)] = 5
    "Caregivers told at most."
    now: Clock | None = None
    "The visit begins no earlier."


class ForVisit(_Sought):
    """Who could take a visit that the roster leaves out."""

    visit: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\s/]+$")]


class ForNewVisit(_Sought):
    """Who could take a new visit."""

    new: NewVisitRequest


class RecommendationRequest(RootModel[ForVisit | ForNewVisit]):
    """Who could take a visit: one that the roster leaves out (`visit`), or a new one (`new`)."""


@router.post(
    "/recommendations",
    response_class=Response,
    responses=answers(
        404,
        409,
        413,
        415,
        ok={200: json_answer(None, "As `homecare recommend --json` answers.")},
    ),
    openapi_extra=body("RecommendationRequest", {"on": {"roster": "hamlet"}, "visit": "V0001"}),
)
async def recommend(
    caller: Writer,
    service: Service,
    wanted: Annotated[RecommendationRequest, body_of(RecommendationRequest)],
) -> Response:
    """List the cheapest place of each caregiver who could come, all others keeping their visits.

    Of others it says how many each obstacle keeps away. Nothing is kept.
    """
    sought = wanted.root
    visit = (
        sought.visit
        if isinstance(sought, ForVisit)
        else Added(
            visit=sought.new.visit,
            client=sought.new.client,
            couplings=sought.new.couplings,
        )
    )
    read = service.bulkheads.reads.run
    key = await read(caller.organisation, key_of, service, caller, sought.on)
    given = Wanted(visit, sought.most, sought.now)
    found = await ask(service, caller, recommended, (key,), given)
    return Response(found, media_type="application/json")
