"""What a user of the library calls beside `optimizer.solve`: read, verify, explain, write."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import overload

from optimizer.domain.event import Events
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.errors import UsageError
from optimizer.explanation import (
    Explanation,
    Insertions,
    PlanState,
    explanation,
    unknown_visits,
)
from optimizer.formats.checks.events import check_events
from optimizer.formats.document import parse_json
from optimizer.formats.files import read_bytes
from optimizer.formats.plan import write_plan
from optimizer.formats.registry import (
    PLAN,
    Origin,
    PlanFormat,
    format_of,
    open_plan,
    open_problem,
)
from optimizer.i18n.catalogue import Lang
from optimizer.prepare import Prepared, prepare
from optimizer.replan import repair as mended
from optimizer.replan.repair import USUAL_ITERATIONS, Repair
from optimizer.report.roster import Roster
from optimizer.report.writing import output_form, scenario_form, write_output
from optimizer.result import Result
from optimizer.verification import verifier
from optimizer.verification.verdict import Verdict


@overload
def read(path: str | Path) -> Scenario | Plan | Origin: ...


@overload
def read(path: str | Path, kind: type[Scenario]) -> Scenario: ...


@overload
def read(path: str | Path, kind: type[Plan]) -> Plan: ...


def read(path: str | Path, kind: type[Scenario | Plan] | None = None) -> Scenario | Plan | Origin:
    """Read a scenario, a plan or a problem of a foreign format; the content says which it is.

    Parameters
    ----------
    path
        A file, plain or packed with gzip or xz.
    kind
        What the file must hold: `Scenario` (a foreign problem is then returned as a scenario)
        or `Plan`; anything that can be read if not given.

    Raises
    ------
    UnreadableFile
        If the file cannot be read or unpacked.
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all its faults, or because it holds something else than asked for.
    """
    path = Path(path)
    if kind is Plan:
        return open_plan(path)
    if kind is Scenario:
        return open_problem(path).scenario
    document = parse_json(read_bytes(path), path.name)
    found = format_of(document.content)
    if isinstance(found, PlanFormat):
        return open_plan(path) if found.read is None else found.read(document, path.name)
    opened = found.read(document, path.name, None)
    problem: Scenario | Origin = opened.origin or opened.scenario
    return problem


def verify(scenario: Scenario | Origin | Prepared, plan: Plan) -> Verdict:
    """Return all hard rules that a plan breaks and what it costs, whoever made it.

    Parameters
    ----------
    scenario
        What the plan is for; visits are derived from health records first.
    plan
        Any plan; a strange one has violations, it never raises.
    """
    prepared = prepare(scenario)
    return verifier.verify(prepared.scenario, plan, prepared.matrices)


def explain(
    scenario: Scenario | Origin | Prepared, plan: Plan, visits: Collection[str] = ()
) -> Explanation:
    """Return why visits are left out, what would serve them, and who else could make a stop.

    Parameters
    ----------
    scenario
        What the plan is for; visits are derived from health records first.
    plan
        The plan; what the scenario does not know of it is left out.
    visits
        Ids of the visits to explain, served or not; all unserved ones if empty.

    Raises
    ------
    UsageError
        If there is no such visit.
    """
    prepared = prepare(scenario)
    state = PlanState.of(prepared.scenario, plan, prepared.matrices)
    unknown = unknown_visits(state, visits)
    if unknown:
        raise UsageError(f"There is no visit {unknown[0]}.")
    return explanation(Insertions(state), visits)


def repair(
    scenario: Scenario | Origin | Prepared,
    plan: Plan,
    events: Events,
    *,
    freeze: int | None = None,
    iterations: int = USUAL_ITERATIONS,
    seed: int = 1,
) -> Repair:
    """Mend a roster after something has happened, with as few calls as possible.

    Parameters
    ----------
    scenario
        What the plan is for; visits are derived from health records first.
    plan
        The roster that was told to everybody.
    events
        What has happened, and when it is told.
    freeze
        Milliseconds after now in which visits move only if they must; the policy's if None.
    iterations, seed
        Steps of the search per proposal (at least 0), and its random seed.

    Raises
    ------
    InvalidDocument
        If events do not fit scenario and plan, with all their faults.
    """
    prepared = prepare(scenario)
    check_events(events, prepared.for_engine, plan).refuse_faults("events")
    return mended(
        prepared.for_engine,
        plan,
        events,
        matrices=prepared.matrices,
        freeze=freeze,
        iterations=iterations,
        seed=seed,
    )


def write(
    thing: Scenario | Plan | Result,
    path: str | Path,
    *,
    scenario: Scenario | Origin | Prepared | None = None,
    lang: Lang = "en",
) -> None:
    """Write a scenario, a plan or a result in the form that the file's name asks for.

    Parameters
    ----------
    thing
        A scenario is written as ``.json``; a plan or the plan of a result as ``.json``, as a
        table ``.csv``, a page ``.html``, a picture ``.svg``, a workbook ``.xlsx`` and the other
        forms for people, or in the format of the foreign problem that it was made for. JSON may
        be packed: ``.json.gz``, ``.json.xz``.
    path
        File to write; an existing one is replaced.
    scenario
        What a plan is for; needed for every form but JSON.
    lang
        Language of a page or picture, ``en`` or ``zh``.

    Raises
    ------
    UsageError
        If the thing cannot take this form, or the file cannot be written.
    """
    path = Path(path)
    if isinstance(thing, Scenario):
        scenario_form(path).write(thing, path)
    elif isinstance(thing, Result):
        origin = thing.prepared.origin
        write_output(path, Roster.of_result(thing), lang=lang, origin=origin)
    elif scenario is not None:
        prepared = prepare(scenario)
        verdict = verify(prepared, thing)
        roster = Roster.of_verdict(prepared, thing, verdict)
        write_output(path, roster, lang=lang, origin=prepared.origin)
    elif output_form(path) is PLAN:
        write_plan(thing, path)
    else:
        raise UsageError(f"{path}: this form needs the plan's scenario.")
