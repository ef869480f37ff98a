"""What a check has to say about a document: faults and warnings, in document order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from optimizer.errors import Fault, InvalidDocument
from optimizer.formats.codes import FaultCode, WarningCode
from optimizer.i18n import say

MOST_OF_A_KIND = 20
"Warnings listed of each code; the others are counted in one more."

PRIVATE = "health_record"
"What stands in a field of this name is never shown, because messages end up in logs."

_ID = re.compile(r"[\w.:+-]{1,80}")
"What may be shown of an id; one that is faulty may be a name or an address."
_NAMED_BY = {
    "routes": "caregiver",
    "stops": "visit",
    "unserved": "visit",
    "pins": "visit",
    "care_plans": "client",
}
"What names the records of lists that have no id of their own."
_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")
_FIRST_STEPS = re.compile(r"(\w+)(?:\[(\d+)\])?")


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that is wrong or suspicious in a document.

    Attributes
    ----------
    faults
        Reasons to refuse it.
    warnings
        What a planner should look at; looked for only where there are no faults.
    """

    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()

    def refuse_faults(self, source: str = "document") -> None:
        """Raise if there is any fault.

        Raises
        ------
        InvalidDocument
            With all faults.
        """
        if self.faults:
            raise InvalidDocument(self.faults, source)


def finding(path: str, code: FaultCode | WarningCode, message: str) -> Fault:
    """Return a fault or warning; `message` continues a sentence that begins with the path."""
    return Fault(path=path, code=code.value, message=message)


def in_document_order(
    faults: Iterable[Fault], sections: Sequence[str], document: object
) -> tuple[Fault, ...]:
    """Sort faults by section and position, and name their records; within one, order is kept.

    Parameters
    ----------
    faults
        Faults or warnings of a document.
    sections
        Its lists, in order.
    document
        The document, as an object of JSON or as a record.
    """
    order = {section: number for number, section in enumerate(sections)}

    def key(fault: Fault) -> tuple[int, int]:
        match = _FIRST_STEPS.match(fault.path)
        if match is None:
            return -1, -1
        section, position = match.groups()
        return order.get(section, len(order)), int(position or -1)

    return tuple(_with_record(fault, document) for fault in sorted(faults, key=key))


def _with_record(fault: Fault, document: object) -> Fault:
    """Return a fault with the id of the innermost record that has one and holds its place."""
    record: str | None = None
    value = document
    for match in _STEP.finditer(fault.path.partition(PRIVATE)[0]):
        name, position = match.groups()
        value = _member(value, name)
        if position is None:
            continue
        row = int(position)
        value = value[row] if isinstance(value, list | tuple) and row < len(value) else None
        found = _member(value, _NAMED_BY.get(name, "id"))
        if type(found) is int or (isinstance(found, str) and _ID.fullmatch(found)):
            record = str(found)
    return fault if record is None else fault.model_copy(update={"record": record})


def _member(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def shorten(warnings: Sequence[Fault]) -> tuple[Fault, ...]:
    """Keep the first warnings of each code and count the others of that code in one line."""
    seen: Counter[str] = Counter()
    kept: list[Fault] = []
    for warning in warnings:
        seen[warning.code] += 1
        if seen[warning.code] <= MOST_OF_A_KIND:
            kept.append(warning)
    for code, number in seen.items():
        if number > MOST_OF_A_KIND:
            message = say("fault.more", count=number - MOST_OF_A_KIND)
            kept.append(Fault(path="", code=code, message=message))
    return tuple(kept)
