"""A solve's result as JSON, for the command line and the service."""

from __future__ import annotations

from typing import Any

from optimizer.report.verdict_document import by_term
from optimizer.result import Result


def result_document(result: Result) -> dict[str, Any]:
    """Return a result with its plan as a JSON document; costs are in ticks of travel."""
    return {
        "scenario": result.scenario.id,
        "status": result.status.value,
        "cost": result.cost,
        "cost_breakdown": by_term(result.cost_breakdown),
        "quantities": by_term(result.quantities),
        "ticks_per_minute": result.scenario.ticks_per_minute,
        "served": result.served,
        "unserved": result.unserved,
        "lower_bound": result.lower_bound,
        "gap": result.gap,
        "gap_is_loose": result.gap_is_loose,
        "termination": result.termination.value,
        "iterations": result.iterations,
        "seconds": round(result.seconds, 3),
        "seed": result.seed,
        "curve": [[round(seconds, 3), cost] for seconds, cost in result.curve],
        "plan": result.plan.model_dump(mode="json", exclude_none=True),
    }
