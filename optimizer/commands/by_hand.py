"""``homecare move``, ``retime`` and ``compare``: one roster, one change or one question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.text import Text

from optimizer.commands.documents import load_plan, load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_outputs, check_record_name
from optimizer.commands.replan import new_hours
from optimizer.commands.terminal import answer, answer_json, tell
from optimizer.domain.event import NewHours
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.errors import UsageError
from optimizer.formats import write_scenario
from optimizer.i18n import Lang, say, sentence
from optimizer.prepare import Prepared
from optimizer.replan import HandMade, Roster, compared
from optimizer.report.by_hand_text import (
    comparison_document,
    comparison_text,
    hand_document,
    hand_text,
)
from optimizer.report.roster import Roster as Sheet
from optimizer.report.writing import write_output
from optimizer.units import parse_clock
from optimizer.verification import Verdict


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
    day
        File to write the scenario to where it has become another one; None: nowhere.
    """

    scenario: Path
    plan: Path
    outputs: Sequence[Path]
    lang: Lang
    as_json: bool
    day: Path | None = None

    def read(self) -> tuple[Prepared, Plan]:
        """Read scenario and roster; outputs must be writable.

        Raises
        ------
        InputError
            If a file cannot be read or has faults.
        """
        day = () if self.day is None else (self.day,)
        check_outputs([*self.outputs, *day], inputs=[self.scenario, self.plan])
        if self.day is not None:
            check_record_name(self.day)
        problem = load_problem(self.scenario, lang=self.lang)
        return problem, load_plan(self.plan, problem.scenario, lang=self.lang)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done to a roster, as it is typed: a visit and one deed, or a shift."""

    visit: str | None = None
    to: str | None = None
    at: str | None = None
    carer: int | None = None
    swap: str | None = None
    off: bool = False
    pin: bool = False
    unpin: bool = False
    shift: str | None = None
    date: str | None = None

    def insist_on_one(self) -> None:
        """Refuse what names no deed, several, or options of another one.

        Raises
        ------
        UsageError
            With what has to be given.
        """
        deeds = (self.to, self.swap, self.off or None, self.pin or None, self.unpin or None)
        if sum(one is not None for one in (*deeds, self.shift)) != 1:
            raise UsageError(say("usage.one_move"))
        given = {"--at": self.at, "--carer": self.carer}
        options = tuple(name for name, value in given.items() if value is not None)
        if self.to is None and options:
            raise UsageError(say("usage.only_with_move", options=options, other="--to"))
        if self.shift is None and self.date is not None:
            raise UsageError(say("usage.only_with_move", options="--date", other="--shift"))
        if self.shift is None and self.visit is None:
            raise UsageError(say("usage.needs_visit"))
        if self.shift is not None and self.visit is not None:
            raise UsageError(say("usage.not_with", options="--visit", other="--shift"))


def move_files(asked: Asked, wanted: Wanted) -> int:
    """Change a visit or a shift by hand; the exit code tells whether a rule is broken.

    Raises
    ------
    UsageError
        If the call names nothing to do, or what it names cannot be done.
    InvalidDocument
        If new hours fit no shift of the scenario.
    """
    wanted.insist_on_one()
    start = None if wanted.at is None else clock_of("--at", wanted.at)
    hours = None if wanted.shift is None else _hours(wanted.shift)
    date = None if wanted.date is None else _date(wanted.date)
    problem, plan = asked.read()
    roster = Roster.of(problem.for_engine, plan, problem.matrices)
    if hours is not None:
        made = roster.with_hours(
            hours.caregiver, hours.start, hours.end, date=date, shift=hours.shift
        )
    else:
        made = _done(roster, wanted, wanted.visit or "", start)
    return told(asked, problem, made)


def _done(roster: Roster, wanted: Wanted, visit: str, start: int | None) -> HandMade:
    """Return what is done to a visit."""
    if wanted.to is not None:
        return roster.moved(visit, wanted.to, carer=wanted.carer or 1, at=start)
    if wanted.swap is not None:
        return roster.swapped(visit, wanted.swap)
    if wanted.pin:
        return roster.pinned(visit)
    return roster.unpinned(visit) if wanted.unpin else roster.unassigned(visit)


def _hours(word: str) -> NewHours:
    try:
        return new_hours(word)
    except ValueError as error:
        raise _unreadable("--shift", word, "G007=08:00-12:00") from error


def _date(word: str) -> dt.date:
    try:
        return dt.date.fromisoformat(word)
    except ValueError as error:
        raise _unreadable("--date", word, "2026-03-03") from error


def _unreadable(option: str, word: str, example: str) -> UsageError:
    message = say("usage.unreadable_option", option=option, value=word, example=example)
    return UsageError(message)


def retime_files(asked: Asked) -> int:
    """Begin every visit at the best time for the order of its route.

    Raises
    ------
    UsageError
        If the roster breaks a rule.
    """
    problem, plan = asked.read()
    made = Roster.of(problem.for_engine, plan, problem.matrices).retimed()
    return told(asked, problem, made)


def compare_files(asked: Asked, other: Path, other_scenario: Path | None) -> int:
    """Tell two rosters apart, perhaps of two scenarios."""
    problem, plan = asked.read()
    second = problem
    if other_scenario is not None:
        second = load_problem(other_scenario, lang=asked.lang)
    other_plan = load_plan(other, second.scenario, lang=asked.lang)
    found = compared(problem.for_engine, plan, other_plan, second.for_engine)
    day = problem.for_engine
    say_or_json(
        asked, comparison_document(day, found), comparison_text(day, found, lang=asked.lang)
    )
    return ExitCode.OK


def clock_of(option: str, word: str) -> int:
    """Return a time as it is typed behind an option, in milliseconds since midnight.

    Raises
    ------
    UsageError
        If it cannot be read.
    """
    try:
        return parse_clock(word)
    except ValueError as error:
        raise _unreadable(option, word, "09:30") from error


def told(asked: Asked, problem: Prepared, made: HandMade) -> int:
    """Write and tell what a change has brought; return the exit code."""
    write_roster(asked, problem, made.scenario, made.plan, made.verdict)
    day = problem.for_engine
    say_or_json(
        asked, hand_document(day, made, lang=asked.lang), hand_text(day, made, lang=asked.lang)
    )
    if made.scenario is not None and asked.day is None:
        tell(sentence(asked.lang, "replan.unwritten"))
    return ExitCode.RULE_VIOLATED if made.broken else ExitCode.OK


def write_roster(
    asked: Asked, problem: Prepared, scenario: Scenario | None, plan: Plan, verdict: Verdict
) -> None:
    """Write a roster, and the scenario where a file is named for it.

    Parameters
    ----------
    asked, problem
        What was asked, and of what.
    scenario
        What the scenario has become; None if it is as it was.
    plan, verdict
        The roster, and what the verifier says of it.
    """
    now = problem if scenario is None else problem.with_scenario(scenario)
    roster = Sheet.of_verdict(now, plan, verdict)
    for path in asked.outputs:
        write_output(path, roster, lang=asked.lang, origin=problem.origin)
    if asked.day is not None:
        write_scenario(scenario or problem.for_engine, asked.day)


def say_or_json(asked: Asked, document: Mapping[str, Any], lines: Iterator[str]) -> None:
    """Answer with lines, or with one JSON document."""
    if asked.as_json:
        answer_json(document)
        return
    for line in lines:
        answer(Text(line))
