"""Who could take a visit: the figures are the verifier's, the first is the best of all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product

import pytest

from optimizer.domain.event import Added
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Policy, Term, Weights
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import CarerNeed, StartWindow
from optimizer.explanation import Insertions, PlanState
from optimizer.explanation.writing import with_lines
from optimizer.replan.one_moved import taken
from optimizer.replan.recommendation import Recommender
from optimizer.replan.route_cost import RouteCosts
from optimizer.replan.suggestion import Recommendation
from optimizer.travel import TravelMatrices, travel_matrices
from optimizer.units import MS_PER_MINUTE
from optimizer.verification import Verdict, verify
from tests.explanation.days import planned
from tests.verification.worlds import (
    MONDAY,
    lane,
    roster,
    route,
    shifts,
    with_caregiver,
    with_visit,
)


@cache
def _taken_out(seed: int) -> tuple[tuple[str, PlanState], ...]:
    """Return visits of one caregiver, each with the plan of a random day without it."""
    state = planned(seed).state
    found = []
    for key, line in state.lines.items():
        for number, task in enumerate(line.tasks):
            if len(state.unit(task.visit)) > 1:
                continue
            rest = (*line.tasks[:number], *line.tasks[number + 1 :])
            plan = with_lines(state, {key: rest}, removed=(task.visit.id,))
            if plan is not None:
                without = PlanState.of(state.scenario, plan, state.matrices)
                if without.is_clean:
                    found.append((task.visit.id, without))
    return tuple(found)


def _asked(state: PlanState, visit: str) -> Recommendation:
    recommender = Recommender(state.scenario, state.plan, state.matrices)
    return recommender.recommend(visit, most=50)


def _tried(state: PlanState, visit: str) -> Iterator[int]:
    """Yield what every place costs at which the verifier finds no breach, one by one."""
    before = verify(state.scenario, state.plan, state.matrices)
    costs = RouteCosts(state)
    task = state.task(state.index.visit[visit], 1)
    full = state.ticks(task.visit.carers[0].minutes)
    for key, line in state.lines.items():
        bounded = state.bounded(task, line.caregiver, line.date)
        for care in {full, task.care} if bounded is not None else set():
            new = replace(bounded or task, care=care)
            for at in range(len(line.tasks) + 1):
                tasks = line.with_task(at, at, new)
                timing = costs.retimed(line, tasks, new)
                if timing is None:
                    continue
                held = tuple(
                    replace(one, earliest=start, latest=start)
                    for one, start in zip(tasks, timing.starts, strict=True)
                )
                plan = with_lines(state, {key: held}, placed=(visit,))
                if plan is not None:
                    after = verify(state.scenario, plan, state.matrices)
                    if after.feasible:
                        yield _without_price(after) - _without_price(before)


OF_THE_WHOLE = {Term.UNSERVED, Term.SHARE, Term.RESPONSIBLE, Term.PURCHASE}
"Terms of all routes at once, which a recommendation does not tell."


def _without_price(verdict: Verdict) -> int:
    breakdown = verdict.cost_breakdown
    return verdict.cost - sum(breakdown[term] for term in OF_THE_WHOLE)


def _terms(state: PlanState, plan: Plan, before: Verdict) -> tuple[Verdict, dict[Term, int]]:
    after = verify(state.scenario, plan, state.matrices)
    told = [term for term in Term if term not in OF_THE_WHOLE]
    both = {one: after.cost_breakdown[one] - before.cost_breakdown[one] for one in told}
    return after, {term: cost for term, cost in both.items() if cost}


def check(seed: int) -> list[str]:
    """Compare all that is recommended on a random day with exhaustive trial; say what differs."""
    wrong = []
    for visit, state in _taken_out(seed):
        before = verify(state.scenario, state.plan, state.matrices)
        found = _asked(state, visit)
        for one in found.suggestions:
            after, terms = _terms(state, one.plan, before)
            if not after.feasible or visit in after.unserved:
                wrong.append(f"day {seed}, {visit}, {one.caregiver}: {after.violations}")
            if dict(one.terms) != terms:
                wrong.append(f"day {seed}, {visit}, {one.caregiver}: {one.terms}, not {terms}")
        best = min(_tried(state, visit), default=None)
        first = found.suggestions[0].difference if found.suggestions else None
        if best != first:
            wrong.append(f"day {seed}, {visit}: {first} recommended, {best} by trial")
    return wrong


@pytest.mark.parametrize("seed", [*range(6), 62])  # on 62 evenings have a price
def test_the_first_is_the_best_of_exhaustive_trial(seed: int) -> None:
    """Every figure is the verifier's, and no place of anybody is cheaper than the first."""
    assert check(seed) == []


@pytest.mark.sweep
@pytest.mark.parametrize("first", range(0, 80, 10))
def test_on_many_days_the_first_is_the_best(first: int) -> None:
    """The same of some two hundred visits of random days with every feature."""
    assert [one for seed in range(first, first + 10) for one in check(seed)] == []


def test_a_new_visit_is_recommended_like_one_left_out() -> None:
    """Asked by its record, with an id of its own, it has the same suggestions."""
    visit, state = next(one for seed in range(6) for one in _taken_out(seed))
    like = state.index.visit[visit].model_copy(update={"id": "NEW", "pin": None})
    others = tuple(one for one in state.scenario.visits if one.id != visit)
    ties = tuple(t for t in state.scenario.couplings if visit not in (t.first, t.second))
    day = state.scenario.model_copy(update={"visits": others, "couplings": ties})
    listed = day.model_copy(update={"visits": (*others, like)})
    assert _figures(day, state.plan, state.matrices, Added(visit=like)) == _figures(
        listed, state.plan, state.matrices, "NEW"
    )


def _figures(
    day: Scenario, plan: Plan, roads: TravelMatrices, visit: str | Added
) -> list[tuple[str, int, int]]:
    found = Recommender(day, plan, roads).recommend(visit)
    return [(one.caregiver, one.start, one.difference) for one in found.suggestions]


def test_what_is_made_already_is_not_recommended() -> None:
    """A visit that has its carers needs nobody."""
    state = planned(0).state
    made = next(iter(state.moments))
    with pytest.raises(ValueError, match=made):
        _asked(state, made)


@pytest.mark.parametrize("carers", [1, 2])
@pytest.mark.parametrize("move_one", [False, True])
def test_asked_late_a_visit_stays_what_it_is(carers: int, move_one: bool) -> None:
    """Asked at 18:30, what might have begun at 16:00 begins later and is none of the evening."""
    window = StartWindow(earliest="16:00", latest="20:00")
    minutes = (CarerNeed(minutes=30),) * carers
    policy = Policy(weights=Weights(waiting=0, balance=0, burdens=5))
    day = with_visit(lane(policy=policy), "V1", window=window, carers=minutes)
    for name in ("N1", "N2"):
        day = with_caregiver(day, name, shifts=shifts(MONDAY, end="22:00"))
    plan = roster(
        route("N1", ("V2", "C2", "08:55", 60)),
        route("N2", ("V3", "C3", "08:30", 45)),
        unserved=("V1",),
    )
    state = PlanState.of(day, plan, travel_matrices(day))
    before = verify(day, plan)
    now = (18 * 60 + 30) * MS_PER_MINUTE
    found = Recommender(day, plan).recommend("V1", now=now, move_one=move_one)
    assert found.suggestions
    for one in found.suggestions:
        after, terms = _terms(state, one.plan, before)
        assert after.feasible
        assert one.start >= now
        assert dict(one.terms) == terms
        # With two carers it is hard, once for each of them.
        assert terms.get(Term.BURDENS, 0) == (2 * 5 * day.ticks_per_minute if carers > 1 else 0)


@cache
def _without_pairs(seed: int) -> tuple[tuple[str, PlanState], ...]:
    """Return visits of two caregivers, each with the plan of a random day without it."""
    state = planned(seed).state
    found = []
    for visit in state.scenario.visits:
        unit = state.unit(visit)
        served = {task.visit.id for task in unit}
        if len(unit) != 2 or not served <= set(state.moments):
            continue
        lines = {
            key: rest
            for key, line in state.lines.items()
            if (rest := tuple(t for t in line.tasks if t.visit.id not in served)) != line.tasks
        }
        plan = with_lines(state, lines, removed=tuple(served))
        if plan is not None:
            without = PlanState.of(state.scenario, plan, state.matrices)
            if without.is_clean:
                found.append((visit.id, without))
    return tuple(found)


def _pairs_tried(state: PlanState, visit: str) -> Iterator[int]:
    """Yield what each two places cost together at which the verifier finds no breach."""
    before = verify(state.scenario, state.plan, state.matrices)
    costs, insertions = RouteCosts(state), Insertions(state)
    unit = state.unit(state.index.visit[visit])
    places = [
        [place for key in state.lines for place in insertions.beside(task, key).positions]
        for task in unit
    ]
    starts = {place.span[0] for some in places for place in some}
    for first, second in product(*places):
        if first.key[0] == second.key[0] or first.key[1] != second.key[1]:
            continue
        for start in starts:
            both = [
                list(costs.options(insertions, replace(
                    place, task=replace(place.task, earliest=start, latest=start)
                )))
                for place in (first, second)
            ]  # fmt: skip
            for one, other in product(*both):
                lines = {half[0]: taken(half) for half in (one, other)}
                plan = with_lines(state, lines, placed={task.visit.id for task in unit})
                if plan is not None:
                    after = verify(state.scenario, plan, state.matrices)
                    if after.feasible:
                        yield _without_price(after) - _without_price(before)


def check_pairs(seed: int) -> list[str]:
    """Compare what is recommended for two caregivers with exhaustive trial; say what differs."""
    wrong = []
    for visit, state in _without_pairs(seed):
        found = _asked(state, visit)
        before = verify(state.scenario, state.plan, state.matrices)
        for one in found.suggestions:
            after, terms = _terms(state, one.plan, before)
            if not after.feasible or visit in after.unserved or dict(one.terms) != terms:
                wrong.append(f"day {seed}, {visit}, {one.caregiver}, {one.partner}")
        best = min(_pairs_tried(state, visit), default=None)
        first = found.suggestions[0].difference if found.suggestions else None
        if best != first:
            wrong.append(f"day {seed}, {visit}: {first} recommended, {best} by trial")
    return wrong


@pytest.mark.parametrize("seed", [3, 7, 31])
def test_the_first_pair_is_the_best_of_exhaustive_trial(seed: int) -> None:
    """Of a visit that needs two at once every figure is the verifier's, and the first the best."""
    assert check_pairs(seed) == []


@pytest.mark.sweep
@pytest.mark.parametrize("first", range(0, 80, 10))
def test_on_many_days_the_first_pair_is_the_best(first: int) -> None:
    """The same of random days with every feature."""
    assert [one for seed in range(first, first + 10) for one in check_pairs(seed)] == []


@pytest.mark.parametrize("seed", [0, 10])
def test_with_one_visit_moved_nothing_is_dearer(seed: int) -> None:
    """The first costs at most what it costs with nobody moved; the one that makes room is made."""
    for visit, state in _taken_out(seed):
        recommender = Recommender(state.scenario, state.plan, state.matrices)
        alone = recommender.recommend(visit)
        found = recommender.recommend(visit, move_one=True)
        before = verify(state.scenario, state.plan, state.matrices)
        assert len(found.suggestions) >= len(alone.suggestions)
        if alone.suggestions:
            assert found.suggestions[0].difference <= alone.suggestions[0].difference
        for one in found.suggestions:
            after, terms = _terms(state, one.plan, before)
            assert after.feasible
            assert dict(one.terms) == terms
            assert one.elsewhere is None or one.elsewhere.visit not in after.unserved
