"""Alerts of a scenario: what visits cannot answer for, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from optimizer.domain.visit import Trace
from optimizer.needs.book import Book
from optimizer.needs.catalogue import Alert, Severity
from optimizer.needs.derive import ClientNeeds

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"The most urgent first."


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert of one client.

    Attributes
    ----------
    client
        Id of the client.
    code
        Its code in the rules or the catalogue.
    alert
        How urgent it is, its words, and what is to be done.
    trace
        The rule and the fields of the record that it follows from.
    """

    client: str
    code: str
    alert: Alert
    trace: Trace


def alerts_of(book: Book, clients: Iterable[ClientNeeds]) -> tuple[Raised, ...]:
    """Return the alerts of some clients, each code once per client, the most urgent first.

    Parameters
    ----------
    book
        Catalogue and rules by which the needs were derived.
    clients
        The clients; of equally urgent alerts theirs come in this order.
    """
    found: dict[tuple[str, str], Raised] = {}
    for one in clients:
        for code, trace in one.requirements.alerts:
            raised = Raised(one.client, code, alert_of(book, code), trace)
            found.setdefault((one.client, code), raised)
    order = {severity: place for place, severity in enumerate(SEVERITIES)}
    return tuple(sorted(found.values(), key=lambda one: order[one.alert.severity]))


def alert_of(book: Book, code: str) -> Alert:
    """Return an alert by its code."""
    known = book.rules.alerts.get(code) or book.catalogue.alerts.get(code)
    return known or Alert(en=code, zh=code)
