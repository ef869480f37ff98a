"""A pattern by itself and against a scenario: weeks that fit, people who are known."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.domain.pattern import Pattern
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import Findings, finding
from optimizer.i18n import say


def check_pattern(pattern: Pattern, scenario: Scenario, *, may_be_gone: bool = False) -> Findings:
    """Check that a pattern does not contradict itself and names people of a scenario.

    Parameters
    ----------
    pattern
        The pattern.
    scenario
        The days it is to be used for.
    may_be_gone
        Whether people of the pattern may be missing in the scenario.
    """
    people = () if may_be_gone else _people(pattern, scenario)
    return Findings(faults=(*_weeks(pattern), *_repeats(pattern), *people))


def _weeks(pattern: Pattern) -> Iterator[Fault]:
    if pattern.monday.isoweekday() != 1:
        message = say("fault.no-monday", day=pattern.monday)
        yield finding("monday", FaultCode.BAD_DATE, message)
    for n, slot in enumerate(pattern.slots):
        if slot.week > pattern.cycle:
            message = say("fault.week-beyond-cycle", week=slot.week, cycle=pattern.cycle)
            yield finding(f"slots[{n}].week", FaultCode.OUT_OF_RANGE, message)
        if slot.seen > slot.weeks:
            message = say("fault.seen-too-often", seen=slot.seen, weeks=slot.weeks)
            yield finding(f"slots[{n}].seen", FaultCode.OUT_OF_RANGE, message)


def _repeats(pattern: Pattern) -> Iterator[Fault]:
    first: dict[tuple[object, ...], int] = {}
    for n, slot in enumerate(pattern.slots):
        key = (slot.client, slot.series, slot.services, slot.week, slot.weekday, slot.start)
        if key in first:
            message = say("fault.said-twice", section="slots", position=first[key])
            yield finding(f"slots[{n}]", FaultCode.SAID_TWICE, message)
        first.setdefault(key, n)


def _people(pattern: Pattern, scenario: Scenario) -> Iterator[Fault]:
    clients = {client.id for client in scenario.clients}
    caregivers = {person.id for person in scenario.caregivers}
    for n, slot in enumerate(pattern.slots):
        if slot.client not in clients:
            message = say("fault.slot-person-gone", name=slot.client)
            yield finding(f"slots[{n}].client", FaultCode.UNKNOWN_CLIENT, message)
        for k, name in enumerate(slot.caregivers):
            if name not in caregivers:
                message = say("fault.slot-person-gone", name=name)
                yield finding(f"slots[{n}].caregivers[{k}]", FaultCode.UNKNOWN_CAREGIVER, message)
