"""The border between what people write and what the engine counts with.

Records hold clock times and durations as whole **milliseconds** (so that minutes,
seconds and thousandths of a minute are all exact). Engine, exact model and verifier
count in whole **ticks**; a scenario says how many ticks a minute has (60 by default, so
a tick is a second; 1,000 for the public benchmark). Distances are metres, money is fen
(1/100 yuan), coordinates are WGS-84 degrees.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

MS_PER_MINUTE = 60_000
MS_PER_DAY = 24 * 60 * MS_PER_MINUTE
FEN_PER_YUAN = 100

LATEST_CLOCK = 400 * MS_PER_DAY
"Latest time of a route, in milliseconds after its day's midnight; a later one is a fault."

_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3}))?)?(?:\+([1-9]\d{0,2}))?")


def parse_clock(value: Any) -> int:
    """Return the milliseconds since midnight that a clock text names.

    Parameters
    ----------
    value
        ``"HH:MM"``, ``"HH:MM:SS"`` or ``"HH:MM:SS.mmm"``, from 00:00 to 24:00; with ``+N``
        behind it the time N days later, of a route that began on the day. An ``int`` is taken
        for milliseconds already parsed.

    Raises
    ------
    ValueError
        If the text is no clock time.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        total = value
    else:
        match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise ValueError('is not a clock time; write it like "08:30" or "08:30:15"')
        hours, minutes, seconds, fraction, days = match.groups()
        total = (int(hours) * 60 + int(minutes)) * MS_PER_MINUTE + int(seconds or 0) * 1000
        total += int((fraction or "").ljust(3, "0") or 0)
        if total <= MS_PER_DAY:
            return total + int(days or 0) * MS_PER_DAY
    if not 0 <= total <= LATEST_CLOCK or isinstance(value, str):
        raise ValueError('lies outside its day; use "00:00" to "24:00" (no overnight times)')
    return total


def format_clock(ms: int) -> str:
    """Return the shortest clock text of `ms` milliseconds since midnight.

    What lies after the next midnight has the number of days behind it: ``01:30+1``.
    """
    days = max(0, (ms - 1) // MS_PER_DAY)
    minutes, rest = divmod(ms - days * MS_PER_DAY, MS_PER_MINUTE)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    if rest:
        text += f":{rest // 1000:02d}"
        if rest % 1000:
            text += f".{rest % 1000:03d}"
    return f"{text}+{days}" if days else text


def parse_minutes(value: Any) -> int:
    """Return the milliseconds of a duration given in minutes.

    Parameters
    ----------
    value
        Minutes, a whole or decimal number from 0 to 100,000; kept to the millisecond, so
        that seconds and thousandths of a minute are exact.

    Raises
    ------
    ValueError
        If the value is no number of minutes.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("is not a number of minutes")
    if not 0 <= value <= 100_000:
        raise ValueError("is not a number of minutes from 0 to 100000")
    return round(value * MS_PER_MINUTE)


def format_minutes(ms: int) -> int | float:
    """Return a duration in minutes, as a whole number where it is one."""
    minutes, rest = divmod(ms, MS_PER_MINUTE)
    return minutes if rest == 0 else ms / MS_PER_MINUTE


def to_ticks(ms: int, ticks_per_minute: int) -> int:
    """Convert milliseconds to ticks, rounded up where they do not divide evenly.

    Parameters
    ----------
    ms
        Milliseconds, any sign.
    ticks_per_minute
        Ticks in a minute, at least 1.
    """
    return -(-ms * ticks_per_minute // MS_PER_MINUTE)


def to_ms(ticks: int, ticks_per_minute: int) -> int:
    """Convert ticks to milliseconds; exact for 60 and 1,000 ticks per minute."""
    return ticks * MS_PER_MINUTE // ticks_per_minute


Clock = Annotated[
    int,
    BeforeValidator(parse_clock),
    PlainSerializer(format_clock, return_type=str, when_used="json"),
    WithJsonSchema(
        {"type": "string", "pattern": r"^\d{1,2}:[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(\+[1-9]\d{0,2})?$"}
    ),
]
"""Clock time of a day: ``"HH:MM"`` in files, milliseconds since midnight in memory."""

Minutes = Annotated[
    int,
    BeforeValidator(parse_minutes),
    PlainSerializer(format_minutes, return_type=float | int, when_used="json"),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100000}),
]
"""Duration: minutes in files, milliseconds in memory."""
