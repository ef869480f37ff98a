"""One line on a terminal that says how a running solve is doing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.text import Text

from optimizer.gap import gap_to, is_loose
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.progress import Observer, Progress, silent

BAR = 20
"Characters of the bar that fills while the engine is compiled."

_STEPS = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


class ProgressLine:
    """An observer that rich can draw at any moment.

    Parameters
    ----------
    lang
        Language of the words.
    limit
        Seconds after which the solve ends, or None.
    clock
        Returns seconds; replaced in tests.
    """

    def __init__(
        self, *, lang: Lang, limit: float | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._lang = lang
        self._limit = limit
        self._clock = clock
        self._begin = clock()
        self._latest = Progress(phase="prepare")

    def __call__(self, progress: Progress, /) -> None:
        """Take note of the progress; the time begins anew once the engine is ready."""
        if self._latest.phase == "compile" != progress.phase:
            self._begin = self._clock()
        self._latest = progress

    def __rich__(self) -> Text:
        """Return the line as it is now."""
        elapsed = self._clock() - self._begin
        line = Text(no_wrap=True, overflow="ellipsis")
        line.append(_STEPS[int(elapsed * 8) % len(_STEPS)] + " ", style="cyan")
        line.append(" · ".join(self._parts(elapsed)))
        return line

    def _parts(self, elapsed: float) -> Iterator[str]:
        latest = self._latest
        unlimited = self._limit is None or latest.phase == "compile"
        limit = "" if unlimited else f" / {self._limit:g}"
        yield sentence(self._lang, "progress.elapsed", seconds=f"{elapsed:.1f}{limit}")
        yield sentence(self._lang, f"phase.{latest.phase}")
        if latest.compiling is not None:
            now = latest.compiling
            filled = round(BAR * now.share)
            yield "━" * filled + "─" * (BAR - filled) + f" {100 * now.share:.0f}%"
            yield sentence(self._lang, "progress.kernels", done=now.done, kernels=now.kernels) + (
                f" ({now.kernel})" if now.kernel else ""
            )
        if latest.cost is None:
            return
        cost = f"{latest.cost / latest.ticks_per_minute:,.0f}"
        yield sentence(self._lang, "progress.cost", minutes=cost)
        yield sentence(self._lang, "progress.unserved", count=latest.unserved)
        if latest.bound is not None:
            bound = f"{latest.bound / latest.ticks_per_minute:,.0f}"
            yield sentence(self._lang, "progress.bound", minutes=bound)
            gap = gap_to(latest.bound, latest.cost)
            if gap is not None and latest.cost > 0 and not is_loose(gap):
                yield sentence(self._lang, "progress.gap", percent=f"{100 * gap:.1f}")


@contextmanager
def progress_on_terminal(*, lang: Lang, limit: float | None) -> Iterator[Observer]:
    """Give an observer that draws a live line on a terminal, and nothing elsewhere.

    Parameters
    ----------
    lang, limit
        As for `ProgressLine`.
    """
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield silent
        return
    line = ProgressLine(lang=lang, limit=limit)
    with Live(get_renderable=line.__rich__, console=console, refresh_per_second=5, transient=True):
        yield line
