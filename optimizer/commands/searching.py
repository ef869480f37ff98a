"""What a command that searches needs around it: a ready engine, progress, and Ctrl-C."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from optimizer.commands.interrupt import first_interrupt
from optimizer.commands.progress_line import progress_on_terminal
from optimizer.commands.terminal import tell
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.progress import Observer
from optimizer.search.warm_up import is_compiled, warm_up
from optimizer.stop import Stop, WhenSet


@contextmanager
def searching(*, lang: Lang, limit: float) -> Iterator[tuple[Observer, Stop]]:
    """Give an observer that draws a line on a terminal, and a stop that Ctrl-C sets.

    Parameters
    ----------
    lang
        Language of the line and of what is said when Ctrl-C is pressed.
    limit
        Seconds that the line counts up to.
    """
    if not is_compiled():
        tell(sentence(lang, "cli.compiling"))
    warm_up()
    with (
        progress_on_terminal(lang=lang, limit=limit) as observer,
        first_interrupt(sentence(lang, "explain.interrupt")) as event,
    ):
        yield observer, WhenSet(event)
