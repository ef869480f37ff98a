"""Every code a document can meet is explained in docs/errors.md."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import service
from optimizer import errors
from optimizer.formats import FaultCode, WarningCode
from optimizer.spreadsheets import Assumption, CellFault
from optimizer.travel import sanity
from tests.formats import (
    test_allocation,
    test_bad_input,
    test_bad_needs,
    test_book,
    test_deliveries,
    test_office,
    test_supervision,
    test_time_bank,
    test_vroom,
    test_warnings,
)
from tests.shortfall import test_checking

PAGE = (Path(__file__).parents[2] / "docs" / "errors.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `([a-z0-9-]+)` \|(.*)\|$", PAGE, re.MULTILINE))
TRAVEL = sorted(set(re.findall(r'"(travel-[a-z]+)"', Path(sanity.__file__).read_text("utf-8"))))
NOT_IMPORTED = ("service.jobs.preload", "service.database.migrations")
"Modules that do something when they are imported."


def kinds_of(error: type[errors.HomecareError]) -> Iterator[type[errors.HomecareError]]:
    """Yield all that derive from an error."""
    for kind in error.__subclasses__():
        yield kind
        yield from kinds_of(kind)


for entry in pkgutil.walk_packages(service.__path__, "service."):
    if not entry.name.startswith(NOT_IMPORTED):
        importlib.import_module(entry.name)
ERRORS = sorted({error.code for error in kinds_of(errors.HomecareError)})


def is_explained(code: str) -> bool:
    """Return whether a code has a row with a meaning and a remedy."""
    cells = [cell.strip() for cell in ROWS.get(code, "").split("|")]
    return len(cells) >= 2 and all(cells)


def test_every_code_is_explained() -> None:
    """Each code has a row with a meaning and a remedy; the root of all errors is never raised."""
    codes = [*FaultCode, *WarningCode, *CellFault, *Assumption, *TRAVEL, *ERRORS]
    unexplained = [code for code in codes if not is_explained(code)]
    assert not unexplained, "\n".join(unexplained)


def test_the_page_explains_nothing_else() -> None:
    """Codes that are gone are gone from the page."""
    assert set(ROWS) <= {*FaultCode, *WarningCode, *CellFault, *Assumption, *TRAVEL, *ERRORS}


def test_every_fault_is_produced_by_some_row() -> None:
    """The tables of bad documents hold every code but those that have a test of their own."""
    tables: list[list[tuple[Any, str, str]]] = [
        test_bad_input.TEXTS,
        test_bad_input.FIELDS,
        test_bad_input.CROSS,
        test_bad_input.CLOCKS,
        test_bad_input.MATRICES,
        test_bad_needs.FAULTS,
        test_book.CATALOGUES,
        test_book.RULES,
    ]
    rows = {row[1] for table in tables for row in table} | {row[2] for row in test_vroom.FAULTS}
    of_events = {
        *("already-begun", "event-repeated", "events-contradict"),
        *("not-at-work", "time-outside-shift", "no-such-shift", "unknown-town"),
        *("several-days", "not-made", "not-yet", "facts-break-rule"),
        *("series-has-days", "fits-no-week"),  # tests.replan.test_series
    }
    of_ledgers = {
        *("ledger-line", "ledger-edited", "ledger-broken", "ledger-forked"),
        "ledger-shorter",
        "correction-of-nothing",
    }
    alone = {"duplicate-key", "bad-value", "bad-toml"} | of_events | of_ledgers
    alone |= {"bill-not-whole"}  # tests.purchase.test_corrections
    alone |= {"other-care"}  # tests.formats.test_plan
    alone |= {row[2] for row in test_allocation.BAD} - rows | {
        "cap-below-share",
        "contract-without-clients",
    }
    alone |= {row[2] for row in test_office.BAD + test_deliveries.BAD + test_supervision.BAD} - rows
    alone |= {row[2] for row in test_time_bank.BAD} - rows | test_time_bank.ALONE
    alone |= {row[1] for row in test_checking.OF_ARMS + test_checking.OF_STUDIES} - rows
    assert {str(code) for code in FaultCode} - rows == alone


def test_every_warning_is_produced_by_some_row() -> None:
    """The tables of odd documents hold every code but those of a plan and of an instance."""
    tables = [test_warnings.ROWS, test_warnings.MATRICES, test_bad_needs.WARNINGS]
    rows = {row[1] for table in tables for row in table}
    rows |= {row[2] for row in test_office.ODD}
    assert {str(code) for code in WarningCode} - rows == {
        *("other-scenario", "unread-field", "ledger-torn"),
        # tests.purchase.test_unknown_needs
        *("applied-without-need", "need-without-record", "visit-without-payer"),
        "organisation-not-chosen",  # tests.formats.test_plan
    }


def test_codes_are_kebab_case_and_unique() -> None:
    """No fault shares its code with a warning or an error."""
    codes = [*FaultCode, *WarningCode, *CellFault, *Assumption, *TRAVEL, *ERRORS]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) for code in codes)
