"""Rosters for a person's eyes: on a terminal, as a page and as a picture."""

from optimizer.report.page import roster_page, roster_picture
from optimizer.report.roster import Making, Roster
from optimizer.report.statistics import TimeSpent, time_of, time_of_route
from optimizer.report.text import roster_text, violations_text

__all__ = [
    "Making",
    "Roster",
    "TimeSpent",
    "roster_page",
    "roster_picture",
    "roster_text",
    "time_of",
    "time_of_route",
    "violations_text",
]
