"""Proofs that some visits must stay unserved, whatever anyone does."""

from __future__ import annotations

from optimizer.certificate.certificate import (
    Certificate,
    Interval,
    PersonAmount,
    ShiftAmount,
    UnservedProof,
    VisitAmount,
)
from optimizer.certificate.certify import certify
from optimizer.certificate.checking import objections
from optimizer.certificate.dual_weights import certificate_of_weights
from optimizer.certificate.form import Form
from optimizer.certificate.hires_checking import hire_objections
from optimizer.certificate.hires_record import HireKind, HiresCertificate, HiresProof
from optimizer.certificate.hires_table import tabled_hires
from optimizer.certificate.raised import raised
from optimizer.certificate.relaxation import Relaxation
from optimizer.certificate.table import Table
from optimizer.certificate.tabulate import tabled

__all__ = [
    "Certificate",
    "Form",
    "HireKind",
    "HiresCertificate",
    "HiresProof",
    "Interval",
    "PersonAmount",
    "Relaxation",
    "ShiftAmount",
    "Table",
    "UnservedProof",
    "VisitAmount",
    "certificate_of_weights",
    "certify",
    "hire_objections",
    "objections",
    "raised",
    "tabled",
    "tabled_hires",
]
