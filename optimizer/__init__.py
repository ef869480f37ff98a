"""Matching and scheduling for home-based elderly care: read, solve, verify, explain, write."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optimizer.domain.plan import Plan
    from optimizer.domain.scenario import Scenario
    from optimizer.explanation import Explanation
    from optimizer.library import explain, read, repair, verify, write
    from optimizer.options import SolveOptions
    from optimizer.prepare import Prepared
    from optimizer.progress import Progress
    from optimizer.replan.repair import Repair
    from optimizer.result import Result
    from optimizer.solving import solve
    from optimizer.verification.verdict import Verdict

__all__ = [
    "Explanation",
    "Plan",
    "Prepared",
    "Progress",
    "Repair",
    "Result",
    "Scenario",
    "SolveOptions",
    "Verdict",
    "__version__",
    "explain",
    "read",
    "repair",
    "solve",
    "verify",
    "write",
]

__version__ = "0.1.0"

_HOMES = {
    "Explanation": "explanation",
    "Plan": "domain.plan",
    "Prepared": "prepare",
    "Progress": "progress",
    "Repair": "replan.repair",
    "Result": "result",
    "Scenario": "domain.scenario",
    "SolveOptions": "options",
    "Verdict": "verification.verdict",
    "explain": "library",
    "read": "library",
    "repair": "library",
    "solve": "solving",
    "verify": "library",
    "write": "library",
}


def __getattr__(name: str) -> object:
    """Return a name of the face, its module loaded when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
