"""How kernels are compiled: without the interpreter lock, once per machine and version.

Compiled code is kept in a folder named after a digest of all kernel sources of a package and
of the compiler's version, because a compiled function contains the code of the functions it
calls: a change in one file must not leave another file's old machine code in use. The
folder lies in the user's cache, so that a package in a read-only place is no obstacle;
``NUMBA_CACHE_DIR`` moves it. Where the package itself lies plays no part: two installations
with the same kernels share the folder and what is in it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba.core.caching import CompileResultCacheImpl, FunctionCache, _CacheLocator
from numba.core.registry import cpu_target

LOCK = "lock"
INDEX = "*.nbi"
"Files that say of one function what of it is compiled."

F = TypeVar("F", bound=Callable[..., object])


class Compiler:
    """Compiles the kernels of one package; all share one folder of compiled code.

    Parameters
    ----------
    package
        Folder of the package's sources.
    constants
        Modules elsewhere whose constants the kernels use.
    """

    def __init__(self, package: Path, *constants: ModuleType) -> None:
        others = (Path(module.__file__) for module in constants if module.__file__)
        self._sources = (*sorted(package.glob("*.py")), *others)
        self.folder = self._cache_folder()
        self._cache = _cache_in(self.folder)

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
        njit: Any = numba.njit
        compiled: Any = njit(nogil=True, **options)(function)
        if compiled is not function:
            # What ``cache=True`` does, but for a cache that does not go by the source's path.
            compiled._cache = self._cache(function)  # noqa: SLF001
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
        for source in self._sources:
            digest.update(source.name.encode())
            digest.update(source.read_bytes())
        versions = (numba.__version__, np.__version__, sys.version)
        digest.update(repr(versions).encode())
        return digest.hexdigest()[:16]


def _cache_in(folder: Path) -> type[FunctionCache]:
    """Return numba's cache of compiled functions, kept in one folder whoever's source it is."""

    class Locator(_CacheLocator):
        """Names what is kept of a function by its module, name and line."""

        def __init__(self, function: Callable[..., object], file: str) -> None:
            self._py_file = file
            self._line = function.__code__.co_firstlineno

        @classmethod
        def from_function(cls, function: Callable[..., object], file: str) -> Locator:
            """Return the locator of a function."""
            return cls(function, file)

        def get_cache_path(self) -> str:
            """Return the folder, whose name stands for all sources already."""
            return str(folder)

        def get_source_stamp(self) -> str:
            """Return what tells old code from new code."""
            return folder.name

        def get_disambiguator(self) -> str:
            """Return what tells functions of one name apart."""
            return str(self._line)

    class Kept(CompileResultCacheImpl):
        """Compiled functions, located by `Locator`."""

        _locator_classes = [Locator]

    class Cache(FunctionCache):
        """The cache of one function."""

        _impl_class = Kept

    return Cache


def is_ready(folder: Path) -> bool:
    """Return whether all kernels of a folder are compiled for this processor.

    They are if `set_ready` has said so and what it saw is still there.
    """
    try:
        names = _ready_mark(folder).read_text(encoding="utf-8").split()
    except OSError:
        return False
    return bool(names) and all((folder / name).exists() for name in names)


def set_ready(folder: Path) -> None:
    """Note that all kernels of a folder are compiled; one that cannot be written stays as it is."""
    names = sorted(index.name for index in folder.glob(INDEX))
    with suppress(OSError):
        _ready_mark(folder).write_text("\n".join(names), encoding="utf-8")


def _ready_mark(folder: Path) -> Path:
    """Return the file that lists what is compiled for this processor."""
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
