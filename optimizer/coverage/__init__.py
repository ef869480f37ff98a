"""Proofs that some visits must stay unserved, whatever anyone does."""

from __future__ import annotations

from optimizer.coverage.certificate import (
    Certificate,
    Coverage,
    Interval,
    ShiftAmount,
    VisitAmount,
)
from optimizer.coverage.certify import certify
from optimizer.coverage.checking import objections
from optimizer.coverage.form import Form
from optimizer.coverage.outline import Outline
from optimizer.coverage.points import points_certificate
from optimizer.coverage.table import Table
from optimizer.coverage.tabulate import tabled

__all__ = [
    "Certificate",
    "Coverage",
    "Form",
    "Interval",
    "Outline",
    "ShiftAmount",
    "Table",
    "VisitAmount",
    "certify",
    "objections",
    "points_certificate",
    "tabled",
]
