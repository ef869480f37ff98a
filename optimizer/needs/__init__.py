"""Health record → assessment → required services → visits, with the reason for each."""

from __future__ import annotations

from optimizer.needs.alerts import SEVERITIES, Raised, alerts_of
from optimizer.needs.book import Book, default_book
from optimizer.needs.catalogue import Catalogue, Service, Severity
from optimizer.needs.derive import ClientNeeds, Needs, derive
from optimizer.needs.gaps import Gap, gap_of, gap_of_all
from optimizer.needs.privacy import for_engine
from optimizer.needs.rules import RuleBook

__all__ = [
    "SEVERITIES",
    "Book",
    "Catalogue",
    "ClientNeeds",
    "Gap",
    "Needs",
    "Raised",
    "RuleBook",
    "Service",
    "Severity",
    "alerts_of",
    "default_book",
    "derive",
    "for_engine",
    "gap_of",
    "gap_of_all",
]
