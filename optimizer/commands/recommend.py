"""``homecare recommend``: who could take a visit, or a series of them, and the roster with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from optimizer.commands.by_hand import Asked, clock_of, say_or_json, write_roster
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.terminal import tell
from optimizer.domain.event import Added, Events, NewSeries
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.errors import UsageError
from optimizer.formats import check_events, check_new_series, read_new_series, read_new_visit
from optimizer.formats.findings import Findings
from optimizer.i18n import say, sentence
from optimizer.prepare import Prepared
from optimizer.replan import Recommender, SeriesRecommender, no_visit, with_new_visit
from optimizer.report.by_hand_text import recommendation_document, recommendation_text
from optimizer.report.series_text import series_document, series_text
from optimizer.verification import verify

USUAL_CAREGIVERS = 5
USUAL_WAYS = 3


@dataclass(frozen=True, slots=True)
class Sought:
    """For what somebody is sought, as it is typed.

    Attributes
    ----------
    visit, series
        Id or file; one of the two.
    most
        How many caregivers or ways are told; the usual number if None.
    now
        The visit begins no earlier.
    move_one
        Whether one other visit may make room.
    take
        Number of the one that is written.
    """

    visit: str | None
    series: str | None
    most: int | None
    now: str | None
    move_one: bool
    take: int


def recommend_files(asked: Asked, sought: Sought) -> int:
    """Say who could take a visit or a series of the scenario or of a file.

    Raises
    ------
    UsageError
        If the roster breaks rules or makes what is asked for, or there is no such thing.
    InvalidDocument
        If a new visit or series has faults.
    """
    if (sought.visit is None) == (sought.series is None):
        raise UsageError(say("usage.visit_or_series"))
    if sought.series is None:
        return _visit(asked, sought, sought.visit or "")
    given = {"--now": sought.now is not None, "--move-one": sought.move_one}
    options = tuple(name for name, is_given in given.items() if is_given)
    if options:
        raise UsageError(say("usage.not_with", options=options, other="--series"))
    return _series(asked, sought, sought.series)


def _visit(asked: Asked, sought: Sought, visit: str) -> int:
    begins = None if sought.now is None else clock_of("--now", sought.now)
    problem, plan = asked.read()
    day = problem.for_engine
    wanted = visit if visit in {one.id for one in day.visits} else _new(visit, day, plan)
    recommender = Recommender(day, plan, problem.matrices)
    if not recommender.is_clean:
        raise UsageError(say("usage.broken_roster"))
    name = wanted if isinstance(wanted, str) else wanted.visit.id
    if recommender.makes(name):
        raise UsageError(say("usage.is_made", visit=name))
    most = sought.most or USUAL_CAREGIVERS
    found = recommender.recommend(wanted, most=most, now=begins, move_one=sought.move_one)
    document = recommendation_document(day, found)
    say_or_json(asked, document, recommendation_text(day, found, lang=asked.lang))
    scenario = None if isinstance(wanted, str) else with_new_visit(day, wanted)
    _take(asked, sought, problem, [(scenario, one.plan) for one in found.suggestions])
    return ExitCode.OK


def _series(asked: Asked, sought: Sought, series: str) -> int:
    problem, plan = asked.read()
    day = problem.for_engine
    is_known = series in {one.series for one in day.visits}
    wanted = series if is_known else _new_series(series, day, plan)
    if not Recommender(day, plan, problem.matrices).is_clean:
        raise UsageError(say("usage.broken_roster"))
    recommender = SeriesRecommender.of(day, plan, problem.matrices)
    try:
        found = recommender.recommend(wanted, most=sought.most or USUAL_WAYS)
    except ValueError as error:
        raise UsageError(say("usage.series_is_made", series=series)) from error
    say_or_json(asked, series_document(day, found), series_text(day, found, lang=asked.lang))
    ways = [(None if is_known else one.scenario, one.plan) for one in found.suggestions]
    _take(asked, sought, problem, ways)
    return ExitCode.OK


def _take(
    asked: Asked,
    sought: Sought,
    problem: Prepared,
    ways: Sequence[tuple[Scenario | None, Plan]],
) -> None:
    """Write the way that is taken, if anything is to be written.

    Raises
    ------
    UsageError
        If there is none of that number.
    """
    if not asked.outputs and asked.day is None and sought.take == 1:
        return
    if sought.take > len(ways):
        raise UsageError(say("usage.no_such_number", number=sought.take, most=len(ways)))
    scenario, plan = ways[sought.take - 1]
    now = problem if scenario is None else problem.with_scenario(scenario)
    write_roster(asked, problem, scenario, plan, verify(now.for_engine, plan, now.matrices))
    tell(sentence(asked.lang, "replan.taken", number=sought.take))
    if scenario is not None and asked.day is None:
        tell(sentence(asked.lang, "replan.unwritten"))


def _new(name: str, day: Scenario, plan: Plan) -> Added:
    """Return the visit of a file, checked as the scenario's own are."""
    path = Path(name)
    if not path.is_file():
        raise no_visit(name, day)
    added = read_new_visit(path).added()
    found = check_events(Events(events=(added,)), day, plan, ("new",)).faults
    faults = (one.model_copy(update={"path": one.path.removeprefix("new.")}) for one in found)
    Findings(faults=tuple(faults)).refuse_faults(path.name)
    return added


def _new_series(name: str, day: Scenario, plan: Plan) -> NewSeries:
    """Return the series of a file, checked against the scenario."""
    path = Path(name)
    if not path.is_file():
        raise UsageError(say("usage.no_series", series=path))
    series = read_new_series(path)
    check_new_series(series, day, plan).refuse_faults(path.name)
    return series
