"""Limits of caregivers across days, read from a scenario file by itself: for `recheck_weeks`."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

from tests.certificate.plain_day import Doc, PlainDay

DAY = 24 * 60


def limits_of(day: PlainDay, person: Doc) -> Doc:
    """Return a caregiver's row as a table of a certificate about weeks holds it."""
    asks: Any = person.get
    usual, night = asks("rest", 660), asks("rest_after_night")
    rests = [max(0, rest - _back(day.scenario)) for rest in (usual, max(usual, night or 0))]
    free = 0
    if asks("last_return") is not None:
        least = day.ticks(rests[asks("consecutive_nights_worked", 0) > 0])
        free = max(0, day.clock(asks("last_return")) + least - day.ticks(DAY))
    row = {
        "caregiver": asks("id"),
        "rest": day.ticks(rests[0]),
        "rest_after_night": day.ticks(rests[1]),
        "free_from": free,
        "week_days": 7 - asks("days_off", 0),
        "days_worked": asks("days_worked", 0),
        "days_in_a_row": asks("consecutive_days"),
        "days_in_a_row_worked": asks("consecutive_days_worked", 0),
        "week_nights": asks("week_nights"),
        "nights_worked": asks("week_nights_worked", 0),
        "nights_in_a_row": asks("consecutive_nights"),
        "nights_in_a_row_worked": asks("consecutive_nights_worked", 0),
        "day_ticks": asks("day_minutes_limit"),
        "week_ticks": asks("week_minutes_limit"),
        "agreed_ticks": asks("day_minutes"),
        "month_ticks": asks("month_overtime_limit"),
        "month_worked": day.ticks(asks("month_overtime_worked", 0)),
    }
    for key in ("day_ticks", "week_ticks", "agreed_ticks", "month_ticks"):
        row[key] = None if row[key] is None else day.ticks(row[key])
    return {key: value for key, value in row.items() if value is not None}


def pause_and_night(day: PlainDay, person: Doc, date: str, number: int) -> tuple[Any, bool]:
    """Return the break of a shift, and whether it is a night shift."""
    own = sorted(
        (s for s in person["shifts"] if s["date"] == date), key=lambda s: day.clock(s["start"])
    )
    shift = own[number]
    begin, end = day.clock(shift["start"]), day.clock(shift["end"])
    rule = shift.get("break_rule") or person.get("break_rule")
    pause = None
    if rule is not None and end - begin >= day.ticks(rule.get("after", 360)):
        length = day.ticks(rule["duration"])
        first = max(day.clock(rule["earliest"]), begin)
        last = min(day.clock(rule["latest"]), end - length)
        pause = [first, last, length] if first <= last else None
    if shift.get("night") is not None:
        return pause, bool(shift["night"])
    night = day.scenario.get("policy", {}).get("night", {})
    dusk, dawn = day.clock(night.get("start", "22:00")), day.clock(night.get("end", "06:00"))
    dawn += day.ticks(DAY) if dawn <= dusk else 0
    dark = sum(
        max(0, min(end, dawn + shifted) - max(begin, dusk + shifted))
        for shifted in (-day.ticks(DAY), 0, day.ticks(DAY))
    )
    return pause, dark > 0 and dark >= day.ticks(night.get("least", 120))


def _back(scenario: Doc) -> int:
    """Return the minutes by which clocks are put back in the horizon at most."""
    if scenario.get("time_zone") is None:
        return 0
    zone = zoneinfo.ZoneInfo(scenario["time_zone"])
    first = dt.datetime.fromisoformat(scenario["horizon"]["start"]) - dt.timedelta(days=1)
    length = scenario["horizon"].get("days", 1) + 3
    moments = [first + dt.timedelta(days=n) for n in range(length)]
    offsets = [one.replace(tzinfo=zone).utcoffset() or dt.timedelta() for one in moments]
    return int((max(offsets) - min(offsets)).total_seconds() // 60)
