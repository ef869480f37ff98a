"""Tables of records: their types, and how they lie in memory."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Records: TypeAlias = Any
"A record array; whoever makes one says of what type."
CACHE_LINE = 64


def fields_of(*kinds_and_names: str) -> np.dtype[np.void]:
    """Return a record type: texts of a number type and the names of its fields."""
    pairs = [text.split() for text in kinds_and_names]
    return np.dtype([(name, kind) for kind, *names in pairs for name in names])


def records(shape: int | tuple[int, int], kind: np.dtype[np.void]) -> Records:
    """Return zeroed records that begin on a cache line."""
    size = int(np.prod(shape)) * kind.itemsize
    raw = np.zeros(size + CACHE_LINE, np.uint8)
    skip = -raw.ctypes.data % CACHE_LINE
    return raw[skip : skip + size].view(kind).reshape(shape).view(np.recarray)


def filled(kind: np.dtype[np.void], *columns: NDArray[np.generic]) -> Records:
    """Return records whose fields are the columns, in the order of the fields."""
    table = records(len(columns[0]), kind)
    for name, column in zip(kind.names or (), columns, strict=True):
        table[name] = column
    return table
