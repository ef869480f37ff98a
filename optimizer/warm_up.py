"""Compiling or loading the kernels before the clock of a solve starts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType

from optimizer.progress import Observer, Progress, silent
from optimizer.search.warm_up import is_compiled, warm_up

COMPILING_BOUND = (sys.executable, "-c", "from optimizer.bound.warm_up import warm_up; warm_up()")
"The kernels of search and bound are strangers to each other: two processes compile them at once."


def make_ready(*, proof: bool, observer: Observer = silent) -> None:
    """Compile or load the kernels of the search and, for a proof, of the bound.

    Compiling happens once on a machine, loading once in a process; after that nothing is done.

    Parameters
    ----------
    proof
        Whether a lower bound will be asked for.
    observer
        Hears of it before something is compiled, which takes up to a minute.
    """
    bound = _of_bound() if proof else None
    search_lacks, bound_lacks = not is_compiled(), bound is not None and not bound.is_compiled()
    if search_lacks or bound_lacks:
        observer(Progress("compile"))
    with _beside(COMPILING_BOUND if search_lacks and bound_lacks else None):
        warm_up()
    if bound is not None:
        bound.warm_up()


@contextmanager
def _beside(command: Sequence[str] | None) -> Iterator[None]:
    """Run a command beside the block and wait for its end; end it where the block fails.

    What becomes of it plays no part: what it has not compiled is compiled here.
    """
    if command is None:
        yield
        return
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 (ours)
    try:
        yield
        child.wait()
    finally:
        child.kill()
        child.wait()


def are_compiled(*, proof: bool) -> bool:
    """Return whether nothing is left to compile for a search and, if asked for, a proof."""
    return is_compiled() and not (proof and not _of_bound().is_compiled())


def _of_bound() -> ModuleType:
    # The linear-programming library takes its time to load, which runs without proof need not.
    from optimizer.bound import warm_up as of_bound

    return of_bound
