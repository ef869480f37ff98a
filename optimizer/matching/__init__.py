"""Who may visit whom, and whom a client would like to see."""

from __future__ import annotations

from optimizer.domain.index import ScenarioIndex
from optimizer.matching.affinity import is_other_day, preference_counts, unmet_wishes
from optimizer.matching.conditions import Conditions, conditions
from optimizer.matching.contracts import chosen_organisation, covering_contracts, is_lent
from optimizer.matching.eligibility import Eligibility, eligible
from optimizer.matching.reasons import Reason, reasons_against, skill_reasons

__all__ = [
    "Conditions",
    "Eligibility",
    "Reason",
    "ScenarioIndex",
    "chosen_organisation",
    "conditions",
    "covering_contracts",
    "eligible",
    "is_lent",
    "is_other_day",
    "preference_counts",
    "reasons_against",
    "skill_reasons",
    "unmet_wishes",
]
