"""Booking what was served: who pays an order, and how much of it the volunteer is credited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from optimizer.domain.time_bank import (
    AccountKind,
    BankOrder,
    TimeBank,
    Transfer,
    TransferReason,
)
from optimizer.purchase.time_bank.balances import Books, open_books, to_step
from optimizer.purchase.time_bank.orders import OrderState, state_of


@dataclass(frozen=True)
class Booked:
    """A time bank after its confirmed orders were booked.

    Attributes
    ----------
    bank
        With the new transfers at the end.
    transfers
        The new ones.
    unpaid
        Minutes of confirmed orders that nobody could pay, by order; they stay as they are.
    too_short
        Orders too short to be credited.
    """

    bank: TimeBank
    transfers: tuple[Transfer, ...]
    unpaid: dict[str, int]
    too_short: tuple[str, ...]


def credited(order: BankOrder, books: Books) -> tuple[int, int]:
    """Return what an order that was done is worth to the volunteer, and to the pool instead.

    A volunteer earns no more on a day and holds no more in all than the rules allow; what is
    above on the account goes to the pool, what is above on the day to nobody.

    Parameters
    ----------
    order
        Done, and confirmed or ruled on.
    books
        What was booked before.
    """
    if order.volunteer is None:
        return 0, 0
    given = (order.given or 0) if order.ruled is None else order.ruled
    worth = to_step(given, books.rules)
    if books.accounts[order.volunteer].kind is not AccountKind.MEMBER:
        return worth, 0
    left = books.rules.day_minutes - books.earned_on(order.volunteer, order.date)
    worth = min(worth, max(0, left))
    room = max(0, books.rules.most_minutes - books.balance(order.volunteer))
    own = min(worth, room)
    return own, worth - own if books.only(AccountKind.POOL) is not None else 0


def book_orders(bank: TimeBank, day: dt.date, *, by: str) -> Booked:
    """Book all orders that are confirmed on a day, in the order of their days and ids.

    The member who has asked pays, as far as the balance reaches; for who is alone and poor the
    pool pays the rest, then the district, as far as it may issue minutes. An order that cannot be
    paid in full is not booked at all.

    Parameters
    ----------
    bank
        A time bank without faults.
    day
        The day of booking; silence counts until then.
    by
        Who books, a role or a number.
    """
    books, _ = open_books(bank)
    made: list[Transfer] = []
    unpaid: dict[str, int] = {}
    short: list[str] = []
    for order in sorted(bank.orders, key=lambda one: (one.date, one.id)):
        if state_of(order, books, day) is not OrderState.CONFIRMED:
            continue
        own, pooled = credited(order, books)
        if not own + pooled:
            short.append(order.id)
            continue
        payers = list(_payers(order, books, own + pooled))
        missing = own + pooled - sum(minutes for _, minutes in payers)
        if missing:
            unpaid[order.id] = missing
            continue
        for transfer in _transfers(order, books, payers, own, day, by):
            if books.book(transfer) is not None:
                raise ValueError(f"{transfer.id} was weighed and cannot be booked")
            made.append(transfer)
    changed = bank.model_copy(update={"transfers": (*bank.transfers, *made)})
    return Booked(changed, tuple(made), unpaid, tuple(short))


def _payers(order: BankOrder, books: Books, minutes: int) -> Iterator[tuple[str, int]]:
    """Yield who pays how much of an order, as far as there is anything."""
    pool, issue = books.only(AccountKind.POOL), books.only(AccountKind.ISSUE)
    sources = [order.member]
    if books.accounts[order.member].isolated and pool is not None:
        sources.append(pool)
    if issue is not None:
        sources.append(issue)
    for account in sources:
        part = min(minutes, books.spendable(account))
        if part:
            minutes -= part
            yield account, part


def _transfers(
    order: BankOrder,
    books: Books,
    payers: list[tuple[str, int]],
    own: int,
    day: dt.date,
    by: str,
) -> Iterator[Transfer]:
    """Yield the transfers of one order: the volunteer is credited first, then the pool."""
    pool = books.only(AccountKind.POOL)
    left, number = own, 0
    for account, minutes in payers:
        to_own = min(left, minutes)
        left -= to_own
        for receiver, part in ((order.volunteer, to_own), (pool, minutes - to_own)):
            # What the pool would pay to itself stays where it is.
            if part and receiver is not None and receiver != account:
                number += 1
                yield Transfer(
                    id=f"{order.id}:{number}", giver=account, receiver=receiver, minutes=part,
                    reason=TransferReason.SERVICE, date=day, by=by, order=order.id,
                )  # fmt: skip
