"""Price books of contracts: each price once, of what the contract covers; hours that are hours."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.domain.contract import Contract, Surcharge
from optimizer.domain.tariff import may_coincide
from optimizer.errors import Fault
from optimizer.formats.checks.view import View
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.i18n import say
from optimizer.units import MS_PER_DAY


def check_price_books(view: View) -> Iterator[Fault]:
    """A contract says once what a visit costs, whenever it is."""
    for place, contract in view.rows("contracts", view.scenario.contracts):
        yield from _prices(place, contract)
        for number, one in enumerate(contract.surcharges):
            here = f"{place}.surcharges[{number}]"
            yield from _reach(here, one, contract)
            yield from _hours(here, one)
            yield from _twice(here, contract.surcharges, number)


def _prices(place: str, contract: Contract) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for number, price in enumerate(contract.prices):
        here = f"{place}.prices[{number}].service"
        if price.service in seen:
            message = say("fault.price-repeated", service=price.service, other=seen[price.service])
            yield finding(here, FaultCode.PRICE_REPEATED, message)
        elif contract.services and price.service not in contract.services:
            message = say("fault.price-not-covered.service", service=price.service)
            yield finding(here, FaultCode.PRICE_NOT_COVERED, message)
        seen.setdefault(price.service, number)
    if contract.prices and not contract.fen_per_hour:
        for number, service in enumerate(contract.services):
            if service not in seen:
                message = say("fault.service-unpriced", service=service)
                yield finding(f"{place}.services[{number}]", FaultCode.SERVICE_UNPRICED, message)


def _reach(here: str, one: Surcharge, contract: Contract) -> Iterator[Fault]:
    """Report towns and services that the contract of a surcharge does not cover."""
    for kind, named, covered in (
        ("town", one.towns, contract.towns),
        ("service", one.services, contract.services),
    ):
        for number, code in enumerate(named):
            if covered and code not in covered:
                message = say(f"fault.price-not-covered.{kind}", **{kind: code})
                yield finding(f"{here}.{kind}s[{number}]", FaultCode.PRICE_NOT_COVERED, message)


def _hours(here: str, one: Surcharge) -> Iterator[Fault]:
    if one.start is None and one.end is None:
        return
    if one.start is None or one.end is None:
        missing = "start" if one.start is None else "end"
        message = say("fault.hours-incomplete.missing", field=missing)
        yield finding(f"{here}.{missing}", FaultCode.HOURS_INCOMPLETE, message)
    elif one.start == one.end:
        yield finding(here, FaultCode.HOURS_INCOMPLETE, say("fault.hours-incomplete.empty"))
    elif one.start >= MS_PER_DAY or one.end > MS_PER_DAY:
        yield finding(here, FaultCode.HOURS_INCOMPLETE, say("fault.hours-incomplete.beyond"))


def _twice(here: str, surcharges: tuple[Surcharge, ...], number: int) -> Iterator[Fault]:
    one = surcharges[number]
    for other, before in enumerate(surcharges[:number]):
        if before.kind == one.kind and may_coincide(before, one):
            message = say("fault.surcharges-overlap", kind=one.kind, other=other)
            yield finding(here, FaultCode.SURCHARGES_OVERLAP, message)
            return
