"""Rosters for a person's eyes: on a terminal, as a page and as a picture."""

from optimizer.report.audience import Audience
from optimizer.report.explain_document import explain_document
from optimizer.report.needs_document import alerts_document, needs_document
from optimizer.report.page import page_policy, roster_page, roster_picture
from optimizer.report.result_document import result_document
from optimizer.report.roster import Roster
from optimizer.report.statistics import TimeSpent, time_of, time_of_route
from optimizer.report.text import roster_text, violations_text
from optimizer.report.verdict_document import verdict_document

__all__ = [
    "Audience",
    "Roster",
    "TimeSpent",
    "alerts_document",
    "explain_document",
    "needs_document",
    "page_policy",
    "result_document",
    "roster_page",
    "roster_picture",
    "roster_text",
    "time_of",
    "time_of_route",
    "verdict_document",
    "violations_text",
]
