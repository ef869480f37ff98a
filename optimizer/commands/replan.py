"""``homecare replan``: a roster mended after something has happened, and whom to call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.text import Text

from optimizer.commands.documents import load_plan, load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_outputs, check_record_name
from optimizer.commands.terminal import answer, answer_json, tell
from optimizer.domain.event import (
    Absent,
    Actual,
    Away,
    Cancelled,
    Event,
    Events,
    InHospital,
    Late,
    Leaves,
    Longer,
    NewHours,
    Refuses,
    RoadClosed,
)
from optimizer.domain.scenario import Horizon
from optimizer.errors import UsageError
from optimizer.formats import check_events, read_events, read_new_visit, write_scenario
from optimizer.formats.book import read_book
from optimizer.formats.files import write_bytes
from optimizer.formats.names import NOBODY, Kind, Names, read_names
from optimizer.i18n import Lang, say, sentence
from optimizer.prepare import Prepared
from optimizer.replan import USUAL_ITERATIONS, Proposal, Repair, accepted, repair
from optimizer.report.audience import Audience
from optimizer.report.calls_workbook import calls_workbook
from optimizer.report.replan_document import repair_document
from optimizer.report.replan_text import repair_text
from optimizer.report.roster import Roster
from optimizer.report.writing import write_output
from optimizer.units import MS_PER_MINUTE, parse_clock, parse_minutes

CALLS_ENDING = "calls.xlsx"
"Of the list of calls; every other workbook is the roster."


@dataclass(frozen=True, slots=True)
class Told:
    """What has happened, as it is typed: ``G016``, ``G007=45``, ``C001=G002``, a file."""

    absent: Sequence[str] = ()
    late: Sequence[str] = ()
    leaves: Sequence[str] = ()
    away: Sequence[str] = ()
    hospital: Sequence[str] = ()
    shift: Sequence[str] = ()
    actual: Sequence[str] = ()
    road: Sequence[str] = ()
    refuses: Sequence[str] = ()
    cancel: Sequence[str] = ()
    longer: Sequence[str] = ()
    add: Sequence[Path] = ()
    events: Path | None = None
    now: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """How proposals are looked for, and which one is taken.

    Attributes
    ----------
    proposal, accept, refuse
        Its number, and which of its groups or visits are taken or not.
    freeze
        Minutes after now in which visits move only if they must; the policy's if None.
    iterations, seed
        Steps of the search per proposal, the usual ones if None, and its random seed.
    """

    proposal: int = 1
    accept: Sequence[str] = ()
    refuse: Sequence[str] = ()
    freeze: int | None = None
    iterations: int | None = None
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Mended:
    """Where the mended roster goes, and how it is told.

    Attributes
    ----------
    outputs
        Files to write the roster to.
    day
        File to write the scenario as it is now to; None: nowhere.
    people
        Names file, by which people are told; None: by pseudonym.
    catalogue, rules
        A district's own files, by which visits are derived from health records.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.
    """

    outputs: Sequence[Path]
    day: Path | None
    people: Path | None
    catalogue: Path | None
    rules: Path | None
    lang: Lang
    as_json: bool


def replan_files(
    scenario_path: Path, plan_path: Path, told: Told, choice: Choice, wanted: Mended
) -> int:
    """Mend a roster and return the exit code.

    Parameters
    ----------
    scenario_path, plan_path
        Scenario, and the roster that was told.
    told, choice, wanted
        What has happened, what of the proposals is taken, and where it goes.

    Raises
    ------
    UsageError
        If something is typed in a way that cannot be read.
    InvalidDocument
        If events do not fit the scenario, with all their faults.
    """
    lang, day = wanted.lang, wanted.day
    inputs = [scenario_path, plan_path, told.events, wanted.people, *told.add]
    check_outputs([*wanted.outputs, *([] if day is None else [day])], inputs=inputs)
    if day is not None:
        check_record_name(day)
    names = NOBODY if wanted.people is None else read_names(wanted.people)
    events, places = _events(_by_pseudonym(told, names))
    problem = load_problem(scenario_path, lang=lang, book=read_book(wanted.catalogue, wanted.rules))
    _insist_on_day(events, problem.scenario.horizon)
    plan = load_plan(plan_path, problem.scenario, lang=lang)
    source = scenario_path.name if told.events is None else told.events.name
    check_events(events, problem.for_engine, plan, places).refuse_faults(source)
    steps = USUAL_ITERATIONS if choice.iterations is None else choice.iterations
    found = repair(
        problem.for_engine,
        plan,
        events,
        matrices=problem.matrices,
        freeze=None if choice.freeze is None else choice.freeze * MS_PER_MINUTE,
        iterations=steps,
        seed=choice.seed,
    )
    chosen = _chosen(found, choice, steps)
    _write(found, chosen, problem, wanted, names)
    if wanted.as_json:
        answer_json(repair_document(found, chosen, lang=lang))
        return ExitCode.OK
    whole = not choice.accept and not choice.refuse
    for line in repair_text(found, chosen, choice.proposal, lang=lang, whole=whole, names=names):
        answer(Text(line))
    for path in wanted.outputs:
        tell(sentence(lang, "cli.written", path=path))
    if day is not None:
        tell(sentence(lang, "replan.day", path=day))
    return ExitCode.OK


_NAMED = {
    "absent": Kind.CAREGIVER,
    "late": Kind.CAREGIVER,
    "leaves": Kind.CAREGIVER,
    "shift": Kind.CAREGIVER,
    "away": Kind.CLIENT,
    "hospital": Kind.CLIENT,
    "refuses": Kind.CLIENT,
}
"Options that begin with a person, who may be typed by name where there is a names file."


def _by_pseudonym(told: Told, names: Names) -> Told:
    """Return what has happened with the pseudonyms of all who are typed by name.

    Raises
    ------
    UsageError
        If several people bear a name, with the pseudonyms of all of them.
    """
    shared: dict[str, tuple[str, ...]] = {}

    def pseudonym(kind: Kind, word: str) -> str:
        ids = () if (kind, word) in names.entries else names.ids_of(kind, word)
        if len(ids) > 1:
            shared[word] = ids
        return ids[0] if ids else word

    def first(kind: Kind, word: str) -> str:
        who, sign, rest = word.partition("=")
        who, slash, number = who.partition("/")
        if sign and kind is Kind.CLIENT and option == "refuses":
            rest = pseudonym(Kind.CAREGIVER, rest)
        return f"{pseudonym(kind, who)}{slash}{number}{sign}{rest}"

    changed: dict[str, Any] = {}
    for option, kind in _NAMED.items():
        changed[option] = tuple(first(kind, word) for word in getattr(told, option))
    if shared:
        who = tuple(f"{name} ({', '.join(ids)})" for name, ids in shared.items())
        raise UsageError(say("usage.shared_name", who=who))
    return replace(told, **changed)


def _events(told: Told) -> tuple[Events, list[str]]:
    """Return what has happened, and where each of it was said; all that cannot be read at once."""
    document = Events() if told.events is None else read_events(told.events)
    events = list(document.events)
    places = [f"events[{number}]" for number in range(len(events))]
    faults: list[str] = []

    def add(option: str, words: Sequence[str], made: Callable[[str], Event]) -> None:
        for word in words:
            try:
                events.append(made(word))
                places.append(f"{option} {word}")
            except ValueError:
                faults.append(f"{option} {word}")

    add("--absent", told.absent, lambda word: Absent(caregiver=word))
    add("--late", told.late, lambda word: Late(caregiver=_key(word), minutes=_minutes(word)))
    add("--leaves", told.leaves, lambda word: Leaves(caregiver=_key(word), at=_value(word)))
    add("--away", told.away, lambda word: Away(client=word))
    add("--hospital", told.hospital, _in_hospital)
    add("--shift", told.shift, new_hours)
    add("--actual", told.actual, _actual)
    add("--road", told.road, lambda word: RoadClosed(town=_key(word), factor=float(_value(word))))
    add(
        "--refuses",
        told.refuses,
        lambda word: Refuses(client=_key(word), caregiver=_value(word)),
    )
    add("--cancel", told.cancel, lambda word: Cancelled(visit=word))
    add("--longer", told.longer, lambda word: Longer(visit=_key(word), minutes=_minutes(word)))
    now, date = document.now, document.date
    try:
        now = now if told.now is None else parse_clock(told.now)
    except ValueError:
        faults.append(f"--now {told.now}")
    try:
        date = date if told.date is None else dt.date.fromisoformat(told.date)
    except ValueError:
        faults.append(f"--date {told.date}")
    if faults:
        raise UsageError(say("usage.unreadable_event", words=tuple(faults)))
    for path in told.add:
        events.append(read_new_visit(path).added())
        places.append(f"--add {path.name}")
    return Events(date=date, now=now, events=tuple(events)), places


def _insist_on_day(events: Events, horizon: Horizon) -> None:
    """On a roster of several days, say on which of them something has happened.

    Raises
    ------
    UsageError
        If nobody says so: whoever is sick on Wednesday must not be taken off Monday.
    """
    if horizon.days > 1 and events.date is None and (events.events or events.now is not None):
        first, last = horizon.dates()[0], horizon.dates()[-1]
        raise UsageError(say("usage.which_day", first=first, last=last))


def _key(word: str) -> str:
    return word.partition("=")[0]


def _value(word: str) -> str:
    name, sign, value = word.partition("=")
    if not (name and sign and value):
        raise ValueError(word)
    return value


def _minutes(word: str) -> float:
    minutes = float(_value(word))
    parse_minutes(minutes)
    return minutes


def _in_hospital(word: str) -> InHospital:
    if "=" not in word:
        return InHospital(client=word)
    return InHospital(client=_key(word), until=dt.date.fromisoformat(_value(word)))


def new_hours(word: str) -> NewHours:
    """Return what is meant by such as ``G007=08:00-12:00``, or ``G007/2=…`` for a second shift.

    Raises
    ------
    ValueError
        If it cannot be read.
    """
    start, _, end = _value(word).partition("-")
    who, sign, number = _key(word).partition("/")
    shift = int(number) - 1 if sign else 0
    return NewHours(caregiver=who, start=start, end=end, shift=shift)


def _actual(word: str) -> Actual:
    start, _, end = _value(word).partition("-")
    return Actual(visit=_key(word), start=start, end=end or None)


def _chosen(found: Repair, choice: Choice, iterations: int) -> Proposal:
    """Return the proposal that is taken, without what is refused of it."""
    if not 1 <= choice.proposal <= len(found.proposals):
        raise UsageError(
            say("usage.no_proposal", number=choice.proposal, most=len(found.proposals))
        )
    proposal = found.proposals[choice.proposal - 1]
    if not choice.accept and not choice.refuse:
        return proposal
    if choice.accept and choice.refuse:
        raise UsageError(say("usage.accept_or_refuse"))
    named = set(_visits(proposal, choice.accept or choice.refuse))
    every = {change.visit for change in proposal.changes}
    taken = named if choice.accept else every - named
    return accepted(found, proposal, taken, iterations=iterations, seed=choice.seed)


def _visits(proposal: Proposal, words: Sequence[str]) -> Iterator[str]:
    """Yield the visits that words name: a visit itself, or all of a group by its number."""
    unknown = []
    for word in words:
        some = [one.visit for one in proposal.changes if word in (one.visit, str(one.group))]
        yield from some
        unknown += [] if some else [word]
    if unknown:
        raise UsageError(say("usage.no_change", words=tuple(unknown)))


def _write(
    found: Repair, chosen: Proposal, problem: Prepared, wanted: Mended, names: Names
) -> None:
    """Write the list of calls, the roster and the scenario as it is now."""
    lang = wanted.lang
    calls = [path for path in wanted.outputs if path.name.lower().endswith(CALLS_ENDING)]
    for path in calls:
        write_bytes(path, calls_workbook(found, chosen, names, lang))
    roster = Roster.of_verdict(problem.with_scenario(found.scenario), chosen.plan, chosen.verdict)
    for path in wanted.outputs:
        if path not in calls:
            write_output(path, roster, lang=lang, origin=problem.origin, audience=Audience(names))
    if wanted.day is not None:
        write_scenario(found.scenario.model_copy(update={"published": chosen.plan}), wanted.day)
