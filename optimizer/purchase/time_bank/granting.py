"""What a time bank writes for the engine: entitlements, visits of orders, volunteers who may go.

A volunteer on whose days all safeguards hold is given a qualification, which every visit of the
time bank asks for and nothing else does: so the engine matches volunteers with the rules it has,
and their insurance is its last day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from optimizer.domain.caregiver import Caregiver, Qualification
from optimizer.domain.client import Client, Entitlement, EntitlementUnit, Period
from optimizer.domain.policy import Priority
from optimizer.domain.scenario import Scenario
from optimizer.domain.time_bank import (
    PAYER,
    QUALIFICATION,
    AccountKind,
    BankAccount,
    BankOrder,
    BankRules,
    TimeBank,
)
from optimizer.domain.visit import CarerNeed, Pin, Requirement, Visit
from optimizer.purchase.time_bank.balances import Books, open_books
from optimizer.purchase.time_bank.orders import OPEN, cost_of, reserved, state_of
from optimizer.units import MS_PER_DAY


class Safeguard(StrEnum):
    """Why a volunteer makes no visits of the time bank."""

    NOT_A_VOLUNTEER = "not_a_volunteer"
    TOO_YOUNG = "too_young"
    NOT_TRAINED = "not_trained"
    NOT_CHECKED = "not_checked"
    NOT_ACCOMPANIED = "not_accompanied"
    NOT_INSURED = "not_insured"


class Unfunded(StrEnum):
    """Why an order becomes no visit."""

    TOO_YOUNG = "too_young"
    NO_MINUTES = "no_minutes"
    NO_CLIENT = "no_client"


@dataclass(frozen=True)
class Granted:
    """A scenario with what the time bank gives.

    Attributes
    ----------
    scenario
        With entitlements, visits and qualifications.
    caps
        Minutes granted, by client.
    visits
        Ids of orders that have become visits.
    unfunded
        Orders that have not, and why.
    kept_back
        Volunteers without the qualification, by account, and what is missing.
    """

    scenario: Scenario
    caps: Mapping[str, int]
    visits: tuple[str, ...]
    unfunded: Mapping[str, Unfunded]
    kept_back: Mapping[str, tuple[Safeguard, ...]]


def grant(bank: TimeBank, scenario: Scenario, day: dt.date) -> Granted:
    """Return a scenario in which members may be served for their minutes.

    Funded care is never touched: the entitlement has a payer of its own, and only orders of
    members are visits of this payer.

    Parameters
    ----------
    bank
        A time bank without faults whose accounts name clients and volunteers of the scenario.
    scenario
        What is planned, without health records.
    day
        Silence about orders that are done counts until this day.
    """
    books, _ = open_books(bank)
    clients = {one.id: one for one in scenario.clients}
    of_account = {one.id: one for one in bank.accounts}
    dates = set(scenario.horizon.dates())
    asked = [
        one
        for one in sorted(bank.orders, key=lambda one: (one.posted_on, one.id))
        if one.date in dates and state_of(one, books, day) in OPEN
    ]
    free = _free(books, bank, [one.id for one in asked], day)
    unfunded: dict[str, Unfunded] = {}
    funded: list[BankOrder] = []
    extra: dict[str, int] = {}
    for order in asked:
        member = of_account[order.member]
        if member.client not in clients:
            unfunded[order.id] = Unfunded.NO_CLIENT
        elif not books.may_spend(order.member):
            unfunded[order.id] = Unfunded.TOO_YOUNG
        elif not _takes(order, member, free, extra, books):
            unfunded[order.id] = Unfunded.NO_MINUTES
        else:
            funded.append(order)
    ids = [one.id for one in asked]
    caps = {
        one.client: max(0, books.spendable(one.id) - reserved(one.id, books, day, without=ids))
        + extra.get(one.id, 0)
        for one in bank.accounts
        if one.kind is AccountKind.MEMBER and one.client in clients and one.client is not None
    }
    kept_back = {
        one.id: missing
        for one in bank.accounts
        if one.caregiver is not None
        and (missing := tuple(safeguards(one, _person(scenario, one), bank.rules, min(dates))))
    }
    caregivers = {one.caregiver: one for one in bank.accounts if one.id not in kept_back}
    changed = scenario.model_copy(
        update={
            "clients": tuple(
                _with_credit(one, caps[one.id], bank.rules) if one.id in caps else one
                for one in scenario.clients
            ),
            "caregivers": tuple(
                _trusted(one, caregivers[one.id], bank.rules) if one.id in caregivers else one
                for one in scenario.caregivers
            ),
            "visits": (*scenario.visits, *(_visit(one, of_account) for one in funded)),
        }
    )
    visits = tuple(one.id for one in funded)
    return Granted(changed, caps, visits, unfunded, kept_back)


def _free(books: Books, bank: TimeBank, asked: list[str], day: dt.date) -> dict[str, int]:
    """Return what each account can still pay beside orders that are on their way."""
    return {
        one.id: max(0, books.spendable(one.id) - reserved(one.id, books, day, without=asked))
        for one in bank.accounts
    }


def _takes(
    order: BankOrder,
    member: BankAccount,
    free: dict[str, int],
    extra: dict[str, int],
    books: Books,
) -> bool:
    """Take what an order costs from member, pool and issue; nothing at all if it is too little."""
    pool, issue = books.only(AccountKind.POOL), books.only(AccountKind.ISSUE)
    sources = [member.id, pool if member.isolated else None, issue]
    left, taken = cost_of(order, books), dict[str, int]()
    for source in sources:
        if source is not None:
            taken[source] = min(left, free[source])
            left -= taken[source]
    if left:
        return False
    for source, minutes in taken.items():
        free[source] -= minutes
        if source != member.id:
            extra[member.id] = extra.get(member.id, 0) + minutes
    return True


def safeguards(
    account: BankAccount, person: Caregiver | None, rules: BankRules, day: dt.date
) -> Iterator[Safeguard]:
    """Yield what a volunteer lacks on a day; nothing if all safeguards hold.

    Parameters
    ----------
    account, person
        The account, and who it is in the scenario.
    rules
        Least age.
    day
        The first day planned.
    """
    if person is None or not person.volunteer:
        yield Safeguard.NOT_A_VOLUNTEER
    if account.age is None or account.age < rules.volunteer_age:
        yield Safeguard.TOO_YOUNG
    for since, missing in (
        (account.trained_on, Safeguard.NOT_TRAINED),
        (account.checked_on, Safeguard.NOT_CHECKED),
        (account.accompanied_on, Safeguard.NOT_ACCOMPANIED),
    ):
        if since is None or since > day:
            yield missing
    if account.insured_until is None or account.insured_until < day:
        yield Safeguard.NOT_INSURED


def _person(scenario: Scenario, account: BankAccount) -> Caregiver | None:
    return next((one for one in scenario.caregivers if one.id == account.caregiver), None)


def _trusted(person: Caregiver, account: BankAccount, rules: BankRules) -> Caregiver:
    """Return a volunteer with the qualification, and no more visits a day than halves allow."""
    held = [one for one in person.qualifications if one.code != QUALIFICATION]
    noon = MS_PER_DAY // 2
    halves = {
        half
        for shift in person.shifts
        for half in (0, 1)
        if (shift.start < noon if half == 0 else shift.end > noon)
    }
    most = rules.clients_per_half_day * max(1, len(halves))
    if person.visits_per_day is not None:
        most = min(most, person.visits_per_day)
    trusted = Qualification(code=QUALIFICATION, expires=account.insured_until)
    return person.model_copy(update={"qualifications": (*held, trusted), "visits_per_day": most})


def _with_credit(client: Client, cap: int, rules: BankRules) -> Client:
    """Return a client with the entitlement of the time bank, behind all others."""
    others = [one for one in client.entitlements if one.payer != PAYER]
    credit = Entitlement(
        payer=PAYER,
        unit=EntitlementUnit.MINUTES,
        cap=cap,
        period=Period.HORIZON,
        services=rules.services,
    )
    return client.model_copy(update={"entitlements": (*others, credit)})


def _visit(order: BankOrder, accounts: Mapping[str, BankAccount]) -> Visit:
    """Return the visit of an order; who has accepted it is pinned."""
    accepted = accounts.get(order.volunteer or "")
    pin = None
    if accepted is not None and accepted.caregiver is not None:
        pin = Pin(caregivers=(accepted.caregiver,))
    carer = CarerNeed(
        minutes=order.minutes,
        qualifications=(Requirement(code=QUALIFICATION),),
    )
    return Visit(
        id=order.id,
        client=accounts[order.member].client or "",
        services=(order.service,),
        carers=(carer,),
        dates=(order.date,),
        window=order.window,
        priority=Priority.FLEXIBLE,
        payer=PAYER,
        pin=pin,
    )
