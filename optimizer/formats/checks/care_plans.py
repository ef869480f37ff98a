"""Care plans: ordered for somebody who is there, with services that can be given so."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.domain.care_plan import CarePlanItem
from optimizer.errors import Fault
from optimizer.formats.checks.view import View
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.i18n import Sentence, say
from optimizer.needs.catalogue import Catalogue
from optimizer.units import MS_PER_MINUTE, format_minutes


def check_care_plans(view: View) -> Iterator[Fault]:
    """A care plan names a client, services of the catalogue, and one frequency of each."""
    clients = view.known("clients")
    for place, plan in view.rows("care_plans", view.scenario.care_plans):
        whose = say("fault.whose", client=plan.client)
        if clients is not None and plan.client not in clients:
            message = say("fault.unknown-client", name=plan.client)
            yield finding(f"{place}.client", FaultCode.UNKNOWN_CLIENT, message)
        if plan.until is not None and plan.until < plan.ordered_on:
            message = say(
                "fault.period-reversed.care-plan",
                until=plan.until,
                ordered_on=plan.ordered_on,
                whose=whose,
            )
            yield finding(f"{place}.until", FaultCode.PERIOD_REVERSED, message)
        for number, item in enumerate(plan.items):
            yield from _item(f"{place}.items[{number}]", item, view.book.catalogue, whose)


def _item(here: str, item: CarePlanItem, catalogue: Catalogue, whose: Sentence) -> Iterator[Fault]:
    service = catalogue.services.get(item.service)
    if service is None:
        message = say("fault.unknown-service.of-client", service=item.service, whose=whose)
        yield finding(f"{here}.service", FaultCode.UNKNOWN_SERVICE, message)
    elif not service.rostered:
        message = say("fault.never-rostered", service=item.service, whose=whose)
        yield finding(f"{here}.service", FaultCode.NEVER_ROSTERED, message)
    elif item.per_day > len(service.windows):
        message = say(
            "fault.too-often-a-day.care-plan",
            per_day=item.per_day,
            service=item.service,
            windows=len(service.windows),
            whose=whose,
        )
        yield finding(f"{here}.per_day", FaultCode.TOO_OFTEN_A_DAY, message)
    if item.per_week is not None and item.per_four_weeks != _USUAL:
        message = say("fault.two-frequencies.of-client", whose=whose)
        yield finding(f"{here}.per_four_weeks", FaultCode.TWO_FREQUENCIES, message)
    if item.minutes == 0:
        message = say("fault.empty-duration.of-client", whose=whose)
        yield finding(f"{here}.minutes", FaultCode.EMPTY_DURATION, message)
    elif item.minutes is not None and item.minutes % MS_PER_MINUTE:
        message = say(
            "fault.bad-minutes.of-client", minutes=format_minutes(item.minutes), whose=whose
        )
        yield finding(f"{here}.minutes", FaultCode.BAD_MINUTES, message)


_USUAL = CarePlanItem.model_fields["per_four_weeks"].default
