"""Why a visit is left unserved, what would serve it, and why a carer was chosen."""

from __future__ import annotations

from optimizer.explanation.alternatives import Alternatives, Option, alternatives
from optimizer.explanation.board import Board
from optimizer.explanation.codes import FixKind, Obstacle, Relaxation, Standing
from optimizer.explanation.comparison import Move
from optimizer.explanation.fixes import Fix, fixes
from optimizer.explanation.hires import Hire, hires
from optimizer.explanation.places import Places
from optimizer.explanation.price import Price, price_of
from optimizer.explanation.reasons import (
    Against,
    CarerReasons,
    Opening,
    VisitReasons,
    unserved_visits,
    visit_reasons,
)
from optimizer.explanation.replan import ReplanAnswer, Replanned, replanned
from optimizer.explanation.rivals import Rival

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
