"""Rosters for a person's eyes: on a terminal, as a page and as a picture."""

from optimizer.report.admission_text import admission_document
from optimizer.report.audience import Audience
from optimizer.report.cascade_tables import cascade_document
from optimizer.report.cascade_text import CascadeReport
from optimizer.report.directory_text import directory_document
from optimizer.report.evaluation_tables import evaluation_document
from optimizer.report.evaluation_text import EvaluationReport
from optimizer.report.explain_document import explain_document
from optimizer.report.funding_text import funding_document
from optimizer.report.moves_text import moves_document
from optimizer.report.needs_document import alerts_document, needs_document
from optimizer.report.page import page_policy, roster_page, roster_picture
from optimizer.report.result_document import result_document
from optimizer.report.roster import Roster
from optimizer.report.settlement_text import SettlementReport, settlement_document
from optimizer.report.statistics import TimeSpent, time_of, time_of_route
from optimizer.report.text import roster_text, violations_text
from optimizer.report.time_bank_text import TimeBankReport, time_bank_document
from optimizer.report.verdict_document import verdict_document

__all__ = [
    "Audience",
    "CascadeReport",
    "EvaluationReport",
    "Roster",
    "SettlementReport",
    "TimeBankReport",
    "TimeSpent",
    "admission_document",
    "alerts_document",
    "cascade_document",
    "directory_document",
    "evaluation_document",
    "explain_document",
    "funding_document",
    "moves_document",
    "needs_document",
    "page_policy",
    "result_document",
    "roster_page",
    "roster_picture",
    "roster_text",
    "settlement_document",
    "time_bank_document",
    "time_of",
    "time_of_route",
    "verdict_document",
    "violations_text",
]
