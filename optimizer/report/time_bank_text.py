"""A time bank in words: balances, orders, what is owed, and what should be looked at."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.domain.scenario import Scenario
from optimizer.domain.time_bank import TimeBank
from optimizer.i18n import Lang, listed, sentence
from optimizer.purchase.time_bank import (
    Booked,
    Books,
    Granted,
    OrderState,
    pairs_of,
    solvency_of,
    state_of,
)

_MINUTES = 60


@dataclass(frozen=True)
class TimeBankReport:
    """A time bank with everything that is said of it.

    Attributes
    ----------
    bank, books
        The file, and the balances that follow.
    day
        Until when silence counts.
    scenario
        For the hours of volunteers; None without it.
    """

    bank: TimeBank
    books: Books
    day: dt.date
    scenario: Scenario | None = None


def time_bank_text(report: TimeBankReport, *, lang: Lang) -> RenderableType:
    """Return balances and what follows for printing with rich."""
    table = Table()
    for name in ("account", "kind"):
        table.add_column(sentence(lang, f"timebank.column.{name}"))
    table.add_column(sentence(lang, "timebank.column.balance"), justify="right")
    for one in report.bank.accounts:
        kind = sentence(lang, f"timebank.kind.{one.kind}")
        table.add_row(one.id, kind, str(report.books.balance(one.id)))
    table.add_section()
    total = sum(report.books.balances.values())
    table.add_row(sentence(lang, "timebank.total"), "", str(total), style="bold")
    head = sentence(lang, "timebank.heading", bank=report.bank.id, day=report.day)
    return Group(
        Text(head, style="bold"), table, *(Text(one) for one in time_bank_words(report, lang))
    )


def _states(report: TimeBankReport) -> Counter[OrderState]:
    return Counter(state_of(one, report.books, report.day) for one in report.bank.orders)


def time_bank_words(report: TimeBankReport, lang: Lang) -> Iterator[str]:
    """Yield where orders stand, what is owed, and what should be looked at."""
    states = _states(report)
    if states:
        told = [f"{sentence(lang, f'timebank.state.{state}')} {states[state]}"
                for state in OrderState if states[state]]  # fmt: skip
        yield sentence(lang, "timebank.orders", told=listed(lang, told))
    found = solvency_of(report.books, report.day, report.scenario)
    if found.years is None:
        yield sentence(lang, "timebank.owed_unserved", owed=hours(found.owed))
    else:
        yield sentence(
            lang, "timebank.owed", owed=hours(found.owed), served=hours(found.served),
            years=f"{found.years:.1f}",
        )  # fmt: skip
    if found.weeks is not None:
        yield sentence(
            lang, "timebank.capacity", capacity=hours(found.capacity or 0), days=found.days,
            weeks=f"{found.weeks:.1f}",
        )  # fmt: skip
    elif report.scenario is not None:
        yield sentence(lang, "timebank.no_capacity")
    for pair in pairs_of(report.books):
        yield sentence(
            lang, "timebank.pair", giver=pair.giver, receiver=pair.receiver,
            minutes=pair.minutes, percent=pair.percent,
        )  # fmt: skip


def hours(minutes: int) -> str:
    """Return minutes as hours with one decimal."""
    return f"{minutes / _MINUTES:,.1f}"


def granted_text(granted: Granted, *, lang: Lang) -> RenderableType:
    """Return what a time bank gives to a scenario, for printing with rich."""
    lines = [
        sentence(
            lang,
            "timebank.granted",
            clients=len(granted.caps),
            visits=len(granted.visits),
            minutes=sum(granted.caps.values()),
        )
    ]
    for order, why in granted.unfunded.items():
        text = sentence(lang, f"timebank.unfunded.{why}")
        lines.append(sentence(lang, "timebank.unfunded_order", order=order, why=text))
    for account, missing in granted.kept_back.items():
        words = listed(lang, [sentence(lang, f"timebank.safeguard.{one}") for one in missing])
        lines.append(sentence(lang, "timebank.kept_back", account=account, missing=words))
    return Group(*(Text(line) for line in lines))


def booked_text(booked: Booked, *, lang: Lang) -> RenderableType:
    """Return what was booked, and what was not and why, for printing with rich."""
    total = sum(one.minutes for one in booked.transfers)
    orders = len({one.order for one in booked.transfers})
    lines = [sentence(lang, "timebank.booked", orders=orders, minutes=total)]
    for order, minutes in booked.unpaid.items():
        lines.append(sentence(lang, "timebank.unpaid", order=order, minutes=minutes))
    if booked.too_short:
        names = listed(lang, list(booked.too_short))
        lines.append(sentence(lang, "timebank.too_short", orders=names))
    return Group(*(Text(line) for line in lines))


def time_bank_document(report: TimeBankReport) -> dict[str, Any]:
    """Return balances and what follows as they are written with ``--json``."""
    found = solvency_of(report.books, report.day, report.scenario)
    return {
        "bank": report.bank.id,
        "day": str(report.day),
        "balances": dict(report.books.balances),
        "orders": {str(state): number for state, number in sorted(_states(report).items())},
        "owed_minutes": found.owed,
        "served_minutes": found.served,
        "years": found.years,
        "capacity_minutes": found.capacity,
        "weeks": found.weeks,
        "pairs": [
            {"giver": one.giver, "receiver": one.receiver, "minutes": one.minutes,
             "percent": one.percent}
            for one in pairs_of(report.books)
        ],
    }  # fmt: skip


def granted_document(granted: Granted) -> dict[str, Any]:
    """Return what a time bank gives to a scenario as it is written with ``--json``."""
    return {
        "caps": dict(granted.caps),
        "visits": list(granted.visits),
        "unfunded": {order: str(why) for order, why in granted.unfunded.items()},
        "kept_back": {name: list(map(str, missing)) for name, missing in granted.kept_back.items()},
    }


def booked_document(booked: Booked) -> dict[str, Any]:
    """Return what was booked as it is written with ``--json``."""
    return {
        "transfers": [one.model_dump(mode="json", exclude_none=True) for one in booked.transfers],
        "unpaid": dict(booked.unpaid),
        "too_short": list(booked.too_short),
    }
