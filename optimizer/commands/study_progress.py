"""One line on a terminal that says how far a study is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from optimizer.i18n import Lang, sentence
from optimizer.shortfall import StudyObserver, StudyProgress


@contextmanager
def study_progress(*, lang: Lang) -> Iterator[StudyObserver]:
    """Give an observer that draws a bar on a terminal, and nothing elsewhere."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield lambda _progress: None
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    ) as bar:
        task = bar.add_task(sentence(lang, "study.progress"), total=None)

        def drawn(progress: StudyProgress) -> None:
            words = sentence(lang, "study.progress")
            if progress.half_width is not None:
                width = f"{progress.half_width:.1f}"
                words = sentence(lang, "study.progress_width", width=width)
            bar.update(task, completed=progress.done, total=progress.most, description=words)

        yield drawn
