"""What hires would do: found by searching, proven for the listed kinds, checked by others."""

from __future__ import annotations

import functools
from dataclasses import replace

import pytest

from benchmarks.named_days import named_day
from optimizer.certificate import hire_objections
from optimizer.domain import Scenario
from optimizer.domain.client import Entitlement, EntitlementUnit
from optimizer.generate import uncoupled_day
from optimizer.problem import layout as at
from optimizer.problem.compile import compile_problem
from optimizer.report.staffing_document import staffing_document
from optimizer.report.staffing_text import staffing_words
from optimizer.shortfall.staffing import Effort, Staffing, kinds_of, staffing
from optimizer.shortfall.staffing.kinds import covers, plainer
from optimizer.shortfall.staffing.phantoms import COPIES, with_price
from optimizer.shortfall.staffing.teams import WHOLE_VISIT, Teams, counting_prizes
from optimizer.travel import travel_matrices
from optimizer.verification import verify

SMALL = Effort(
    base=1_500,
    trial=150,
    confirm=600,
    short_list=4,
    confirmed=1,
    phantoms=1_500,
    drop=500,
    final=800,
    seeds=2,
    exchanged_for=3,
    exchanges=1,
    valued=2,
    most_hires=6,
    ranking_rounds=15,
    proof_rounds=40,
    team_rounds=20,
    team_parts=6,
    candidates=6,
    longest=1_500,
    scarcest_seconds=0.02,
)


def scarce() -> Scenario:
    """Return a day of 14 visits with too few caregivers."""
    return uncoupled_day(14, 2, 1, scarce=0.3)


@functools.cache
def short_day() -> tuple[Scenario, Scenario]:
    """Return a day with towns and organisations without its nurses, and the day as it was."""
    whole = named_day("zhenhai-day-s")
    stay = tuple(one for one in whole.caregivers if all(q.code != "N" for q in one.qualifications))
    return whole.model_copy(update={"caregivers": stay, "history": ()}), whole


@pytest.fixture(scope="module")
def found() -> Staffing:
    """The fewest hires by whom all visits of a scarce day are made."""
    return staffing(scarce(), cover=100, effort=SMALL, fen_per_hour=3_000)


def test_what_is_found_is_no_better_than_what_is_proven(found: Staffing) -> None:
    """No number of hires is found to leave fewer visits than that many are proven to leave."""
    assert [one.hires for one in found.curve] == list(range(found.hires + 1))
    assert all(one.proven <= one.found for one in found.curve)
    assert sorted((one.found for one in found.curve), reverse=True) == [
        one.found for one in found.curve
    ]
    assert found.curve[0].proven > 0


def test_the_answer_is_a_plan_that_keeps_every_rule(found: Staffing) -> None:
    """The verifier accepts the plan with hires, and counts the visits that are left out."""
    verdict = verify(found.scenario_with_hires, found.team.plan)
    assert verdict.feasible
    assert len(verdict.unserved) == found.team.unserved
    assert found.is_reached == (found.team.unserved <= (found.goal or 0))
    assert sum(one.count for one in found.hirings) == found.hires > 0
    more = found.scenario_with_hires.caregivers[len(found.scenario.caregivers) :]
    assert len({one.id for one in more}) == found.hires


def test_its_proofs_are_accepted_by_the_check(found: Staffing) -> None:
    """Every certificate about hires holds, and none claims that the team found is too small."""
    assert hire_objections(found.scenario, found.proof) == ()
    assert found.too_few is None or found.too_few < found.hires


def test_the_same_question_has_the_same_answer(found: Staffing) -> None:
    """All is counted in steps, but for the scarcest grade."""
    again = staffing(scarce(), cover=100, effort=SMALL, fen_per_hour=3_000)
    assert replace(again, scarcest=None) == replace(found, scarcest=None)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_sentences_say_found_and_proven_apart(found: Staffing, lang: str) -> None:
    """Nothing is called optimal, and that only the listed kinds are spoken of is said."""
    words = list(staffing_words(found, 100, lang="zh" if lang == "zh" else "en"))
    text = " ".join(words).lower()
    assert ("found" in text) if lang == "en" else ("找到的结果" in text)
    assert ("listed kinds" in text) if lang == "en" else ("所列类别" in text)
    assert "optimal" not in text
    assert "最优" not in text


def test_the_document_holds_the_curve(found: Staffing) -> None:
    """A machine reads the same figures, money in fen."""
    document = staffing_document(found, cover=100, lang="en")
    assert [one["found"] for one in document["curve"]] == [one.found for one in found.curve]
    assert (
        document["fen"]
        == found.fen
        == sum((one.kind.fen or 0) * one.count for one in found.hirings)
    )


def test_money_is_never_exceeded() -> None:
    """The best use of a budget costs no more, and leaves out no more than nobody more does."""
    kinds = kinds_of(scarce(), travel_matrices(scarce()), fen_per_hour=3_000)
    wage = min(kind.fen or 0 for kind in kinds)
    within = staffing(scarce(), budget=wage, effort=SMALL, fen_per_hour=3_000, prove=False)
    assert within.hires == 1
    assert within.fen == wage
    assert within.team.unserved <= within.base.unserved
    assert (
        staffing(scarce(), budget=wage - 1, effort=SMALL, fen_per_hour=3_000, prove=False).hirings
        == ()
    )


def test_where_nothing_is_left_out_nobody_is_needed() -> None:
    """None are needed then, and that is proven without a certificate."""
    day = uncoupled_day(8, 6, 1)
    answer = staffing(day, cover=100, effort=SMALL)
    assert answer.hirings == ()
    assert answer.proof.parts == ()
    assert answer.is_reached
    assert "no further caregiver" in next(staffing_words(answer, 100, lang="en"))


def test_a_goal_that_is_met_needs_nobody() -> None:
    """Of a share that today's roster makes, no hire comes out."""
    answer = staffing(scarce(), cover=1, effort=SMALL, prove=False)
    assert answer.hires == 0
    assert answer.is_reached


def test_nobody_to_copy_is_said() -> None:
    """Without a paid caregiver with a shift there are no kinds, and nothing is promised."""
    day = scarce()
    nobody = day.model_copy(update={"caregivers": ()})
    answer = staffing(nobody, cover=100, effort=SMALL)
    assert answer.kinds == ()
    assert not answer.is_reached
    assert "--like" in " ".join(staffing_words(answer, 100, lang="en"))


def test_no_hire_is_promised_for_what_nobody_pays() -> None:
    """A visit beyond its client's entitlement is a gap in money, and nobody is hired for it."""
    day = uncoupled_day(8, 6, 1)
    unpaid = day.visits[0]
    purse = Entitlement(payer="ltci", unit=EntitlementUnit.VISITS, cap=0)
    clients = tuple(
        one.model_copy(update={"entitlements": (purse,)}) if one.id == unpaid.client else one
        for one in day.clients
    )
    visits = (unpaid.model_copy(update={"payer": "ltci"}), *day.visits[1:])
    poor = day.model_copy(update={"clients": clients, "visits": visits})
    answer = staffing(poor, cover=100, effort=SMALL)
    assert answer.no_money == answer.no_people == (unpaid.id,)
    assert answer.hires == 0
    assert not answer.is_reached
    text = " ".join(staffing_words(answer, 100, lang="en"))
    assert "nobody pays" in text


def test_a_nurse_is_hired_by_a_body_that_may_nurse() -> None:
    """Each grade has the organisation with which it may make what only it may make."""
    day = named_day("zhenhai-day-m")
    kinds = kinds_of(day, travel_matrices(day))
    medical = {
        contract.organisation for contract in day.contracts if "INSULIN_INJ" in contract.services
    }
    nurses = [kind for kind in kinds if any(q.code == "N" for q in kind.grade)]
    assert nurses
    assert {kind.person.organisation for kind in nurses} <= medical


def test_what_nobody_holds_becomes_a_grade() -> None:
    """Without nurses anywhere, somebody who holds what visits ask for is among the kinds."""
    day, _ = short_day()
    asked = {q.code for visit in day.visits for need in visit.carers for q in need.qualifications}
    held = {q.code for one in day.caregivers for q in one.qualifications}
    kinds = kinds_of(day, travel_matrices(day))
    assert asked - held
    assert asked - held <= {q.code for kind in kinds for q in kind.grade}


def test_a_day_with_hires_can_be_asked_about_again(found: Staffing) -> None:
    """Further hires have ids that the first ones do not have."""
    day = found.scenario_with_hires
    taken = {one.id for one in day.caregivers}
    kinds = kinds_of(day, travel_matrices(day))
    assert kinds
    assert all(kind.copy(n).id not in taken for kind in kinds for n in (1, 2))
    assert not taken & {kind.person.id for kind in kinds}


def test_no_kind_is_of_no_use_beside_another() -> None:
    """Beside a wider grade of the same home, hours and organisation one stays only if cheaper."""
    day, whole = short_day()
    kinds = kinds_of(day, travel_matrices(day), like=whole.caregivers)
    assert len({kind.number for kind in kinds}) == len(kinds)
    for kind in kinds:
        for other in plainer(kind, kinds):
            assert (other.fen or 0) <= (kind.fen or 0)
            assert not covers(other.grade, kind.grade)


def test_prices_let_one_visit_fewer_count_more_than_all_else() -> None:
    """The dearest visits differ by less than a whole one, all together."""
    data = compile_problem(scarce())
    prizes = counting_prizes(data)
    whole = WHOLE_VISIT * data.scenario.ticks_per_minute
    real = prizes[prizes > 0]
    assert real.min() >= whole
    assert int((real - whole).sum()) < whole


def test_somebody_with_two_shifts_pays_half_for_each() -> None:
    """The price of a hire is shared out among the shifts, and the staff costs nothing more."""
    day, whole = short_day()
    roads = travel_matrices(day)
    kinds = kinds_of(day, roads, like=whole.caregivers)
    teams = Teams(day, roads, kinds)
    people = [kind.copy(n) for kind in kinds for n in range(1, COPIES + 1)]
    data = teams.compiled(people)
    priced = with_price(data, len(day.caregivers), [1.0] * len(kinds), 2.0)
    more = (priced.arrays.route - data.arrays.route)[:, at.STAFF]
    whole_price = 2 * WHOLE_VISIT * day.ticks_per_minute
    for v, one in enumerate(data.days):
        shifts = len(data.scenario.caregivers[one.caregiver].shifts)
        is_hire = one.caregiver >= len(day.caregivers)
        assert more[v] == (whole_price // shifts if is_hire else 0)
