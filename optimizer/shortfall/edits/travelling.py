"""Edits of how people travel, and where they may go."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.client import Client
from optimizer.domain.edit import ClosedTown, OtherMode, TravelTime
from optimizer.domain.place import (
    DEFAULT_SPEEDS,
    GeodesicTravel,
    MatrixTravel,
    Mode,
    ModeSpeed,
    Place,
)
from optimizer.domain.scenario import Scenario
from optimizer.shortfall.edits.lot import Lot
from optimizer.shortfall.edits.meant import town_of_caregivers
from optimizer.travel.matrix import travel_matrices
from optimizer.travel.reach import UNREACHABLE

FASTEST, SLOWEST = 200.0, 0.1
"Km per hour; what a file may say."


def travel_time(scenario: Scenario, edit: TravelTime, lot: Lot) -> Scenario:  # noqa: ARG001 (as all)
    """Let journeys take longer: all of them, those of one mode, or those from and to one town."""
    factor = 1 + edit.percent / 100
    travel = scenario.travel
    if edit.town is None and isinstance(travel, GeodesicTravel):
        speeds = {**DEFAULT_SPEEDS, **travel.speeds}
        slower = {
            mode: _slower(speed, factor) if edit.mode in {None, mode} else speed
            for mode, speed in speeds.items()
        }
        return scenario.model_copy(update={"travel": travel.model_copy(update={"speeds": slower})})
    return _by_matrices(scenario, edit, factor)


def _slower(speed: ModeSpeed, factor: float) -> ModeSpeed:
    kmh = min(FASTEST, max(SLOWEST, speed.kmh / factor))
    return ModeSpeed.model_construct(kmh=kmh, access=round(speed.access * factor))


def _by_matrices(scenario: Scenario, edit: TravelTime, factor: float) -> Scenario:
    """Write travel out as matrices, in which single rows and columns can be slower."""
    matrices = travel_matrices(scenario)
    towns = town_of_caregivers(scenario)
    inside = {one.home for one in scenario.clients if one.town == edit.town}
    inside |= {one.home for one in scenario.caregivers if towns[one.id] == edit.town}
    chosen = np.array([edit.town is None or place in inside for place in matrices.places])
    slow = chosen[:, None] | chosen
    minutes: dict[Mode, tuple[tuple[float, ...], ...]] = {}
    for mode, ticks in matrices.ticks.items():
        table = ticks / scenario.ticks_per_minute
        if edit.mode in {None, mode}:
            table = np.where(slow, table * factor, table)
        table = np.where(ticks >= UNREACHABLE, -1.0, table)
        minutes[mode] = tuple(map(tuple, table.tolist()))
    metres = None if matrices.metres is None else tuple(map(tuple, matrices.metres.tolist()))
    spec = MatrixTravel.model_construct(kind="matrix", minutes=minutes, metres=metres)
    rows = {
        place: place.model_copy(update={"matrix_index": row})
        for row, place in enumerate(matrices.places)
    }
    clients = tuple(one.model_copy(update={"home": rows[one.home]}) for one in scenario.clients)
    people = tuple(_housed(one, rows) for one in scenario.caregivers)
    return scenario.model_copy(update={"travel": spec, "clients": clients, "caregivers": people})


def _housed(person: Caregiver, rows: Mapping[Place, Place]) -> Caregiver:
    end = None if person.end_place is None else rows[person.end_place]
    return person.model_copy(update={"home": rows[person.home], "end_place": end})


def other_mode(scenario: Scenario, edit: OtherMode, lot: Lot) -> Scenario:  # noqa: ARG001 (as all)
    """Let everybody who travels by one means use another one."""
    people = tuple(
        one.model_copy(update={"mode": edit.becomes}) if one.mode is edit.was else one
        for one in scenario.caregivers
    )
    return scenario.model_copy(update={"caregivers": people})


def closed_town(scenario: Scenario, edit: ClosedTown, lot: Lot) -> Scenario:  # noqa: ARG001 (as all)
    """Bar every pair of a client inside a town and a caregiver outside, and the other way round."""
    towns = town_of_caregivers(scenario)
    inside = tuple(one.id for one in scenario.caregivers if towns[one.id] == edit.town)
    outside = tuple(one.id for one in scenario.caregivers if towns[one.id] != edit.town)
    clients = tuple(
        _barred(one, outside if one.town == edit.town else inside) for one in scenario.clients
    )
    return scenario.model_copy(update={"clients": clients})


def _barred(client: Client, people: tuple[str, ...]) -> Client:
    known = frozenset(client.refused)
    refused = (*client.refused, *(one for one in people if one not in known))
    return client.model_copy(update={"refused": refused})
