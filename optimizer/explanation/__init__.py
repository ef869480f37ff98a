"""A plan read: why a visit is left unserved, what would serve it, why a carer was chosen."""

from __future__ import annotations

from optimizer.explanation.alternatives import Alternatives, Option, alternatives
from optimizer.explanation.codes import FixKind, Obstacle, Standing
from optimizer.explanation.comparison import Move
from optimizer.explanation.explanation import (
    Explained,
    Explanation,
    explanation,
    unknown_visits,
)
from optimizer.explanation.fixes import Fix, fixes
from optimizer.explanation.insertions import Insertions
from optimizer.explanation.plan_state import PlanState
from optimizer.explanation.reasons import (
    Against,
    CarerReasons,
    Opening,
    VisitReasons,
    unserved_visits,
    visit_reasons,
)
from optimizer.explanation.rivals import Rival

__all__ = [
    "Against",
    "Alternatives",
    "CarerReasons",
    "Explained",
    "Explanation",
    "Fix",
    "FixKind",
    "Insertions",
    "Move",
    "Obstacle",
    "Opening",
    "Option",
    "PlanState",
    "Rival",
    "Standing",
    "VisitReasons",
    "alternatives",
    "explanation",
    "fixes",
    "unknown_visits",
    "unserved_visits",
    "visit_reasons",
]
