"""Compiling or loading the kernels before the clock of a solve starts."""

from __future__ import annotations

from types import ModuleType

from optimizer.progress import Observer, Progress, silent
from optimizer.search.warm_up import is_compiled, warm_up


def make_ready(*, proof: bool, observer: Observer = silent) -> None:
    """Compile or load the kernels of the search and, for a proof, of the bound.

    Compiling happens once on a machine, loading once in a process; after that nothing is done.

    Parameters
    ----------
    proof
        Whether a lower bound will be asked for.
    observer
        Hears of it before something is compiled, which takes a minute or two.
    """
    bound = _of_bound() if proof else None
    if not (is_compiled() and (bound is None or bound.is_compiled())):
        observer(Progress("compile"))
    warm_up()
    if bound is not None:
        bound.warm_up()


def are_compiled(*, proof: bool) -> bool:
    """Return whether nothing is left to compile for a search and, if asked for, a proof."""
    return is_compiled() and not (proof and not _of_bound().is_compiled())


def _of_bound() -> ModuleType:
    # The linear-programming library takes its time to load, which runs without proof need not.
    from optimizer.bound import warm_up as of_bound

    return of_bound
