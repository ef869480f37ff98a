"""Which tests of an empty roster a caregiver passes with a visit, by trial before the verifier.

Nothing of the explanations is used. Each test is asked in a world in which all later ones are let
go: who is not on shift in time is judged without any travel, who cannot get there without breaks.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import IntEnum

from benchmarks.alone import Part, clean_alone, starts_of, world_of
from optimizer.domain import Caregiver, Plan, Scenario, Shift, Visit
from optimizer.domain.plan import Route, Stop
from optimizer.i18n import Sentence
from optimizer.travel import UNREACHABLE, TravelMatrices
from optimizer.units import MS_PER_DAY, to_ms, to_ticks
from optimizer.verification import verify


class Stage(IntEnum):
    """The test that a caregiver fails first; the reasons of docs/reasons.md in their order."""

    QUALIFIED = 0
    CONTRACT = 1
    ALLOWED = 2
    DAY = 3
    REACH = 4
    WINDOW = 5
    TRAVEL = 6
    BREAK = 7
    WORK = 8
    ACCOUNT = 9
    REST = 10
    PASSED = 11


_OF_SENTENCE = {
    "violation.qualified.missing": Stage.QUALIFIED,
    "violation.qualified.expired": Stage.QUALIFIED,
    "violation.allowed.contract": Stage.CONTRACT,
    "violation.allowed.refused": Stage.ALLOWED,
    "violation.allowed.gender": Stage.ALLOWED,
    "violation.allowed.volunteer": Stage.ALLOWED,
    "violation.allowed.organisation": Stage.ALLOWED,
    "violation.pin.caregiver": Stage.ALLOWED,
    "violation.pin.date": Stage.ALLOWED,
    "violation.allowed.date": Stage.DAY,
}
STEP = 15
"Minutes between the starts that are tried beside those at which something just fits."
OF_PARTNERS = {"together", "served_once"}
"Rules that a part of a visit cannot keep by itself."


@dataclass(frozen=True)
class Stages:
    """Asks how far caregivers come with the parts of one visit.

    Attributes
    ----------
    scenario, roads
        The scenario and its travel matrices.
    visit
        The visit, on the days that what begins as one with it allows as well.
    """

    scenario: Scenario
    roads: TravelMatrices
    visit: Visit

    def of(self, part: Part, person: Caregiver) -> Stage:
        """Return the first test that a caregiver fails on the day on which it comes nearest.

        Asked are the days on which the visit may take place, or all if there is none.
        """
        return max(self.on(part, person, day) for day in self._days)

    @property
    def _days(self) -> tuple[dt.date, ...]:
        days = self.scenario.horizon.dates()
        fixed = None if self.visit.pin is None else self.visit.pin.date
        possible = tuple(
            day
            for day in days
            if (not self.visit.dates or day in self.visit.dates) and fixed in (None, day)
        )
        return possible or days

    def on(self, part: Part, person: Caregiver, day: dt.date) -> Stage:
        """Return the first test that a caregiver fails on a day."""
        shifts = tuple(one for one in person.shifts if one.date == day)
        barred = self._barred(part, person, day)
        if barred is not None or not shifts:
            return Stage.DAY if barred is None else barred
        person = person.model_copy(update={"shifts": shifts})
        if self._is_out_of_reach(person):
            return Stage.REACH
        tired = person.model_copy(update={"longest_leg": None})
        person = tired.model_copy(update={"last_return": None})
        free = person.model_copy(
            update={
                "break_rule": None,
                "shifts": tuple(one.model_copy(update={"break_rule": None}) for one in shifts),
                "day_minutes_limit": None,
                "week_minutes_limit": None,
                "days_off": 0,
                "consecutive_days": None,
                "month_overtime_limit": None,
                "consecutive_nights": None,
                "week_nights": None,
                "visits_per_day": None,
            }
        )
        still = replace(self.roads, table=self.roads.table * 0)
        unlimited = free.model_copy(update={"break_rule": person.break_rule, "shifts": shifts})
        tests = (
            (Stage.WINDOW, free, still, False),
            (Stage.TRAVEL, free, self.roads, False),
            (Stage.BREAK, unlimited, self.roads, False),
            (Stage.WORK, person, self.roads, False),
            (Stage.ACCOUNT, person, self.roads, True),
            (Stage.REST, tired, self.roads, True),
        )
        for stage, who, roads, paid in tests:
            if not self._can(part, who, roads, self.scenario if paid else unpaid(self.scenario)):
                return stage
        return Stage.PASSED

    def _can(
        self, part: Part, person: Caregiver, roads: TravelMatrices, scenario: Scenario
    ) -> bool:
        """Return whether a route with the part as the only stop breaks no rule."""
        world = world_of(scenario, (self.visit,), (person,))
        there = scenario.model_copy(update={"caregivers": (person,)})
        starts = starts_of(there, roads, (self.visit,), STEP)
        clean = clean_alone(world, there, roads, starts, part, person)
        return next(clean, None) is not None

    def _barred(self, part: Part, person: Caregiver, day: dt.date) -> Stage | None:
        """Return the first test that no hour of the day changes, if one is failed."""
        always = Shift.model_construct(date=day, start=0, end=MS_PER_DAY)
        there = person.model_copy(update={"shifts": (always,)})
        start = self.visit.window.earliest
        care = part.visit.carers[part.carer - 1].minutes
        tpm = self.scenario.ticks_per_minute
        end = start + to_ms(to_ticks(care, tpm), tpm)
        stop = Stop(
            visit=part.visit.id, carer=part.carer, arrival=start, start=start, end=end, travel=0
        )
        route = Route(
            caregiver=person.id, date=day, departure=start, stops=(stop,), back=end, travel_back=0
        )
        world = world_of(self.scenario, (self.visit,), (there,))
        verdict = verify(world, Plan(scenario=world.id, routes=(route,)), self.roads)
        found = [
            _OF_SENTENCE[one.detail.key]
            for one in verdict.violations
            if isinstance(one.detail, Sentence) and one.detail.key in _OF_SENTENCE
        ]
        return min(found, default=None)

    def _is_out_of_reach(self, person: Caregiver) -> bool:
        place = next(one.home for one in self.scenario.clients if one.id == self.visit.client)
        here, home = self.roads.index(place), self.roads.index(person.home)
        end = self.roads.index(person.end_place or person.home)
        ways = (
            self.roads.between(person.mode, home, here),
            self.roads.between(person.mode, here, end),
        )
        longest = person.longest_leg
        limit = UNREACHABLE - 1
        if longest is not None:
            limit = to_ticks(longest, self.scenario.ticks_per_minute)
        return max(ways) > limit


def unpaid(scenario: Scenario, *, contracts: bool = True, entitlements: bool = True) -> Scenario:
    """Return the scenario without the caps of contracts, without entitlements, or without both."""
    free = {"cap": None, "cap_visits": None, "cap_fen": None}
    changed: dict[str, object] = {}
    if contracts:
        changed["contracts"] = tuple(one.model_copy(update=free) for one in scenario.contracts)
    if entitlements:
        changed["clients"] = tuple(
            one.model_copy(update={"entitlements": ()}) for one in scenario.clients
        )
    return scenario.model_copy(update=changed)
