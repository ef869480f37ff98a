"""Rules about who visits whom, and what a planner has fixed: qualified, allowed and pin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from types import MappingProxyType

from optimizer.domain.client import Flag
from optimizer.domain.policy import Rule
from optimizer.domain.visit import Visit
from optimizer.i18n import say
from optimizer.matching import Reason, covering_contracts, reasons_against
from optimizer.units import format_clock
from optimizer.verification.replay import Checks, Replay, RouteReplay
from optimizer.verification.stop_replay import StopReplay
from optimizer.verification.verdict import Violation

# The day and the pin have rules and sentences of their own below; a missing shift is `shift`.
_QUALIFIED = {
    Reason.NOT_QUALIFIED: "violation.qualified.missing",
    Reason.EXPIRED: "violation.qualified.expired",
}
_ALLOWED = {
    Reason.REFUSED: "violation.allowed.refused",
    Reason.GENDER: "violation.allowed.gender",
    Reason.VOLUNTEER: "violation.allowed.volunteer",
    Reason.ORGANISATION: "violation.allowed.organisation",
    Reason.CONTRACT: "violation.allowed.contract",
}


def caregivers_per_client(replay: Replay) -> Iterator[Violation]:
    """Check that no more different caregivers come to a client than may."""
    seen: dict[str, dict[str, StopReplay]] = defaultdict(dict)
    for stop in sorted(replay.stops(), key=lambda one: (one.date, one.start)):
        seen[stop.client.id].setdefault(stop.caregiver.id, stop)
    for client, by in seen.items():
        most = replay.index.most_caregivers(client)
        if most is None or len(by) <= most:
            continue
        detail = say("violation.caregivers_per_client", client=client, count=len(by), limit=most)
        yield list(by.values())[most].breach(Rule.CAREGIVERS_PER_CLIENT, len(by) - most, detail)


def qualified(replay: Replay) -> Iterator[Violation]:
    """Check that the caregiver holds every qualification needed, valid on the day."""
    for stop in replay.stops():
        yield from _reasons(replay, stop, Rule.QUALIFIED, _QUALIFIED)


def allowed(replay: Replay) -> Iterator[Violation]:
    """Check that client, organisation and contract admit the caregiver, and the visit the day."""
    for route in replay.routes:
        for stop in route.stops:
            yield from _reasons(replay, stop, Rule.ALLOWED, _ALLOWED)
            yield from _contract(replay, stop)
            yield from _day(replay, stop)
        yield from _infection(route)


def _reasons(
    replay: Replay, stop: StopReplay, rule: Rule, sentences: dict[Reason, str]
) -> Iterator[Violation]:
    """Turn the reasons against the stop's caregiver that concern `rule` into violations."""
    reasons = reasons_against(replay.index, stop.visit, stop.stop.carer, stop.caregiver, stop.date)
    for reason in reasons:
        if reason in sentences:
            detail = say(
                sentences[reason],
                caregiver=stop.caregiver.id,
                carer=stop.stop.carer,
                client=stop.client.id,
                date=stop.date,
                visit=stop.visit.id,
            )
            yield stop.breach(rule, None, detail)


def _contract(replay: Replay, stop: StopReplay) -> Iterator[Violation]:
    """Check that a contract that the stop names covers it."""
    named = stop.stop.contract
    covering = covering_contracts(replay.index, stop.visit, stop.caregiver, stop.date)
    if named is not None and named not in {contract.id for contract in covering}:
        detail = say("violation.allowed.other_contract", contract=named, visit=stop.visit.id)
        yield stop.breach(Rule.ALLOWED, None, detail)


def _day(replay: Replay, stop: StopReplay) -> Iterator[Violation]:
    """Check that the day belongs to the horizon and, where the visit lists dates, to these."""
    if not replay.is_planned(stop.date):
        yield stop.breach(Rule.ALLOWED, None, say("violation.allowed.day", date=stop.date))
    elif stop.visit.dates and stop.date not in stop.visit.dates:
        detail = say("violation.allowed.date", visit=stop.visit.id, date=stop.date)
        yield stop.breach(Rule.ALLOWED, None, detail)


def _infection(route: RouteReplay) -> Iterator[Violation]:
    """Check that after an infectious client a route visits only infectious clients."""
    source: StopReplay | None = None
    for stop in route.stops:
        if Flag.INFECTIOUS in stop.client.flags:
            source = source or stop
        elif source is not None:
            detail = say(
                "violation.allowed.infection", client=stop.client.id, source=source.client.id
            )
            yield stop.breach(Rule.ALLOWED, None, detail)


def pin(replay: Replay) -> Iterator[Violation]:
    """Check that what a planner has fixed is kept."""
    for stop in replay.stops():
        fixed = stop.visit.pin
        if fixed is None:
            continue
        wanted = _pinned_caregiver(stop.visit, stop.stop.carer)
        if wanted is not None and stop.caregiver.id != wanted:
            detail = say(
                "violation.pin.caregiver",
                visit=stop.visit.id,
                wanted=wanted,
                caregiver=stop.caregiver.id,
            )
            yield stop.breach(Rule.PIN, None, detail)
        if fixed.date is not None and stop.date != fixed.date:
            days = abs((stop.date - fixed.date).days)
            detail = say(
                "violation.pin.date", visit=stop.visit.id, wanted=fixed.date, date=stop.date
            )
            yield stop.breach(Rule.PIN, days, detail)
        if fixed.start is not None and stop.start != replay.ticks(fixed.start):
            moved = abs(stop.start - replay.ticks(fixed.start))
            detail = say(
                "violation.pin.start",
                visit=stop.visit.id,
                wanted=format_clock(fixed.start),
                start=format_clock(stop.stop.start),
                by=replay.lasting(moved),
            )
            yield stop.breach(Rule.PIN, moved, detail)


def _pinned_caregiver(visit: Visit, carer: int) -> str | None:
    """Return the id pinned for this carer number, if any."""
    caregivers = visit.pin.caregivers if visit.pin is not None else ()
    return caregivers[carer - 1] if carer <= len(caregivers) else None


CHECKS: Checks = MappingProxyType(
    {
        Rule.QUALIFIED: qualified,
        Rule.ALLOWED: allowed,
        Rule.CAREGIVERS_PER_CLIENT: caregivers_per_client,
        Rule.PIN: pin,
    }
)
