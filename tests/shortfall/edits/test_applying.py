"""Edits leave a whole scenario, do what they say, and draw the same people in every arm."""

from __future__ import annotations

import pytest

from optimizer.domain.caregiver import Origin, Shift
from optimizer.domain.client import Flag
from optimizer.domain.contract import Contract, Organisation
from optimizer.domain.edit import (
    AddOrganisation,
    Caregivers,
    CaregiversAway,
    Clients,
    ClientsAway,
    ClosedHours,
    ClosedTown,
    Demand,
    DropOrganisation,
    Edit,
    ExtraVisits,
    Hire,
    MoreCaregivers,
    MoreEntitlement,
    OpeningHours,
    OtherMode,
    Price,
    RuleOff,
    ServicesOff,
    ShiftHours,
    TravelTime,
    Wage,
)
from optimizer.domain.place import Mode
from optimizer.domain.relaxed_rule import RelaxedRule
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Requirement, StartWindow
from optimizer.formats import check_scenario
from optimizer.needs import derive
from optimizer.shortfall.edits import (
    apply,
    asks_for_needs,
    caregivers_meant,
    is_relaxing,
    town_of_caregivers,
    with_visits,
)
from optimizer.shortfall.edits.applying import APPLY
from optimizer.shortfall.edits.repair import Mended
from optimizer.travel import travel_matrices
from optimizer.units import MS_PER_DAY, MS_PER_MINUTE
from tests.shortfall.imagined_day import given_day, ordinary_day

_OUTSIDE = Caregivers(origin=Origin.OUTSIDE)
_WINDOW = StartWindow.model_validate({"earliest": "08:00", "latest": "18:00"})

EVERY_KIND: tuple[Edit, ...] = (
    DropOrganisation(organisation="ORG1", joining=50),
    AddOrganisation(
        organisation=Organisation(id="ORG9"),
        contracts=(
            Contract.model_validate(
                {"id": "ORG9-life", "purchaser": "district", "organisation": "ORG9",
                 "start": "2026-01-01", "end": "2026-12-31"}
            ),
        ),
    ),
    CaregiversAway(percent=50, of=_OUTSIDE),
    Hire(count=2, town="luotuo", qualification=Requirement(code="N"), origin=Origin.LOCAL),
    MoreCaregivers(percent=50, of=Caregivers(volunteer=True)),
    Demand(percent=6),
    Wage(percent=10),
    MoreEntitlement(percent=20),
    Price(percent=100),
    ShiftHours(earlier=60, later=600),
    OpeningHours.model_validate({"opens": "08:00", "closes": "17:00"}),
    ClosedHours.model_validate({"start": "12:00", "end": "14:00"}),
    RuleOff(rule=RelaxedRule.CONTRACT_AREA),
    TravelTime(percent=50),
    OtherMode(was=Mode.EBIKE, becomes=Mode.WALK),
    ClosedTown(town="luotuo"),
    ServicesOff(services=("MEAL_COOK", "CLEAN_HOME")),
    ExtraVisits(
        service="SAFE_VISIT", minutes=20, window=_WINDOW, percent=50, of=Clients(flag=Flag.ALONE)
    ),
    ClientsAway(percent=10),
)  # fmt: skip


def _ids(scenario: Scenario) -> set[str]:
    return {one.id for one in scenario.caregivers}


def test_every_kind_of_edit_is_tried() -> None:
    """The list above has each kind once."""
    assert [type(edit) for edit in EVERY_KIND] == list(APPLY)


@pytest.mark.parametrize("edit", EVERY_KIND, ids=lambda edit: str(edit.kind))
def test_an_edited_scenario_is_whole(edit: Edit) -> None:
    """No edit leaves a fault behind, nor an equal scenario."""
    before = ordinary_day()
    edited = apply(before, [edit]).scenario
    assert check_scenario(edited).faults == ()
    assert edited != before


@pytest.mark.parametrize("edit", EVERY_KIND, ids=lambda edit: str(edit.kind))
def test_edits_draw_by_seed_and_replication_only(edit: Edit) -> None:
    """The same question has the same answer, whoever asks, and however often."""
    before = ordinary_day()
    assert apply(before, [edit], 3, 4) == apply(before, [edit], 3, 4)


def test_nothing_imagined_is_nothing_changed() -> None:
    """No edit, no difference, and nothing to mend."""
    edited = apply(ordinary_day(), [])
    assert edited.scenario == ordinary_day()
    assert edited.repairs == ()


def test_an_organisation_takes_its_people_and_contracts_along() -> None:
    """Contracts end, clients may choose anew, and each of it is said."""
    before = ordinary_day()
    edited = apply(before, [DropOrganisation(organisation="ORG1")])
    after = edited.scenario
    gone = {one.id for one in before.caregivers if one.organisation == "ORG1"}
    assert _ids(after) == _ids(before) - gone
    assert all(one.organisation != "ORG1" for one in after.contracts)
    assert all(one.organisation != "ORG1" for one in after.clients)
    assert gone.isdisjoint(one.caregiver for one in after.history)
    assert after.visits[0].pin is not None
    assert after.visits[0].pin.caregivers == (None,)
    told = {sentence.key for sentence in edited.repairs}
    assert {"repair.contracts", "repair.chosen", "repair.history", "repair.pins"} <= told
    assert {key.removeprefix("repair.") for key in told} <= set(Mended)


def test_those_who_join_another_organisation_stay() -> None:
    """All of them join: nobody is lost, and a nurse goes where nursing is contracted."""
    before = ordinary_day()
    after = apply(before, [DropOrganisation(organisation="ORG1", joining=100)]).scenario
    assert _ids(after) == _ids(before)
    medical = {one.organisation for one in after.contracts if "INSULIN_INJ" in one.services}
    nurses = caregivers_meant(after, Caregivers(qualification="N"))
    assert nurses
    assert {one.organisation for one in nurses} <= medical


@pytest.mark.parametrize("replication", range(5))
def test_a_larger_share_contains_the_smaller_one(replication: int) -> None:
    """Whoever is away when 40 % are is away when half of them are."""
    before = ordinary_day()
    few, many = (
        _ids(before) - _ids(apply(before, [CaregiversAway(percent=p)], 1, replication).scenario)
        for p in (40, 50)
    )
    assert (len(few), len(many)) == (8, 10)
    assert few < many


def test_replications_draw_different_people() -> None:
    """Otherwise a hundred of them would be one."""
    before = ordinary_day()
    drawn = {
        frozenset(_ids(apply(before, [CaregiversAway(percent=40)], 1, n).scenario))
        for n in range(0, 20, 2)
    }
    assert len(drawn) > 5


def test_only_those_meant_are_away() -> None:
    """Half of those from outside: whole people, rounded half up; nobody who is local."""
    before = ordinary_day()
    outside = {one.id for one in caregivers_meant(before, _OUTSIDE)}
    left = _ids(apply(before, [CaregiversAway(percent=50, of=_OUTSIDE)]).scenario)
    gone = _ids(before) - left
    assert len(gone) == (len(outside) + 1) // 2
    assert gone <= outside


def test_the_least_trained_go_first() -> None:
    """Nobody with more training leaves before somebody with less."""
    before = ordinary_day()
    after = apply(before, [CaregiversAway(count=5, least_trained_first=True)]).scenario
    gone = [one for one in before.caregivers if one.id not in _ids(after)]

    levels = [sum(q.level for q in one.qualifications) for one in gone]
    rest = [sum(q.level for q in one.qualifications) for one in after.caregivers]
    assert len(gone) == 5
    assert max(levels) <= min(rest)


def test_more_clients_are_whole_people() -> None:
    """Copies under new ids with visits and ties of their own, near those they resemble."""
    before = ordinary_day()
    after = apply(before, [Demand(percent=10)]).scenario
    new = after.clients[len(before.clients) :]
    assert len(new) == round(len(before.clients) / 10)
    assert len(after.visits) > len(before.visits)
    known = {one.id: one for one in before.clients}
    for client in new:
        model = known[client.id.partition("+")[0]]
        assert client.preferred == client.refused == ()
        assert abs(client.home.lat - model.home.lat) < 0.004
        assert client.category == model.category


def test_more_growth_contains_less() -> None:
    """Whoever is new at 6 % is new at 10 %, at the same home."""
    before = ordinary_day()
    few, many = (set(apply(before, [Demand(percent=p)], 2, 2).scenario.clients) for p in (6, 10))
    assert few < many


def test_clients_can_double_and_more() -> None:
    """At 250 % everybody is copied twice and half of them a third time."""
    before = ordinary_day()
    after = apply(before, [Demand(percent=250)]).scenario
    assert len(after.clients) == 3.5 * len(before.clients)
    assert len({one.id for one in after.clients}) == len(after.clients)


def test_fewer_clients_take_their_visits_along() -> None:
    """Nothing of a client who is gone is left."""
    before = ordinary_day()
    after = apply(before, [Demand(percent=-40)]).scenario
    left = {one.id for one in after.clients}
    assert len(left) == 90
    assert {one.client for one in after.visits} <= left
    assert {one.client for one in after.history} <= left


def test_a_town_of_one_category_grows_alone() -> None:
    """The filter holds: only clients of the town are copied."""
    before = ordinary_day()
    of = Clients(town="guisi")
    after = apply(before, [Demand(percent=100, of=of)]).scenario
    assert {one.town for one in after.clients[len(before.clients) :]} == {"guisi"}


def test_hires_hold_what_is_asked_and_live_in_the_town() -> None:
    """Two nurses more, ids of their own, in the middle of the town."""
    edit = Hire(count=2, town="luotuo", qualification=Requirement(code="N"))
    after = apply(ordinary_day(), [edit]).scenario
    new = [one for one in after.caregivers if one.id.startswith("NEW-")]
    assert [one.id for one in new] == ["NEW-luotuo-N1-1", "NEW-luotuo-N1-2"]
    assert all(any(q.code == "N" for q in one.qualifications) for one in new)
    towns = town_of_caregivers(after)
    assert {towns[one.id] for one in new} == {"luotuo"}


def test_a_dearer_hour_buys_less() -> None:
    """At twice the price a purse of minutes holds half of them, and fewer visits follow."""
    given = given_day()
    needs = derive(given)
    assert asks_for_needs([Price(percent=100)])
    dearer, rest = with_visits(given, needs, [Price(percent=100), Demand(percent=0)])
    assert rest == (Demand(percent=0),)
    scenario = dearer.scenario
    for old, new in zip(given.clients, scenario.clients, strict=True):
        for was, now in zip(old.entitlements, new.entitlements, strict=True):
            assert now.cap == was.cap // 2
    assert len(scenario.visits) < len(needs.scenario.visits)
    assert sum(one.cut for one in dearer.clients) > sum(one.cut for one in needs.clients)


def test_shifts_stay_within_their_day() -> None:
    """Ten hours more would pass midnight; two shifts that meet become one."""
    before = ordinary_day()
    after = apply(before, [ShiftHours(earlier=720, later=720)]).scenario
    half = MS_PER_DAY // 2
    for old, new in zip(before.caregivers, after.caregivers, strict=True):
        (shift,) = new.shifts
        assert shift.start == max(0, min(one.start for one in old.shifts) - half)
        assert shift.end == min(MS_PER_DAY, max(one.end for one in old.shifts) + half)


def test_midday_is_cut_out_of_a_shift() -> None:
    """One shift across the closed hours becomes two, one that does not touch them stays."""
    before = ordinary_day()
    noon, two = 720 * MS_PER_MINUTE, 840 * MS_PER_MINUTE
    edit = ClosedHours.model_construct(start=noon, end=two)
    after = apply(before, [edit]).scenario
    for old, new in zip(before.caregivers, after.caregivers, strict=True):
        assert all(shift.end <= noon or shift.start >= two for shift in new.shifts)
        assert _length(new.shifts) == _length(old.shifts) - sum(
            max(0, min(shift.end, two) - max(shift.start, noon)) for shift in old.shifts
        )


def _length(shifts: tuple[Shift, ...]) -> int:
    return sum(shift.end - shift.start for shift in shifts)


def test_all_journeys_take_longer() -> None:
    """By half, to the minute that is rounded up."""
    before = ordinary_day()
    slow = apply(before, [TravelTime(percent=50)]).scenario
    was, now = travel_matrices(before).table, travel_matrices(slow).table
    assert (now >= was).all()
    assert now.sum() == pytest.approx(1.5 * was.sum(), rel=0.05)


def test_journeys_of_one_town_take_longer() -> None:
    """Those from or to it, and no others; new clients have a row in the matrices too."""
    before = ordinary_day()
    edits: list[Edit] = [TravelTime(percent=100, town="guisi"), Demand(percent=5)]
    after = apply(before, edits).scenario
    assert check_scenario(after).faults == ()
    was, now = travel_matrices(before), travel_matrices(after)
    towns = {one.id: one for one in after.clients}
    first, second = (
        next(one for one in before.clients if one.town == town) for town in ("guisi", "zhuangshi")
    )
    third = next(
        one for one in before.clients if one.town == "zhuangshi" and one.home != second.home
    )

    def ticks(one: str, other: str) -> tuple[int, int]:
        old = {each.id: each for each in before.clients}
        return (
            was.between(Mode.EBIKE, was.index(old[one].home), was.index(old[other].home)),
            now.between(Mode.EBIKE, now.index(towns[one].home), now.index(towns[other].home)),
        )

    old, new = ticks(first.id, second.id)
    assert new == 2 * old
    old, new = ticks(second.id, third.id)
    assert new == old


def test_nobody_crosses_the_border_of_a_closed_town() -> None:
    """Every pair of inside and outside is barred, in both directions, and no other."""
    before = ordinary_day()
    after = apply(before, [ClosedTown(town="luotuo")]).scenario
    towns = town_of_caregivers(before)
    for old, new in zip(before.clients, after.clients, strict=True):
        across = {one for one in towns if (towns[one] == "luotuo") != (old.town == "luotuo")}
        assert set(new.refused) == across | set(old.refused)


def test_services_that_stop_leave_the_rest_of_a_visit() -> None:
    """A visit of nothing else does not take place; another one is made without it."""
    before = ordinary_day()
    off = frozenset({"MEAL_COOK", "CLEAN_HOME"})
    after = apply(before, [ServicesOff(services=tuple(sorted(off)))]).scenario
    left = {one.id: one for one in after.visits}
    assert all(off.isdisjoint(one.services) for one in after.visits)
    for visit in before.visits:
        assert (visit.id in left) == (not set(visit.services) <= off)


def test_relaxing_edits_are_known() -> None:
    """Hires and rules that are lifted bar no roster; fewer people may."""
    assert is_relaxing([Hire(), RuleOff(rule=RelaxedRule.ORGANISATION)])
    assert not is_relaxing([Hire(), CaregiversAway(count=1)])
