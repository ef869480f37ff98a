"""Alerts: a closed list, told once and in order, and never a visit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from optimizer.domain.care_plan import CarePlanItem
from optimizer.needs.alerts import SEVERITIES, alerts_of
from optimizer.needs.catalogue import Alert
from optimizer.needs.derive import derive
from tests.needs.alert_tables import ALERTS
from tests.needs.worlds import BOOK, Known, derived, fell, has, needs_of, orders, plan, world

PAGE = (Path(__file__).parents[2] / "docs" / "needs.md").read_text(encoding="utf-8")
LIST = {**BOOK.rules.alerts, **BOOK.catalogue.alerts}
ROWS = re.findall(r"^\| `(\w+)` \| (\w+) \| (\w+) \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)
DIAGNOSES = re.compile(
    "dement|diabet|stroke|cancer|parkinson|schizo|mental|depress|incontinen|失智|糖尿|卒中|癌|精神|抑郁|失禁"
)
"What a word at the head of a roster must not tell."


def test_the_list_is_documented() -> None:
    """The page lists every alert with severity, words and what to do, and nothing else."""
    told = {code: (severity, en, do) for code, severity, _, en, do in ROWS}
    assert told == {
        code: (alert.severity, alert.en, alert.do.en if alert.do else "")
        for code, alert in LIST.items()
    }
    given = {rule.id: rule.alert for rule in BOOK.rules.rules if rule.alert}
    named = {rule: code for code, _, rule, _, _ in ROWS if rule != "catalogue"}
    assert named == given


@pytest.mark.parametrize("alert", LIST.values(), ids=LIST)
def test_an_alert_says_what_to_do(alert: Alert) -> None:
    """Each says in both languages what is wrong and what is to be done, and no diagnosis."""
    assert alert.do is not None
    words = (alert.en, alert.zh, alert.do.en, alert.do.zh)
    assert all(words)
    assert not [one for one in words if DIAGNOSES.search(one)]


def test_every_rule_of_alerts_gives_no_service() -> None:
    """Alerts are never visits: a rule that gives one asks for nothing."""
    giving = [rule for rule in BOOK.rules.rules if rule.alert is not None]
    assert giving
    assert [rule.id for rule in giving if rule.adds or rule.changes or rule.blocks] == []


def test_without_alerts_the_visits_are_the_same() -> None:
    """A book without the rules that give alerts or cautions only leads to the same visits."""
    kept = tuple(
        one
        for one in BOOK.rules.rules
        if one.adds or one.changes or one.blocks or one.flags or one.out_of_scope
    )
    quiet = type(BOOK)(BOOK.catalogue, BOOK.rules.model_copy(update={"rules": kept}))
    assert len(kept) < len(BOOK.rules.rules)
    for number, (_, _, known, _) in enumerate(ALERTS):
        scenario = world(known.person(f"E{number}"))
        usual = derive(scenario, BOOK).scenario
        assert derive(scenario, quiet).scenario.visits == usual.visits


@pytest.mark.parametrize(("rule", "source", "known", "_beside"), ALERTS)
def test_an_alert_has_a_source(rule: str, source: str, known: Known, _beside: Known) -> None:
    """Each row of the table says where it is from, and its record gets the alert of its rule."""
    code = next(one.alert for one in BOOK.rules.rules if one.id == rule)
    raised = alerts_of(BOOK, [needs_of(known, days=1)])
    assert code in [one.code for one in raised]
    assert source.startswith("judgement") or "GB/T 42195-2022" in source


def test_the_most_urgent_come_first() -> None:
    """Alerts are told by severity, those of one severity in the order of the clients."""
    notice = Known(has("pressure_injury")).person("C1")
    urgent = Known(events=fell(1, kind="self_harm")).person("C2")
    serious = Known(items={"comprehension": 0}).person("C3")
    both = Known(has("self_harm")).person("C4")
    needs = derived(notice, urgent, serious, both, days=1)
    raised = alerts_of(needs.book, needs.clients)
    assert [one.client for one in raised] == ["C2", "C4", "C3", "C1"]
    severities = [SEVERITIES.index(one.alert.severity) for one in raised]
    assert severities == sorted(severities)


def test_an_alert_is_told_once() -> None:
    """Two rules that give one alert give it once, with the reason of the first."""
    first = BOOK.rules.rules[0].model_copy(update={"id": "Z1", "alert": "self_harm"})
    second = first.model_copy(update={"id": "Z2"})
    rules = BOOK.rules.model_copy(update={"rules": (first, second)})
    book = type(BOOK)(BOOK.catalogue, rules)
    known = Known(has("hypertension"))
    (raised,) = alerts_of(book, derive(world(known.person()), book).clients)
    assert (raised.code, raised.trace.rule) == ("self_harm", "Z1")


@pytest.mark.parametrize(
    "known",
    [
        Known(has("diabetes_insulin", "dementia"), grade=4, client={"age": 9}),
        Known(has("schizophrenia", "hypertension"), grade=4),
    ],
)
def test_out_of_scope(known: Known) -> None:
    """Whom the rules are not made for gets visits for what a care plan orders, and no others."""
    assert needs_of(known).visits == ()
    needs = needs_of(known, care_plans=(orders("VITALS", per_week=7),))
    assert {service for visit in needs.visits for service in visit.services} == {"VITALS"}
    assert {trace.rule for visit in needs.visits for trace in visit.trace} == {"care_plan"}
    ordered = plan(CarePlanItem(service="HYG_BATH"))
    assert [demand.service for demand in known.required(ordered).demands] == ["HYG_BATH"]
