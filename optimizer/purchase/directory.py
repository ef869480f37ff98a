"""The test of organisations on a day: who may be given clients, who keeps them, who may not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from optimizer.domain.allocation import AllocationPolicy, Body, Halt, HaltKind, Licence
from optimizer.domain.contract import Contract
from optimizer.domain.contractor import Contractor, ContractorKind, CreditList
from optimizer.domain.office import Office
from optimizer.domain.scenario import Scenario

STALE_AFTER = 90
"Days after which what is known has to be looked up again."
SOON = 60
"Days before an end at which the office is warned."
GRADE_YEARS = 5
"So long a grade holds."
_BARRING = frozenset(
    {
        CreditList.SERIOUS,
        CreditList.ELDER_CARE,
        CreditList.DEBTOR,
        CreditList.PROCUREMENT_BAN,
    }
)


class DirectoryStatus(StrEnum):
    """What an organisation may do on a day, the best first."""

    OPEN = "open"
    NO_NEW = "no_new"
    EXIT = "exit"


class DirectoryFinding(StrEnum):
    """What the test has found of an organisation; the first two kinds decide its status."""

    NOT_REGISTERED = "not_registered"
    PERMIT_EXPIRED = "permit_expired"
    EXCLUDED = "excluded"
    NOT_LISTED = "not_listed"
    SUSPENDED = "suspended"
    NO_CONTRACT = "no_contract"
    NOT_IN_CATALOGUE = "not_in_catalogue"
    EXPIRES_SOON = "expires_soon"
    STALE = "stale"
    REWARD = "reward"


STATUS_OF: Mapping[DirectoryFinding, DirectoryStatus] = {
    DirectoryFinding.NOT_REGISTERED: DirectoryStatus.EXIT,
    DirectoryFinding.PERMIT_EXPIRED: DirectoryStatus.EXIT,
    DirectoryFinding.EXCLUDED: DirectoryStatus.EXIT,
    DirectoryFinding.NOT_LISTED: DirectoryStatus.NO_NEW,
    DirectoryFinding.SUSPENDED: DirectoryStatus.NO_NEW,
}
"What a finding makes of an organisation; the others are told and change nothing."


@dataclass(frozen=True, slots=True)
class Noted:
    """One finding.

    Attributes
    ----------
    finding
        What it is.
    what
        The list, permit, contract or service that it is about; empty of the organisation itself.
    until
        The day on which something ends or has ended, where there is one.
    """

    finding: DirectoryFinding
    what: str = ""
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """One organisation on the day.

    Attributes
    ----------
    organisation, contractor
        Its id, and its entry in the directory; None without one.
    status
        What it may do.
    grade
        Its grade, as long as it holds; None otherwise.
    in_catalogue
        Whether it stands in the catalogue of qualified bodies on that day.
    contracts
        Contracts in force on the day.
    noted
        What was found, the gravest first.
    """

    organisation: str
    contractor: Contractor | None
    status: DirectoryStatus
    grade: int | None
    in_catalogue: bool
    contracts: tuple[Contract, ...]
    noted: tuple[Noted, ...]


def examine(office: Office, scenario: Scenario, day: dt.date) -> tuple[Examined, ...]:
    """Test all organisations of a scenario on a day, in the order of the scenario.

    Grade and reward are told: they count at admission, never in the rotation.

    Parameters
    ----------
    office
        Directory and catalogue of services bought.
    scenario
        Organisations and their contracts.
    day
        The day of the test.
    """
    entry = {one.organisation: one for one in office.contractors}
    return tuple(
        _examined(
            office,
            organisation.id,
            entry.get(organisation.id),
            [
                one
                for one in scenario.contracts
                if one.organisation == organisation.id and one.start <= day <= one.end
            ],
            day,
        )
        for organisation in scenario.organisations
    )


def _examined(
    office: Office,
    organisation: str,
    contractor: Contractor | None,
    contracts: Sequence[Contract],
    day: dt.date,
) -> Examined:
    noted = [*_of_contracts(office, contracts, day)]
    grade, in_catalogue = None, False
    if contractor is None:
        noted.append(Noted(DirectoryFinding.NOT_LISTED))
    else:
        noted += _of_contractor(contractor, day)
        in_catalogue = contractor.listed_until is not None and day <= contractor.listed_until
        ends = grade_ends(contractor)
        grade = contractor.grade.level if contractor.grade and ends and day <= ends else None
    order = {finding: place for place, finding in enumerate(DirectoryFinding)}
    noted.sort(key=lambda one: (order[one.finding], one.until or dt.date.max, one.what))
    statuses = [STATUS_OF[one.finding] for one in noted if one.finding in STATUS_OF]
    ranks = {status: place for place, status in enumerate(DirectoryStatus)}
    return Examined(
        organisation=organisation,
        contractor=contractor,
        status=max(statuses, key=lambda status: ranks[status], default=DirectoryStatus.OPEN),
        grade=grade,
        in_catalogue=in_catalogue,
        contracts=tuple(contracts),
        noted=tuple(noted),
    )


def grade_ends(contractor: Contractor) -> dt.date | None:
    """Return the last day on which a grade holds: five years after it was granted."""
    if contractor.grade is None:
        return None
    return years_after(contractor.grade.granted_on, GRADE_YEARS) - dt.timedelta(days=1)


def years_after(day: dt.date, years: int) -> dt.date:
    """Return the same day so many years later; of 29 February the 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)


def _of_contractor(contractor: Contractor, day: dt.date) -> Iterator[Noted]:
    is_filed = contractor.kind is ContractorKind.FILED_BODY
    registered = contractor.registered_on
    if is_filed or registered is None or registered > day:
        yield Noted(DirectoryFinding.NOT_REGISTERED, "", None if is_filed else registered)
    valid = [one for one in contractor.permits if one.start <= day <= one.end]
    if contractor.permits and not valid:
        last = max(contractor.permits, key=lambda one: one.end)
        yield Noted(DirectoryFinding.PERMIT_EXPIRED, last.code, last.end)
    for entry in contractor.credit:
        if entry.start <= day and (entry.end is None or day <= entry.end):
            yield Noted(_finding_of(entry.list), entry.list, entry.end)
    for halt in contractor.halts:
        if halt.start <= day and (halt.end is None or day <= halt.end):
            finding = DirectoryFinding(halt.kind)
            yield Noted(finding, "", halt.end)
    for permit in valid:
        yield from _soon(permit.code, permit.end, day)
    yield from _soon("catalogue C", contractor.listed_until, day)
    ends = grade_ends(contractor)
    if contractor.grade is not None:
        yield from _soon(f"{contractor.grade.level}A", ends, day)
    if (day - contractor.checked_on).days > STALE_AFTER:
        yield Noted(DirectoryFinding.STALE, "", contractor.checked_on)


def _finding_of(credit: CreditList) -> DirectoryFinding:
    if credit in _BARRING:
        return DirectoryFinding.EXCLUDED
    if credit is CreditList.ABNORMAL:
        return DirectoryFinding.SUSPENDED
    return DirectoryFinding.REWARD


def _soon(what: str, end: dt.date | None, day: dt.date) -> Iterator[Noted]:
    if end is not None and 0 <= (end - day).days <= SOON:
        yield Noted(DirectoryFinding.EXPIRES_SOON, what, end)


def _of_contracts(office: Office, contracts: Sequence[Contract], day: dt.date) -> Iterator[Noted]:
    if not contracts:
        yield Noted(DirectoryFinding.NO_CONTRACT)
    bought = {
        service
        for entry in office.bought_services
        if entry.start <= day and (entry.end is None or day <= entry.end)
        for service in entry.services
    }
    for contract in contracts:
        yield from _soon(contract.id, contract.end, day)
        for service in contract.services if office.bought_services else ():
            if service not in bought:
                yield Noted(DirectoryFinding.NOT_IN_CATALOGUE, f"{contract.id} {service}")


def with_directory(policy: AllocationPolicy, office: Office) -> AllocationPolicy:
    """Return rules of allocation with what the directory says against organisations.

    Shares, capacity and place stay those of the rules; permits and halts of the directory come on
    top, so that an allocation on any day tests them.

    Parameters
    ----------
    policy
        The rules.
    office
        The directory.
    """
    known = {body.organisation: body for body in policy.bodies}
    for contractor in office.contractors:
        body = known.get(contractor.organisation, Body(organisation=contractor.organisation))
        known[contractor.organisation] = body.model_copy(
            update={
                "licences": (*body.licences, *_licences(contractor)),
                "halts": (*body.halts, *_halts(contractor)),
            }
        )
    return policy.model_copy(update={"bodies": tuple(known.values())})


def _licences(contractor: Contractor) -> Iterator[Licence]:
    for permit in contractor.permits:
        yield Licence(services=permit.services, start=permit.start, end=permit.end)


def _halts(contractor: Contractor) -> Iterator[Halt]:
    yield from contractor.halts
    first = contractor.registered_on
    if contractor.kind is ContractorKind.FILED_BODY or first is None:
        yield Halt(kind=HaltKind.EXCLUDED, start=dt.date.min)
    else:
        yield Halt(kind=HaltKind.EXCLUDED, start=dt.date.min, end=first - dt.timedelta(days=1))
    for entry in contractor.credit:
        finding = _finding_of(entry.list)
        if finding in STATUS_OF:
            yield Halt(kind=HaltKind(finding), start=entry.start, end=entry.end)
