"""Files of the village and an engine that answers at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from optimizer.cli import run
from optimizer.domain.plan import Plan
from optimizer.options import SolveOptions
from optimizer.prepare import Prepared
from optimizer.result import Result, Status
from optimizer.stop import Termination
from optimizer.verification import verify
from tests.report.village import village, village_plan

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def homecare(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process: exit code, standard output, standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        code = run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell speaks English, and nobody asks for stack traces."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.delenv("HOMECARE_DEBUG", raising=False)


@pytest.fixture
def village_file(tmp_path: Path) -> Path:
    """The village's scenario as a file."""
    path = tmp_path / "village.json"
    path.write_text(village().model_dump_json(), encoding="utf-8")
    return path


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    """The village's plan as a file; it breaks rules."""
    path = tmp_path / "plan.json"
    path.write_text(village_plan().model_dump_json(), encoding="utf-8")
    return path


@pytest.fixture
def empty_plan_file(tmp_path: Path) -> Path:
    """A plan without routes, which breaks no rule."""
    path = tmp_path / "empty.json"
    visits = village().visits
    unserved = [{"visit": visit.id, "reason": "crowded_out"} for visit in visits]
    path.write_text(json.dumps({"scenario": "village", "unserved": unserved}), encoding="utf-8")
    return path


class FakeEngine:
    """Answers with a plan made beforehand and remembers what it was asked."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.asked: dict[str, Any] = {}

    def __call__(self, prepared: Prepared, options: SolveOptions, **asked: Any) -> Result:
        """Return the plan as the result of a solve."""
        self.asked = {"scenario": prepared.scenario, **asdict(options), **asked}
        verdict = replace(verify(prepared.scenario, self.plan), violations=())
        return Result(
            prepared=prepared,
            plan=self.plan,
            verdict=verdict,
            status=Status.FEASIBLE,
            lower_bound=None,
            iterations=12,
            seconds=0.5,
            seed=options.seed,
            termination=Termination.TIME,
            curve=((0.1, verdict.cost),),
        )


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """The engine of `solve`, replaced by one that returns the village's plan."""
    fake = FakeEngine(village_plan())
    monkeypatch.setattr("optimizer.commands.solve.solve", fake)
    monkeypatch.setattr("optimizer.commands.searching.make_ready", lambda **_: None)
    return fake
