"""An invented district's office: applications, pools, and a day on which faults are planted."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from optimizer.domain.delivery import Deliveries, Delivery, Position
from optimizer.domain.eligibility import Application, State, StateChange
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.office import Office
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.matching import skill_reasons
from optimizer.travel import straight_metres
from optimizer.units import MS_PER_MINUTE
from optimizer.verification import Charge, account

YEAR_FEN = 310_294_700
"Fen that 870 clients of the founding survey cost in a year; its split over pools is not known."
CLIENTS = 870
_CAPS = {"cat_hardship": 600, "cat_alone": 480, "cat_disabled": 1200, "cat_special": 480}
_RANKS = {"cat_hardship": 1, "cat_disabled": 2, "cat_alone": 3, "cat_special": 4}
_PARTS = (("donations", "social", 5), ("lottery", "lottery", 55), ("district", "district", 40))
"An assumed split, in per cent."
FAR_M = 1_500
"So far apart are two homes between which a way can be too fast."
_DEGREE_M = 110_860


def invented_office(scenario: Scenario, seed: int) -> Office:
    """Return an office in which every fourth client has applied lately; no person is real."""
    draw = random.Random(seed)
    money = YEAR_FEN * len(scenario.clients) // CLIENTS
    day = scenario.horizon.start
    return Office.model_validate(
        {
            "id": f"office-{scenario.id}",
            "price_book": "zh2014",
            "draw": "welfare lottery 3D 2026-052: 3 8 5",
            "copay_percent": 30,
            "categories": [
                {
                    "code": code, "zh": "某类", "en": code, "monthly_minutes": minutes,
                    "rank": _RANKS[code], "start": "2026-01-01",
                    "track": "reduced" if code == "cat_alone" else "free",
                    "test": {"marks": [code]},
                }
                for code, minutes in _CAPS.items()
            ],
            "applications": [
                {
                    "client": client.id,
                    "applied_on": str(day - dt.timedelta(days=draw.randrange(5, 300))),
                    "marks": [client.category],
                }
                for client in scenario.clients
                if draw.random() < 0.25
            ],
            "pools": [
                {
                    "id": name, "tier": tier, "amount_fen": money * percent // 100,
                    "start": "2026-01-01", "end": "2026-12-31",
                    "spent_fen": money * percent // 100 * 2 // 12,
                }
                for name, tier, percent in _PARTS
            ],
        }
    )  # fmt: skip


@dataclass(frozen=True)
class PlantedDay:
    """What took place, and what of it is false on purpose.

    Attributes
    ----------
    deliveries
        All evidence.
    office
        The office as it knows of clients afterwards.
    faults
        The doubt that must be found, by visit and carer.
    touched
        Further stops that a planted fault may throw doubt on.
    unmatched
        How many deliveries are of no stop on the roster.
    """

    deliveries: Deliveries
    office: Office
    faults: dict[tuple[str, int], str]
    touched: frozenset[tuple[str, int]]
    unmatched: int


def planted_day(scenario: Scenario, plan: Plan, office: Office, seed: int) -> PlantedDay:
    """Return evidence of a roster, up to two minutes off the plan, with faults of seven kinds."""
    made = _Evidence.honest(scenario, plan, seed)
    number = max(2, len(made.charges) // 100)
    made.plant_times(number)
    made.plant_place_and_skill(number)
    away = {one.client for one, _ in made.take(number, made.pairs)}
    for one in made.charges:
        if one.client in away:
            made.faults.setdefault(_key(one), "not_home")
    extra = made.unmatched(plan)
    made.touched |= {(one.visit, one.carer) for one in extra}
    return PlantedDay(
        Deliveries(scenario=scenario.id, deliveries=(*made.given.values(), *extra)),
        _afterwards(office, away, scenario.horizon.start),
        made.faults,
        frozenset(made.touched),
        len(extra),
    )


@dataclass
class _Evidence:
    """Evidence while faults are planted: each caregiver is used for one of them at most."""

    index: ScenarioIndex
    charges: tuple[Charge, ...]
    by_caregiver: dict[str, list[Charge]]
    pairs: list[tuple[Charge, Charge]]
    given: dict[tuple[str, int], Delivery]
    faults: dict[tuple[str, int], str] = field(default_factory=dict)
    touched: set[tuple[str, int]] = field(default_factory=set)
    used: set[str] = field(default_factory=set)

    @classmethod
    def honest(cls, scenario: Scenario, plan: Plan, seed: int) -> _Evidence:
        """Return what took place nearly as planned; pairs of stops are in random order."""
        draw = random.Random(seed)
        index = ScenarioIndex.of(scenario)
        charges = account(scenario, plan).charges
        by_caregiver: dict[str, list[Charge]] = {}
        for one in charges:
            by_caregiver.setdefault(one.caregiver, []).append(one)
        pairs = [
            (one, other)
            for own in by_caregiver.values()
            for one, other in pairwise(own)
            if one.client != other.client
        ]
        draw.shuffle(pairs)
        given = {_key(one): _honest(index, one, draw) for one in charges}
        return cls(index, charges, by_caregiver, pairs, given)

    def take(
        self, count: int, rows: Sequence[tuple[Charge, Charge]]
    ) -> Iterator[tuple[Charge, Charge]]:
        """Yield so many pairs of caregivers who have not been used."""
        for one, other in rows:
            if count and one.caregiver not in self.used:
                self.used.add(one.caregiver)
                count -= 1
                yield one, other

    def change(self, one: Charge, **fields: object) -> None:
        """Tell something else of a stop."""
        self.given[_key(one)] = self.given[_key(one)].model_copy(update=fields)

    def plant_times(self, number: int) -> None:
        """Plant two clients at once, ways too fast, and visits that are too short."""
        for one, other in self.take(number, self.pairs):
            self.change(one, end=other.start + 10 * MS_PER_MINUTE)
            self.faults[_key(other)] = "overlap"
            self.touched.add(_key(one))
        far = [pair for pair in self.pairs if _metres(self.index, *pair) > FAR_M]
        for one, other in self.take(number, far):
            self.change(one, end=(self.given[_key(other)].start or 0) - MS_PER_MINUTE)
            self.faults[_key(other)] = "teleport"
            self.touched.add(_key(one))
        for one, _ in self.take(number, self.pairs):
            start = self.given[_key(one)].start or 0
            self.change(one, end=start + one.care * 4 // 10)
            self.faults[_key(one)] = "short"

    def plant_place_and_skill(self, number: int) -> None:
        """Plant check-ins elsewhere, and people who do not hold what is asked for."""
        for one, _ in self.take(number, self.pairs):
            home = self.index.client[one.client].home
            away = Position(lat=home.lat + 1_000 / _DEGREE_M, lon=home.lon, accuracy_m=30)
            self.change(one, position=away)
            self.faults[_key(one)] = "off_place"
        people = self.index.scenario.caregivers
        idle = [one for one in people if one.id not in self.by_caregiver]
        for one, _ in self.take(min(number, len(idle)), self.pairs):
            asked = self.index.visit[one.visit].carers[one.carer - 1].qualifications
            unfit = next((p for p in idle if any(skill_reasons(asked, p, one.date))), None)
            if unfit is not None:
                idle.remove(unfit)
                self.change(one, caregiver=unfit.id)
                self.faults[_key(one)] = "not_qualified"

    def unmatched(self, plan: Plan) -> list[Delivery]:
        """Return a delivery that nobody planned: whoever is done first goes on to a client."""
        last = min((own[-1] for own in self.by_caregiver.values()), key=_ends)
        start = _ends(last) + 60 * MS_PER_MINUTE
        return [
            Delivery(
                visit=one.visit,
                date=last.date,
                caregiver=last.caregiver,
                start=start,
                end=start + 20 * MS_PER_MINUTE,
                beacon=True,
            )
            for one in plan.unserved[:1]
        ]


def _ends(one: Charge) -> int:
    return one.start + one.care


def _key(one: Charge) -> tuple[str, int]:
    return one.visit, one.carer


def _metres(index: ScenarioIndex, one: Charge, other: Charge) -> float:
    return straight_metres(index.client[one.client].home, index.client[other.client].home)


def _honest(index: ScenarioIndex, one: Charge, draw: random.Random) -> Delivery:
    late = draw.randrange(0, 3) * MS_PER_MINUTE
    home = index.client[one.client].home
    at = Position(lat=home.lat + draw.uniform(-100, 100) / _DEGREE_M, lon=home.lon, accuracy_m=40)
    start = one.start + late
    return Delivery(
        visit=one.visit,
        carer=one.carer,
        date=one.date,
        caregiver=one.caregiver,
        start=start,
        end=max(start, one.start + one.care),
        position=at,
    )


def _afterwards(office: Office, away: set[str], day: dt.date) -> Office:
    """Return the office once it has learnt who had been in hospital for two days."""
    gone = StateChange(state=State.HOSPITAL, date=day - dt.timedelta(days=2))
    applied = {one.client: one for one in office.applications}
    for client in sorted(away):
        before = applied.get(client) or Application(
            client=client, applied_on=dt.date(2025, 1, 1), served_since=dt.date(2025, 2, 1),
            marks=tuple(one.code for one in office.categories),
        )  # fmt: skip
        applied[client] = before.model_copy(update={"changes": (gone,)})
    return office.model_copy(update={"applications": tuple(applied.values())})
