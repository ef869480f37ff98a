"""Rounds of parts: cut, solve, put together, cut elsewhere; what is left out gets the last one."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from optimizer.city.cutting import Floats, Ints, cut, nearest_part, points, staff_parts
from optimizer.city.parts import PartOfCity, SolvedPart, parts_of, solve_part
from optimizer.city.pins import keep_pins_whole
from optimizer.domain.plan import Plan, Route, Unserved
from optimizer.domain.reason import UnservedReason
from optimizer.domain.scenario import Scenario
from optimizer.errors import InternalError, UsageError
from optimizer.formats.plan import parse_plan
from optimizer.i18n import say
from optimizer.parallel.events import Failed, Finished, Lost
from optimizer.parallel.executor import Executor
from optimizer.parallel.work_item import WorkItem
from optimizer.search.budget import Budget

VISITS_PER_PART = 1_000
"Of 700 to 1,500; parts of 300 fail for want of the scarcer qualifications."
SHARES = (0.6, 0.3, 0.1)
"Of the time, for the first round, the second, and that of the visits left."
TURNS = (0.0, 35.0, 70.0)
"Degrees by which the axes of each round are turned."
TRIES = 3
LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Round:
    """What a round has come to: its parts, cost in ticks of travel, visits left out."""

    parts: int
    cost: int
    unserved: int


@dataclass(frozen=True, slots=True)
class CityProgress:
    """How far a city is: round, parts of it that are solved, visits left out so far.

    ``unserved`` is that of the best round that is whole; None before there is one.
    """

    round: int
    done: int
    parts: int
    unserved: int | None


class CityObserver(Protocol):
    """Somebody who wants to hear how far a city is."""

    def __call__(self, progress: CityProgress, /) -> None:
        """Take note."""


def unheard(progress: CityProgress, /) -> None:
    """Take no note: the default observer."""


@dataclass(frozen=True, slots=True)
class City:
    """A city's roster.

    Attributes
    ----------
    plan
        The roster of all parts; each part is verified, and nobody is in two of them.
    cost
        Sum of the parts' verified costs in ticks of travel. Terms that compare all caregivers with
        each other (fair shares) are counted within parts.
    unserved
        Ids of visits left out.
    rounds
        What each round came to.
    """

    plan: Plan = field(repr=False)
    cost: int
    unserved: tuple[str, ...]
    rounds: tuple[Round, ...]


def solve_city(
    scenario: Scenario,
    executor: Executor,
    *,
    seconds: float | None = None,
    iterations: int | None = None,
    seed: int = 1,
    visits_per_part: int = VISITS_PER_PART,
    stop: threading.Event | None = None,
    observer: CityObserver = unheard,
) -> City:
    """Return a roster of a day too large for one process.

    Parameters
    ----------
    scenario
        The city, its visits derived, without faults.
    executor
        Solves the parts; it is not closed.
    seconds, iterations
        Processor seconds, or steps, of all parts and rounds together; one of them is given. With
        steps the roster is the same whatever the machine.
    seed
        Random seed (at least 0).
    visits_per_part
        About how many visits a part has (at least 1).
    stop
        Once it is set the parts end soon, and no further round begins.
    observer
        Hears of every part that is solved.

    Raises
    ------
    UsageError
        If not one of `seconds` and `iterations` is given, or it is stopped in the first round.
    InternalError
        If a part fails; a defect.
    """
    if (seconds is None) == (iterations is None):
        raise UsageError(say("usage.city.one_limit"))
    solver = _Rounds(scenario, executor, seed, stop or threading.Event(), observer)
    count = max(1, round(len(scenario.visits) / visits_per_part))
    for number, (share, turn) in enumerate(zip(SHARES, TURNS, strict=True)):
        if number and (solver.stop.is_set() or count == 1):
            break
        is_last = number == len(SHARES) - 1
        if is_last and not solver.left():
            break
        budget = Budget(
            None if seconds is None else share * seconds,
            None if iterations is None else round(share * iterations),
        )
        # One part more than before: no border stays where it was.
        solver.run(count + (number > 0), turn, budget, by_left=is_last)
    return solver.city()


@dataclass(slots=True)
class _Rounds:
    """The city between its rounds."""

    scenario: Scenario
    executor: Executor
    seed: int
    stop: threading.Event
    observer: CityObserver
    routes: tuple[Route, ...] = ()
    best: City | None = None
    rounds: list[Round] = field(default_factory=list)

    def left(self) -> set[str]:
        """Return the ids of the visits that no route holds with all their carers."""
        made = Counter(stop.visit for route in self.routes for stop in route.stops)
        return {one.id for one in self.scenario.visits if made[one.id] < len(one.carers)}

    def run(self, parts: int, turn: float, budget: Budget, *, by_left: bool) -> None:
        """Cut the city, solve its parts from what there is, and keep all that is found.

        Parts get their budget by the care they ask for, or by the visits they leave out.
        """
        scenario = self.scenario
        of_client, of_person = self._cut(parts, turn)
        made = parts_of(scenario, of_client.tolist(), of_person.tolist(), parts)
        starts = self._starts(of_person.tolist(), parts)
        left = self.left()
        weights = [
            1 + sum(one.id in left for one in part.visits) if by_left else len(part.visits)
            for part in made
        ]
        items = {
            f"part-{number}": WorkItem(
                f"part-{number}",
                solve_part,
                PartOfCity(
                    part, starts[number], _shared(budget, weight / max(1, sum(weights))), self.seed
                ),
            )
            for number, (part, weight) in enumerate(zip(made, weights, strict=True))
        }
        found = self._done(items)
        if len(found) < len(items):
            return  # Somebody has stopped it; the round before counts.
        self.routes = tuple(route for key in items for route in parse_plan(found[key].plan).routes)
        cost = sum(one.cost for one in found.values())
        unserved = tuple(sorted(visit for one in found.values() for visit in one.unserved))
        self.rounds.append(Round(parts, cost, len(unserved)))
        if self.best is None or cost < self.best.cost:
            plan = Plan(
                scenario=scenario.id,
                routes=self.routes,
                unserved=tuple(
                    Unserved(visit=one, reason=UnservedReason.NOBODY_FOUND) for one in unserved
                ),
            )
            self.best = City(plan, cost, unserved, ())

    def _starts(self, of_person: Sequence[int], parts: int) -> list[Plan | None]:
        """Return for each part what its caregivers do now; None before the first round."""
        if not self.routes:
            return [None] * parts
        part = {
            one.id: label for one, label in zip(self.scenario.caregivers, of_person, strict=True)
        }
        routes: list[list[Route]] = [[] for _ in range(parts)]
        for route in self.routes:
            routes[part[route.caregiver]].append(route)
        return [Plan(scenario=self.scenario.id, routes=tuple(one)) for one in routes]

    def _cut(self, parts: int, turn: float) -> tuple[Ints, Ints]:
        """Return the part of each client and caregiver: by homes, later by their routes."""
        scenario = self.scenario
        homes = points([one.home for one in scenario.clients])
        care: Counter[str] = Counter()
        for visit in scenario.visits:
            care[visit.client] += sum(need.minutes for need in visit.carers)
        weights = np.array([float(care[one.id]) for one in scenario.clients])
        people = points([one.home for one in scenario.caregivers])
        if not self.routes:
            of_client = cut(homes, weights, parts, turn)
            at, first = people, nearest_part(people, homes, of_client)
        else:
            at = self._centres(homes, people)
            first = cut(at, np.ones(len(at)), parts, turn)
            of_client = self._with_routes(homes, at, first)
        row = {one.id: number for number, one in enumerate(scenario.clients)}
        of_visit = np.array([of_client[row[one.client]] for one in scenario.visits], np.int64)
        of_person = first
        if not self.routes:
            of_person = staff_parts(scenario, of_visit, at, first, parts)
        keep_pins_whole(scenario, of_client, of_person, weights, parts)
        return of_client, of_person

    def _centres(self, homes: Floats, people: Floats) -> Floats:
        """Return the middle of each caregiver's routes; their home where they have none."""
        client = {one.id: one.client for one in self.scenario.visits}
        row = {one.id: number for number, one in enumerate(self.scenario.clients)}
        stops: dict[str, list[int]] = {}
        for route in self.routes:
            stops.setdefault(route.caregiver, []).extend(
                row[client[stop.visit]] for stop in route.stops
            )
        return np.array(
            [
                homes[stops[one.id]].mean(axis=0) if one.id in stops else people[number]
                for number, one in enumerate(self.scenario.caregivers)
            ]
        )

    def _with_routes(self, homes: Floats, at: Floats, of_person: Ints) -> Ints:
        """Return the part of each client: that of most of their caregivers, or the nearest."""
        part = {
            one.id: int(label)
            for one, label in zip(self.scenario.caregivers, of_person, strict=True)
        }
        client = {one.id: one.client for one in self.scenario.visits}
        votes: dict[str, Counter[int]] = {}
        for route in self.routes:
            for stop in route.stops:
                votes.setdefault(client[stop.visit], Counter())[part[route.caregiver]] += 1
        found = np.zeros(len(homes), np.int64)
        for number, one in enumerate(self.scenario.clients):
            if one.id in votes:
                found[number] = votes[one.id].most_common(1)[0][0]
            else:
                found[number] = of_person[((at - homes[number]) ** 2).sum(axis=1).argmin()]
        return found

    def _tell(self, done: int, parts: int) -> None:
        best = None if self.best is None else len(self.best.unserved)
        self.observer(CityProgress(len(self.rounds) + 1, done, parts, best))

    def _done(self, items: Mapping[str, WorkItem]) -> dict[str, SolvedPart]:
        waiting, tries = dict(items), Counter(items.keys())
        found: dict[str, SolvedPart] = {}
        is_told = False
        self._tell(0, len(items))
        while waiting or self.executor.in_flight:
            if self.stop.is_set() and not is_told:
                is_told = True
                waiting.clear()
                for key in items:
                    self.executor.stop(key)
            while waiting and self.executor.in_flight < self.executor.slots:
                key = next(iter(waiting))
                self.executor.submit(waiting.pop(key))
            for event in self.executor.events(LOOK_SECONDS):
                match event:
                    case Finished(key, value):
                        found[key] = value
                        self._tell(len(found), len(items))
                    case Failed(key, code, message):
                        raise InternalError(f"{key} failed ({code}): {message}")
                    case Lost(key, reason):
                        tries[key] += 1
                        if tries[key] > TRIES:
                            raise InternalError(f"{key} was lost: {reason}")
                        waiting[key] = items[key]
                    case _:
                        pass
        return found

    def city(self) -> City:
        """Return the best of what the rounds have come to."""
        if self.best is None:
            raise UsageError(say("usage.city.stopped"))
        return replace(self.best, rounds=tuple(self.rounds))


def _shared(budget: Budget, share: float) -> Budget:
    """Return a share of a budget, enough for a first plan at least."""
    steps, seconds = budget.iterations, budget.seconds
    return Budget(
        None if seconds is None else max(0.1, share * seconds),
        None if steps is None else max(1, round(share * steps)),
    )
