"""What a check has to say about a document: faults and warnings, in document order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from optimizer.errors import Fault, InvalidDocument
from optimizer.formats.codes import FaultCode, WarningCode
from optimizer.i18n import say

MOST_OF_A_KIND = 20
"Warnings listed of each code; the others are counted in one more."

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


def in_document_order(faults: Iterable[Fault], sections: Sequence[str]) -> tuple[Fault, ...]:
    """Sort faults by section and position; the order within one record is kept."""
    order = {section: number for number, section in enumerate(sections)}

    def key(fault: Fault) -> tuple[int, int]:
        match = _FIRST_STEPS.match(fault.path)
        if match is None:
            return -1, -1
        section, position = match.groups()
        return order.get(section, len(order)), int(position or -1)

    return tuple(sorted(faults, key=key))


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
