"""Compiling or loading the kernels before the clock of a solve starts."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType

from optimizer.compiled import Compilation
from optimizer.progress import Compiling, Observer, Progress, silent
from optimizer.search.warm_up import compilation, is_compiled, warm_up

COMPILING_BOUND = (sys.executable, "-c", "from optimizer.bound.warm_up import warm_up; warm_up()")
"The kernels of search and bound are strangers to each other: two processes compile them at once."

TOLD_EVERY = 0.25
"Seconds between two reports on how far compiling has come."


def make_ready(*, proof: bool, observer: Observer = silent) -> None:
    """Compile or load the kernels of the search and, for a proof, of the bound.

    Compiling happens once on a machine, loading once in a process; after that nothing is done.

    Parameters
    ----------
    proof
        Whether a lower bound will be asked for.
    observer
        Hears of it before something is compiled, which takes up to a minute, and then from another
        thread how far that has come.
    """
    bound = _of_bound() if proof else None
    search_lacks, bound_lacks = not is_compiled(), bound is not None and not bound.is_compiled()
    of_both = (compilation,) if bound is None else (compilation, bound.compilation)
    told = silent
    if search_lacks or bound_lacks:
        observer(Progress("compile"))
        told = observer
    with _telling(told, of_both):
        with _beside(COMPILING_BOUND if search_lacks and bound_lacks else None):
            warm_up()
        if bound is not None:
            bound.warm_up()


@contextmanager
def _telling(observer: Observer, packages: Sequence[Callable[[], Compilation]]) -> Iterator[None]:
    """Tell now and then, while the block runs, how far compiling some packages has come."""
    if observer is silent:
        yield
        return
    is_over = threading.Event()

    def tell() -> None:
        while not is_over.wait(TOLD_EVERY):
            observer(compiling(packages))

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def compiling(packages: Sequence[Callable[[], Compilation]]) -> Progress:
    """Return how far compiling all of some packages has come."""
    now = Compilation()
    for package in packages:
        now = now.beside(package())
    return Progress(
        "compile", compiling=Compiling(now.kernel, now.done, now.kernels, round(now.share, 3))
    )


@contextmanager
def _beside(command: Sequence[str] | None) -> Iterator[None]:
    """Run a command beside the block and wait for its end; end it where the block fails.

    What becomes of it plays no part: what it has not compiled is compiled here.
    """
    if command is None:
        yield
        return
    nothing = subprocess.DEVNULL
    child = subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing)  # noqa: S603 (ours)
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
