"""What would serve a visit that is left out, on the roster's page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.prepare import prepare
from optimizer.report.audience import EVERYBODY
from optimizer.report.page import roster_page
from optimizer.report.remedies import MOST_VISITS, by_priority, remedies
from optimizer.report.roster import Roster
from optimizer.verification import verify
from tests.report.people import NAMED
from tests.report.village import village


def roster_of(scenario: Scenario) -> Roster:
    """Return a roster on which nobody is visited."""
    prepared = prepare(scenario)
    left = [{"visit": visit.id, "reason": "nobody_found"} for visit in scenario.visits]
    plan = Plan.model_validate({"scenario": scenario.id, "routes": [], "unserved": left})
    verdict = verify(prepared.scenario, plan, prepared.matrices)
    return Roster.of_verdict(prepared, plan, verdict)


@pytest.fixture(scope="module")
def idle() -> Roster:
    """The village with one visit, which would begin when all shifts end."""
    scenario = village()
    late = scenario.visits[0].model_copy(
        update={
            "window": scenario.visits[0].window.model_validate(
                {"earliest": "12:00", "latest": "12:15"}
            )
        }
    )
    return roster_of(scenario.model_copy(update={"visits": (late,)}))


def test_the_smallest_change_is_told_by_name(idle: Roster) -> None:
    """Home is 2 min away and the shift ends at 12:00: by 11:23 Dora must begin the half hour."""
    (found,) = remedies(idle, NAMED).values()
    assert [(str(fix.kind), fix.minutes, fix.caregiver) for fix in found] == [
        ("begin_earlier", 37, "Dora Invented"),
        ("shift_later", 37, "Dora Invented"),
    ]
    page = roster_page(idle, lang="en", audience=NAMED)
    assert "It could be served if Dora Invented worked 37 min longer on 2026-03-02" in page


def test_the_most_urgent_visits_come_first() -> None:
    """Critical before flexible, and no more than are worth the time."""
    scenario = village()
    many = [scenario.visits[2].model_copy(update={"id": f"V1{number:03d}"}) for number in range(30)]
    roster = roster_of(scenario.model_copy(update={"visits": (*many, scenario.visits[0])}))
    assert by_priority(roster)[0][0].id == "V0001"
    found = remedies(roster, EVERYBODY)
    assert len(found) == MOST_VISITS
    assert "V0001" in found


def test_nothing_is_promised_of_a_broken_roster(idle: Roster) -> None:
    """Where rules are broken, or the problem is not at hand, nothing is tried."""
    assert remedies(replace(idle, prepared=None), EVERYBODY) == {}
