"""One document against its record: every missing, unknown or mistyped field, in words."""

from __future__ import annotations

import difflib
import re
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ValidationError
from pydantic_core import ErrorDetails

from optimizer.domain.record import Record
from optimizer.formats.codes import FaultCode
from optimizer.formats.document import FREE_KEYS, Located, Location, RawDocument, excerpt
from optimizer.units import parse_clock

MOST_IN_TRAVEL = 20
"A matrix may have a million faulty entries; so many are named one by one."

PRIVATE = "health_record"
"What stands in a field of this name is never shown, because messages end up in logs."
HIDDEN = "a value not shown here"

_CODE = re.compile(r"[\w.:+-]{1,40}")
_TELLING = frozenset({PRIVATE, "conditions", "devices"})
"A value with one of these fields somewhere inside is not shown either."

_R = TypeVar("_R", bound=Record)


def validate(record: type[_R], raw: RawDocument) -> tuple[_R | None, list[Located]]:
    """Return the record a document holds, or None, and all faults of its fields.

    JSON types are taken at their word: the text ``"2"`` is no number.
    """
    if any(fault.code is FaultCode.TOO_DEEP for fault in raw.faults):
        return None, list(raw.faults)
    try:
        checked = record.model_validate_json(raw.text, strict=True)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        found = [
            _translate(record, raw.content, detail)
            for detail in details
            if not _is_echo(raw.content, detail)
        ]
        return None, _discreet(record, _merged(raw.faults, found))
    return checked, _discreet(record, raw.faults)


def _merged(raw: Sequence[Located], found: Sequence[Located]) -> list[Located]:
    """Return both kinds of faults, each place once.

    A number under a name that some record uses for a clock may be meant for another type,
    about which the record knows better.
    """
    in_record = {fault.location for fault in found}
    kept = [
        fault
        for fault in raw
        if fault.code is not FaultCode.BAD_CLOCK or fault.location not in in_record
    ]
    told = {fault.location for fault in kept}
    return kept + list(_limited(fault for fault in found if fault.location not in told))


def _discreet(record: type[Record], faults: Sequence[Located]) -> list[Located]:
    """Return the faults, those inside a health record without names that somebody invented."""
    # Two invented names in one place have become the same fault.
    return list(dict.fromkeys(_without_invented_names(record, fault) for fault in faults))


def _without_invented_names(record: type[Record], fault: Located) -> Located:
    place = fault.location
    if PRIVATE not in place:
        return fault
    for number in range(place.index(PRIVATE) + 1, len(place)):
        step, before = place[number], place[:number]
        if isinstance(step, int) or (before[-1] == FREE_KEYS and _CODE.fullmatch(step)):
            continue
        parent = _record_at(record, before)
        if parent is None or step not in parent.model_fields:
            remedy = "remove it or correct its name."
            if parent is not None:
                _, _, remedy = _unknown_field(parent, step).partition("; ")
            message = f"has a field that is none of this record and is not named here; {remedy}"
            return Located(before, FaultCode.UNKNOWN_FIELD, message)
    return fault


def _shown(location: Location, value: Any) -> str:
    """Return the excerpt of a value, or words instead of it where it is nobody's business."""
    return HIDDEN if PRIVATE in location or _is_telling(value) else excerpt(value)


def _is_telling(value: Any) -> bool:
    if isinstance(value, dict):
        return not _TELLING.isdisjoint(value) or any(map(_is_telling, value.values()))
    return isinstance(value, list) and any(map(_is_telling, value))


@cache
def clock_fields(record: type[BaseModel]) -> frozenset[str]:
    """Return the names of all fields of a record, and of those inside, that hold clocks."""
    names: set[str] = set()
    seen: set[type[BaseModel]] = set()
    waiting = [record]
    while waiting:
        model = waiting.pop()
        if model in seen:
            continue
        seen.add(model)
        for name, field in model.model_fields.items():
            parts = list(_parts(field.annotation))
            metadata = [*field.metadata, *parts]
            if any(isinstance(m, BeforeValidator) and m.func is parse_clock for m in metadata):
                names.add(name)
            waiting += [p for p in parts if isinstance(p, type) and issubclass(p, BaseModel)]
    return frozenset(names)


def _parts(annotation: Any) -> Iterator[Any]:
    """Yield everything an annotation is put together from."""
    yield annotation
    if get_origin(annotation) is Annotated:
        yield from annotation.__metadata__
    if get_origin(annotation) is not Literal:
        for part in get_args(annotation):
            yield from _parts(part)


def _limited(faults: Iterator[Located]) -> Iterator[Located]:
    in_travel = 0
    for fault in faults:
        in_travel += fault.location[:1] == ("travel",)
        if fault.location[:1] != ("travel",) or in_travel <= MOST_IN_TRAVEL:
            yield fault
    if in_travel > MOST_IN_TRAVEL:
        message = f"has {in_travel - MOST_IN_TRAVEL} more faults of this kind."
        yield Located(("travel",), FaultCode.BAD_VALUE, message)


def _is_echo(content: dict[str, Any], detail: ErrorDetails) -> bool:
    """Return whether a list is only called too short because its entries have faults."""
    if detail["type"] != "too_short":
        return False
    _, value = _locate(content, detail["loc"])
    return isinstance(value, list) and len(value) >= detail["ctx"]["min_length"]


def _translate(record: type[Record], content: dict[str, Any], detail: ErrorDetails) -> Located:
    location, value = _locate(content, detail["loc"])
    kind = detail["type"]
    if kind == "extra_forbidden":
        message = _unknown_field(_record_at(record, detail["loc"][:-1]), str(location[-1]))
        return Located(location, FaultCode.UNKNOWN_FIELD, message)
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        tags = " or ".join(_tags(record, location)).replace("'", '"')
        message = f'says what kind it is in its field "kind"; write {tags} there.'
        return Located((*location, "kind"), FaultCode.WRONG_CHOICE, message)
    code, sentence = _SENTENCES.get(kind, (FaultCode.BAD_VALUE, _own_words))
    message = sentence(_shown(location, value), dict(detail.get("ctx") or {}), detail["msg"])
    if kind == "value_error" and "minutes" in str(detail.get("ctx", {}).get("error")):
        code = FaultCode.BAD_MINUTES
    elif kind == "value_error" and isinstance(value, dict):
        code = FaultCode.BAD_TEST
    if kind == "less_than_equal" and location[-1:] == ("lat",):
        message = f"{message[:-1]}; are latitude and longitude swapped?"
    return Located(location, code, message)


def _locate(content: dict[str, Any], location: Location) -> tuple[Location, Any]:
    """Return a place without the steps that are no part of the document, and its value.

    The record checker adds the name of the chosen alternative (``travel.matrix.minutes``)
    and marks faulty keys with ``[key]``.
    """
    steps: list[str | int] = []
    value: Any = content
    for number, step in enumerate(location):
        last = number == len(location) - 1
        if isinstance(value, Mapping):
            if step not in value and (not last or step == "[key]"):
                continue
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        elif step == "[key]":
            value = steps[-1]
            continue
        else:
            value = None
        steps.append(step)
    if location[-1:] == ("[key]",):
        value = steps[-1]
    return tuple(steps), value


def _record_at(record: type[BaseModel], location: Location) -> type[BaseModel] | None:
    """Return the record at a place of another one, following tags of alternatives."""
    current: Any = record
    for step in location:
        if isinstance(current, type) and issubclass(current, BaseModel):
            field = current.model_fields.get(str(step))
            current = None if field is None else field.annotation
        elif get_origin(current) in {Union, types.UnionType} and not isinstance(step, int):
            current = next((m for m in get_args(current) if step in _kinds(m)), None)
        else:
            arguments = get_args(current)
            is_mapping = get_origin(current) in {dict, Mapping}
            current = arguments[-1 if is_mapping else 0] if arguments else None
        current = _bare(current)
    return current if isinstance(current, type) and issubclass(current, BaseModel) else None


def _bare(annotation: Any) -> Any:
    """Return an annotation without metadata and without ``| None``."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in {Union, types.UnionType}:
        left = [part for part in get_args(annotation) if part is not type(None)]
        return _bare(left[0]) if len(left) == 1 else annotation
    return annotation


def _kinds(member: Any) -> tuple[Any, ...]:
    field = getattr(member, "model_fields", {}).get("kind")
    return () if field is None else get_args(field.annotation)


def _tags(record: type[BaseModel], location: Location) -> list[str]:
    field = record.model_fields[str(location[0])]
    return [f'"{tag}"' for member in get_args(_bare(field.annotation)) for tag in _kinds(member)]


def _unknown_field(parent: type[BaseModel] | None, name: str) -> str:
    fields = [] if parent is None else list(parent.model_fields)
    close = difflib.get_close_matches(name, fields, n=1)
    if close:
        return f'is no field of this record; did you mean "{close[0]}"?'
    return "is no field of this record; remove it or correct its name."


Sentence = Callable[[str, dict[str, Any], str], str]


def _own_words(value: str, _context: dict[str, Any], message: str) -> str:
    return f"is {value}; {message[:1].lower()}{message[1:]}."


def _must_be(what: str) -> Sentence:
    return lambda value, _context, _message: f"is {value}, but must be {what}."


def _bound(words: str, key: str) -> Sentence:
    return lambda value, context, _message: f"is {value}, but must be {words} {context[key]:.12g}."


def _date(value: str, _context: dict[str, Any], _message: str) -> str:
    return f'is {value}, but must be a date of the calendar such as "2026-03-02".'


def _pattern(value: str, context: dict[str, Any], _message: str) -> str:
    if "[A-Z]" in context["pattern"]:
        return f'is {value}, but must be a qualification with its least level, such as "C/2".'
    if "/" in context["pattern"]:
        return f"is {value}, but must be an id without blanks and slashes."
    return f"is {value}, but must be a code of letters, digits and _ . : + - only."


def _choice(value: str, context: dict[str, Any], _message: str) -> str:
    choices = str(context["expected"]).replace("'", '"')
    return f"is {value}, but must be {choices}."


def _few(_value: str, context: dict[str, Any], _message: str) -> str:
    return (
        f"has {context['actual_length']} entries, but must have at least {context['min_length']}."
    )


def _many(_value: str, context: dict[str, Any], _message: str) -> str:
    return f"has too many entries; at most {context['max_length']} are possible."


def _own_error(value: str, context: dict[str, Any], message: str) -> str:
    what, _, remedy = str(context.get("error", message)).partition("; ")
    return f"is {value}, which {what}; {remedy or 'write a number such as 30 or 7.5'}."


_OBJECT = _must_be("an object { ... }")
_LIST = _must_be("a list [ ... ]")
_WHOLE = _must_be("a whole number, without quotes and decimals")
_TEXT = _must_be("text in quotes")
_BOOL = _must_be("true or false, without quotes")
_FINITE = _must_be("a finite number")

_SENTENCES: dict[str, tuple[FaultCode, Sentence]] = {
    "missing": (FaultCode.MISSING_FIELD, lambda *_: "is missing; add it."),
    "string_type": (FaultCode.WRONG_TYPE, _TEXT),
    "int_type": (FaultCode.WRONG_TYPE, _WHOLE),
    "int_parsing": (FaultCode.WRONG_TYPE, _WHOLE),
    "int_from_float": (FaultCode.WRONG_TYPE, _WHOLE),
    "float_type": (FaultCode.WRONG_TYPE, _must_be("a number, without quotes")),
    "bool_type": (FaultCode.WRONG_TYPE, _BOOL),
    "tuple_type": (FaultCode.WRONG_TYPE, _LIST),
    "dict_type": (FaultCode.WRONG_TYPE, _OBJECT),
    "model_type": (FaultCode.WRONG_TYPE, _OBJECT),
    "model_attributes_type": (FaultCode.WRONG_TYPE, _OBJECT),
    "enum": (FaultCode.WRONG_CHOICE, _choice),
    "literal_error": (FaultCode.WRONG_CHOICE, _choice),
    "too_short": (FaultCode.WRONG_COUNT, _few),
    "too_long": (FaultCode.WRONG_COUNT, _many),
    "greater_than_equal": (FaultCode.OUT_OF_RANGE, _bound("at least", "ge")),
    "less_than_equal": (FaultCode.OUT_OF_RANGE, _bound("at most", "le")),
    "greater_than": (FaultCode.OUT_OF_RANGE, _bound("more than", "gt")),
    "less_than": (FaultCode.OUT_OF_RANGE, _bound("less than", "lt")),
    "int_parsing_size": (FaultCode.OUT_OF_RANGE, _must_be("a smaller number")),
    "finite_number": (FaultCode.NOT_A_NUMBER, _FINITE),
    "string_pattern_mismatch": (FaultCode.BAD_TEXT, _pattern),
    "string_too_short": (FaultCode.BAD_TEXT, lambda *_: "is empty; write at least one character."),
    "string_too_long": (
        FaultCode.BAD_TEXT,
        lambda _v, c, _m: f"is too long; use at most {c['max_length']} characters.",
    ),
    "date_type": (FaultCode.BAD_DATE, _date),
    "date_parsing": (FaultCode.BAD_DATE, _date),
    "date_from_datetime_parsing": (FaultCode.BAD_DATE, _date),
    "date_from_datetime_inexact": (FaultCode.BAD_DATE, _date),
    "value_error": (FaultCode.BAD_CLOCK, _own_error),
    "json_invalid": (FaultCode.BAD_JSON, lambda _v, _c, m: f"is no valid JSON ({m}); mend it."),
}
