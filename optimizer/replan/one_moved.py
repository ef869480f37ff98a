"""Room made by moving one other visit: the new one takes its place, and it goes elsewhere.

An ejection chain of length one, every stop of the roster tried.

References
----------
Glover, Ejection chains, reference structures and alternating path methods for traveling salesman
problems, Discrete Applied Mathematics 65 (1996).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace

from optimizer.domain.visit import Visit
from optimizer.explanation.insertions import Insertions
from optimizer.explanation.timeline import Task
from optimizer.replan.route_cost import Option, RouteCosts

TRIED = 12
"Stops whose places are cheapest to take, for which another place is looked for."


@dataclass(frozen=True, slots=True)
class Ejection:
    """A stop whose place a visit takes.

    Attributes
    ----------
    option
        What the route becomes with the new visit instead.
    gone
        The stop that has to go elsewhere.
    """

    option: Option
    gone: Task


def cheapest_ejections(
    insertions: Insertions, costs: RouteCosts, asked: Visit, *, now: int | None
) -> list[Ejection]:
    """Return the stops whose places are cheapest to take, the cheapest first.

    Parameters
    ----------
    insertions, costs
        The roster.
    asked
        A visit of one carer.
    now
        Stops that begin before stay, in milliseconds since midnight of the first day.
    """
    found = _ejections(insertions, costs, asked, now)
    return heapq.nsmallest(
        TRIED, found, key=lambda one: (sum(one.option[-1].values()), one.gone.visit.id)
    )


def _ejections(
    insertions: Insertions, costs: RouteCosts, asked: Visit, now: int | None
) -> Iterator[Ejection]:
    state = insertions.state
    task, first_day = state.task(asked, 1), state.index.dates[0]
    days = set(state.index.allowed_dates(asked))
    keys = [key for key in state.lines if key[1] in days]
    barred = insertions.barred_from(task, keys)
    for key in keys:
        line = state.lines[key]
        bounded = state.bounded(task, line.caregiver, line.date)
        if barred[key] is not None or bounded is None:
            continue
        for number, other in enumerate(line.tasks):
            start = costs.told[other.visit.id, other.carer]
            is_over = now is not None and line.date == first_day and start <= state.ticks(now)
            if is_over or not _may_go(insertions, other):
                continue
            for place in insertions.positions(bounded, line, number, number + 1):
                for option in costs.options(insertions, place):
                    yield Ejection(option, other)


def _may_go(insertions: Insertions, task: Task) -> bool:
    """Return whether a stop is bound to nothing: no other carer, no tie, no pin."""
    state, visit = insertions.state, task.visit
    is_pinned = visit.pin is not None or any(p.visit == visit.id for p in state.scenario.pins)
    return len(visit.carers) == 1 and not state.ties.get(visit.id) and not is_pinned


def taken(option: Option) -> tuple[Task, ...]:
    """Return the stops of a route at the times of an option."""
    _, tasks, timing, _, _ = option
    return tuple(
        replace(task, earliest=start, latest=start)
        for task, start in zip(tasks, timing.starts, strict=True)
    )
