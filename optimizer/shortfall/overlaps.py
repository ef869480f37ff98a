"""Edits and shocks of one arm that say the same twice, or cannot both be so."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.domain.edit import (
    AddOrganisation,
    CaregiversAway,
    ClosedTown,
    DropOrganisation,
    Edit,
    ExtraVisits,
    ServicesOff,
)
from optimizer.domain.record import Record
from optimizer.domain.shock import SHOCKS, Shock
from optimizer.domain.study import Arm
from optimizer.errors import Fault
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.i18n import say
from optimizer.shortfall.shocks import edits_of

NAMES = ("organisation", "town", "origin", "qualification", "payer", "category", "mode", "rule",
         "contract", "service", "was", "like")  # fmt: skip
"Fields that say what an edit or a shock is about; the others say how much."

AT_MOST_ONCE = (DropOrganisation, ClosedTown)
"Edits of which no two are about the same, whichever shock brings the second."


def subject(record: Record) -> tuple[object, ...]:
    """Return what no two edits, and no two shocks, of an arm may both say."""
    if isinstance(record, AddOrganisation):
        return ("add_organisation", record.organisation.id)
    named = tuple(getattr(record, name, None) for name in NAMES)
    return (getattr(record, "kind", None), *named, getattr(record, "of", None))


def repeated(arm: Arm, place: str) -> Iterator[Fault]:
    """Yield edits and shocks that say the same as an earlier one of their arm."""
    seen: dict[tuple[object, ...], str] = {}
    for where, record in _listed(arm, place):
        keys = {subject(record)}
        if not isinstance(record, AT_MOST_ONCE):
            keys |= {subject(one) for one in _meant(record) if isinstance(one, AT_MOST_ONCE)}
        other = next((seen[key] for key in sorted(keys, key=str) if key in seen), None)
        if other is not None:
            message = say("fault.edit-repeated", other=other)
            yield finding(where, FaultCode.EDIT_REPEATED, message)
        for key in keys:
            seen.setdefault(key, where)


def contradictions(arm: Arm, place: str) -> Iterator[Fault]:
    """Yield edits and shocks that cannot be so beside an earlier or later one of their arm."""
    every = [(where, edit) for where, record in _listed(arm, place) for edit in _meant(record)]
    for number, (where, edit) in enumerate(every):
        for other, earlier in every[:number]:
            if other != where and (_exclude(edit, earlier) or _exclude(earlier, edit)):
                message = say("fault.edits-contradict", other=other)
                yield finding(where, FaultCode.EDITS_CONTRADICT, message)
                break


def _listed(arm: Arm, place: str) -> Iterator[tuple[str, Edit | Shock]]:
    for number, edit in enumerate(arm.edits):
        yield f"{place}.edits[{number}]", edit
    for number, shock in enumerate(arm.shocks):
        yield f"{place}.shocks[{number}]", shock


def _meant(record: Edit | Shock) -> tuple[Edit, ...]:
    """Return the edits that an edit or a shock stands for."""
    if isinstance(record, SHOCKS):
        return edits_of(record)  # type: ignore[arg-type]
    return (record,)  # type: ignore[return-value]


def _exclude(one: Edit, other: Edit) -> bool:
    """Return whether one edit leaves nothing of what the other one is about."""
    if isinstance(one, DropOrganisation):
        of = getattr(other, "of", None)
        named = {getattr(other, "organisation", None), getattr(of, "organisation", None)}
        if isinstance(other, AddOrganisation):
            named = {other.organisation.id}
        return one.organisation in named and not isinstance(other, DropOrganisation)
    if isinstance(one, ServicesOff) and isinstance(other, ExtraVisits):
        return other.service in one.services
    if isinstance(one, CaregiversAway) and isinstance(other, CaregiversAway):
        shares = one.percent is not None and other.percent is not None
        return shares and one.of.origin is not None and one.of.origin == other.of.origin
    return False
