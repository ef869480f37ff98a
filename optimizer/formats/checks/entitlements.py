"""Entitlements: each purse once, with prices and services that the catalogue knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optimizer.domain.client import Client, Entitlement, EntitlementUnit, Period
from optimizer.errors import Fault
from optimizer.formats.checks.view import View
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.i18n import Sentence, say
from optimizer.needs.catalogue import Catalogue
from optimizer.units import format_minutes


def check_entitlements(view: View) -> Iterator[Fault]:
    """Entitlements do not repeat each other and can be counted by the catalogue."""
    catalogue = view.book.catalogue
    price_books = sorted({name for one in catalogue.services.values() for name in one.prices})
    for place, client in view.rows("clients", view.scenario.clients):
        whose = say("fault.whose", client=client.id)
        granted = [(one.payer, one.unit, one.period) for one in client.entitlements]
        for number, entitlement in enumerate(client.entitlements):
            here = f"{place}.entitlements[{number}]"
            if granted[number] in granted[:number]:
                message = say("fault.duplicate-entitlement", whose=whose)
                yield finding(here, FaultCode.DUPLICATE_ENTITLEMENT, message)
            yield from _prices(here, entitlement, price_books, whose)
            yield from _limits(here, entitlement, whose)
            yield from _services(here, entitlement, catalogue, whose)


def _prices(
    here: str, entitlement: Entitlement, price_books: Sequence[str], whose: Sentence
) -> Iterator[Fault]:
    is_fen = entitlement.unit is EntitlementUnit.FEN
    if is_fen and entitlement.period is Period.HORIZON:
        message = say("fault.fen-for-horizon", whose=whose)
        yield finding(f"{here}.period", FaultCode.FEN_FOR_HORIZON, message)
    known = tuple(price_books) or say("fault.no-price-book")
    path = f"{here}.price_book"
    if entitlement.price_book is None:
        if is_fen:
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
    here: str, entitlement: Entitlement, catalogue: Catalogue, whose: Sentence
) -> Iterator[Fault]:
    for position, code in enumerate(entitlement.services):
        if code not in catalogue.services:
            message = say("fault.unknown-service.of-client", service=code, whose=whose)
            yield finding(f"{here}.services[{position}]", FaultCode.UNKNOWN_SERVICE, message)


def check_payers(view: View) -> Iterator[Fault]:
    """A ready visit is paid from what remains for the days planned, in minutes or visits."""
    clients = {client.id: client for client in view.scenario.clients}
    for place, visit in view.rows("visits", view.scenario.visits):
        client = clients.get(visit.client)
        if client is None or visit.payer is None:
            continue
        granted = _granted(client, visit.payer)
        if granted and not any(map(_is_counted, granted)):
            message = say("fault.payer-not-planned", payer=visit.payer, client=client.id)
            yield finding(f"{place}.payer", FaultCode.PAYER_NOT_PLANNED, message)


def _granted(client: Client, payer: str) -> list[Entitlement]:
    return [one for one in client.entitlements if one.payer == payer]


def _is_counted(entitlement: Entitlement) -> bool:
    """Return whether a roster's visits can be counted against an entitlement."""
    return entitlement.period is Period.HORIZON and entitlement.unit is not EntitlementUnit.FEN
