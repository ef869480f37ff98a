"""Proofs that some visits must stay unserved, whatever anyone does."""

from __future__ import annotations

from optimizer.coverage.certificate import (
    Certificate,
    Coverage,
    Form,
    Interval,
    ShiftAmount,
    VisitAmount,
)
from optimizer.coverage.certify import certify
from optimizer.coverage.checking import objections
from optimizer.coverage.outline import Outline
from optimizer.coverage.points import points_certificate

__all__ = [
    "Certificate",
    "Coverage",
    "Form",
    "Interval",
    "Outline",
    "ShiftAmount",
    "VisitAmount",
    "certify",
    "objections",
    "points_certificate",
]
