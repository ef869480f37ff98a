"""Evaluation of organisations: facts by indicator, figures, scores, and next period's shares."""

from __future__ import annotations

from optimizer.purchase.evaluation.facts import Fact, Observed, facts_of
from optimizer.purchase.evaluation.figures import HEAD_OF, Figure, Unrated
from optimizer.purchase.evaluation.scores import Evaluation, Result, evaluate
from optimizer.purchase.evaluation.shares import Moved, moved_shares, with_evaluation

__all__ = [
    "HEAD_OF",
    "Evaluation",
    "Fact",
    "Figure",
    "Moved",
    "Observed",
    "Result",
    "Unrated",
    "evaluate",
    "facts_of",
    "moved_shares",
    "with_evaluation",
]
