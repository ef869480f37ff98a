"""What a route costs with other stops, term by term, without counting the whole roster.

The terms are those of the verifier (``docs/problem.md``); a test holds the two against each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from optimizer.domain.burden import is_evening, is_hard, is_weekend
from optimizer.domain.policy import COUNTED, Term
from optimizer.domain.visit import Visit
from optimizer.explanation.insertions import InsertionPosition, Insertions
from optimizer.explanation.plan_state import PlanState
from optimizer.explanation.timeline import Key, Task, Timeline, Timing, legs, timed, work
from optimizer.matching import is_lent, is_other_day, unmet_wishes

Option = tuple[Key, tuple[Task, ...], Timing, Task, dict[Term, int]]
"A line with its stops and times, the stop that is new in it, and what that costs per term."


@dataclass(frozen=True)
class RouteCosts:
    """Counts the routes of one plan, with and without a stop more; quantities as the verifier's."""

    state: PlanState

    @cached_property
    def published(self) -> Mapping[str, tuple[dt.date, int]]:
        """Day and start in ticks of every visit on the published plan."""
        plan = self.state.scenario.published
        return {
            stop.visit: (route.date, self.state.ticks(stop.start))
            for route in (() if plan is None else plan.routes)
            for stop in route.stops
        }

    @cached_property
    def carers_told(self) -> Mapping[str, frozenset[str]]:
        """Caregivers of every visit on the published plan."""
        plan = self.state.scenario.published
        found: dict[str, set[str]] = {}
        for route in () if plan is None else plan.routes:
            for stop in route.stops:
                found.setdefault(stop.visit, set()).add(route.caregiver)
        return {visit: frozenset(people) for visit, people in found.items()}

    @cached_property
    def told(self) -> Mapping[tuple[str, int], int]:
        """Start in ticks of every stop of the plan."""
        return {
            (stop.visit, stop.carer): self.state.ticks(stop.start)
            for route in self.state.plan.routes
            for stop in route.stops
        }

    @cached_property
    def _now(self) -> dict[Key, dict[Term, int]]:
        return {}

    @cached_property
    def _seen(self) -> Mapping[str, frozenset[str]]:
        """Caregivers whom each client sees on the plan."""
        seen: dict[str, set[str]] = {}
        for visit, carers in self.state.carers.items():
            if visit in self.state.index.visit:
                client = self.state.index.visit[visit].client
                seen.setdefault(client, set()).update(carers.values())
        return {client: frozenset(people) for client, people in seen.items()}

    def seen(self, client: str) -> frozenset[str]:
        """Return the caregivers whom a client knows or sees on the plan."""
        known = self.state.index.familiar.get(client, frozenset())
        return self._seen.get(client, frozenset()) | known

    @cached_property
    def _given(self) -> Mapping[str, int]:
        """Care that each caregiver gives on the plan, in ticks."""
        given: dict[str, int] = {}
        for key, line in self.state.lines.items():
            given[key[0]] = given.get(key[0], 0) + sum(task.care for task in line.tasks)
        return given

    @cached_property
    def _burdens(self) -> Mapping[str, tuple[int, int, int]]:
        """Hard visits, visits of evenings and on weekends that each caregiver makes on the plan."""
        made: dict[str, tuple[int, int, int]] = {}
        for line in self.state.lines.values():
            hard, evening, weekend = made.get(line.caregiver.id, (0, 0, 0))
            hard += sum(self._is_hard(task.visit) for task in line.tasks)
            evening += sum(is_evening(task.visit) for task in line.tasks)
            weekend += len(line.tasks) * is_weekend(line.date)
            made[line.caregiver.id] = hard, evening, weekend
        return made

    def _is_hard(self, visit: Visit) -> bool:
        return is_hard(self.state.index.client[visit.client], visit)

    @cached_property
    def _worked(self) -> Mapping[tuple[str, bool], frozenset[int]]:
        """Days, and nights (true), that each caregiver works on the plan or had before it."""
        start = self.state.scenario.horizon.start
        found: dict[tuple[str, bool], set[int]] = {}
        for person in self.state.scenario.caregivers:
            before = person.consecutive_days_worked, person.consecutive_nights_worked
            for night, days in zip((False, True), before, strict=True):
                found[person.id, night] = {-n for n in range(1, days + 1)}
        for line in self.state.lines.values():
            if line.tasks:
                day = (line.date - start).days
                found[line.caregiver.id, False].add(day)
                if self._is_night(line):
                    found[line.caregiver.id, True].add(day)
        return {key: frozenset(days) for key, days in found.items()}

    def _is_night(self, line: Timeline) -> bool:
        shift = self.state.index.shifts_on(line.caregiver.id, line.date)[line.shift]
        return self.state.scenario.policy.night.is_night(shift)

    def _more_in_a_row(self, line: Timeline) -> int:
        """Return how many days and nights more are worked after enough if that of a line is."""
        policy = self.state.scenario.policy
        day = (line.date - self.state.scenario.horizon.start).days
        kinds = [(False, policy.preferred_consecutive_days)]
        if self._is_night(line):
            kinds.append((True, policy.preferred_consecutive_nights))
        more = 0
        for night, most in kinds:
            worked = self._worked[line.caregiver.id, night]
            if day not in worked:
                with_it = worked | {day}
                more += sum(
                    with_it.issuperset(range(d - most, d))
                    - (d != day and worked.issuperset(range(d - most, d)))
                    for d in with_it
                    if d >= 0
                )
        return more

    @cached_property
    def _hours(self) -> Mapping[str, int]:
        """Ticks of all shifts in the horizon, of everybody who is no volunteer."""
        index, ticks = self.state.index, self.state.ticks
        return {
            person.id: sum(
                ticks(shift.end) - ticks(shift.start)
                for day in index.dates
                for shift in index.shifts_on(person.id, day)
            )
            for person in self.state.scenario.caregivers
            if not person.volunteer
        }

    @cached_property
    def _all_hours(self) -> int:
        return sum(self._hours.values())

    @cached_property
    def _all_care(self) -> int:
        return sum(
            self.state.ticks(need.minutes)
            for visit in self.state.scenario.visits
            for need in visit.carers
        )

    @cached_property
    def _latest(self) -> tuple[tuple[int, Key | None], ...]:
        """The two largest latenesses of all lines, with their lines."""
        late = [
            (max((self._late(task, self._told_start(task)) for task in line.tasks), default=0), key)
            for key, line in self.state.lines.items()
            if line.tasks
        ]
        late.sort(key=lambda one: -one[0])
        return (*late[:2], (0, None), (0, None))[:2]

    def retimed(self, line: Timeline, tasks: Sequence[Task], new: Task | None) -> Timing | None:
        """Return the times of a line with a stop more; others keep theirs as far as they can.

        First all the others are left as they were told, then those before the new stop may
        begin earlier, then all of them; those behind always may begin later.
        """
        at = next((n for n, task in enumerate(tasks) if task is new), 0)
        for free in (0, at, len(tasks)):
            held = tuple(
                task if task is new or number < free else self._held(task)
                for number, task in enumerate(tasks)
            )
            if (timing := timed(line, held)) is not None:
                return timing
        return None

    def options(self, insertions: Insertions, position: InsertionPosition) -> Iterator[Option]:
        """Yield a visit in its place, given in full and as short as it may be."""
        state = insertions.state
        line = state.lines[position.key]
        need = position.task.visit.carers[position.task.carer - 1]
        full = state.ticks(need.minutes)
        for care in dict.fromkeys((full, position.task.care)):
            new = replace(position.task, care=care)
            if insertions.limit(replace(position, task=new)) is not None:
                continue
            tasks = line.with_task(position.first, position.last, new)
            timing = self.retimed(line, tasks, new)
            if timing is not None and insertions.refusal(new, position.key) is None:
                cost = self.difference(position.key, tasks, timing, new)
                yield position.key, tasks, timing, new, cost

    def difference(
        self, key: Key, tasks: tuple[Task, ...], timing: Timing, new: Task
    ) -> dict[Term, int]:
        """Return by how much every term costs more with a new stop on a line, in ticks of travel.

        Parameters
        ----------
        key, tasks, timing
            The line, its stops with the new one among them, and their times.
        new
            The new stop; that its visit is served is not counted.
        """
        state, line = self.state, self.state.lines[key]
        after = self._quantities(line, tasks, timing)
        if key not in self._now:
            self._now[key] = self._quantities(line, line.tasks, self._as_told(line))
        found = {term: amount - self._now[key][term] for term, amount in after.items()}
        visit, client, person = new.visit, state.index.client[new.visit.client], line.caregiver
        found[Term.PREFERENCE] = unmet_wishes(client, person) + is_other_day(visit, line.date)
        known_to_come = self.carers_told.get(visit.id)
        found[Term.DISRUPTION] += known_to_come is not None and person.id not in known_to_come
        full = state.ticks(visit.carers[new.carer - 1].minutes)
        found[Term.SHORTENED] = max(0, full - new.care)
        if is_lent(state.index, visit, person):
            employer = state.index.organisation.get(person.organisation or "")
            price = employer.lending.fen_per_hour if employer and employer.lending else 0
            found[Term.LENDING] = price * new.care // 60
        seen = self.seen(client.id)
        flat = state.scenario.policy.continuity_flat
        grown = circle(len(seen | {person.id}), flat) - circle(len(seen), flat)
        found[Term.CONTINUITY] = client.continuity * grown
        if person.id in self._hours:
            all_care = self._all_care
            if visit.id not in {one.id for one in state.scenario.visits}:
                all_care += sum(state.ticks(need.minutes) for need in visit.carers)
            fair = all_care * self._hours[person.id] // self._all_hours if self._all_hours else 0
            given = self._given.get(person.id, 0)
            found[Term.BALANCE] = max(0, given + new.care - fair) - max(0, given - fair)
        hard, evening, weekend = self._burdens.get(person.id, (0, 0, 0))
        found[Term.BURDENS] = (hard + 1) * self._is_hard(visit)
        found[Term.BURDENS] += (evening + 1) * is_evening(visit)
        found[Term.BURDENS] += (weekend + 1) * is_weekend(line.date)
        found[Term.STREAKS] = self._more_in_a_row(line)
        weights, tpm = state.scenario.policy.weights, state.scenario.ticks_per_minute
        costs = {
            term: amount * getattr(weights, term.value) * (tpm if term in COUNTED else 1)
            for term, amount in found.items()
        }
        return {term: cost for term, cost in costs.items() if cost}

    def _quantities(
        self, line: Timeline, tasks: tuple[Task, ...], timing: Timing | None
    ) -> dict[Term, int]:
        """Return the quantities of one route that depend on its stops and their times."""
        if timing is None or not tasks:
            idle_day = dict.fromkeys(_OF_ROUTES, 0)
            idle_day[Term.WORST_LATENESS] = self._worst(line.key, 0)
            idle_day[Term.OVERTIME] = self._above(line, 0)
            return idle_day
        state, person, ways = self.state, line.caregiver, legs(line, tasks)
        late = [self._late(task, start) for task, start in zip(tasks, timing.starts, strict=True)]
        pause = 0 if line.pause is None else line.pause.length
        idle = 0
        for n in range(1, len(tasks)):
            ready = timing.starts[n - 1] + tasks[n - 1].care
            rest = pause if timing.pause_at == n else 0
            idle += max(0, timing.starts[n] - ready - ways[n] - rest)
        shift = state.index.shifts_on(person.id, line.date)[line.shift]
        beyond = max(0, timing.back - state.ticks(shift.end))
        more = work(line, tasks) - line.work
        over = beyond + self._above(line, more)
        return {
            Term.TRAVEL: sum(ways),
            Term.LATENESS: sum(late),
            Term.WORST_LATENESS: self._worst(line.key, max(late)),
            Term.WAITING: idle,
            Term.OVERTIME: over,
            Term.WAGE: self._pay(line, tasks, beyond),
            Term.STAFF_USED: 1,
            Term.DISRUPTION: sum(
                self._is_moved(task, line.date, start)
                for task, start in zip(tasks, timing.starts, strict=True)
            ),
        }

    def _above(self, line: Timeline, more: int) -> int:
        """Return the ticks of work above what is agreed, with some more on a line."""
        person, state, over = line.caregiver, self.state, 0
        if person.day_minutes is not None:
            day = state.work_on(person, line.date) + more
            over += max(0, day - state.ticks(person.day_minutes))
        if person.week_minutes is not None:
            week = state.work_in_week(person, line.date) + more
            over += max(0, week - state.ticks(person.week_minutes))
        return over + self._above_month(line, more)

    def _above_month(self, line: Timeline, more: int) -> int:
        """Return the overtime of the month above what is agreed, with some more on a line."""
        person, state = line.caregiver, self.state
        if person.month_overtime is None or person.day_minutes is None:
            return 0
        agreed, dates = state.ticks(person.day_minutes), state.index.dates
        of_month = [day for day in dates if day.replace(day=1) == line.date.replace(day=1)]
        planned = sum(
            max(0, state.work_on(person, day) + (more if day == line.date else 0) - agreed)
            for day in of_month
        )
        before = state.ticks(person.month_overtime_worked) if dates[0] in of_month else 0
        return max(0, planned - max(0, state.ticks(person.month_overtime) - before))

    def _pay(self, line: Timeline, tasks: tuple[Task, ...], beyond: int) -> int:
        person, metres = line.caregiver, self.state.matrices.metres
        tpm = self.state.scenario.ticks_per_minute
        mileage = 0
        if person.fen_per_km and metres is not None:
            places = [line.home, *(task.place for task in tasks), line.end]
            mileage = sum(
                person.fen_per_km * int(metres[places[n], places[n + 1]]) * tpm // 1000
                for n in range(len(places) - 1)
            )
        paid = person.fen_per_minute * work(line, tasks) + person.fen_per_overtime_minute * beyond
        return paid + mileage

    def _worst(self, key: Key, own: int) -> int:
        others = next(late for late, whose in self._latest if whose != key)
        return max(own, others)

    def _late(self, task: Task, start: int) -> int:
        due = task.visit.preferred_until
        return 0 if due is None else max(0, start - self.state.ticks(due))

    def _is_moved(self, task: Task, day: dt.date, start: int) -> int:
        then = self.published.get(task.visit.id)
        if then is None:
            return 0
        tolerance = self.state.ticks(self.state.scenario.policy.disruption_tolerance)
        return int(then[0] != day or abs(then[1] - start) > tolerance)

    def _told_start(self, task: Task) -> int:
        return self.told[task.visit.id, task.carer]

    def _held(self, task: Task) -> Task:
        told = self.told.get((task.visit.id, task.carer))
        if told is None or not task.earliest <= told <= task.latest:
            return task
        return replace(task, earliest=told)

    def _as_told(self, line: Timeline) -> Timing | None:
        """Return the times of a route as it was told."""
        route = self.state.routes.get(line.key)
        if route is None or not line.tasks:
            return None
        pause, ticks = route.pause, self.state.ticks
        return Timing(
            starts=tuple(self._told_start(task) for task in line.tasks),
            pause_at=None if pause is None else pause.after_stops,
            pause_start=None if pause is None else ticks(pause.start),
            departure=ticks(route.departure),
            back=ticks(route.back),
        )


_OF_ROUTES = (
    Term.TRAVEL,
    Term.LATENESS,
    Term.WAITING,
    Term.OVERTIME,
    Term.WAGE,
    Term.STAFF_USED,
    Term.DISRUPTION,
)


def circle(people: int, flat: int) -> int:
    """Return S(n): flat for a few caregivers, steep from there on."""
    return max(0, people - flat) ** 2
