"""The rules whose price can be asked: each is relaxed for everybody."""

from __future__ import annotations

from enum import StrEnum


class RelaxedRule(StrEnum):
    """Rules whose price can be asked."""

    OVERTIME = "overtime"
    WINDOW = "window"
    ORGANISATION = "organisation"
    LONGEST_LEG = "longest_leg"
    VISITS_PER_DAY = "visits_per_day"
    BREAK = "break"
    CONTRACT_AREA = "contract_area"
    "Contracts hold in every town, not only in those they list."
    CONTRACT_CAP = "contract_cap"
    "Contracts have no cap."
