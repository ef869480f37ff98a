"""From a body to a scenario that this installation plans."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from optimizer.domain import Scenario
from optimizer.errors import InvalidDocument
from optimizer.formats import PLAN, SCENARIO, VROOM, format_scenario, parse_scenario
from optimizer.prepare import Prepared, prepare
from service.api.faults import LimitExceeded
from service.api.parts import Parts
from service.settings import Settings

LARGE = 1_000_000
"Bytes from which a document is read by one request at a time."


def document_for_engine(prepared: Prepared) -> bytes:
    """Return what may leave the service: ids, coordinates, minutes, qualifications and windows."""
    return format_scenario(prepared.for_engine, compact=True).encode()


@contextmanager
def in_turn(parts: Parts, size: int) -> Iterator[None]:
    """Let large documents pass one by one: each takes many times its size of memory."""
    if size < LARGE:
        yield
        return
    with parts.large:
        yield


def read_scenario(parts: Parts, text: str | bytes, source: str = "scenario") -> Prepared:
    """Return the scenario in a document.

    Raises
    ------
    InvalidDocument
        With all faults.
    UnsupportedVersion
        If it has another version.
    LimitExceeded
        If it is larger than this installation plans.
    """
    with in_turn(parts, len(text)):
        look_ahead(parts.settings, text)
        prepared = prepare(parse_scenario(text, source))
    for message, limit, value in excesses(parts.settings, prepared.scenario):
        raise LimitExceeded(message, limit=limit, value=value)
    return prepared


def excesses(settings: Settings, scenario: Scenario) -> Iterator[tuple[str, str, int]]:
    """Yield what of a scenario is more than the settings allow: sentence, setting, value."""
    for things, number, limit in (
        ("visits", len(scenario.visits), "max_visits"),
        ("caregivers", len(scenario.caregivers), "max_caregivers"),
        ("days", scenario.horizon.days, "max_days"),
    ):
        value = getattr(settings, limit)
        if number > value:
            yield f"The scenario has {number} {things}; {value} are possible.", limit, value


def look_ahead(settings: Settings, text: str | bytes) -> None:
    """Refuse what is far too large before records are made of it; small documents pass.

    Each value of a document may become a fault, which takes a hundred times its room.

    Raises
    ------
    LimitExceeded
        If a list is longer than is possible, or there are too many values in all.
    """
    if len(text) < LARGE:
        return
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return  # The reader says what is wrong, and where.
    if not isinstance(content, dict):
        return
    for name, limit in _LISTS.items():
        rows = content.get(name)
        value = getattr(settings, limit)
        if isinstance(rows, list) and len(rows) > value:
            raise LimitExceeded(
                f"The document has {len(rows)} {name}; {value} are possible.",
                limit=limit,
                value=value,
            )
    if has_more_values(content, settings.max_values):
        raise LimitExceeded(
            f"The document has more than {settings.max_values} values.",
            limit="max_values",
            value=settings.max_values,
        )


_LISTS = {
    **{name: "max_visits" for one in (SCENARIO, PLAN, VROOM) for name in one.visit_lists},
    **{name: "max_caregivers" for one in (SCENARIO, VROOM) for name in one.caregiver_lists},
}
"Lists of scenarios, plans and routing problems, and the settings that limit them."


def has_more_values(content: object, limit: int) -> bool:
    """Return whether there are more than `limit` values in a document, which may be very deep.

    A sound row of a matrix counts as one value: nothing in it can become a fault.
    """
    waiting: list[tuple[object, Judge | None]] = [(content, None)]
    count = 0
    while waiting and count <= limit:
        value, judge = waiting.pop()
        if isinstance(value, dict):
            count += len(value)
            waiting += [
                (child, _MATRICES.get(name, judge))
                for name, child in value.items()
                if isinstance(child, dict | list)
            ]
        elif isinstance(value, list) and not (judge is not None and all(map(judge, value))):
            count += len(value)
            waiting += [(child, judge) for child in value if isinstance(child, dict | list)]
    return count > limit


Judge = Callable[[Any], bool]


def _is_number(value: Any) -> bool:
    return type(value) is int or (type(value) is float and math.isfinite(value))


def _is_natural(value: Any) -> bool:
    return type(value) is int and value >= 0


_MATRICES: dict[str, Judge] = {
    "minutes": _is_number,
    "metres": _is_natural,
    "durations": _is_natural,
    "distances": _is_natural,
    "matrix": _is_natural,
}
"Fields that hold matrices, and what a sound number in one is."


def under(document: str, error: InvalidDocument) -> InvalidDocument:
    """Return an error of one of a body's documents, each place with the document's name."""
    faults = [
        fault.model_copy(update={"path": f"{document}: {fault.path}"}) for fault in error.faults
    ]
    return InvalidDocument(faults, error.source)
