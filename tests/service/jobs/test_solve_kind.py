"""Solving as a job."""

from __future__ import annotations

import json
import math
import threading
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from optimizer.domain import Plan
from optimizer.errors import InvalidDocument
from optimizer.formats import read_scenario
from optimizer.needs import derive
from optimizer.progress import Progress
from optimizer.verification import verify
from service.api.routes.solves import SolveQuery
from service.jobs.kind import Assignment
from service.jobs.kinds.solve import KIND, work

SCENARIOS = Path(__file__).parents[3] / "scenarios"
HAMLET = (SCENARIOS / "hamlet.json").read_bytes()


class NobodysLink:
    """A link that keeps what is told."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.reports: list[Progress] = []
        self.kept: list[bytes] = []

    def report(self, progress: Progress, /) -> None:
        """Keep a report."""
        self.reports.append(progress)

    def keep(self, checkpoint: bytes, /) -> None:
        """Keep a checkpoint."""
        self.kept.append(checkpoint)


def solved(link: NobodysLink, start: bytes | None = None, **parameters: Any) -> dict[str, Any]:
    """Solve the hamlet and return the result."""
    outcome = work(Assignment(parameters, HAMLET, start), link)
    assert outcome.is_complete is not link.stopped.is_set()
    content: dict[str, Any] = json.loads(outcome.result)
    return content


def test_a_result_holds_a_verified_plan() -> None:
    """The plan in it is one that the verifier accepts, at the cost that is told."""
    result = solved(NobodysLink(), iterations=500)
    verdict = verify(
        derive(read_scenario(SCENARIOS / "hamlet.json")).scenario,
        Plan.model_validate(result["plan"]),
    )
    assert verdict.feasible
    assert (verdict.cost, verdict.served) == (result["cost"], result["served"])


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_solve_begins_from_a_result_or_a_checkpoint(wrapped: bool) -> None:
    """Both are plans to start from, and without a step the start is what comes out."""
    first = solved(NobodysLink(), iterations=2_000)
    start = json.dumps(first if wrapped else first["plan"]).encode()
    again = solved(NobodysLink(), start, iterations=0)
    assert again["cost"] == first["cost"]


def test_a_stopped_solve_is_not_complete() -> None:
    """It ends at once, with a plan."""
    link = NobodysLink()
    link.stopped.set()
    assert solved(link, seconds=30)["plan"]["routes"]


def test_a_checkpoint_is_kept_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept is a plan that another attempt begins from."""
    monkeypatch.setattr("optimizer.search.search.KEEP_SECONDS", 0.0)
    link = NobodysLink()
    result = solved(link, iterations=300)
    again = solved(NobodysLink(), link.kept[-1], iterations=0)
    assert again["cost"] == result["cost"]


def test_a_faulty_document_is_refused() -> None:
    """Should one get so far, the job fails with the code of the fault."""
    with pytest.raises(InvalidDocument):
        work(Assignment({}, b'{"format": "homecare-scenario"}', None), NobodysLink())


@pytest.mark.parametrize(
    "options",
    [
        {"seconds": 0},
        {"seconds": math.inf},
        {"seconds": math.nan},
        {"iterations": -1},
        {"seed": -1},
        {"workers": 0},
        {"engine": "magic"},
        {"recount": True},  # not for everybody
    ],
)
def test_options_have_ranges(options: dict[str, Any]) -> None:
    """What makes no sense is refused when the job is accepted."""
    with pytest.raises(ValidationError):
        SolveQuery(**options)


def test_a_solve_is_killed_only_long_after_its_time() -> None:
    """Its limits follow from its options."""
    limits = KIND.limits({"seconds": 30, "workers": 2}, 10**9)
    assert limits.seconds is not None
    assert 30 + 60 < limits.seconds < 30 + 3600
    assert limits.memory_bytes == 10**9
