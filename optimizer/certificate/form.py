"""The forms of certificates."""

from __future__ import annotations

from enum import StrEnum


class Form(StrEnum):
    """What an amount of a certificate counts."""

    ALONE = "alone"
    "Each visit counts one, and nobody can give any of them."
    HOURS = "hours"
    "Ticks of working time that visits take, and that shifts have."
    ROUTES = "routes"
    "Each visit counts one; a shift has as many as its best route can hold."
    DUAL_WEIGHTS = "points"
    "Visits have dual weights; a shift has the most weight that one route can collect."
    WEEKS = "weeks"
    "Ticks of care; what each caregiver has over the horizon, within the limits of her weeks."
