"""Days with hires, planned so that as few visits as possible are left out, and verified."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.plan import Plan
from optimizer.domain.reason import UnservedReason
from optimizer.domain.scenario import Scenario
from optimizer.needs.privacy import for_engine
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.problem.translate import from_plan, to_plan
from optimizer.progress import Observer, Progress, silent
from optimizer.search.budget import Budget
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Search
from optimizer.shortfall.staffing.kinds import Kind
from optimizer.stop import AfterIterations, FirstOf, StoppingCriterion
from optimizer.travel import TravelMatrices
from optimizer.verification import verify

WHOLE_VISIT = 1_000_000
"What each visit left out costs beyond all else, in minutes of travel."
OF_PRICES = 0.4
"""Part of that by which the dearest visits may differ, all together: of plans that leave out as
many visits, the one with the dearer ones counts."""

Team = tuple[int, ...]
"Numbers of the kinds that are hired, ascending; a kind may come more than once."


@dataclass(frozen=True, slots=True)
class Tried:
    """A day with a team of hires, as far as it was found.

    Attributes
    ----------
    team
        Who is hired.
    unserved
        Visits left out, as the verifier counts them.
    plan
        A plan that keeps every rule.
    """

    team: Team
    unserved: int
    plan: Plan = field(repr=False)


class Teams:
    """Plans the same day with one team of hires after another.

    Parameters
    ----------
    scenario
        Without hires, its visits derived.
    matrices
        Its travel matrices; hires live at clients' homes, so that they hold for all teams.
    kinds
        Who might be hired.
    seed
        Random seed of every search.
    observer, stop
        As for a search. Once stopped, searches return at once what they began with.
    """

    def __init__(
        self,
        scenario: Scenario,
        matrices: TravelMatrices,
        kinds: Sequence[Kind],
        *,
        seed: int = 1,
        observer: Observer = silent,
        stop: StoppingCriterion | None = None,
    ) -> None:
        self.scenario, self.matrices = scenario, matrices
        self.kinds = {kind.number: kind for kind in kinds}
        self.engine_scenario = for_engine(scenario)
        self._seed, self._observer, self._stop = seed, observer, stop
        self.searches = 0
        "Searches done so far."

    def is_over(self) -> bool:
        """Return whether searches were told to stop."""
        return self._stop is not None and self._stop(Progress("search")) is not None

    def people(self, team: Iterable[int]) -> tuple[Caregiver, ...]:
        """Return the caregivers of a team, of each kind the first ones."""
        return tuple(
            self.kinds[number].copy(n + 1)
            for number, count in sorted(Counter(team).items())
            for n in range(count)
        )

    def with_team(self, team: Iterable[int]) -> Scenario:
        """Return the day with a team of hires."""
        more = (*self.scenario.caregivers, *self.people(team))
        return self.scenario.model_copy(update={"caregivers": more})

    def compiled(self, people: Sequence[Caregiver]) -> ProblemData:
        """Return the day with some people, in which visits left out count above all else."""
        more = (*self.engine_scenario.caregivers, *people)
        scenario = self.engine_scenario.model_copy(update={"caregivers": more})
        data = compile_problem(scenario, self.matrices)
        prizes = counting_prizes(data)
        return replace(data, arrays=data.arrays._replace(prize=prizes))

    def tried(
        self, team: Iterable[int], steps: int, *, start: Plan | None = None, seeds: int = 1
    ) -> Tried:
        """Plan the day with a team; the best of some searches.

        Parameters
        ----------
        team
            Who is hired.
        steps
            Steps of each search.
        start
            A plan to begin from; the first search does, others begin anew.
        seeds
            Number of searches.
        """
        chosen = tuple(sorted(team))
        data = self.compiled(self.people(chosen))
        best: Tried | None = None
        for number in range(seeds):
            begin = start if number == 0 else None
            plan = self.searched(data, steps, begin, self._seed + number)
            verdict = verify(self.with_team(chosen), plan, self.matrices)
            if verdict.feasible and (best is None or len(verdict.unserved) < best.unserved):
                best = Tried(chosen, len(verdict.unserved), plan)
        if best is None:
            # A plan without a stop keeps every rule, unless the scenario itself does not.
            nothing = Plan(scenario=self.scenario.id, routes=())
            best = Tried(chosen, len(self.scenario.visits), nothing)
        return best

    def searched(self, data: ProblemData, steps: int, start: Plan | None, seed: int) -> Plan:
        """Return the plan of one search of so many steps."""
        self.searches += 1
        enough: list[StoppingCriterion] = [AfterIterations(steps)]
        if self._stop is not None:
            enough.append(self._stop)
        found = Search(data, SearchParameters(), seed=seed).run(
            Budget(None, steps),
            FirstOf(tuple(enough)),
            start=None if start is None else from_plan(data, start),
            observer=self._observer,
        )
        return to_plan(data, found.routes, lambda _: UnservedReason.NOBODY_FOUND)


def counting_prizes(data: ProblemData) -> NDArray[int64]:
    """Return prices of leaving visits out by which one visit fewer always counts more.

    Parameters
    ----------
    data
        The compiled problem.
    """
    prize = data.arrays.prize
    whole = WHOLE_VISIT * data.scenario.ticks_per_minute
    total = max(1, int(prize.sum()))
    extra = (prize.astype(float) * (OF_PRICES * whole / total)).astype(int64)
    return np.where(prize > 0, whole + extra, 0)
