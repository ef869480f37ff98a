"""``homecare move``, ``retime``, ``compare`` and ``recommend``: one roster, one question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.text import Text

from optimizer.commands.documents import load_plan, load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_outputs
from optimizer.commands.terminal import answer, answer_json
from optimizer.domain.event import Added, Events
from optimizer.domain.plan import Plan
from optimizer.errors import UsageError
from optimizer.formats import check_events, read_new_visit
from optimizer.i18n import Lang, say
from optimizer.prepare import Prepared
from optimizer.replan import HandMade, Recommender, Roster, compared
from optimizer.report.by_hand_text import (
    comparison_document,
    comparison_text,
    hand_document,
    hand_text,
    recommendation_document,
    recommendation_text,
)
from optimizer.report.roster import Roster as Sheet
from optimizer.report.writing import write_output
from optimizer.units import parse_clock


@dataclass(frozen=True, slots=True)
class Asked:
    """The files of a question, and how it is answered.

    Attributes
    ----------
    scenario, plan
        Scenario and roster.
    outputs
        Files to write the new roster to.
    lang, as_json
        Language, and whether to answer with one JSON document.
    """

    scenario: Path
    plan: Path
    outputs: Sequence[Path]
    lang: Lang
    as_json: bool

    def read(self) -> tuple[Prepared, Plan]:
        """Read scenario and roster; outputs must be writable.

        Raises
        ------
        InputError
            If a file cannot be read or has faults.
        """
        check_outputs(self.outputs, inputs=[self.scenario, self.plan])
        problem = load_problem(self.scenario, lang=self.lang)
        return problem, load_plan(self.plan, problem.scenario, lang=self.lang)


def move_files(
    asked: Asked,
    visit: str,
    *,
    to: str | None,
    swap: str | None,
    off: bool,
    carer: int,
    at: str | None,
) -> int:
    """Move, exchange or take off a visit; the exit code tells whether a rule is broken.

    Raises
    ------
    UsageError
        If the call names nothing to do, or what it names cannot be done.
    """
    if sum([to is not None, swap is not None, off]) != 1:
        raise UsageError(say("usage.one_move"))
    start = None if at is None else _clock(at)
    problem, plan = asked.read()
    roster = Roster.of(problem.for_engine, plan, problem.matrices)
    if to is not None:
        made = roster.moved(visit, to, carer=carer, at=start)
    else:
        made = roster.unassigned(visit) if swap is None else roster.swapped(visit, swap)
    return _told(asked, problem, made)


def retime_files(asked: Asked) -> int:
    """Begin every visit at the best time for the order of its route.

    Raises
    ------
    UsageError
        If the roster breaks a rule.
    """
    problem, plan = asked.read()
    made = Roster.of(problem.for_engine, plan, problem.matrices).retimed()
    return _told(asked, problem, made)


def compare_files(asked: Asked, other: Path, other_scenario: Path | None) -> int:
    """Tell two rosters apart, perhaps of two scenarios."""
    problem, plan = asked.read()
    second = problem
    if other_scenario is not None:
        second = load_problem(other_scenario, lang=asked.lang)
    other_plan = load_plan(other, second.scenario, lang=asked.lang)
    found = compared(problem.for_engine, plan, other_plan, second.for_engine)
    day = problem.for_engine
    _say(asked, comparison_document(day, found), comparison_text(day, found, lang=asked.lang))
    return ExitCode.OK


def recommend_files(asked: Asked, visit: str, *, most: int, now: str | None, move_one: bool) -> int:
    """Say who could take a visit of the scenario or of a file.

    Raises
    ------
    UsageError
        If the roster breaks rules or makes the visit.
    InvalidDocument
        If a new visit has faults.
    """
    problem, plan = asked.read()
    day = problem.for_engine
    wanted = visit if visit in {one.id for one in day.visits} else _new(Path(visit), problem, plan)
    recommender = Recommender(day, plan, problem.matrices)
    if not recommender.is_clean:
        raise UsageError(say("usage.broken_roster"))
    name = wanted if isinstance(wanted, str) else wanted.visit.id
    if recommender.makes(name):
        raise UsageError(say("usage.is_made", visit=name))
    begins = None if now is None else _clock(now)
    found = recommender.recommend(wanted, most=most, now=begins, move_one=move_one)
    document = recommendation_document(day, found)
    _say(asked, document, recommendation_text(day, found, lang=asked.lang))
    return ExitCode.OK


def _new(path: Path, problem: Prepared, plan: Plan) -> Added:
    """Return the visit of a file, checked as the scenario's own are."""
    if not path.is_file():
        raise UsageError(say("usage.no_visit", visit=path))
    added = read_new_visit(path).added()
    events = Events(events=(added,))
    check_events(events, problem.for_engine, plan, (path.name,)).refuse_faults(path.name)
    return added


def _clock(word: str) -> int:
    try:
        return parse_clock(word)
    except ValueError as error:
        raise UsageError(say("usage.unreadable_event", words=(word,))) from error


def _told(asked: Asked, problem: Prepared, made: HandMade) -> int:
    roster = Sheet.of_verdict(replace(problem), made.plan, made.verdict)
    for path in asked.outputs:
        write_output(path, roster, lang=asked.lang, origin=problem.origin)
    day = problem.for_engine
    _say(asked, hand_document(day, made, lang=asked.lang), hand_text(day, made, lang=asked.lang))
    return ExitCode.RULE_VIOLATED if made.broken else ExitCode.OK


def _say(asked: Asked, document: Mapping[str, Any], lines: Iterator[str]) -> None:
    if asked.as_json:
        answer_json(document)
        return
    for line in lines:
        answer(Text(line))
