"""Who could take one visit: every caregiver and place, the cheapest first, all others as told."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace

from optimizer.domain.event import Added
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Term
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.explanation.change import Change as Varied
from optimizer.explanation.codes import Obstacle
from optimizer.explanation.insertions import InsertionPosition, Insertions
from optimizer.explanation.plan_state import PlanState
from optimizer.explanation.reasons import visit_reasons
from optimizer.explanation.timeline import Key, Task, Timing
from optimizer.explanation.writing import with_lines
from optimizer.replan.one_moved import cheapest_ejections, taken
from optimizer.replan.pairs import TOLD, cheapest_pairs, rooms
from optimizer.replan.route_cost import RouteCosts
from optimizer.replan.scenario_edits import with_new_visit
from optimizer.replan.suggestion import Elsewhere, OtherDay, Recommendation, Suggestion
from optimizer.travel import TravelMatrices, travel_matrices
from optimizer.units import to_ms
from optimizer.verification import verify


class Recommender:
    """Answers for one roster, of which everything is worked out once.

    Parameters
    ----------
    scenario, plan
        A scenario with its visits, and a roster that breaks no rule.
    matrices
        Travel of the scenario, if already at hand.
    """

    def __init__(
        self, scenario: Scenario, plan: Plan, matrices: TravelMatrices | None = None
    ) -> None:
        roads = travel_matrices(scenario) if matrices is None else matrices
        self._insertions = Insertions(PlanState.of(scenario, plan, roads))
        self._costs = RouteCosts(self._insertions.state)

    @property
    def is_clean(self) -> bool:
        """Whether the roster breaks no rule."""
        return self._insertions.state.is_clean

    def makes(self, visit: str) -> bool:
        """Return whether the roster makes a visit already."""
        return visit in self._insertions.state.moments

    def recommend(
        self,
        visit: str | Added,
        *,
        most: int = 10,
        now: int | None = None,
        move_one: bool = False,
    ) -> Recommendation:
        """Return who could take a visit, all others left with theirs.

        Parameters
        ----------
        visit
            Id of a visit that the roster leaves out, or a new one.
        most
            How many caregivers are suggested at most.
        now
            Begins no earlier, in milliseconds since midnight of the first day.
        move_one
            Whether one other visit may be moved for it; seconds on a large day.

        Raises
        ------
        KeyError
            If there is no such visit.
        ValueError
            If the roster makes it already.
        """
        insertions, costs, asked = self._asked(visit, now)
        if asked.id in insertions.state.moments:
            raise ValueError(f"{asked.id} is made already")
        if len(insertions.state.unit(asked)) > 1:
            return _for_two(insertions, costs, asked, most)
        room, obstacles = room_of(insertions, asked)
        best = {
            caregiver: days
            for caregiver, found in room.items()
            if (days := _by_day(insertions, costs, found))
        }
        ranked = sorted(best.values(), key=lambda days: (days[0][0], days[0][1]))[:most]
        suggestions = tuple(_with_days(insertions.state, costs, days) for days in ranked)
        if move_one:
            suggestions = _with_moves(insertions, costs, asked, suggestions, now)[:most]
        displaced = () if suggestions else visit_reasons(insertions, asked).rivals
        against = Counter(obstacles.values())
        return Recommendation(asked.id, suggestions, dict(against.most_common()), displaced)

    def _asked(self, visit: str | Added, now: int | None) -> tuple[Insertions, RouteCosts, Visit]:
        """Return what answers for a visit: the roster as it is, or with a new visit."""
        state = self._insertions.state
        if isinstance(visit, str):
            asked = state.index.visit[visit]
        elif visit.client is None and not visit.couplings:
            asked, state = visit.visit, state.varied(Varied(visits=(visit.visit,)))
        else:
            asked = visit.visit
            fresh = Recommender(with_new_visit(state.scenario, visit), state.plan)
            state = fresh._insertions.state
        if now is not None and now > asked.window.earliest:
            state = replace(state, not_before={asked.id: state.ticks(now)})
        if state is self._insertions.state:
            return self._insertions, self._costs, asked
        return replace(self._insertions, state=state), replace(self._costs, state=state), asked


def room_of(
    insertions: Insertions, visit: Visit
) -> tuple[dict[str, list[InsertionPosition]], dict[str, Obstacle]]:
    """Return where each caregiver has room for a visit of one carer, and what bars the others.

    Parameters
    ----------
    insertions
        The roster.
    visit
        A visit that it lists and does not make.
    """
    state = insertions.state
    task = state.task(visit, 1)
    days = set(state.index.allowed_dates(visit))
    keys = [key for key in state.lines if key[1] in days]
    barred = insertions.barred_from(task, keys)
    room: dict[str, list[InsertionPosition]] = {}
    obstacles: dict[str, Obstacle] = {}
    for key in keys:
        obstacle = barred[key]
        if obstacle is None:
            answer = insertions.beside(task, key)
            obstacle = answer.obstacle
            room.setdefault(key[0], []).extend(answer.positions)
        if obstacle is not None:
            obstacles[key[0]] = obstacle
    people = state.scenario.caregivers
    free = {person.id: room[person.id] for person in people if room.get(person.id)}
    return free, {
        person.id: obstacles.get(person.id, Obstacle.NOT_ON_THIS_DAY)
        for person in people
        if person.id not in free
    }


Priced = tuple[int, Key, tuple[Task, ...], Timing, Task, dict[Term, int]]
"An option with its cost before it."


def _by_day(
    insertions: Insertions, costs: RouteCosts, positions: list[InsertionPosition]
) -> list[Priced]:
    """Return the cheapest option of each day, the cheapest first."""
    best: dict[dt.date, Priced] = {}
    for position in positions:
        for option in costs.options(insertions, position):
            cost, day = sum(option[-1].values()), option[0][1]
            if day not in best or cost < best[day][0]:
                best[day] = (cost, *option)
    return sorted(best.values(), key=lambda one: (one[0], one[1]))


def _with_days(state: PlanState, costs: RouteCosts, days: list[Priced]) -> Suggestion:
    """Return the cheapest day of a caregiver as a suggestion that tells the others."""
    tpm = state.scenario.ticks_per_minute
    others = []
    for cost, key, tasks, timing, new, _ in days[1:]:
        start = timing.starts[next(n for n, task in enumerate(tasks) if task is new)]
        others.append(OtherDay(key[1], to_ms(start, tpm), cost))
    return replace(_suggestion(state, costs, *days[0]), other_days=tuple(others))


def _for_two(insertions: Insertions, costs: RouteCosts, asked: Visit, most: int) -> Recommendation:
    """Return which two caregivers could make a visit that needs both at once."""
    state, unit = insertions.state, insertions.state.unit(asked)
    against: Counter[Obstacle] = Counter()
    room = list(rooms(insertions, unit[:2])) if len(unit) == 2 else [{}, {}]
    pairs = cheapest_pairs(insertions, costs, unit, room, most)
    day = _listing(state.scenario, *(task.visit for task in unit))
    before = verify(day, state.plan, state.matrices)
    found = []
    for pair in pairs:
        one = _suggestion(state, costs, pair.cost, *pair.halves[0])
        lines = {half[0]: taken(half) for half in pair.halves}
        placed = {task.visit.id for task in unit}
        plan = with_lines(state, lines, placed=placed)
        after = None if plan is None else verify(day, plan, state.matrices)
        if plan is None or after is None or set(after.violations) - set(before.violations):
            continue
        terms = {
            term: cost for term in TOLD
            if (cost := after.cost_breakdown[term] - before.cost_breakdown[term])
        }  # fmt: skip
        other = _suggestion(state, costs, pair.cost, *pair.halves[1])
        found.append(
            replace(
                one,
                partner=pair.halves[1][0][0],
                difference=sum(terms.values()),
                terms=terms,
                moved=(*one.moved, *other.moved),
                plan=plan,
            )
        )
    found.sort(key=lambda one: (one.difference, one.caregiver, one.partner or ""))
    if not found:
        against = _obstacles(insertions, unit[0])
    return Recommendation(asked.id, tuple(found), dict(against.most_common()))


def _obstacles(insertions: Insertions, task: Task) -> Counter[Obstacle]:
    """Count what keeps caregivers from a task; a partner is lacking where nothing does."""
    state = insertions.state
    days = set(state.index.allowed_dates(task.visit))
    of: dict[str, Obstacle] = {}
    for key in state.lines:
        if key[1] in days:
            found = insertions.beside(task, key).obstacle
            of[key[0]] = Obstacle.PARTNER if found is None else found
    people = state.scenario.caregivers
    return Counter(of.get(person.id, Obstacle.NOT_ON_THIS_DAY) for person in people)


def _listing(scenario: Scenario, *visits: Visit) -> Scenario:
    """Return a scenario that has some visits, as they are asked for."""
    asked = {visit.id: visit for visit in visits}
    kept = tuple(asked.pop(one.id, one) for one in scenario.visits)
    return scenario.model_copy(update={"visits": (*kept, *asked.values())})


def _with_moves(
    insertions: Insertions,
    costs: RouteCosts,
    asked: Visit,
    alone: tuple[Suggestion, ...],
    now: int | None,
) -> tuple[Suggestion, ...]:
    """Return suggestions with those among them for which another visit goes elsewhere."""
    state = insertions.state
    day = _listing(state.scenario, asked)
    before = verify(day, state.plan, state.matrices)
    best = {one.caregiver: one for one in alone}
    for ejection in cheapest_ejections(insertions, costs, asked, now=now):
        gone, line = ejection.gone.visit, {ejection.option[0]: taken(ejection.option)}
        plan = with_lines(state, line, placed=(asked.id,), removed=(gone.id,))
        if plan is None:
            continue
        again = Recommender(day, plan, state.matrices).recommend(gone.id, most=1, now=now)
        if not again.suggestions:
            continue
        other = again.suggestions[0]
        after = verify(day, other.plan, state.matrices)
        if set(after.violations) - set(before.violations):
            continue
        terms = {
            term: cost for term in TOLD
            if (cost := after.cost_breakdown[term] - before.cost_breakdown[term])
        }  # fmt: skip
        one = _suggestion(state, costs, 0, *ejection.option)
        place = Elsewhere(gone.id, other.caregiver, other.date, other.start, other.difference)
        made = replace(
            one, difference=sum(terms.values()), terms=terms, plan=other.plan, elsewhere=place
        )
        if one.caregiver not in best or made.difference < best[one.caregiver].difference:
            best[one.caregiver] = made
    return tuple(sorted(best.values(), key=lambda one: (one.difference, one.caregiver)))


def _suggestion(
    state: PlanState,
    costs: RouteCosts,
    cost: int,
    key: Key,
    tasks: tuple[Task, ...],
    timing: Timing,
    new: Task,
    terms: dict[Term, int],
) -> Suggestion:
    tpm = state.scenario.ticks_per_minute
    fixed = tuple(
        replace(task, earliest=start, latest=start)
        for task, start in zip(tasks, timing.starts, strict=True)
    )
    plan = with_lines(state, {key: fixed}, placed=(new.visit.id,))
    moved = [
        (task.visit.id, then, start)
        for task, start in zip(tasks, timing.starts, strict=True)
        if task is not new and (then := costs.told[task.visit.id, task.carer]) != start
    ]
    start = timing.starts[next(n for n, task in enumerate(tasks) if task is new)]
    return Suggestion(
        caregiver=key[0],
        date=key[1],
        shift=key[2],
        start=to_ms(start, tpm),
        minutes=to_ms(new.care, tpm),
        difference=cost,
        terms=terms,
        moved=tuple((visit, to_ms(then, tpm), to_ms(now, tpm)) for visit, then, now in moved),
        plan=state.plan if plan is None else plan,
    )
