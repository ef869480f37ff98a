"""Machine code of whole entries: what only other kernels call is compiled as a part of them.

By itself numba optimises every function with all that it calls, makes machine code of it, and
does so again in each of its callers. Of a hundred kernels that call each other, that is most of
the work, and Python calls a few of them only. Here a *part* stays as it was lowered; an *entry*
takes in all the parts below it and is optimised once, as a whole.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.environment import lookup_environment

from optimizer.compiled import following

_REFUSAL = ctypes.cast(ctypes.pythonapi.PyErr_BadArgument, ctypes.c_void_p).value
"Where Python gets to when it calls a part: it raises TypeError."


class PartLibrary(JITCodeLibrary):
    """The code of a function that only other kernels call, as it was lowered."""

    def finalize(self) -> None:
        """Leave linking and optimising to the entry."""
        self._raise_if_finalized()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int | None:  # noqa: ARG002 (the signature)
        """Return an address in place of the machine code that a part does not have."""
        return _REFUSAL

    @property
    def codegen(self) -> _NoEnvironment:
        """Keep the caller from writing into machine code that is not there."""
        return _NoEnvironment()


class _NoEnvironment:
    def set_env(self, name: str, environment: object) -> None:
        """Do nothing: the entry knows the environments of its parts."""


class EntryLibrary(JITCodeLibrary):
    """The code of a function that Python calls, with all parts below it."""

    def finalize(self) -> None:
        """Take in all parts, optimise the whole and make machine code of it."""
        self._linking_libraries = _below(self)
        super().finalize()
        codegen: Any = self._codegen
        for variable in self._final_module.global_variables:
            environment = lookup_environment(variable.name)
            if environment is not None and not variable.is_declaration:
                codegen.set_env(variable.name, environment)


def _below(library: JITCodeLibrary) -> list[JITCodeLibrary]:
    """Return the libraries that a library needs, directly or as a part's need, each once."""
    found: dict[JITCodeLibrary, None] = {}
    waiting = [library]
    while waiting:
        for one in waiting.pop()._linking_libraries:  # noqa: SLF001 (numba has no name for it)
            if one not in found:
                found[one] = None
                # Whatever is no part has taken in all it needs.
                waiting += [one] if isinstance(one, PartLibrary) else []
    return list(found)


class _FollowedCompiler(Compiler):
    """Numba's compiler, which says how far it has come."""

    def compile_extra(self, func: Callable[..., object]) -> object:
        """Compile a function and note when that begins and ends."""
        following.begin(func)
        made = super().compile_extra(func)
        following.end(func)
        return made


class PartCompiler(_FollowedCompiler):
    """Numba's compiler, for a function that only other kernels call."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.state.flags.no_cpython_wrapper = self.state.flags.no_cfunc_wrapper = True
        self.state.library = PartLibrary(self.state.targetctx.codegen(), "part")


class EntryCompiler(_FollowedCompiler):
    """Numba's compiler, for a function that Python calls."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.state.flags.no_cfunc_wrapper = True
        self.state.library = EntryLibrary(self.state.targetctx.codegen(), "entry")
        self.state.library.enable_object_caching()
