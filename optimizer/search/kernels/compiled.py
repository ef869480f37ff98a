"""How kernels are compiled: without the interpreter lock, cached, and never with fast math."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numba

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compile `function` on first use; with ``NUMBA_DISABLE_JIT=1`` it stays plain Python."""
    compiled: F = numba.njit(cache=True, nogil=True, boundscheck=None)(function)
    return compiled
