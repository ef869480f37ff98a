"""Every file format once: what it holds, how it is recognised and named, read and written.

A new format is a module of its own and one entry here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.document import Content, parse_json
from optimizer.formats.fhir import is_fhir, parse_fhir
from optimizer.formats.files import read_bytes, write_bytes
from optimizer.formats.hhcrsp import HhcrspInstance, is_hhcrsp, load_hhcrsp
from optimizer.formats.hhcrsp_solution import write_hhcrsp_solution
from optimizer.formats.plan import parse_plan, write_plan
from optimizer.formats.plan_table import write_plan_csv
from optimizer.formats.scenario import parse_scenario, write_scenario
from optimizer.formats.vroom import VroomProblem, parse_vroom, vroom_solution
from optimizer.formats.vroom_document import is_vroom
from optimizer.needs.book import Book

Origin = HhcrspInstance | VroomProblem
"A problem as its foreign format says it, with the way back from a plan."

_O = TypeVar("_O")


@dataclass(frozen=True, slots=True)
class Opened(Generic[_O]):
    """The problem in a file.

    Attributes
    ----------
    scenario
        The problem in our own words.
    origin
        The same in those of its format; None where these are our own.
    warnings
        What the reader passed over.
    """

    scenario: Scenario
    origin: _O
    warnings: tuple[Fault, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ProblemFormat(Generic[_O]):
    """A format of problems.

    Attributes
    ----------
    name
        What ``homecare convert --json`` calls it.
    recognises
        Whether a JSON object is meant to be of this format.
    read
        Returns the problem in a document: content, source for the heading of errors, and the
        book by which health records are checked (None for that of the package).
    endings
        How the names of its files end, where it is written; empty if it is only read.
    write
        Writes a scenario to a file packed as its name says.
    visit_lists, caregiver_lists
        Fields with an entry per client, visit or stop, and per caregiver, by which the service
        sees the size of a document before it makes records of it.
    """

    name: str
    recognises: Callable[[Mapping[str, Any]], bool]
    read: Callable[[Content, str, Book | None], Opened[_O]]
    endings: tuple[str, ...] = ()
    write: Callable[[Scenario, Path], None] = write_scenario
    visit_lists: tuple[str, ...] = ()
    caregiver_lists: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanFormat:
    """A format of plans.

    Attributes
    ----------
    name
        What ``homecare convert --json`` calls it.
    endings
        How the names of its files end.
    write
        Writes a plan of an opened problem to a file packed as its name says.
    recognises, read
        As of a `ProblemFormat`, without a book; None if it is only written.
    of, whose
        The only kind of problem whose plans it can hold, and that kind in words; None for all.
    visit_lists
        As of a `ProblemFormat`.
    """

    name: str
    endings: tuple[str, ...]
    write: Callable[[Plan, Opened[Any], Path], None]
    recognises: Callable[[Mapping[str, Any]], bool] | None = None
    read: Callable[[Content, str], Plan] | None = None
    of: type[Origin] | None = None
    whose: str = ""
    visit_lists: tuple[str, ...] = ()

    def can_hold_plans_of(self, origin: Origin | None) -> bool:
        """Return whether plans of a problem of this origin can be written."""
        return self.of is None or isinstance(origin, self.of)


AnyFormat = ProblemFormat[Any] | PlanFormat


def _packed(ending: str) -> tuple[str, str, str]:
    return ending, f"{ending}.gz", f"{ending}.xz"


def _open_instance(text: Content, source: str, _: Book | None) -> Opened[HhcrspInstance]:
    instance = load_hhcrsp(text, source)
    return Opened(instance.scenario, instance, instance.warnings)


def _open_vroom(text: Content, source: str, _: Book | None) -> Opened[VroomProblem]:
    problem = parse_vroom(text, source)
    return Opened(problem.scenario, problem)


def _open_bundle(text: Content, source: str, book: Book | None) -> Opened[None]:
    bundle = parse_fhir(text, source, book=book)
    return Opened(bundle.scenario, None, bundle.warnings)


def _write_vroom(plan: Plan, problem: Opened[VroomProblem], path: Path) -> None:
    # The time of the search is not told: the same plan gives the same bytes.
    document = vroom_solution(problem.origin, plan)
    write_bytes(path, (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())


INSTANCE = ProblemFormat(name="instance", recognises=is_hhcrsp, read=_open_instance)
"An instance of the public home-health-care benchmark."

VROOM = ProblemFormat(
    name="vroom",
    recognises=is_vroom,
    read=_open_vroom,
    visit_lists=("jobs",),
    caregiver_lists=("vehicles",),
)
"A routing problem in VROOM's JSON."

FHIR: ProblemFormat[None] = ProblemFormat(
    name="fhir",
    recognises=is_fhir,
    read=_open_bundle,
    visit_lists=("entry",),
)
"Health records and care plans in the common FHIR shape; there is no way back."

SCENARIO: ProblemFormat[None] = ProblemFormat(
    name="scenario",
    recognises=lambda document: document.get("format") == "homecare-scenario",
    read=lambda text, source, book: Opened(parse_scenario(text, source, book=book), None),
    endings=_packed(".json"),
    visit_lists=("visits", "clients"),
    caregiver_lists=("caregivers",),
)
"Our own; its reader also says what is wrong with a document of no known format."

PLAN = PlanFormat(
    name="plan",
    endings=_packed(".json"),
    write=lambda plan, _, path: write_plan(plan, path),
    recognises=lambda document: document.get("format") == "homecare-plan",
    read=parse_plan,
    visit_lists=("routes", "unserved"),
)
"Our own."

TABLE = PlanFormat(
    name="table",
    endings=(".csv",),
    write=lambda plan, problem, path: write_plan_csv(plan, problem.scenario, path),
)
"A line per stop, for a spreadsheet."

HHCRSP_SOLUTION = PlanFormat(
    name="solution",
    endings=_packed(".hhcrsp.json"),
    write=lambda plan, problem, path: write_hhcrsp_solution(problem.origin, plan, path),
    of=HhcrspInstance,
    whose="benchmark instances",
)
"The public benchmark's own form of a plan."

VROOM_SOLUTION = PlanFormat(
    name="vroom-solution",
    endings=_packed(".vroom.json"),
    write=_write_vroom,
    of=VroomProblem,
    whose="VROOM problems",
)
"VROOM's output."

PROBLEM_FORMATS: tuple[ProblemFormat[Any], ...] = (SCENARIO, INSTANCE, VROOM, FHIR)

PLAN_FORMATS = (PLAN, TABLE, HHCRSP_SOLUTION, VROOM_SOLUTION)

FORMATS: tuple[AnyFormat, ...] = (*PROBLEM_FORMATS, *PLAN_FORMATS)


def format_of(document: Mapping[str, Any]) -> AnyFormat:
    """Return the format of a JSON object; what is unknown counts as a scenario."""
    recognised = (one for one in FORMATS if one.recognises and one.recognises(document))
    return next(recognised, SCENARIO)


def open_problem(path: Path, *, book: Book | None = None) -> Opened[Any]:
    """Read the problem in a file, whatever its format.

    Parameters
    ----------
    path
        The file, plain or packed.
    book
        Catalogue and rules that health records are checked by; those of the package if not
        given.

    Raises
    ------
    UnreadableFile
        If the file cannot be read or unpacked.
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all its faults; a plan is no problem.
    """
    document = parse_json(read_bytes(path), path.name)
    found = format_of(document.content)
    # The scenario's reader says in its own words that a plan is none.
    problem: ProblemFormat[Any] = found if isinstance(found, ProblemFormat) else SCENARIO
    return problem.read(document, path.name, book)


def open_plan(path: Path) -> Plan:
    """Read the plan in a file, whatever its format; whose plan it is, nobody asks yet.

    Raises
    ------
    UnreadableFile
        If the file cannot be read or unpacked.
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all its faults; a problem is no plan.
    """
    document = parse_json(read_bytes(path), path.name)
    found = format_of(document.content)
    read = found.read if isinstance(found, PlanFormat) else None
    return (read or parse_plan)(document, path.name)


def plan_format_named(name: str) -> PlanFormat | None:
    """Return the format of plans that the ending of a file's name asks for, if any."""
    ending = _longest_ending(name)
    return next((one for one in PLAN_FORMATS if ending in one.endings), None)


def problem_format_named(name: str) -> ProblemFormat[Any] | None:
    """Return the format of problems that the ending of a file's name asks for, if any."""
    ending = _longest_ending(name)
    return next((one for one in PROBLEM_FORMATS if ending in one.endings), None)


def _longest_ending(name: str) -> str:
    """Return the longest known ending of a name: day.hhcrsp.json is not just any .json."""
    known = {ending for one in FORMATS for ending in one.endings}
    return max((e for e in known if name.lower().endswith(e)), key=len, default="")
