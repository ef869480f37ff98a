"""``/v1/recommendations``: who could take a visit or a series, when, and at what cost."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, RootModel

from optimizer.domain import Added, Client, Coupling, NewSeries, Visit
from optimizer.units import Clock
from service.api.bodies import body_of
from service.api.contract import answers, body, json_answer
from service.api.guard import Writer
from service.api.matching import PlainRoute
from service.api.parts import Service
from service.api.rosters import RosterName, ask, key_of
from service.documents.rosters import Wanted, WantedSeries, recommended, recommended_series

router = APIRouter(prefix="/v1", tags=["rosters"], route_class=PlainRoute)


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
    "Caregivers told at most; of a series, ways."


class _SoughtForVisit(_Sought):
    now: Clock | None = None
    "The visit begins no earlier."
    move_one: bool = False
    "Whether one other visit may go elsewhere to make room; it takes a second or two."


class ForVisit(_SoughtForVisit):
    """Who could take a visit that the roster leaves out."""

    visit: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\s/]+$")]


class ForNewVisit(_SoughtForVisit):
    """Who could take a new visit."""

    new: NewVisitRequest


class ForSeries(_Sought):
    """Who could take the visits of a series that the roster leaves out."""

    series: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\s/]+$")]


class ForNewSeries(_Sought):
    """Who could take a new series."""

    new_series: NewSeries


class RecommendationRequest(RootModel[ForVisit | ForNewVisit | ForSeries | ForNewSeries]):
    """Who could take a visit that the roster leaves out (`visit`) or a new one (`new`).

    Or the visits of a series that it leaves out (`series`), or a new one (`new_series`).
    """


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

    Of a series it lists ways to make it over the weeks planned.

    Of others it says how many each obstacle keeps away. Nothing is kept.
    """
    sought = wanted.root
    read = service.bulkheads.reads.run
    key = await read(caller.organisation, key_of, service, caller, sought.on)
    if isinstance(sought, ForSeries | ForNewSeries):
        found = await ask(service, caller, recommended_series, (key,), _series(sought))
    else:
        found = await ask(service, caller, recommended, (key,), _visit(sought))
    return Response(found, media_type="application/json")


def _visit(sought: ForVisit | ForNewVisit) -> Wanted:
    if isinstance(sought, ForVisit):
        return Wanted(sought.visit, sought.most, sought.now, sought.move_one)
    new = sought.new
    added = Added(visit=new.visit, client=new.client, couplings=new.couplings)
    return Wanted(added, sought.most, sought.now, sought.move_one)


def _series(sought: ForSeries | ForNewSeries) -> WantedSeries:
    if isinstance(sought, ForSeries):
        return WantedSeries(sought.series, sought.most)
    return WantedSeries(sought.new_series, sought.most)
