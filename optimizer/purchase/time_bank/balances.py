"""Balances of a time bank, replayed transfer by transfer; what breaks a limit is not booked.

Each transfer takes from one account what it gives to another, so that all balances together are
always zero. The district's account of issue may fall below zero as far as the rules allow, that
of another district as far as its limit; nobody else may owe anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from optimizer.domain.time_bank import (
    AccountKind,
    BankAccount,
    BankOrder,
    BankRules,
    TimeBank,
    Transfer,
    TransferReason,
)


class Block(StrEnum):
    """Why a transfer is not booked."""

    TO_ITSELF = "to_itself"
    OVERDRAWN = "overdrawn"
    OVER_LIMIT = "over_limit"
    WRONG_ACCOUNT = "wrong_account"
    NOT_KIN = "not_kin"
    NO_ORDER = "no_order"
    NOT_DONE = "not_done"
    BOOKED_TWICE = "booked_twice"
    MORE_THAN_GIVEN = "more_than_given"
    OVER_DAY = "over_day"
    OVER_MOST = "over_most"
    TOO_YOUNG = "too_young"
    NOT_EXPIRED = "not_expired"
    REVERSES_NOTHING = "reverses_nothing"
    REVERSED_TWICE = "reversed_twice"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Blocked:
    """A transfer that was not booked, by its place in the file, and why."""

    position: int
    block: Block


_HOLDERS = frozenset({AccountKind.MEMBER, AccountKind.GROUP})
_KINDS: dict[TransferReason, tuple[frozenset[AccountKind], frozenset[AccountKind]]] = {
    TransferReason.SERVICE: (
        frozenset({AccountKind.MEMBER, AccountKind.POOL, AccountKind.ISSUE, AccountKind.CLEARING}),
        frozenset({AccountKind.MEMBER, AccountKind.GROUP, AccountKind.POOL, AccountKind.CLEARING}),
    ),
    TransferReason.GIFT: (frozenset({AccountKind.MEMBER}), frozenset({AccountKind.MEMBER})),
    TransferReason.DONATION: (_HOLDERS, frozenset({AccountKind.POOL})),
    TransferReason.GRANT: (frozenset({AccountKind.POOL}), frozenset({AccountKind.MEMBER})),
    TransferReason.EXPIRY: (_HOLDERS, frozenset({AccountKind.EXPIRED})),
    TransferReason.CLEARING: (
        frozenset({AccountKind.ISSUE, AccountKind.CLEARING}),
        frozenset({AccountKind.ISSUE, AccountKind.CLEARING}),
    ),
}
"From which accounts to which minutes may move; a reversal goes the way back."


@dataclass
class Books:
    """The state of a time bank while transfers are booked.

    Attributes
    ----------
    rules, accounts, orders
        As in the file, by id.
    balances
        Minutes of each account; they sum to zero.
    booked
        Transfers in order.
    """

    rules: BankRules
    accounts: dict[str, BankAccount]
    orders: dict[str, BankOrder]
    balances: dict[str, int]
    booked: dict[str, Transfer] = field(default_factory=dict)
    _reversed: set[str] = field(default_factory=set)
    _earned: dict[tuple[str, dt.date], int] = field(default_factory=dict)
    _paid: dict[str, int] = field(default_factory=dict)
    _last: dt.date = dt.date.min

    def balance(self, account: str) -> int:
        """Return the minutes of an account."""
        return self.balances[account]

    def only(self, kind: AccountKind) -> str | None:
        """Return the first account of a kind; None if there is none."""
        return next((one.id for one in self.accounts.values() if one.kind is kind), None)

    def paid_for(self, order: str) -> int:
        """Return the minutes that were booked for an order and not taken back."""
        return self._paid.get(order, 0)

    def earned_on(self, account: str, day: dt.date) -> int:
        """Return the minutes that an account has earned by orders of a day."""
        return self._earned.get((account, day), 0)

    def spendable(self, account: str) -> int:
        """Return the minutes by which an account may pay now; never below 0."""
        one, balance = self.accounts[account], self.balances[account]
        if one.kind is AccountKind.ISSUE:
            return max(0, balance + self.rules.issued_minutes)
        if one.kind is AccountKind.CLEARING:
            return max(0, balance + (one.limit or 0))
        if one.kind is AccountKind.MEMBER and not self.may_spend(account):
            return 0
        return max(0, balance)

    def may_spend(self, account: str) -> bool:
        """Return whether somebody is old enough to spend; who is of no known age is not."""
        age = self.accounts[account].age
        return age is not None and age >= self.rules.spend_age

    def book(self, transfer: Transfer) -> Block | None:
        """Book a transfer between known accounts; return why it is not booked, else None."""
        block = self.why_not(transfer)
        if block is None:
            self._apply(transfer)
        return block

    def why_not(self, transfer: Transfer) -> Block | None:
        """Return why a transfer between known accounts cannot be booked now; None if it can."""
        if transfer.date < self._last:
            return Block.EARLIER
        if transfer.giver == transfer.receiver:
            return Block.TO_ITSELF
        if transfer.reason is TransferReason.REVERSAL:
            return self._why_no_reversal(transfer)
        givers, receivers = _KINDS[transfer.reason]
        giver, receiver = self.accounts[transfer.giver], self.accounts[transfer.receiver]
        if giver.kind not in givers or receiver.kind not in receivers:
            return Block.WRONG_ACCOUNT
        special = _SPECIAL.get(transfer.reason)
        block = None if special is None else special(self, transfer)
        return block or self._over(transfer)

    def _over(self, transfer: Transfer) -> Block | None:
        """Return which limit of the two accounts a transfer would break."""
        giver, receiver = self.accounts[transfer.giver], self.accounts[transfer.receiver]
        left = self.balances[giver.id] - transfer.minutes
        if giver.kind is AccountKind.ISSUE:
            if left < -self.rules.issued_minutes:
                return Block.OVER_LIMIT
        elif giver.kind is AccountKind.CLEARING:
            if left < -(giver.limit or 0):
                return Block.OVER_LIMIT
        elif left < 0:
            return Block.OVERDRAWN
        after = self.balances[receiver.id] + transfer.minutes
        if receiver.kind is AccountKind.MEMBER and after > self.rules.most_minutes:
            return Block.OVER_MOST
        if receiver.kind is AccountKind.CLEARING and after > (receiver.limit or 0):
            return Block.OVER_LIMIT
        return None

    def _why_no_reversal(self, transfer: Transfer) -> Block | None:
        undone = self.booked.get(transfer.reverses or "")
        mirror = None if undone is None else (undone.receiver, undone.giver, undone.minutes)
        if undone is None or undone.reason is TransferReason.REVERSAL:
            return Block.REVERSES_NOTHING
        if mirror != (transfer.giver, transfer.receiver, transfer.minutes):
            return Block.REVERSES_NOTHING
        if undone.id in self._reversed:
            return Block.REVERSED_TWICE
        return self._over(transfer)

    def _apply(self, transfer: Transfer) -> None:
        self.balances[transfer.giver] -= transfer.minutes
        self.balances[transfer.receiver] += transfer.minutes
        self.booked[transfer.id] = transfer
        self._last = transfer.date
        undone = self.booked.get(transfer.reverses or "")
        if transfer.reason is TransferReason.REVERSAL and undone is not None:
            self._reversed.add(undone.id)
            self._count(undone, -undone.minutes)
        else:
            self._count(transfer, transfer.minutes)

    def _count(self, transfer: Transfer, minutes: int) -> None:
        """Count what an order has been paid, and what was earned on its day."""
        order = self.orders.get(transfer.order or "")
        if order is None or transfer.reason is not TransferReason.SERVICE:
            return
        key = transfer.receiver, order.date
        self._earned[key] = self._earned.get(key, 0) + minutes
        self._paid[order.id] = self._paid.get(order.id, 0) + minutes


def open_books(bank: TimeBank) -> tuple[Books, tuple[Blocked, ...]]:
    """Return the books after all transfers of a file, and those that cannot be booked.

    Parameters
    ----------
    bank
        Its accounts, orders and transfers, whose names are known to be right.
    """
    books = Books(
        rules=bank.rules,
        accounts={one.id: one for one in bank.accounts},
        orders={one.id: one for one in bank.orders},
        balances={one.id: 0 for one in bank.accounts},
    )
    blocked = []
    for position, transfer in enumerate(bank.transfers):
        block = books.book(transfer)
        if block is not None:
            blocked.append(Blocked(position, block))
    return books, tuple(blocked)


def _service(books: Books, transfer: Transfer) -> Block | None:
    order = books.orders.get(transfer.order or "")
    receiver = books.accounts[transfer.receiver]
    if order is None:
        return Block.NO_ORDER
    if order.given is None or order.volunteer is None or order.done_on is None:
        return Block.NOT_DONE
    # Minutes above the limit of a member are earned by the pool instead.
    if receiver.kind is not AccountKind.POOL and order.volunteer != receiver.id:
        return Block.WRONG_ACCOUNT
    giver = books.accounts[transfer.giver]
    if giver.kind is AccountKind.MEMBER:
        if giver.id != order.member:
            return Block.WRONG_ACCOUNT
        if not books.may_spend(giver.id):
            return Block.TOO_YOUNG
    given = order.given if order.ruled is None else order.ruled
    paid = books.paid_for(order.id)
    if paid + transfer.minutes > to_step(given, books.rules):
        return Block.BOOKED_TWICE if paid else Block.MORE_THAN_GIVEN
    earned = books.earned_on(receiver.id, order.date)
    is_person = receiver.kind is AccountKind.MEMBER
    if is_person and earned + transfer.minutes > books.rules.day_minutes:
        return Block.OVER_DAY
    return None


def to_step(minutes: int, rules: BankRules) -> int:
    """Return minutes in whole steps, rounded to the nearest, half a step up.

    Parameters
    ----------
    minutes
        Minutes that were given.
    rules
        The length of a step.
    """
    step = rules.step_minutes
    return (2 * minutes + step) // (2 * step) * step


def _gift(books: Books, transfer: Transfer) -> Block | None:
    is_kin = transfer.receiver in books.accounts[transfer.giver].kin
    return None if is_kin else Block.NOT_KIN


def _expiry(books: Books, transfer: Transfer) -> Block | None:
    """Return a block unless so much was earned long enough ago and has not been given since."""
    months = books.rules.expires_after_months
    if months is None:
        return Block.NOT_EXPIRED
    moved = books.booked.values()
    old = sum(
        one.minutes
        for one in moved
        if one.receiver == transfer.giver and months_later(one.date, months) <= transfer.date
    )
    gone = sum(one.minutes for one in moved if one.giver == transfer.giver)
    return Block.NOT_EXPIRED if transfer.minutes > old - gone else None


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day of a later month, or the last one of that month.

    Parameters
    ----------
    day
        A day.
    months
        How many months, at least 1.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (following - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))


_SPECIAL: dict[TransferReason, Callable[[Books, Transfer], Block | None]] = {
    TransferReason.SERVICE: _service,
    TransferReason.GIFT: _gift,
    TransferReason.EXPIRY: _expiry,
}
