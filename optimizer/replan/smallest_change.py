"""The smallest change that serves a visit if everybody is planned anew, found by solving."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from optimizer.domain.plan import Plan, Route, Stop
from optimizer.domain.policy import Priority, Term
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.explanation.change import Change
from optimizer.explanation.codes import ONLY_ALONE, Standing
from optimizer.explanation.comparison import Move, moves, terms_between
from optimizer.explanation.fixes import OF_SOMEBODY, Fix, fixes
from optimizer.explanation.insertions import Insertions
from optimizer.explanation.plan_state import PlanState
from optimizer.explanation.reasons import visit_reasons
from optimizer.progress import Observer, Progress, silent
from optimizer.replan.sized_changes import SizedChange, changes_in_minutes, changes_without_minutes
from optimizer.solving import solve
from optimizer.stop import FirstOf, StoppingCriterion, Termination
from optimizer.travel import TravelMatrices
from optimizer.verification import Verdict, verify

LEAST_SECONDS = 0.3
"Least time of one solve, in seconds; where less is left, none is begun."
SHARE_ALONE = 0.25
"Part of the time for planning anew without any change."
SHARE_POLISH = 0.15
"Part of the time for making the plan found better, with fewer moves."

_PRIORITIES = (Priority.FLEXIBLE, Priority.ESSENTIAL, Priority.CRITICAL)


@dataclass(frozen=True, slots=True)
class Replanned:
    """A plan that serves a visit, everybody else planned anew.

    Attributes
    ----------
    fix
        The change, who comes and when, with the changed scenario and the plan; None if
        nothing has to change.
    is_smaller
        Whether it is smaller than what serves the visit with all others left as they are.
    plan
        The plan, on the changed scenario.
    difference, terms
        Cost of this plan minus that of the plan as it is, in ticks of travel, in all and per
        cost term that differs; the verifier's figures. Of two plans found by searching: the
        new one may be better in what has nothing to do with the visit.
    moved
        Other visits made by somebody else, or at a time that somebody has to be called about.
    lost, gained
        Other visits that are left out now, all of them of less priority; and that are made now.
    """

    fix: Fix | None
    is_smaller: bool
    plan: Plan = field(repr=False)
    difference: int
    terms: Mapping[Term, int]
    moved: tuple[Move, ...]
    lost: tuple[str, ...]
    gained: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplanAnswer:
    """What planning everybody anew has shown about one visit.

    Attributes
    ----------
    visit
        Id of the visit.
    best
        The smallest change found; None if none was found in the time given.
    tried
        Number of changes solved, planning anew without a change included.
    is_complete
        Whether all that was to be tried was; otherwise time or an interrupt cut it short.
    """

    visit: str
    best: Replanned | None
    tried: int
    is_complete: bool


def replanned(
    insertions: Insertions,
    visit: Visit,
    *,
    seconds: float,
    seed: int = 1,
    stop: StoppingCriterion | None = None,
    observer: Observer = silent,
) -> ReplanAnswer:
    """Return the smallest change with which a visit is served, everybody planned anew.

    First no change at all is tried. Then each kind in minutes at the largest size that is
    smaller than what is known to work, and where that succeeds ever smaller sizes; then, if
    nothing in minutes was found, one qualification more and one caregiver more. A plan counts
    if the verifier finds no breach, the visit is made, and no visit of at least its priority
    is newly left out. What was not found in the time may still exist.

    Parameters
    ----------
    insertions
        The scenario and the plan, which must break no rule.
    visit
        A visit that the plan leaves unserved.
    seconds
        Time for all solves together (positive); each gets at least `LEAST_SECONDS`.
    seed
        Random seed of every solve.
    stop
        A reason to end early, for instance a signal; what was found until then is kept.
    observer
        Hears of the progress of every solve.
    """
    return _Replanning(insertions, visit, seconds, seed, stop, observer).answer()


class _Replanning:
    """The search for the smallest change; holds the clock and what was found."""

    def __init__(
        self,
        insertions: Insertions,
        visit: Visit,
        seconds: float,
        seed: int,
        stop: StoppingCriterion | None,
        observer: Observer,
    ) -> None:
        self._insertions, self._visit = insertions, visit
        self._seconds, self._seed = seconds, seed
        self._stop, self._observer = stop, observer
        self._began = time.perf_counter()
        state = insertions.state
        self._before = verify(state.scenario, state.plan, state.matrices)
        self._tried = 0
        self._interrupted = False
        self._skipped = False

    def answer(self) -> ReplanAnswer:
        best = None
        if not self._is_proven():
            best = self._try(None, 0, SHARE_ALONE * self._seconds)
        if best is None:
            best = self._smallest()
        if best is not None and not self._interrupted:
            best = self._polished(best)
        is_complete = not (self._interrupted or self._skipped)
        return ReplanAnswer(self._visit.id, best, self._tried, is_complete)

    def _is_proven(self) -> bool:
        """Return whether no plan at all serves the visit without a change."""
        found = visit_reasons(self._insertions, self._visit)
        return found.standing is Standing.PROVEN and found.obstacle not in ONLY_ALONE

    def _smallest(self) -> Replanned | None:
        """Return the smallest change that works."""
        frozen = {fix.kind: fix for fix in fixes(self._insertions, self._visit)}
        known = min((fix for fix in frozen.values() if fix.minutes is not None),
                    key=lambda fix: fix.minutes or 0, default=None)  # fmt: skip
        best = None if known is None else self._of_fix(known)
        changes = list(changes_in_minutes(self._insertions, self._visit))
        for number, sized in enumerate(changes):
            best = self._descend(sized, best, len(changes) - number)
        if best is not None:
            return best
        others = list(changes_without_minutes(self._insertions, self._visit))
        for number, sized in enumerate(others):
            if (fix := frozen.get(sized.kind)) is not None:
                return self._of_fix(fix)
            best = self._try(sized, 0, self._share(len(others) - number))
            if best is not None:
                return best
        return None

    def _descend(self, sized: SizedChange, best: Replanned | None, left: int) -> Replanned | None:
        """Try sizes of one kind below the best one, the largest first and then by halves."""
        known = None if best is None or best.fix is None else best.fix.minutes
        sizes = [size for size in sized.sizes if known is None or size < known]
        works = False
        while sizes:
            # The largest first: most kinds do not help at all, whatever the size.
            at = (len(sizes) - 1) // 2 if works else len(sizes) - 1
            found = self._try(sized, sizes[at], self._share(left + 2))
            if found is not None:
                best, sizes, works = found, sizes[:at], True
            elif works:
                sizes = sizes[at + 1 :]
            else:
                break
        return best

    def _share(self, parts: int) -> float:
        rest = (1 - SHARE_POLISH) * self._seconds - (time.perf_counter() - self._began)
        return rest / max(1, parts)

    def _try(self, sized: SizedChange | None, size: int, seconds: float) -> Replanned | None:
        """Solve the scenario with one change; None if that does not serve the visit."""
        left = self._seconds - (time.perf_counter() - self._began)
        if self._interrupted or left < LEAST_SECONDS:
            self._skipped = True
            return None
        change = Change() if sized is None else sized.change(size)
        state = self._insertions.state
        scenario = change.applied(state.scenario)
        self._tried += 1
        plan = self._solved(scenario, state.plan, min(left, max(LEAST_SECONDS, seconds)))
        return self._judged(scenario, plan, sized, size)

    def _solved(self, scenario: Scenario, start: Plan, seconds: float) -> Plan:
        """Return a plan that does its utmost to serve the visit and moves few others."""
        task = _insisting(self._insertions.state, scenario, self._visit)
        stops: list[StoppingCriterion] = [] if self._stop is None else [self._stop]
        if start is self._insertions.state.plan:
            stops.append(_until_served(task, start, self._insertions.state.matrices))
        result = solve(
            task,
            seconds=seconds,
            seed=self._seed,
            engine="search",
            proof=0.0,
            start=start,
            observer=self._tell,
            stop=FirstOf(tuple(stops)),
        )
        if result.termination is Termination.INTERRUPTED:
            self._interrupted = True
        return result.plan

    def _tell(self, progress: Progress, /) -> None:
        elapsed = time.perf_counter() - self._began
        self._observer(replace(progress, phase="replan", elapsed=elapsed, cost=None))

    def _judged(
        self, scenario: Scenario, plan: Plan, sized: SizedChange | None, size: int
    ) -> Replanned | None:
        after = verify(scenario, plan, self._insertions.state.matrices)
        if not self._counts(after):
            return None
        fix = None if sized is None else _fix(self._visit, sized, size, scenario, plan)
        return self._told(plan, after, fix, is_smaller=True)

    def _counts(self, after: Verdict) -> bool:
        if after.violations or self._visit.id in after.unserved:
            return False
        index = self._insertions.state.index
        lost = set(after.unserved) - set(self._before.unserved)
        return all(_rank(index.visit[one]) < _rank(self._visit) for one in lost)

    def _told(self, plan: Plan, after: Verdict, fix: Fix | None, *, is_smaller: bool) -> Replanned:
        before = self._before
        return Replanned(
            fix=fix,
            is_smaller=is_smaller,
            plan=plan,
            difference=after.cost - before.cost,
            terms=terms_between(before, after),
            moved=moves(self._insertions.state, plan),
            lost=tuple(one for one in after.unserved if one not in before.unserved),
            gained=tuple(
                one
                for one in before.unserved
                if one not in after.unserved and one != self._visit.id
            ),
        )

    def _of_fix(self, fix: Fix) -> Replanned:
        """Return what is known to work without planning anew."""
        after = verify(fix.scenario, fix.plan, self._insertions.state.matrices)
        return self._told(fix.plan, after, fix, is_smaller=False)

    def _polished(self, best: Replanned) -> Replanned:
        """Return the same change with a plan that costs less, if one is found in the time."""
        left = min(
            SHARE_POLISH * self._seconds, self._seconds - (time.perf_counter() - self._began)
        )
        if left < LEAST_SECONDS:
            return best
        scenario = self._insertions.state.scenario if best.fix is None else best.fix.scenario
        plan = self._solved(scenario, best.plan, left)
        after = verify(scenario, plan, self._insertions.state.matrices)
        if not self._counts(after):
            return best
        fix = None if best.fix is None else _with_plan(best.fix, plan)
        told = self._told(plan, after, fix, is_smaller=best.is_smaller)
        is_better = (len(told.lost), told.difference) <= (len(best.lost), best.difference)
        return told if is_better else best


def _insisting(state: PlanState, scenario: Scenario, visit: Visit) -> Scenario:
    """Return a scenario in which a visit matters more than all others that are not mandatory.

    The plan as it is counts as published, so that others are moved only for a reason.
    """
    wanted = {task.visit.id for task in state.unit(visit)}
    return scenario.model_copy(
        update={
            "visits": tuple(
                one.model_copy(update={"mandatory": True}) if one.id in wanted else one
                for one in scenario.visits
            ),
            "published": state.plan,
        }
    )


@dataclass(frozen=True, slots=True)
class _Served:
    """Ends a search once its plan costs less than `cost` and leaves out at most `unserved`."""

    cost: int
    unserved: int

    def __call__(self, progress: Progress, /) -> Termination | None:
        """Return ``NO_IMPROVEMENT`` once no more is wanted."""
        is_served = progress.cost is not None and progress.cost < self.cost
        enough = is_served and progress.unserved <= self.unserved
        return Termination.NO_IMPROVEMENT if enough else None


def _until_served(task: Scenario, plan: Plan, matrices: TravelMatrices) -> StoppingCriterion:
    """Return a stop for when the visit insisted on is served and no other one is left out."""
    before = verify(task, plan, matrices)
    price = task.policy.weights.unserved.mandatory * task.ticks_per_minute
    return _Served(before.cost - price // 2, len(before.unserved) - 1)


def _rank(visit: Visit) -> tuple[bool, int]:
    return visit.mandatory, _PRIORITIES.index(visit.priority)


def _fix(visit: Visit, sized: SizedChange, size: int, scenario: Scenario, plan: Plan) -> Fix:
    stops = _stops_of(plan, visit.id)
    return Fix(
        kind=sized.kind,
        visit=visit.id,
        minutes=size or None,
        caregiver=sized.caregiver or stops[0][0].caregiver,
        carers=tuple(route.caregiver for route, _ in stops),
        like=sized.like,
        qualifications=sized.qualifications,
        date=stops[0][0].date,
        start=stops[0][1].start,
        scenario=scenario,
        plan=plan,
    )


def _with_plan(fix: Fix, plan: Plan) -> Fix:
    """Return the same change with another plan."""
    stops = _stops_of(plan, fix.visit)
    carers = tuple(route.caregiver for route, _ in stops)
    is_named = fix.kind in OF_SOMEBODY
    return replace(
        fix,
        caregiver=fix.caregiver if is_named else carers[0],
        carers=carers,
        date=stops[0][0].date,
        start=stops[0][1].start,
        plan=plan,
    )


def _stops_of(plan: Plan, visit: str) -> list[tuple[Route, Stop]]:
    """Return the stops of a visit with their routes, by carer number."""
    found = [(route, stop) for route in plan.routes for stop in route.stops if stop.visit == visit]
    return sorted(found, key=lambda one: one[1].carer)
