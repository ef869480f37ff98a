"""Travel from explicit matrices."""

from __future__ import annotations

import pytest

from optimizer.domain.place import MatrixTravel, Mode, Place
from optimizer.errors import InputError
from optimizer.travel.explicit import explicit_metres, explicit_ticks
from optimizer.travel.reach import UNREACHABLE
from optimizer.units import parse_minutes, to_ticks
from tests.travel.worlds import line

EBIKE = Mode.EBIKE


def ticks(minutes: float, ticks_per_minute: int = 60) -> int:
    """Return the ticks of a journey of so many minutes."""
    spec = MatrixTravel(minutes={EBIKE: ((0.0, minutes), (1.0, 0.0))})
    return int(explicit_ticks(spec, line(2), [EBIKE], ticks_per_minute)[0][0, 1])


@pytest.mark.parametrize(
    ("minutes", "ticks_per_minute", "expected"),
    [
        (7, 60, 420),  # Whole minutes.
        (0.25, 60, 15),  # Whole seconds.
        (1 / 6, 60, 10),  # Whole seconds that no decimal fraction writes exactly.
        (0.001, 60, 1),  # Part of a second is rounded up.
        (12.345, 1000, 12_345),  # Thousandths are exact.
        (0.0, 60, 0),  # No distance.
        (-1, 60, UNREACHABLE),  # Negative means unreachable.
        (-0.001, 1000, UNREACHABLE),  # However little.
        (-1e308, 60, UNREACHABLE),  # However much.
        (1e300, 60, UNREACHABLE),  # Longer than anything.
    ],
)
def test_minutes_to_ticks(minutes: float, ticks_per_minute: int, expected: int) -> None:
    """Minutes become ticks, rounded up; a negative number is no journey."""
    assert ticks(minutes, ticks_per_minute) == expected


def test_three_decimals_are_exact() -> None:
    """Every number of thousandths is converted as a duration of a visit is."""
    values = [n / 1000 for n in range(1, 300_000, 37)]
    rows = tuple(tuple(values[90 * n : 90 * n + 90]) for n in range(90))
    spec = MatrixTravel(minutes={EBIKE: rows})
    found = explicit_ticks(spec, line(90), [EBIKE], 1000)[0]
    for frm, row in enumerate(rows):
        expected = [to_ticks(parse_minutes(value), 1000) for value in row]
        expected[frm] = 0
        assert found[frm].tolist() == expected


def test_rows_are_found_by_matrix_index() -> None:
    """A place's row and column is its matrix index, whatever the order of places."""
    spec = MatrixTravel(minutes={EBIKE: ((0, 1, 2), (3, 0, 4), (5, 6, 0))})
    places = line(3)
    found = explicit_ticks(spec, (places[2], places[0]), [EBIKE], 60)[0]
    assert found.tolist() == [[0, 5 * 60], [2 * 60, 0]]


def test_nobody_travels_to_where_they_are() -> None:
    """The diagonal is 0 whatever the file says, also for two places of one row."""
    spec = MatrixTravel(minutes={EBIKE: ((9, 2), (2, -1))})
    twin = Place(lat=0, lon=0, matrix_index=1)
    found = explicit_ticks(spec, (*line(2), twin), [EBIKE], 60)[0]
    assert found.tolist() == [[0, 120, 120], [120, 0, 0], [120, 0, 0]]


def test_modes_have_matrices_of_their_own() -> None:
    """Each mode is read from its own matrix."""
    spec = MatrixTravel(minutes={EBIKE: ((0, 1), (1, 0)), Mode.WALK: ((0, 3), (3, 0))})
    found = explicit_ticks(spec, line(2), [Mode.WALK, EBIKE], 60)
    assert found[:, 0, 1].tolist() == [180, 60]


def test_metres() -> None:
    """Metres are taken as they are, 0 on the diagonal and never below."""
    spec = MatrixTravel(minutes={}, metres=((7, 1500), (-1, 7)))
    assert explicit_metres(spec, line(2)).tolist() == [[0, 1500], [0, 0]]


@pytest.mark.parametrize(
    ("spec", "places", "place_in_document"),
    [
        (MatrixTravel(minutes={}), line(2), "travel.minutes.ebike"),  # A mode is missing.
        (
            MatrixTravel(minutes={EBIKE: ((0, 1), (1,))}),
            line(2),
            "travel.minutes.ebike",
        ),  # A row is too short.
        (MatrixTravel(minutes={EBIKE: ((0,),)}), line(2), "matrix_index 1"),  # Too few rows.
        (
            MatrixTravel(minutes={EBIKE: ((0,),)}),
            (Place(lat=0, lon=0),),
            "matrix_index",
        ),  # A place without a row.
    ],
)
def test_matrices_that_do_not_fit(
    spec: MatrixTravel, places: tuple[Place, ...], place_in_document: str
) -> None:
    """Matrices that cannot be used are refused, naming the place in the document."""
    with pytest.raises(InputError, match=place_in_document):
        explicit_ticks(spec, places, [EBIKE], 60)


def test_mileage_without_metres() -> None:
    """Metres that the scenario does not bring along are refused, not guessed."""
    with pytest.raises(InputError, match=r"travel\.metres"):
        explicit_metres(MatrixTravel(minutes={}), line(2))
