"""The whole problem as one constraint-programming model: an oracle, and proofs for small days.

Nothing is shown here: whoever only retimes a roster should not load OR-Tools for it.
"""

__all__: list[str] = []
