"""All places of a scenario and the travel between them."""

from __future__ import annotations

import pickle

import pytest

from optimizer.domain.client import Client
from optimizer.domain.place import MatrixTravel, Mode, Place
from optimizer.travel import UNREACHABLE, travel_matrices
from tests.travel.worlds import EAST, NORTH, SOUTH, caregiver, line, matrix_world, world


def test_places_are_distinct_and_in_order() -> None:
    """Clients' homes come first, then caregivers' homes and end places, each once."""
    depot = Place(lat=29.95, lon=121.65)
    staff = (caregiver("N1", EAST, end_place=depot), caregiver("N2", SOUTH))
    matrices = travel_matrices(world(NORTH, SOUTH, NORTH, caregivers=staff))
    assert matrices.places == (NORTH, SOUTH, EAST, depot)
    assert [matrices.index(place) for place in matrices.places] == [0, 1, 2, 3]
    assert matrices.index(Place(lat=30.0, lon=121.6)) == 0


def test_an_unknown_place_has_no_row() -> None:
    """Asking for a place that is not in the scenario is an error."""
    with pytest.raises(KeyError):
        travel_matrices(world(NORTH)).index(SOUTH)


def test_only_modes_in_use() -> None:
    """There is one matrix for each mode that some caregiver uses, and no other."""
    staff = (caregiver("N1", NORTH, Mode.BUS), caregiver("N2", NORTH, Mode.WALK))
    matrices = travel_matrices(world(NORTH, SOUTH, caregivers=staff))
    assert set(matrices.ticks) == {Mode.BUS, Mode.WALK}
    assert {table.shape for table in matrices.ticks.values()} == {(2, 2)}
    assert {str(table.dtype) for table in matrices.ticks.values()} == {"int32"}
    assert not travel_matrices(world(NORTH, caregivers=())).ticks


def test_metres_only_where_somebody_is_paid_for_them() -> None:
    """Lengths are there if mileage is paid to anybody, from coordinates and from matrices."""
    paid = (caregiver("N1", NORTH), caregiver("N2", SOUTH, fen_per_km=80))
    assert travel_matrices(world(NORTH, SOUTH)).metres is None
    metres = travel_matrices(world(NORTH, SOUTH, caregivers=paid)).metres
    assert metres is not None
    assert metres[0, 1] == pytest.approx(11_086 * 1.3, abs=2)
    spec = MatrixTravel(minutes={Mode.EBIKE: ((0, 1), (1, 0))}, metres=((0, 450), (460, 0)))
    assert travel_matrices(world(*line(2), travel=spec)).metres is None
    driver = (caregiver("N1", line(1)[0], fen_per_km=80),)
    explicit = travel_matrices(world(*line(2), travel=spec, caregivers=driver)).metres
    assert explicit is not None
    assert explicit.tolist() == [[0, 450], [460, 0]]


def test_two_clients_at_one_address() -> None:
    """Two clients who live at the same coordinates share one place: no travel."""
    twins = tuple(Client(id=name, home=NORTH) for name in ("C1", "C2"))
    matrices = travel_matrices(world(NORTH, clients=twins))
    assert len(matrices.places) == 1
    assert matrices.ticks[Mode.EBIKE][0, 0] == 0


def test_explicit_matrices_follow_the_places() -> None:
    """Rows and columns are those of `places`, not those of the file."""
    matrices = travel_matrices(matrix_world([[0, 5], [-1, 0]]))
    assert matrices.ticks[Mode.EBIKE].tolist() == [[0, 300], [UNREACHABLE, 0]]


def test_matrices_are_read_only() -> None:
    """Nobody changes a matrix by accident."""
    staff = (caregiver("N1", NORTH, fen_per_km=80),)
    matrices = travel_matrices(world(NORTH, SOUTH, caregivers=staff))
    tables = [*matrices.ticks.values(), matrices.metres]
    assert [table.flags.writeable for table in tables if table is not None] == [False, False]


def test_matrices_travel_to_other_processes() -> None:
    """Matrices can be pickled and answer the same afterwards."""
    matrices = travel_matrices(world(NORTH, SOUTH))
    copy = pickle.loads(pickle.dumps(matrices))  # noqa: S301
    assert copy.index(SOUTH) == 1
    assert (copy.ticks[Mode.EBIKE] == matrices.ticks[Mode.EBIKE]).all()
