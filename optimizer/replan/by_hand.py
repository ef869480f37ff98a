"""A roster changed by hand: a visit moved, exchanged or taken off; everything else as told.

A plan goes in, another comes out; neither is changed. Others on the routes concerned keep their
times as far as they can, and the verifier judges the outcome.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from optimizer.domain.event import Events, NewHours
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Term
from optimizer.domain.reason import UnservedReason
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Pin
from optimizer.errors import UsageError
from optimizer.exact.retiming import retime
from optimizer.explanation.comparison import terms_between
from optimizer.explanation.plan_state import PlanState
from optimizer.explanation.timeline import Key, Task
from optimizer.explanation.writing import with_lines
from optimizer.formats import check_events
from optimizer.i18n import say
from optimizer.problem.compile import compile_problem
from optimizer.problem.translate import from_plan, to_plan
from optimizer.replan.changes import Change, appointments, differences
from optimizer.replan.route_cost import RouteCosts
from optimizer.replan.scenario_edits import with_pin, with_shift
from optimizer.travel import TravelMatrices, travel_matrices
from optimizer.units import format_clock
from optimizer.verification import Verdict, Violation, verify

Lines = dict[Key, tuple[Task, ...]]


@dataclass(frozen=True, slots=True)
class HandMade:
    """What changing a roster by hand has brought.

    Attributes
    ----------
    plan, verdict
        The roster, and what the verifier says of it.
    broken
        Rules that it breaks and the roster before did not.
    changes
        Every visit that differs.
    difference, terms
        Cost minus that of the roster before, in ticks of travel: in all, and per term that differs.
    scenario
        The scenario where it has become another one: a visit is fixed, a shift has other hours.
    said
        What has become of the scenario then, as a sentence.
    """

    plan: Plan = field(repr=False)
    verdict: Verdict = field(repr=False)
    broken: tuple[Violation, ...]
    changes: tuple[Change, ...]
    difference: int
    terms: Mapping[Term, int]
    scenario: Scenario | None = field(default=None, repr=False)
    said: str | None = None


@dataclass(frozen=True)
class Roster:
    """A scenario and its plan, ready to be changed by hand.

    Attributes
    ----------
    scenario, plan
        A scenario with its visits, and a roster of it.
    matrices
        Travel of the scenario.
    """

    scenario: Scenario
    plan: Plan
    matrices: TravelMatrices = field(repr=False)

    @classmethod
    def of(cls, scenario: Scenario, plan: Plan, matrices: TravelMatrices | None = None) -> Roster:
        """Take a roster to be changed; travel is worked out if not at hand."""
        return cls(scenario, plan, travel_matrices(scenario) if matrices is None else matrices)

    def moved(
        self,
        visit: str,
        to: str,
        *,
        carer: int = 1,
        at: int | None = None,
        on: dt.date | None = None,
    ) -> HandMade:
        """Give a visit to a caregiver, at the cheapest place of its days or at a time.

        It is given in full; shortened only where in full it would break a rule.

        Parameters
        ----------
        visit, carer
            Which stop; one that is left out is served.
        to
            Id of the caregiver, perhaps the one who has it now.
        at
            When it is to begin, in milliseconds since midnight.
        on
            The day; the cheapest of those on which it may take place if not given.

        Raises
        ------
        UsageError
            If visit or caregiver is unknown, or there is no time for it in any shift.
        """
        state = self._state(visit, to)
        if not 1 <= carer <= len(state.index.visit[visit].carers):
            raise UsageError(say("usage.no_such_carer", visit=visit, carer=carer))
        task, lines = _taken_out(state, visit, carer)
        made = self._cheapest(state, _inserted(state, lines, task, to, at, on))
        shortest = task.visit.carers[carer - 1].shortest
        if shortest is not None and (made is None or made.broken):
            # A visit is given in full where that breaks nothing, else shortened.
            shorter = replace(task, care=state.ticks(shortest))
            short = self._cheapest(state, _inserted(state, lines, shorter, to, at, on))
            if made is None or (short is not None and len(short.broken) < len(made.broken)):
                made = short
        if made is None:
            raise UsageError(say("usage.no_time", visit=visit, caregiver=to))
        return made

    def swapped(self, one: str, other: str) -> HandMade:
        """Let two visits exchange their caregivers, each at the cheapest place.

        Raises
        ------
        UsageError
            If one of them is unknown or not made, or there is no time for it.
        """
        if one == other:
            raise UsageError(say("usage.swap_with_itself", visit=one))
        state = self._state(one)
        self._state(other)
        for visit in (one, other):
            if visit not in state.carers:
                raise UsageError(say("usage.not_made", visit=visit))
        whose = {visit: state.carers[visit][min(state.carers[visit])] for visit in (one, other)}
        first, lines = _taken_out(state, one, min(state.carers[one]))
        second, more = _taken_out(state, other, min(state.carers[other]), lines)
        found = (
            both
            for half in _inserted(state, more, first, whose[other])
            for both in _inserted(state, half, second, whose[one])
        )
        return self._best(state, found, f"{one}, {other}", f"{whose[other]}, {whose[one]}")

    def unassigned(self, visit: str) -> HandMade:
        """Take a visit off the roster, all its carers.

        Raises
        ------
        UsageError
            If the visit is unknown or not made, or a route does not hold without it.
        """
        state = self._state(visit)
        if visit not in state.carers:
            raise UsageError(say("usage.not_made", visit=visit))
        lines: Lines = {}
        for carer in state.carers[visit]:
            _, lines = _taken_out(state, visit, carer, lines)
        return self._best(state, iter((lines,)), visit, ", ".join(state.carers[visit].values()))

    def pinned(self, visit: str) -> HandMade:
        """Hold a visit with its carers at its time, for whatever plans the roster anew.

        What was fixed of it before gives way.

        Raises
        ------
        UsageError
            If the visit is unknown or not made.
        """
        state = self._state(visit)
        if visit not in state.carers:
            raise UsageError(say("usage.not_made", visit=visit))
        told = appointments(self.plan)[visit]
        people = tuple(
            state.carers[visit].get(number)
            for number in range(1, len(state.index.visit[visit].carers) + 1)
        )
        pin = Pin(caregivers=people, date=told.date, start=told.start)
        said = say(
            "replan.pinned",
            visit=visit,
            caregivers=told.caregivers,
            date=told.date,
            start=format_clock(told.start),
        )
        return self._made(self.plan, with_pin(self.scenario, visit, pin), said)

    def unpinned(self, visit: str) -> HandMade:
        """Let a visit be planned freely again; the roster stays as it is.

        Raises
        ------
        UsageError
            If the visit is unknown or nothing of it is fixed.
        """
        self._state(visit)
        scenario = with_pin(self.scenario, visit, None)
        if scenario == self.scenario:
            raise UsageError(say("usage.not_pinned", visit=visit))
        return self._made(self.plan, scenario, say("replan.unpinned", visit=visit))

    def with_hours(
        self, caregiver: str, start: int, end: int, *, date: dt.date | None = None, shift: int = 0
    ) -> HandMade:
        """Let a caregiver work at other hours on a day.

        Visits keep their times where the new hours leave them, and else move within the route;
        where that cannot be, the roster stays and what breaks is told.

        Parameters
        ----------
        caregiver
            Whose hours.
        start, end
            In milliseconds since midnight.
        date
            The day; the first one planned if None.
        shift
            Which of the shifts of that day, from 0; one more than there are is a further one.

        Raises
        ------
        InvalidDocument
            If caregiver, day or shift are unknown, or the hours overlap another shift.
        """
        day = date or self.scenario.horizon.start
        event = NewHours.model_construct(caregiver=caregiver, start=start, end=end, shift=shift)
        check_events(
            Events(date=day, events=(event,)), self.scenario, self.plan, ("shift",)
        ).refuse_faults(self.scenario.id)
        scenario, number = with_shift(self.scenario, event, day)
        routes = tuple(
            route.model_copy(update={"shift": number[route.shift]})
            if (route.caregiver, route.date) == (caregiver, day)
            else route
            for route in self.plan.routes
        )
        plan = self.plan.model_copy(update={"routes": routes})
        said = say(
            "replan.new_hours",
            caregiver=caregiver,
            date=day,
            start=format_clock(start),
            end=format_clock(end),
        )
        as_it_was = self._made(plan, scenario, said)
        key = caregiver, day, number[shift]
        state = PlanState.of(scenario, plan, self.matrices)
        if not as_it_was.broken or not state.lines[key].tasks:
            return as_it_was
        retimed = _written(state, {key: state.lines[key].tasks})
        if retimed is None:
            return as_it_was
        made = self._made(retimed, scenario, said)
        return min(as_it_was, made, key=lambda one: (len(one.broken), one.verdict.cost))

    def retimed(self) -> HandMade:
        """Begin every visit at the best time for the order of its route.

        Raises
        ------
        UsageError
            If the roster breaks a rule.
        """
        if not verify(self.scenario, self.plan, self.matrices).feasible:
            raise UsageError(say("usage.broken_roster"))
        data = compile_problem(self.scenario, self.matrices)
        routes, saved = retime(data, from_plan(data, self.plan))
        if saved == 0:
            return self._made(self.plan)
        plan = to_plan(data, routes, lambda _: UnservedReason.NOBODY_FOUND)
        return self._made(plan.model_copy(update={"unserved": self.plan.unserved}))

    def _state(self, visit: str, caregiver: str | None = None) -> PlanState:
        state = PlanState.of(self.scenario, self.plan, self.matrices)
        if visit not in state.index.visit:
            raise no_visit(visit, self.scenario)
        if caregiver is not None and caregiver not in state.index.caregiver:
            raise UsageError(say("usage.unknown_caregiver", caregiver=caregiver))
        return state

    def _best(self, state: PlanState, found: Iterator[Lines], visit: str, to: str) -> HandMade:
        made = self._cheapest(state, found)
        if made is None:
            raise UsageError(say("usage.no_time", visit=visit, caregiver=to))
        return made

    def _cheapest(self, state: PlanState, found: Iterator[Lines]) -> HandMade | None:
        """Return the outcome that breaks the fewest rules, and of those the cheapest."""
        made = [self._made(plan) for one in found if (plan := _written(state, one)) is not None]
        return min(made, key=lambda one: (len(one.broken), one.verdict.cost), default=None)

    def _made(
        self, plan: Plan, scenario: Scenario | None = None, said: str | None = None
    ) -> HandMade:
        now = scenario or self.scenario
        before = verify(self.scenario, self.plan, self.matrices)
        after = verify(now, plan, self.matrices)
        known = {(one.rule, one.caregiver, one.visit, one.date) for one in before.violations}
        return HandMade(
            plan=plan,
            verdict=after,
            broken=tuple(
                one
                for one in after.violations
                if (one.rule, one.caregiver, one.visit, one.date) not in known
            ),
            changes=differences(self.scenario, now, self.plan, plan),
            difference=after.cost - before.cost,
            terms=terms_between(before, after),
            scenario=scenario,
            said=said,
        )


def no_visit(name: str, scenario: Scenario) -> UsageError:
    """Return the error that there is no such visit; it names the one that is most like it."""
    folded = {one.id.casefold(): one.id for one in scenario.visits}
    near = difflib.get_close_matches(name.casefold(), folded, 1, 0.8)
    if not near:
        return UsageError(say("usage.no_visit", visit=name))
    return UsageError(say("usage.no_visit_near", visit=name, near=folded[near[0]]))


def _taken_out(
    state: PlanState, visit: str, carer: int, lines: Lines | None = None
) -> tuple[Task, Lines]:
    """Return a visit's task with its own window, and the lines without it."""
    left = dict(lines or {})
    task = state.task(state.index.visit[visit], carer)
    task = replace(task, care=state.ticks(task.visit.carers[carer - 1].minutes))
    for key, line in state.lines.items():
        tasks = left.get(key, line.tasks)
        rest = tuple(one for one in tasks if (one.visit.id, one.carer) != (visit, carer))
        if rest != tasks:
            left[key] = rest
    return task, left


def _inserted(
    state: PlanState,
    lines: Lines,
    task: Task,
    to: str,
    at: int | None = None,
    on: dt.date | None = None,
) -> Iterator[Lines]:
    """Yield lines with a task at each place of a caregiver's shifts on its days."""
    if at is not None:
        task = replace(task, earliest=state.ticks(at), latest=state.ticks(at))
    days = state.index.allowed_dates(task.visit) if on is None else (on,)
    for key in state.shifts_of(state.index.caregiver[to]):
        if key[1] in days:
            tasks = lines.get(key, state.lines[key].tasks)
            for place in range(len(tasks) + 1):
                yield {**lines, key: (*tasks[:place], task, *tasks[place:])}


def _written(state: PlanState, lines: Lines) -> Plan | None:
    """Return a plan with other stops on some lines, others at their times as far as they can."""
    costs, held = RouteCosts(state), Lines()
    served: set[str] = set()
    for key, tasks in lines.items():
        new = next((task for task in tasks if task not in state.lines[key].tasks), None)
        timing = costs.retimed(state.lines[key], tasks, new) if tasks else None
        if tasks and timing is None:
            return None
        starts = () if timing is None else timing.starts
        held[key] = tuple(
            replace(task, earliest=start, latest=start)
            for task, start in zip(tasks, starts, strict=True)
        )
        served |= {task.visit.id for task in tasks}
    gone = {
        task.visit.id for key in lines for task in state.lines[key].tasks
    } - served - _elsewhere(state, lines)  # fmt: skip
    return with_lines(state, held, placed=served, removed=sorted(gone))


def _elsewhere(state: PlanState, lines: Lines) -> set[str]:
    """Return the visits that have a stop on a line that is not changed."""
    return {
        task.visit.id
        for key, line in state.lines.items()
        if key not in lines
        for task in line.tasks
    }
