"""How large a document may be; what is far too large is refused before records are made of it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from optimizer.domain import Scenario
from optimizer.errors import HomecareError
from optimizer.formats import PLAN, SCENARIO, VROOM

MOST_FAULTS = 50
"Faults after which reading stops. Each takes a hundred times the room of the text that is wrong."
ENTRIES_PER_VISIT = 10
"Entries that any other list may have, for each visit that a scenario may have."


class LimitError(HomecareError):
    """A limit of this installation was met.

    Parameters
    ----------
    message
        What was too much.
    limit
        Name of the setting.
    value
        What it is set to.
    """

    code = "limit-exceeded"
    exit_code = 2
    http_status = 422

    def __init__(self, message: str, *, limit: str, value: float) -> None:
        self.limit = limit
        self.value = value
        super().__init__(message)


class LimitExceeded(LimitError):
    """The document is larger than this installation plans."""

    def __reduce__(self) -> tuple[Callable[..., LimitExceeded], tuple[object, ...]]:
        return _exceeded, (str(self), self.limit, self.value)


def _exceeded(message: str, limit: str, value: float) -> LimitExceeded:
    return LimitExceeded(message, limit=limit, value=value)


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that a document exceeds.

    Attributes
    ----------
    message
        A sentence.
    name, value
        Of the setting.
    """

    message: str
    name: str
    value: float

    def error(self) -> LimitExceeded:
        """Return the error that tells it."""
        return LimitExceeded(self.message, limit=self.name, value=self.value)


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """The settings of those names; `visits_setting` is that of `max_visits`."""

    max_visits: int
    max_caregivers: int
    max_days: int
    max_values: int
    visits_setting: str = "max_visits"

    def setting(self, name: str) -> str:
        """Return the setting that raises a limit of that name."""
        return self.visits_setting if name == "max_visits" else name


def excesses(limits: DocumentLimits, scenario: Scenario) -> Iterator[Limit]:
    """Yield what of a scenario is more than the limits allow."""
    for things, number, name in (
        ("visits", len(scenario.visits), "max_visits"),
        ("caregivers", len(scenario.caregivers), "max_caregivers"),
        ("days", scenario.horizon.days, "max_days"),
    ):
        value = getattr(limits, name)
        if number > value:
            message = f"The scenario has {number} {things}; {value} are possible."
            yield Limit(message, limits.setting(name), value)


def look_ahead(limits: DocumentLimits, text: str | bytes) -> None:
    """Refuse what is far too large before records are made of it, however long the text is.

    Raises
    ------
    LimitExceeded
        If a list is longer than is possible, or there are too many values in all.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return  # The reader says what is wrong, and where.
    if isinstance(content, dict):
        insist_on_sizes(limits, content, len(text))


def insist_on_sizes(limits: DocumentLimits, content: dict[str, Any], length: int) -> None:
    """Refuse a document that is far too large, of which no records are made yet.

    Parameters
    ----------
    limits
        What it may hold.
    content
        The document.
    length
        Of its text, in which each value takes two signs at least.

    Raises
    ------
    LimitExceeded
        If a list is longer than is possible, or there are too many values in all.
    """
    for name, rows in content.items():
        limit = _LISTS.get(name, "max_visits")
        value = getattr(limits, limit) * (1 if name in _LISTS else ENTRIES_PER_VISIT)
        if isinstance(rows, list) and len(rows) > value:
            raise LimitExceeded(
                f"The document has a list of {len(rows)} entries; {value} are possible there."
                if name not in _LISTS
                else f"The document has {len(rows)} {name}; {value} are possible.",
                limit=limits.setting(limit),
                value=getattr(limits, limit),
            )
    if length > 2 * limits.max_values and has_more_values(content, limits.max_values):
        raise LimitExceeded(
            f"The document has more than {limits.max_values} values.",
            limit="max_values",
            value=limits.max_values,
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
