"""Facts about generated days of the district."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

import pytest

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.policy import Priority
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import CarerNeed
from optimizer.errors import UsageError
from optimizer.formats import check_scenario, format_scenario
from optimizer.generate import RECIPES, generate_scenario
from optimizer.generate.district import load_district
from optimizer.needs import default_book
from optimizer.units import MS_PER_MINUTE, parse_clock
from tests.generate.days import generated, planned
from tests.sweeps import few


@pytest.fixture(scope="module")
def district_day() -> Scenario:
    """Return the district's ordinary Tuesday."""
    return generated("zhenhai-day-l", 1)


@pytest.fixture(scope="module")
def planned_day() -> Scenario:
    """Return the district's ordinary Tuesday with its visits."""
    return planned("zhenhai-day-l", 1)


@pytest.mark.parametrize("name", ["zhenhai-day-s", "zhenhai-day-m"])
def test_same_recipe_and_seed_give_the_same_bytes(name: str) -> None:
    """Generating twice gives the same text."""
    again = generate_scenario(RECIPES[name], 1)
    assert format_scenario(generated(name, 1)) == format_scenario(again)


def test_another_seed_gives_another_day() -> None:
    """Two seeds give two different small days."""
    assert generated("zhenhai-day-s", 1) != generated("zhenhai-day-s", 2)


@pytest.mark.parametrize("seed", range(1, 4))
def test_days_have_exactly_the_clients_and_staff_of_their_recipe(seed: int) -> None:
    """Counts do not depend on the seed, and no visit is ready."""
    recipe = RECIPES["zhenhai-day-m"]
    day = generated("zhenhai-day-m", seed)
    assert len(day.clients) == recipe.clients
    assert len(day.caregivers) == sum(recipe.staff.values())
    assert not day.visits
    assert not day.couplings
    assert all(client.health_record is not None for client in day.clients)


@pytest.mark.parametrize("seed", few(range(1, 11), 4))
def test_days_of_any_seed_have_no_fault_and_no_warning(seed: int) -> None:
    """Small days of ten seeds pass all checks of the format."""
    findings = check_scenario(generated("zhenhai-day-s", seed))
    assert findings.faults == ()
    assert findings.warnings == ()


@pytest.mark.parametrize("seed", few(range(1, 11), 4))
def test_derived_days_of_any_seed_have_no_fault_and_no_warning(seed: int) -> None:
    """What follows from the records passes all checks as well."""
    findings = check_scenario(planned("zhenhai-day-s", seed))
    assert findings.faults == ()
    assert findings.warnings == ()


@pytest.mark.parametrize("clients", [1, 7, 61])
def test_any_number_of_clients_can_be_asked_for(clients: int) -> None:
    """A recipe's number of clients is met, however small."""
    recipe = replace(RECIPES["zhenhai-day-m"], clients=clients, somebody_has=(), at_least_once=())
    assert len(generate_scenario(recipe, 1).clients) == clients


@pytest.mark.parametrize("name", ["zhenhai-day-s", "zhenhai-day-m"])
@pytest.mark.parametrize("seed", few(range(1, 5), 2))
def test_what_a_day_is_to_have_occurs(name: str, seed: int) -> None:
    """Every seed has insulin and a bath by two carers on the very day."""
    had = {
        (service, len(visit.carers))
        for visit in planned(name, seed).visits
        for service in visit.services
    }
    assert had >= set(RECIPES[name].at_least_once)
    assert had >= {("INSULIN_INJ", 1), ("HYG_BATH", 2)}


def test_what_cannot_occur_is_bad_usage() -> None:
    """A service that no record asks for is looked for in vain, and said to be missing."""
    recipe = replace(RECIPES["zhenhai-day-s"], clients=1, at_least_once=(("EMERG", 1),))
    with pytest.raises(UsageError, match="EMERG"):
        generate_scenario(recipe, 1)


def test_the_district_day_has_the_staff_of_the_survey(district_day: Scenario) -> None:
    """97 caregivers and 40 volunteers; 7 nurses, 4 therapists, 8 housekeepers, 78 grades."""
    groups = Counter(_group(caregiver) for caregiver in district_day.caregivers)
    assert groups == {"C": 78, "N": 7, "R": 4, "HK": 8, "VOL": 40}


def test_care_on_the_district_day_is_what_was_bought(planned_day: Scenario) -> None:
    """500 to 900 visits; with arrival and notes between 310 and 450 hours of care."""
    hours = sum(c.minutes for v in planned_day.visits for c in v.carers) / 3_600_000
    assert 500 <= len(planned_day.visits) <= 900
    assert 310 <= hours <= 450


def test_every_priority_and_staff_group_is_asked_for(planned_day: Scenario) -> None:
    """The day has critical, essential and flexible visits, and work for each qualification."""
    assert {visit.priority for visit in planned_day.visits} == set(Priority)
    needs = {need.code for v in planned_day.visits for c in v.carers for need in c.qualifications}
    assert needs == {"VOL", "HK", "C", "N", "R", "SW"}


def test_nobody_is_asked_for_outside_working_hours(planned_day: Scenario) -> None:
    """Every carer of a visit has somebody on duty who qualifies and could be in time."""
    for visit in planned_day.visits:
        for carer in visit.carers:
            assert any(
                shift.start <= visit.window.latest
                and shift.end >= visit.window.earliest + carer.minutes
                for caregiver in planned_day.caregivers
                if _holds(caregiver, carer)
                for shift in caregiver.shifts
            )


def test_breakfasts_with_insulin_are_spread(planned_day: Scenario) -> None:
    """Not all who need a nurse before breakfast need her in the same half hour."""
    starts = [
        visit.window.earliest
        for visit in planned_day.visits
        if "INSULIN_INJ" in visit.services and visit.window.earliest < parse_clock("12:00")
    ]
    assert max(starts) - min(starts) >= 45 * MS_PER_MINUTE


def test_higher_staff_hold_the_lower_codes(district_day: Scenario) -> None:
    """Whoever nurses, cares or keeps house may also do what those below them do."""
    order = {"N": {"C", "HK", "VOL"}, "C": {"HK", "VOL"}, "R": {"VOL"}, "HK": {"VOL"}}
    for caregiver in district_day.caregivers:
        held = {q.code for q in caregiver.qualifications}
        for code in held:
            assert order.get(code, set()) <= held


def test_every_carer_has_at_least_two_who_qualify(planned_day: Scenario) -> None:
    """No carer of any visit hangs on a single person."""
    needs = {carer.qualifications: carer for v in planned_day.visits for carer in v.carers}
    for need in needs.values():
        assert sum(_holds(caregiver, need) for caregiver in planned_day.caregivers) >= 2


@pytest.mark.parametrize("service", sorted(default_book().catalogue.services))
def test_two_organisations_are_contracted_for_every_service_in_every_town(
    district_day: Scenario, service: str
) -> None:
    """No town depends on a single organisation."""
    for town in load_district().towns:
        covering = {
            contract.organisation
            for contract in district_day.contracts
            if (not contract.towns or town.code in contract.towns) and service in contract.services
        }
        assert len(covering) >= 2


def test_no_contract_has_a_cap(district_day: Scenario) -> None:
    """Contracts say where and what, and limit nothing."""
    assert len({contract.organisation for contract in district_day.contracts}) == 6
    for contract in district_day.contracts:
        assert (contract.cap, contract.cap_visits, contract.cap_fen) == (None, None, None)


def test_full_shifts_have_a_midday_break(district_day: Scenario) -> None:
    """Whoever works six hours or more at a stretch has a break rule, nobody else."""
    for caregiver in district_day.caregivers:
        longest = max(shift.end - shift.start for shift in caregiver.shifts)
        assert (caregiver.break_rule is not None) == (longest >= 6 * 3_600_000)


def test_windows_leave_room_for_coupled_gaps(planned_day: Scenario) -> None:
    """Some pair of starts inside the windows keeps every coupling's gap."""
    window = {visit.id: visit.window for visit in planned_day.visits}
    assert planned_day.couplings
    for tie in planned_day.couplings:
        first, second = window[tie.first], window[tie.second]
        assert second.latest - first.earliest >= tie.min_gap
        if tie.max_gap is not None:
            assert second.earliest - first.latest <= tie.max_gap


def test_homes_are_rounded_to_about_a_hundred_metres(district_day: Scenario) -> None:
    """No coordinate has more than three decimals."""
    homes = [client.home for client in district_day.clients]
    homes += [caregiver.home for caregiver in district_day.caregivers]
    assert all(home.lat == round(home.lat, 3) for home in homes)
    assert all(home.lon == round(home.lon, 3) for home in homes)


def test_towns_and_tiers_follow_their_shares(district_day: Scenario, planned_day: Scenario) -> None:
    """Clients per town are those of the survey's weights, derived tiers those of the mix."""
    towns = Counter(client.town for client in district_day.clients)
    assert [towns[town.code] for town in load_district().towns] == [209, 122, 174, 113, 70, 78, 104]
    tiers = Counter(client.need_tier for client in planned_day.clients)
    assert [tiers[tier] for tier in range(5)] == [217, 305, 174, 113, 61]


def test_infectious_clients_have_one_afternoon_visit(planned_day: Scenario) -> None:
    """Coming last on a route never costs half a shift."""
    visits = defaultdict(list)
    for visit in planned_day.visits:
        visits[visit.client].append(visit)
    infectious = [c.id for c in planned_day.clients if "infectious" in c.flags]
    assert infectious
    for client in infectious:
        (only,) = visits[client]
        assert only.window.latest >= parse_clock("14:00")


def _holds(caregiver: Caregiver, carer: CarerNeed) -> bool:
    held = {q.code: q.level for q in caregiver.qualifications}
    return all(held.get(need.code, 0) >= need.level for need in carer.qualifications)


def _group(caregiver: Caregiver) -> str:
    held = {q.code for q in caregiver.qualifications}
    return next(code for code in ("N", "R", "C", "HK", "VOL") if code in held)
