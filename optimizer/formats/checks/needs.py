"""Records that are sound and yet odd: out of date, not read by any rule, without effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from optimizer.domain.client import Period
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.codes import WarningCode
from optimizer.formats.findings import finding
from optimizer.i18n import say
from optimizer.needs.book import Book
from optimizer.needs.conditions import Test
from optimizer.needs.facts import COMA, MENTAL, facts_of


def warn_of_tiers(scenario: Scenario, _book: Book) -> Iterator[Fault]:
    """Warn of assessments that no longer hold, and of records that say no need tier."""
    first = scenario.horizon.start
    for number, client in enumerate(scenario.clients):
        if client.health_record is None:
            continue
        facts = facts_of(client, first)
        here = f"clients[{number}].health_record"
        for position in facts.out_of_date:
            message = say("fault.assessment-out-of-date", first=first, client=client.id)
            path = f"{here}.assessments[{position}]"
            yield finding(path, WarningCode.ASSESSMENT_OUT_OF_DATE, message)
        # Whoever is unconscious needs everything, assessed or not.
        if facts.base_tier is None and "coma" not in facts.raised:
            message = say("fault.no-need-tier", client=client.id)
            yield finding(here, WarningCode.NO_NEED_TIER, message)


def warn_of_codes(scenario: Scenario, book: Book) -> Iterator[Fault]:
    """Warn of conditions and devices that no rule reads; only their places are told."""
    tests = list(_tests_of(book))
    conditions = {test.condition for test in tests} | {COMA, *MENTAL}
    devices = {test.device for test in tests}
    for number, client in enumerate(scenario.clients):
        record = client.health_record
        if record is None:
            continue
        here = f"clients[{number}].health_record"
        places = [
            *(
                f"{here}.conditions[{n}].code"
                for n, condition in enumerate(record.conditions)
                if condition.code not in conditions
            ),
            *(
                f"{here}.devices[{n}]"
                for n, code in enumerate(record.devices)
                if code not in devices
            ),
        ]
        for place in places:
            message = say("fault.code-without-rule", client=client.id)
            yield finding(place, WarningCode.CODE_WITHOUT_RULE, message)


def _tests_of(book: Book) -> Iterator[Test]:
    """Yield every test of a book, those within others included."""
    rules = book.rules
    asked = [rule.when for rule in rules.rules]
    asked += [add.when for rule in rules.rules for add in rule.adds]
    asked += [rule.when for rule in rules.contraindications]
    asked += [rule.when for rule in rules.impossible]
    asked += [service.two_carers for service in book.catalogue.services.values()]
    for tests in asked:
        yield from _nested(tests)


def _nested(tests: Iterable[Test]) -> Iterator[Test]:
    for test in tests:
        yield test
        yield from _nested((*test.any_of, *test.all_of, *test.none_of))


def warn_of_entitlements(scenario: Scenario, _book: Book) -> Iterator[Fault]:
    """Warn of a payer who grants something for the horizon and by week or month as well."""
    for number, client in enumerate(scenario.clients):
        recurring = {e.payer for e in client.entitlements if e.period is not Period.HORIZON}
        for position, entitlement in enumerate(client.entitlements):
            if entitlement.period is Period.HORIZON and entitlement.payer in recurring:
                message = say("fault.entitlements-mixed", payer=entitlement.payer, client=client.id)
                path = f"clients[{number}].entitlements[{position}]"
                yield finding(path, WarningCode.ENTITLEMENTS_MIXED, message)


def warn_of_care_plans(scenario: Scenario, _book: Book) -> Iterator[Fault]:
    """Warn of care plans that hold on no day of the horizon."""
    days = scenario.horizon.dates()
    for number, plan in enumerate(scenario.care_plans):
        if plan.ordered_on > days[-1] or (plan.until is not None and plan.until < days[0]):
            message = say("fault.care-plan-not-held", client=plan.client)
            yield finding(f"care_plans[{number}]", WarningCode.CARE_PLAN_NOT_HELD, message)
