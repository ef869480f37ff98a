"""All checks of a scenario beyond the shape of its fields, as two lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.checks.couplings import check_couplings, check_loops
from optimizer.formats.checks.matrices import check_matrices, check_matrix_use
from optimizer.formats.checks.plausible import (
    warn_of_places,
    warn_of_units,
    warn_of_unreachable,
)
from optimizer.formats.checks.references import (
    check_ids,
    check_people,
    check_published,
    check_time_zone,
    check_visits,
)
from optimizer.formats.checks.servable import (
    warn_of_couplings,
    warn_of_pins,
    warn_of_staff,
    warn_of_unservable,
    warn_of_wishes,
)
from optimizer.formats.checks.times import (
    check_periods,
    check_staff_times,
    check_ticks,
    check_visit_times,
)
from optimizer.formats.checks.view import View
from optimizer.formats.findings import Findings, in_document_order, shorten

CHECKS: tuple[Callable[[View], Iterator[Fault]], ...] = (
    check_time_zone,
    check_ids,
    check_people,
    check_visits,
    check_published,
    check_visit_times,
    check_staff_times,
    check_periods,
    check_ticks,
    check_couplings,
    check_loops,
    check_matrices,
    check_matrix_use,
)

SUSPICIONS: tuple[Callable[[Scenario], Iterator[Fault]], ...] = (
    warn_of_places,
    warn_of_units,
    warn_of_unreachable,
    warn_of_staff,
    warn_of_wishes,
    warn_of_pins,
    warn_of_couplings,
    warn_of_unservable,
)

SECTIONS = tuple(Scenario.model_fields)


def check_scenario(scenario: Scenario) -> Findings:
    """Check a scenario across its records.

    Returns
    -------
    Findings
        All faults, in document order; warnings only if there is no fault, because they
        look records up by their ids.
    """
    faults = cross_faults(View.of(scenario))
    if faults:
        return Findings(faults=faults)
    warnings = [warning for suspicion in SUSPICIONS for warning in suspicion(scenario)]
    return Findings(warnings=shorten(in_document_order(warnings, SECTIONS)))


def cross_faults(view: View) -> tuple[Fault, ...]:
    """Return all faults between the records that can be seen, in document order."""
    return in_document_order((fault for check in CHECKS for fault in check(view)), SECTIONS)
