"""``/v1/schemas``: the JSON Schemas of the documents, and the limits of this installation."""

from __future__ import annotations

from typing import Any, get_args

from fastapi import APIRouter
from pydantic import BaseModel

from optimizer.formats import SchemaName, json_schema
from service.api.contract import answers
from service.api.guard import requires
from service.api.matching import PlainRoute
from service.api.parts import Service
from service.auth.permissions import Permission

router = APIRouter(
    prefix="/v1",
    tags=["documents"],
    dependencies=[requires(Permission.PUBLIC)],
    route_class=PlainRoute,
)

_LIMITS = (
    "max_body_bytes",
    "max_visits",
    "max_office_visits",
    "max_caregivers",
    "max_days",
    "max_values",
    "max_held_bytes",
    "document_memory_mb",
    "document_seconds",
    "body_seconds",
    "max_seconds",
    "max_wait_seconds",
    "writes_per_minute",
    "running_per_key",
    "waiting_per_key",
)


class SchemaList(BaseModel):
    """Names of the schemas."""

    items: list[SchemaName]


@router.get("/schemas", response_model=SchemaList, responses=answers())
async def schemas() -> SchemaList:
    """List the schemas."""
    return SchemaList(items=list(get_args(SchemaName)))


@router.get("/schemas/{name}", responses=answers())
async def schema(name: SchemaName) -> dict[str, Any]:
    """Return the JSON Schema of a document."""
    return json_schema(name)


@router.get("/limits", responses=answers())
async def limits(service: Service) -> dict[str, float]:
    """Return the limits of this installation by the names of their settings."""
    found = {name: getattr(service.settings, name) for name in _LIMITS}
    return {**found, "max_workers": service.settings.workers}
