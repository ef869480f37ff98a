"""The fewest hires that reach a goal: proposals, one dropped after the other, exchanges of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from optimizer.shortfall.staffing.effort import Effort
from optimizer.shortfall.staffing.kinds import Kind, plainer
from optimizer.shortfall.staffing.ledger import Ledger
from optimizer.shortfall.staffing.phantoms import proposals
from optimizer.shortfall.staffing.teams import Team, Tried

IsOver = Callable[[], bool]
NEAR = 2
"Visits above the goal from which a team with one hire fewer is looked at a second time."


def from_proposals(
    ledger: Ledger, kinds: Sequence[Kind], goal: int, effort: Effort, is_over: IsOver
) -> None:
    """Try the teams that searches with priced hires use, and those with some of them dropped."""
    seen: set[Team] = set()
    for team in proposals(ledger.teams, kinds, effort.phantoms):
        if is_over():
            break
        if team in seen or not team or len(team) > effort.most_hires:
            continue
        seen.add(team)
        found = ledger.tried(team, effort.drop, seeds=2)
        best = ledger.fewest(goal)
        if found.unserved <= goal and (best is None or len(team) <= len(best.team) + NEAR):
            dropped(ledger, found, goal, effort, is_over)


def dropped(ledger: Ledger, found: Tried, goal: int, effort: Effort, is_over: IsOver) -> Tried:
    """Drop hires one by one as long as the goal is still reached; return what is left.

    Parameters
    ----------
    ledger
        Where all that is tried is kept.
    found
        A team that reaches the goal.
    goal
        Visits that may be left out.
    effort, is_over
        Steps; asked before each hire is dropped.
    """
    for number in sorted(set(found.team), reverse=True):
        while number in found.team and not is_over():
            fewer = _without(found.team, number)
            then = ledger.tried(fewer, effort.drop, start=found.plan)
            if goal < then.unserved <= goal + NEAR:
                then = ledger.tried(fewer, effort.final, start=then.plan, seeds=2)
            if then.unserved > goal:
                break
            found = then
    return found


def exchanged(
    ledger: Ledger, kinds: Sequence[Kind], hires: int, goal: int, effort: Effort, is_over: IsOver
) -> None:
    """Try to reach the goal with so many hires by exchanging one of the best such team.

    Parameters
    ----------
    ledger
        Where all that is tried is kept.
    kinds
        Who might come instead.
    hires
        Size of the team, at least 1.
    goal
        Visits that may be left out.
    effort, is_over
        Steps; asked before each exchange.
    """
    best = ledger.best(hires)
    if len(best.team) < 1 or best.unserved <= goal:
        return
    looks: list[Tried] = []
    for number in sorted(set(best.team)):
        for kind in kinds:
            if is_over():
                break
            if kind.number != number:
                team = (*_without(best.team, number), kind.number)
                looks.append(ledger.tried(team, effort.trial, start=best.plan))
    looks.sort(key=lambda one: (one.unserved, ledger.fen(one.team), one.team))
    for one in looks[: effort.exchanges]:
        if is_over():
            break
        ledger.tried(one.team, effort.final, start=one.plan, seeds=2)


def cheapened(
    ledger: Ledger, kinds: Sequence[Kind], found: Tried, goal: int, effort: Effort, is_over: IsOver
) -> Tried:
    """Replace hires by ones of a plainer grade as long as the goal is still reached."""
    for number in sorted(set(found.team)):
        for kind in plainer(ledger.kind(number), kinds):
            if number not in found.team or is_over():
                break
            team = (*_without(found.team, number), kind.number)
            then = ledger.tried(team, effort.drop, start=found.plan, seeds=2)
            if then.unserved <= goal:
                found = then
    return found


def _without(team: Team, number: int) -> Team:
    left = list(team)
    left.remove(number)
    return tuple(left)
