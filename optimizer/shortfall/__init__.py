"""Will there be enough hands, and what would help: futures of a scenario, drawn and solved."""

from __future__ import annotations

from optimizer.domain.relaxed_rule import RelaxedRule
from optimizer.shortfall.checking import check_study
from optimizer.shortfall.conduct import StudyObserver, StudyProgress, conduct
from optimizer.shortfall.hires import Hire, hires
from optimizer.shortfall.imagined_day import ImaginedDay, imagined_day
from optimizer.shortfall.newcomers import HiredInArm, Newcomers
from optimizer.shortfall.outcome import ArmOutcome, Ended, Figure, Outcome, Tornado
from optimizer.shortfall.prepared_study import PreparedStudy, prepare_study
from optimizer.shortfall.price import Price, price_of
from optimizer.shortfall.size import num_futures
from optimizer.shortfall.study_folder import broken_seals

__all__ = [
    "ArmOutcome",
    "Ended",
    "Figure",
    "Hire",
    "HiredInArm",
    "ImaginedDay",
    "Newcomers",
    "Outcome",
    "PreparedStudy",
    "Price",
    "RelaxedRule",
    "StudyObserver",
    "StudyProgress",
    "Tornado",
    "broken_seals",
    "check_study",
    "conduct",
    "hires",
    "imagined_day",
    "num_futures",
    "prepare_study",
    "price_of",
]
