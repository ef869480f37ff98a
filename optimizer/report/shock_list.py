"""All shocks and assumptions with their parameters: values, ranges, and who answers for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo
from rich.table import Table

from optimizer.domain.assumption import Assumptions
from optimizer.domain.basis import Basis
from optimizer.domain.record import Record
from optimizer.domain.shock import SHOCKS
from optimizer.i18n import Lang, sentence
from optimizer.report.wording import MINUS
from optimizer.units import format_clock, parse_clock

_COLUMNS = ("parameter", "default", "range", "unit", "meaning", "basis")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a shock, or one assumption, in words.

    Attributes
    ----------
    name
        As it is written in a file.
    default, span
        Its usual value and its limits; no limits where it is a code.
    known
        Between which it usually lies; empty where it is chosen and not assumed.
    unit, meaning
        What it counts, and of what.
    basis
        Where the usual value comes from, or who answers for it.
    """

    name: str
    default: str
    span: str
    unit: str
    meaning: str
    basis: str
    known: str


def parameters_of(lang: Lang, record: type[Record], stem: str) -> Iterator[Parameter]:
    """Yield the parameters of a shock, or all assumptions.

    Parameters
    ----------
    lang
        Language of the words.
    record
        The record whose fields they are.
    stem
        Beginning of the keys of their meanings.
    """
    for name, field in record.model_fields.items():
        basis = next((one for one in field.metadata if isinstance(one, Basis)), None)
        if basis is None:
            continue
        yield Parameter(
            name=name,
            default=_default(lang, field),
            span=_span(lang, field),
            unit=sentence(lang, f"unit.{basis.unit.value}"),
            meaning=sentence(lang, f"{stem}.{name}"),
            basis=basis_words(lang, basis),
            known=_known(lang, basis),
        )


def basis_words(lang: Lang, basis: Basis) -> str:
    """Return the source of a number, or who answers for it where it is assumed."""
    if basis.source is not None:
        return sentence(lang, f"source.{basis.source.value}")
    owner = sentence(lang, f"owner.{basis.owner.value}")
    return sentence(lang, "shock.assumed", owner=owner)


def assumption_words(lang: Lang, of: str) -> str:
    """Return what an assumption, or a parameter of a shock, means; as a range names it."""
    kind, dot, _ = of.partition(".")
    if not dot:
        return sentence(lang, f"assumption.{of}")
    what = sentence(lang, f"shock.{kind}")
    return sentence(lang, "list.in_brackets", what=sentence(lang, f"shock.{of}"), more=what)


def range_words(lang: Lang, low: float, high: float) -> str:
    """Return a range in words, such as "1 to 6"."""
    ends = {name: f"{end:g}".replace("-", MINUS) for name, end in (("low", low), ("high", high))}
    return sentence(lang, "study.range", **ends)


def _known(lang: Lang, basis: Basis) -> str:
    if basis.low is None or basis.high is None:
        return ""
    return range_words(lang, basis.low, basis.high)


def kind_of(shock: type[Record]) -> str:
    """Return the name by which a file asks for a shock."""
    return str(get_args(shock.model_fields["kind"].annotation)[0])


def shock_rows(lang: Lang) -> Iterator[dict[str, Any]]:
    """Yield each shock as plain data, for programs."""
    for shock in SHOCKS:
        kind = kind_of(shock)
        yield {
            "kind": kind,
            "name": sentence(lang, f"shock.{kind}"),
            "what": sentence(lang, f"shock.{kind}.what"),
            "parameters": [
                {one: getattr(each, one) for one in Parameter.__slots__}
                for each in parameters_of(lang, shock, f"shock.{kind}")
            ],
        }


def shock_table(lang: Lang) -> Table:
    """Return all shocks with their parameters."""
    table = Table(show_lines=False)
    table.add_column(sentence(lang, "shock.column.shock"))
    for name in _COLUMNS:
        table.add_column(sentence(lang, f"shock.column.{name}"), overflow="fold")
    for shock in SHOCKS:
        kind = kind_of(shock)
        title = f"{kind}\n{sentence(lang, f'shock.{kind}')}"
        rows = list(parameters_of(lang, shock, f"shock.{kind}"))
        for number, one in enumerate(rows):
            head = title if number == 0 else ""
            table.add_row(head, *_cells(lang, one))
        if not rows:
            table.add_row(title, *[sentence(lang, "shock.none")] * len(_COLUMNS))
        table.add_section()
    return table


def assumption_table(lang: Lang) -> Table:
    """Return all assumptions of chance."""
    table = Table(title=sentence(lang, "study.assumptions"))
    for name in _COLUMNS:
        table.add_column(sentence(lang, f"shock.column.{name}"), overflow="fold")
    for one in parameters_of(lang, Assumptions, "assumption"):
        table.add_row(*_cells(lang, one))
    return table


def _cells(lang: Lang, one: Parameter) -> tuple[str, ...]:
    usually = one.default
    if one.known:
        usually = sentence(lang, "list.in_brackets", what=usually, more=one.known)
    return one.name, usually, one.span, one.unit, one.meaning, one.basis


def _default(lang: Lang, field: FieldInfo) -> str:
    if field.is_required():
        return sentence(lang, "shock.required")
    value = field.default
    if value is None:
        return sentence(lang, "shock.none")
    if _is_clock(field):
        return format_clock(value)
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value.value if isinstance(value, Enum) else value)


def _is_clock(field: FieldInfo) -> bool:
    return any(getattr(one, "func", None) is parse_clock for one in field.metadata)


def _span(lang: Lang, field: FieldInfo) -> str:
    """Return a range in words; of a closed list all that may be written."""
    choices = _choices(field.annotation)
    if choices:
        return ", ".join(choices)
    limits = {
        name: _plain(getattr(one, name))
        for one in field.metadata
        for name in ("ge", "gt", "le", "lt")
        if hasattr(one, name)
    }
    least = limits.get("ge", f"> {limits['gt']}" if "gt" in limits else None)
    most = limits.get("le", f"< {limits['lt']}" if "lt" in limits else None)
    if least is None or most is None:
        return ""
    return sentence(lang, "shock.range", least=least, most=most)


def _choices(annotation: Any) -> tuple[str, ...]:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return tuple(str(one.value) for one in annotation)
    if get_origin(annotation) is Literal:
        return tuple(map(str, get_args(annotation)))
    return tuple(each for one in get_args(annotation) for each in _choices(one))


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)
