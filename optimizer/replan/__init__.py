"""What a roster can become: for a visit left out, after something has happened, by hand."""

from __future__ import annotations

from optimizer.replan.acceptance import accepted, closure
from optimizer.replan.by_hand import HandMade, Roster, no_visit
from optimizer.replan.changes import (
    CALLED,
    Appointment,
    Change,
    ChangeKind,
    Errand,
    appointments,
    differences,
    errands,
)
from optimizer.replan.comparison import Comparison, compared
from optimizer.replan.recommendation import Recommender
from optimizer.replan.repair import (
    USUAL_ITERATIONS,
    Proposal,
    Repair,
    repair,
)
from optimizer.replan.retelling import retold
from optimizer.replan.scenario_edits import with_new_visit
from optimizer.replan.series import (
    Occurrence,
    SeriesRecommendation,
    SeriesRecommender,
    SeriesSuggestion,
)
from optimizer.replan.situation import Situation, situation
from optimizer.replan.smallest_change import ReplanAnswer, Replanned, replanned
from optimizer.replan.suggestion import Elsewhere, OtherDay, Recommendation, Suggestion
from optimizer.replan.working_day import Aim

__all__ = [
    "CALLED",
    "USUAL_ITERATIONS",
    "Aim",
    "Appointment",
    "Change",
    "ChangeKind",
    "Comparison",
    "Elsewhere",
    "Errand",
    "HandMade",
    "Occurrence",
    "OtherDay",
    "Proposal",
    "Recommendation",
    "Recommender",
    "Repair",
    "ReplanAnswer",
    "Replanned",
    "Roster",
    "SeriesRecommendation",
    "SeriesRecommender",
    "SeriesSuggestion",
    "Situation",
    "Suggestion",
    "accepted",
    "appointments",
    "closure",
    "compared",
    "differences",
    "errands",
    "no_visit",
    "repair",
    "replanned",
    "retold",
    "situation",
    "with_new_visit",
]
