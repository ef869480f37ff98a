"""All kinds of jobs by name. A new kind is one module in `service.jobs.kinds`, nothing else."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

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


def job_link(public_url: str | None, job: Mapping[str, Any]) -> str | None:
    """Return where a job is found over HTTP.

    Parameters
    ----------
    public_url
        Where the service is reached; without it there are no links.
    job
        ``id`` and ``kind``; one of an unknown kind has no link.
    """
    kind = kinds().get(job["kind"])
    if public_url is None or kind is None:
        return None
    return f"{public_url.rstrip('/')}/v1/{kind.collection}/{job['id']}"
