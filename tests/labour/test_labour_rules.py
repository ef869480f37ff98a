"""The law of a country laid on caregivers: the stricter figure holds, of files and of China's."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.labour import LabourRules, LegalNight, LegalNumber, LegalTime
from optimizer.domain.night import NightHours
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.errors import InvalidDocument
from optimizer.formats import read_scenario
from optimizer.formats.labour import read_labour_rules
from optimizer.labour import default_labour_rules, under_labour_rules
from optimizer.labour.applying import AT_LEAST, AT_MOST
from optimizer.needs import derive
from optimizer.prepare import prepare
from optimizer.problem.compile import compile_problem
from optimizer.solving import solve
from optimizer.units import MS_PER_MINUTE
from optimizer.verification import verify
from tests.verification.worlds import MONDAY, caregiver, lane, shifts, visit

SCENARIOS = Path("scenarios")
DAY = dt.timedelta(days=1)
HOUR = 60 * MS_PER_MINUTE
TIMES = [n for n, field in LabourRules.model_fields.items() if "LegalTime" in str(field.annotation)]
COUNTS = [n for n in (*AT_MOST, *AT_LEAST) if n not in TIMES]


def rules(**figures: int) -> LabourRules:
    """Return rules with some figures, times in minutes."""
    made: dict[str, Any] = {
        name: LegalNumber(count=value, source="§ 1")
        if name in COUNTS
        else LegalTime(minutes=value, source="§ 1")
        for name, value in figures.items()
    }
    return LabourRules(id="test", en="Test", zh="试", **made)


def days(count: int, law: LabourRules | None = None, **fields: Any) -> Scenario:
    """Return the lane over so many days with N1 alone, on shift and asked for every day."""
    dates = [MONDAY + n * DAY for n in range(count)]
    return lane(
        horizon=Horizon(start=MONDAY, days=count),
        caregivers=(caregiver("N1", shifts=shifts(*dates), **fields),),
        visits=tuple(visit(f"V{n}", "C1", 30, dates=(day,)) for n, day in enumerate(dates)),
        labour_rules=law,
    )


def person_under(law: LabourRules, **fields: Any) -> Caregiver:
    """Return N1 under rules."""
    return under_labour_rules(days(1, law, **fields)).caregivers[0]


def test_every_figure_is_a_field_of_a_caregiver() -> None:
    """Each figure but the hours of the night is laid on a field of the same name."""
    figures = {n for n, f in LabourRules.model_fields.items() if "Legal" in str(f.annotation)}
    assert figures == {*AT_MOST, *AT_LEAST, "night"}
    assert figures - {"night"} <= set(Caregiver.model_fields)


@pytest.mark.parametrize("name", AT_MOST)
def test_the_smaller_of_two_most_holds(name: str) -> None:
    """Where the office allows more than the law, or anything, the law holds; else the office."""
    unit = 1 if name in COUNTS else MS_PER_MINUTE
    law = rules(**{name: 3})
    for own, becomes in ((None, 3), (2, 2), (3, 3), (4, 3)):
        fields = {} if own is None else {name: own}
        assert getattr(person_under(law, **fields), name) == becomes * unit


@pytest.mark.parametrize("name", AT_LEAST)
def test_the_larger_of_two_least_holds(name: str) -> None:
    """Rest and days off are as many as the law asks, or as the office gives."""
    unit = 1 if name in COUNTS else MS_PER_MINUTE
    law = rules(**{name: 3})
    for own, becomes in ((2, 3), (3, 3), (4, 4)):
        assert getattr(person_under(law, **{name: own}), name) == becomes * unit


def test_volunteers_are_under_no_law() -> None:
    """Who works for nothing is nobody's employee."""
    law = rules(days_off=3, day_minutes_limit=60)
    assert person_under(law, volunteer=True) == caregiver("N1", volunteer=True)


def test_to_lay_the_law_on_twice_changes_nothing() -> None:
    """What has been laid on already is found to keep it: the very same scenario comes back."""
    once = under_labour_rules(days(3, rules(days_off=2, rest=900, week_minutes=99)))
    assert under_labour_rules(once) is once


def test_the_night_of_the_law_holds_where_the_office_says_none() -> None:
    """An office that has said when it is night keeps that."""
    night = LegalNight(start="23:00", end="06:00", least=121, source="§ 2")
    law = rules().model_copy(update={"night": night})
    found = under_labour_rules(days(1, law)).policy.night
    assert found == NightHours(start="23:00", end="06:00", least=121)
    own = NightHours(start="21:00")
    said = days(1, law)
    said = said.model_copy(update={"policy": said.policy.model_copy(update={"night": own})})
    assert under_labour_rules(said).policy.night == own


def test_several_days_are_under_the_law_of_china() -> None:
    """Of seven days one is off, though nobody has said so; of a single day nothing is said."""
    assert default_labour_rules().id == "china"
    week = solve(days(7), iterations=300)
    assert len(week.plan.routes) == 6
    assert under_labour_rules(days(1)) == days(1)
    free = solve(days(7, rules()), iterations=300)
    assert len(free.plan.routes) == 7


def test_the_law_of_china_is_what_the_articles_say() -> None:
    """Eight hours and three, forty a week, 36 of overtime a month, a day off; each has a source."""
    law = default_labour_rules()
    worker = person_under(law)
    assert worker.day_minutes == 8 * HOUR
    assert worker.day_minutes_limit == 11 * HOUR
    assert worker.week_minutes == 40 * HOUR
    assert worker.week_minutes_limit == 44 * HOUR
    assert worker.month_overtime_limit == 36 * HOUR
    assert worker.days_off == 1
    given = [getattr(law, name) for name in (*AT_MOST, *AT_LEAST)]
    assert all("第" in figure.source for figure in given if figure is not None)


def test_another_country_has_a_file_of_its_own() -> None:
    """Under the German example nobody works more than ten hours, and it is night from 23:00."""
    law = read_labour_rules(SCENARIOS / "rules" / "labour-germany.toml")
    found = under_labour_rules(days(7, law, rest=0))
    worker = found.caregivers[0]
    assert (worker.day_minutes_limit, worker.rest, worker.days_off) == (10 * HOUR, 11 * HOUR, 1)
    assert found.policy.night.start == 23 * HOUR


def test_a_plan_is_judged_by_the_same_law() -> None:
    """A seventh day breaks the law's day off to the verifier, and none where the law is another."""
    free = solve(days(7, rules()), iterations=300).plan
    for law, broken in (
        (None, ["days_off"]),
        (rules(), []),
        (rules(consecutive_days=6), ["consecutive_days"]),
    ):
        prepared = prepare(days(7, law))
        found = verify(prepared.for_engine, free, prepared.matrices).violations
        assert [one.rule.value for one in found] == broken


@pytest.mark.parametrize("name", ["fortnight.json.gz", "zhenhai-week-m.json.gz"])
def test_no_shipped_week_is_planned_otherwise_by_the_law_of_china(name: str) -> None:
    """Recipes keep what the law asks: to the search the problem is the same with and without it."""
    given = derive(read_scenario(SCENARIOS / name)).scenario
    plain, lawful = compile_problem(given).arrays, compile_problem(under_labour_rules(given)).arrays
    for field in plain._fields:
        assert (getattr(plain, field) == getattr(lawful, field)).all(), field


BAD = """
format = "homecare-labour-rules"
version = "1"
id = "bad"
en = "Bad"
zh = "坏"
day_minutes = { minutes = 480 }
day_minute_limit = { minutes = 660, source = "s" }
week_minutes = { minutes = 2400, source = "s" }
week_minutes_limit = { minutes = 2000, source = "s" }
month_overtime = { minutes = 20, source = "s" }
days_off = { count = 8, source = "s" }
consecutive_days = { count = 0, source = "s" }
rest = { minutes = 660, source = "s" }
rest_after_night = { minutes = 600, source = "s" }
"""


def test_all_that_is_wrong_in_a_file_is_told_at_once(tmp_path: Path) -> None:
    """Unknown and missing fields, thresholds above limits, figures that nobody could keep."""
    path = tmp_path / "bad.toml"
    path.write_text(BAD, encoding="utf-8")
    with pytest.raises(InvalidDocument) as caught:
        read_labour_rules(path)
    assert {(fault.path, fault.code) for fault in caught.value.faults} == {
        ("day_minutes.source", "missing-field"),
        ("day_minute_limit", "unknown-field"),
        ("week_minutes_limit", "law-reversed"),
        ("month_overtime", "law-reversed"),
        ("days_off.count", "out-of-range"),
        ("consecutive_days.count", "out-of-range"),
        ("rest_after_night", "law-reversed"),
    }


def test_a_file_that_is_no_toml_is_told(tmp_path: Path) -> None:
    """One fault of the document as a whole."""
    path = tmp_path / "bad.toml"
    path.write_text("day_minutes = {", encoding="utf-8")
    with pytest.raises(InvalidDocument) as caught:
        read_labour_rules(path)
    assert [fault.code for fault in caught.value.faults] == ["bad-toml"]
