"""Dates, days of the week and how often, in cells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from optimizer.spreadsheets.codes import CellFault
from optimizer.spreadsheets.sheets import Value
from optimizer.spreadsheets.unreadable import UnreadableCell, shown
from optimizer.spreadsheets.words import document, fold, meanings, plain

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)

_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050  # 2000-01-01 to 2099-12-31
_SERIAL_ZERO = date(1899, 12, 30)
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ].*)?")
_JOINED = re.compile(r"(20\d{2})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})(?:[T ].*)?")
_NO_YEAR = re.compile(r"(\d{1,2})月(\d{1,2})日?")
_PARTS = re.compile(r"[,，、;；/\s|+&]+|\band\b|\boch\b|和")
_RANGE = re.compile(r"\s*(?:-|–|—|~|至|到|till|to)\s*")
_HAN_DAYS = re.compile(r"(?:周|星期|每周|逢)?([一二三四五六日天]{2,7})")
_HAN_NUMBERS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8,
                "九": 9, "十": 10}  # fmt: skip
_NUMBER_WORDS = {"once": "1", "twice": "2", "thrice": "3", "one": "1", "two": "2", "three": "3",
                 "four": "4", "five": "5", "six": "6", "en": "1", "ett": "1", "två": "2",
                 "tre": "3", "fyra": "4", "fem": "5", "sex": "6"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often something takes place.

    Attributes
    ----------
    days
        Days within the `weeks` on which it does; 0 if `weekdays` say it.
    weekdays
        Fixed days, 1 = Monday.
    weeks
        Length of the cycle in weeks.
    times
        Times on such a day.
    every
        Every so many days, whatever day of the week; 0 if the others say it.
    """

    days: int = 0
    weekdays: tuple[int, ...] = ()
    weeks: int = 1
    times: int = 1
    every: int = 0


def read_date(value: Value, *, year: int | None = None) -> date:
    """Return the date in a cell.

    Parameters
    ----------
    value
        A date, a spreadsheet's number of one, or a text.
    year
        Of a text such as ``3月2日``; without it such a text is refused.

    Raises
    ------
    UnreadableCell
        If it is none, or day and month could be swapped.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value == int(value) and _FIRST_SERIAL <= value <= _LAST_SERIAL:
            return _SERIAL_ZERO + timedelta(days=int(value))
        value = f"{value:.0f}"
    if not isinstance(value, str):
        raise _no_date(value)
    text = plain(value)
    found = _YEAR_FIRST.fullmatch(text) or _JOINED.fullmatch(text)
    if found is not None:
        return _date(value, *(int(part) for part in found.groups()))
    found = _NO_YEAR.fullmatch(text)
    if found is not None and year is not None:
        return _date(value, year, *(int(part) for part in found.groups()))
    found = _YEAR_LAST.fullmatch(text)
    if found is None:
        raise _no_date(value)
    first, second, of_year = (int(part) for part in found.groups())
    if "." in text or first > 12 or first == second:
        return _date(value, of_year, second, first)
    if second > 12:
        return _date(value, of_year, first, second)
    raise UnreadableCell(CellFault.BAD_DAY, "sheets.two_dates", value=shown(value))


def read_weekdays(value: Value) -> tuple[int, ...]:
    """Return the days of the week in a cell, 1 = Monday, in order.

    Raises
    ------
    UnreadableCell
        If there is anything else in it.
    """
    if isinstance(value, datetime | date):
        return (value.isoweekday(),)
    text = f"{value:.0f}" if isinstance(value, float) else plain(str(value)).lower()
    days: set[int] = set()
    for part in _PARTS.split(text.strip(" .")):
        if part:
            found = _days_of(part)
            if not found:
                raise UnreadableCell(CellFault.BAD_WEEKDAY, "sheets.no_weekday", value=shown(value))
            days.update(found)
    if not days:
        raise UnreadableCell(CellFault.BAD_WEEKDAY, "sheets.no_weekday", value=shown(value))
    return tuple(sorted(days))


def read_frequency(value: Value) -> Recurrence:
    """Return how often something takes place, as a cell says it: ``每周3次``, ``3/week``, ``隔天``.

    A bare number counts days a week.

    Raises
    ------
    UnreadableCell
        If it says nothing of the kind.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        text = f"{value:g}"
    else:
        text = plain(str(value)).lower()
    found = _fixed(text) or _counted(text)
    if found is None:
        raise UnreadableCell(CellFault.BAD_FREQUENCY, "sheets.no_frequency", value=shown(value))
    return found


def _days_of(part: str) -> tuple[int, ...]:
    group = meanings("weekday_groups").get(fold(part))
    if group is not None:
        return tuple(int(day) for day in group)
    day = meanings("weekdays").get(fold(part)) or meanings("weekdays").get(fold(part).rstrip("s"))
    if day is not None:
        return (int(day),)
    ends = _RANGE.split(part)
    if len(ends) == 2 and all(ends):
        first, last = (_days_of(end) for end in ends)
        if len(first) == len(last) == 1:
            span = range(first[0], last[0] + (1 if first <= last else 8))
            return tuple((day - 1) % 7 + 1 for day in span)
    several = _HAN_DAYS.fullmatch(part)
    if several is not None:
        return tuple(int(meanings("weekdays")[sign]) for sign in several.group(1))
    return ()


def _fixed(text: str) -> Recurrence | None:
    """Return a recurrence on named days, such as ``Varje vecka, mån`` or ``每周一、三``."""
    weeks = 1
    rest = text
    for weeks_of, words in _CYCLES:
        for word in words:
            if rest.startswith(word):
                weeks, rest = weeks_of, rest.removeprefix(word)
                break
    rest = re.sub(r"^[\s,:：，]*(?:on\s+|på\s+|的)?", "", rest).strip()
    if rest.startswith(("每周", "每星期")):
        rest = "周" + rest.removeprefix("每周").removeprefix("每星期")
    if not rest or re.fullmatch(r"\d+", rest):
        return None
    try:
        days = read_weekdays(rest)
    except UnreadableCell:
        return None
    if days == EVERY_DAY:
        return Recurrence(days=7, weeks=weeks) if weeks == 1 else None
    return Recurrence(weekdays=days, weeks=weeks)


_CYCLES = (
    (2, ("varannan vecka", "every other week", "every second week", "biweekly", "隔周", "每两周",
         "每2周", "两周一次", "every 2 weeks", "var annan vecka")),
    (1, ("varje vecka", "every week", "weekly", "per week")),
)  # fmt: skip
_EVERY_OTHER_DAY = {fold(word) for word in (
    "隔天", "隔日", "隔天一次", "隔日一次", "每隔一天", "每两天一次", "两天一次", "every other day",
    "every second day", "alternate days", "varannan dag")}  # fmt: skip
_EVERY = re.compile(r"(?:every|var|每|每隔)\s*(\d+)(?:e|:e)?\s*(?:days|dag|天|日)(?:一次|1次)?")
_UNITS = {
    "day": r"天|日|day|days|dag|dagar|daily|dagligen",
    "week": r"周|星期|礼拜|week|weeks|wk|w|vecka|veckan|v|weekly",
    "month": r"月|个月|month|months|mo|månad|månaden|monthly",
}
_WEEKS_IN = {"week": 1, "month": 4}


def _counted(text: str) -> Recurrence | None:
    """Return a recurrence that is counted: so many times in a day, week or month."""
    folded = fold(text)
    if folded in _EVERY_OTHER_DAY:
        return Recurrence(every=2)
    text = _with_digits(text)
    if re.fullmatch(r"[1-7]", text):
        return Recurrence(days=int(text))
    found = _EVERY.fullmatch(text)
    if found is not None:
        return Recurrence(every=max(1, int(found[1])))
    for unit, words in _UNITS.items():
        patterns = (
            rf"(?:每|一|1)?\s*(?:{words})\s*[:：]?\s*(\d+)\s*(?:次|回|天|times|x|ggr|gånger)?",
            (
                rf"(\d+)\s*(?:次|x|times|time|days|visits|gånger|gång|ggr|ggr\.)?\s*"
                rf"(?:/|per|a|an|each|every|om|i|每)?\s*(?:{words})(?:en|s)?"
            ),
            rf"(?:每|every|each|varje|per)?\s*(?:{words})\s*(?:一次|1次)?",
        )
        for pattern in patterns:
            found = re.fullmatch(pattern, text)
            if found is not None:
                count = int(found[1]) if found.re.groups and found[1] else 1
                return _of_count(unit, count, text)
    found = re.fullmatch(r"(?:每)?\s*(\d+)\s*(?:周|weeks)\s*(\d+)\s*(?:次|times)", text)
    if found is not None:
        return Recurrence(days=int(found[2]), weeks=int(found[1]))
    return _fortnight(folded)


def _of_count(unit: str, count: int, text: str) -> Recurrence | None:
    if count < 1:
        return None
    if unit == "day":
        return Recurrence(days=7, times=count) if count <= 6 else None
    weeks = _WEEKS_IN[unit]
    days = 7 * weeks
    if count <= days:
        return Recurrence(days=count, weeks=weeks)
    # 14 times a week are twice a day.
    times, rest = divmod(count, days)
    return Recurrence(days=days, weeks=weeks, times=times) if not rest and text else None


def _fortnight(folded: str) -> Recurrence | None:
    words = {fold(word) for weeks, words in _CYCLES if weeks == 2 for word in words}
    return Recurrence(days=1, weeks=2) if folded in words else None


def _with_digits(text: str) -> str:
    text = re.sub(r"[a-zåäö]+", lambda word: _NUMBER_WORDS.get(word[0], word[0]), text)
    text = re.sub(r"十([一二三四五六])", lambda sign: f"1{_HAN_NUMBERS[sign[1]]}", text)
    return re.sub(
        r"[一两二三四五六七八九十](?=次|天|回|周|$)", lambda sign: str(_HAN_NUMBERS[sign[0]]), text
    ).strip()


def _date(value: object, *parts: int) -> date:
    try:
        return date(*parts)
    except ValueError as error:
        raise _no_date(value) from error


def _no_date(value: object) -> UnreadableCell:
    return UnreadableCell(CellFault.BAD_DAY, "sheets.no_date", value=shown(value))


def period_of(value: Value) -> str:
    """Return the code of a word for day, week, month or year.

    Raises
    ------
    UnreadableCell
        If it is none.
    """
    found = meanings("period").get(fold(str(value)))
    if found is None:
        known = tuple(document("words")["period"])
        raise UnreadableCell(CellFault.BAD_WORD, "sheets.no_word", value=shown(value), known=known)
    return found
