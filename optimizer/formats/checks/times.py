"""Windows, durations, shifts, breaks, periods and dates that contradict each other."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from optimizer.domain.caregiver import BreakRule, Caregiver, Shift
from optimizer.domain.visit import Pin, Visit
from optimizer.errors import Fault
from optimizer.formats.checks.view import View
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.i18n import say
from optimizer.units import MS_PER_DAY, MS_PER_MINUTE, format_clock, format_minutes

Days = tuple[datetime.date, ...]
LATEST_OF_NIGHT = 36 * 60 * MS_PER_MINUTE
"Latest time of a day among several, in milliseconds after its midnight: the next day's noon."


def check_visit_times(view: View) -> Iterator[Fault]:
    """A visit, or one of a series, has a window, durations, dates and pins that can be met."""
    for place, visit in view.due():
        yield from _window(place, visit)
        yield from _durations(place, visit)
        if view.dates is not None:
            for number, day in enumerate(visit.dates):
                yield from _outside(f"{place}.dates[{number}]", day, view.dates)
            for number, day in enumerate(visit.preferred_dates):
                yield from _outside(f"{place}.preferred_dates[{number}]", day, view.dates)
        if visit.pin is not None:
            yield from _pin(f"{place}.pin", visit.pin, visit, view)


def check_pins(view: View) -> Iterator[Fault]:
    """Pins that name their visits can be met, and each visit is pinned once."""
    visits = view.visits()
    pinned = {name for name, visit in visits.items() if visit.pin is not None}
    for place, pin in view.rows("pins", view.scenario.pins):
        yield from _pin(place, pin, visits.get(pin.visit), view)
        if pin.visit in pinned:
            message = say("fault.pinned-twice", name=pin.visit)
            yield finding(f"{place}.visit", FaultCode.PINNED_TWICE, message)
        pinned.add(pin.visit)


def _window(place: str, visit: Visit) -> Iterator[Fault]:
    earliest, latest = visit.window.earliest, visit.window.latest
    preferred = visit.preferred_until
    if latest < earliest:
        message = say(
            "fault.window-reversed", latest=format_clock(latest), earliest=format_clock(earliest)
        )
        yield finding(f"{place}.window", FaultCode.WINDOW_REVERSED, message)
    elif preferred is not None and not earliest <= preferred <= latest:
        message = say(
            "fault.preferred-outside-window",
            preferred=format_clock(preferred),
            earliest=format_clock(earliest),
            latest=format_clock(latest),
        )
        yield finding(f"{place}.preferred_until", FaultCode.PREFERRED_OUTSIDE_WINDOW, message)


def _durations(place: str, visit: Visit) -> Iterator[Fault]:
    for number, need in enumerate(visit.carers):
        here = f"{place}.carers[{number}]"
        if need.minutes == 0:
            yield finding(f"{here}.minutes", FaultCode.EMPTY_DURATION, say("fault.empty-duration"))
        if need.shortest == 0:
            yield finding(f"{here}.shortest", FaultCode.EMPTY_DURATION, say("fault.empty-duration"))
        elif need.shortest is not None and need.shortest > need.minutes:
            message = say(
                "fault.shortest-too-long",
                shortest=format_minutes(need.shortest),
                minutes=format_minutes(need.minutes),
            )
            yield finding(f"{here}.shortest", FaultCode.SHORTEST_TOO_LONG, message)


def _outside(place: str, day: datetime.date, days: Days) -> Iterator[Fault]:
    if not days[0] <= day <= days[-1]:
        message = say("fault.date-outside-horizon", day=day, first=days[0], last=days[-1])
        yield finding(place, FaultCode.DATE_OUTSIDE_HORIZON, message)


def _pin(place: str, pin: Pin, visit: Visit | None, view: View) -> Iterator[Fault]:
    if pin.date is not None and view.dates is not None:
        yield from _outside(f"{place}.date", pin.date, view.dates)
    pinned = pin.caregivers
    if visit is not None and len(pinned) > len(visit.carers):
        message = say("fault.pin-too-many", count=len(pinned), carers=len(visit.carers))
        yield finding(f"{place}.caregivers", FaultCode.PIN_TOO_MANY, message)
    counted = Counter(name for name in pinned if name is not None)
    for name in (name for name, count in counted.items() if count > 1):
        message = say("fault.pin-repeated", name=name)
        yield finding(f"{place}.caregivers", FaultCode.PIN_REPEATED, message)


def check_staff_times(view: View) -> Iterator[Fault]:
    """Shifts end after they begin and do not overlap; breaks have an order of times."""
    for place, caregiver in view.rows("caregivers", view.scenario.caregivers):
        yield from _shifts(place, caregiver)
        for at, rule in _break_rules(place, caregiver):
            if rule.latest < rule.earliest:
                message = say(
                    "fault.break-reversed",
                    earliest=format_clock(rule.earliest),
                    latest=format_clock(rule.latest),
                )
                yield finding(at, FaultCode.BREAK_REVERSED, message)
            if rule.duration == 0:
                message = say("fault.empty-duration")
                yield finding(f"{at}.duration", FaultCode.EMPTY_DURATION, message)


def _break_rules(place: str, caregiver: Caregiver) -> Iterator[tuple[str, BreakRule]]:
    """Yield the usual break of a caregiver and those of single shifts, with their places."""
    if caregiver.break_rule is not None:
        yield f"{place}.break_rule", caregiver.break_rule
    for number, shift in enumerate(caregiver.shifts):
        if shift.break_rule is not None:
            yield f"{place}.shifts[{number}].break_rule", shift.break_rule


def _shifts(place: str, caregiver: Caregiver) -> Iterator[Fault]:
    sound: list[tuple[int, Shift]] = []
    for number, shift in enumerate(caregiver.shifts):
        if shift.end <= shift.start:
            message = say(
                "fault.shift-reversed", end=format_clock(shift.end), start=format_clock(shift.start)
            )
            yield finding(f"{place}.shifts[{number}]", FaultCode.SHIFT_REVERSED, message)
        else:
            sound.append((number, shift))
    sound.sort(key=lambda entry: (entry[1].date, entry[1].start))
    for (before, one), (number, other) in pairwise(sound):
        if other.start + (other.date - one.date).days * MS_PER_DAY < one.end:
            message = say("fault.shifts-overlap", before=before, date=one.date)
            yield finding(f"{place}.shifts[{number}]", FaultCode.SHIFTS_OVERLAP, message)


def check_periods(view: View) -> Iterator[Fault]:
    """A contract ends on or after its first day."""
    for place, contract in view.rows("contracts", view.scenario.contracts):
        if contract.end < contract.start:
            message = say("fault.period-reversed", end=contract.end, start=contract.start)
            yield finding(f"{place}.end", FaultCode.PERIOD_REVERSED, message)


def check_ticks(view: View) -> Iterator[Fault]:
    """Clock times are whole ticks; a duration may be finer, because it is rounded up."""
    ticks_per_minute = view.scenario.ticks_per_minute
    tick = MS_PER_MINUTE // ticks_per_minute
    for place, time in _clocks(view):
        if time is not None and time % tick:
            message = say(
                "fault.finer-than-a-tick", time=format_clock(time), tick=f"{tick / 1000:g}"
            )
            yield finding(place, FaultCode.FINER_THAN_A_TICK, message)


def check_midnights(view: View) -> Iterator[Fault]:
    """Of several days none reaches beyond the noon of the next one."""
    if view.scenario.horizon.days == 1:
        return
    for place, time in _clocks(view):
        if time is not None and time > LATEST_OF_NIGHT:
            message = say("fault.after-midnight", time=format_clock(time))
            yield finding(place, FaultCode.OUT_OF_RANGE, message)


def _clocks(view: View) -> Iterable[tuple[str, int | None]]:
    for place, client in view.rows("clients", view.scenario.clients):
        yield f"{place}.usual_start", client.usual_start
        if client.meals is not None:
            yield f"{place}.meals.breakfast", client.meals.breakfast
            yield f"{place}.meals.lunch", client.meals.lunch
            yield f"{place}.meals.dinner", client.meals.dinner
    for place, caregiver in view.rows("caregivers", view.scenario.caregivers):
        yield f"{place}.last_return", caregiver.last_return
        for number, shift in enumerate(caregiver.shifts):
            yield f"{place}.shifts[{number}].start", shift.start
            yield f"{place}.shifts[{number}].end", shift.end
        for at, rule in _break_rules(place, caregiver):
            yield f"{at}.earliest", rule.earliest
            yield f"{at}.latest", rule.latest
    for place, series in view.rows("series", view.scenario.series):
        yield f"{place}.usual_start", series.usual_start
        for number, one in enumerate(series.exceptions):
            if one.window is not None:
                yield f"{place}.exceptions[{number}].window.earliest", one.window.earliest
                yield f"{place}.exceptions[{number}].window.latest", one.window.latest
    for place, visit in view.due():
        yield f"{place}.window.earliest", visit.window.earliest
        yield f"{place}.window.latest", visit.window.latest
        yield f"{place}.preferred_until", visit.preferred_until
        if visit.pin is not None:
            yield f"{place}.pin.start", visit.pin.start
    for place, pin in view.rows("pins", view.scenario.pins):
        yield f"{place}.start", pin.start
