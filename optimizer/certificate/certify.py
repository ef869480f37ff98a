"""The search for certificates: what must stay unserved, found within a limit of time."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from optimizer.certificate.alone import alone_certificate, impossible
from optimizer.certificate.balance import Balance, certificate_of
from optimizer.certificate.by_day import Day, scarce_slots
from optimizer.certificate.certificate import Certificate, UnservedProof
from optimizer.certificate.flow import cut
from optimizer.certificate.form import Form
from optimizer.certificate.hours import Blocks, Find, promising, scan, smaller
from optimizer.certificate.relaxation import Relaxation
from optimizer.certificate.routes import routed
from optimizer.certificate.weeks import Weeks
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.travel import TravelMatrices

IsOver = Callable[[], bool]

_AROUND = 40
"Visits around which proofs are looked for where no plan says which are left out."
_TURN = 1.0
"Seconds that one day of several is looked at, so that the others have their turn."
SECONDS = 1.0
"Time limit of the search for certificates, in seconds, unless the caller gives another."


def certify(
    scenario: Scenario,
    matrices: TravelMatrices | None = None,
    *,
    plan: Plan | None = None,
    seconds: float = SECONDS,
) -> UnservedProof:
    """Return what is proven to stay unserved in any plan of a scenario.

    Parameters
    ----------
    scenario
        A scenario without faults, its visits derived.
    matrices
        Its travel matrices; made from it if not given.
    plan
        A plan; proofs are looked for around the visits that it leaves out, at least.
    seconds
        Time limit (positive), after which no further proof is looked for.
    """
    until = time.perf_counter() + seconds
    relaxation = Relaxation.of(scenario, matrices)
    left = None if plan is None else _left_out(scenario, plan)
    return certify_relaxation(relaxation, left, lambda: time.perf_counter() > until)


def certify_relaxation(
    relaxation: Relaxation, unserved: Collection[int] | None, is_over: IsOver
) -> UnservedProof:
    """Return what is proven to stay unserved.

    Parameters
    ----------
    relaxation
        The scenario.
    unserved
        Visits that a plan leaves out, by position: nothing else is looked at alone, and where
        it leaves out none, nothing at all. All visits are looked at if not given.
    is_over
        Whether the time is up.
    """
    name = relaxation.index.scenario.id
    if unserved is not None and not unserved:
        return UnservedProof.of(name, ())
    alone = impossible(relaxation, unserved)
    parts = [] if (first := alone_certificate(relaxation, alone)) is None else [first]
    gone = set(alone)
    position = {visit: number for number, visit in enumerate(relaxation.visit_ids)}
    around = _fewest_first(relaxation) if unserved is None else tuple(unserved)
    blocks = Blocks(relaxation)
    goal = len(relaxation.prices) if unserved is None else len(unserved)
    goal -= len(alone)
    if len(blocks.dates) > 1:
        for found in _day_by_day(relaxation, blocks, gone, unserved, is_over):
            parts.append(found)
            goal -= found.least_unserved
            gone |= {position[one.visit] for one in found.visits}
    while goal > 0 and not is_over():
        best = _best(relaxation, blocks, gone, around, goal, is_over)
        if best is None:
            break
        parts.append(best)
        goal -= best.least_unserved
        gone |= {position[one.visit] for one in best.visits}
    return UnservedProof.of(name, parts)


def _day_by_day(
    relaxation: Relaxation,
    blocks: Blocks,
    without: Collection[int],
    unserved: Collection[int] | None,
    is_over: IsOver,
) -> Iterator[Certificate]:
    """Yield certificates of a horizon: slots of few people and whole weeks, then single days.

    What has a choice of days is left out; then each day is small, and many can be looked at in the
    time that one search over all of them takes.
    """
    days = [Day(relaxation, blocks, date) for date in blocks.dates]
    if unserved is not None:
        missed = set(unserved)
        days = [day for day in days if day.visits & missed]
        days.sort(key=lambda day: -len(day.visits & missed))
    position = {visit: number for number, visit in enumerate(relaxation.visit_ids)}
    gone = set(without)
    for part in _slots_and_weeks(relaxation, days, without, is_over):
        gone |= {position[one.visit] for one in part.visits}
        yield part
    for day in days:
        mine = day.visits - gone if unserved is None else (day.visits & set(unserved)) - gone
        goal = len(mine)
        until = time.perf_counter() + _TURN
        while goal > 0 and not is_over():
            around = sorted(mine - gone)[:_AROUND]
            found = _best(
                day.relaxation,
                day.blocks,
                gone,
                around,
                goal,
                lambda until=until: is_over() or time.perf_counter() > until,  # type: ignore[misc]
            )
            if found is None:
                break
            yield found
            goal -= found.least_unserved
            gone |= {position[one.visit] for one in found.visits}


def _slots_and_weeks(
    relaxation: Relaxation, days: Sequence[Day], without: Collection[int], is_over: IsOver
) -> list[Certificate]:
    """Return certificates about slots of few people and then about weeks, or the latter alone."""
    gone = set(without)
    slots = []
    for day in days:
        for balance in scarce_slots(day, gone, is_over):
            gone |= set(balance.amounts)
            slots.append(_of_routes(day.relaxation, balance))
    weeks = Weeks(relaxation)

    def lacking(left_out: Collection[int]) -> list[Certificate]:
        found = weeks.lacking(left_out, is_over)
        return [certificate_of(relaxation, Form.WEEKS, balance) for balance in found]

    alone = lacking(without)
    both = [*slots, *(lacking(gone) if alone and slots else alone)]
    return max(both, alone, key=lambda parts: sum(part.least_unserved for part in parts))


def _fewest_first(relaxation: Relaxation) -> tuple[int, ...]:
    """Return the visits with the fewest shifts that may make them, some of them."""
    stops = relaxation.allowed.sum(axis=1).argsort(kind="stable")
    visits = dict.fromkeys(int(relaxation.visit_of[stop]) for stop in stops)
    return tuple(visits)[:_AROUND]


def _left_out(scenario: Scenario, plan: Plan) -> tuple[int, ...]:
    """Return the positions of visits that not all their carers attend in a plan."""
    there: dict[str, set[int]] = {}
    for route in plan.routes:
        for stop in route.stops:
            there.setdefault(stop.visit, set()).add(stop.carer)
    return tuple(
        number
        for number, visit in enumerate(scenario.visits)
        if len(there.get(visit.id, ())) < len(visit.carers)
    )


def _best(
    relaxation: Relaxation,
    blocks: Blocks,
    gone: Collection[int],
    unserved: Iterable[int],
    goal: int,
    is_over: IsOver,
) -> Certificate | None:
    """Return the certificate about visits not yet spoken of that proves most."""
    finds = scan(relaxation, blocks, gone, is_over)
    seeds = list(promising(finds))
    flow = None if is_over() else cut(relaxation, blocks, gone)
    if flow is not None:
        finds.append(flow)
    hours: Find | None = max(finds, key=lambda one: one.balance.least(relaxation), default=None)
    proven = 0 if hours is None else hours.balance.least(relaxation)
    routes = routed(relaxation, gone, seeds=seeds, unserved=unserved, goal=goal, is_over=is_over)
    if routes is not None and routes.missing > proven:
        return _of_routes(relaxation, routes)
    if hours is None or not proven:
        return None
    hours = smaller(relaxation, blocks, hours, is_over)
    return certificate_of(relaxation, Form.HOURS, hours.balance, interval=hours.interval)


def _of_routes(relaxation: Relaxation, balance: Balance) -> Certificate:
    return certificate_of(relaxation, Form.ROUTES, balance)
