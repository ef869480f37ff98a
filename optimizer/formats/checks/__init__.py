"""Checks between the records of one document."""

from __future__ import annotations

from optimizer.formats.checks.plan import check_plan
from optimizer.formats.checks.scenario import check_scenario, scenario_warnings

__all__ = ["check_plan", "check_scenario", "scenario_warnings"]
