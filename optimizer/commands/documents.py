"""Reading what a command is given: problems of any format, and plans."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from optimizer.commands.terminal import tell_warnings
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault, InvalidDocument
from optimizer.formats import check_plan
from optimizer.formats.codes import FaultCode
from optimizer.formats.hhcrsp import HhcrspInstance
from optimizer.formats.registry import Origin, open_plan, open_problem
from optimizer.i18n.catalogue import Lang
from optimizer.needs import Book, Needs
from optimizer.prepare import Prepared, prepare
from optimizer.travel import TravelMatrices


@dataclass(frozen=True, slots=True)
class LoadedProblem:
    """A scenario ready to be solved.

    Attributes
    ----------
    prepared
        Without faults, with the visits that follow from health records.
    origin
        The same as the foreign format says it from which it was read, if it was.
    warnings
        What is suspicious in it.
    """

    prepared: Prepared
    origin: Origin | None
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

    @property
    def instance(self) -> HhcrspInstance | None:
        """The benchmark instance it was read from, if it was."""
        return self.origin if isinstance(self.origin, HhcrspInstance) else None


def load_problem(path: Path, *, lang: Lang, book: Book | None = None) -> LoadedProblem:
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
    # Of a foreign problem its reader alone says what is suspicious.
    own = prepared.warnings if opened.origin is None else ()
    warnings = (*opened.warnings, *own)
    tell_warnings(warnings, path.name, lang=lang)
    return LoadedProblem(prepared, opened.origin, warnings)


def load_plan_to_judge(path: Path, scenario: Scenario) -> Plan:
    """Read a plan that may be wrong about a scenario, but must be one of it.

    Parameters
    ----------
    path
        The file.
    scenario
        The scenario that the plan is for; what the plan names beyond it is left to the verifier.

    Raises
    ------
    InputError
        If the file cannot be read, has faults, or holds the plan of another scenario.
    """
    plan = open_plan(path)
    other = [one for one in check_plan(plan, scenario).faults if one.code == FaultCode.WRONG_PLAN]
    if other:
        raise InvalidDocument(other, path.name)
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
