"""What a command that searches needs around it: a ready engine, progress, and Ctrl-C."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from optimizer.commands.interrupt import first_interrupt
from optimizer.commands.progress_line import progress_on_terminal
from optimizer.commands.terminal import tell
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.options import SolveOptions
from optimizer.progress import Observer, Progress
from optimizer.stop import StoppingCriterion, WhenSet
from optimizer.warm_up import make_ready

SEARCH_ONLY = SolveOptions(engine="search", proof=0.0)


@contextmanager
def searching(
    *,
    lang: Lang,
    limit: float | None,
    options: SolveOptions = SEARCH_ONLY,
    note: str = "explain.interrupt",
) -> Iterator[tuple[Observer, StoppingCriterion]]:
    """Give an observer that draws a line on a terminal, and a stop that Ctrl-C sets.

    Parameters
    ----------
    lang
        Language of the line and of what is said when Ctrl-C is pressed.
    limit
        Seconds that the line counts up to; None: only what has passed.
    options
        What is going to be asked of the engines, which are made ready for it.
    note
        Key of the sentence for the first Ctrl-C.
    """
    with progress_on_terminal(lang=lang, limit=limit) as observer:
        if options.needs_kernels:
            # While they are compiled there is no best plan so far: Ctrl-C just leaves.
            proof = options.share_of_proof > 0
            make_ready(proof=proof, observer=_announcing(observer, lang))
        with first_interrupt(sentence(lang, note)) as event:
            yield observer, WhenSet(event)


def _announcing(observer: Observer, lang: Lang) -> Observer:
    """Return an observer that also says in words that the kernels are being compiled."""

    def announce(progress: Progress) -> None:
        if progress.phase == "compile" and progress.compiling is None:
            tell(sentence(lang, "cli.compiling"))
        observer(progress)

    return announce
