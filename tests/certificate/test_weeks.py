"""Certificates about weeks: limits across days that leave visits out where each day is fine."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from optimizer.certificate import Form, Relaxation, UnservedProof, certify, objections, tabled
from optimizer.certificate.balance import certificate_of
from optimizer.certificate.weeks import Weeks
from optimizer.domain.caregiver import BreakRule, Caregiver
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import StartWindow
from optimizer.needs import derive
from tests.certificate.flat_day import differences
from tests.certificate.oracle import fewest_unserved
from tests.certificate.plain_day import PlainDay
from tests.certificate.recheck import judge
from tests.sweeps import few
from tests.verification.worlds import MONDAY, caregiver, lane, shifts, visit
from tests.worlds.random_week import random_week

Doc = dict[str, Any]
WEEK = Horizon(start=MONDAY, days=7).dates()
HOUR = 60


def week(*people: Caregiver, days: int = 7, minutes: int = 120, **of_visit: Any) -> Scenario:
    """Return a week with one visit on each of its first days, at the client next to home."""
    return lane(
        horizon=Horizon(start=MONDAY, days=7),
        caregivers=people,
        visits=tuple(
            visit(f"V{n}", "C1", minutes, **{"dates": (date,), **of_visit})
            for n, date in enumerate(WEEK[:days])
        ),
    )


def worker(**fields: Any) -> Caregiver:
    """Return a caregiver who has a shift from 08:00 to 17:00 on each day of the week."""
    return caregiver("N1", **{"shifts": shifts(*WEEK), "rest": 0, **fields})


def document(scenario: Scenario, claim: UnservedProof) -> Doc:
    """Return certificates with their tables as the file holds them."""
    found: Doc = json.loads(tabled(scenario, claim).model_dump_json(exclude_none=True))
    return found


def by_weeks(scenario: Scenario) -> UnservedProof:
    """Return what certificates about weeks prove of all visits, with nothing else."""
    relaxation = Relaxation.of(scenario)
    found = Weeks(relaxation).lacking((), lambda: False)
    return UnservedProof.of(
        scenario.id, [certificate_of(relaxation, Form.WEEKS, balance) for balance in found]
    )


LAW: dict[str, tuple[Scenario, int]] = {
    "nothing": (week(worker()), 0),
    # Seven visits of two hours each, eight hours of work a week.
    "week_minutes": (week(worker(week_minutes_limit=8 * HOUR)), 3),
    "day_minutes": (week(worker(day_minutes_limit=HOUR)), 4),
    "days_off": (week(worker(days_off=2)), 2),
    "days_off, some worked": (
        week(worker(days_off=1, days_worked=0, consecutive_days=3, consecutive_days_worked=2)),
        2,  # one day, a day off, three days, a day off, one day
    ),
    # One hour above the agreed one on each day, three hours of it a month.
    "month_overtime": (
        week(worker(day_minutes=HOUR, month_overtime_limit=3 * HOUR)),
        2,  # four hours missing of visits of two
    ),
    "month_overtime, some worked": (
        week(
            worker(
                day_minutes=HOUR, month_overtime_limit=3 * HOUR, month_overtime_worked=2 * HOUR
            )
        ),
        3,
    ),
    "nights of a week": (
        week(
            worker(shifts=shifts(*WEEK, start="21:00", end="05:00+1"), week_nights=4),
            window=StartWindow(earliest="22:00", latest="02:00+1"),
        ),
        3,
    ),
    "nights in a row": (
        week(
            worker(
                shifts=shifts(*WEEK, start="21:00", end="05:00+1"),
                consecutive_nights=1,
                consecutive_nights_worked=1,
            ),
            window=StartWindow(earliest="22:00", latest="02:00+1"),
        ),
        4,
    ),
    # Home at 20:10 at the earliest, away again at 06:50 at the latest: half of the days.
    "rest": (week(worker(shifts=shifts(*WEEK, start="06:00", end="21:00"), rest=24 * HOUR),
                  window=StartWindow(earliest="10:00", latest="10:00")), 3),
    "a return before": (
        week(worker(rest=24 * HOUR, last_return="13:00"), days=1,
             window=StartWindow(earliest="08:00", latest="10:00")), 1),
    "a break": (
        week(worker(break_rule=BreakRule(duration=HOUR, earliest="11:00", latest="14:00")),
             minutes=480), 1),
    # No day by itself lacks anything, whichever day is chosen.
    "a choice of days": (week(worker(days_off=3), days=7, minutes=500, dates=WEEK), 3),
}  # fmt: skip


@pytest.mark.parametrize("name", LAW)
def test_each_limit_across_days_proves_what_it_forbids(name: str) -> None:
    """A certificate of the week proves as much as is said; optimum, script and check agree."""
    scenario, least = LAW[name]
    claim = by_weeks(scenario)
    assert claim.least_unserved == least <= fewest_unserved(scenario)
    assert objections(scenario, tabled(scenario, claim)) == ()
    if least:
        false = document(scenario, claim)
        assert judge(false)
        assert (
            differences(PlainDay(json.loads(scenario.model_dump_json(exclude_none=True))), false)
            == []
        )
        if false["tables"][0]["people"][0]["gives"]:
            false["tables"][0]["people"][0]["gives"] -= 1
            assert not judge(false)
            assert objections(scenario, UnservedProof.model_validate(false)) != ()


def test_days_alone_prove_nothing_of_a_week() -> None:
    """Where only the week's limit binds, no certificate of another form finds anything."""
    found = certify(LAW["week_minutes"][0])
    assert [(part.form, part.least_unserved) for part in found.parts] == [(Form.WEEKS, 3)]
    assert found.parts[0].given == 8 * 60 * 60
    assert [one.amount for one in found.parts[0].people] == [8 * 60 * 60]


def test_groups_whom_nobody_connects_are_certificates_of_their_own() -> None:
    """Two caregivers with clients of their own lack time apart, and what stays is counted apart."""
    scenario = week(worker(week_minutes_limit=7 * HOUR))
    own = scenario.clients[0]
    clients = (own.model_copy(update={"refused": ("N2",)}), *scenario.clients[1:2])
    clients = (*clients, scenario.clients[2].model_copy(update={"refused": ("N1",)}))
    other = tuple(
        one.model_copy(update={"id": f"W{one.id}", "client": "C3"}) for one in scenario.visits
    )
    both = scenario.model_copy(
        update={
            "clients": clients,
            "caregivers": (worker(week_minutes_limit=7 * HOUR), caregiver(
                "N2", shifts=shifts(*WEEK), rest=0, week_minutes_limit=5 * HOUR)),
            "visits": (*scenario.visits, *other),
        }
    )  # fmt: skip
    found = by_weeks(both)
    assert sorted(part.least_unserved for part in found.parts) == [4, 5]
    assert found.least_unserved == fewest_unserved(both)


def stranger(table: Doc) -> None:
    """Leave out somebody's limits."""
    table["people"] = []


def rested(table: Doc) -> None:
    """Let the amounts of people be less than nothing."""
    table["people"].append({**table["people"][0], "gives": -10_000_000})
    table["least_unserved"] += 1


@pytest.mark.parametrize("spoil", [stranger, rested])
def test_false_tables_of_people_are_rejected(spoil: Callable[[Doc], None]) -> None:
    """The script misses nobody whose shifts are in the table."""
    scenario, _ = LAW["days_off"]
    false = document(scenario, by_weeks(scenario))
    spoil(false["tables"][0])
    false["least_unserved"] = sum(table["least_unserved"] for table in false["tables"])
    assert not judge(false)


PEOPLE = ("rest", "free_from", "week_days", "days_worked", "nights_worked", "month_worked")


@pytest.mark.parametrize("field", PEOPLE)
def test_limits_of_another_person_are_found_out(field: str) -> None:
    """Whatever a table says of a caregiver's limits is compared with the scenario."""
    scenario, _ = LAW["days_off"]
    false = document(scenario, by_weeks(scenario))
    false["tables"][0]["people"][0][field] += 1
    plain = PlainDay(json.loads(scenario.model_dump_json(exclude_none=True)))
    assert differences(plain, false) != []
    assert objections(scenario, UnservedProof.model_validate(false)) != ()


@pytest.mark.parametrize("seeds", few([range(9), *(range(n, n + 9) for n in range(9, 306, 9))], 1))
def test_random_weeks_are_never_said_to_leave_out_more_than_they_must(seeds: range) -> None:
    """Of random weeks no more is proven than the exact optimum; script and check agree."""
    of_weeks = 0
    for seed in seeds:
        scenario = derive(random_week(seed)).scenario
        found = certify(scenario, seconds=5)
        assert found.least_unserved <= fewest_unserved(scenario), seed
        claim = document(scenario, found)
        assert judge(claim), seed
        assert (
            differences(PlainDay(json.loads(scenario.model_dump_json(exclude_none=True))), claim)
            == []
        ), seed
        assert objections(scenario, UnservedProof.model_validate(claim)) == (), seed
        weeks = by_weeks(scenario)
        assert weeks.least_unserved <= fewest_unserved(scenario), seed
        of_weeks += weeks.least_unserved
    assert of_weeks > 0
