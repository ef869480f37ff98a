"""A time bank against itself and a scenario: known names, orders in turn, limits that hold."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from optimizer.domain.scenario import Scenario
from optimizer.domain.time_bank import AccountKind, BankOrder, TimeBank
from optimizer.errors import Fault
from optimizer.formats.checks.repeats import repeated
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import Findings, finding
from optimizer.i18n import say
from optimizer.needs import Book

_ALONE = (AccountKind.POOL, AccountKind.ISSUE, AccountKind.EXPIRED)


def check_time_bank(bank: TimeBank, book: Book, scenario: Scenario | None = None) -> Findings:
    """Check that a time bank names what there is and tells orders in turn.

    What transfers do to balances is asked elsewhere: it needs a file whose names are right.

    Parameters
    ----------
    bank
        Accounts, orders and transfers.
    book
        The catalogue, for its services.
    scenario
        Whose clients and volunteers accounts name; they are not asked without it.
    """
    return Findings(
        (
            *_services(bank, book),
            *_accounts(bank),
            *(() if scenario is None else _people(bank, scenario)),
            *_orders(bank),
            *_transfers(bank),
        )
    )


def _services(bank: TimeBank, book: Book) -> Iterator[Fault]:
    for n, code in enumerate(bank.rules.services):
        if code not in book.catalogue.services:
            message = say("fault.unknown-service", code=code)
            yield finding(f"rules.services[{n}]", FaultCode.UNKNOWN_SERVICE, message)


def _accounts(bank: TimeBank) -> Iterator[Fault]:
    known = {one.id for one in bank.accounts}
    yield from repeated("accounts", (one.id for one in bank.accounts))
    for field in ("client", "caregiver"):
        named = Counter(getattr(one, field) for one in bank.accounts)
        for n, one in enumerate(bank.accounts):
            name = getattr(one, field)
            if name is not None and named[name] > 1:
                message = say("fault.account-shared", name=name)
                yield finding(f"accounts[{n}].{field}", FaultCode.ACCOUNT_SHARED, message)
    kinds = Counter(one.kind for one in bank.accounts)
    for n, one in enumerate(bank.accounts):
        if one.kind in _ALONE and kinds[one.kind] > 1:
            message = say("fault.account-shared.kind", kind=one.kind)
            yield finding(f"accounts[{n}].kind", FaultCode.ACCOUNT_SHARED, message)
        if (one.limit is not None) != (one.kind is AccountKind.CLEARING):
            message = say("fault.limit-of-account")
            yield finding(f"accounts[{n}].limit", FaultCode.LIMIT_OF_ACCOUNT, message)
        for k, name in enumerate(one.kin):
            if name not in known or name == one.id:
                yield _unknown(f"accounts[{n}].kin[{k}]", name)


def _unknown(place: str, name: str) -> Fault:
    return finding(place, FaultCode.UNKNOWN_ACCOUNT, say("fault.unknown-account", name=name))


def _people(bank: TimeBank, scenario: Scenario) -> Iterator[Fault]:
    clients = {one.id for one in scenario.clients}
    caregivers = {one.id for one in scenario.caregivers}
    for n, one in enumerate(bank.accounts):
        if one.client is not None and one.client not in clients:
            message = say("fault.unknown-client", name=one.client)
            yield finding(f"accounts[{n}].client", FaultCode.UNKNOWN_CLIENT, message)
        if one.caregiver is not None and one.caregiver not in caregivers:
            message = say("fault.unknown-caregiver", name=one.caregiver)
            yield finding(f"accounts[{n}].caregiver", FaultCode.UNKNOWN_CAREGIVER, message)


def _orders(bank: TimeBank) -> Iterator[Fault]:
    kinds = {one.id: one.kind for one in bank.accounts}
    yield from repeated("orders", (one.id for one in bank.orders))
    for n, order in enumerate(bank.orders):
        place = f"orders[{n}]"
        if kinds.get(order.member) is not AccountKind.MEMBER:
            yield _unknown(f"{place}.member", order.member)
        if order.volunteer is not None:
            if kinds.get(order.volunteer) not in {AccountKind.MEMBER, AccountKind.GROUP}:
                yield _unknown(f"{place}.volunteer", order.volunteer)
            elif order.volunteer == order.member:
                message = say("fault.serves-itself")
                yield finding(f"{place}.volunteer", FaultCode.SERVES_ITSELF, message)
        if order.service not in bank.rules.services:
            message = say(
                "fault.service-not-offered", name=order.service, known=bank.rules.services
            )
            yield finding(f"{place}.service", FaultCode.SERVICE_NOT_OFFERED, message)
        if order.window.latest < order.window.earliest:
            message = say("fault.window-reversed.order")
            yield finding(f"{place}.window", FaultCode.WINDOW_REVERSED, message)
        missing = _out_of_turn(order)
        if missing is not None:
            field, before = missing
            message = say("fault.order-out-of-turn", before=before)
            yield finding(f"{place}.{field}", FaultCode.ORDER_OUT_OF_TURN, message)


def _out_of_turn(order: BankOrder) -> tuple[str, str] | None:
    """Return the first field that comes before what it needs, and that; None if all is in turn."""
    needs = (
        ("accepted_on", ("volunteer",)),
        ("done_on", ("accepted_on", "given")),
        ("given", ("done_on",)),
        ("confirmed_on", ("done_on",)),
        ("disputed_on", ("done_on",)),
        ("ruled", ("disputed_on",)),
    )
    for field, wanted in needs:
        if getattr(order, field) is not None:
            for before in wanted:
                if getattr(order, before) is None:
                    return field, before
    days = ("posted_on", "offered_on", "accepted_on", "done_on", "confirmed_on")
    last, name = dt.date.min, ""
    for field in days:
        day: dt.date | None = getattr(order, field)
        if day is not None:
            if day < last:
                return field, name
            last, name = day, field
    if order.done_on is not None and order.done_on < order.date:
        return "done_on", "date"
    return None


def _transfers(bank: TimeBank) -> Iterator[Fault]:
    accounts = {one.id for one in bank.accounts}
    orders = {one.id for one in bank.orders}
    yield from repeated("transfers", (one.id for one in bank.transfers))
    for n, one in enumerate(bank.transfers):
        for field in ("giver", "receiver"):
            name = getattr(one, field)
            if name not in accounts:
                yield _unknown(f"transfers[{n}].{field}", name)
        if one.order is not None and one.order not in orders:
            message = say("fault.unknown-order", name=one.order)
            yield finding(f"transfers[{n}].order", FaultCode.UNKNOWN_ORDER, message)
