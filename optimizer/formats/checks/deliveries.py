"""Deliveries against the scenario: known visits and people, times that can be."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.domain.delivery import Deliveries, Delivery, Occurrence
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.checks.repeats import repeated
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import Findings, finding
from optimizer.i18n import say

_NEEDED = ("caregiver", "start", "end")


def check_deliveries(found: Deliveries, scenario: Scenario) -> Findings:
    """Check that deliveries name what there is and say what they must.

    Parameters
    ----------
    found
        The deliveries.
    scenario
        With all its visits, those that were left out of the roster among them.
    """
    index = ScenarioIndex.of(scenario)
    faults: list[Fault] = []
    if found.scenario != scenario.id:
        message = say("fault.wrong-base.deliveries", base=found.scenario, scenario=scenario.id)
        faults.append(finding("scenario", FaultCode.WRONG_BASE, message))
    faults += repeated("deliveries", ((one.visit, one.carer) for one in found.deliveries))
    for n, one in enumerate(found.deliveries):
        place = f"deliveries[{n}]"
        faults += _visit(place, one.visit, one.carer, index)
        faults += _people_and_times(place, one, index)
    faults += repeated("rulings", ((one.visit, one.carer, one.doubt) for one in found.rulings))
    told = {(one.visit, one.carer) for one in found.deliveries}
    for n, ruling in enumerate(found.rulings):
        if (ruling.visit, ruling.carer) not in told:
            message = say("fault.ruling-without-delivery", name=ruling.visit, carer=ruling.carer)
            faults.append(finding(f"rulings[{n}]", FaultCode.RULING_WITHOUT_DELIVERY, message))
    return Findings(tuple(faults))


def _visit(place: str, visit: str, carer: int, index: ScenarioIndex) -> Iterator[Fault]:
    if visit not in index.visit:
        message = say("fault.unknown-visit", name=visit)
        yield finding(f"{place}.visit", FaultCode.UNKNOWN_VISIT, message)
    elif carer > len(index.visit[visit].carers):
        message = say("fault.no-such-carer", carer=carer, visit=visit)
        yield finding(f"{place}.carer", FaultCode.NO_SUCH_CARER, message)


def _people_and_times(place: str, one: Delivery, index: ScenarioIndex) -> Iterator[Fault]:
    if one.date not in index.dates:
        message = say(
            "fault.date-outside-horizon.delivery",
            date=one.date, first=index.dates[0], last=index.dates[-1],
        )  # fmt: skip
        yield finding(f"{place}.date", FaultCode.DATE_OUTSIDE_HORIZON, message)
    if one.caregiver is not None and one.caregiver not in index.caregiver:
        message = say("fault.unknown-caregiver", name=one.caregiver)
        yield finding(f"{place}.caregiver", FaultCode.UNKNOWN_CAREGIVER, message)
    if one.occurrence is Occurrence.DONE:
        for field in _NEEDED:
            if getattr(one, field) is None:
                message = say("fault.missing-field.delivery")
                yield finding(f"{place}.{field}", FaultCode.MISSING_FIELD, message)
    else:
        for field in ("start", "end"):
            if getattr(one, field) is not None:
                message = say("fault.time-of-nothing", occurrence=one.occurrence)
                yield finding(f"{place}.{field}", FaultCode.TIME_OF_NOTHING, message)
    if one.start is not None and one.end is not None and one.end < one.start:
        yield finding(f"{place}.end", FaultCode.OUT_BEFORE_IN, say("fault.out-before-in"))
