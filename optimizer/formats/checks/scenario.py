"""All checks of a scenario beyond the shape of its fields, as two lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.checks.assessments import check_assessments
from optimizer.formats.checks.care_plans import check_care_plans
from optimizer.formats.checks.clock_changes import check_clock_changes
from optimizer.formats.checks.contracts import warn_of_contracts
from optimizer.formats.checks.couplings import check_couplings, check_loops
from optimizer.formats.checks.derivation import with_derived
from optimizer.formats.checks.entitlements import check_entitlements, warn_of_payers
from optimizer.formats.checks.health_records import (
    check_health_records,
    check_impossible,
    check_meals,
    check_orders,
)
from optimizer.formats.checks.incomplete import warn_of_incomplete, warn_of_odd
from optimizer.formats.checks.labour import check_labour_of_scenario
from optimizer.formats.checks.matrices import check_matrices, check_matrix_use
from optimizer.formats.checks.needs import (
    warn_of_care_plans,
    warn_of_codes,
    warn_of_entitlements,
    warn_of_late_dates,
    warn_of_tiers,
)
from optimizer.formats.checks.plausible import (
    warn_of_places,
    warn_of_units,
    warn_of_unreachable,
)
from optimizer.formats.checks.price_books import check_price_books
from optimizer.formats.checks.references import (
    check_ids,
    check_names_of_visits,
    check_people,
    check_published,
    check_time_zone,
    check_visits,
)
from optimizer.formats.checks.series import check_series
from optimizer.formats.checks.servable import (
    warn_of_couplings,
    warn_of_history,
    warn_of_pins,
    warn_of_published,
    warn_of_staff,
    warn_of_unservable,
    warn_of_wishes,
)
from optimizer.formats.checks.times import (
    check_midnights,
    check_periods,
    check_pins,
    check_staff_times,
    check_ticks,
    check_visit_times,
)
from optimizer.formats.checks.view import View
from optimizer.formats.checks.worked_before import check_worked_before, warn_of_worked_before
from optimizer.formats.findings import Findings, in_document_order, shorten
from optimizer.needs.book import Book, default_book
from optimizer.needs.derive import derive

CHECKS: tuple[Callable[[View], Iterator[Fault]], ...] = (
    check_time_zone,
    check_ids,
    check_people,
    check_visits,
    check_visit_times,
    check_staff_times,
    check_worked_before,
    check_labour_of_scenario,
    check_periods,
    check_price_books,
    check_ticks,
    check_midnights,
    check_clock_changes,
    check_matrices,
    check_matrix_use,
    check_assessments,
    check_health_records,
    check_orders,
    check_impossible,
    check_meals,
    check_entitlements,
    check_care_plans,
    check_series,
)

CHECKS_AFTER_DERIVATION: tuple[Callable[[View], Iterator[Fault]], ...] = (
    check_names_of_visits,
    check_published,
    check_pins,
    check_couplings,
    check_loops,
)
"Of what names visits, among them perhaps such that follow from records."

SUSPICIONS: tuple[Callable[[Scenario], Iterator[Fault]], ...] = (
    warn_of_places,
    warn_of_units,
    warn_of_unreachable,
    warn_of_history,
    warn_of_staff,
    warn_of_worked_before,
    warn_of_contracts,
    warn_of_wishes,
    warn_of_payers,
    warn_of_unservable,
)

SUSPICIOUS_TIES: tuple[Callable[[Scenario, Scenario], Iterator[Fault]], ...] = (
    warn_of_published,
    warn_of_pins,
    warn_of_couplings,
)

SUSPICIOUS_NEEDS: tuple[Callable[[Scenario, Book], Iterator[Fault]], ...] = (
    warn_of_tiers,
    warn_of_late_dates,
    warn_of_codes,
    warn_of_incomplete,
    warn_of_odd,
    warn_of_entitlements,
    warn_of_care_plans,
)

SECTIONS = tuple(Scenario.model_fields)


def check_scenario(scenario: Scenario, *, book: Book | None = None) -> Findings:
    """Check a scenario across its records.

    Parameters
    ----------
    scenario
        The scenario.
    book
        Catalogue and rules that health records and care plans are checked by; those of the
        package if not given.

    Returns
    -------
    Findings
        All faults, in document order; warnings only if there is no fault, because they
        look records up by their ids.
    """
    book = book or default_book()
    faults = cross_faults(View.of(scenario, book))
    if faults:
        return Findings(faults=in_document_order(faults, SECTIONS, scenario))
    planned = derive(scenario, book).scenario
    return Findings(warnings=scenario_warnings(scenario, planned, book=book))


def scenario_warnings(
    scenario: Scenario, planned: Scenario, *, book: Book | None = None
) -> tuple[Fault, ...]:
    """Return what is suspicious in a scenario without faults, in document order.

    Parameters
    ----------
    scenario, book
        As for `check_scenario`.
    planned
        The same with the visits that follow from its records.
    """
    book = book or default_book()
    warnings = [warning for suspicion in SUSPICIONS for warning in suspicion(scenario)]
    warnings += [each for suspicion in SUSPICIOUS_TIES for each in suspicion(scenario, planned)]
    warnings += [warning for suspicion in SUSPICIOUS_NEEDS for warning in suspicion(scenario, book)]
    return shorten(in_document_order(warnings, SECTIONS, scenario))


def cross_faults(view: View, *, is_sound: bool = True) -> list[Fault]:
    """Return all faults between the records that can be seen, check by check.

    Parameters
    ----------
    is_sound
        Whether no record has a fault of its own.
    """
    faults = [fault for check in CHECKS for fault in check(view)]
    after = with_derived(view, is_sound=is_sound and not faults)
    return faults + [fault for check in CHECKS_AFTER_DERIVATION for fault in check(after)]
