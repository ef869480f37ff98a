"""All kinds of jobs by name. A new kind is one module in `service.jobs.kinds`, nothing else."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from optimizer.errors import InternalError
from service.jobs.kind import Kind

PACKAGE = "service.jobs.kinds"


@cache
def kinds() -> Mapping[str, Kind]:
    """Return the ``KIND`` of every module of the package, by its name.

    Raises
    ------
    InternalError
        If a module has none, or two kinds have one name.
    """
    found: dict[str, Kind] = {}
    for entry in pkgutil.iter_modules(importlib.import_module(PACKAGE).__path__):
        kind = getattr(importlib.import_module(f"{PACKAGE}.{entry.name}"), "KIND", None)
        if not isinstance(kind, Kind):
            raise InternalError(f"{PACKAGE}.{entry.name} holds no KIND.")
        if kind.name in found:
            raise InternalError(f"Two kinds of jobs are called {kind.name}.")
        found[kind.name] = kind
    return MappingProxyType(found)


def link_to(public_url: str | None, thing: Mapping[str, Any]) -> str | None:
    """Return where a job, or the roster of a scenario, is found over HTTP.

    Parameters
    ----------
    public_url
        Where the service is reached; without it there are no links.
    thing
        ``id`` and ``kind`` of a job, or ``scenario``; a job of an unknown kind has no link.
    """
    if public_url is None:
        return None
    if "scenario" in thing:
        return f"{public_url.rstrip('/')}/v1/rosters/{quote(thing['scenario'], safe='')}"
    kind = kinds().get(thing["kind"])
    return None if kind is None else f"{public_url.rstrip('/')}/v1/{kind.collection}/{thing['id']}"
