"""The working-time rules of a country, read from data and laid on the caregivers of a scenario."""

from optimizer.labour.applying import figures_of, labour_rules_of, tightened, under_labour_rules
from optimizer.labour.shipped import default_labour_rules

__all__ = [
    "default_labour_rules",
    "figures_of",
    "labour_rules_of",
    "tightened",
    "under_labour_rules",
]
