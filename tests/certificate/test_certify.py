"""What is proven is true: never more than the exact model finds, in every form."""

from __future__ import annotations

import functools

import pytest

from benchmarks.named_days import named_day
from optimizer.certificate import Form, Relaxation, UnservedProof, certify, objections, tabled
from optimizer.certificate.certify import certify_relaxation
from optimizer.certificate.flow import cut
from optimizer.certificate.hours import Blocks
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import CarerNeed, Coupling, CouplingKind, Requirement
from optimizer.generate import uncoupled_day, weeks_of_daily_care
from optimizer.needs import derive
from tests.certificate.oracle import fewest_unserved, least_weight
from tests.certificate.recheck import judge
from tests.sweeps import few
from tests.verification.worlds import MONDAY, caregiver, lane, place, shifts, visit
from tests.worlds.random_small import USUAL, random_small

SIZES = ((6, 2), (9, 2), (7, 3))
BLOCK = 20
SECONDS = 0.4


@functools.cache
def small(seed: int) -> tuple[Scenario, UnservedProof]:
    """Return a random day and what is proven of it."""
    visits, caregivers = SIZES[seed % len(SIZES)]
    scenario = random_small(seed, visits, caregivers, USUAL)
    return scenario, certify(scenario, seconds=SECONDS)


@pytest.mark.parametrize("block", few(range(12), 1))
def test_no_more_is_proven_than_is_true(block: int) -> None:
    """Number and weight proven never exceed those of the exact model, over random days."""
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        scenario, found = small(seed)
        if found.parts:
            assert found.least_unserved <= fewest_unserved(scenario)
            assert found.least_weight <= least_weight(scenario)


@pytest.mark.parametrize("block", few(range(12), 1))
def test_what_is_found_holds_when_checked(block: int) -> None:
    """Nothing speaks against a certificate that was just found."""
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        scenario, found = small(seed)
        assert objections(scenario, found) == ()


def test_every_form_is_found_somewhere() -> None:
    """Among the random days and weeks each form turns up that is looked for."""
    forms = {part.form for seed in range(2 * BLOCK) for part in small(seed)[1].parts}
    assert forms == {Form.ALONE, Form.HOURS, Form.ROUTES, Form.WEEKS}


@pytest.mark.parametrize(
    ("world", "alone"),
    [
        (lane(), ()),  # everybody may go everywhere
        (lane(caregivers=(caregiver("N1", longest_leg=20),)), ("V3",)),  # nobody is so near
        (
            # By way of V2 nobody goes farther than 25 minutes, and there the route ends.
            lane(caregivers=(caregiver("N1", longest_leg=25, end_place=place(2)),)),
            (),
        ),
        (
            lane(caregivers=(caregiver("N1", shifts=shifts(MONDAY, end="08:45")),)),
            ("V1", "V2", "V3"),  # V1 takes 10 + 30 minutes, and 10 back are 5 too many
        ),
        (lane(caregivers=(caregiver("N1"),), visits=(visit("V1", "C1", 30, 30),)), ("V1",)),
        (lane(visits=(visit("V1", "C1", 30, 30),)), ()),  # two carers, two caregivers
        (
            lane(
                visits=(visit("V1", "C1", 30, 30), visit("V2", "C1", 10)),
                couplings=(Coupling(kind=CouplingKind.TOGETHER, first="V1", second="V2"),),
            ),
            (),  # three at once: each two of them find somebody, so it is not proven
        ),
    ],
    ids=["free", "too-far", "brought-near", "short", "no-second", "both", "three"],
)
def test_visits_nobody_can_make(world: Scenario, alone: tuple[str, ...]) -> None:
    """A visit is proven alone if no route at all can hold it, and only then."""
    found = [part for part in certify(world).parts if part.form is Form.ALONE]
    named = [one.visit for part in found for one in part.visits]
    assert tuple(named) == alone


def test_time_that_is_missing_is_proven_by_hours() -> None:
    """Four visits of two hours do not fit into one shift of nine hours with their ways."""
    visits = tuple(visit(f"V{n}", f"C{n}", 170) for n in (1, 2, 3))
    world = lane(caregivers=(caregiver("N1"),), visits=visits)
    found = certify(world)
    assert [part.form for part in found.parts] == [Form.HOURS]
    assert found.least_unserved == fewest_unserved(world) == 1


def test_a_cut_names_those_who_lack_time() -> None:
    """Of the visits in the network those stand on this side of the cut that want for time."""
    nurse = CarerNeed(minutes=200, qualifications=(Requirement(code="nursing"),))
    rare = tuple(visit(f"R{n}", "C1", carers=(nurse,)) for n in (1, 2, 3))
    world = lane(
        caregivers=(caregiver("N1", qualifications=({"code": "nursing"},)), caregiver("N2")),
        visits=(*rare, visit("V1", "C2", 30)),
    )
    relaxation = Relaxation.of(world)
    find = cut(relaxation, Blocks(relaxation), ())
    assert find is not None
    assert {relaxation.visit_ids[v] for v in find.balance.amounts} == {"R1", "R2", "R3"}
    assert find.balance.least(relaxation) == 1


@pytest.mark.sweep
def test_visits_too_far_apart_are_proven_by_routes() -> None:
    """On a scarce day of 100 visits what one route can hold decides; the plan does no better."""
    day = uncoupled_day(100, 15, 4, scarce=0.3)
    found = certify(day, seconds=60)
    assert [(part.form, part.least_unserved) for part in found.parts] == [(Form.ROUTES, 2)]


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("seed", "least"),
    [(1, 4), (3, 1), (4, 2), (5, 4)],  # as many as the best plans known leave out
)
def test_scarce_days_of_100(seed: int, least: int) -> None:
    """On days with three in ten caregivers missing the proof reaches the best plans known."""
    day = uncoupled_day(100, 15, seed, scarce=0.3)
    assert certify(day, seconds=5).least_unserved == least


@pytest.mark.sweep
def test_a_scarce_day_of_200() -> None:
    """Two visits of the first scarce day are proven to stay."""
    assert certify(named_day("scarce-200-1"), seconds=5).least_unserved >= 2


def test_a_plan_that_leaves_nothing_out_needs_no_proof() -> None:
    """Where everything is served, nothing is looked for."""
    day = lane(visits=())
    assert certify(day, plan=Plan(scenario="lane")).parts == ()


def test_the_limit_of_time_is_kept() -> None:
    """Once the time is up only what nobody can do at all is proven, with no look at routes."""
    looks: list[None] = []

    def is_over() -> bool:
        looks.append(None)
        return True

    found = certify_relaxation(Relaxation.of(uncoupled_day(100, 15, 4, scarce=0.3)), None, is_over)
    assert looks
    assert {part.form for part in found.parts} <= {Form.ALONE, Form.HOURS}


@pytest.fixture(scope="module")
def week() -> tuple[Scenario, UnservedProof]:
    """Return a week with one nurse on some evenings, and what is proven of it in seconds."""
    scenario = derive(weeks_of_daily_care(110, 30, 7, 1)).scenario
    return scenario, certify(scenario, seconds=5)


def test_a_week_is_looked_at_day_by_day(week: tuple[Scenario, UnservedProof]) -> None:
    """Four evenings want for a nurse; each certificate speaks of one day's slot."""
    scenario, found = week
    day = {visit.id: visit.dates for visit in scenario.visits}
    assert [(part.form, part.least_unserved) for part in found.parts] == [(Form.ROUTES, 1)] * 4
    for part in found.parts:
        assert len({day[one.visit] for one in part.visits}) == 1
        assert len({shift.date for shift in part.caregivers}) == 1
    assert objections(scenario, found) == ()


def test_the_script_agrees_with_what_is_proven_of_a_week(
    week: tuple[Scenario, UnservedProof],
) -> None:
    """The tables of a week are enough for whoever does not have this program."""
    scenario, found = week
    assert judge(tabled(scenario, found).model_dump(mode="json", exclude_none=True))


def test_a_day_without_anybody() -> None:
    """Where nobody works, every visit is proven to stay."""
    assert certify(lane(caregivers=())).least_unserved == 3
