"""From bytes to a JSON object: encoding, syntax, repeated keys, numbers that are none."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from optimizer.errors import Fault, InvalidDocument
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.i18n import cause_of_bad_json, say

WORKBOOK = b"PK\x03\x04"
"How the workbooks of spreadsheet programs begin."

DEEPEST = 64
"Levels of nesting; a scenario needs eight."

Location = tuple[str | int, ...]

_T = TypeVar("_T")

_PLAIN_KEY = re.compile(r"[^\W\d]\w*")
FREE_KEYS = "item_scores"
"The one object whose keys a user invents, so that they say nothing about the values."


@dataclass(frozen=True, slots=True)
class Located:
    """A fault whose place is still a chain of keys and positions."""

    location: Location
    code: FaultCode
    message: str

    def fault(self) -> Fault:
        """Return the fault with its place as text."""
        return finding(path_of(self.location), self.code, self.message)


@dataclass(frozen=True, slots=True)
class JsonObject:
    """A JSON object as parsed, of which nobody has yet said what it holds.

    Attributes
    ----------
    text
        The document as text, without byte order mark.
    content
        The object; of a repeated key the last value.
    repeated
        Keys that appear more than once in an object, by the object's identity.
    """

    text: str
    content: dict[str, Any]
    repeated: Mapping[int, list[str]] = field(default_factory=dict)


Content = str | bytes | JsonObject
"A document: as text, as UTF-8 bytes, or parsed already."


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A JSON object, not yet checked against any record.

    Attributes
    ----------
    text
        The document as text, without byte order mark.
    content
        The object; of a repeated key the last value.
    faults
        Faults that no record can see: repeated keys, NaN, clock times written as numbers.
    most
        Number of faults after which reading stops; None for all of them.
    """

    text: str
    content: dict[str, Any]
    faults: tuple[Located, ...]
    most: int | None = None


def path_of(location: Location) -> str:
    """Return a place as text, such as ``clients[3].home.lat``; always one line."""
    path = ""
    for step in location:
        if isinstance(step, int):
            path += f"[{step}]"
        elif _PLAIN_KEY.fullmatch(step):
            path += f".{step}" if path else step
        else:
            path += f"[{excerpt(step)}]"
    return path


def excerpt(value: Any) -> str:
    """Return a value as one short line of printable JSON."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    return text if len(text) <= 48 else text[:44] + " ..."


def load_document(
    text: Content,
    source: str,
    clock_fields: frozenset[str] = frozenset(),
    *,
    most: int | None = None,
) -> RawDocument:
    """Return a document's JSON object with the faults that no record can see.

    Parameters
    ----------
    text
        The document; bytes must be UTF-8, with or without byte order mark.
    source
        File name or other origin, for the heading of the error.
    clock_fields
        Names of fields that hold clock texts.
    most
        Number of faults after which reading stops; None for all of them. A program that reads
        what strangers send needs it: each fault takes a hundred times the room of the text that
        is wrong.

    Raises
    ------
    InvalidDocument
        If it is no JSON object at all.
    """
    json_object = parse_json(text, source)
    faults = first(_walk(json_object.content, json_object.repeated, clock_fields), most)
    return RawDocument(json_object.text, json_object.content, tuple(faults), most)


def first(faults: Iterator[_T], most: int | None) -> Iterator[_T]:
    """Yield the faults up to a number, and one more, by which it shows that there are others."""
    return faults if most is None else islice(faults, most + 1)


def parse_json(text: Content, source: str) -> JsonObject:
    """Parse a document's JSON; what is parsed already is returned as it is.

    Parameters
    ----------
    text, source
        As for `load_document`.

    Raises
    ------
    InvalidDocument
        If it is no JSON object at all.
    """
    if isinstance(text, JsonObject):
        return text
    decoded = text if isinstance(text, str) else decode(text, source)
    if not decoded.strip():
        raise refusal(FaultCode.EMPTY_DOCUMENT, say("fault.empty-document"), source)
    repeated: dict[int, list[str]] = {}

    def from_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        record = dict(pairs)
        if len(record) != len(pairs):
            times = Counter(key for key, _ in pairs)
            repeated[id(record)] = sorted(key for key, count in times.items() if count > 1)
        return record

    try:
        content = json.loads(decoded, object_pairs_hook=from_pairs)
    except json.JSONDecodeError as error:
        message = say(
            "fault.bad-json", lineno=error.lineno, colno=error.colno, why=cause_of_bad_json(error)
        )
        raise refusal(FaultCode.BAD_JSON, message, source) from error
    except RecursionError as error:
        raise refusal(FaultCode.TOO_DEEP, TOO_DEEP, source) from error
    except ValueError as error:
        message = say("fault.bad-json.digits")
        raise refusal(FaultCode.BAD_JSON, message, source) from error
    if not isinstance(content, dict):
        message = say("fault.not-an-object", value=excerpt(content))
        raise refusal(FaultCode.NOT_AN_OBJECT, message, source)
    return JsonObject(decoded, content, repeated)


TOO_DEEP = say("fault.too-deep", levels=DEEPEST)


def refusal(code: FaultCode, message: str, source: str) -> InvalidDocument:
    """Return the error that refuses a document as a whole."""
    return InvalidDocument([finding("", code, message)], source)


def decode(raw: bytes, source: str) -> str:
    """Return UTF-8 bytes as text, without byte order mark.

    Raises
    ------
    InvalidDocument
        If they are none.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if raw.startswith(WORKBOOK):
            message = say("fault.not-utf8.workbook")
            raise refusal(FaultCode.NOT_UTF8, message, source) from error
        line = raw.count(b"\n", 0, error.start) + 1
        message = say("fault.not-utf8", line=line)
        raise refusal(FaultCode.NOT_UTF8, message, source) from error


def _walk(
    content: dict[str, Any], repeated: Mapping[int, list[str]], clock_fields: frozenset[str]
) -> Iterator[Located]:
    """Yield what only the raw object shows; without recursion, for it may be very deep."""
    waiting: list[tuple[Any, Location]] = [(content, ())]
    while waiting:
        value, place = waiting.pop()
        if len(place) >= DEEPEST:
            yield Located((), FaultCode.TOO_DEEP, TOO_DEEP)
            return
        for key in repeated.get(id(value), ()):
            message = say("fault.duplicate-key")
            yield Located((*place, key), FaultCode.DUPLICATE_KEY, message)
        children = value.items() if isinstance(value, dict) else enumerate(value)
        for step, child in children:
            kind = type(child)
            if kind is str:
                continue  # Most values are texts, of which there is nothing to say.
            if kind is dict or kind is list:
                waiting.append((child, (*place, step)))
            elif kind is float and not math.isfinite(child):
                message = say("fault.not-a-number")
                yield Located((*place, step), FaultCode.NOT_A_NUMBER, message)
            elif (
                step in clock_fields
                and isinstance(child, (int, float))
                and place[-1:] != (FREE_KEYS,)
            ):
                message = say("fault.bad-clock", value=child)
                yield Located((*place, step), FaultCode.BAD_CLOCK, message)
