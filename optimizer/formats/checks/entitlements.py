"""Entitlements: each purse once, with prices and services that the catalogue knows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from optimizer.domain.client import Entitlement, EntitlementUnit
from optimizer.domain.purse import purses_of
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.checks.view import View
from optimizer.formats.codes import FaultCode, WarningCode
from optimizer.formats.findings import finding
from optimizer.i18n import Sentence, say
from optimizer.units import format_minutes


def check_entitlements(view: View) -> Iterator[Fault]:
    """Entitlements do not repeat each other and can be counted by the catalogue."""
    catalogue = view.book.catalogue
    price_books = sorted({name for one in catalogue.services.values() for name in one.prices})
    # Codes of visits that are ready made are the office's own.
    known = {code for _, visit in view.due() for code in visit.services}.union(catalogue.services)
    for place, client in view.rows("clients", view.scenario.clients):
        if not client.entitlements:
            continue
        whose = say("fault.whose", client=client.id)
        granted = [
            (one.payer, one.unit, one.period, frozenset(one.services))
            for one in client.entitlements
        ]
        for number, entitlement in enumerate(client.entitlements):
            here = f"{place}.entitlements[{number}]"
            if granted[number] in granted[:number]:
                message = say("fault.duplicate-entitlement", whose=whose)
                yield finding(here, FaultCode.DUPLICATE_ENTITLEMENT, message)
            yield from _prices(here, entitlement, price_books, whose)
            yield from _limits(here, entitlement, whose)
            yield from _services(here, entitlement, known, whose)


def _prices(
    here: str, entitlement: Entitlement, price_books: Sequence[str], whose: Sentence
) -> Iterator[Fault]:
    is_fen = entitlement.unit is EntitlementUnit.FEN
    known = tuple(price_books) or say("fault.no-price-book")
    path = f"{here}.price_book"
    if entitlement.price_book is None:
        if is_fen and not entitlement.prices:
            message = say("fault.missing-price-book", known=known, whose=whose)
            yield finding(path, FaultCode.MISSING_PRICE_BOOK, message)
    elif entitlement.price_book not in price_books:
        message = say(
            "fault.unknown-price-book", price_book=entitlement.price_book, known=known, whose=whose
        )
        yield finding(path, FaultCode.UNKNOWN_PRICE_BOOK, message)


def _limits(here: str, entitlement: Entitlement, whose: Sentence) -> Iterator[Fault]:
    shortest, longest = entitlement.min_visit, entitlement.max_visit
    if longest == 0:
        message = say("fault.empty-duration.longest-visit", whose=whose)
        yield finding(f"{here}.max_visit", FaultCode.EMPTY_DURATION, message)
    elif shortest is not None and longest is not None and longest < shortest:
        message = say(
            "fault.visit-limits-reversed",
            longest=format_minutes(longest),
            shortest=format_minutes(shortest),
            whose=whose,
        )
        yield finding(f"{here}.max_visit", FaultCode.VISIT_LIMITS_REVERSED, message)


def _services(
    here: str, entitlement: Entitlement, known: Collection[str], whose: Sentence
) -> Iterator[Fault]:
    named = [(f"services[{n}]", code) for n, code in enumerate(entitlement.services)]
    named += [(f"prices[{n}].service", one.service) for n, one in enumerate(entitlement.prices)]
    for place, code in named:
        if code not in known:
            message = say("fault.unknown-service.of-client", service=code, whose=whose)
            yield finding(f"{here}.{place}", FaultCode.UNKNOWN_SERVICE, message)


def warn_of_payers(scenario: Scenario) -> Iterator[Fault]:
    """Warn of visits whose payer pays for none of their services."""
    clients = {client.id: client for client in scenario.clients}
    for number, visit in enumerate(scenario.visits):
        client = clients[visit.client]
        if visit.payer is not None and not any(purses_of(client, visit)):
            message = say("fault.not-charged", payer=visit.payer, client=client.id)
            yield finding(f"visits[{number}].payer", WarningCode.NOT_CHARGED, message)
