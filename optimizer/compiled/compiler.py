"""How kernels are compiled: without the interpreter lock, once per machine and version.

Compiled code is kept in a folder named after a digest of all kernel sources of a package and
of the compiler's version, because a compiled function contains the code of the functions it
calls (see `optimizer.compiled.linking`): a change in one file must not leave another file's old
machine code in use. The folder lies in the user's cache, so that a package in a read-only place
is no obstacle; ``NUMBA_CACHE_DIR`` moves it. Where the package itself lies plays no part: two
installations with the same kernels share the folder and what is in it.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba.core.caching import CompileResultCacheImpl, FunctionCache, _CacheLocator

from optimizer.compiled.following import Compilation, Work
from optimizer.compiled.linking import EntryCompiler, PartCompiler
from optimizer.compiled.readiness import is_ready
from optimizer.compiled.widening import widen_arguments

_OURS = [Path(__file__).with_name(name) for name in ("linking.py", "widening.py")]

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
        others = (Path(one.__file__) for one in constants if one.__file__)
        self._sources = (*sorted(package.glob("*.py")), *_OURS, *others)
        self.folder = self._cache_folder()
        self._cache = _cache_in(self.folder)
        self._work = Work(self.folder)

    def kernel(self, function: F) -> F:
        """Compile `function` as a part of the kernels that call it; Python cannot call it.

        With ``NUMBA_DISABLE_JIT=1`` it stays plain Python, as do all others. Kernels are
        compiled without numba's memory management: they allocate nothing, and counting
        references of the arrays handed around, one locked instruction each, took half of the
        search's time.
        """
        return self._part(function, _nrt=False)

    def leaf(self, function: F) -> F:
        """Compile `function` as `kernel` does, but into each of its callers.

        Handing over an array costs a dozen stores; for short functions that is the greater part.
        """
        return self._part(function, _nrt=False, forceinline=True)

    def allocating(self, function: F) -> F:
        """Compile `function` as `kernel` does, so that it may make arrays of its own."""
        return self._part(function)

    def entry(self, function: F) -> F:
        """Compile `function` for Python, on first use, and keep the machine code."""
        return self._entry(function, _nrt=False)

    def allocating_entry(self, function: F) -> F:
        """Compile `function` as `entry` does, so that it may make arrays of its own."""
        return self._entry(function)

    def compilation(self) -> Compilation:
        """Return how far compiling has come, in whatever process."""
        return self._work.everything() if is_ready(self.folder) else self._work.present()

    def _part(self, function: F, **options: bool) -> F:
        njit: Any = numba.njit
        compiled: Any = njit(nogil=True, pipeline_class=PartCompiler, **options)(function)
        if compiled is not function:
            widen_arguments(compiled)
            self._work.add(function, is_entry=False)
        return cast(F, compiled)

    def _entry(self, function: F, **options: bool) -> F:
        njit: Any = numba.njit
        compiled: Any = njit(nogil=True, pipeline_class=EntryCompiler, **options)(function)
        if compiled is not function:
            self._work.add(function, is_entry=True)
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
