"""One machine code per kernel, whatever width of whole numbers its callers hand over.

Numba compiles a function anew for every combination of argument types: once for the literal 0,
once for a number of 32 bits from a table, once for a sum of 64 bits. Between kernels nothing is
gained by that, for the compiler of the whole entry sees constants anyway; it is a third of the
time that compiling takes.
"""

from __future__ import annotations

from typing import Any

from numba.core import types

BITS = 64


def widen_arguments(dispatcher: Any) -> None:
    """Have callers hand over whole numbers in 64 bits and no literals."""
    usual = dispatcher.get_call_template

    def get_call_template(args: tuple[types.Type, ...], kws: dict[str, types.Type]) -> Any:
        wide = {name: _wide(given) for name, given in kws.items()}
        return usual(tuple(_wide(given) for given in args), wide)

    dispatcher.get_call_template = get_call_template


def _wide(given: types.Type) -> types.Type:
    plain: types.Type = types.unliteral(given)
    if not isinstance(plain, types.Integer):
        return plain
    whole: Any = plain
    wide: types.Type = types.int64 if whole.bitwidth < BITS else plain
    return wide
