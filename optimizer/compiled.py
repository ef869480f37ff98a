"""How kernels are compiled: without the interpreter lock, once per machine and version.

Compiled code is kept in a folder named after a digest of all kernel sources of a package and
of the compiler's version, because a compiled function contains the code of the functions it
calls: a change in one file must not leave another file's old machine code in use. The
folder lies in the user's cache, so that a package in a read-only place is no obstacle;
``NUMBA_CACHE_DIR`` moves it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba.core.registry import cpu_target

LOCK = "lock"

F = TypeVar("F", bound=Callable[..., object])


class Compiler:
    """Compiles the kernels of one package; all share one folder of compiled code.

    Parameters
    ----------
    package
        Folder of the package's sources.
    """

    def __init__(self, package: Path) -> None:
        self._package = package
        self.folder = self._cache_folder()

    def kernel(self, function: F) -> F:
        """Compile `function` on first use; with ``NUMBA_DISABLE_JIT=1`` it stays plain Python.

        Kernels are compiled without numba's memory management: they allocate nothing, and
        counting references of the arrays handed around, one locked instruction each, took half
        of the search's time.
        """
        return self._compiled(function, _nrt=False)

    def leaf(self, function: F) -> F:
        """Compile `function` as `kernel` does, but into each of its callers.

        Handing over an array costs a dozen stores; for short functions that is the greater part.
        """
        return self._compiled(function, _nrt=False, forceinline=True)

    def allocating(self, function: F) -> F:
        """Compile `function` so that it may make arrays of its own."""
        return self._compiled(function)

    def _compiled(self, function: F, **options: bool) -> F:
        settings: Any = numba.config
        before = settings.CACHE_DIR
        settings.CACHE_DIR = str(self.folder)
        try:
            njit: Any = numba.njit
            compiled: Any = njit(cache=True, nogil=True, **options)(function)
        finally:
            settings.CACHE_DIR = before
        return cast(F, compiled)

    def _cache_folder(self) -> Path:
        """Return the folder of the compiled code, made if it can be made."""
        named = os.environ.get("NUMBA_CACHE_DIR")
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
        roots = [Path(named)] if named else [home / "homecare-optimizer"]
        roots.append(Path(tempfile.gettempdir()) / f"homecare-optimizer-{os.getuid()}")
        for root in roots:
            folder = root / f"kernels-{self._digest()}"
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError:
                continue
            if os.access(folder, os.W_OK):
                return folder
        return roots[-1]

    def _digest(self) -> str:
        """Return a digest of everything that compiled code depends on."""
        digest = hashlib.sha256()
        for source in sorted(self._package.glob("*.py")):
            digest.update(source.name.encode())
            digest.update(source.read_bytes())
        versions = (numba.__version__, np.__version__, sys.version)
        digest.update(repr(versions).encode())
        return digest.hexdigest()[:16]


def ready_mark(folder: Path) -> Path:
    """Return the file that says that all kernels of a folder are compiled for this processor."""
    target = repr(cpu_target.target_context.codegen().magic_tuple())
    return folder / f"ready-{hashlib.sha256(target.encode()).hexdigest()[:16]}"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process compiles; in a folder that cannot be written, do not wait.

    Two that write compiled code at once could mix up what belongs to what.
    """
    try:
        file = (folder / LOCK).open("w")
    except OSError:
        yield
        return
    with file:
        # Given back when the file is closed, also if the process is ended.
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
