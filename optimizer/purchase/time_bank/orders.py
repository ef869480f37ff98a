"""Where an order of a time bank stands: posted, offered, accepted, done, confirmed, booked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum

from optimizer.domain.time_bank import PAYER, BankOrder, TimeBank
from optimizer.purchase.settlement import Line
from optimizer.purchase.time_bank.balances import Books, to_step
from optimizer.units import MS_PER_MINUTE


class OrderState(StrEnum):
    """How far an order has come."""

    POSTED = "posted"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DONE = "done"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
    BOOKED = "booked"
    CANCELLED = "cancelled"


OPEN = frozenset({OrderState.POSTED, OrderState.OFFERED, OrderState.ACCEPTED})
"States of orders that are still to be served."


def state_of(order: BankOrder, books: Books, day: dt.date) -> OrderState:
    """Return where an order stands on a day.

    Parameters
    ----------
    order
        The order.
    books
        What was booked.
    day
        Silence after an order was done counts until this day.
    """
    if books.paid_for(order.id):
        return OrderState.BOOKED
    if order.cancelled_on is not None:
        return OrderState.CANCELLED
    if order.done_on is not None:
        if order.disputed_on is not None and order.ruled is None:
            return OrderState.DISPUTED
        silent = order.done_on + dt.timedelta(days=books.rules.silence_days)
        is_over = order.ruled is not None or order.confirmed_on is not None or silent <= day
        return OrderState.CONFIRMED if is_over else OrderState.DONE
    if order.accepted_on is not None:
        return OrderState.ACCEPTED
    return OrderState.OFFERED if order.offered_on is not None else OrderState.POSTED


def cost_of(order: BankOrder, books: Books) -> int:
    """Return the minutes that are kept for an order: as ordered, or more if rounded up."""
    given = order.minutes if order.given is None else order.given
    worth = to_step(given, books.rules)
    return worth if order.done_on is not None else max(worth, order.minutes)


def reserved(member: str, books: Books, day: dt.date, *, without: Iterable[str] = ()) -> int:
    """Return the minutes of a member that orders which are not booked yet will cost.

    Parameters
    ----------
    member
        The account.
    books
        What was booked, and all orders.
    day
        As for `state_of`.
    without
        Orders that do not count.
    """
    left_out = set(without)
    waiting = {OrderState.ACCEPTED, OrderState.DONE, OrderState.DISPUTED, OrderState.CONFIRMED}
    return sum(
        cost_of(order, books)
        for order in books.orders.values()
        if order.member == member
        and order.id not in left_out
        and state_of(order, books, day) in waiting
    )


def done_by(bank: TimeBank, lines: Iterable[Line]) -> TimeBank:
    """Return a time bank whose orders tell what was delivered and verified of them.

    Parameters
    ----------
    bank
        Its orders; those that are done already stay as they are.
    lines
        A settlement. Visits of the payer ``timebank`` carry the ids of orders.
    """
    accounts: Mapping[str, str] = {
        one.caregiver: one.id for one in bank.accounts if one.caregiver is not None
    }
    served = {
        line.planned.visit: line
        for line in lines
        if line.payer == PAYER and line.verified and line.given is not None
    }

    def told(order: BankOrder) -> BankOrder:
        line = served.get(order.id)
        if line is None or line.given is None or order.done_on is not None:
            return order
        volunteer = accounts.get(line.given.caregiver or "")
        if volunteer is None or order.cancelled_on is not None:
            return order
        day = line.given.date
        actual = max(0, (line.given.end or 0) - (line.given.start or 0)) // MS_PER_MINUTE
        return order.model_copy(
            update={
                "volunteer": volunteer,
                "accepted_on": order.accepted_on or day,
                "done_on": day,
                "given": min(order.minutes, actual),
            }
        )

    return bank.model_copy(update={"orders": tuple(told(order) for order in bank.orders)})
