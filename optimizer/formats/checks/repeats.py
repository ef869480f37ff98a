"""Lists that say something twice."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from optimizer.errors import Fault
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.i18n import say


def repeated(section: str, keys: Iterable[Hashable], place: str = "") -> Iterator[Fault]:
    """Yield a fault for each key that a list has twice.

    Parameters
    ----------
    section, place
        Name of the list, and the path of the record in which it stands, with a dot behind it.
    keys
        Of its records, in order.
    """
    first: dict[Hashable, int] = {}
    for n, key in enumerate(keys):
        if key in first:
            message = say("fault.said-twice", section=section, position=first[key])
            yield finding(f"{place}{section}[{n}]", FaultCode.SAID_TWICE, message)
        first.setdefault(key, n)
