"""One document against its record: every missing, unknown or mistyped field, in words."""

from __future__ import annotations

import difflib
import re
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from optimizer.domain.record import Record
from optimizer.formats.codes import FaultCode
from optimizer.formats.document import (
    FREE_KEYS,
    Located,
    Location,
    RawDocument,
    excerpt,
    first,
)
from optimizer.formats.excerpts import beginnings
from optimizer.formats.findings import PRIVATE
from optimizer.i18n import Sentence, either, say
from optimizer.units import parse_clock

MOST_IN_TRAVEL = 20
"Faulty entries of matrices that are named one by one; of a million, the others are counted."

FEW_VALUES = 2_000
"Values of a document that is looked at as a whole at once; its faults are soon made."
MOST_DETAILS = 5_000
"Faults of fields that are looked at where reading stops early; of more, only a beginning is."
LONGEST_NAME = 80
"Signs of a field's name for which a similar one is looked for."

HIDDEN = "fault.hidden"

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
        checked = _checked(record, raw)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        found = (
            _translate(record, raw.content, detail)
            for detail in details
            if not _is_echo(raw.content, detail)
        )
        return None, _discreet(record, _merged(raw.faults, list(first(found, raw.most))))
    return checked, _discreet(record, raw.faults)


def _checked(record: type[_R], raw: RawDocument) -> _R:
    """Return the record in a document.

    Where reading stops early, the beginnings of a long document are looked at first, and alone
    where there are very many faults: to make two million of them takes seconds and gigabytes.

    Raises
    ------
    ValidationError
        If there are faults.
    """
    if raw.most is None:
        return record.model_validate_json(raw.text, strict=True)
    if raw.text.count(",") < FEW_VALUES:
        with suppress(ValidationError):
            return record.model_validate_json(raw.text, strict=True)
    parts = beginnings(raw.content, names=_all_names(record), least=raw.most)
    try:
        record.model_validate_json(next(parts, raw.text), strict=True)
    except ValidationError as error:
        if error.error_count() > raw.most:
            raise
    try:
        return record.model_validate_json(raw.text, strict=True)
    except ValidationError as error:
        if error.error_count() > MOST_DETAILS:
            for part in parts:
                record.model_validate_json(part, strict=True)
        raise


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
            message = say("fault.unknown-field.unnamed")
            near = None if parent is None else _near(parent, step)
            if near is not None:
                message = say("fault.unknown-field.unnamed-near", near=near)
            return Located(before, FaultCode.UNKNOWN_FIELD, message)
    return fault


def _shown(location: Location, value: Any) -> object:
    """Return the excerpt of a value, or words instead of it where it is nobody's business."""
    return say(HIDDEN) if PRIVATE in location or _is_telling(value) else excerpt(value)


def _is_telling(value: Any) -> bool:
    if isinstance(value, dict):
        return not _TELLING.isdisjoint(value) or any(map(_is_telling, value.values()))
    return isinstance(value, list) and any(map(_is_telling, value))


@cache
def clock_fields(record: type[BaseModel]) -> frozenset[str]:
    """Return the names of all fields of a record, and of those inside, that hold clocks."""
    return frozenset(
        name
        for name, field in _all_fields(record)
        if any(
            isinstance(each, BeforeValidator) and each.func is parse_clock
            for each in (*field.metadata, *_parts(field.annotation))
        )
    )


@cache
def _all_names(record: type[BaseModel]) -> frozenset[str]:
    return frozenset(name for name, _ in _all_fields(record))


def _all_fields(record: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    """Yield every field of a record and of those inside, by name."""
    seen: set[type[BaseModel]] = set()
    waiting = [record]
    while waiting:
        model = waiting.pop()
        if model in seen:
            continue
        seen.add(model)
        yield from model.model_fields.items()
        for field in model.model_fields.values():
            parts = _parts(field.annotation)
            waiting += [p for p in parts if isinstance(p, type) and issubclass(p, BaseModel)]


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
        message = say("fault.bad-value.more", count=in_travel - MOST_IN_TRAVEL)
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
        message = say("fault.wrong-choice.kind", tags=either(_tags(record, location)))
        return Located((*location, "kind"), FaultCode.WRONG_CHOICE, message)
    code, sentence = _SENTENCES.get(kind, (FaultCode.BAD_VALUE, _own_words))
    message = sentence(_shown(location, value), dict(detail.get("ctx") or {}), detail["msg"])
    if kind == "value_error" and "minutes" in str(detail.get("ctx", {}).get("error")):
        code = FaultCode.BAD_MINUTES
    elif kind == "value_error" and isinstance(value, dict):
        code = FaultCode.BAD_TEST
    if kind == "less_than_equal" and location[-1:] == ("lat",):
        message = say("fault.out-of-range.swapped", value=value, limit=_limit(detail, "le"))
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
    """Return the kinds that a record at a place may be of."""
    *before, _ = [step for step in location if not isinstance(step, int)] or [""]
    names = [step for step in location if isinstance(step, str)]
    parent = _record_at(record, location[: location.index(names[-1])]) if before else record
    field = None if parent is None else parent.model_fields.get(names[-1])
    parts = () if field is None else tuple(_parts(field.annotation))
    return list(dict.fromkeys(tag for part in parts for tag in _kinds(part)))


def _unknown_field(parent: type[BaseModel] | None, name: str) -> Sentence:
    near = None if parent is None else _near(parent, name)
    if near is not None:
        return say("fault.unknown-field.near", near=near)
    return say("fault.unknown-field")


def _near(parent: type[BaseModel], name: str) -> str | None:
    """Return the field of a record whose name is nearest, if one is near."""
    if len(name) > LONGEST_NAME:
        return None
    close = difflib.get_close_matches(name, list(parent.model_fields), n=1)
    return close[0] if close else None


Saying = Callable[[object, dict[str, Any], str], Sentence]
"From the value as it is shown, what the record checker knows, and its own words."


def _plain(key: str) -> Saying:
    return lambda _value, _context, _message: say(key)


def _must_be(what: str) -> Saying:
    return lambda value, _context, _message: say(
        "fault.must-be", value=value, wanted=say(f"fault.must-be.{what}")
    )


def _bound(words: str, key: str) -> Saying:
    return lambda value, context, _message: say(
        f"fault.out-of-range.{words}", value=value, limit=f"{context[key]:.12g}"
    )


def _limit(detail: ErrorDetails, key: str) -> str:
    return f"{detail.get('ctx', {})[key]:.12g}"


def _own_words(value: object, _context: dict[str, Any], message: str) -> Sentence:
    return say("fault.bad-value", value=value, why=message[:1].lower() + message[1:])


def _pattern(value: object, context: dict[str, Any], message: str) -> Sentence:
    if "[A-Z]" in context["pattern"]:
        return _must_be("qualification")(value, context, message)
    if "/" in context["pattern"]:
        return _must_be("id")(value, context, message)
    return _must_be("code")(value, context, message)


def _choice(value: object, context: dict[str, Any], _message: str) -> Sentence:
    choices = re.findall(r"'([^']*)'", str(context["expected"]))
    return say("fault.must-be", value=value, wanted=either(choices))


def _few(_value: object, context: dict[str, Any], _message: str) -> Sentence:
    return say("fault.wrong-count.few", count=context["actual_length"], least=context["min_length"])


def _many(_value: object, context: dict[str, Any], _message: str) -> Sentence:
    return say("fault.wrong-count.many", most=context["max_length"])


def _short(_value: object, context: dict[str, Any], _message: str) -> Sentence:
    least = context["min_length"]
    return say("fault.bad-text.empty") if least == 1 else say("fault.bad-text.short", least=least)


def _long(_value: object, context: dict[str, Any], _message: str) -> Sentence:
    return say("fault.bad-text.long", most=context["max_length"])


def _own_error(value: object, context: dict[str, Any], message: str) -> Sentence:
    """Return a record's own objection, by its words; records speak English only."""
    words = str(context.get("error", message))
    several = _ASKS.fullmatch(words)
    if several is not None:
        count, kinds = several.groups()
        return say("fault.bad-test", value=value, count=int(count), kinds=kinds)
    for beginning, key in _OBJECTIONS.items():
        if words.startswith(beginning):
            return say(key, value=value)
    what, _, remedy = words.partition("; ")
    return say("fault.own-error", value=value, what=what, remedy=remedy or "correct it")


_ASKS = re.compile(r"asks (\d+) things; a test names one of (.*)")
_OBJECTIONS = {
    "is not a clock time": "fault.bad-clock.form",
    "lies outside its day": "fault.bad-clock.outside",
    "is not a number of minutes from": "fault.bad-minutes.range",
    "is not a number of minutes": "fault.bad-minutes.form",
    "asks for no score": "fault.bad-test.no-score",
}
"Beginnings of what records object to, and how it is said."

_OBJECT = _must_be("object")
_WHOLE = _must_be("whole")
_DATE = _must_be("date")

_SENTENCES: dict[str, tuple[FaultCode, Saying]] = {
    "missing": (FaultCode.MISSING_FIELD, _plain("fault.missing-field")),
    "string_type": (FaultCode.WRONG_TYPE, _must_be("text")),
    "int_type": (FaultCode.WRONG_TYPE, _WHOLE),
    "int_parsing": (FaultCode.WRONG_TYPE, _WHOLE),
    "int_from_float": (FaultCode.WRONG_TYPE, _WHOLE),
    "float_type": (FaultCode.WRONG_TYPE, _must_be("number")),
    "bool_type": (FaultCode.WRONG_TYPE, _must_be("bool")),
    "tuple_type": (FaultCode.WRONG_TYPE, _must_be("list")),
    "dict_type": (FaultCode.WRONG_TYPE, _OBJECT),
    "model_type": (FaultCode.WRONG_TYPE, _OBJECT),
    "model_attributes_type": (FaultCode.WRONG_TYPE, _OBJECT),
    "enum": (FaultCode.WRONG_CHOICE, _choice),
    "literal_error": (FaultCode.WRONG_CHOICE, _choice),
    "too_short": (FaultCode.WRONG_COUNT, _few),
    "too_long": (FaultCode.WRONG_COUNT, _many),
    "greater_than_equal": (FaultCode.OUT_OF_RANGE, _bound("least", "ge")),
    "less_than_equal": (FaultCode.OUT_OF_RANGE, _bound("most", "le")),
    "greater_than": (FaultCode.OUT_OF_RANGE, _bound("more", "gt")),
    "less_than": (FaultCode.OUT_OF_RANGE, _bound("less", "lt")),
    "int_parsing_size": (FaultCode.OUT_OF_RANGE, _must_be("smaller")),
    "finite_number": (FaultCode.NOT_A_NUMBER, _must_be("finite")),
    "string_pattern_mismatch": (FaultCode.BAD_TEXT, _pattern),
    "string_too_short": (FaultCode.BAD_TEXT, _short),
    "string_too_long": (FaultCode.BAD_TEXT, _long),
    "date_type": (FaultCode.BAD_DATE, _DATE),
    "date_parsing": (FaultCode.BAD_DATE, _DATE),
    "date_from_datetime_parsing": (FaultCode.BAD_DATE, _DATE),
    "date_from_datetime_inexact": (FaultCode.BAD_DATE, _DATE),
    "value_error": (FaultCode.BAD_CLOCK, _own_error),
    "json_invalid": (
        FaultCode.BAD_JSON,
        lambda _value, _context, message: say("fault.bad-json.record", why=message),
    ),
}
