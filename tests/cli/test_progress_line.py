"""The live line of a running solve."""

from __future__ import annotations

from optimizer.commands.progress_line import ProgressLine, progress_on_terminal
from optimizer.progress import Compiling, Progress, silent


def _line(progress: Progress | None = None) -> str:
    moments = iter([100.0, 112.5])
    line = ProgressLine(lang="en", limit=30.0, clock=lambda: next(moments))
    if progress is not None:
        line(progress)
    return line.__rich__().plain[2:]


def test_it_begins_with_the_time(capsys: object) -> None:
    """Before anything is heard of the engine the time runs."""
    assert _line() == "12.5 / 30 s · reading the scenario"


def test_the_first_compilation_is_announced() -> None:
    """It happens once, and no limit of time is shown beside it."""
    assert _line(Progress(phase="compile")) == "12.5 s · compiling the engine, once"


def test_a_bar_shows_how_far_compiling_has_come() -> None:
    """Half the work is half of the bar; the kernel at hand is named."""
    heard = Progress(phase="compile", compiling=Compiling("anneal", 40, 120, 0.5))
    bar = "━" * 10 + "─" * 10
    assert _line(heard).endswith(f"once · {bar} 50% · 40 of 120 kernels (anneal)")


def test_the_time_begins_once_the_engine_is_ready() -> None:
    """Forty seconds of compilation do not count against the limit."""
    moments = iter([100.0, 140.0, 143.0])
    line = ProgressLine(lang="en", limit=30.0, clock=lambda: next(moments))
    line(Progress(phase="compile"))
    line(Progress(phase="search"))
    assert line.__rich__().plain[2:] == "3.0 / 30 s · searching"


def test_cost_is_in_minutes_of_travel() -> None:
    """Ticks are divided by the ticks of a minute; unserved visits are counted."""
    heard = Progress(phase="search", cost=90_000, unserved=2, ticks_per_minute=60)
    assert _line(heard) == "12.5 / 30 s · searching · cost 1,500 min of travel · not served 2"


def test_bound_and_gap_are_shown_when_known() -> None:
    """A bound of 1,350 below a cost of 1,500 is a gap of 10 per cent."""
    heard = Progress(phase="exact", cost=90_000, bound=81_000, ticks_per_minute=60)
    assert _line(heard).endswith("lower bound 1,350 · gap 10.0%")


def test_a_gap_that_says_nothing_is_left_out() -> None:
    """A bound of a tenth of the cost is the beginning of a proof and no verdict on the roster."""
    heard = Progress(phase="bound", cost=90_000, bound=9_000, ticks_per_minute=60)
    assert _line(heard).endswith("lower bound 150")


def test_nothing_is_drawn_where_there_is_no_terminal() -> None:
    """In a pipe the observer takes no note."""
    with progress_on_terminal(lang="en", limit=None) as observer:
        assert observer is silent
