"""How kernels are compiled: without the interpreter lock, once per machine and version.

Compiled code is kept in a folder named after a digest of all kernel sources and of the
compiler's version, because a compiled function contains the code of the functions it
calls: a change in one file must not leave another file's old machine code in use. The
folder lies in the user's cache, so that a package in a read-only place is no obstacle;
``NUMBA_CACHE_DIR`` moves it.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np

F = TypeVar("F", bound=Callable[..., object])


def _digest() -> str:
    """Return a digest of everything that compiled code depends on."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    versions = (numba.__version__, np.__version__, sys.version)
    digest.update(repr(versions).encode())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Return the folder of the compiled code, made if it can be made."""
    named = os.environ.get("NUMBA_CACHE_DIR")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    roots = [Path(named)] if named else [home / "homecare-optimizer"]
    roots.append(Path(tempfile.gettempdir()) / f"homecare-optimizer-{os.getuid()}")
    for root in roots:
        folder = root / f"kernels-{_digest()}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return roots[-1]


FOLDER = cache_folder()


def kernel(function: F) -> F:
    """Compile `function` on first use; with ``NUMBA_DISABLE_JIT=1`` it stays plain Python.

    Kernels are compiled without numba's memory management: they allocate nothing, and
    counting references of the arrays handed around, one locked instruction each, took half
    of the search's time.
    """
    return _compiled(function, forceinline=False)


def leaf(function: F) -> F:
    """Compile `function` as `kernel` does, but into each of its callers.

    Handing over an array costs a dozen stores; for short functions that is the greater part.
    """
    return _compiled(function, forceinline=True)


def _compiled(function: F, *, forceinline: bool) -> F:
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(FOLDER)
    try:
        njit: Any = numba.njit
        decorate = njit(cache=True, nogil=True, _nrt=False, forceinline=forceinline)
        compiled: Any = decorate(function)
    finally:
        settings.CACHE_DIR = before
    return cast(F, compiled)
