"""What an office decides without knowing the need, and would not notice: told as warnings."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.errors import Fault
from optimizer.formats.codes import WarningCode
from optimizer.formats.findings import finding
from optimizer.i18n import say
from optimizer.purchase.admission import Admission

_MOST_NAMED = 5
"Clients or visits that a warning names; the others are counted."


def needs_warnings(admission: Admission) -> tuple[Fault, ...]:
    """Return where need is not known, so that no loss would be shown for it.

    A scenario that `admit` has written holds no records and nothing that is not bought: whoever
    follows care by it sees no loss. Whoever has applied without a record costs nothing.

    Parameters
    ----------
    admission
        Of an office; without one nothing is to be told.
    """
    if admission.office is None:
        return ()
    return tuple(_warnings(admission))


def _warnings(admission: Admission) -> Iterator[Fault]:
    known = _known(admission)
    office = admission.office
    applied = () if office is None else office.applications
    unknown = [one.client for one in applied if one.client not in known]
    if unknown:
        yield _warning("applications", WarningCode.APPLIED_WITHOUT_NEED, unknown)
    if applied and not admission.needs.clients:
        yield finding(
            "applications", WarningCode.NEED_WITHOUT_RECORD, say("fault.need-without-record")
        )
    unpaid = [visit.id for visit in admission.scenario.visits
              if visit.payer is None and _is_refused(admission, visit.client)]  # fmt: skip
    if unpaid:
        yield _warning("payer", WarningCode.VISIT_WITHOUT_PAYER, unpaid)


def clients_without_need(admission: Admission) -> frozenset[str]:
    """Return who has applied and of whom nothing is known: no record, care plan or visit."""
    applied = () if admission.office is None else admission.office.applications
    return frozenset(one.client for one in applied) - _known(admission)


def _known(admission: Admission) -> frozenset[str]:
    recorded = frozenset(one.client for one in admission.needs.clients)
    return recorded | {visit.client for visit in admission.visits}


def _is_refused(admission: Admission, client: str) -> bool:
    found = admission.found[client]
    return found.category is None or found.is_waiting


def _warning(place: str, code: WarningCode, ids: list[str]) -> Fault:
    named, more = tuple(ids[:_MOST_NAMED]), len(ids) - _MOST_NAMED
    message = say(f"fault.{code}", count=len(ids), named=named)
    if more > 0:
        message = say(f"fault.{code}.more", count=len(ids), named=named, more=more)
    return finding(place, code, message)
