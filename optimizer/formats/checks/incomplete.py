"""Health records that say too little: a grade without scores, no date, no stage, no schooling.

No message names a condition, because messages end up in logs and on screens.
"""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.domain.health import HealthRecord
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.checks.health_records import place_of_rule
from optimizer.formats.checks.needs import tests_of
from optimizer.formats.codes import WarningCode
from optimizer.formats.findings import finding
from optimizer.i18n import say
from optimizer.needs.book import Book
from optimizer.needs.conditions import all_hold
from optimizer.needs.facts import facts_of
from optimizer.needs.scales import load_scales, score_of


def warn_of_incomplete(scenario: Scenario, book: Book) -> Iterator[Fault]:
    """Warn of what a rule would ask and a record does not say."""
    tests = list(tests_of(book))
    dated = {test.condition for test in tests if test.within_days is not None}
    staged = {test.condition for test in tests if test.min_stage is not None}
    for number, client in enumerate(scenario.clients):
        record = client.health_record
        if record is None:
            continue
        here = f"clients[{number}].health_record"
        for n, condition in enumerate(record.conditions):
            place = f"{here}.conditions[{n}]"
            if condition.code in dated and condition.since is None:
                message = say("fault.undated-condition", client=client.id)
                yield finding(place, WarningCode.UNDATED_CONDITION, message)
            if condition.code in staged and condition.stage is None:
                message = say("fault.stage-missing", client=client.id)
                yield finding(place, WarningCode.STAGE_MISSING, message)
        yield from _assessments(here, record, client.id)
        facts = facts_of(client, scenario.horizon.start)
        if not facts.items and facts.base_tier is not None and facts.base_tier >= 2:
            message = say("fault.items-not-scored", client=client.id)
            yield finding(here, WarningCode.ITEMS_NOT_SCORED, message)


def _assessments(here: str, record: HealthRecord, client: str) -> Iterator[Fault]:
    """Yield tests of the mind whose result depends on a schooling that nobody names."""
    for n, assessment in enumerate(record.assessments):
        scale, score = load_scales()[assessment.scheme], score_of(assessment)
        if assessment.schooling is not None or not scale.normal_from or score is None:
            continue
        if min(scale.normal_from.values()) <= score < max(scale.normal_from.values()):
            message = say("fault.schooling-missing", client=client)
            yield finding(f"{here}.assessments[{n}]", WarningCode.SCHOOLING_MISSING, message)


def warn_of_odd(scenario: Scenario, book: Book) -> Iterator[Fault]:
    """Warn of what the rules call odd in a record, though it may be true."""
    for number, client in enumerate(scenario.clients):
        if client.health_record is None:
            continue
        facts = facts_of(client, scenario.horizon.start)
        for rule in book.rules.impossible:
            if rule.only_warn and all_hold(rule.when, facts) is not None:
                words = {"en": rule.en, "zh": rule.zh}
                message = say("fault.odd-record", rule=words, client=client.id)
                place = place_of_rule(f"clients[{number}]", rule, facts)
                yield finding(place, WarningCode.ODD_RECORD, message)
