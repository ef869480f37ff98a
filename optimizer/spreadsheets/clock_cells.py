"""Times of the day, windows and lengths of time in cells, in the many ways people write them."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from optimizer.spreadsheets.codes import CellFault
from optimizer.spreadsheets.sheets import Value
from optimizer.spreadsheets.unreadable import UnreadableCell, shown
from optimizer.spreadsheets.words import fold, meanings, plain
from optimizer.units import MS_PER_DAY, MS_PER_MINUTE

Window = tuple[int, int]
"Earliest and latest, in milliseconds since midnight."

ANY_TIME = "any"
"What a word for the whole day means."

_MS_PER_HOUR = 60 * MS_PER_MINUTE
_BEFORE = r"(?P<part>凌晨|清晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚|夜里|am|pm|kl\.?)?\s*"
_AFTER = r"\s*(?P<after>a\.?m\.?|p\.?m\.?)?"
_NEXT_DAY = r"(?P<next>次日|第二天|隔天)?\s*"
_CLOCK = re.compile(
    _NEXT_DAY + _BEFORE + r"(?P<hour>\d{1,2})\s*(?:"
    r"[:h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"|\.(?P<dotted>\d{2})"
    r"|[点時时]\s*(?:(?P<half>半)|(?P<quarter>[一三1３3])刻|(?P<zh>\d{1,2})分?|钟|整)?"
    r")?" + _AFTER + r"(?:\+(?P<days>\d))?"
)
_JOINED = re.compile(r"(\d{1,2})(\d{2})")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[T ](\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?")
_BETWEEN = re.compile(r"\s*(?:-|–|—|~|至|到|until|till|to|och)\s*")
_AFTERNOON = {"下午", "傍晚", "晚上", "晚", "夜里", "pm"}
_LENGTH = re.compile(
    r"(?:(?P<h>\d+(?:[.,]\d+)?)\s*(?:小时|个小时|钟头|时|hours?|hrs?|h|timmar|timme|tim)\s*(?P<half>半)?)?\s*"
    r"(?:(?P<m>\d+(?:[.,]\d+)?)\s*(?:分钟|分|minutes?|mins?|min|minuter|m|′|')?)?"
)
_PERIOD = re.compile(
    r"P(?:(?P<d>\d+)D)?(?:T(?:(?P<h>\d+(?:[.,]\d+)?)H)?(?:(?P<m>\d+(?:[.,]\d+)?)M)?"
    r"(?:(?P<s>\d+(?:[.,]\d+)?)S)?)?"
)
_ZH_HALF_HOURS = {"半小时": 30, "半个小时": 30, "一小时": 60, "一个小时": 60, "两小时": 120,
                  "两个小时": 120, "一刻钟": 15, "三刻钟": 45, "一个半小时": 90,
                  "halvtimme": 30, "enhalvtimme": 30, "entimme": 60, "halfanhour": 30,
                  "anhour": 60, "onehour": 60}  # fmt: skip


def read_clock(value: Value) -> int:
    """Return the time of the day in a cell, in milliseconds since midnight.

    Raises
    ------
    UnreadableCell
        If it is none, or could be two: 8.5 may be half past eight or ten to nine.
    """
    if isinstance(value, datetime):
        return _of_time(value.time())
    if isinstance(value, time):
        return _of_time(value)
    if isinstance(value, timedelta):
        return _within_reach(round(value.total_seconds()) * 1000, value)
    if isinstance(value, bool):
        raise _no_time(value)
    if isinstance(value, int | float):
        return _of_number(float(value))
    if isinstance(value, str):
        return _of_text(value)
    raise _no_time(value)


def read_window(value: Value) -> Window | str:
    """Return the window in a cell: of two times, of one, or of a word such as "上午".

    Returns
    -------
    tuple or str
        Earliest and latest; for a word that means the whole day, `ANY_TIME`.

    Raises
    ------
    UnreadableCell
        If it is neither.
    """
    if not isinstance(value, str):
        moment = read_clock(value)
        return moment, moment
    text = plain(value).lower()
    meant = meanings("moments").get(fold(text))
    if meant == ANY_TIME:
        return ANY_TIME
    if meant is not None:
        earliest, latest = meant.split("-")
        return _of_text(earliest), _of_text(latest)
    halves = _BETWEEN.split(text)
    if len(halves) == 2 and all(halves):
        earliest_ms = _of_text(halves[0])
        latest_ms = _of_text(halves[1])
        if latest_ms < earliest_ms <= 12 * _MS_PER_HOUR and _part_of(halves[0]) in _AFTERNOON:
            latest_ms += 12 * _MS_PER_HOUR
        elif latest_ms < earliest_ms and _part_of(halves[0]) in _AFTERNOON:
            latest_ms += 12 * _MS_PER_HOUR  # "下午2点-4点"
        return earliest_ms, latest_ms
    moment = _of_text(text)
    return moment, moment


def read_minutes(value: Value, *, unit: int = MS_PER_MINUTE) -> int:
    """Return the length of time in a cell, in milliseconds.

    Parameters
    ----------
    value
        A number, a text such as ``1小时30分``, ``PT30M`` or ``0:45``, or a length of time as a
        spreadsheet holds it.
    unit
        Milliseconds of what a bare number counts.

    Raises
    ------
    UnreadableCell
        If it is none.
    """
    if isinstance(value, timedelta):
        found: float = value.total_seconds() * 1000
    elif isinstance(value, datetime):
        raise _no_length(value)
    elif isinstance(value, time):
        found = _of_time(value)
    elif isinstance(value, bool):
        raise _no_length(value)
    elif isinstance(value, int | float):
        found = value * unit
    elif isinstance(value, str):
        found = _length_of_text(value, unit)
    else:
        raise _no_length(value)
    if not 0 <= found <= 100_000 * MS_PER_MINUTE:
        raise _no_length(value)
    return round(found)


def _of_time(value: time) -> int:
    # A third of a day has no finite form: what a spreadsheet keeps is a thousandth off.
    seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
    return round(seconds) * 1000


def _of_number(value: float) -> int:
    if 0 < value < 1:
        return round(value * 86_400) * 1000
    if value != int(value):
        raise UnreadableCell(CellFault.BAD_TIME, "sheets.two_times", value=f"{value:g}")
    number = int(value)
    if 0 <= number <= 24:
        return number * _MS_PER_HOUR
    hours, minutes = divmod(number, 100)
    if number >= 100 and (hours, minutes) <= (24, 0) and minutes < 60:
        return _within_reach((hours * 60 + minutes) * MS_PER_MINUTE, number)
    raise _no_time(number)


def _of_text(value: str) -> int:
    text = plain(value).lower()
    iso = _ISO.fullmatch(plain(value))
    if iso is not None:
        text = iso.group(1)
    joined = _JOINED.fullmatch(text)
    if joined is not None:
        return _of_number(float(text))
    if re.fullmatch(r"\d{1,2}[.,]\d", text):
        raise UnreadableCell(CellFault.BAD_TIME, "sheets.two_times", value=text)
    if re.fullmatch(r"0?\.\d{3,}", text):
        return _of_number(float(text))
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise _no_time(value)
    hour, minute, second = int(found["hour"]), _minute(found), int(found["second"] or 0)
    part = (found["part"] or found["after"] or "").replace(".", "")
    if (part in _AFTERNOON and hour < 12) or (part == "中午" and hour < 3):
        hour += 12
    elif part in {"am", "凌晨"} and hour == 12:
        hour = 0
    if minute > 59 or second > 59 or (hour, minute, second) > (24, 0, 0):
        raise _no_time(value)
    days = int(found["days"] or 0) + (found["next"] is not None)
    return _within_reach(((hour * 60 + minute) * 60 + second) * 1000 + days * MS_PER_DAY, value)


def _minute(found: re.Match[str]) -> int:
    if found["half"]:
        return 30
    if found["quarter"]:
        return 15 if found["quarter"] in "一1" else 45
    return int(found["minute"] or found["dotted"] or found["zh"] or 0)


def _part_of(text: str) -> str:
    found = _CLOCK.fullmatch(text)
    return "" if found is None else found["part"] or found["after"] or ""


def _within_reach(ms: int, value: object) -> int:
    if not 0 <= ms <= 2 * MS_PER_DAY:
        raise _no_time(value)
    return ms


def _length_of_text(value: str, unit: int) -> float:
    text = plain(value)
    iso = _PERIOD.fullmatch(text.upper())
    if iso is not None and any(iso.groups()):
        parts = {name: _decimal(number or "0") for name, number in iso.groupdict().items()}
        minutes = parts["d"] * 1440 + parts["h"] * 60 + parts["m"] + parts["s"] / 60
        return minutes * MS_PER_MINUTE
    text = text.lower()
    named = _ZH_HALF_HOURS.get(text.replace(" ", ""))
    if named is not None:
        return named * MS_PER_MINUTE
    if re.fullmatch(r"\d+(?:[.,]\d+)?", text):
        return _decimal(text) * unit
    clock = re.fullmatch(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?", text)
    if clock is not None:
        hours, minutes_, seconds = (int(part or 0) for part in clock.groups())
        return ((hours * 60 + minutes_) * 60 + seconds) * 1000
    found = _LENGTH.fullmatch(text)
    if found is None or not (found["h"] or found["m"]):
        raise _no_length(value)
    hours_ = _decimal(found["h"] or "0") + (0.5 if found["half"] else 0)
    return hours_ * _MS_PER_HOUR + _decimal(found["m"] or "0") * MS_PER_MINUTE


def _decimal(text: str) -> float:
    return float(text.replace(",", "."))


def _no_time(value: object) -> UnreadableCell:
    return UnreadableCell(CellFault.BAD_TIME, "sheets.no_time", value=shown(value))


def _no_length(value: object) -> UnreadableCell:
    return UnreadableCell(CellFault.BAD_LENGTH, "sheets.no_length", value=shown(value))
