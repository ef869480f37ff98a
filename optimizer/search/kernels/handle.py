"""Handing a whole world to a compiled function as one address.

Numba hands a tuple of arrays over as some two hundred numbers, written to the stack at every
call. Here compiled code receives the address of a table instead, which holds the address and
the shape of every array, and reads from it what it asks for. Interpreted code uses the tuple
itself, so both say ``w.node``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numba
import numpy as np
from numba import types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)
from numba.np import arrayobj
from numpy.typing import NDArray

TABLE = "table"
"Field of a world that holds the table; compiled code does not see it."


class WorldType(types.Type):
    """A world as compiled code knows it: its arrays, and where the table has each of them.

    Parameters
    ----------
    fields
        Names and array types, in the order of the table.
    """

    def __init__(self, fields: tuple[tuple[str, types.Array], ...]) -> None:
        self.arrays = dict(fields)
        self.places: dict[str, int] = {}
        place = 0
        for name, array in fields:
            self.places[name] = place
            place += 1 + array.ndim
        super().__init__(name=f"World({', '.join(f'{name}: {array}' for name, array in fields)})")


@register_model(WorldType)
class _WorldModel(models.OpaqueModel):
    """In machine code, a world is a pointer."""


@infer_getattr
class _WorldAttributes(AttributeTemplate):
    key = WorldType

    def generic_resolve(self, world: WorldType, name: str) -> Any:  # type: ignore[override]
        """Return the type of an array of the world."""
        return world.arrays.get(name)


@lower_getattr_generic(WorldType)
def _read_array(context: Any, builder: Any, world: WorldType, value: Any, name: str) -> Any:
    """Build an array from its entries of the table."""
    kind = world.arrays[name]
    word = context.get_value_type(types.intp)
    table = builder.bitcast(value, word.as_pointer())
    # The table never changes while a compiled function runs: it need not be read twice.
    constant = builder.module.add_metadata([])

    def entry(place: int) -> Any:
        at = builder.gep(
            table, [context.get_constant(types.intp, world.places[name] + place)], inbounds=True
        )
        read = builder.load(at)
        read.set_metadata("invariant.load", constant)
        return read

    array = context.make_array(kind)(context, builder)
    size = context.get_constant(
        types.intp, context.get_abi_sizeof(context.get_data_type(kind.dtype))
    )
    shape = [entry(1 + dimension) for dimension in range(kind.ndim)]
    strides = [size]
    for dimension in range(kind.ndim - 1, 0, -1):
        strides.insert(0, builder.mul(strides[0], shape[dimension]))
    arrayobj.populate_array(
        array,
        data=builder.inttoptr(entry(0), array.data.type),
        shape=shape,
        strides=strides,
        itemsize=size,
        meminfo=None,
    )
    return array._getvalue()  # noqa: SLF001


@unbox(WorldType)
def _take_address(kind: WorldType, world: Any, c: Any) -> Any:
    """Take the address of the table from a world that Python hands over."""
    number = c.pyapi.object_getattr_string(world, "address")
    address = c.pyapi.long_as_longlong(number)
    c.pyapi.decref(number)
    return NativeValue(c.builder.inttoptr(address, c.context.get_value_type(kind)))


def register(world: type[Any]) -> None:
    """Let compiled functions take objects of a class.

    Parameters
    ----------
    world
        A class of named tuples whose fields are C-ordered arrays, the last one `TABLE` with what
        `table_of` makes of the others, and whose `address` is that of the table. Whoever calls a
        compiled function keeps the tuple, and with it the arrays, until it returns.
    """

    @typeof_impl.register(world)
    def _type_of(value: Any, _: Any) -> WorldType:
        kinds = (
            (name, numba.typeof(array))
            for name, array in zip(value._fields, value, strict=True)
            if name != TABLE
        )
        # Whether an array may be written to makes no other type: kernels write to state only.
        return WorldType(
            tuple((name, types.Array(kind.dtype, kind.ndim, "C")) for name, kind in kinds)
        )


def table_of(arrays: Iterable[NDArray[Any]]) -> NDArray[np.int64]:
    """Return the addresses and shapes of arrays, one after the other.

    Raises
    ------
    ValueError
        If an array is not C-ordered, as compiled code takes them all to be.
    """
    arrays = tuple(arrays)
    if not all(array.flags.c_contiguous for array in arrays):
        raise ValueError("the arrays of a world are C-ordered")
    entries = [entry for array in arrays for entry in (array.ctypes.data, *array.shape)]
    return np.array(entries, np.int64)
