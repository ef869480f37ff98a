"""Rules about the clock within one route: window, travel, shift and break."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from optimizer.domain.caregiver import BreakRule, Shift
from optimizer.domain.policy import Rule
from optimizer.i18n import say
from optimizer.units import format_clock
from optimizer.verification.replay import Checks, Journey, PauseReplay, Replay, RouteReplay
from optimizer.verification.verdict import Violation


def window(replay: Replay) -> Iterator[Violation]:
    """Check that each stop begins within the window and lasts the full or shortest duration."""
    for stop in replay.stops():
        limits = stop.visit.window
        earliest, latest = replay.ticks(limits.earliest), replay.ticks(limits.latest)
        begins = {"visit": stop.visit.id, "start": format_clock(stop.stop.start)}
        if stop.start < earliest:
            early = earliest - stop.start
            yield stop.breach(
                Rule.WINDOW,
                early,
                say(
                    "violation.window.early",
                    **begins,
                    limit=format_clock(limits.earliest),
                    by=replay.lasting(early),
                ),
            )
        if stop.start > latest:
            late = stop.start - latest
            yield stop.breach(
                Rule.WINDOW,
                late,
                say(
                    "violation.window.late",
                    **begins,
                    limit=format_clock(limits.latest),
                    by=replay.lasting(late),
                ),
            )
        lasts = stop.end - stop.start
        allowed = [replay.ticks(stop.need.minutes)]
        if stop.need.shortest is not None:
            allowed.append(replay.ticks(stop.need.shortest))
        if lasts not in allowed:
            full, *shortest = (replay.lasting(length) for length in allowed)
            wanted = say("violation.either", one=full, other=shortest[0]) if shortest else full
            yield stop.breach(
                Rule.WINDOW,
                min(abs(lasts - length) for length in allowed),
                say(
                    "violation.window.lasts",
                    visit=stop.visit.id,
                    lasts=replay.lasting(lasts),
                    wanted=wanted,
                ),
            )


def travel(replay: Replay) -> Iterator[Violation]:
    """Check that there is time for every journey, none is too long and all are stated truly."""
    for route in replay.routes:
        yield from _journeys(replay, route)
        yield from _arrivals(replay, route)
        yield from _way_home(replay, route)


def _journeys(replay: Replay, route: RouteReplay) -> Iterator[Violation]:
    """Check that every journey is possible and no longer than the caregiver's longest leg."""
    longest = route.caregiver.longest_leg
    for number, journey in enumerate(route.journeys):
        if not journey.reachable:
            yield route.breach_of_journey(number, None, say("violation.travel.unreachable"))
        elif longest is not None and journey.ticks > replay.ticks(longest):
            over = journey.ticks - replay.ticks(longest)
            detail = say(
                "violation.travel.longest",
                caregiver=route.caregiver.id,
                lasts=replay.lasting(journey.ticks),
                by=replay.lasting(over),
            )
            yield route.breach_of_journey(number, over, detail)


def _arrivals(replay: Replay, route: RouteReplay) -> Iterator[Violation]:
    """Check that each stop leaves time for the way to it and for a break taken before that way."""
    free = replay.ticks(route.route.departure)
    for number, stop in enumerate(route.stops):
        journey = route.journeys[number]
        soonest = free + route.pause_before(number) + journey.ticks
        free = stop.end
        if stop.start < soonest:
            short = soonest - stop.start
            yield stop.breach(
                Rule.TRAVEL,
                short,
                say("violation.travel.short", visit=stop.visit.id, by=replay.lasting(short)),
            )
        elif stop.arrival < soonest:
            short = soonest - stop.arrival
            yield stop.breach(
                Rule.TRAVEL,
                short,
                say("violation.travel.arrival", visit=stop.visit.id, by=replay.lasting(short)),
            )
        if stop.arrival > stop.start:
            late = stop.arrival - stop.start
            yield stop.breach(
                Rule.TRAVEL,
                late,
                say("violation.travel.before", visit=stop.visit.id, by=replay.lasting(late)),
            )
        if (wrong := _misstated(replay, stop.stop.travel, journey)) is not None:
            yield stop.breach(Rule.TRAVEL, *wrong)


def _way_home(replay: Replay, route: RouteReplay) -> Iterator[Violation]:
    """Check that the way back fits between the last stop and coming back."""
    journey = route.journeys[-1]
    short = route.stops[-1].end + journey.ticks - replay.ticks(route.route.back)
    if short > 0:
        detail = say("violation.travel.back", by=replay.lasting(short))
        yield route.breach(Rule.TRAVEL, short, detail, "back")
    if (wrong := _misstated(replay, route.route.travel_back, journey)) is not None:
        yield route.breach(Rule.TRAVEL, *wrong, "travel_back")


def _misstated(replay: Replay, written_ms: int, journey: Journey) -> tuple[int, str] | None:
    """Return amount and sentence if the written travel is not the matrix's."""
    written = replay.ticks(written_ms)
    if not journey.reachable or written == journey.ticks:
        return None
    return abs(written - journey.ticks), say(
        "violation.travel.misstated",
        written=replay.lasting(written),
        right=replay.lasting(journey.ticks),
    )


def shift(replay: Replay) -> Iterator[Violation]:
    """Check that each route lies in a shift of its caregiver, up to the permitted overtime.

    Overtime ends at the latest where the caregiver's next shift of the day begins, also if
    there is no route in it.
    """
    for route in replay.routes:
        if route.shift is None:
            detail = say(
                "violation.shift.none",
                caregiver=route.caregiver.id,
                shift=route.route.shift + 1,
                date=route.date,
            )
            yield route.breach(Rule.SHIFT, None, detail)
            continue
        early = replay.ticks(route.shift.start) - route.departure
        if early > 0:
            detail = say(
                "violation.shift.early",
                caregiver=route.caregiver.id,
                by=replay.lasting(early),
                begins=format_clock(route.shift.start),
            )
            yield route.breach(Rule.SHIFT, early, detail, "departure")
        yield from _back_in_time(replay, route, route.shift)


def _back_in_time(replay: Replay, route: RouteReplay, hours: Shift) -> Iterator[Violation]:
    """Check that a route is back before permitted overtime ends and the next shift begins."""
    latest = replay.ticks(hours.end) + replay.ticks(route.caregiver.overtime_limit)
    key, limit = "violation.shift.late", hours.end
    if route.next_shift is not None and replay.ticks(route.next_shift.start) < latest:
        latest = replay.ticks(route.next_shift.start)
        key, limit = "violation.shift.next", route.next_shift.start
    late = route.back - latest
    if late > 0:
        detail = say(
            key,
            caregiver=route.caregiver.id,
            by=replay.lasting(late),
            limit=format_clock(limit),
        )
        yield route.breach(Rule.SHIFT, late, detail, "back")


def pause(replay: Replay) -> Iterator[Violation]:
    """Check that a break that is due is taken, and that a break fits where it is said to be."""
    for route in replay.routes:
        hours = route.shift
        rule = None if hours is None else route.caregiver.break_of(hours)
        if rule is not None and hours is not None:
            yield from _due(replay, route, rule, hours)
        if route.pause is not None:
            yield from _fits(replay, route, route.pause)


def _due(replay: Replay, route: RouteReplay, rule: BreakRule, hours: Shift) -> Iterator[Violation]:
    """Check that a long enough shift in which a break fits has one of the right length, in time."""
    duration = replay.ticks(rule.duration)
    begin, end = replay.ticks(hours.start), replay.ticks(hours.end)
    earliest = max(replay.ticks(rule.earliest), begin)
    latest = min(replay.ticks(rule.latest), end - duration)
    if end - begin < replay.ticks(rule.after) or earliest > latest:
        return
    taken = route.pause
    if taken is None:
        detail = say(
            "violation.break.none",
            caregiver=route.caregiver.id,
            lasts=replay.lasting(duration),
        )
        yield route.breach(Rule.BREAK, duration, detail)
        return
    lasts = taken.end - taken.start
    if lasts != duration:
        detail = say(
            "violation.break.lasts",
            lasts=replay.lasting(lasts),
            wanted=replay.lasting(duration),
        )
        yield route.breach(Rule.BREAK, abs(lasts - duration), detail, "pause")
    if taken.start < earliest:
        detail = say("violation.break.early", by=replay.lasting(earliest - taken.start))
        yield route.breach(Rule.BREAK, earliest - taken.start, detail, "pause")
    if taken.start > latest:
        detail = say("violation.break.late", by=replay.lasting(taken.start - latest))
        yield route.breach(Rule.BREAK, taken.start - latest, detail, "pause")


def _fits(replay: Replay, route: RouteReplay, taken: PauseReplay) -> Iterator[Violation]:
    """Check that the break lies between its neighbours, beside the travel.

    After the last stop it lies before the way home, or after coming back.
    """
    after, count = taken.after_stops, len(route.stops)
    claimed = route.route.pause
    if claimed is not None and claimed.after_stops > len(route.route.stops):
        beyond = claimed.after_stops - len(route.route.stops)
        detail = say("violation.break.after", count=claimed.after_stops)
        yield route.breach(Rule.BREAK, beyond, detail, "pause.after_stops")
    before_home = 0 < after == count and taken.end <= route.back - route.journeys[-1].ticks
    if after == count and not before_home:
        soonest = route.back
    elif after > 0:
        soonest = route.stops[after - 1].end
    else:
        soonest = taken.start
    if taken.start < soonest:
        overlap = soonest - taken.start
        detail = say("violation.break.before", by=replay.lasting(overlap))
        yield route.breach(Rule.BREAK, overlap, detail, "pause")
    if after == 0:
        leave_by = route.departure
    elif after < count:
        leave_by = route.stops[after].start - route.journeys[after].ticks
    else:
        leave_by = taken.end
    if taken.end > leave_by:
        overlap = taken.end - leave_by
        detail = say("violation.break.travel", by=replay.lasting(overlap))
        yield route.breach(Rule.BREAK, overlap, detail, "pause")


CHECKS: Checks = MappingProxyType(
    {Rule.WINDOW: window, Rule.TRAVEL: travel, Rule.SHIFT: shift, Rule.BREAK: pause}
)
