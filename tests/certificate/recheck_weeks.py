"""Whether a table shows that caregivers cannot give more over several weeks: for `recheck`."""

from datetime import date
from functools import cache
from itertools import combinations
from typing import Any

Row = dict[str, Any]


def give_no_more(table: Row) -> bool:
    """Return whether nobody can give more care than is said, all shifts of a caregiver together."""
    people = [one["caregiver"] for one in table["people"]]
    is_whole = all(shift["caregiver"] in people for shift in table["shifts"])
    is_care = all(stop["asks"] <= stop["care"] for stop in table["stops"])
    return is_whole and is_care and all(_is_true(table, one) for one in table["people"])


def _is_true(table: Row, person: Row) -> bool:
    stops, shifts = (
        table["stops"],
        [s for s in table["shifts"] if s["caregiver"] == person["caregiver"]],
    )
    rooms = [_room(stops, shift) for shift in shifts]
    day, agreed, month = (person.get(key) for key in ("day_ticks", "agreed_ticks", "month_ticks"))
    most = [sum(stops[n]["asks"] for n in {n for shift in shifts for n in shift["makes"]})]
    most.append(_most(table, person, shifts, rooms, day))
    if month is not None and agreed is not None:
        over = len({day[:7] for day in table["days"]}) * month - min(month, person["month_worked"])
        most.append(
            over + _most(table, person, shifts, rooms, min(agreed, agreed if day is None else day))
        )
    is_said = all(room(0)[0] <= shift["gives"] for room, shift in zip(rooms, shifts, strict=True))
    return is_said and min(most) <= person["gives"]


def _room(stops: list[Row], shift: Row) -> Any:
    @cache  # The most care in the shift if it begins not before a moment, and its earliest end.
    def room(opens: int) -> tuple[int, int]:
        times, asks, over = [], 0, []
        for n in shift["makes"]:
            begin = max(stops[n]["earliest"], max(opens, shift["opens"]) + shift["there"][n])
            latest = min(stops[n]["latest"], shift["closes"] - shift["back"][n] - stops[n]["care"])
            if begin <= latest:
                times.append((begin, latest + stops[n]["care"]))
                over.append(begin + stops[n]["care"] + shift["back"][n])
                asks += stops[n]["asks"]
        first, last, length = shift.get("pause") or (0, 0, 0)
        free = min(_union(times), _union([*times, (first, last + length)]) - length)
        return (max(0, min(free, asks)), min(over)) if times else (0, 0)

    return room


def _union(times: list[tuple[int, int]]) -> int:
    total, until = 0, 0
    for begin, end in sorted(times):
        total, until = total + max(0, end - max(begin, until)), max(until, end)
    return total


def _most(table: Row, person: Row, shifts: list[Row], rooms: list[Any], of_day: int | None) -> int:
    states = {(person["free_from"], person["days_in_a_row_worked"], person["days_worked"],
               person["nights_in_a_row_worked"], person["nights_worked"], 0): 0}  # fmt: skip
    for number, day in enumerate(table["days"]):
        now, found, limit = number * table["day_length"], dict[Any, int](), person.get("week_ticks")
        mine = [n for n, s in enumerate(shifts) if s["date"] == day and rooms[n](0)[0]]
        ways = [some for k in range(len(mine) + 1) for some in combinations(mine, k)]
        if number and date.fromisoformat(day).weekday() == 0:
            states = _in_a_new_week(states)
        for (free, row, days, nights, of_week, week), total in states.items():
            for some in ways:
                dark = any(shifts[n]["night"] for n in some)
                given = sum(rooms[n](max(0, free - now))[0] for n in some)
                given = week + (given if of_day is None else min(given, of_day))
                rests = [person["rest_after_night" if shifts[n]["night"] else "rest"] for n in some]
                ends = [now + rooms[n](0)[1] + rest for n, rest in zip(some, rests, strict=True)]
                until = max([free, *ends])
                counts = (
                    (row + 1) * bool(some),
                    days + bool(some),
                    (nights + 1) * dark,
                    of_week + dark,
                )
                if not some or _keeps(person, *counts, dark=dark):
                    key = (until * (until > now + table["day_length"]), *counts,
                           given if limit is None else min(given, limit))  # fmt: skip
                    found[key] = max(total, found.get(key, 0))
        states = found
    return max(total + state[-1] for state, total in states.items())


def _in_a_new_week(states: dict[Any, int]) -> dict[Any, int]:
    found = dict[Any, int]()
    for (free, row, _, nights, _, week), total in states.items():
        key = free, row, 0, nights, 0, 0
        found[key] = max(total + week, found.get(key, 0))
    return found


def _keeps(person: Row, row: int, days: int, nights: int, of_week: int, *, dark: bool) -> bool:
    limits = [(row, person.get("days_in_a_row")), (days, person["week_days"])]
    limits += [(nights, person.get("nights_in_a_row")), (of_week, person.get("week_nights"))] * dark
    return all(most is None or count <= most for count, most in limits)
