"""The tests of rules: items, flags and limits that a client's record can have."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from optimizer.domain.client import Flag
from optimizer.domain.health import Scheme
from optimizer.errors import Fault
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.i18n import either, say
from optimizer.needs.conditions import Test
from optimizer.needs.scales import load_scales

ABILITY: Scheme = "gbt42195"
"Rules ask for items of this scheme only."

_NARROWS = {
    "min_stage": ("condition", "wound"),
    "within_days": ("condition", "risk_events"),
    "at_most": ("item",),
    "at_least": ("item",),
    "kind": ("risk_events", "device"),
    "site": ("wound",),
    "min_size_cm": ("wound",),
    "undated": ("condition", "device"),
    "unstaged": ("condition", "wound"),
    "meal": ("medicine",),
    "present": ("family",),
    "strained": ("family",),
}
"What each limit is about; beside anything else it would not be read."


def check_tests(place: str, tests: Sequence[Test]) -> Iterator[Fault]:
    """Tests ask for items and flags that there are, and limit what they ask for.

    Parameters
    ----------
    place
        Where the list of tests stands.
    tests
        The tests; those within others are checked as well.
    """
    for number, test in enumerate(tests):
        here = f"{place}[{number}]"
        yield from _item(here, test)
        yield from _flag(here, test)
        for limit, kinds in _NARROWS.items():
            given = getattr(test, limit) is not None
            if given and all(getattr(test, kind) is None for kind in kinds):
                message = say("fault.bad-test.limit", kinds=either(kinds))
                yield finding(f"{here}.{limit}", FaultCode.BAD_TEST, message)
        for inner in ("any_of", "all_of", "none_of"):
            yield from check_tests(f"{here}.{inner}", getattr(test, inner))


def _item(here: str, test: Test) -> Iterator[Fault]:
    items = load_scales()[ABILITY].items
    if test.item is not None and test.item not in items:
        close = difflib.get_close_matches(test.item, items, n=1)
        message = say("fault.unknown-item.test", item=test.item)
        if close:
            message = say("fault.unknown-item.test-near", item=test.item, near=close[0])
        yield finding(f"{here}.item", FaultCode.UNKNOWN_ITEM, message)


def _flag(here: str, test: Test) -> Iterator[Fault]:
    flags = [flag.value for flag in Flag]
    if test.flag is not None and test.flag not in flags:
        message = say("fault.wrong-choice.flag", flag=test.flag, flags=tuple(flags))
        yield finding(f"{here}.flag", FaultCode.WRONG_CHOICE, message)
