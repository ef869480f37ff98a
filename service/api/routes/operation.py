"""``/livez``, ``/readyz``, ``/metrics`` and the contract itself."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from service.api.contract import answers
from service.api.guard import requires
from service.api.parts import Parts, Service
from service.api.threads import BlockingRoute
from service.auth.permissions import Permission, Principal

router = APIRouter(tags=["operation"], route_class=BlockingRoute)

Observer = Annotated[Principal, requires(Permission.METRICS_READ)]
_OPEN = [requires(Permission.PUBLIC)]


RETRY_SECONDS = 5
"After which a service that was not ready may be asked again."


class Compiling(BaseModel):
    """How far compiling the engine has come."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    kernel: str
    "The kernel that is being compiled, empty between two."
    done: int
    "Kernels compiled."
    kernels: int
    "All of them."
    share: float
    "Part of the work that is done, 0 to 1."


Part = Literal[
    "database", "tables", "room in the database", "coordinator", "compiling of the engine"
]
"What a service may wait for."


class Readiness(BaseModel):
    """Whether the service can take work, and what is missing."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    ready: bool
    waiting_for: list[Part]
    "What is missing, in plain words for whoever looks; empty if it is ready."
    database: bool
    "Whether it answers."
    migrated: bool
    "Whether its tables are of this version."
    room: bool
    "Whether the database takes what is written, or has lately refused it for want of room."
    coordinator: bool
    "Whether the one of this process is alive; true if it has none."
    leading: bool
    "Whether it is the one that hands out jobs."
    engine: bool
    "Whether the engine is compiled, which takes half a minute once; true if no job runs here."
    compiling: Compiling | None = None
    "How far that has come, while it goes on."


@router.get("/livez", dependencies=_OPEN, responses=answers())
async def livez() -> dict[str, bool]:
    """Say that the process answers."""
    return {"alive": True}


@router.get(
    "/readyz",
    dependencies=_OPEN,
    response_model=Readiness,
    responses={
        **answers(),
        503: {"description": "Something is missing.", "model": Readiness},
    },
)
async def readyz(service: Service) -> JSONResponse:
    """Say whether the service can take work, and if not, what it waits for."""
    found = await readiness(service)
    if found.ready:
        return JSONResponse(found.model_dump())
    return JSONResponse(found.model_dump(), 503, headers={"Retry-After": str(RETRY_SECONDS)})


async def readiness(service: Parts) -> Readiness:
    """Ask all parts how they are."""
    database, migrated = await service.health.look()
    alive = service.background is None or service.background.is_alive()
    engine = service.background is None or service.background.has_engine()
    room = service.health.has_room
    missing: dict[Part, bool] = {
        "database": not database,
        "tables": not migrated,
        "room in the database": not room,
        "coordinator": not alive,
        "compiling of the engine": not engine,
    }
    return Readiness(
        ready=not any(missing.values()),
        waiting_for=[part for part, is_missing in missing.items() if is_missing],
        database=database,
        migrated=migrated,
        room=room,
        coordinator=alive,
        leading=service.background is not None and service.background.is_leading(),
        engine=engine,
        compiling=_compiling(service),
    )


def _compiling(service: Parts) -> Compiling | None:
    now = None if service.background is None else service.background.compiling()
    return None if now is None else Compiling(**asdict(now))


@router.get(
    "/metrics",
    response_class=Response,
    responses=answers(
        ok={
            200: {
                "description": "Figures in Prometheus' form.",
                "content": {"text/plain": {"schema": {"type": "string"}}},
            }
        }
    ),
)
def metrics(caller: Observer, service: Service) -> Response:  # noqa: ARG001 (asked for its guard)
    """Return the figures of operation."""
    return Response(service.metrics.text(), media_type="text/plain; version=0.0.4")


@router.get("/v1/openapi.json", dependencies=_OPEN, responses=answers())
async def contract(request: Request) -> dict[str, Any]:
    """Return the contract of this interface (OpenAPI)."""
    found: dict[str, Any] = request.app.openapi()
    return found
