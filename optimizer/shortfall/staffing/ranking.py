"""What one more caregiver of each kind would save by dual weights, and what the best do save."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from optimizer.domain.plan import Plan
from optimizer.problem.compile import compile_problem
from optimizer.problem.translate import from_plan
from optimizer.shortfall.staffing.kinds import Kind
from optimizer.shortfall.staffing.teams import Team, Teams, Tried

ROUNDS = 40
"Rounds of column generation behind a ranking."


@dataclass(frozen=True, slots=True)
class Valued:
    """What one more caregiver of a kind is worth, beside the staff alone.

    Attributes
    ----------
    kind
        The kind.
    estimate
        Dual weight that one of them can collect, in visits: it ranks, and is no limit of what is
        saved beside a plan that leaves out more than the weights prove.
    saved
        Visits fewer left out with one of them, as far as it was tried; None if it was not.
    """

    kind: Kind
    estimate: float
    saved: int | None = None


def ranked(
    teams: Teams, kinds: Sequence[Kind], team: Team, plan: Plan, *, rounds: int = ROUNDS
) -> tuple[Valued, ...]:
    """Return kinds by the dual weight that one more of them can collect, the most first.

    Parameters
    ----------
    teams
        The day.
    kinds
        Who might be hired.
    team, plan
        Who is hired already, and a plan with them.
    rounds
        Rounds of column generation.
    """
    # The linear-programming library takes its time to load; other questions do without it.
    from optimizer.bound.imagined_bound import hire_weights  # noqa: PLC0415

    present = teams.people(team)
    staff = len(teams.scenario.caregivers) + len(present)
    day = teams.engine_scenario
    everybody = (*day.caregivers, *present, *(kind.person for kind in kinds))
    data = compile_problem(day.model_copy(update={"caregivers": everybody}), teams.matrices)
    routes = from_plan(data, plan)
    weights = hire_weights(
        data, staff, (0,), routes=routes, found={}, rounds=rounds, is_over=teams.is_over
    )
    found = next(iter(weights))
    saved = [0] * len(kinds)
    for limit, one in zip(found.limits, data.days, strict=True):
        if one.caregiver >= staff:
            saved[one.caregiver - staff] += limit
    values = [Valued(kind, most / found.unit) for kind, most in zip(kinds, saved, strict=True)]
    return tuple(
        sorted(values, key=lambda one: (-one.estimate, one.kind.fen or 0, one.kind.number))
    )


def best_tried(
    teams: Teams, values: Iterable[Valued], base: Tried, steps: int, count: int
) -> tuple[Valued, ...]:
    """Return kinds with what the first of them really save, those tried first.

    Parameters
    ----------
    teams
        The day.
    values
        Kinds by their estimate, the most first.
    base
        The day without hires.
    steps
        Steps of each search.
    count
        How many are tried.
    """
    everyone = list(values)
    tried = []
    for one in everyone[:count]:
        then = teams.tried((one.kind.number,), steps, start=base.plan)
        tried.append(replace(one, saved=max(0, base.unserved - then.unserved)))
    tried.sort(key=lambda one: (-(one.saved or 0), -one.estimate, one.kind.number))
    return (*tried, *everyone[count:])
