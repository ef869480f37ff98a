"""Kernels are made ready before the clock starts: those of search and bound at once."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from optimizer import warm_up
from optimizer.compiled import Compilation
from optimizer.progress import Compiling, Progress

FOREVER = (sys.executable, "-c", "import threading; threading.Event().wait()")


@pytest.fixture
def kernels(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """What is compiled of search and bound, and nothing that compiles."""
    compiled = {"search": False, "bound": False}
    monkeypatch.setattr(warm_up, "is_compiled", lambda: compiled["search"])
    monkeypatch.setattr(warm_up, "warm_up", lambda: compiled.update(search=True))
    bound = SimpleNamespace(
        is_compiled=lambda: compiled["bound"],
        warm_up=lambda: compiled.update(bound=True),
        compilation=lambda: Compilation("price", 2, 4, 10, 40),
    )
    monkeypatch.setattr(warm_up, "_of_bound", lambda: bound)
    return compiled


def test_a_child_compiles_the_bound_meanwhile(
    kernels: dict[str, bool], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where both lack, a process of its own compiles the bound, and its end is awaited."""
    made = tmp_path / "made"
    code = f"open({str(made)!r}, 'w').close()"
    monkeypatch.setattr(warm_up, "COMPILING_BOUND", (sys.executable, "-c", code))
    told: list[Progress] = []
    warm_up.make_ready(proof=True, observer=told.append)
    assert made.exists()
    assert kernels == {"search": True, "bound": True}
    assert [progress.phase for progress in told if not progress.compiling] == ["compile"]


@pytest.mark.parametrize(
    ("search", "bound", "proof", "phases"),
    [
        (True, True, True, []),  # nothing lacks
        (True, False, True, ["compile"]),  # the bound alone is compiled here
        (False, True, True, ["compile"]),
        (False, False, False, ["compile"]),  # no proof is asked for
        (True, False, False, []),
    ],
)
def test_no_child_is_started_for_one_of_them(
    kernels: dict[str, bool],
    monkeypatch: pytest.MonkeyPatch,
    search: bool,
    bound: bool,
    proof: bool,
    phases: list[str],
) -> None:
    """One process is enough for the kernels of one package."""
    monkeypatch.setattr(warm_up, "COMPILING_BOUND", ("there-is-no-such-command",))
    kernels.update(search=search, bound=bound)
    assert warm_up.are_compiled(proof=proof) is (search and (bound or not proof))
    told: list[Progress] = []
    warm_up.make_ready(proof=proof, observer=told.append)
    assert [progress.phase for progress in told if not progress.compiling] == phases


def test_whoever_aborts_ends_the_child_as_well(
    kernels: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while kernels compile waits for nobody."""

    def aborted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(warm_up, "COMPILING_BOUND", FOREVER)
    monkeypatch.setattr(warm_up, "warm_up", aborted)
    with pytest.raises(KeyboardInterrupt):
        warm_up.make_ready(proof=True)
    assert kernels == {"search": False, "bound": False}


def test_what_is_compiled_is_told_meanwhile(
    kernels: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until all is compiled the observer hears of kernels done and the share of the work."""
    has_heard = threading.Event()
    told: list[Progress] = []

    def hear(progress: Progress) -> None:
        told.append(progress)
        if progress.compiling is not None:
            has_heard.set()

    monkeypatch.setattr(warm_up, "TOLD_EVERY", 0.0)
    monkeypatch.setattr(warm_up, "warm_up", lambda: kernels.update(search=has_heard.wait(60)))
    monkeypatch.setattr(warm_up, "compilation", lambda: Compilation("", 6, 6, 60, 60))
    kernels.update(bound=False, search=True)
    warm_up.make_ready(proof=True, observer=hear)
    assert kernels == {"search": True, "bound": True}
    assert told[0] == Progress("compile")
    assert told[1] == Progress("compile", compiling=Compiling("price", 8, 10, 0.7))
