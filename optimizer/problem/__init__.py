"""The scenario as arrays of whole numbers, and the way back to a plan."""

from __future__ import annotations

from optimizer.problem.compile import compile_problem
from optimizer.problem.data import CaregiverDay, ProblemData, Task
from optimizer.problem.first_reason import first_reason
from optimizer.problem.translate import from_plan, to_plan

__all__ = [
    "CaregiverDay",
    "ProblemData",
    "Task",
    "compile_problem",
    "first_reason",
    "from_plan",
    "to_plan",
]
