"""Rules about the clock within one route: window, travel, shift and break."""

from __future__ import annotations

from types import MappingProxyType

from optimizer.domain.policy import Rule
from optimizer.exact.options import Options, Strikes
from optimizer.exact.variables import Binds, Variables
from optimizer.exact.world import HOME, World
from optimizer.travel.reach import UNREACHABLE


def window(variables: Variables) -> None:
    """A visit begins between its window's earliest and latest time."""
    world = variables.world
    for visit, start in zip(world.scenario.visits, variables.start, strict=True):
        limits = visit.window
        variables.model.add_linear_constraint(
            start, world.ticks(limits.earliest), world.ticks(limits.latest)
        )


def passable(world: World, options: Options) -> None:
    """No journey is unreachable or longer than the longest leg, nor too long for the windows."""

    def forbids(r: int, i: int, j: int) -> bool:
        ticks = world.travel(r, i, j)
        longest = world.days[r].caregiver.longest_leg
        if ticks >= UNREACHABLE or (longest is not None and ticks > world.ticks(longest)):
            return True
        return _soonest(world, r, i) + ticks > _latest(world, r, j)

    options.strike_legs(forbids)


def _soonest(world: World, r: int, i: int) -> int:
    """Return when a node is left at the earliest."""
    if i == HOME:
        return world.days[r].opens
    task = world.tasks[i]
    return world.ticks(task.visit.window.earliest) + task.short


def _latest(world: World, r: int, j: int) -> int:
    """Return when a node must be reached at the latest."""
    if j == HOME:
        return world.days[r].latest_back
    return world.ticks(world.tasks[j].visit.window.latest)


def travel(variables: Variables) -> None:
    """Between one stop and the next lies the travel; likewise from and to home."""
    model = variables.model
    for (r, i, j), leg in variables.leg.items():
        ticks = variables.world.travel(r, i, j)
        leaves = variables.departure[r] if i == HOME else variables.end_of(r, i)
        arrives = variables.back[r] if j == HOME else variables.start_of(j)
        model.add(arrives >= leaves + ticks).only_enforce_if(leg)
    for r in variables.used:
        _one_at_a_time(variables, r)


def _one_at_a_time(variables: Variables, r: int) -> None:
    """Say once more that stops of a route exclude each other, which halves the search.

    A stop keeps its caregiver for its shortest duration and for the nearest way onwards.
    """
    ways: dict[int, list[int]] = {}
    for leg in variables.between(r):
        ways.setdefault(leg[1], []).append(variables.world.travel(*leg))
    variables.model.add_no_overlap(
        [
            variables.model.new_optional_fixed_size_interval_var(
                variables.start_of(k),
                variables.world.tasks[k].short + min(ways.get(k, ()), default=0),
                variables.on[r, k],
                f"busy {r} {k}",
            )
            for k in variables.tasks_on[r]
        ]
    )


def shift(variables: Variables) -> None:
    """A route lies in its shift and the permitted overtime, and before the next shift."""
    for r, departure in variables.departure.items():
        day = variables.world.days[r]
        variables.model.add(departure >= day.opens)
        variables.model.add(variables.back[r] <= day.latest_back)


def pause(variables: Variables) -> None:
    """A route that needs a break takes it once, between two stops, before them or after them."""
    model, world = variables.model, variables.world
    for r, begins in variables.pause_start.items():
        needed = world.days[r].pause
        duration = 0 if needed is None else needed.duration
        after = {i: variables.pause_after[r, i] for i in (HOME, *variables.tasks_on[r])}
        model.add(sum(after.values()) == variables.used[r])
        ends = begins + duration
        at_end = model.new_bool_var(f"break {r} after coming back")
        model.add(variables.departure[r] >= ends).only_enforce_if(after[HOME])
        for k in variables.tasks_on[r]:
            model.add_implication(after[k], variables.on[r, k])
            model.add(begins >= variables.end_of(r, k)).only_enforce_if(after[k])
        for leg in variables.journeys(r):
            _, i, j = leg
            both = [variables.leg[leg], after[i]]
            if i == HOME:
                continue
            if j == HOME:
                way_back = ends + world.travel(r, i, HOME)
                model.add(begins >= variables.back[r]).only_enforce_if([*both, at_end])
                model.add(variables.back[r] >= way_back).only_enforce_if([*both, ~at_end])
            else:
                ticks = world.travel(r, i, j)
                model.add(variables.start_of(j) >= ends + ticks).only_enforce_if(both)


STRIKES_LEGS: Strikes = MappingProxyType({Rule.TRAVEL: passable})
BINDS: Binds = MappingProxyType(
    {Rule.WINDOW: window, Rule.TRAVEL: travel, Rule.SHIFT: shift, Rule.BREAK: pause}
)
