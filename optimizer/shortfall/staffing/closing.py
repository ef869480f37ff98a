"""Bringing what is found and what is proven together: team by team, with proof and search in turn.

What is proven of one team holds for many others. Those of which nothing can be proven are few, and
so worth a longer search: either one of them reaches the goal, or it stays open.

References
----------
Hooker & Ottosson (2003), Logic-based Benders decomposition, Mathematical Programming 96. Jamieson &
Talwalkar (2016), Non-stochastic best arm identification and hyperparameter optimization, AISTATS
(fewer and fewer candidates, tried longer and longer).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from optimizer.certificate import HiresProof
from optimizer.shortfall.staffing.effort import Effort
from optimizer.shortfall.staffing.fewest import NEAR
from optimizer.shortfall.staffing.ledger import Ledger
from optimizer.shortfall.staffing.teams import Team, Tried

IsOver = Callable[[], bool]
KEPT = (1.0, 0.3, 0.1, 0.03)
"Part of the candidates that is tried in each stage."
ALWAYS = 3
"So many teams of which least is proven are tried in every stage, whatever a short look says."


def closed(
    ledger: Ledger, proof: HiresProof, base: Tried, goal: int, effort: Effort, is_over: IsOver
) -> HiresProof:
    """Prove of more hires that they are too few, and try teams of which that cannot be proven.

    Parameters
    ----------
    ledger
        Knows the best teams; better ones that are found are entered.
    proof
        What is proven of any so many hires.
    base
        The day without hires.
    goal
        Visits that may be left out.
    effort, is_over
        Steps and rounds; asked again and again.

    Returns
    -------
    HiresProof
        The proof with what is proven of all teams of a size.
    """
    # Like the bound, it is loaded only where it is asked for.
    from optimizer.certificate.hires_teams import TeamProver  # noqa: PLC0415

    too_few = proof.most_hires(goal)
    hires = 1 if too_few is None else too_few + 1
    prover: TeamProver | None = None
    while (best := ledger.fewest(goal)) is not None and hires < len(best.team):
        if is_over() or (prover is None and base.unserved <= goal):
            break
        if prover is None:
            prover = TeamProver(
                ledger.teams.scenario,
                proof.kinds,
                ledger.teams.matrices,
                plan=base.plan,
                is_over=is_over,
            )
        found = prover.proven(
            hires,
            goal,
            known=proof.parts,
            rounds=effort.team_rounds,
            most_parts=effort.team_parts,
        )
        proof = found.added_to(proof)
        if not found.is_complete:
            numbers = tuple(ledger.teams.kinds)
            left = [tuple(numbers[kind] for kind in team) for team in found.left_open or ()]
            _tried(ledger, left[: effort.candidates], base, goal, effort, is_over)
        hires += 1
    return proof


def _tried(
    ledger: Ledger,
    teams: Sequence[Team],
    base: Tried,
    goal: int,
    effort: Effort,
    is_over: IsOver,
) -> None:
    """Try teams until one reaches the goal: all of them shortly, the best of them longer."""
    starts = dict.fromkeys(teams, base)
    left = list(teams)
    for part, steps in zip(
        KEPT, (effort.trial, effort.drop, effort.final, effort.longest), strict=True
    ):
        tries: list[Tried] = []
        for team in left[: max(1, round(part * len(teams)))] if teams else ():
            if is_over():
                return
            seeds = effort.seeds if steps == effort.longest else 1
            found = ledger.tried(team, steps, start=starts[team].plan, seeds=seeds)
            if found.unserved <= goal:
                return
            tries.append(found)
        tries.sort(key=lambda one: (one.unserved, ledger.fen(one.team), one.team))
        starts = {one.team: one for one in tries}
        near = [one.team for one in tries if steps == effort.trial or one.unserved <= goal + NEAR]
        left = list(dict.fromkeys((*teams[:ALWAYS], *near)))
