"""The directory of an office: known organisations, codes that check, dates that can be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from optimizer.domain.contractor import Contractor, ContractorKind
from optimizer.domain.office import Office
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.checks.repeats import repeated
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.i18n import say

YEARS_BEFORE_GRADE = 2
"So long an organisation has been registered before it is graded (Order 39 of 2010, art. 6)."
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_MODULUS = 31


def check_directory(office: Office, scenario: Scenario) -> Iterator[Fault]:
    """Yield what is wrong with the directory and the catalogue of an office."""
    known = {one.id for one in scenario.organisations}
    yield from repeated("contractors", (one.organisation for one in office.contractors))
    for n, one in enumerate(office.contractors):
        place = f"contractors[{n}]"
        if one.organisation not in known:
            message = say("fault.unknown-organisation", name=one.organisation)
            yield finding(f"{place}.organisation", FaultCode.UNKNOWN_ORGANISATION, message)
        yield from _code(place, one)
        yield from _grade(place, one)
        for k, permit in enumerate(one.permits):
            yield from _reversed(f"{place}.permits[{k}].end", permit.start, permit.end)
        for k, entry in enumerate(one.credit):
            yield from _reversed(f"{place}.credit[{k}].end", entry.start, entry.end)
        for k, halt in enumerate(one.halts):
            yield from _reversed(f"{place}.halts[{k}].end", halt.start, halt.end)
    yield from repeated("bought_services", (one.code for one in office.bought_services))
    for n, bought in enumerate(office.bought_services):
        yield from _reversed(f"bought_services[{n}].end", bought.start, bought.end)


def _code(place: str, one: Contractor) -> Iterator[Fault]:
    is_filed = one.kind is ContractorKind.FILED_BODY
    if one.uscc is None and not is_filed:
        message = say("fault.missing-field.uscc")
        yield finding(f"{place}.uscc", FaultCode.MISSING_FIELD, message)
    elif one.uscc is not None and not checks(one.uscc):
        message = say("fault.check-sign-wrong", code=one.uscc)
        yield finding(f"{place}.uscc", FaultCode.CHECK_SIGN_WRONG, message)


def checks(code: str) -> bool:
    """Return whether the last sign of a unified social credit code fits the others.

    Parameters
    ----------
    code
        18 signs of the code's alphabet.

    References
    ----------
    GB 32100-2015, Coding rule of the unified social credit identifier, section 5.
    """
    total = sum(
        _SIGNS.index(sign) * pow(3, place, _MODULUS) for place, sign in enumerate(code[:-1])
    )
    return _SIGNS[-total % _MODULUS] == code[-1]


def _grade(place: str, one: Contractor) -> Iterator[Fault]:
    """Yield a grade that was given too early after the registration."""
    if one.grade is None or one.registered_on is None:
        return
    begun = one.registered_on
    earliest = begun.replace(year=begun.year + YEARS_BEFORE_GRADE, day=min(begun.day, 28))
    if one.grade.granted_on < earliest:
        message = say("fault.graded-too-early", registered=one.registered_on)
        yield finding(f"{place}.grade.granted_on", FaultCode.GRADED_TOO_EARLY, message)


def _reversed(place: str, start: dt.date, end: dt.date | None) -> Iterator[Fault]:
    if end is not None and end < start:
        message = say("fault.period-reversed", start=start, end=end)
        yield finding(place, FaultCode.PERIOD_REVERSED, message)
