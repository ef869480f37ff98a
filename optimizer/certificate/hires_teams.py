"""The search for certificates of which each team of hires has one that proves enough.

One certificate for whichever so many hires counts each of them as the most useful one, and as any
part of one: a linear program. Where that proves too little, teams are looked at one by one; what
is proven of one holds for many others, and those that are left are teams worth trying.

References
----------
Hooker & Ottosson (2003), Logic-based Benders decomposition, Mathematical Programming 96.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations_with_replacement
from math import comb

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.bound.team_bound import TeamBound, TeamWeights
from optimizer.certificate.hires_record import (
    HireKind,
    HiresCertificate,
    HiresProof,
    TeamsClaim,
    with_kinds,
)
from optimizer.certificate.hires_search import SCALE, HireLimits, weights_of_stops
from optimizer.certificate.relaxation import Relaxation
from optimizer.certificate.team_cover import Team, amounts_of_kinds, team_left_open
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.needs.privacy import for_engine
from optimizer.problem.compile import compile_problem
from optimizer.problem.translate import from_plan
from optimizer.travel import TravelMatrices

Ints = NDArray[int64]

MOST_TEAMS = 700_000
"Teams that are looked at; where there are more, nothing is said of them."
MOST_OPEN = 10_000
"Teams of which nothing is proven that are told at most."
ROUNDS = 60
"Rounds of column generation per team."
MOST_PARTS = 60
"Certificates made at most for one number of hires."
WORTH = 0.02
"""Part of the teams left that a certificate has to speak of once some team is known to be left open
in any case; then it only serves to leave fewer teams to be tried."""
SPARE = 0.02
"Visits proven beyond the claim at a team, so that limits may be larger, and sooner made sure of."


@dataclass(frozen=True, slots=True)
class TeamsProof:
    """What was found about all teams of so many hires.

    Attributes
    ----------
    hires, goal
        Size of the teams, and visits that may be left out.
    parts
        Certificates that speak of them, those given included.
    left_open
        Teams of which nothing is proven, those first of which least is; None where there are too
        many teams to look at.
    """

    hires: int
    goal: int
    parts: tuple[HiresCertificate, ...]
    left_open: tuple[Team, ...] | None

    @property
    def is_complete(self) -> bool:
        """Whether of each team it is proven that it leaves more than the goal."""
        return self.left_open == ()

    def added_to(self, proof: HiresProof) -> HiresProof:
        """Return a proof with what is proven of all teams; as it was if that is nothing."""
        if not self.is_complete:
            return proof
        kinds, least = [kind.id for kind in proof.kinds], self.goal + 1
        needed = list(self.parts)
        for part in self.parts:
            fewer = [one for one in needed if one is not part]
            if fewer and team_left_open(fewer, kinds, self.hires, least) is None:
                needed = fewer
        parts = (*proof.parts, *(one for one in needed if one not in proof.parts))
        claim = TeamsClaim(
            hires=self.hires,
            least_unserved=least,
            parts=tuple(parts.index(one) for one in needed),
        )
        return proof.model_copy(update={"parts": parts, "claims": (*proof.claims, claim)})


@dataclass(slots=True)
class _Board:
    """All teams of one size, and what is proven of each so far.

    Attributes
    ----------
    teams
        Their kinds, shape ``(teams, hires)``.
    goal
        Visits that may be left out.
    least
        What each leaves at least, in `SCALE` of a visit.
    in_vain
        Which were looked at and are still left open.
    """

    teams: Ints
    goal: int
    least: Ints = field(init=False)
    in_vain: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.least = np.full(len(self.teams), -(1 << 60), int64)
        self.in_vain = np.zeros(len(self.teams), np.bool_)

    def hear(self, least: Ints) -> float:
        """Take in what a certificate proves; return the part of the open teams that it settles."""
        before = self.least <= self.goal * SCALE
        self.least = np.maximum(self.least, least)
        after = self.least <= self.goal * SCALE
        self.in_vain &= after
        return float((before.sum() - after.sum()) / max(1, before.sum()))

    def first(self) -> int | None:
        """Return the open team of which least is proven and that was not looked at yet."""
        able = np.flatnonzero((self.least <= self.goal * SCALE) & ~self.in_vain)
        return int(able[self.least[able].argmin()]) if len(able) else None

    def left_open(self) -> tuple[Team, ...]:
        """Return the open teams, those first of which least is proven."""
        places = np.flatnonzero(self.least <= self.goal * SCALE)
        order = places[np.argsort(self.least[places], kind="stable")[:MOST_OPEN]]
        return tuple(tuple(row) for row in self.teams[order].tolist())


class TeamProver:
    """Proves of teams of the listed kinds what they leave unserved.

    Parameters
    ----------
    scenario
        A scenario without faults, its visits derived.
    kinds
        Who might be hired; at least one, no id that the staff has.
    matrices
        Travel matrices of the scenario.
    plan
        A plan without hires: routes to begin with.
    is_over
        Asked again and again; once it says so, what is proven so far is the answer.
    threads
        At least 1.
    """

    def __init__(
        self,
        scenario: Scenario,
        kinds: Sequence[HireKind],
        matrices: TravelMatrices,
        *,
        plan: Plan | None = None,
        is_over: Callable[[], bool] = lambda: False,
        threads: int = 1,
    ) -> None:
        fuller = with_kinds(for_engine(scenario), kinds)
        data = compile_problem(fuller, matrices)
        self._ids = [kind.id for kind in kinds]
        self._staff = len(scenario.caregivers)
        self._relaxation = Relaxation.of(fuller, matrices)
        routes = None if plan is None else from_plan(data, plan)
        self._bound = TeamBound(data, self._staff, routes=routes, threads=threads)
        self._is_over = is_over

    def proven(
        self,
        hires: int,
        goal: int,
        *,
        known: Sequence[HiresCertificate] = (),
        rounds: int = ROUNDS,
        most_parts: int = MOST_PARTS,
    ) -> TeamsProof:
        """Look for certificates until each team of so many hires has one, or none helps.

        Parameters
        ----------
        hires
            At least 1.
        goal
            Visits that may be left out; a team has to be proven to leave more.
        known
            Certificates of the same kinds whose limits hold.
        rounds
            Rounds of column generation per team.
        most_parts
            Certificates made at most.
        """
        count = len(self._ids)
        if comb(count + hires - 1, hires) > MOST_TEAMS:
            return TeamsProof(hires, goal, tuple(known), None)
        board = _Board(_all_teams(count, hires), goal)
        parts = list(known)
        for part in known:
            board.hear(self._least(part, board.teams))
        for _ in range(most_parts):
            found = self._next(board, rounds)
            if found is None:
                break
            parts.append(found)
            share = board.hear(self._least(found, board.teams))
            if board.in_vain.any() and share < WORTH:
                break
        return TeamsProof(hires, goal, tuple(parts), board.left_open())

    def _next(self, board: _Board, rounds: int) -> HiresCertificate | None:
        """Return a certificate for the first team that can have one; None if none can."""
        while not self._is_over() and (place := board.first()) is not None:
            team = np.bincount(board.teams[place], minlength=len(self._ids))
            goal = board.goal + SPARE
            # Whether it helps or not: of the same team the same would come out.
            board.in_vain[place] = True
            weights = self._bound.weights(team, goal, rounds=rounds, is_over=self._is_over)
            if weights is not None:
                return self._certificate(weights, board.teams.shape[1])
        return None

    def _certificate(self, found: TeamWeights, hires: int) -> HiresCertificate:
        weights = weights_of_stops(self._relaxation, found.weights.tolist(), found.unit)
        limits = HireLimits.of(
            self._relaxation,
            self._staff,
            weights,
            found.limits.tolist(),
            found.unit,
            is_over=self._is_over,
        )
        half = int(SPARE * SCALE / 2)
        given, by_kind = limits.close(half // max(1, int(limits.is_staff.sum())), half // hires)
        return limits.record(0, given, by_kind)

    def _least(self, part: HiresCertificate, teams: Ints) -> Ints:
        """Return what each team is proven to leave, in `SCALE` of a visit."""
        collected = amounts_of_kinds(part, self._ids)[teams].sum(axis=1)
        left: Ints = part.asked - part.given - collected
        return left


def _all_teams(kinds: int, hires: int) -> Ints:
    """Return all teams of so many hires, shape ``(teams, hires)``."""
    flat = chain.from_iterable(combinations_with_replacement(range(kinds), hires))
    return np.fromiter(flat, int64).reshape(-1, hires)
