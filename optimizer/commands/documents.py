"""Reading what a command is given: problems of any format, plans, and what took place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from optimizer.commands.terminal import tell, tell_warnings
from optimizer.domain.delivery import Deliveries
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.errors import InvalidDocument
from optimizer.formats import check_care, check_plan, unchosen
from optimizer.formats.codes import FaultCode
from optimizer.formats.deliveries import read_deliveries
from optimizer.formats.registry import open_plan, open_problem
from optimizer.i18n import sentence
from optimizer.i18n.catalogue import Lang
from optimizer.needs import Book
from optimizer.prepare import Prepared, prepare


def load_problem(path: Path, *, lang: Lang, book: Book | None = None) -> Prepared:
    """Read and check a problem of any format; write warnings beside the answer.

    Parameters
    ----------
    path
        The file.
    lang
        Language of the heading of the warnings.
    book
        Catalogue and rules by which visits are derived; those of the package if not given.

    Raises
    ------
    InputError
        If the file cannot be read or has faults.
    """
    opened = open_problem(path, book=book)
    prepared = prepare(opened.origin or opened.scenario, book)
    prepared = replace(prepared, read_warnings=opened.warnings)
    tell_warnings(prepared.warnings, path.name, lang=lang)
    return prepared


def load_plan_to_judge(path: Path, scenario: Scenario, *, lang: Lang) -> Plan:
    """Read a plan that may be wrong about a scenario, but must be one of it; write warnings.

    Parameters
    ----------
    path
        The file.
    scenario
        The scenario that the plan is for; what the plan names beyond it is left to the verifier.
    lang
        Language of the heading of the warnings.

    Raises
    ------
    InputError
        If the file cannot be read, has faults, or holds the plan of another scenario.
    """
    plan = open_plan(path)
    findings = check_plan(plan, scenario)
    other = [one for one in findings.faults if one.code == FaultCode.WRONG_PLAN]
    if other:
        raise InvalidDocument(other, path.name)
    tell_warnings(findings.warnings, path.name, lang=lang)
    return plan


def load_plan(path: Path, scenario: Scenario, *, lang: Lang) -> Plan:
    """Read a plan that is to be used with a scenario; write warnings beside the answer.

    Parameters
    ----------
    path
        The file.
    scenario
        The scenario that the plan is for.
    lang
        Language of the heading of the warnings.

    Raises
    ------
    InputError
        If the file cannot be read, has faults, or names what the scenario does not have.
    """
    plan = open_plan(path)
    findings = check_plan(plan, scenario)
    if findings.faults:
        raise InvalidDocument(findings.faults, path.name)
    tell_warnings(findings.warnings, path.name, lang=lang)
    return plan


def load_roster(path: Path, scenario: Scenario, *, lang: Lang) -> Plan:
    """Read a plan from which money or marks follow; as `load_plan`.

    Raises
    ------
    InputError
        Also if a stop lasts longer or less than the scenario asks for.
    """
    plan = load_plan(path, scenario, lang=lang)
    faults = check_care(plan, scenario)
    if faults:
        raise InvalidDocument(faults, path.name)
    tell_warnings(unchosen(plan, scenario), path.name, lang=lang)
    return plan


def load_start(path: Path, scenario: Scenario, *, lang: Lang) -> Plan:
    """Read a plan to begin from; what the scenario does not have any more is left out, and told.

    Parameters
    ----------
    path, scenario, lang
        As in `load_plan`.

    Raises
    ------
    InputError
        If the file cannot be read, or holds the plan of another scenario.
    """
    plan = open_plan(path)
    findings = check_plan(plan, scenario)
    other = [one for one in findings.faults if one.code == FaultCode.WRONG_PLAN]
    if other:
        raise InvalidDocument(other, path.name)
    tell_warnings(findings.warnings, path.name, lang=lang)
    visits = {visit.id for visit in scenario.visits}
    people = {person.id for person in scenario.caregivers}
    routes = []
    for route in plan.routes:
        stops = tuple(stop for stop in route.stops if stop.visit in visits)
        if route.caregiver in people and stops:
            is_whole = stops == route.stops
            update = {"stops": stops, "pause": None}
            routes.append(route if is_whole else route.model_copy(update=update))
    if findings.faults:
        tell(sentence(lang, "cli.start_without", count=len(findings.faults)))
    unserved = tuple(one for one in plan.unserved if one.visit in visits)
    return plan.model_copy(update={"routes": tuple(routes), "unserved": unserved})


def load_deliveries(path: Path, scenario: Scenario, *, lang: Lang) -> Deliveries:
    """Read what took place, from a document or from tables; write warnings beside the answer.

    Parameters
    ----------
    path
        A table by its ending (``.csv``, ``.xlsx`` and others), else a document.
    scenario
        With all its visits.
    lang
        Language of the heading of the warnings.

    Raises
    ------
    InputError
        If the file cannot be read or has faults.
    """
    # A tenth of a second that only whoever reads evidence needs.
    from optimizer.spreadsheets import DELIVERY_TABLES, read_delivery_tables  # noqa: PLC0415

    if path.suffix.lower() not in DELIVERY_TABLES:
        return read_deliveries(path, scenario)
    deliveries, notes = read_delivery_tables(path, scenario)
    tell_warnings(notes, path.name, lang=lang)
    return deliveries
