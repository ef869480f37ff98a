"""Changed lines written back as plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from optimizer.domain.plan import Break, Plan, Route, Stop, Unserved
from optimizer.domain.reason import UnservedReason
from optimizer.explanation.insertions import InsertionPosition
from optimizer.explanation.plan_state import PlanState
from optimizer.explanation.timeline import Key, Task, Timeline, Timing, legs, timed
from optimizer.units import MS_PER_MINUTE, to_ms


def with_positions(state: PlanState, positions: Sequence[InsertionPosition]) -> Plan | None:
    """Return the plan with tasks in their positions, all at one start if there are several.

    Stops that a task takes the place of become unserved. The other stops of the lines keep
    their order and begin as early as they may; all other routes stay as they are.

    Returns
    -------
    Plan or None
        None if a line does not come out, which a position of the same state never gives.
    """
    changed: dict[Key, tuple[Task, ...]] = {}
    removed: list[str] = []
    for position in positions:
        line = state.lines[position.key]
        latest = position.span[1] if len(positions) == 1 else position.span[0]
        task = replace(position.task, earliest=position.span[0], latest=latest)
        changed[position.key] = line.with_task(position.first, position.last, task)
        removed += [other.visit.id for other in line.tasks[position.first : position.last]]
    placed = {position.task.visit.id for position in positions}
    return with_lines(state, changed, placed=placed, removed=removed)


def with_lines(
    state: PlanState,
    changed: Mapping[Key, tuple[Task, ...]],
    *,
    placed: Iterable[str] = (),
    removed: Iterable[str] = (),
) -> Plan | None:
    """Return the plan with other stops on some lines; None if one of them does not come out.

    Parameters
    ----------
    state
        The plan as it is.
    changed
        All stops of each line that changes; none takes the route off the plan.
    placed, removed
        Visits that leave and join the list of those unserved.
    """
    routes: dict[Key, Route] = {}
    for key, tasks in changed.items():
        if not tasks:
            continue
        timing = timed(state.lines[key], tasks)
        if timing is None:
            return None
        routes[key] = _route(state, state.lines[key], tasks, timing)
    kept = [
        routes.pop(key, route) if key not in changed or key in routes else None
        for route in state.plan.routes
        for key in [(route.caregiver, route.date, route.shift)]
    ]
    gone, off = set(placed), tuple(removed)
    reason = UnservedReason.NOBODY_FOUND.value
    return state.plan.model_copy(
        update={
            "routes": (*(route for route in kept if route is not None), *routes.values()),
            "unserved": (
                *(one for one in state.plan.unserved if one.visit not in gone),
                *(Unserved(visit=visit, reason=reason) for visit in off),
            ),
        }
    )


def _route(state: PlanState, line: Timeline, tasks: tuple[Task, ...], timing: Timing) -> Route:
    """Return a line with its times as a route of a plan."""
    tpm = state.scenario.ticks_per_minute
    travel = legs(line, tasks)
    stops, ready = [], line.opens
    pause = timing.pause_start
    for number, (task, start) in enumerate(zip(tasks, timing.starts, strict=True)):
        if line.pause is not None and pause is not None and timing.pause_at == number:
            ready = pause + line.pause.length
        leaves = timing.departure if number == 0 else ready
        contract = state.accounts.kept(task, line.caregiver, line.date)
        ready = start + task.care
        stops.append(
            Stop(
                visit=task.visit.id,
                carer=task.carer,
                arrival=to_ms(leaves + travel[number], tpm),
                start=to_ms(start, tpm),
                end=to_ms(ready, tpm),
                travel=_minutes(travel[number], tpm),
                contract=None if contract is None else contract.id,
            )
        )
    return Route(
        caregiver=line.caregiver.id,
        date=line.date,
        shift=line.shift,
        departure=to_ms(timing.departure, tpm),
        stops=tuple(stops),
        pause=_pause(line, timing, tpm),
        back=to_ms(timing.back, tpm),
        travel_back=_minutes(travel[-1], tpm),
    )


def _pause(line: Timeline, timing: Timing, tpm: int) -> Break | None:
    if line.pause is None or timing.pause_start is None:
        return None
    return Break(
        start=to_ms(timing.pause_start, tpm),
        end=to_ms(timing.pause_start + line.pause.length, tpm),
        after_stops=timing.pause_at or 0,
    )


def _minutes(ticks: int, tpm: int) -> float:
    """Return minutes as the record's constructor takes them."""
    return to_ms(ticks, tpm) / MS_PER_MINUTE
