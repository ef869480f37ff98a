"""A record of everything claimed of a roster, and the check that each claim holds."""

from __future__ import annotations

from optimizer.audit.checking import Claim, Finding, check_audit
from optimizer.audit.record import Audit, How, WhyUnserved
from optimizer.audit.writing import audit_of, format_audit, how_of, read_audit, write_audit

__all__ = [
    "Audit",
    "Claim",
    "Finding",
    "How",
    "WhyUnserved",
    "audit_of",
    "check_audit",
    "format_audit",
    "how_of",
    "read_audit",
    "write_audit",
]
