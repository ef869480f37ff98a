"""What is asked of rosters at the desk: who could come, what a move brings, what differs.

Each function takes loaded rosters and what is asked, brings everything back, and knows nothing of
HTTP or of the database.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from optimizer.domain import Added, Events, NewSeries, Plan, Scenario
from optimizer.errors import Fault, HomecareError, InvalidDocument, UsageError
from optimizer.formats import check_events, check_new_series, format_scenario
from optimizer.i18n import Lang, say
from optimizer.replan import (
    Aim,
    Change,
    HandMade,
    Proposal,
    Repair,
    Roster,
    SeriesRecommender,
    accepted,
    compared,
    differences,
    retold,
    situation,
)
from optimizer.report.by_hand_text import (
    comparison_document,
    hand_document,
    recommendation_document,
)
from optimizer.report.series_text import series_document
from optimizer.verification import verify
from service.documents.desk import LoadedRoster
from service.documents.work import roster_result, written
from service.drafts.moves import (
    AcceptReplan,
    ChangeShift,
    Move,
    MoveVisit,
    PinVisit,
    RetimeRoutes,
    SwapVisits,
    UnassignVisit,
    UnpinVisit,
)
from service.jobs.kinds.replan import freeze_of, replan_in

_ACCEPTED_ITERATIONS = 2_000


class NotPossible(HomecareError):
    """That cannot be done with this roster; the message says why."""

    code = "not-possible"
    exit_code = 2
    http_status = 422


@dataclass(frozen=True, slots=True)
class Wanted:
    """A visit for which somebody is sought.

    Attributes
    ----------
    visit
        Id of one that the roster leaves out, or a new one.
    most
        How many caregivers are told at most.
    now
        It begins no earlier, in milliseconds since midnight.
    move_one
        Whether one other visit may make room.
    """

    visit: str | Added
    most: int
    now: int | None
    move_one: bool = False


@dataclass(frozen=True, slots=True)
class WantedSeries:
    """A series for which somebody is sought.

    Attributes
    ----------
    series
        Id of one of which the roster leaves out visits, or a new one.
    most
        How many ways are told at most.
    """

    series: str | NewSeries
    most: int


def recommended(roster: LoadedRoster, wanted: Wanted) -> bytes:
    """Return who could take a visit, as JSON.

    Raises
    ------
    InvalidDocument
        If there is no such visit, or a new one has faults.
    NotPossible
        If the roster breaks rules or makes the visit.
    """
    day, recommender = roster.scenario, roster.recommender
    if isinstance(wanted.visit, Added):
        name = wanted.visit.visit.id
        events = Events(events=(wanted.visit,))
        check_events(events, day, roster.plan, ("new",)).refuse_faults("body")
    else:
        name = wanted.visit
        _insist_on_visits(day, {"visit": name})
    if not recommender.is_clean:
        raise NotPossible(say("usage.broken_roster"))
    if recommender.makes(name):
        raise NotPossible(say("usage.is_made", visit=name))
    found = recommender.recommend(
        wanted.visit, most=wanted.most, now=wanted.now, move_one=wanted.move_one
    )
    return json.dumps(recommendation_document(day, found), ensure_ascii=False).encode()


def recommended_series(roster: LoadedRoster, wanted: WantedSeries) -> bytes:
    """Return how a series could be made, as JSON.

    Raises
    ------
    InvalidDocument
        If there is no such series, or a new one has faults.
    NotPossible
        If the roster breaks rules, or makes all visits of the series.
    """
    day, series = roster.scenario, wanted.series
    if isinstance(series, NewSeries):
        faults = [
            fault.model_copy(update={"path": f"new_series.{fault.path}"})
            for fault in check_new_series(series, day, roster.plan).faults
        ]
        if faults:
            raise InvalidDocument(faults, "body")
    elif series not in {one.series for one in day.visits}:
        message = "names a series that there is not."
        raise InvalidDocument([Fault(path="series", code="unknown-visit", message=message)], "body")
    if not roster.recommender.is_clean:
        raise NotPossible(say("usage.broken_roster"))
    recommender = SeriesRecommender.of(day, roster.plan, roster.matrices)
    try:
        found = recommender.recommend(series, most=wanted.most)
    except ValueError as error:
        raise NotPossible(say("usage.series_is_made", series=series)) from error
    return json.dumps(series_document(day, found), ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Wish:
    """A move that is to be worked out.

    Attributes
    ----------
    move
        What is to be done.
    lang
        Language of sentences.
    replan
        Of an accepted replan: the document of its job, its result, and its parameters.
    """

    move: Move
    lang: Lang = "en"
    replan: tuple[bytes, bytes, Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a move has brought.

    Attributes
    ----------
    plan
        The roster after it.
    document
        The scenario after it; None where it is as it was.
    content
        What is told: the move, difference, terms, broken rules, changes.
    """

    plan: bytes
    document: bytes | None
    content: dict[str, Any]


def moved(roster: LoadedRoster, wish: Wish) -> Outcome:
    """Return what a move brings, every figure counted by the verifier.

    Raises
    ------
    InvalidDocument
        If the move names a visit, a caregiver or a group that there is not.
    NotPossible
        If it cannot be made.
    """
    move = wish.move
    if isinstance(move, AcceptReplan):
        return _accepted(roster, move, wish)
    _insist_on_known(roster.scenario, move)
    try:
        made = _by_hand(Roster.of(roster.scenario, roster.plan, roster.matrices), move)
    except UsageError as error:
        raise NotPossible(str(error)) from error
    except InvalidDocument as error:
        raise InvalidDocument([_in_move(one) for one in error.faults], "body") from error
    now = made.scenario
    return _outcome(now or roster.scenario, made, move, wish.lang, is_changed=now is not None)


def _by_hand(roster: Roster, move: Move) -> HandMade:
    match move:
        case MoveVisit():
            return roster.moved(move.visit, move.to, carer=move.carer, at=move.at)
        case SwapVisits():
            return roster.swapped(move.visit, move.other)
        case UnassignVisit():
            return roster.unassigned(move.visit)
        case PinVisit():
            return roster.pinned(move.visit)
        case UnpinVisit():
            return roster.unpinned(move.visit)
        case ChangeShift():
            hours = move.start, move.end
            return roster.with_hours(move.caregiver, *hours, date=move.date, shift=move.shift)
        case _:
            return roster.retimed()


def _in_move(fault: Fault) -> Fault:
    """Return a fault of new hours with its place in the move."""
    place = fault.path.removeprefix("shift.") if fault.path != "shift" else "start"
    return fault.model_copy(update={"path": place})


def _accepted(roster: LoadedRoster, move: AcceptReplan, wish: Wish) -> Outcome:
    """Return the day after what has happened, with those changes of a replan that are taken."""
    if wish.replan is None:
        raise NotPossible("The replan is not there.")
    document, result, parameters = wish.replan
    told = json.loads(result)
    if move.proposal > len(told["plans"]):
        message = f"is {move.proposal}; the replan has {len(told['plans'])} proposals."
        raise InvalidDocument([Fault(path="proposal", code="unknown-proposal", message=message)])
    asked = replan_in(document)
    now = situation(
        roster.scenario,
        roster.plan,
        asked.events,
        matrices=roster.matrices,
        freeze=freeze_of(parameters),
    )
    chosen = told["proposals"][move.proposal - 1]
    plan = Plan.model_validate(told["plans"][move.proposal - 1])
    proposal = retold(now, Aim(chosen["aim"]), plan)
    taken = proposal
    if move.groups is not None:
        visits = _visits_of(proposal.changes, move.groups)
        taken = accepted(
            Repair(now, (proposal,)), proposal, visits, iterations=_ACCEPTED_ITERATIONS
        )
    scenario = now.scenario.model_copy(update={"published": roster.scenario.published})
    return _outcome(scenario, _as_made(taken), move, wish.lang, is_changed=True)


def _as_made(proposal: Proposal) -> HandMade:
    return HandMade(
        plan=proposal.plan,
        verdict=proposal.verdict,
        broken=tuple(proposal.verdict.violations),
        changes=proposal.changes,
        difference=proposal.difference,
        terms=proposal.terms,
    )


def _visits_of(changes: Iterable[Change], groups: Collection[int]) -> frozenset[str]:
    known = {change.group for change in changes}
    strange = sorted(set(groups) - known)
    if strange:
        message = f"names {strange[0]}, which is no group of changes of the proposal."
        raise InvalidDocument([Fault(path="groups", code="unknown-group", message=message)])
    return frozenset(change.visit for change in changes if change.group in groups)


def _outcome(
    scenario: Scenario, made: HandMade, move: Move, lang: Lang, *, is_changed: bool = False
) -> Outcome:
    told = hand_document(scenario, made, lang=lang)
    plan, _ = told.pop("plan"), told.pop("scenario")
    verdict = made.verdict
    content = {
        "move": move.model_dump(mode="json", exclude_none=True),
        **told,
        "feasible": verdict.feasible,
        "cost": verdict.cost,
        "unserved": len(verdict.unserved),
    }
    document = format_scenario(scenario, compact=True).encode() if is_changed else None
    return Outcome(written(plan), document, content)


def _insist_on_known(day: Scenario, move: Move) -> None:
    """Refuse a move that names what there is not.

    Raises
    ------
    InvalidDocument
        With all faults.
    """
    if isinstance(move, RetimeRoutes | AcceptReplan | ChangeShift):
        return
    named = {"visit": move.visit}
    if isinstance(move, SwapVisits):
        named["other"] = move.other
    _insist_on_visits(day, named)
    people = {one.id for one in day.caregivers}
    if isinstance(move, MoveVisit) and move.to not in people:
        message = say("usage.unknown_caregiver", caregiver=move.to)
        raise InvalidDocument([Fault(path="to", code="unknown-caregiver", message=message)])


def _insist_on_visits(day: Scenario, named: Mapping[str, str]) -> None:
    known = {one.id for one in day.visits}
    faults = [
        Fault(path=field, code="unknown-visit", message="names a visit that there is not.")
        for field, visit in named.items()
        if visit not in known
    ]
    if faults:
        raise InvalidDocument(faults, "body")


def verified_events(roster: LoadedRoster, events: Events) -> None:
    """Refuse events that do not fit a roster.

    Raises
    ------
    InvalidDocument
        With all their faults.
    """
    check_events(events, roster.scenario, roster.plan).refuse_faults("body")


def told_apart(first: LoadedRoster, second: LoadedRoster, _given: None) -> bytes:
    """Return two rosters compared, as JSON."""
    found = compared(first.scenario, first.plan, second.plan, second.scenario)
    return json.dumps(comparison_document(second.scenario, found), ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Changed:
    """A visit that one roster makes otherwise than another.

    Attributes
    ----------
    visit, change
        Its id, and what becomes of it.
    lines
        Caregivers with their days on whose routes it was or is.
    """

    visit: str
    change: str
    lines: frozenset[tuple[str, str]]


def changed_visits(before: LoadedRoster, after: LoadedRoster, _given: None) -> Sequence[Changed]:
    """Return every visit that a roster makes otherwise than the one before."""
    found = differences(before.scenario, after.scenario, before.plan, after.plan)
    return [
        Changed(
            each.visit,
            each.kind.value,
            frozenset(
                (who, one.date.isoformat())
                for one in (each.before, each.after)
                if one is not None
                for who in one.caregivers
            ),
        )
        for each in found
    ]


def roster_document(roster: LoadedRoster, _given: None) -> bytes:
    """Return a roster's figures and plan as the result of a job, counted by the verifier."""
    verdict = verify(roster.scenario, roster.plan, roster.matrices)
    return roster_result(roster.scenario, roster.plan, verdict)
