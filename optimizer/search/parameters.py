"""Parameters of the search, with the reason for each default."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.search.kernels.parameter_row import (
    P_BLINK,
    P_CENTRE_UNSERVED,
    P_EJECT,
    P_ELSEWHERE,
    P_GUIDE,
    P_HAND_OVER,
    P_MEMORY,
    P_MOVE_BREAK,
    P_REMOVED,
    P_ROUTE_SHARE,
    P_SKIP,
    P_SPLIT,
    P_STRING,
    P_STRING_SHARE,
    P_SWAP,
    P_TAIL,
    P_UNSERVED,
    P_WILD,
    PARAMETERS,
)

WHERE_CAREGIVERS_RETURN: dict[str, Any] = {
    "swap": 0.02,
    "tail": 0.06,
    "centre_unserved": 0.05,
    "slope": 120.0,
    "hand_over": 0.9,
}
"Measured on fortnights of the suite `weeks`, see `benchmarks/results/weeks-2026-11-30.md`."
WILD_WHEN_FEW = 0.6
"With less, one of 300 small days was not solved to its proven optimum."


@dataclass(frozen=True, slots=True)
class SearchParameters:
    """How the large-neighbourhood search disturbs, repairs and accepts.

    Attributes
    ----------
    removed
        Visits taken out per step, on average (1 to 100).
    string
        Longest string of consecutive visits taken out of one route (1 to 100).
    string_share, route_share
        Share of steps that take out strings, and whole routes; the rest takes out related
        visits (0 to 1, together at most 1).
    skip
        Chance that a related visit is spared (0 to 1).
    split
        Chance that a string leaves some visits in its middle alone (0 to 1).
    blink
        Chance that a position is overlooked while inserting, a blink (0 to 0.5).
    swap
        Chance, three times per step, that two caregivers exchange whole routes (0 to 1).
    tail
        Chance that two near routes exchange their tails before the ruin (0 to 1).
    unserved
        Visits unserved before that are tried again in a step at most (at least 1).
    move_break
        Chance that the breaks of the routes concerned are placed anew (0 to 1).
    wild
        Chance of a step in which nearly a third of the positions is overlooked (0 to 1);
        what helps on small days, where cheapest places alone lead to few rosters.
    memory
        Share of its price by which a visit that stays unserved grows in worth every 32 steps,
        until it is worth twice its price (0 to 1); it comes to drive out others that are
        easier to place.
    memory_time
        Part of a run in which that takes place at the soonest (above 0, at most 1): in a long run
        visits grow more slowly than `memory` says.
    eject
        Share of the steps around an unserved visit that take out those who stand in its way
        on a route it may be on; the other ones ruin as usual (0 to 1).
    guide
        Share of these steps that take out the consecutive visits of least worth whose place the
        visit can take, instead of any (0 to 1).
    elsewhere
        Chance that a visit unserved before the step is tried on routes that the step has not
        changed (0 to 1). Where it found no place before there is seldom one now, but positions
        are overlooked at times, and what another visit leaves of a contract may serve it.
    centre_unserved
        Share of the steps around an unserved visit, as long as there are some (0 to 1).
    slope
        Minutes of travel (at least 0) that the search counts, beside the cost, for the first visit
        of a client by a caregiver, half of it for the second, a third for the third: on several
        days, what many caregivers at one client cost falls only with the last visit of one of them,
        and this leads there.
    hand_over
        Share of the other steps that hand a visit over to somebody who comes to its client more
        often, with what stands in its way there (0 to 1).
    warm, cool
        First and last temperature as multiples of the cost per visit (positive).
    starts, few
        Starts made at random (at least 1) from which a day of at most `few` tasks (at least
        0) is searched before the best of them is taken up again; on such days a single start
        may end in a roster from which no single step leads on.
    restart_steps
        Steps per task (at least 1) that every start and the search after them need for a
        larger day to be searched in the same way; with fewer there is one start.
    starts_unserved
        Whether that holds for days that have unserved visits too.
    reheat
        First temperature of a warm start, as a multiple of `warm` (positive).
    scarce
        Share of the tasks, those with the fewest routes, that are planned before the others
        where a first roster leaves some of them out (0 to 1; with 0 all begin together).
    scarce_steps
        Steps per unit (at least 1) for that, which nearly always find the roster with the fewest
        of the dearest visits unserved.
    scarce_time
        Part of the run that each of these searches takes at most (0 to 1).
    scarce_starts, scarce_restart_steps, scarce_warm, scarce_guide
        Its `starts`, `restart_steps`, `warm` and `guide`: it is over who is served, hardly over
        travel, and several short searches leave fewer unserved than a long one.

    Raises
    ------
    ValueError
        If a value lies outside its range.

    References
    ----------
    Christiaens and Vanden Berghe, Slack induction by string removals for vehicle routing problems,
    Transportation Science 54(2) (2020): strings, split strings, blinks.
    """

    removed: float = 8.0
    string: float = 8.0
    string_share: float = 0.5
    route_share: float = 0.05
    skip: float = 0.2
    split: float = 0.5
    blink: float = 0.01
    swap: float = 0.3
    tail: float = 0.4
    unserved: int = 12
    move_break: float = 0.3
    wild: float = 0.3
    memory: float = 0.004
    memory_time: float = 0.04
    eject: float = 0.6
    elsewhere: float = 0.03
    centre_unserved: float = 0.3
    slope: float = 0.0
    guide: float = 0.0
    hand_over: float = 0.0
    warm: float = 3.0
    cool: float = 0.06
    starts: int = 5
    few: int = 40
    restart_steps: int = 800
    starts_unserved: bool = False
    reheat: float = 0.1
    scarce: float = 0.15
    scarce_steps: int = 1000
    scarce_time: float = 0.1
    scarce_starts: int = 8
    scarce_restart_steps: int = 20
    scarce_warm: float = 40.0
    scarce_guide: float = 0.5

    def __post_init__(self) -> None:
        ruins = (self.string_share, self.route_share, self.skip, self.split)
        others = (self.swap, self.tail, self.move_break, self.wild, self.memory)
        of_unserved = (self.eject, self.guide, self.elsewhere, self.centre_unserved)
        of_scarce = (self.scarce, self.scarce_time, self.scarce_guide)
        shares = (*ruins, *others, *of_unserved, *of_scarce, self.hand_over)
        if not all(0 <= share <= 1 for share in shares):
            raise ValueError("shares and chances lie between 0 and 1")
        if self.string_share + self.route_share > 1:
            raise ValueError("string_share and route_share exceed 1 together")
        if not 0 < self.blink <= 0.5:
            raise ValueError("blink lies above 0 and at most at 0.5")
        if not 0 < self.memory_time <= 1:
            raise ValueError("memory_time lies above 0 and at most at 1")
        if (
            min(self.removed, self.string, self.unserved, self.restart_steps) < 1
            or self.scarce_steps < 1
            or min(self.scarce_starts, self.scarce_restart_steps) < 1
            or min(self.warm, self.cool, self.scarce_warm) <= 0
            or self.slope < 0
        ):
            raise ValueError("sizes are at least 1 and temperatures positive")

    def fitted(self, num_tasks: int, *, returning: bool = False) -> SearchParameters:
        """Return the parameters for `num_tasks` tasks.

        Small days are searched from several starts instead of remembering who was unserved,
        at least with `WILD_WHEN_FEW` wild steps, and every visit on all routes. Where caregivers
        are to come again on other days, exchanges of whole routes and tails are rare: each changes
        the caregivers of many clients at once, and spoils the step.

        Parameters
        ----------
        num_tasks
            Tasks of the horizon.
        returning
            Whether there are several days, and different caregivers of a client cost something.
        """
        if num_tasks > self.few:
            return replace(self, **WHERE_CAREGIVERS_RETURN) if returning else self
        return replace(
            self, memory=0.0, eject=0.0, elsewhere=1.0, wild=max(self.wild, WILD_WHEN_FEW)
        )

    def restarts(self, num_tasks: int, steps: int) -> int:
        """Return how often a worker restarts: from routes made at random, at last from the best.

        Parameters
        ----------
        num_tasks
            Tasks of the day.
        steps
            Steps that one worker will do in the whole run.
        """
        if num_tasks <= self.few:
            return self.starts
        restarts = min(self.starts, steps // (self.restart_steps * num_tasks) - 1)
        # One start gains nothing from being cut short to be taken up again.
        return restarts if restarts > 1 else 0

    def as_array(self) -> NDArray[np.float64]:
        """Return the parameters as the kernels read them."""
        row = np.zeros(PARAMETERS, np.float64)
        row[P_REMOVED] = self.removed
        row[P_STRING] = self.string
        row[P_STRING_SHARE] = self.string_share
        row[P_ROUTE_SHARE] = self.route_share
        row[P_SKIP] = self.skip
        row[P_SPLIT] = self.split
        row[P_BLINK] = self.blink
        row[P_SWAP] = self.swap
        row[P_TAIL] = self.tail
        row[P_UNSERVED] = self.unserved
        row[P_MOVE_BREAK] = self.move_break
        row[P_WILD] = self.wild
        row[P_MEMORY] = self.memory
        row[P_EJECT] = self.eject
        row[P_ELSEWHERE] = self.elsewhere
        row[P_GUIDE] = self.guide
        row[P_CENTRE_UNSERVED] = self.centre_unserved
        row[P_HAND_OVER] = self.hand_over
        return row
