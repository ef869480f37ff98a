"""Travel between all places of a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from numpy import int32
from numpy.typing import NDArray

from optimizer.domain.place import GeodesicTravel, Mode, Place
from optimizer.domain.scenario import Scenario
from optimizer.travel.explicit import explicit_metres, explicit_ticks
from optimizer.travel.geodesic import geodesic_metres, geodesic_ticks
from optimizer.travel.roads import as_today


@dataclass(frozen=True, slots=True, eq=False)
class TravelMatrices:
    """Travel times and lengths between places; row = from, column = to.

    Attributes
    ----------
    places
        The distinct places of the scenario, in order of appearance.
    modes
        The modes that some caregiver uses, in order of appearance.
    table
        Travel in ticks, shape ``(modes, places, places)``, 0 to `UNREACHABLE`; 0 on the
        diagonals. Read-only.
    metres
        Length in metres, shape ``(places, places)``; None where nobody is paid for it.
        Read-only.
    """

    places: tuple[Place, ...]
    modes: tuple[Mode, ...]
    table: NDArray[int32]
    metres: NDArray[int32] | None = None
    _position: Mapping[Place, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        position = {place: number for number, place in enumerate(self.places)}
        object.__setattr__(self, "_position", position)
        self.table.setflags(write=False)
        if self.metres is not None:
            self.metres.setflags(write=False)

    @property
    def ticks(self) -> Mapping[Mode, NDArray[int32]]:
        """Return the travel of each mode, shape ``(places, places)``."""
        return dict(zip(self.modes, self.table, strict=True))

    def between(self, mode: Mode, frm: int, to: int) -> int:
        """Return ticks from one row of `places` to another, by a mode in use."""
        return int(self.table[self.modes.index(mode), frm, to])

    def index(self, place: Place) -> int:
        """Return the row and column of a place.

        Raises
        ------
        KeyError
            If the place is not one of `places`.
        """
        return self._position[place]


def travel_matrices(scenario: Scenario) -> TravelMatrices:
    """Work out travel between all homes and end places of a scenario.

    Raises
    ------
    InputError
        If explicit matrices do not fit the scenario's places and modes.
    """
    spec = scenario.travel
    places = _places(scenario)
    modes = tuple(dict.fromkeys(caregiver.mode for caregiver in scenario.caregivers))
    tpm = scenario.ticks_per_minute
    is_paid = any(caregiver.fen_per_km > 0 for caregiver in scenario.caregivers)
    if isinstance(spec, GeodesicTravel):
        table = geodesic_ticks(spec, places, modes, tpm)
        metres = geodesic_metres(spec, places) if is_paid else None
    else:
        table = explicit_ticks(spec, places, modes, tpm)
        metres = explicit_metres(spec, places) if is_paid else None
    table = as_today(spec, scenario.clients, places, modes, table, tpm)
    return TravelMatrices(places, modes, table, metres)


def _places(scenario: Scenario) -> tuple[Place, ...]:
    places = dict.fromkeys(client.home for client in scenario.clients)
    for caregiver in scenario.caregivers:
        places[caregiver.home] = None
        if caregiver.end_place is not None:
            places[caregiver.end_place] = None
    return tuple(places)
