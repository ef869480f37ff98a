"""Travel from matrices that the scenario brings along."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy import float64, int32, int64
from numpy.typing import NDArray

from optimizer.domain.place import MatrixTravel, Mode, Place
from optimizer.errors import InputError
from optimizer.travel.reach import UNREACHABLE
from optimizer.units import MS_PER_MINUTE


def explicit_ticks(
    spec: MatrixTravel, places: Sequence[Place], modes: Sequence[Mode], ticks_per_minute: int
) -> NDArray[int32]:
    """Return travel in ticks, shape ``(modes, places, places)``.

    Minutes count to the millisecond, parts of a tick are rounded up, negative minutes mean
    unreachable, and nobody travels to where they are.

    Raises
    ------
    InputError
        If a mode's matrix is missing or not square, or a place has no row in it.
    """
    rows = _rows(places)
    ticks = np.empty((len(modes), len(places), len(places)), int32)
    for matrix, mode in zip(ticks, modes, strict=True):
        matrix[:] = _ticks_of(_minutes(spec, mode, rows), rows, ticks_per_minute)
    return ticks


def explicit_metres(spec: MatrixTravel, places: Sequence[Place]) -> NDArray[int32]:
    """Return whole metres, shape ``(places, places)``; negative ones count as none.

    Raises
    ------
    InputError
        If the matrix is missing or not square, or a place has no row in it.
    """
    if spec.metres is None:
        raise InputError("travel.metres: mileage is paid, so the matrix of metres is needed")
    rows = _rows(places)
    metres = _chosen(spec.metres, rows, "travel.metres")
    metres[rows[:, None] == rows] = 0
    return np.clip(metres, 0, np.iinfo(int32).max).astype(int32)


def _minutes(spec: MatrixTravel, mode: Mode, rows: NDArray[int64]) -> NDArray[float64]:
    if mode not in spec.minutes:
        raise InputError(f"travel.minutes.{mode}: somebody travels so, but the matrix is missing")
    return _chosen(spec.minutes[mode], rows, f"travel.minutes.{mode}")


def _ticks_of(
    minutes: NDArray[float64], rows: NDArray[int64], ticks_per_minute: int
) -> NDArray[int32]:
    # Longer journeys are unreachable anyway, and below this limit a float is exact.
    longest = UNREACHABLE / ticks_per_minute
    ms = np.rint(np.clip(minutes, 0, longest) * MS_PER_MINUTE).astype(int64)
    ticks = -(-ms * ticks_per_minute // MS_PER_MINUTE)
    ticks = np.where(minutes < 0, UNREACHABLE, np.minimum(ticks, UNREACHABLE))
    ticks[rows[:, None] == rows] = 0
    return ticks.astype(int32)


def _rows(places: Sequence[Place]) -> NDArray[int64]:
    """Return each place's row in the matrices."""
    rows = [place.matrix_index for place in places if place.matrix_index is not None]
    if len(rows) < len(places):
        raise InputError("travel: with explicit matrices every place needs a matrix_index")
    return np.array(rows, int64)


def _chosen(table: Sequence[Sequence[float]], rows: NDArray[int64], name: str) -> NDArray[float64]:
    """Return the rows and columns of the places in use, in their order."""
    size = len(table)
    if any(len(row) != size for row in table):
        raise InputError(f"{name}: the matrix has {size} rows, and not each has {size} entries")
    if rows.max(initial=-1) >= size:
        raise InputError(f"{name}: matrix_index {rows.max()} lies outside its {size} rows")
    return np.array(table, float64).reshape(size, size)[np.ix_(rows, rows)]
