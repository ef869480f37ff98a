"""Independent replay of any plan: every rule it breaks and everything it costs."""

from __future__ import annotations

from optimizer.verification.verdict import Verdict, Violation
from optimizer.verification.verifier import verify

__all__ = ["Verdict", "Violation", "verify"]
