"""Independent replay of any plan: every rule it breaks and everything it costs."""

from __future__ import annotations

from optimizer.verify.verdict import Verdict, Violation
from optimizer.verify.verifier import verify

__all__ = ["Verdict", "Violation", "verify"]
