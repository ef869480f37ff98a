"""``/`` and ``/docs``: what this is, for people; nothing of it comes from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from optimizer import __version__
from service.api.contract import answers
from service.api.guard import requires
from service.api.matching import PlainRoute
from service.auth.permissions import Permission

router = APIRouter(
    dependencies=[requires(Permission.PUBLIC)], include_in_schema=False, route_class=PlainRoute
)

_PACKAGE = "service.api"
_FILES = {"page.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8"}


@router.get("/", responses=answers())
async def welcome() -> HTMLResponse:
    """Say what this is, and where to go on."""
    return HTMLResponse(_page("welcome", version=__version__))


@router.get("/docs", responses=answers())
async def docs(request: Request) -> HTMLResponse:
    """Show the contract, with a form to try each operation."""
    contract = request.app.openapi()
    return HTMLResponse(_page("docs", version=__version__, operations=operations_of(contract)))


@router.get("/docs/page.css", responses=answers())
async def style() -> Response:
    """Return how the pages look."""
    return _file("page.css")


@router.get("/docs/page.js", responses=answers())
async def script() -> Response:
    """Return what the forms do."""
    return _file("page.js")


def operations_of(contract: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return each operation of a contract as the page shows it."""
    return [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation["summary"],
            "description": operation.get("description", ""),
            "permission": operation["x-permission"],
            "parameters": [
                {
                    "name": one["name"],
                    "place": one["in"],
                    "needed": one.get("required", False),
                    "description": one.get("description", ""),
                }
                for one in operation.get("parameters", ())
            ],
            "example": _example(operation),
            "answers": [
                (status, answer["description"])
                for status, answer in sorted(operation["responses"].items())
            ],
        }
        for path, operations in contract["paths"].items()
        for method, operation in operations.items()
    ]


def _example(operation: Mapping[str, Any]) -> str | None:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return None if content is None else json.dumps(content.get("example", {}), indent=1)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader(_PACKAGE, "pages"), autoescape=True, undefined=StrictUndefined
    )


def _page(name: str, **shown: Any) -> str:
    return _templates().get_template(f"{name}.html.j2").render(shown)


def _file(name: str) -> Response:
    content = files(_PACKAGE).joinpath("pages", name).read_bytes()
    return Response(content, media_type=_FILES[name])
