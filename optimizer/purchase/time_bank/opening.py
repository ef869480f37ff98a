"""The books of a time bank as its file tells them, refused where a transfer breaks a limit."""

from __future__ import annotations

import datetime as dt

from optimizer.domain.time_bank import TimeBank
from optimizer.errors import InvalidDocument
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding, in_document_order
from optimizer.i18n import say
from optimizer.purchase.time_bank.balances import Books, open_books


def checked_books(bank: TimeBank, source: str) -> Books:
    """Return the books of a time bank.

    Parameters
    ----------
    bank
        The time bank.
    source
        File name or other origin, for the heading of errors.

    Raises
    ------
    InvalidDocument
        If transfers break a limit: all of them are told.
    """
    books, blocked = open_books(bank)
    faults = [
        finding(
            f"transfers[{one.position}]",
            FaultCode.TRANSFER_BLOCKED,
            say(f"fault.transfer-blocked.{one.block}"),
        )
        for one in blocked
    ]
    if faults:
        raise InvalidDocument(in_document_order(faults, ("transfers",), bank), source)
    return books


def latest_day(bank: TimeBank) -> dt.date | None:
    """Return the latest day that a time bank tells of, None without orders and transfers."""
    days = [one.date for one in bank.transfers]
    days += [one.done_on or one.posted_on for one in bank.orders]
    return max(days, default=None)
