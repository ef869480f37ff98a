"""Visits that nobody can give, staff that cannot work, wishes that contradict each other."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from optimizer.domain.caregiver import Caregiver, Shift
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Coupling, CouplingKind, Pin, Requirement, Visit
from optimizer.errors import Fault
from optimizer.formats.codes import WarningCode
from optimizer.formats.findings import finding
from optimizer.i18n import say
from optimizer.units import format_clock

MOST_NAMED = 10
"Caregivers who are gone, named in one message."


def warn_of_staff(scenario: Scenario) -> Iterator[Fault]:
    """Warn of caregivers without shifts, of shifts on other days, of reversed limits."""
    days = scenario.horizon.dates()
    for number, caregiver in enumerate(scenario.caregivers):
        place = f"caregivers[{number}]"
        if not caregiver.shifts:
            message = say("fault.no-shifts")
            yield finding(f"{place}.shifts", WarningCode.NO_SHIFTS, message)
        for position, shift in enumerate(caregiver.shifts):
            if not days[0] <= shift.date <= days[-1]:
                message = say("fault.shift-outside-horizon", date=shift.date)
                path = f"{place}.shifts[{position}].date"
                yield finding(path, WarningCode.SHIFT_OUTSIDE_HORIZON, message)
        yield from _limits(place, caregiver)


def _limits(place: str, caregiver: Caregiver) -> Iterator[Fault]:
    for name in ("day_minutes", "week_minutes", "month_overtime"):
        norm, limit = getattr(caregiver, name), getattr(caregiver, f"{name}_limit")
        if norm is not None and limit is not None and limit < norm:
            message = (
                say("fault.limit-below-norm.month")
                if name == "month_overtime"
                else say("fault.limit-below-norm", name=name)
            )
            yield finding(f"{place}.{name}_limit", WarningCode.LIMIT_BELOW_NORM, message)


def warn_of_wishes(scenario: Scenario) -> Iterator[Fault]:
    """Warn of clients who prefer and refuse the same caregiver."""
    for number, client in enumerate(scenario.clients):
        for position, name in enumerate(client.preferred):
            if name in client.refused:
                message = say("fault.preferred-and-refused", name=name)
                path = f"clients[{number}].preferred[{position}]"
                yield finding(path, WarningCode.PREFERRED_AND_REFUSED, message)
        own = client.responsible
        if own is not None and own.caregiver in client.refused:
            message = say("fault.responsible-and-refused", name=own.caregiver)
            path = f"clients[{number}].responsible.caregiver"
            yield finding(path, WarningCode.RESPONSIBLE_AND_REFUSED, message)
    yield from _gone_wishes(scenario)


def _gone_wishes(scenario: Scenario) -> Iterator[Fault]:
    """Warn once of all caregivers whom clients name and who are gone, at the first of them."""
    caregivers = {caregiver.id for caregiver in scenario.caregivers}
    named = [
        (number, f"clients[{number}].{field}[{position}]", name)
        for number, client in enumerate(scenario.clients)
        for field, names in (("preferred", client.preferred), ("refused", client.refused))
        for position, name in enumerate(names)
        if name not in caregivers
    ]
    named += [
        (number, f"clients[{number}].responsible.caregiver", client.responsible.caregiver)
        for number, client in enumerate(scenario.clients)
        if client.responsible is not None and client.responsible.caregiver not in caregivers
    ]
    if named:
        gone = tuple(dict.fromkeys(name for _, _, name in named))
        message = say(
            "fault.gone-wishes",
            names=(*gone[:MOST_NAMED], *(("…",) if len(gone) > MOST_NAMED else ())),
            count=len({number for number, _, _ in named}),
        )
        yield finding(named[0][1], WarningCode.GONE_CAREGIVER, message)


def warn_of_history(scenario: Scenario) -> Iterator[Fault]:
    """Warn of caregivers in the history and the published plan who are gone.

    Nobody can meet them again: visits published for them need another carer, and count as changed.
    """
    caregivers = {caregiver.id for caregiver in scenario.caregivers}
    named = [(f"history[{n}]", one.caregiver) for n, one in enumerate(scenario.history)]
    if scenario.published is not None:
        routes = enumerate(scenario.published.routes)
        named += [(f"published.routes[{n}]", route.caregiver) for n, route in routes]
    for place, name in named:
        if name not in caregivers:
            message = say("fault.gone-caregiver", name=name)
            yield finding(f"{place}.caregiver", WarningCode.GONE_CAREGIVER, message)


def warn_of_published(scenario: Scenario, planned: Scenario) -> Iterator[Fault]:
    """Warn of published visits that are due no longer: their clients are gone, perhaps."""
    if scenario.published is None:
        return
    visits = {visit.id for visit in planned.visits}
    for number, route in enumerate(scenario.published.routes):
        for position, stop in enumerate(route.stops):
            if stop.visit not in visits:
                place = f"published.routes[{number}].stops[{position}].visit"
                message = say("fault.gone-visit", name=stop.visit)
                yield finding(place, WarningCode.GONE_VISIT, message)


def warn_of_pins(scenario: Scenario, planned: Scenario) -> Iterator[Fault]:
    """Warn of pins that leave a visit no chance."""
    for number, visit in enumerate(scenario.visits):
        if visit.pin is not None:
            yield from _pin(f"visits[{number}].pin", visit.pin, visit)
    if scenario.pins:
        visits = {visit.id: visit for visit in planned.visits}
        for number, pin in enumerate(scenario.pins):
            yield from _pin(f"pins[{number}]", pin, visits[pin.visit])


def _pin(place: str, pin: Pin, visit: Visit) -> Iterator[Fault]:
    if pin.start is not None and not visit.window.earliest <= pin.start <= visit.window.latest:
        message = say("fault.pin-outside-window", start=format_clock(pin.start))
        yield finding(f"{place}.start", WarningCode.PIN_OUTSIDE_WINDOW, message)
    if pin.date is not None and visit.dates and pin.date not in visit.dates:
        message = say("fault.pin-outside-dates", date=pin.date)
        yield finding(f"{place}.date", WarningCode.PIN_OUTSIDE_DATES, message)


def warn_of_couplings(scenario: Scenario, planned: Scenario) -> Iterator[Fault]:
    """Warn of coupled visits that can never both take place."""
    index = ScenarioIndex.of(planned)
    for number, coupling in enumerate(scenario.couplings):
        first, second = index.visit[coupling.first], index.visit[coupling.second]
        if coupling.kind is CouplingKind.APART:
            possible = _can_be_apart(coupling, index, first, second)
            remedy = say("fault.never-both.days")
        else:
            possible = _can_meet(coupling, first, second)
            remedy = say("fault.never-both.gap")
        if not possible:
            message = say("fault.never-both", first=first.id, second=second.id, remedy=remedy)
            yield finding(f"couplings[{number}]", WarningCode.NEVER_BOTH, message)


def _can_meet(coupling: Coupling, first: Visit, second: Visit) -> bool:
    """Return whether some start of the second visit fits some start of the first."""
    least, most = coupling.min_gap, coupling.max_gap
    if coupling.kind is CouplingKind.TOGETHER:
        least = most = 0
    too_late = first.window.earliest + least > second.window.latest
    return not too_late and (most is None or second.window.earliest <= first.window.latest + most)


def _can_be_apart(coupling: Coupling, index: ScenarioIndex, first: Visit, second: Visit) -> bool:
    most = coupling.max_days
    lies = [
        (other - one).days
        for one in index.allowed_dates(first)
        for other in index.allowed_dates(second)
    ]
    days = lies if coupling.ordered else map(abs, lies)
    return any(coupling.min_days <= far and (most is None or far <= most) for far in days)


def warn_of_unservable(scenario: Scenario) -> Iterator[Fault]:
    """Warn, once per visit, of visits that nobody can give, with the first reason."""
    # The check of who may come needs numpy; only a document without faults gets this far.
    from optimizer.matching.eligibility import eligible  # noqa: PLC0415

    index = ScenarioIndex.of(scenario)
    staff = _Staff(index)
    found = eligible(index)
    by_kind = [bool(table.any()) for table in found.tables]
    allowed = [by_kind[kind] for kind in found.kind_of.tolist()]
    task = 0
    for number, visit in enumerate(scenario.visits):
        place = f"visits[{number}]"
        mine = allowed[task : task + len(visit.carers)]
        task += len(visit.carers)
        days = index.allowed_dates(visit)
        asked = [need.qualifications for need in visit.carers]
        lacking = [n for n, skills in enumerate(asked) if skills and not staff.hold(skills)]
        if lacking:
            message = say("fault.nobody-qualified")
            path = f"{place}.carers[{lacking[0]}].qualifications"
            yield finding(path, WarningCode.NOBODY_QUALIFIED, message)
        elif not any(staff.shifts[day] for day in days):
            message = say("fault.nobody-at-work")
            yield finding(place, WarningCode.NOBODY_AT_WORK, message)
        elif not any(_fits(visit, shift, extra) for d in days for shift, extra in staff.shifts[d]):
            message = say(
                "fault.fits-no-shift",
                earliest=format_clock(visit.window.earliest),
                latest=format_clock(visit.window.latest),
            )
            yield finding(f"{place}.window", WarningCode.FITS_NO_SHIFT, message)
        elif not all(mine):
            message = say("fault.nobody-allowed")
            path = f"{place}.carers[{mine.index(False)}]"
            yield finding(path, WarningCode.NOBODY_ALLOWED, message)


class _Staff:
    """Who holds what, and all shifts of a day with the permitted overtime."""

    def __init__(self, index: ScenarioIndex) -> None:
        self._caregivers = index.scenario.caregivers
        self._first = index.dates[0]
        self._held: dict[tuple[Requirement, ...], bool] = {}
        self.shifts: dict[datetime.date, list[tuple[Shift, int]]] = {
            day: [
                (shift, caregiver.overtime_limit)
                for caregiver in self._caregivers
                for shift in index.shifts_on(caregiver.id, day)
            ]
            for day in index.dates
        }

    def hold(self, needed: tuple[Requirement, ...]) -> bool:
        """Return whether some caregiver holds all that is needed at the horizon's start."""
        if needed not in self._held:
            self._held[needed] = any(
                all(self._holds(caregiver, one) for one in needed) for caregiver in self._caregivers
            )
        return self._held[needed]

    def _holds(self, caregiver: Caregiver, needed: Requirement) -> bool:
        return any(
            held.code == needed.code
            and held.level >= needed.level
            and (held.expires is None or held.expires >= self._first)
            for held in caregiver.qualifications
        )


def _fits(visit: Visit, shift: Shift, overtime: int) -> bool:
    shortest = max(
        need.minutes if need.shortest is None else need.shortest for need in visit.carers
    )
    start = max(visit.window.earliest, shift.start)
    return start <= visit.window.latest and start + shortest <= shift.end + overtime
