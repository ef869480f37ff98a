"""The scenario as arrays of whole numbers, and the way back to a plan."""

from __future__ import annotations

from optimizer.problem.compile import compile_problem
from optimizer.problem.data import CaregiverDay, ProblemData, Task
from optimizer.problem.translate import from_plan, to_plan
from optimizer.problem.unserved_price import price_unserved

__all__ = [
    "CaregiverDay",
    "ProblemData",
    "Task",
    "compile_problem",
    "from_plan",
    "price_unserved",
    "to_plan",
]
