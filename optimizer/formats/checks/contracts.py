"""Contracts that begin after the first day planned: nothing can have been charged to them yet."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.codes import WarningCode
from optimizer.formats.findings import finding
from optimizer.i18n import say

_USED = ("used", "used_visits", "used_fen")


def warn_of_contracts(scenario: Scenario) -> Iterator[Fault]:
    """Warn of contracts that are said to be used in part before they begin.

    Whoever writes next month's contract as a copy of this month's takes its use along, and the
    caps of the new month would be smaller without a word.
    """
    first = scenario.horizon.start
    for number, contract in enumerate(scenario.contracts):
        if contract.start < first:
            continue
        for name in _USED:
            if getattr(contract, name) > 0:
                message = say("fault.used-before-start", start=contract.start, first=first)
                yield finding(f"contracts[{number}].{name}", WarningCode.USED_BEFORE_START, message)
