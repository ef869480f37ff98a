"""Care plans: ordered for somebody who is there, with services that can be given so."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.domain.care_plan import CarePlanItem
from optimizer.errors import Fault
from optimizer.formats.checks.view import View
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.needs.catalogue import Catalogue
from optimizer.units import MS_PER_MINUTE, format_minutes


def check_care_plans(view: View) -> Iterator[Fault]:
    """A care plan names a client, services of the catalogue, and one frequency of each."""
    clients = view.known("clients")
    for place, plan in view.rows("care_plans", view.scenario.care_plans):
        whose = f"(client {plan.client})"
        if clients is not None and plan.client not in clients:
            message = (
                f"names the client {plan.client}, which is not listed; add it or correct the id."
            )
            yield finding(f"{place}.client", FaultCode.UNKNOWN_CLIENT, message)
        if plan.until is not None and plan.until < plan.ordered_on:
            message = (
                f"is {plan.until}, before ordered_on {plan.ordered_on}; swap the two dates {whose}."
            )
            yield finding(f"{place}.until", FaultCode.PERIOD_REVERSED, message)
        for number, item in enumerate(plan.items):
            yield from _item(f"{place}.items[{number}]", item, view.book.catalogue, whose)


def _item(here: str, item: CarePlanItem, catalogue: Catalogue, whose: str) -> Iterator[Fault]:
    service = catalogue.services.get(item.service)
    if service is None:
        message = (
            f"names the service {item.service}, which the catalogue lacks; "
            f"add it or correct the code {whose}."
        )
        yield finding(f"{here}.service", FaultCode.UNKNOWN_SERVICE, message)
    elif not service.rostered:
        message = (
            f"names the service {item.service}, which is kept in reserve and never planned; "
            f"order another one {whose}."
        )
        yield finding(f"{here}.service", FaultCode.NEVER_ROSTERED, message)
    elif item.per_day > len(service.windows):
        message = (
            f"is {item.per_day}, but {item.service} has {len(service.windows)} windows a day in "
            f"the catalogue; order it less often a day {whose}."
        )
        yield finding(f"{here}.per_day", FaultCode.TOO_OFTEN_A_DAY, message)
    if item.per_week is not None and item.per_four_weeks != _USUAL:
        message = f"is not read beside per_week; remove one of the two {whose}."
        yield finding(f"{here}.per_four_weeks", FaultCode.TWO_FREQUENCIES, message)
    if item.minutes == 0:
        message = f"is 0 minutes; give the minutes that it takes {whose}."
        yield finding(f"{here}.minutes", FaultCode.EMPTY_DURATION, message)
    elif item.minutes is not None and item.minutes % MS_PER_MINUTE:
        message = (
            f"is {format_minutes(item.minutes)}, but visits are derived in whole minutes; "
            f"round it up {whose}."
        )
        yield finding(f"{here}.minutes", FaultCode.BAD_MINUTES, message)


_USUAL = CarePlanItem.model_fields["per_four_weeks"].default
