"""Parameters of addresses: a misspelt one is a fault, not silently another default."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel

from service.api.faults import InvalidRequest


def known_parameters_only(request: Request) -> None:
    """Refuse parameters that the route does not know.

    Raises
    ------
    InvalidRequest
        If there are any.
    """
    given = set(request.query_params)
    if not given:
        return
    unknown = sorted(given - set(_known(request.scope["route"].dependant)))
    if unknown:
        words = "is no parameter of this route; correct its name or leave it out."
        raise InvalidRequest(
            [(f"#{name[:40]}", "unknown-field", f"{name[:40]} {words}") for name in unknown[:20]]
        )


def _known(dependant: Dependant) -> Iterator[str]:
    for field in dependant.query_params:
        annotation = field.field_info.annotation
        if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
            yield from annotation.model_fields
        else:
            yield field.alias
    for each in dependant.dependencies:
        yield from _known(each)
