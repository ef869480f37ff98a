"""Explicit travel matrices: square, of one size, for every mode and place in use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from optimizer.domain.place import MatrixTravel, Place
from optimizer.errors import Fault
from optimizer.formats.checks.view import View
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.i18n import say

MOST_ROWS = 20
"Faulty rows of one matrix that are named one by one."

LONGEST = 100_000
"Minutes of the longest journey that a matrix may hold."


def check_matrices(view: View) -> Iterator[Fault]:
    """Matrices are square, all of one size, and hold times in minutes."""
    if not isinstance(view.travel, MatrixTravel):
        return
    size = _size(view.travel)
    for mode, matrix in view.travel.minutes.items():
        yield from islice(_shape(f"travel.minutes.{mode}", matrix, size), MOST_ROWS)
        yield from islice(_values(f"travel.minutes.{mode}", matrix), MOST_ROWS)
    if view.travel.metres is not None:
        yield from islice(_shape("travel.metres", view.travel.metres, size), MOST_ROWS)


def _size(travel: MatrixTravel) -> int:
    """Return the number of places: that of the first matrix."""
    return max((len(matrix) for matrix in travel.minutes.values()), default=0)


def _shape(place: str, matrix: Sequence[Sequence[float]], size: int) -> Iterator[Fault]:
    if len(matrix) != size:
        message = say("fault.matrix-shape.sizes", rows=len(matrix), size=size)
        yield finding(place, FaultCode.MATRIX_SHAPE, message)
    for number, row in enumerate(matrix):
        if len(row) != len(matrix):
            message = say("fault.matrix-shape.columns", entries=len(row), rows=len(matrix))
            yield finding(f"{place}[{number}]", FaultCode.MATRIX_SHAPE, message)


def _values(place: str, matrix: Sequence[Sequence[float]]) -> Iterator[Fault]:
    for number, row in enumerate(matrix):
        if row and max(row) > LONGEST:
            column = row.index(max(row))
            message = say("fault.matrix-value", minutes=f"{max(row):g}", limit=LONGEST)
            yield finding(f"{place}[{number}][{column}]", FaultCode.MATRIX_VALUE, message)


def check_matrix_use(view: View) -> Iterator[Fault]:
    """Every place has a row, every mode in use a matrix, paid mileage its metres."""
    if not isinstance(view.travel, MatrixTravel):
        return
    size = _size(view.travel)
    for place, client in view.rows("clients", view.scenario.clients):
        yield from _index(f"{place}.home", client.home, size)
    for place, caregiver in view.rows("caregivers", view.scenario.caregivers):
        yield from _index(f"{place}.home", caregiver.home, size)
        if caregiver.end_place is not None:
            yield from _index(f"{place}.end_place", caregiver.end_place, size)
        if caregiver.mode not in view.travel.minutes:
            message = say("fault.missing-mode", mode=caregiver.mode.value)
            yield finding(f"{place}.mode", FaultCode.MISSING_MODE, message)
        if caregiver.fen_per_km and view.travel.metres is None:
            message = say("fault.missing-metres")
            yield finding(f"{place}.fen_per_km", FaultCode.MISSING_METRES, message)


def _index(place: str, where: Place, size: int) -> Iterator[Fault]:
    if where.matrix_index is None:
        message = say("fault.missing-index")
        yield finding(f"{place}.matrix_index", FaultCode.MISSING_INDEX, message)
    elif where.matrix_index >= size:
        message = say("fault.index-out-of-range", matrix_index=where.matrix_index, last=size - 1)
        if size == 0:
            message = say("fault.index-out-of-range.no-rows", matrix_index=where.matrix_index)
        yield finding(f"{place}.matrix_index", FaultCode.INDEX_OUT_OF_RANGE, message)
