"""Independent replay of any plan: every rule it breaks and everything it costs."""

from __future__ import annotations

from optimizer.verification.charges import Account, Charge, PurseCharge, WorkDay, account
from optimizer.verification.verdict import Verdict, Violation
from optimizer.verification.verifier import verify

__all__ = [
    "Account",
    "Charge",
    "PurseCharge",
    "Verdict",
    "Violation",
    "WorkDay",
    "account",
    "verify",
]
