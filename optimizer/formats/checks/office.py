"""A purchaser's office against the scenario: known clients, dates and ages that can be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from optimizer.domain.eligibility import Application, State
from optimizer.domain.office import Office
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.checks.directory import check_directory
from optimizer.formats.checks.evaluation import check_evaluation
from optimizer.formats.checks.pools import check_pools, odd_pools
from optimizer.formats.checks.repeats import repeated
from optimizer.formats.codes import FaultCode, WarningCode
from optimizer.formats.findings import Findings, finding, shorten
from optimizer.i18n import say
from optimizer.needs import Book

SHOWN = ("hardship", "disability", "household")
"What an application says with one code, which the tests of categories list."


def check_office(office: Office, scenario: Scenario, book: Book) -> Findings:
    """Check that an office names what there is and does not contradict itself.

    Parameters
    ----------
    office
        Categories and applications.
    scenario
        Whose clients it is about.
    book
        The catalogue, for its price books.
    """
    faults = (
        *_price_book(office, book),
        *_categories(office),
        *_applications(office, scenario),
        *check_pools(office, scenario),
        *check_directory(office, scenario),
        *_terms(office),
        *_prices(office, scenario),
        *check_evaluation(office.evaluation),
    )
    if faults:
        return Findings(faults)
    return Findings(
        warnings=shorten(
            (*_payer(office, scenario), *_unasked(office, scenario), *odd_pools(office, scenario))
        )
    )


def _price_book(office: Office, book: Book) -> Iterator[Fault]:
    known = sorted({name for one in book.catalogue.services.values() for name in one.prices})
    if office.price_book is not None and office.price_book not in known:
        message = say("fault.unknown-price-book.office", name=office.price_book, known=tuple(known))
        yield finding("price_book", FaultCode.UNKNOWN_PRICE_BOOK, message)


def _categories(office: Office) -> Iterator[Fault]:
    yield from repeated("categories", (one.code for one in office.categories))
    for n, category in enumerate(office.categories):
        if category.end is not None and category.end < category.start:
            message = say("fault.period-reversed", start=category.start, end=category.end)
            yield finding(f"categories[{n}].end", FaultCode.PERIOD_REVERSED, message)
        least, most = category.test.min_age, category.test.max_age
        if least is not None and most is not None and most < least:
            message = say("fault.ages-reversed", most=most)
            yield finding(f"categories[{n}].test.min_age", FaultCode.AGES_REVERSED, message)


def _applications(office: Office, scenario: Scenario) -> Iterator[Fault]:
    clients = {client.id for client in scenario.clients}
    yield from repeated("applications", (one.client for one in office.applications))
    for n, one in enumerate(office.applications):
        place = f"applications[{n}]"
        if one.client not in clients:
            message = say("fault.unknown-client", name=one.client)
            yield finding(f"{place}.client", FaultCode.UNKNOWN_CLIENT, message)
        if one.disability_grade is not None and one.disability is None:
            message = say("fault.level-of-nothing.disability")
            yield finding(f"{place}.disability_grade", FaultCode.LEVEL_OF_NOTHING, message)
        yield from _changes(place, one)


def _changes(place: str, one: Application) -> Iterator[Fault]:
    yield from repeated("changes", (change.date for change in one.changes), f"{place}.")
    deaths = [change.date for change in one.changes if change.state is State.DECEASED]
    for n, change in enumerate(one.changes):
        if deaths and change.date > deaths[0]:
            message = say("fault.after-death", day=deaths[0])
            yield finding(f"{place}.changes[{n}].date", FaultCode.AFTER_DEATH, message)


def _terms(office: Office) -> Iterator[Fault]:
    terms = office.terms
    yield from repeated("rules", (one.doubt for one in terms.rules), "terms.")
    if terms.least_percent > terms.full_percent:
        message = say("fault.visit-limits-reversed.terms", full=terms.full_percent)
        yield finding("terms.least_percent", FaultCode.VISIT_LIMITS_REVERSED, message)


def _prices(office: Office, scenario: Scenario) -> Iterator[Fault]:
    contracts = {one.id for one in scenario.contracts}
    for n, one in enumerate(office.terms.prices):
        if one.end is not None and one.end < one.start:
            message = say("fault.period-reversed", start=one.start, end=one.end)
            yield finding(f"terms.prices[{n}].end", FaultCode.PERIOD_REVERSED, message)
        if one.contract is not None and one.contract not in contracts:
            message = say("fault.unknown-contract.price", name=one.contract)
            yield finding(f"terms.prices[{n}].contract", FaultCode.UNKNOWN_CONTRACT, message)


def _payer(office: Office, scenario: Scenario) -> Iterator[Fault]:
    payers = {one.payer for client in scenario.clients for one in client.entitlements}
    payers |= {visit.payer for visit in scenario.visits if visit.payer is not None}
    if payers and office.payer not in payers:
        message = say("fault.payer-of-nobody", payer=office.payer, known=tuple(sorted(payers)))
        yield finding("payer", WarningCode.PAYER_OF_NOBODY, message)


def _unasked(office: Office, scenario: Scenario) -> Iterator[Fault]:
    """Yield what somebody shows or is, and no category asks for: perhaps it is misspelt."""
    for field in SHOWN:
        asked = {code for one in office.categories for code in getattr(one.test, field)}
        for n, one in enumerate(office.applications):
            value = getattr(one, field)
            if asked and value is not None and value not in asked:
                place = f"applications[{n}].{field}"
                yield _unasked_of(place, value, asked)
    marks = {code for one in office.categories for code in one.test.marks}
    for n, one in enumerate(office.applications):
        for k, mark in enumerate(one.marks):
            if mark not in marks:
                yield _unasked_of(f"applications[{n}].marks[{k}]", mark, marks)
    applied = {one.client for one in office.applications}
    known = {one.code for one in office.categories}
    others = Counter(
        client.category
        for client in scenario.clients
        if client.category not in known and client.id not in applied
    )
    for code, count in sorted(others.items(), key=lambda item: item[0] or ""):
        message = say("fault.category-without-test.none", count=count)
        if code is not None:
            message = say("fault.category-without-test", category=code, count=count)
        yield finding("categories", WarningCode.CATEGORY_WITHOUT_TEST, message)


def _unasked_of(place: str, value: str, asked: Iterable[str]) -> Fault:
    known = tuple(sorted(asked)) or ("–",)
    message = say("fault.asked-by-nobody", value=value, known=known)
    return finding(place, WarningCode.ASKED_BY_NOBODY, message)
