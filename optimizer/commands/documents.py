"""Reading what a command is given: scenarios, benchmark instances and plans."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from optimizer.commands.terminal import tell_warnings
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault, InvalidDocument
from optimizer.formats import check_plan, parse_scenario, read_plan
from optimizer.formats.files import read_bytes
from optimizer.formats.hhcrsp import HhcrspInstance, is_hhcrsp, read_hhcrsp
from optimizer.i18n.catalogue import Lang
from optimizer.needs import Book, Needs
from optimizer.prepare import Prepared, prepare
from optimizer.travel import TravelMatrices

Kind = Literal["scenario", "plan", "instance"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A scenario ready to be solved.

    Attributes
    ----------
    prepared
        Without faults, with the visits that follow from health records.
    instance
        The benchmark instance it was read from, if it was.
    warnings
        What is suspicious in it.
    """

    prepared: Prepared
    instance: HhcrspInstance | None
    warnings: tuple[Fault, ...]

    @property
    def scenario(self) -> Scenario:
        """The scenario with its visits."""
        return self.prepared.scenario

    @property
    def matrices(self) -> TravelMatrices:
        """Travel between its places."""
        return self.prepared.matrices

    @property
    def needs(self) -> Needs | None:
        """What its health records ask for; None if it has none."""
        return self.prepared.needs if self.prepared.needs.clients else None


def kind_of(raw: bytes) -> Kind:
    """Return what a document is; anything unknown counts as a scenario, whose reader says why.

    Parameters
    ----------
    raw
        The unpacked content of the file.
    """
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        return "scenario"
    if not isinstance(document, dict):
        return "scenario"
    if is_hhcrsp(document):
        return "instance"
    return "plan" if document.get("format") == "homecare-plan" else "scenario"


def load_problem(path: Path, *, lang: Lang, book: Book | None = None) -> Problem:
    """Read and check a scenario or a benchmark instance; write warnings beside the answer.

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
    raw = read_bytes(path)
    if kind_of(raw) == "instance":
        instance = read_hhcrsp(path)
        return Problem(prepare(instance.scenario), instance, ())
    prepared = prepare(parse_scenario(raw, path.name, book=book), book)
    tell_warnings(prepared.warnings, path.name, lang=lang)
    return Problem(prepared, None, prepared.warnings)


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
    plan = read_plan(path)
    findings = check_plan(plan, scenario)
    if findings.faults:
        raise InvalidDocument(findings.faults, path.name)
    tell_warnings(findings.warnings, path.name, lang=lang)
    return plan
