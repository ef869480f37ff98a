"""A whole plan explained: what is left out and what would serve it, who else could come."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from optimizer.explanation.alternatives import Alternatives, alternatives
from optimizer.explanation.fixes import Fix, fixes
from optimizer.explanation.insertions import Insertions
from optimizer.explanation.plan_state import PlanState
from optimizer.explanation.reasons import VisitReasons, unserved_visits, visit_reasons


@dataclass(frozen=True, slots=True)
class Explained:
    """What is known of a visit that is left out, and what would serve it."""

    reasons: VisitReasons
    fixes: tuple[Fix, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a plan is as it is.

    Attributes
    ----------
    unserved
        Visits that are left out, each with what stands against every caregiver and with the
        smallest changes that would serve it.
    stops
        Who else could make each stop of the visits asked about, and at what cost.
    more_unserved
        How many further visits are left out, but not explained.
    """

    unserved: tuple[Explained, ...]
    stops: tuple[Alternatives, ...]
    more_unserved: int = 0


def explanation(
    insertions: Insertions, visits: Collection[str] = (), limit: int | None = None
) -> Explanation:
    """Return why visits are left out, what would serve them, and who else could make a stop.

    Parameters
    ----------
    insertions
        Where visits could be put into the plan; of one plan state.
    visits
        Ids of visits of the scenario to explain, served or not; all unserved ones if empty.
    limit
        How many unserved visits are explained at most (at least 1); None: all of them.
    """
    state = insertions.state
    left = unserved_visits(state, tuple(visits))
    left_ids = {visit.id for visit in left}
    explained = left if limit is None else left[:limit]
    return Explanation(
        unserved=tuple(
            Explained(visit_reasons(insertions, one), fixes(insertions, one)) for one in explained
        ),
        stops=tuple(
            alternatives(state, visit, carer)
            for visit in visits
            if visit not in left_ids
            for carer in sorted(state.carers[visit])
        ),
        more_unserved=len(left) - len(explained),
    )


def unknown_visits(state: PlanState, visits: Collection[str]) -> list[str]:
    """Return the ids that no visit of the plan's scenario has."""
    return [visit for visit in visits if visit not in state.index.visit]
