"""A roster mended after something has happened: as few calls as possible, or as good as possible.

The search does the work, on a day in which visits rank above calls and calls above all other cost
(`optimizer.replan.ranks`), around what the events concern.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.domain.event import Events
from optimizer.domain.plan import Plan, Unserved
from optimizer.domain.policy import Term
from optimizer.domain.reason import UnservedReason
from optimizer.domain.scenario import Scenario
from optimizer.errors import Disagreement, EngineDisagreement
from optimizer.explanation.comparison import terms_between
from optimizer.problem import layout as at
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes
from optimizer.problem.translate import from_plan, to_plan
from optimizer.replan.changes import Change, changes_between, count_calls
from optimizer.replan.ranks import RANKS, rank_of
from optimizer.replan.restoring import restored, sent_nowhere
from optimizer.replan.situation import Hold, Situation, situation
from optimizer.replan.working_day import (
    Aim,
    Binding,
    WorkingDay,
    without_stand_ins,
    working_day,
)
from optimizer.search.budget import Budget
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Search
from optimizer.search.warm_start import fitting
from optimizer.search.worker import Worker
from optimizer.stop import AfterIterations
from optimizer.travel import TravelMatrices
from optimizer.verification import Verdict, verify
from optimizer.warm_up import make_ready

USUAL_ITERATIONS = 8_000
"Steps of the search per proposal: a few tenths of a second on a day of 600 visits."
AROUND = 60
"Tasks near each one concerned around which visits may be moved."
WARM, COOL, BACK = 0.4, 0.02, 0.2
"""First temperature as a multiple of the price of a call, last one of what a stop costs beside
calls; and how much lower the first one is while visits are led back."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One way to mend a roster; it breaks no rule.

    Attributes
    ----------
    aim
        What it looks at once as many visits as possible take place.
    plan
        The roster.
    verdict
        What the verifier says of it, on the day as it is now.
    changes
        Every visit that differs from the roster that was told, groups by number.
    calls
        Carers changed, times moved beyond the tolerance, and visits that are left out now.
    lost, gained
        Visits that are left out now and were not; and that are made now and were not.
    difference, terms
        Cost minus that of the roster as it was, in ticks of travel: in all, and per term that
        differs, calls not counted.
    """

    aim: Aim
    plan: Plan = field(repr=False)
    verdict: Verdict = field(repr=False)
    changes: tuple[Change, ...]
    calls: int
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    difference: int
    terms: Mapping[Term, int]


@dataclass(frozen=True)
class Repair:
    """What a roster can become after something has happened.

    Attributes
    ----------
    situation
        What has happened, and the day as it is now.
    proposals
        Different ways to mend the roster, the one with the fewest calls first.
    """

    situation: Situation
    proposals: tuple[Proposal, ...]

    @property
    def scenario(self) -> Scenario:
        """The day as it is now; what every proposal is a plan of."""
        return self.situation.scenario


def repair(
    scenario: Scenario,
    plan: Plan,
    events: Events,
    *,
    matrices: TravelMatrices | None = None,
    freeze: int | None = None,
    iterations: int = USUAL_ITERATIONS,
    seed: int = 1,
    aims: Iterable[Aim] = tuple(Aim),
    around: int | None = AROUND,
) -> Repair:
    """Mend a roster after something has happened.

    The choice is lexicographic: visits left out that were told or are new, first those mandatory,
    then by priority; then calls, that is carers changed and times moved beyond the tolerance of
    the policy; then cost. Visits that were left out before are made where that needs no call.
    What has begun stays. What begins within the freeze keeps carer and time unless somebody could
    not be served otherwise.

    Parameters
    ----------
    scenario, plan
        A scenario with its visits, and the roster that was told to everybody.
    events
        What has happened; without faults (see `optimizer.formats.check_events`).
    matrices
        Travel of the scenario, if already at hand.
    freeze
        Milliseconds after now in which visits move only if they must; the policy's if None.
    iterations
        Steps of the search per proposal (at least 0); with the seed they fix the answer.
    seed
        Random seed.
    aims
        Proposals to make; of those that are alike the first is kept.
    around
        Tasks near each one concerned around which visits may be moved; None: anywhere.

    Raises
    ------
    EngineDisagreement
        If verifier and search do not agree about a proposal; a defect.
    InvalidDocument
        If what has begun breaks a rule that cannot give way.
    """
    make_ready(proof=False)
    found = situation(scenario, plan, events, matrices=matrices, freeze=freeze)
    mending = Mending(found, iterations, seed, around)
    if not events.events:
        return Repair(found, (mending.told(Aim.FEWEST_CALLS, found.kept),))
    proposals: list[Proposal] = []
    for aim in aims:
        if aim is Aim.NO_OVERTIME and proposals and not mending.asks_for_overtime(proposals[0]):
            continue
        one = mending.proposal(aim)
        is_new = all(other.plan.routes != one.plan.routes for other in proposals)
        if is_new and mending.is_worth_telling(one, proposals):
            proposals.append(one)
    return Repair(found, tuple(mending.served_first(proposals)))


class Mending:
    """Makes proposals for one situation; counts the roster as it was only once."""

    def __init__(
        self, situation: Situation, iterations: int, seed: int, around: int | None = AROUND
    ) -> None:
        self._around = around
        self._situation, self._iterations, self._seed = situation, iterations, seed
        before = situation.before.model_copy(update={"published": None})
        self._before = verify(before, situation.plan, situation.matrices)
        self._others = self._before.cost - self._before.cost_breakdown[Term.UNSERVED]

    def proposal(self, aim: Aim) -> Proposal:
        """Return what serves one aim best."""
        first = self._tried(aim, self._situation.frozen)
        if not self._situation.frozen or not self.lost_of(first.verdict):
            return first
        freely = self._tried(aim, frozenset())
        return freely if self._left(freely) < self._left(first) else first

    def served_first(self, proposals: list[Proposal]) -> list[Proposal]:
        """Return the proposals, the first one sought anew if another one serves more than it.

        What serves most comes before calls, so whoever asks for few calls begins from there.
        """
        if not proposals:
            return proposals
        first, most = proposals[0], min(proposals, key=self._left)
        if self._left(most) >= self._left(first):
            return proposals
        again = self.told(first.aim, self._solved(first.aim, start=most.plan))
        if self._left(again) > self._left(most):
            again = replace(most, aim=first.aim)
        others = [one for one in proposals[1:] if one.plan.routes != again.plan.routes]
        return [again, *(one for one in others if self.is_worth_telling(one, [again]))]

    def asks_for_overtime(self, one: Proposal) -> bool:
        """Return whether a proposal has more overtime than the roster as it was."""
        overtime = Term.OVERTIME
        return one.verdict.quantities[overtime] > self._before.quantities[overtime]

    def is_worth_telling(self, one: Proposal, others: Iterable[Proposal]) -> bool:
        """Return whether no other proposal is at least as good in all that is told."""

        def figures(proposal: Proposal) -> tuple[object, ...]:
            return (
                self._left(proposal),
                proposal.calls,
                proposal.difference,
                proposal.verdict.quantities[Term.OVERTIME],
            )

        mine = figures(one)
        return not any(
            all(theirs <= own for theirs, own in zip(figures(other), mine, strict=True))  # type: ignore[operator]
            for other in others
        )

    def _left(self, proposal: Proposal) -> tuple[int, ...]:
        """Return how many visits are left out, by rank."""
        scenario = self._situation.scenario
        left = set(proposal.verdict.unserved)
        ranks = [rank_of(one, scenario.policy) for one in scenario.visits if one.id in left]
        return tuple(ranks.count(rank) for rank in range(1, RANKS))

    def _tried(self, aim: Aim, frozen: frozenset[str]) -> Proposal:
        return self.told(aim, self._solved(aim, frozen=frozen))

    def bound(self, aim: Aim, bound: Mapping[str, Binding], start: Plan) -> Proposal:
        """Return the plan in which visits have the carers that are decided."""
        return self.told(aim, self._solved(aim, bound=bound, start=start))

    def _solved(
        self,
        aim: Aim,
        *,
        frozen: frozenset[str] = frozenset(),
        bound: Mapping[str, Binding] | None = None,
        start: Plan | None = None,
    ) -> Plan:
        """Return the best plan found in which nobody is sent off before now.

        Whoever goes home is kept where the last visit was only if the search would send them
        somewhere too soon.
        """
        situation = self._situation
        holds = {hold for hold in situation.holds if not hold.is_home}
        while True:
            day = working_day(situation, aim, others=self._others, holds=holds,
                              frozen=frozen, bound=bound, start=start)  # fmt: skip
            plan = self.solved(day, aim)
            too_soon = self._sent_too_soon(plan)
            if not too_soon - holds:
                # Whoever could not be held, for want of room, is sent nowhere.
                return self._with_all(sent_nowhere(situation, plan, too_soon)) if too_soon else plan
            holds |= too_soon

    def _sent_too_soon(self, plan: Plan) -> set[Hold]:
        """Return those whom a plan sends on before they are free."""
        fixed, found = self._situation.fixed, set()
        routes = {(r.caregiver, r.shift): r for r in plan.routes if r.date == self._situation.date}
        for hold in self._situation.holds:
            route = routes.get((hold.caregiver, hold.shift))
            stops = () if route is None else route.stops
            first = next((stop for stop in stops if stop.visit not in fixed), None)
            if first is not None and first.start - first.travel < hold.at:
                found.add(hold)
        return found

    def _with_all(self, plan: Plan) -> Plan:
        """Return a plan that lists every visit that it leaves out."""
        served = {stop.visit for route in plan.routes for stop in route.stops}
        reason = UnservedReason.NOBODY_FOUND
        left = [one.id for one in self._situation.scenario.visits if one.id not in served]
        unserved = tuple(Unserved(visit=visit, reason=reason) for visit in left)
        return plan.model_copy(update={"unserved": unserved})

    def solved(self, day: WorkingDay, aim: Aim) -> Plan:
        """Return the best plan that the search finds of a working day."""
        data = compile_problem(day.scenario, self._situation.matrices)
        worker = Worker(data, SearchParameters(), self._seed, 0)
        begin = fitting(data, from_plan(data, day.start), worker.load)
        focus = self._focus(data, begin)
        if len(focus) == 0:
            routes = worker.packed(begin)[0]
        else:
            parameters = self._parameters(data, worker, begin, aim)
            routes = self._searched(data, parameters, begin, focus, self._iterations)
            if aim is not Aim.BEST_ROSTER:
                # Many visits that gave way need not have: those are led back where they can be.
                parameters = replace(parameters, warm=parameters.warm * BACK)
                moved = _moved(data, routes)
                routes = self._searched(data, parameters, routes, moved, self._iterations // 2)
        plan = to_plan(data, routes, lambda _: UnservedReason.NOBODY_FOUND)
        return self._with_all(without_stand_ins(plan))

    def _searched(
        self,
        data: ProblemData,
        parameters: SearchParameters,
        begin: Routes,
        focus: NDArray[int64],
        iterations: int,
    ) -> Routes:
        """Return the best routes that a search around some tasks finds."""
        if len(focus) == 0 or iterations == 0:
            return begin
        search = Search(data, parameters, seed=self._seed, focus=focus)
        stop = AfterIterations(iterations)
        return search.run(Budget(None, iterations), stop, start=begin).routes

    def _focus(self, data: ProblemData, begin: Routes) -> NDArray[int64]:
        """Return the tasks around which the search is to move visits."""
        if self._around is None:
            return np.arange(data.num_tasks)
        served = set(begin.tasks.tolist())
        concerned = self._situation.concerned
        ids = [data.scenario.visits[task.visit].id for task in data.tasks]
        told = {stop.visit for route in self._situation.plan.routes for stop in route.stops}
        seeds = [
            k
            for k, visit in enumerate(ids)
            if visit in concerned or (k not in served and visit in told)
        ]
        near = data.arrays.near[seeds, : self._around].ravel() if seeds else np.zeros(0, int64)
        return np.unique(np.concatenate([np.array(seeds, int64), near.astype(int64)]))

    def _parameters(
        self, data: ProblemData, worker: Worker, begin: Routes, aim: Aim
    ) -> SearchParameters:
        """Return parameters whose temperatures fit what a stop costs beside visits and calls.

        Calls are so dear that the usual temperatures, parts of the whole cost per stop, would
        take any journey for a small one.
        """
        usual = SearchParameters()
        if aim is Aim.BEST_ROSTER:
            return usual
        worker.load(begin)
        stops = max(1, len(begin.tasks))
        unit = max(30.0, self._others / stops)
        served, promised = set(begin.tasks.tolist()), self._situation.promised
        visits = data.scenario.visits
        left = 1 + sum(
            k not in served and visits[task.visit].id in promised
            for k, task in enumerate(data.tasks)
        )
        held = max(30.0, (worker.best - int(self._unserved(data, begin))) / stops)
        expected = held + left * int(data.arrays.weight[at.W_DISRUPTION]) / stops
        call = int(data.arrays.weight[at.W_DISRUPTION])
        return replace(
            usual,
            warm=WARM * call / expected / usual.reheat,
            cool=max(1e-9, COOL * unit / expected),
        )

    def _unserved(self, data: ProblemData, routes: Routes) -> int:
        served = np.zeros(data.num_tasks, np.bool_)
        served[routes.tasks] = True
        return int(data.arrays.prize[~served].sum())

    def told(self, aim: Aim, plan: Plan) -> Proposal:
        """Return a plan as a proposal; routes that nobody has changed are as they were.

        Raises
        ------
        EngineDisagreement
            If the verifier finds a breach, or what has begun is left out.
        """
        plan, verdict = restored(self._situation, plan)
        undone = self._situation.fixed & set(verdict.unserved)
        if undone:
            raise EngineDisagreement([Disagreement("served_once", "begun", str(sorted(undone)))])
        if verdict.violations:
            raise EngineDisagreement(
                [
                    Disagreement(v.rule.value, "kept", f"{v.place}: {v.detail}")
                    for v in verdict.violations
                ]
            )
        terms = dict(terms_between(self._before, verdict))
        calls = terms.pop(Term.DISRUPTION, 0)
        changes = changes_between(self._situation, plan)
        return Proposal(
            aim=aim,
            plan=plan,
            verdict=verdict,
            changes=changes,
            calls=count_calls(changes),
            lost=self.lost_of(verdict),
            gained=tuple(one for one in self._before.unserved if one not in verdict.unserved
                         and any(visit.id == one for visit in self._situation.scenario.visits)),
            difference=verdict.cost - self._before.cost - calls,
            terms=terms,
        )  # fmt: skip

    def lost_of(self, verdict: Verdict) -> tuple[str, ...]:
        """Return the visits that are left out and were not, or are new."""
        before = set(self._before.unserved)
        return tuple(one for one in verdict.unserved if one not in before)


def _moved(data: ProblemData, routes: Routes) -> NDArray[int64]:
    """Return the tasks that are served otherwise than they were told."""
    published = data.scenario.published
    told = {
        (stop.visit, route.caregiver)
        for route in (() if published is None else published.routes)
        for stop in route.stops
    }
    tolerance = int(data.arrays.weight[at.TOLERANCE])
    found = []
    for v in range(data.num_routes):
        who = data.scenario.caregivers[data.days[v].caregiver].id
        for c in range(int(routes.ptr[v]), int(routes.ptr[v + 1])):
            k = int(routes.tasks[c])
            then = int(data.arrays.task[k, at.PUBLISHED])
            visit = data.scenario.visits[data.tasks[k].visit].id
            is_late = abs(int(routes.starts[c]) - then) > tolerance
            if then >= 0 and (is_late or (visit, who) not in told):
                found.append(k)
    return np.array(found, int64)
