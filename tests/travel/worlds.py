"""Places and small scenarios to travel in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.client import Client
from optimizer.domain.place import MatrixTravel, Mode, Place
from optimizer.domain.scenario import Horizon, Scenario

NORTH = Place(lat=30.0, lon=121.6)
SOUTH = Place(lat=29.9, lon=121.6)
EAST = Place(lat=29.9, lon=121.7)


def caregiver(name: str, home: Place, mode: Mode = Mode.EBIKE, **fields: Any) -> Caregiver:
    """Return a caregiver who lives at `home`."""
    return Caregiver(id=name, home=home, mode=mode, **fields)


def world(*homes: Place, **fields: Any) -> Scenario:
    """Return a scenario with one client per home and one caregiver at the first home."""
    record: dict[str, Any] = {
        "id": "travel",
        "horizon": Horizon(start=dt.date(2025, 3, 3)),
        "clients": tuple(Client(id=f"C{n}", home=home) for n, home in enumerate(homes)),
        "caregivers": (caregiver("N1", homes[0]),),
        "visits": (),
    }
    return Scenario(**{**record, **fields})


def line(count: int) -> tuple[Place, ...]:
    """Return places along a meridian, 1,108 m from each other, with their matrix rows."""
    return tuple(Place(lat=30 + n / 100, lon=121.6, matrix_index=n) for n in range(count))


def matrix_world(minutes: list[list[float]], **fields: Any) -> Scenario:
    """Return a scenario with explicit e-bike minutes between the places of a line."""
    rows = tuple(tuple(row) for row in minutes)
    travel = MatrixTravel(minutes={Mode.EBIKE: rows})
    return world(*line(len(minutes)), **{"travel": travel, **fields})
