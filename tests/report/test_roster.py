"""What a report knows about a plan."""

from __future__ import annotations

from dataclasses import replace

from optimizer.report.roster import Roster


def test_a_two_carer_visit_is_served_by_both(roster: Roster) -> None:
    """V0002 counts as served once, with both carers there."""
    assert roster.served == {"V0001", "V0002", "V0003"}


def test_half_a_two_carer_visit_is_not_served(roster: Roster) -> None:
    """Without its second carer V0002 is unserved, with no reason given."""
    plan = roster.plan.model_copy(update={"routes": roster.plan.routes[1:]})
    alone = replace(roster, plan=plan)
    assert ("V0002", "") in [(visit.id, code) for visit, code in alone.unserved]


def test_routes_follow_the_scenario(roster: Roster) -> None:
    """Routes are shown in the scenario's order of caregivers, not in the plan's."""
    assert [route.caregiver for route in roster.routes] == ["G0001", "G0002"]


def test_gap_is_what_a_better_plan_could_save(roster: Roster) -> None:
    """195 of 6,195 minutes lie above the bound; without a bound there is no gap."""
    assert roster.gap is not None
    assert round(roster.gap, 4) == round(195 / 6195, 4)
    assert replace(roster, result=None).gap is None
    assert roster.result is not None
    free = replace(roster, verdict=replace(roster.verdict, cost=0))
    assert replace(free, result=replace(roster.result, lower_bound=0)).gap == 0.0
