"""All suites by name. A new suite is one file with a ``SUITE`` and one line here."""

from __future__ import annotations

from benchmarks import (
    ablation,
    allocation,
    bounds,
    day,
    diving,
    explain,
    hhcrsp,
    hhcrsp_extended,
    kernels,
    needs,
    optimum,
    peers,
    plans,
    reasons,
    recommend,
    replan,
    scale,
    service,
    spreadsheets,
    staffing,
    startup,
    studies,
    vroom,
    workers,
)
from benchmarks.suite import Suite

_ALL = (
    hhcrsp.SUITE,
    hhcrsp_extended.SUITE,
    day.SUITE,
    peers.SUITE,
    ablation.SUITE,
    workers.SUITE,
    scale.SUITE,
    startup.SUITE,
    optimum.SUITE,
    plans.SUITE,
    kernels.SUITE,
    needs.SUITE,
    spreadsheets.SUITE,
    allocation.SUITE,
    explain.SUITE,
    reasons.SUITE,
    replan.SUITE,
    recommend.SUITE,
    studies.SUITE,
    bounds.SUITE,
    diving.SUITE,
    service.SUITE,
    staffing.SUITE,
    vroom.SUITE,
)
SUITES: dict[str, Suite] = {suite.name: suite for suite in _ALL}
