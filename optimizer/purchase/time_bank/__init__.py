"""A time bank: balances that sum to zero, limits that block, orders, credits for the engine."""

from __future__ import annotations

from optimizer.purchase.time_bank.balances import Block, Blocked, Books, open_books
from optimizer.purchase.time_bank.booking import Booked, book_orders, credited
from optimizer.purchase.time_bank.granting import (
    Granted,
    Safeguard,
    Unfunded,
    grant,
    safeguards,
)
from optimizer.purchase.time_bank.opening import checked_books, latest_day
from optimizer.purchase.time_bank.orders import OrderState, done_by, reserved, state_of
from optimizer.purchase.time_bank.solvency import Pair, Solvency, pairs_of, solvency_of

__all__ = [
    "Block",
    "Blocked",
    "Booked",
    "Books",
    "Granted",
    "OrderState",
    "Pair",
    "Safeguard",
    "Solvency",
    "Unfunded",
    "book_orders",
    "checked_books",
    "credited",
    "done_by",
    "grant",
    "latest_day",
    "open_books",
    "pairs_of",
    "reserved",
    "safeguards",
    "solvency_of",
    "state_of",
]
