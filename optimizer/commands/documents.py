"""Reading what a command is given: scenarios, benchmark instances and plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from optimizer.commands.terminal import tell_warnings
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault, InvalidDocument
from optimizer.formats import (
    HhcrspInstance,
    check_scenario,
    is_hhcrsp,
    read_hhcrsp,
    read_plan,
    read_scenario,
)
from optimizer.formats.hhcrsp import load_json
from optimizer.i18n.catalogue import Lang

Kind = Literal["scenario", "plan", "instance"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A scenario ready to be solved.

    Attributes
    ----------
    scenario
        Without faults.
    instance
        The benchmark instance it was read from, if it was.
    warnings
        What is suspicious in it.
    """

    scenario: Scenario
    instance: HhcrspInstance | None
    warnings: tuple[Fault, ...]


def kind_of(document: Mapping[str, Any]) -> Kind:
    """Return what a JSON document is; anything unknown counts as a scenario."""
    if is_hhcrsp(document):
        return "instance"
    return "plan" if document.get("format") == "homecare-plan" else "scenario"


def load_problem(path: Path, *, lang: Lang) -> Problem:
    """Read and check a scenario or a benchmark instance; write warnings beside the answer.

    Raises
    ------
    InputError
        If the file cannot be read or has faults.
    """
    instance = None
    if kind_of(load_json(path)) == "instance":
        instance = read_hhcrsp(path)
        scenario = instance.scenario
    else:
        scenario = read_scenario(path)
    findings = check_scenario(scenario)
    if findings.faults:
        raise InvalidDocument(findings.faults, path.name)
    tell_warnings(findings.warnings, path.name, lang=lang)
    return Problem(scenario, instance, tuple(findings.warnings))


def load_plan(path: Path) -> Plan:
    """Read a plan.

    Raises
    ------
    InputError
        If the file cannot be read or has faults.
    """
    return read_plan(path)
