"""Events against the scenario and the roster: known people and visits, no contradictions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from optimizer.domain.event import (
    Absent,
    Actual,
    Added,
    Away,
    Cancelled,
    Event,
    Events,
    InHospital,
    Late,
    Leaves,
    Longer,
    NewHours,
    Refuses,
    RoadClosed,
)
from optimizer.domain.plan import Plan, Stop
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.checks.scenario import check_scenario
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import Findings, finding
from optimizer.i18n import say
from optimizer.units import MS_PER_MINUTE, format_clock


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
        if isinstance(event, Absent | Late | Leaves | Refuses | NewHours):
            is_at_work = isinstance(event, Absent | Late | Leaves)
            yield from self._caregiver(place, event.caregiver, is_at_work=is_at_work)
        if isinstance(event, Away | Refuses | InHospital):
            yield from self._client(place, event.client)
        if isinstance(event, Cancelled | Longer | Actual):
            yield from self._visit(place, event.visit)
        if isinstance(event, Late | Longer) and event.minutes == 0:
            message = say("fault.empty-duration")
            yield finding(f"{place}.minutes", FaultCode.EMPTY_DURATION, message)
        yield from self._by_kind(place, event)

    def _by_kind(self, place: str, event: Event) -> Iterator[Fault]:
        """Yield the faults that only one kind of event can have."""
        if isinstance(event, Cancelled) and self._has_begun(event.visit):
            yield self._begun(place, event.visit)
        elif isinstance(event, Refuses):
            yield from self._refused(place, event)
        elif isinstance(event, Leaves):
            yield from self._leaves(place, event)
        elif isinstance(event, InHospital):
            yield from self._hospital(place, event)
        elif isinstance(event, NewHours):
            yield from self._new_hours(place, event)
        elif isinstance(event, Actual):
            yield from self._actual(place, event)
        elif isinstance(event, RoadClosed):
            yield from self._road(place, event)
        elif isinstance(event, Added):
            yield from self._added(place, event)

    def _hospital(self, place: str, event: InHospital) -> Iterator[Fault]:
        """Yield a fault where a stay ends before it begins."""
        if event.until is not None and event.until < self.date:
            message = say("fault.hospital-reversed", until=event.until, date=self.date)
            yield finding(f"{place}.until", FaultCode.PERIOD_REVERSED, message)

    def contradictions(self, places: Sequence[str]) -> Iterator[Fault]:
        """Yield events that are said twice, or that cannot both be so."""
        seen: dict[tuple[str, ...], str] = {}
        whole: dict[tuple[str, str], str] = {}
        for place, event in zip(places, self.events.events, strict=True):
            key = _subject(event)
            if key in seen:
                message = say("fault.event-repeated", other=seen[key])
                yield finding(place, FaultCode.EVENT_REPEATED, message)
            seen.setdefault(key, place)
            for all_of in _decides(event):
                whole.setdefault(all_of, place)
        for place, event in zip(places, self.events.events, strict=True):
            for other in self._decided_by(event):
                if whole.get(other, place) != place:
                    message = say("fault.events-contradict", other=whole[other])
                    yield finding(place, FaultCode.EVENTS_CONTRADICT, message)
        yield from self._at_once(places)

    def _decided_by(self, event: Event) -> list[tuple[str, str]]:
        """Return what another event may have decided that then leaves no room for this one."""
        if isinstance(event, Late | Leaves):
            return [("caregiver", event.caregiver), ("hours", event.caregiver)]
        if isinstance(event, NewHours):
            return [("caregiver", event.caregiver)]
        if isinstance(event, Longer):
            return [("visit", event.visit), ("client", self._client_of(event.visit))]
        if isinstance(event, Added):
            return [("client", event.visit.client)]
        return [("client", event.client)] if isinstance(event, InHospital) else []

    def _client_of(self, visit: str) -> str:
        return next((one.client for one in self.scenario.visits if one.id == visit), "")

    def _at_once(self, places: Sequence[str]) -> Iterator[Fault]:
        """Yield reports by which somebody made two visits at the same time."""
        reported = {
            event.visit: (event.start, event.end or event.start + MS_PER_MINUTE, place)
            for place, event in zip(places, self.events.events, strict=True)
            if isinstance(event, Actual)
        }
        of: dict[str, list[tuple[int, int, str]]] = {}
        for who, visit in sorted(self.pairs):
            if visit in reported and visit in self.told:
                of.setdefault(who, []).append(reported[visit])
        for times in of.values():
            for (_, end, other), (start, _, place) in pairwise(sorted(times)):
                if start < end:
                    message = say("fault.events-contradict", other=other)
                    yield finding(place, FaultCode.EVENTS_CONTRADICT, message)

    def _new_hours(self, place: str, event: NewHours) -> Iterator[Fault]:
        """Yield what is wrong with new hours beside the other shifts of the day."""
        if event.end <= event.start:
            message = say(
                "fault.shift-reversed", end=format_clock(event.end), start=format_clock(event.start)
            )
            yield finding(place, FaultCode.SHIFT_REVERSED, message)
            return
        person = next((p for p in self.scenario.caregivers if p.id == event.caregiver), None)
        if person is None:
            return
        of_day = sorted((s for s in person.shifts if s.date == self.date), key=lambda s: s.start)
        if event.shift > len(of_day):
            message = say(
                "fault.no-such-shift", shift=event.shift, name=person.id, date=self.date,
                count=len(of_day),
            )  # fmt: skip
            yield finding(f"{place}.shift", FaultCode.NO_SUCH_SHIFT, message)
        hours = {number: (shift.start, shift.end) for number, shift in enumerate(of_day)}
        for other in self.events.events:
            if isinstance(other, NewHours) and other.caregiver == person.id:
                hours[other.shift] = other.start, other.end
        if any(
            number != event.shift and start < event.end and event.start < end
            for number, (start, end) in hours.items()
        ):
            message = say("fault.new-shift-overlaps", name=person.id, date=self.date)
            yield finding(place, FaultCode.SHIFTS_OVERLAP, message)

    def _actual(self, place: str, event: Actual) -> Iterator[Fault]:
        """Yield what is wrong with a report of when a visit was made."""
        now = self.events.now
        is_known = any(one.id == event.visit for one in self.scenario.visits)
        if is_known and event.visit not in self.told:
            message = say("fault.not-made", visit=event.visit, date=self.date)
            yield finding(f"{place}.visit", FaultCode.NOT_MADE, message)
        if now is None:
            yield finding(place, FaultCode.NOT_YET, say("fault.needs-now"))
            return
        for field, time in (("start", event.start), ("end", event.end)):
            if time is not None and time > now:
                message = say("fault.not-yet", at=format_clock(time), now=format_clock(now))
                yield finding(f"{place}.{field}", FaultCode.NOT_YET, message)
        if event.end is not None and event.end <= event.start:
            message = say(
                "fault.visit-reversed", end=format_clock(event.end), start=format_clock(event.start)
            )
            yield finding(f"{place}.end", FaultCode.PERIOD_REVERSED, message)

    def _road(self, place: str, event: RoadClosed) -> Iterator[Fault]:
        """Yield what is wrong with a closed road."""
        known = sorted({client.town for client in self.scenario.clients if client.town})
        if event.town not in known:
            message = say("fault.unknown-town.none", name=event.town)
            if known:
                message = say("fault.unknown-town", name=event.town, known=tuple(known))
            yield finding(f"{place}.town", FaultCode.UNKNOWN_TOWN, message)
        days = self.scenario.horizon.days
        if days > 1:
            message = say("fault.several-days", days=days)
            yield finding(place, FaultCode.SEVERAL_DAYS, message)

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
        reported = {e.visit for e in self.events.events if isinstance(e, Actual)}
        if now is None or visit not in self.told:
            return False
        return self.told[visit].start <= now or visit in reported

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
                "series": (),
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


def _decides(event: Event) -> list[tuple[str, str]]:
    """Return whose day an event decides as a whole."""
    if isinstance(event, Absent):
        return [("caregiver", event.caregiver)]
    if isinstance(event, NewHours):
        return [("hours", event.caregiver)]
    if isinstance(event, Cancelled):
        return [("visit", event.visit)]
    return [("client", event.client)] if isinstance(event, Away | InHospital) else []


def _subject(event: Event) -> tuple[str, ...]:
    """Return what no two events may both say."""
    if isinstance(event, Refuses):
        return event.kind, event.client, event.caregiver
    if isinstance(event, Absent | Late | Leaves):
        return event.kind, event.caregiver
    if isinstance(event, NewHours):
        return event.kind, event.caregiver, str(event.shift)
    if isinstance(event, Away | InHospital):
        return event.kind, event.client
    if isinstance(event, RoadClosed):
        return event.kind, event.town
    if isinstance(event, Added):
        return event.kind, event.visit.id
    return event.kind, event.visit
