"""Records that are sound and yet odd: out of date, not read by any rule, without effect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from optimizer.domain.client import Period
from optimizer.domain.health import HealthRecord
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.codes import WarningCode
from optimizer.formats.findings import finding
from optimizer.i18n import say
from optimizer.needs.book import Book
from optimizer.needs.conditions import ANY, Test
from optimizer.needs.facts import COMA, facts_of
from optimizer.needs.scales import load_scales


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


def warn_of_late_dates(scenario: Scenario, _book: Book) -> Iterator[Fault]:
    """Warn of records of days that are not planned yet, and of assessments too late to be read."""
    days = scenario.horizon.dates()
    for number, client in enumerate(scenario.clients):
        record = client.health_record
        if record is None:
            continue
        here = f"clients[{number}].health_record"
        if record.recorded_on > days[-1]:
            message = say("fault.later-than-planned.record", last=days[-1], client=client.id)
            yield finding(f"{here}.recorded_on", WarningCode.LATER_THAN_PLANNED, message)
        for position, one in enumerate(record.assessments):
            if one.assessed_on > days[0]:
                message = say("fault.later-than-planned", first=days[0], client=client.id)
                path = f"{here}.assessments[{position}].assessed_on"
                yield finding(path, WarningCode.LATER_THAN_PLANNED, message)


def warn_of_codes(scenario: Scenario, book: Book) -> Iterator[Fault]:
    """Warn of codes in a record that no rule reads; only their places are told."""
    asked = _codes_asked_for(book)
    for number, client in enumerate(scenario.clients):
        record = client.health_record
        if record is None:
            continue
        for kind, place, code in _codes_of(record):
            if not asked[kind] & {code, ANY}:
                message = say("fault.code-without-rule", client=client.id)
                path = f"clients[{number}].health_record.{place}"
                yield finding(path, WarningCode.CODE_WITHOUT_RULE, message)


def _codes_asked_for(book: Book) -> Mapping[str, set[str]]:
    """Return the codes that the tests of a book ask for, by kind of test."""
    asked: dict[str, set[str]] = defaultdict(set)
    asked["condition"].add(COMA)
    for scale in load_scales().values():
        asked["condition"].update(() if scale.raises is None else scale.raises.conditions)
    for test in tests_of(book):
        for kind in ("condition", "device", "wound", "allergy", "diet", "night", "family"):
            code = getattr(test, kind)
            # To ask for anybody of the family is not to ask what was learned.
            if code is not None and (kind, code) != ("family", ANY):
                asked[kind].add(code)
        asked["device"] |= {code for code in (test.overdue, test.over_limit) if code is not None}
    return asked


def _codes_of(record: HealthRecord) -> Iterator[tuple[str, str, str]]:
    """Yield the codes of a record with the kind of test that reads them, and their place."""
    for n, condition in enumerate(record.conditions):
        yield "condition", f"conditions[{n}].code", condition.code
    for n, device in enumerate(record.devices):
        yield "device", f"devices[{n}]", device
    for n, wound in enumerate(record.wounds):
        yield "wound", f"wounds[{n}].kind", wound.kind
    for n, allergy in enumerate(record.allergies):
        yield "allergy", f"allergies[{n}]", allergy
    for n, food in enumerate(record.diet):
        yield "diet", f"diet[{n}]", food
    for n, need in enumerate(record.night_needs):
        yield "night", f"night_needs[{n}]", need
    for n, carer in enumerate(record.family):
        for m, skill in enumerate(carer.skills):
            yield "family", f"family[{n}].skills[{m}]", skill


def tests_of(book: Book) -> Iterator[Test]:
    """Yield every test of a book, those within others included."""
    rules = book.rules
    asked = [rule.when for rule in rules.rules]
    asked += [add.when for rule in rules.rules for add in rule.adds]
    asked += [rule.when for rule in rules.contraindications]
    asked += [rule.when for rule in rules.impossible]
    asked += [service.two_carers for service in book.catalogue.services.values()]
    asked += [row.when for row in book.catalogue.two_carers]
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
