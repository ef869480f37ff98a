"""Why a visit is left unserved, what would serve it, and why a carer was chosen."""

from __future__ import annotations

from optimizer.explain.alternatives import Alternatives, Option, alternatives
from optimizer.explain.board import Board
from optimizer.explain.codes import FixKind, Obstacle, Relaxation, Standing
from optimizer.explain.comparison import Move
from optimizer.explain.fixes import Fix, fixes
from optimizer.explain.hires import Hire, hires
from optimizer.explain.places import Places
from optimizer.explain.price import Price, price_of
from optimizer.explain.reasons import (
    Against,
    CarerReasons,
    Opening,
    VisitReasons,
    unserved_visits,
    visit_reasons,
)
from optimizer.explain.replan import ReplanAnswer, Replanned, replanned
from optimizer.explain.rivals import Rival

__all__ = [
    "Against",
    "Alternatives",
    "Board",
    "CarerReasons",
    "Fix",
    "FixKind",
    "Hire",
    "Move",
    "Obstacle",
    "Opening",
    "Option",
    "Places",
    "Price",
    "Relaxation",
    "ReplanAnswer",
    "Replanned",
    "Rival",
    "Standing",
    "VisitReasons",
    "alternatives",
    "fixes",
    "hires",
    "price_of",
    "replanned",
    "unserved_visits",
    "visit_reasons",
]
