"""Series: so many visits fit into their weeks, and nothing in them contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from optimizer.domain.series import ExceptionKind, Series
from optimizer.errors import Fault
from optimizer.formats.checks.view import View
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.i18n import say
from optimizer.needs.series_visits import FIRST_MONDAY, WEEK, allowed_days
from optimizer.units import format_clock


def check_series(view: View) -> Iterator[Fault]:
    """A series can be given as often as it asks for, on days and at times that it allows."""
    for place, series in view.rows("series", view.scenario.series):
        yield from _period(place, series)
        yield from _days(place, series)
        yield from _usual_start(place, series)
        yield from _exceptions(place, series)
        if view.dates is not None:
            yield from _done(place, series, view.dates[0])


def _period(place: str, series: Series) -> Iterator[Fault]:
    if series.since is not None and series.until is not None and series.until < series.since:
        message = say("fault.period-reversed", end=series.until, start=series.since)
        yield finding(f"{place}.until", FaultCode.PERIOD_REVERSED, message)


def _days(place: str, series: Series) -> Iterator[Fault]:
    for number, weekday in enumerate(series.preferred_weekdays):
        if series.weekdays and weekday not in series.weekdays:
            message = say(
                "fault.spacing-impossible.preferred", weekday=weekday, weekdays=series.weekdays
            )
            where = f"{place}.preferred_weekdays[{number}]"
            yield finding(where, FaultCode.SPACING_IMPOSSIBLE, message)
    if series.max_days is not None and series.max_days < series.min_days:
        message = say("fault.days-reversed", max_days=series.max_days, min_days=series.min_days)
        yield finding(f"{place}.max_days", FaultCode.DAYS_REVERSED, message)
        return
    length = WEEK * series.weeks
    most = _most_in_a_period(series)
    if series.count > most:
        message = say(
            "fault.spacing-impossible.too-often",
            times=series.count,
            most=most,
            min_days=series.min_days,
        )
        yield finding(f"{place}.count", FaultCode.SPACING_IMPOSSIBLE, message)
    elif series.min_days * series.count > length:
        limits = {"min_days": series.min_days, "times": series.count, "length": length}
        message = say("fault.spacing-impossible.too-far", **limits)
        yield finding(f"{place}.min_days", FaultCode.SPACING_IMPOSSIBLE, message)
    if series.max_days is not None and series.max_days * series.count < length:
        limits = {"max_days": series.max_days, "times": series.count, "length": length}
        message = say("fault.spacing-impossible.too-near", **limits)
        yield finding(f"{place}.max_days", FaultCode.SPACING_IMPOSSIBLE, message)


def _most_in_a_period(series: Series) -> int:
    """Return how many visits find allowed days in one period, each `min_days` after the last."""
    count = 0
    last: date | None = None
    for day in allowed_days(series, FIRST_MONDAY):
        if last is None or (day - last).days >= series.min_days:
            count, last = count + 1, day
    return count


def _usual_start(place: str, series: Series) -> Iterator[Fault]:
    usual, window = series.usual_start, series.window
    if usual is not None and not window.earliest <= usual <= window.latest:
        message = say(
            "fault.preferred-outside-window",
            preferred=format_clock(usual),
            earliest=format_clock(window.earliest),
            latest=format_clock(window.latest),
        )
        yield finding(f"{place}.usual_start", FaultCode.PREFERRED_OUTSIDE_WINDOW, message)


def _exceptions(place: str, series: Series) -> Iterator[Fault]:
    sound: list[int] = []
    for number, one in enumerate(series.exceptions):
        here = f"{place}.exceptions[{number}]"
        if one.end is not None and one.end < one.start:
            message = say("fault.period-reversed", end=one.end, start=one.start)
            yield finding(f"{here}.end", FaultCode.PERIOD_REVERSED, message)
        else:
            sound.append(number)
        if one.window is None:
            continue
        if one.kind is not ExceptionKind.FIXED:
            message = say("fault.exceptions-contradict.window", kind=one.kind.value)
            yield finding(f"{here}.window", FaultCode.EXCEPTIONS_CONTRADICT, message)
        elif one.window.latest < one.window.earliest:
            message = say(
                "fault.window-reversed",
                latest=format_clock(one.window.latest),
                earliest=format_clock(one.window.earliest),
            )
            yield finding(f"{here}.window", FaultCode.WINDOW_REVERSED, message)
    yield from _overlaps(place, series, sound)


def _overlaps(place: str, series: Series, sound: Sequence[int]) -> Iterator[Fault]:
    for before, number in combinations(sound, 2):
        one, other = series.exceptions[before], series.exceptions[number]
        if one.start <= (other.end or other.start) and other.start <= (one.end or one.start):
            message = say(
                "fault.exceptions-contradict.overlap",
                before=before,
                day=max(one.start, other.start),
            )
            where = f"{place}.exceptions[{number}]"
            yield finding(where, FaultCode.EXCEPTIONS_CONTRADICT, message)


def _done(place: str, series: Series, first: date) -> Iterator[Fault]:
    for number, day in enumerate(series.done):
        if day >= first:
            message = say("fault.done-within-horizon", day=day, first=first)
            yield finding(f"{place}.done[{number}]", FaultCode.DONE_WITHIN_HORIZON, message)
