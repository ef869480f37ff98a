"""What takes place on an invented roster, with faults that are planted and told apart."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from optimizer.domain.delivery import Deliveries, Delivery, Doubt, Method, Occurrence, Position
from optimizer.domain.eligibility import State, StateChange
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.plan import Plan, Route, Stop
from optimizer.domain.scenario import Scenario
from optimizer.generate.draw import stream
from optimizer.matching import skill_reasons
from optimizer.travel import straight_metres
from optimizer.units import MS_PER_DAY, MS_PER_MINUTE

FAR_M = 1_500
"So far apart are two homes between which a way can be too fast."
STAY_DAYS = 4
"So long somebody is in hospital."
_DEGREE_M = 110_860
_UNMATCHED = 2
_NOT_DONE: tuple[tuple[Occurrence, bool, float], ...] = (
    (Occurrence.CLIENT_CANCELLED, True, 0.012),
    (Occurrence.CLIENT_AWAY, False, 0.003),
    (Occurrence.CARER_MISSED, True, 0.004),
)
"What does not take place, whether the client said so in time, and how often."

Key = tuple[str, int]


@dataclass(frozen=True)
class TookPlace:
    """What took place in some days, and what of it is false on purpose.

    Attributes
    ----------
    deliveries
        All evidence.
    changes
        Who was in hospital, and when: known afterwards only.
    faults
        The doubt that must be found, by visit and carer.
    touched
        Further stops that a planted fault may throw doubt on.
    unmatched
        Deliveries of no stop on the roster.
    """

    deliveries: Deliveries
    changes: dict[str, tuple[StateChange, StateChange]]
    faults: dict[Key, Doubt]
    touched: frozenset[Key]
    unmatched: tuple[Key, ...]


def took_place(scenario: Scenario, plan: Plan, seed: int, *, faults: int) -> TookPlace:
    """Return evidence of a roster: honest delays, cancellations, and faults of eight kinds.

    Parameters
    ----------
    scenario
        With its visits.
    plan
        The roster that was in force.
    seed
        Any integer.
    faults
        How many of each kind are planted.
    """
    made = _Evidence.honest(scenario, plan, seed)
    made.plant_times(faults)
    made.plant_place_and_skill(faults)
    made.plant_stays(faults)
    extra = made.unmatched(plan)
    return TookPlace(
        Deliveries(scenario=scenario.id, deliveries=(*made.given.values(), *extra)),
        made.changes,
        made.faults,
        frozenset(made.touched),
        tuple((one.visit, one.carer) for one in extra),
    )


@dataclass
class _Evidence:
    """Evidence while faults are planted; a route is used for one of them at most."""

    index: ScenarioIndex
    plan: Plan
    draw: random.Random
    given: dict[Key, Delivery] = field(default_factory=dict)
    stop: dict[Key, Stop] = field(default_factory=dict)
    changes: dict[str, tuple[StateChange, StateChange]] = field(default_factory=dict)
    faults: dict[Key, Doubt] = field(default_factory=dict)
    touched: set[Key] = field(default_factory=set)
    used: set[tuple[str, dt.date]] = field(default_factory=set)
    pairs: list[tuple[Route, Stop, Stop]] = field(default_factory=list)

    @classmethod
    def honest(cls, scenario: Scenario, plan: Plan, seed: int) -> _Evidence:
        """Return what took place nearly as planned; pairs of stops are in random order."""
        made = cls(ScenarioIndex.of(scenario), plan, stream(seed, "evidence", scenario.id))
        for route in plan.routes:
            for one in made.on(route):
                made.given[one.visit, one.carer] = one
            made.stop |= {_key(stop): stop for stop in route.stops}
            made.pairs += [
                (route, one, other)
                for one, other in pairwise(route.stops)
                if made.client(one) != made.client(other)
            ]
        made.draw.shuffle(made.pairs)
        return made

    def client(self, stop: Stop) -> str:
        """Return whose visit a stop is."""
        return self.index.visit[stop.visit].client

    def on(self, route: Route) -> Iterator[Delivery]:
        """Yield what took place on a route: delays carry on to the stops behind."""
        draw, free = self.draw, 0
        for stop in route.stops:
            what = self._missing(draw.random())
            base = {"visit": stop.visit, "carer": stop.carer, "date": route.date}
            if what is not None:
                yield Delivery.model_validate({**base, "occurrence": what[0], "notice": what[1]})
                continue
            late = draw.choices((0, 1, 2, 6, 14, 22), (30, 25, 22, 14, 6, 3))[0]
            start = max(stop.start + late * MS_PER_MINUTE, free)
            care = stop.end - stop.start
            lasts = max(1, round(care * draw.uniform(0.93, 1.08) / MS_PER_MINUTE)) * MS_PER_MINUTE
            end = min(start + lasts, MS_PER_DAY - MS_PER_MINUTE)
            # Who is late hurries, but does not fly.
            free = end + self._way_after(route, stop)
            by_hand = draw.random() < 0.04
            yield Delivery(
                **base,
                caregiver=route.caregiver,
                start=start,
                end=end,
                method=Method.MANUAL if by_hand else Method.ELECTRONIC,
                position=None if by_hand else self._at_home(stop),
            )

    def _missing(self, drawn: float) -> tuple[Occurrence, bool] | None:
        for what, notice, chance in _NOT_DONE:
            if drawn < chance:
                return what, notice
            drawn -= chance
        return None

    def _way_after(self, route: Route, stop: Stop) -> int:
        place = route.stops.index(stop) + 1
        return route.stops[place].travel if place < len(route.stops) else 0

    def _at_home(self, stop: Stop) -> Position:
        home = self.index.client[self.client(stop)].home
        off = self.draw.randrange(-9, 10) * 10 / _DEGREE_M
        return Position(lat=round(home.lat + off, 4), lon=home.lon, accuracy_m=40)

    def change(self, key: Key, **fields: object) -> None:
        """Tell something else of a stop."""
        self.given[key] = self.given[key].model_copy(update=fields)

    def take(self, count: int, *, far: bool = False) -> Iterator[tuple[Key, Key]]:
        """Yield so many pairs of stops that took place, on routes that have not been used."""
        for route, one, other in self.pairs:
            on = route.caregiver, route.date
            keys = _key(one), _key(other)
            if count == 0:
                return
            if on in self.used or not all(self._is_plain(key) for key in keys):
                continue
            if far and self._metres(one, other) <= FAR_M:
                continue
            self.used.add(on)
            count -= 1
            yield keys

    def _is_plain(self, key: Key) -> bool:
        return (
            self.given[key].occurrence is Occurrence.DONE
            and self.given[key].method is Method.ELECTRONIC
            and self.index.visit[key[0]].client not in self.changes
        )

    def _metres(self, one: Stop, other: Stop) -> float:
        client = self.index.client
        return straight_metres(client[self.client(one)].home, client[self.client(other)].home)

    def plant_times(self, number: int) -> None:
        """Plant two clients at once, ways too fast, and visits too short or too long."""
        for one, other in self.take(number):
            self.change(one, end=(self.given[other].start or 0) + 10 * MS_PER_MINUTE)
            self.faults[other] = Doubt.OVERLAP
            self.touched.add(one)
        for one, other in self.take(number, far=True):
            self.change(one, end=(self.given[other].start or 0) - MS_PER_MINUTE)
            self.faults[other] = Doubt.TELEPORT
            self.touched.add(one)
        for one, _ in self.take(number):
            planned = self.stop[one].end - self.stop[one].start
            self.change(one, end=(self.given[one].start or 0) + planned * 4 // 10)
            self.faults[one] = Doubt.SHORT

    def plant_place_and_skill(self, number: int) -> None:
        """Plant check-ins elsewhere, and people who do not hold what is asked for."""
        for one, _ in self.take(number):
            at = self.given[one].position
            if at is not None:
                self.change(one, position=at.model_copy(update={"lat": round(at.lat + 0.01, 4)}))
                self.faults[one] = Doubt.OFF_PLACE
        on: dict[dt.date, set[str]] = defaultdict(set)
        for route in self.plan.routes:
            on[route.date].add(route.caregiver)
        for one, _ in self.take(number):
            given = self.given[one]
            asked = self.index.visit[one[0]].carers[one[1] - 1].qualifications
            unfit = next(
                (
                    person.id
                    for person in self.index.scenario.caregivers
                    if person.id not in on[given.date]
                    and any(skill_reasons(asked, person, given.date))
                ),
                None,
            )
            if unfit is not None:
                on[given.date].add(unfit)
                self.change(one, caregiver=unfit)
                self.faults[one] = Doubt.NOT_QUALIFIED

    def plant_stays(self, number: int) -> None:
        """Plant stays in hospital: on the day in between somebody is said to be at home."""
        of: dict[str, dict[dt.date, list[Key]]] = defaultdict(lambda: defaultdict(list))
        for key, given in self.given.items():
            of[self.index.visit[key[0]].client][given.date].append(key)
        last = self.index.dates[-1]
        for client in self.draw.sample(sorted(of), len(of)):
            first = min(of[client])
            days = [first + dt.timedelta(days=n) for n in range(STAY_DAYS + 1)]
            keys = [key for day in days for key in of[client][day]]
            inner = [key for day in days[1:-1] for key in of[client][day]]
            is_plain = all(self._is_plain(key) and key not in self.faults for key in keys)
            if not number or days[-1] > last:
                continue
            if not inner or not is_plain or self.touched.intersection(keys):
                continue
            number -= 1
            self.changes[client] = (
                StateChange(state=State.HOSPITAL, date=days[0]),
                StateChange(state=State.HOME, date=days[-1]),
            )
            self.faults[inner[0]] = Doubt.NOT_HOME
            for key in inner[1:]:
                base = {"visit": key[0], "carer": key[1], "date": self.given[key].date}
                self.given[key] = Delivery.model_validate(
                    {**base, "occurrence": Occurrence.HOSPITAL}
                )

    def unmatched(self, plan: Plan) -> list[Delivery]:
        """Return deliveries that nobody planned: whoever is done goes on to a client."""
        extra: list[Delivery] = []
        routes = sorted(plan.routes, key=lambda one: (one.back, one.caregiver))
        for left in plan.unserved:
            days = self.index.allowed_dates(self.index.visit[left.visit])
            route = next((one for one in routes if one.date in days), None)
            if len(extra) == _UNMATCHED or route is None:
                break
            ends = [self.given[_key(stop)].end or stop.end for stop in route.stops]
            start = max(ends) + 60 * MS_PER_MINUTE
            extra.append(
                Delivery(
                    visit=left.visit, date=route.date, caregiver=route.caregiver, beacon=True,
                    start=start, end=start + 20 * MS_PER_MINUTE,
                )
            )  # fmt: skip
            routes.remove(route)
        return extra


def _key(stop: Stop) -> Key:
    return stop.visit, stop.carer
