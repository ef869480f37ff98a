"""The contract (OpenAPI): what routes say of bodies and answers that pydantic does not check."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from optimizer import __version__
from optimizer.formats import json_schema, vroom_schema
from service.api.bodies import MODELS
from service.api.guard import SCHEME, permission_of
from service.api.problems import MEDIA_TYPE
from service.api.shapes import Problem
from service.auth.permissions import Permission

REF = "#/components/schemas/"
_ALWAYS = {400, 401, 403, 422, 429, 503, 507}
_WORDS = {
    304: "Not changed since.",
    400: "The request cannot be understood.",
    401: "The key is missing or not valid.",
    403: "The key's role may not do that.",
    404: "There is no such thing, or it is somebody else's.",
    408: "The body has not come in time.",
    409: "That contradicts what is there.",
    412: "It was changed in the meantime.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "The document or the parameters have faults, or a limit is exceeded.",
    428: "A condition is needed.",
    429: "Too many requests or jobs.",
    503: "Not now; try again.",
    507: "The database has no room left.",
}


@cache
def example(name: str) -> Any:
    """Return a shipped document: ``scenario``, ``plan``, ``study``, ``vroom``, ``office``."""
    text = files("service.api").joinpath("examples", f"{name}.json").read_text(encoding="utf-8")
    return json.loads(text)


def body(schema: str, shown: Any, description: str = "") -> dict[str, Any]:
    """Return what a route says of a body that its reader checks by itself.

    Parameters
    ----------
    schema
        Name of a schema.
    shown
        An example.
    description
        A sentence.
    """
    content = {"schema": {"$ref": REF + schema}, "example": shown}
    return {
        "requestBody": {
            "required": True,
            "description": description,
            "content": {"application/json": content},
        }
    }


def answers(*statuses: int, ok: Mapping[int, dict[str, Any]] | None = None) -> dict[Any, Any]:
    """Return what a route says of its answers.

    Parameters
    ----------
    statuses
        Problems that it can tell beside those that every route can.
    ok
        What it answers otherwise.
    """
    of_bodies = {408} if 413 in statuses else set()
    found: dict[Any, Any] = {
        status: {
            "description": _WORDS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"{REF}Problem"}}},
        }
        for status in sorted(_ALWAYS | of_bodies | set(statuses))
    }
    return found | dict(ok or {})


def json_answer(schema: str | None, description: str, shown: Any = None) -> dict[str, Any]:
    """Return what a route says of one answer in JSON."""
    content: dict[str, Any] = {"schema": {"$ref": REF + schema} if schema else {"type": "object"}}
    if shown is not None:
        content["example"] = shown
    return {"description": description, "content": {"application/json": content}}


def contract_of(app: FastAPI) -> dict[str, Any]:
    """Return the contract of the whole service."""
    if app.openapi_schema is not None:
        return app.openapi_schema
    schema = get_openapi(
        title="homecare-optimizer",
        version=__version__,
        summary="Rosters for home-based elderly care: made, checked and explained.",
        routes=app.routes,
        separate_input_output_schemas=False,
    )
    components = schema.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for name, document in _documents().items():
        schemas.setdefault(name, document)
    schemas["Problem"] = _merged(schemas, Problem.model_json_schema(ref_template=REF + "{model}"))
    components["securitySchemes"] = {
        SCHEME: {
            "type": "http",
            "scheme": "bearer",
            "description": "`Authorization: Bearer hc_...`, the key as it was shown once.",
        }
    }
    _declare_permissions(app, schema)
    app.openapi_schema = schema
    return schema


def _documents() -> dict[str, Any]:
    """Return the schemas of the documents, and all they refer to."""
    found: dict[str, Any] = {}
    for name, document in (
        ("Scenario", json_schema("scenario")),
        ("Plan", json_schema("plan")),
        ("Study", json_schema("study")),
        ("Office", json_schema("office")),
        ("Allocation", json_schema("allocation")),
        ("Deliveries", json_schema("deliveries")),
        ("Supervision", json_schema("supervision")),
        ("TimeBank", json_schema("timebank")),
        ("VroomProblem", vroom_schema()),
    ):
        ours = json.loads(json.dumps(document).replace("#/$defs/", REF))
        ours.pop("$schema", None)
        found[name] = _merged(found, ours)
    for name, model in MODELS.items():
        found[name] = _merged(found, model.model_json_schema(ref_template=REF + "{model}"))
    for name, (needed, optional) in BODIES.items():
        found[name] = {
            "type": "object",
            "additionalProperties": False,
            "required": list(needed),
            "properties": {one: _PARTS[one] for one in (*needed, *optional)},
        }
    return found


_PARTS: dict[str, dict[str, Any]] = {
    "scenario": {"$ref": f"{REF}Scenario"},
    "plan": {"$ref": f"{REF}Plan"},
    "study": {"$ref": f"{REF}Study"},
    "office": {"$ref": f"{REF}Office"},
    "rules": {"$ref": f"{REF}Allocation"},
    "before": {"type": "object", "description": "Log of the allocation of the period before."},
    "log": {"type": "object", "description": "Log of an allocation, as it was answered."},
    "deliveries": {"$ref": f"{REF}Deliveries"},
    "supervision": {"$ref": f"{REF}Supervision"},
    "timebank": {"$ref": f"{REF}TimeBank"},
}
"The documents that bodies may hold, by name."

_OFFICE = ("scenario", "office", "plan")
BODIES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ScenarioAndStudy": (("scenario", "study"), ()),
    "ScenarioAndPlan": (("scenario", "plan"), ()),
    "ScenarioAndOffice": (("scenario", "office"), ()),
    "ScenarioAndRules": (("scenario", "rules"), ("before",)),
    "Moved": (("scenario", "log"), ("office",)),
    "Settled": (_OFFICE, ("deliveries",)),
    "Evaluated": (_OFFICE, ("deliveries", "supervision", "rules")),
    "Cascaded": (("scenario",), ("office", "plan", "rules", "deliveries")),
    "TimeBankOf": (("timebank",), ("scenario",)),
    "OfficeDocuments": (
        ("scenario",),
        ("office", "plan", "rules", "before", "deliveries", "supervision"),
    ),
}
"Bodies of several documents: those that they must hold, and those that they may."


def _merged(schemas: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    for name, inner in document.pop("$defs", {}).items():
        schemas.setdefault(name, inner)
    return document


def _declare_permissions(app: FastAPI, schema: dict[str, Any]) -> None:
    """Write into each operation which permission it needs."""
    for route in app.routes:
        permission = permission_of(route)  # type: ignore[arg-type]
        for method, operation in schema["paths"].get(getattr(route, "path", ""), {}).items():
            if method.upper() not in getattr(route, "methods", ()):
                continue
            operation["x-permission"] = permission
            # FastAPI adds its own form of this problem.
            if permission is Permission.PUBLIC:
                operation["responses"].pop("401", None)
                operation["responses"].pop("403", None)
            else:
                operation["security"] = [{SCHEME: []}]
