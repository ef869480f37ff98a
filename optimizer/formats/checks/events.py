"""Events against the scenario and the roster: known people and visits, no contradictions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from optimizer.domain.event import (
    Absent,
    Added,
    Away,
    Cancelled,
    Event,
    Events,
    Late,
    Leaves,
    Longer,
    Refuses,
)
from optimizer.domain.plan import Plan, Stop
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.checks.scenario import check_scenario
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import Findings, finding
from optimizer.i18n import say
from optimizer.units import format_clock


def check_events(
    events: Events, scenario: Scenario, plan: Plan, places: Sequence[str] = ()
) -> Findings:
    """Check that events speak of people and visits that there are, and do not contradict.

    Parameters
    ----------
    events
        What has happened.
    scenario, plan
        A scenario with its visits, and the roster that was told.
    places
        Where each event was said, such as ``--absent``; its place in the document if not given.
    """
    date = events.date or scenario.horizon.start
    named = tuple(places) or tuple(f"events[{n}]" for n in range(len(events.events)))
    if date not in scenario.horizon.dates():
        days = scenario.horizon.dates()
        message = say("fault.event-outside-horizon", date=date, first=days[0], last=days[-1])
        return Findings(faults=(finding("date", FaultCode.DATE_OUTSIDE_HORIZON, message),))
    told = {stop.visit: stop for route in plan.routes for stop in route.stops if route.date == date}
    pairs = frozenset(
        (route.caregiver, stop.visit) for route in plan.routes for stop in route.stops
    )
    check = _Check(events, scenario, date, told, pairs)
    faults = [fault for place, one in zip(named, events.events, strict=True)
              for fault in check.one(place, one)]  # fmt: skip
    faults += check.contradictions(named)
    return Findings(faults=tuple(faults))


@dataclass(frozen=True, slots=True)
class _Check:
    """The day that events are held against."""

    events: Events
    scenario: Scenario
    date: dt.date
    told: dict[str, Stop]
    pairs: frozenset[tuple[str, str]]

    def one(self, place: str, event: Event) -> Iterator[Fault]:
        """Yield the faults of one event by itself."""
        if isinstance(event, Absent | Late | Leaves | Refuses):
            yield from self._caregiver(place, event.caregiver, is_at_work=event.kind != "refuses")
        if isinstance(event, Away | Refuses):
            yield from self._client(place, event.client)
        if isinstance(event, Cancelled | Longer):
            yield from self._visit(place, event.visit)
        if isinstance(event, Cancelled) and self._has_begun(event.visit):
            yield self._begun(place, event.visit)
        if isinstance(event, Refuses):
            yield from self._refused(place, event)
        if isinstance(event, Leaves):
            yield from self._leaves(place, event)
        if isinstance(event, Late | Longer) and event.minutes == 0:
            message = say("fault.empty-duration")
            yield finding(f"{place}.minutes", FaultCode.EMPTY_DURATION, message)
        if isinstance(event, Added):
            yield from self._added(place, event)

    def contradictions(self, places: Sequence[str]) -> Iterator[Fault]:
        """Yield events that are said twice, or that cannot both be so."""
        seen: dict[tuple[str, ...], str] = {}
        whole: dict[tuple[str, str], str] = {}
        visits = {visit.id: visit.client for visit in self.scenario.visits}
        for place, event in zip(places, self.events.events, strict=True):
            key = _subject(event)
            if key in seen:
                message = say("fault.event-repeated", other=seen[key])
                yield finding(place, FaultCode.EVENT_REPEATED, message)
            seen.setdefault(key, place)
            if isinstance(event, Absent):
                whole["caregiver", event.caregiver] = place
            if isinstance(event, Cancelled):
                whole["visit", event.visit] = place
            if isinstance(event, Away):
                whole["client", event.client] = place
        for place, event in zip(places, self.events.events, strict=True):
            others: list[tuple[str, str]] = []
            if isinstance(event, Late | Leaves):
                others = [("caregiver", event.caregiver)]
            if isinstance(event, Longer):
                others = [("visit", event.visit), ("client", visits.get(event.visit, ""))]
            if isinstance(event, Added):
                others = [("client", event.visit.client)]
            for other in others:
                if other in whole:
                    message = say("fault.events-contradict", other=whole[other])
                    yield finding(place, FaultCode.EVENTS_CONTRADICT, message)

    def _caregiver(self, place: str, name: str, *, is_at_work: bool) -> Iterator[Fault]:
        person = next((one for one in self.scenario.caregivers if one.id == name), None)
        if person is None:
            message = say("fault.unknown-caregiver", name=name)
            yield finding(f"{place}.caregiver", FaultCode.UNKNOWN_CAREGIVER, message)
        elif is_at_work and all(shift.date != self.date for shift in person.shifts):
            message = say("fault.not-at-work", name=name, date=self.date)
            yield finding(f"{place}.caregiver", FaultCode.NOT_AT_WORK, message)

    def _client(self, place: str, name: str) -> Iterator[Fault]:
        if all(one.id != name for one in self.scenario.clients):
            message = say("fault.unknown-client", name=name)
            yield finding(f"{place}.client", FaultCode.UNKNOWN_CLIENT, message)

    def _visit(self, place: str, name: str) -> Iterator[Fault]:
        if all(one.id != name for one in self.scenario.visits):
            message = say("fault.unknown-visit", name=name)
            yield finding(f"{place}.visit", FaultCode.UNKNOWN_VISIT, message)

    def _has_begun(self, visit: str) -> bool:
        now = self.events.now
        return now is not None and visit in self.told and self.told[visit].start <= now

    def _begun(self, place: str, visit: str) -> Fault:
        start = format_clock(self.told[visit].start)
        message = say("fault.already-begun", visit=visit, start=start)
        return finding(f"{place}.visit", FaultCode.ALREADY_BEGUN, message)

    def _refused(self, place: str, event: Refuses) -> Iterator[Fault]:
        """Yield a fault where a visit of the two has begun, which cannot be undone any more."""
        for visit in self.scenario.visits:
            is_theirs = (event.caregiver, visit.id) in self.pairs and visit.client == event.client
            if is_theirs and self._has_begun(visit.id):
                yield self._begun(place, visit.id)

    def _leaves(self, place: str, event: Leaves) -> Iterator[Fault]:
        """Yield a fault where somebody leaves outside the hours of the day."""
        shifts = [
            shift
            for person in self.scenario.caregivers
            if person.id == event.caregiver
            for shift in person.shifts
            if shift.date == self.date
        ]
        now = self.events.now
        if shifts and not any(shift.start < event.at < shift.end for shift in shifts):
            hours = ", ".join(f"{format_clock(s.start)}–{format_clock(s.end)}" for s in shifts)
            message = say("fault.time-outside-shift", at=format_clock(event.at), hours=hours)
            yield finding(f"{place}.at", FaultCode.TIME_OUTSIDE_SHIFT, message)
        elif now is not None and event.at <= now:
            message = say("fault.already-over", at=format_clock(event.at), now=format_clock(now))
            yield finding(f"{place}.at", FaultCode.TIME_OUTSIDE_SHIFT, message)

    def _added(self, place: str, event: Added) -> Iterator[Fault]:
        """Yield what is wrong with a new visit, as the check of a scenario finds it."""
        visits = {visit.id: visit for visit in self.scenario.visits}
        if event.visit.id in visits:
            message = say("fault.visit-exists", visit=event.visit.id)
            yield finding(f"{place}.visit.id", FaultCode.DUPLICATE_ID, message)
            return
        clients = self.scenario.clients
        if event.client is not None and all(one.id != event.client.id for one in clients):
            clients = (*clients, event.client)
        ties = {name for tie in event.couplings for name in (tie.first, tie.second)}
        trial = self.scenario.model_copy(
            update={
                "clients": clients,
                "visits": (event.visit, *(one for name, one in visits.items() if name in ties)),
                "couplings": event.couplings,
                "pins": (),
                "published": None,
                "care_plans": (),
                "history": (),
            }
        )
        for fault in check_scenario(trial).faults:
            for section, own in (("visits[0]", "visit"), ("couplings", "couplings")):
                if fault.path.startswith(section):
                    path = f"{place}.{own}{fault.path[len(section) :]}"
                    yield fault.model_copy(update={"path": path, "record": event.visit.id})
            if fault.path.startswith(f"clients[{len(clients) - 1}]") and event.client is not None:
                rest = fault.path.partition("]")[2]
                yield fault.model_copy(update={"path": f"{place}.client{rest}"})


def _subject(event: Event) -> tuple[str, ...]:
    """Return what no two events may both say."""
    if isinstance(event, Refuses):
        return event.kind, event.client, event.caregiver
    if isinstance(event, Absent | Late | Leaves):
        return event.kind, event.caregiver
    if isinstance(event, Away):
        return event.kind, event.client
    if isinstance(event, Added):
        return event.kind, event.visit.id
    return event.kind, event.visit
