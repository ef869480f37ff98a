"""The day as the search is to see it: facts pinned, ranks as prices, nobody sent off before now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from optimizer.domain.caregiver import BreakRule, Caregiver, Shift
from optimizer.domain.plan import Break, Plan, Route, Stop
from optimizer.domain.policy import Policy
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import CarerNeed, CouplingKind, Pin, StartWindow, Visit
from optimizer.replan.ranks import RANKS, prices, rank_of
from optimizer.replan.situation import Hold, Situation

HOLDING = "now:"
"Begins the id of a stand-in that keeps a caregiver at a client's home until now."


class Aim(StrEnum):
    """What a proposal looks at once as many visits as possible take place."""

    FEWEST_CALLS = "fewest_calls"
    BEST_ROSTER = "best_roster"
    NO_OVERTIME = "no_overtime"


@dataclass(frozen=True, slots=True)
class Binding:
    """What is decided of a visit before the search begins.

    Attributes
    ----------
    caregivers
        Who comes, by carer number; nobody: the visit is left out.
    start
        When it is to begin, in milliseconds; may give way.
    """

    caregivers: tuple[str, ...]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """A scenario for the search, and the plan to begin from; both have stand-ins in them."""

    scenario: Scenario
    start: Plan


def working_day(
    situation: Situation,
    aim: Aim,
    *,
    others: int,
    holds: Iterable[Hold],
    frozen: Iterable[str] = (),
    bound: Mapping[str, Binding] | None = None,
    start: Plan | None = None,
) -> WorkingDay:
    """Return what the search is to solve.

    Parameters
    ----------
    situation
        What has happened.
    aim
        What counts.
    others
        Cost of the roster as it was in ticks, visits left out not counted.
    holds
        Caregivers who are kept where they are until they are free.
    frozen
        Visits that keep carers and time as far as these are told.
    bound
        Visits whose carers are decided.
    start
        Plan to begin from; the roster as far as it is kept if not given.
    """
    scenario, policy = situation.scenario, situation.scenario.policy
    call = policy.weights.disruption if aim is Aim.BEST_ROSTER else None
    price = prices(scenario.visits, policy, others=others, call=call,
                   ticks_per_minute=scenario.ticks_per_minute)  # fmt: skip
    stops = _stops(situation.kept)
    still, bound = set(frozen), bound or {}
    visits = []
    for visit in scenario.visits:
        told = stops.get(visit.id, [])
        if visit.id in situation.fixed:
            visits.append(_fact(visit, told, price.visits[0]))
            continue
        worth = price.visits[rank_of(visit, policy)]
        if visit.id not in situation.promised:
            # Whatever its own price: what has begun is worth more than all of its rank together.
            worth = min(worth, _unpromised(visit, policy, None if call is not None else price.call))
        one = _wanted(situation, visit, told, worth)
        if one is None:
            continue
        if visit.id in bound:
            if not bound[visit.id].caregivers:
                continue
            one = one.model_copy(update={"pin": _pin(one, bound[visit.id].caregivers)})
        elif visit.id in still and told:
            one = _frozen(one, told, policy.disruption_tolerance)
        visits.append(one)
    visits = _whole(scenario, visits)
    ids = {visit.id for visit in visits}
    kept = tuple(holds)
    stand_ins = [_stand_in(situation, hold, price.visits[0]) for hold in kept]
    published = scenario.published
    if bound and published is not None:
        published = _told(published, bound)
    weights = policy.weights.model_copy(
        update={
            "disruption": price.call,
            "unserved": policy.weights.unserved.model_copy(
                update={"alone": 100, "per_minute": 1, "mandatory": 0}
            ),
        }
    )
    day = scenario.model_copy(
        update={
            "visits": (*visits, *stand_ins),
            "couplings": tuple(
                tie for tie in scenario.couplings if {tie.first, tie.second} <= ids
            ),
            "caregivers": _people(situation, aim, kept),
            "contracts": tuple(
                one if one.cap_visits is None
                else one.model_copy(update={"cap_visits": one.cap_visits + len(stand_ins)})
                for one in scenario.contracts
            ),
            "published": published,
            "policy": policy.model_copy(update={"weights": weights, "serve_everything": False}),
        }
    )  # fmt: skip
    begin = situation.kept if start is None else start
    return WorkingDay(day, _with_stand_ins(begin, situation, kept))


def _unpromised(visit: Visit, policy: Policy, call: int | None) -> int:
    """Return the price, in minutes, of a visit that nobody was told would be made.

    It is worth less than a call, more by priority; where calls have the policy's own price, its
    own price as well.
    """
    if call is not None:
        return call * (RANKS - rank_of(visit, policy)) // (RANKS + 1)
    weights = policy.weights.unserved
    base: int = getattr(weights, visit.priority.value)
    base = base if visit.unserved_price is None else visit.unserved_price
    return base + (weights.mandatory if visit.mandatory or policy.serve_everything else 0)


def _stops(plan: Plan) -> dict[str, list[tuple[Route, Stop]]]:
    """Return the stops of each visit with their routes, by carer number."""
    found: dict[str, list[tuple[Route, Stop]]] = {}
    for route in plan.routes:
        for stop in route.stops:
            found.setdefault(stop.visit, []).append((route, stop))
    for stops in found.values():
        stops.sort(key=lambda one: one[1].carer)
    return found


def _whole(scenario: Scenario, visits: list[Visit]) -> list[Visit]:
    """Return the visits whose halves are all there: those coupled take place both or not at all."""
    ids = {visit.id for visit in visits}
    lone = {
        one
        for tie in scenario.couplings
        if tie.kind is CouplingKind.TOGETHER and (tie.first in ids) != (tie.second in ids)
        for one in (tie.first, tie.second)
    }
    return [visit for visit in visits if visit.id not in lone]


def _fact(visit: Visit, told: list[tuple[Route, Stop]], price: int) -> Visit:
    """Return a visit that has begun: everything about it is decided."""
    route, first = told[0]
    carers = tuple(
        need.model_copy(update={"minutes": stop.end - stop.start, "shortest": None})
        for need, (_, stop) in zip(visit.carers, told, strict=True)
    )
    return visit.model_copy(
        update={
            "carers": carers,
            "dates": (route.date,),
            "window": StartWindow.model_construct(earliest=first.start, latest=first.start),
            "pin": Pin.model_construct(
                caregivers=tuple(one.caregiver for one, _ in told),
                date=route.date,
                start=first.start,
            ),
            "unserved_price": price,
            "mandatory": False,
        }
    )


def _wanted(
    situation: Situation, visit: Visit, told: list[tuple[Route, Stop]], price: int
) -> Visit | None:
    """Return a visit that is still to be made, not before now; None if its days are over.

    What was told for another day does not come forward to the day on which something happens.
    """
    days = visit.dates or situation.scenario.horizon.dates()
    is_later = bool(told) and told[0][0].date > situation.date
    left = tuple(
        day for day in days if day > situation.date or (day == situation.date and not is_later)
    )
    if not left:
        return None
    window = visit.window
    if situation.now is not None and situation.date in left:
        window = StartWindow.model_construct(
            earliest=max(window.earliest, situation.now), latest=window.latest
        )
    return visit.model_copy(
        update={"dates": left, "window": window, "unserved_price": price, "mandatory": False}
    )


def _frozen(visit: Visit, told: list[tuple[Route, Stop]], tolerance: int) -> Visit:
    """Return a visit that keeps its carers, its day and its time within the tolerance."""
    route, first = told[0]
    low = max(visit.window.earliest, first.start - tolerance)
    high = min(visit.window.latest, first.start + tolerance)
    people = tuple(one.caregiver for one, _ in told)
    update: dict[str, object] = {"dates": (route.date,), "pin": _pin(visit, people)}
    if low <= high:
        update["window"] = StartWindow.model_construct(earliest=low, latest=high)
    return visit.model_copy(update=update)


def _pin(visit: Visit, people: tuple[str, ...]) -> Pin:
    old = visit.pin or Pin()
    return Pin.model_construct(caregivers=people, date=old.date, start=old.start)


def _told(published: Plan, bound: Mapping[str, Binding]) -> Plan:
    """Return the published plan with the carers and times that are decided."""
    numbered: dict[str, int] = {}
    routes = []
    for route in published.routes:
        for stop in route.stops:
            one = bound.get(stop.visit)
            place = numbered.get(stop.visit, 0)
            numbered[stop.visit] = place + 1
            who = route.caregiver
            if one is not None and place < len(one.caregivers):
                who = one.caregivers[place]
            start = stop.start if one is None or one.start is None else one.start
            told = stop.model_copy(update={"start": start})
            routes.append(route.model_copy(update={"caregiver": who, "stops": (told,)}))
    return published.model_copy(update={"routes": tuple(routes)})


def _stand_in(situation: Situation, hold: Hold, price: int) -> Visit:
    """Return a visit of no length that keeps a caregiver where the last one was, until free."""
    like = next(one for one in situation.scenario.visits if one.id == hold.visit)
    return Visit.model_construct(
        id=f"{HOLDING}{hold.caregiver}:{hold.shift}",
        client=like.client,
        services=(),
        carers=(
            CarerNeed.model_construct(
                minutes=hold.at - hold.since, shortest=None, qualifications=()
            ),
        ),
        dates=(situation.date,),
        window=StartWindow.model_construct(earliest=hold.since, latest=hold.since),
        preferred_until=None,
        priority=like.priority,
        unserved_price=price,
        mandatory=False,
        payer=None,
        series=None,
        pin=Pin.model_construct(caregivers=(hold.caregiver,), date=situation.date, start=None),
        trace=(),
    )


def _people(situation: Situation, aim: Aim, holds: tuple[Hold, ...]) -> tuple[Caregiver, ...]:
    """Return the caregivers, none of whom leaves home before now."""
    routes = situation.plan.routes
    out = {
        (route.caregiver, route.shift)
        for route in situation.kept.routes
        if route.date == situation.date
        and any(stop.visit in situation.fixed for stop in route.stops)
    }
    holding = {hold.caregiver for hold in holds}
    ends = {
        (person.id, day): shifts
        for person in situation.before.caregivers
        for day in {route.date for route in routes}
        if (shifts := sorted((s for s in person.shifts if s.date == day), key=lambda s: s.start))
    }
    over: dict[str, int] = {}
    for route in routes:
        shifts = ends.get((route.caregiver, route.date), [])
        if route.shift < len(shifts):
            more = max(0, route.back - shifts[route.shift].end)
            over[route.caregiver] = max(over.get(route.caregiver, 0), more)
    people = []
    for person in situation.scenario.caregivers:
        update: dict[str, object] = {}
        if aim is Aim.NO_OVERTIME and person.id not in situation.affected:
            update["overtime_limit"] = min(person.overtime_limit, over.get(person.id, 0))
        if situation.now is not None:
            update |= _from_now(situation, person, situation.now, out)
        if person.id in holding:
            update |= _beside_stand_ins(person, holds)
        people.append(person.model_copy(update=update) if update else person)
    return tuple(people)


_WORK = ("day_minutes", "day_minutes_limit", "week_minutes", "week_minutes_limit")


def _beside_stand_ins(person: Caregiver, holds: Iterable[Hold]) -> dict[str, object]:
    """Return limits that are as wide for real visits as they were, stand-ins being counted too."""
    waits = [hold.at - hold.since for hold in holds if hold.caregiver == person.id]
    limits = {name: getattr(person, name) for name in _WORK}
    update: dict[str, object] = {
        name: limit + sum(waits) for name, limit in limits.items() if limit is not None
    }
    if person.visits_per_day is not None:
        update["visits_per_day"] = person.visits_per_day + len(waits)
    return update


def _from_now(
    situation: Situation, person: Caregiver, now: int, out: Collection[tuple[str, int]]
) -> dict[str, object]:
    """Return hours in which nobody leaves home before now, and breaks are taken from now on.

    A break that has begun stays; `out` is the caregivers on the way, with the numbers of shifts.
    """
    of_day = sorted((s for s in person.shifts if s.date == situation.date), key=lambda s: s.start)
    if not of_day:
        return {}
    number = {id(shift): n for n, shift in enumerate(of_day)}
    told = {(r.caregiver, r.shift) for r in situation.kept.routes if r.date == situation.date}
    shifts = []
    for shift in person.shifts:
        if id(shift) not in number:
            shifts.append(shift)
        elif (person.id, number[id(shift)]) in out:
            route = _route(situation, person, number[id(shift)])
            shifts.append(_break_from(shift, person.break_of(shift), route, now))
        elif shift.end <= now and (person.id, number[id(shift)]) not in told:
            # Over: nobody is sent off into its overtime. At midnight it keeps its number.
            shifts.append(shift.model_copy(update={"start": 0, "end": 0}))
        else:
            shifts.append(_at_home_until(shift, person.break_of(shift), now))
    night = situation.scenario.policy.night
    # What is left of a night shift is a night shift still.
    return {
        "shifts": tuple(
            left
            if night.is_night(left) is night.is_night(whole)
            else left.model_copy(update={"night": night.is_night(whole)})
            for left, whole in zip(shifts, person.shifts, strict=True)
        )
    }


def _route(situation: Situation, person: Caregiver, shift: int) -> Route:
    key = person.id, situation.date, shift
    routes = situation.kept.routes
    return next(one for one in routes if (one.caregiver, one.date, one.shift) == key)


def _at_home_until(shift: Shift, rule: BreakRule | None, now: int) -> Shift:
    """Return a shift that begins at `now` at the earliest; a break stays due."""
    if shift.start >= now:
        return shift
    update: dict[str, object] = {"start": min(now, shift.end)}
    if rule is not None and shift.end - shift.start >= rule.after:
        update["break_rule"] = rule.model_copy(update={"after": 0})
    return shift.model_copy(update=update)


def _break_from(shift: Shift, rule: BreakRule | None, route: Route, now: int) -> Shift:
    """Return a shift whose break is taken as it was begun, or else not before now."""
    if rule is None:
        return shift
    pause = route.pause
    times = {"earliest": max(rule.earliest, min(now, rule.latest))}
    if pause is not None:
        ready = route.stops[pause.after_stops - 1].end if pause.after_stops else pause.start
        if ready <= pause.start <= now:
            times = {"earliest": pause.start, "latest": pause.start}
    return shift.model_copy(update={"break_rule": rule.model_copy(update=times)})


def _with_stand_ins(plan: Plan, situation: Situation, kept: tuple[Hold, ...]) -> Plan:
    """Return a plan with stand-ins after the last stop that has begun on each route."""
    holds = {(hold.caregiver, hold.shift): hold for hold in kept}
    routes = []
    for route in plan.routes:
        hold = holds.get((route.caregiver, route.shift))
        if hold is None or route.date != situation.date:
            routes.append(route)
            continue
        begun = sum(stop.visit in situation.fixed for stop in route.stops)
        stand_in = Stop.model_construct(
            visit=f"{HOLDING}{hold.caregiver}:{hold.shift}", carer=1, arrival=hold.since,
            start=hold.since, end=hold.at, travel=0, contract=None,
        )  # fmt: skip
        pause, stops = route.pause, (*route.stops[:begun], stand_in, *route.stops[begun:])
        if pause is not None and _comes_after(pause, begun, hold):
            pause = pause.model_copy(update={"after_stops": pause.after_stops + 1})
        routes.append(route.model_copy(update={"stops": stops, "pause": pause}))
    return plan.model_copy(update={"routes": tuple(routes)})


def _comes_after(pause: Break, begun: int, hold: Hold) -> bool:
    """Return whether a break comes after the stand-in that follows so many stops."""
    return pause.after_stops > begun or (pause.after_stops == begun and pause.start >= hold.at)


def without_stand_ins(plan: Plan) -> Plan:
    """Return a plan of a working day as one of the real day."""
    routes = []
    for route in plan.routes:
        at = next((n for n, stop in enumerate(route.stops) if stop.visit.startswith(HOLDING)), None)
        if at is None:
            routes.append(route)
            continue
        stops = (*route.stops[:at], *route.stops[at + 1 :])
        pause = route.pause
        if pause is not None and pause.after_stops > at:
            pause = pause.model_copy(update={"after_stops": pause.after_stops - 1})
        routes.append(route.model_copy(update={"stops": stops, "pause": pause}))
    unserved = tuple(one for one in plan.unserved if not one.visit.startswith(HOLDING))
    return plan.model_copy(update={"routes": tuple(routes), "unserved": unserved})
