"""Why a visit is left unserved, what would serve it, and why a carer was chosen."""

from __future__ import annotations

from optimizer.explain.alternatives import Alternatives, Option, alternatives
from optimizer.explain.board import Board
from optimizer.explain.codes import FixKind, Obstacle, Standing
from optimizer.explain.fixes import Fix, fixes
from optimizer.explain.places import Places
from optimizer.explain.reasons import (
    Against,
    CarerReasons,
    Opening,
    VisitReasons,
    unserved_visits,
    visit_reasons,
)
from optimizer.explain.rivals import Rival

__all__ = [
    "Against",
    "Alternatives",
    "Board",
    "CarerReasons",
    "Fix",
    "FixKind",
    "Obstacle",
    "Opening",
    "Option",
    "Places",
    "Rival",
    "Standing",
    "VisitReasons",
    "alternatives",
    "fixes",
    "unserved_visits",
    "visit_reasons",
]
