"""Rules that tie stops and visits to each other: together, gap and spacing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from types import MappingProxyType

from optimizer.domain.policy import Rule
from optimizer.domain.visit import Coupling, CouplingKind
from optimizer.i18n import Sentence, say
from optimizer.verification.replay import Checks, Replay
from optimizer.verification.stop_replay import StopReplay
from optimizer.verification.verdict import Violation


def together(replay: Replay) -> Iterator[Violation]:
    """Check that carers of one visit, and visits coupled so, begin as one and are two people."""
    for visit in replay.scenario.visits:
        stops = replay.stops_of.get(visit.id, ())
        if len(visit.carers) < 2 or not stops:
            continue
        yield from _begin_as_one(
            replay,
            [stop for stop in stops if stop.stop.carer == 1],
            [stop for stop in stops if stop.stop.carer == 2],
            say("violation.together.carer"),
        )
    for coupling in _couplings(replay, CouplingKind.TOGETHER):
        yield from _begin_as_one(
            replay,
            replay.stops_of.get(coupling.first, ()),
            replay.stops_of.get(coupling.second, ()),
            say("violation.together.visit"),
        )


def _begin_as_one(
    replay: Replay,
    firsts: tuple[StopReplay, ...] | list[StopReplay],
    seconds: tuple[StopReplay, ...] | list[StopReplay],
    other: Sentence,
) -> Iterator[Violation]:
    """Compare both sides of one tie; at most two carers a side, unless the plan repeats them."""
    if not firsts or not seconds:
        for stop in (*firsts, *seconds):
            yield stop.breach(
                Rule.TOGETHER,
                None,
                say("violation.together.missing", visit=stop.visit.id, other=other),
            )
        return
    for first, second in product(firsts, seconds):
        if first.caregiver.id == second.caregiver.id:
            detail = say(
                "violation.together.same",
                visit=second.visit.id,
                caregiver=second.caregiver.id,
                other=other,
            )
            yield second.breach(Rule.TOGETHER, None, detail)
        if first.date != second.date:
            days = abs((second.date - first.date).days)
            detail = say("violation.together.day", visit=second.visit.id, other=other, days=days)
            yield second.breach(Rule.TOGETHER, days, detail)
        elif first.start != second.start:
            apart = abs(second.start - first.start)
            detail = say(
                "violation.together.apart",
                visit=second.visit.id,
                other=other,
                by=replay.lasting(apart),
            )
            yield second.breach(Rule.TOGETHER, apart, detail)


def gap(replay: Replay) -> Iterator[Violation]:
    """Check that the second of two visits coupled ``after`` keeps its distance from the first."""
    for coupling in _couplings(replay, CouplingKind.AFTER):
        first, second = _first_stops(replay, coupling)
        if first is None or second is None:
            continue
        if first.date != second.date:
            days = abs((second.date - first.date).days)
            detail = say(
                "violation.gap.day", second=second.visit.id, first=first.visit.id, days=days
            )
            yield second.breach(Rule.GAP, days, detail)
        else:
            yield from _distance(replay, coupling, first, second)
        if coupling.different_caregivers:
            yield from _repeated_caregivers(replay, coupling)


def _distance(
    replay: Replay, coupling: Coupling, first: StopReplay, second: StopReplay
) -> Iterator[Violation]:
    """Check that the second visit begins ``min_gap`` to ``max_gap`` after the first one."""
    apart = second.start - first.start
    ids = {"first": first.visit.id, "second": second.visit.id}
    short = replay.ticks(coupling.min_gap) - apart
    if short > 0:
        detail = say("violation.gap.soon", **ids, by=replay.lasting(short))
        yield second.breach(Rule.GAP, short, detail)
    if coupling.max_gap is not None:
        over = apart - replay.ticks(coupling.max_gap)
        if over > 0:
            detail = say("violation.gap.late", **ids, by=replay.lasting(over))
            yield second.breach(Rule.GAP, over, detail)


def _repeated_caregivers(replay: Replay, coupling: Coupling) -> Iterator[Violation]:
    """Check that no caregiver of the first visit comes to the second one."""
    seen = {stop.caregiver.id for stop in replay.stops_of[coupling.first]}
    for stop in replay.stops_of[coupling.second]:
        if stop.caregiver.id in seen:
            detail = say(
                "violation.gap.caregiver",
                caregiver=stop.caregiver.id,
                first=coupling.first,
                second=stop.visit.id,
            )
            yield stop.breach(Rule.GAP, None, detail)


def spacing(replay: Replay) -> Iterator[Violation]:
    """Check that visits coupled ``apart`` lie ``min_days`` to ``max_days`` days from each other."""
    for coupling in _couplings(replay, CouplingKind.APART):
        first, second = _first_stops(replay, coupling)
        if first is None or second is None:
            continue
        days = (second.date - first.date).days
        if not coupling.ordered:
            days = abs(days)
        ids = {"first": first.visit.id, "second": second.visit.id}
        if days < 0:
            detail = say("violation.spacing.order", **ids)
            yield second.breach(Rule.SPACING, coupling.min_days - days, detail)
        elif days < coupling.min_days:
            detail = say("violation.spacing.close", **ids, days=days, limit=coupling.min_days)
            yield second.breach(Rule.SPACING, coupling.min_days - days, detail)
        if coupling.max_days is not None and days > coupling.max_days:
            detail = say("violation.spacing.far", **ids, days=days, limit=coupling.max_days)
            yield second.breach(Rule.SPACING, days - coupling.max_days, detail)


def _couplings(replay: Replay, kind: CouplingKind) -> Iterator[Coupling]:
    """Yield the scenario's couplings of one kind."""
    return (coupling for coupling in replay.scenario.couplings if coupling.kind is kind)


def _first_stops(replay: Replay, coupling: Coupling) -> tuple[StopReplay | None, StopReplay | None]:
    """Return one stop of each coupled visit, None where there is none.

    One stop stands for its visit, because `together` and `served_once` see to it that all
    stops of a visit begin at the same moment.
    """
    first = replay.stops_of.get(coupling.first, ())
    second = replay.stops_of.get(coupling.second, ())
    return (first[0] if first else None), (second[0] if second else None)


CHECKS: Checks = MappingProxyType({Rule.TOGETHER: together, Rule.GAP: gap, Rule.SPACING: spacing})
