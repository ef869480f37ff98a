"""A day of independent visits in the numbers that routing solvers speak."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy import bool_, int32, int64
from numpy.typing import NDArray

from optimizer.domain import Scenario
from optimizer.matching import ScenarioIndex, eligible
from optimizer.problem import price_unserved
from optimizer.travel import TravelMatrices, travel_matrices
from optimizer.units import to_ticks


@dataclass(frozen=True, slots=True, eq=False)
class RoutingDay:
    """Who goes where within which hours; all times and costs in ticks.

    It knows one carer per visit, one shift per caregiver, windows, qualifications, travel
    and the price of an unserved visit. Whatever else a scenario asks for, it passes over:
    the recount of the verifier brings that to light.

    Attributes
    ----------
    scenario
        Where the numbers come from.
    matrices
        Its travel matrices, whose rows are the places below.
    place, care, earliest, latest, prize
        Per visit, shape ``(visits,)``: place, duration, first and last start, and what it
        costs to leave the visit out.
    home, end, opens, closes
        Per caregiver, shape ``(caregivers,)``: first and last place, and the shift.
    mode
        Per caregiver, the number of the travel mode.
    travel
        Travel between places per mode, shape ``(modes, places, places)``.
    may
        Who may visit whom, shape ``(visits, caregivers)``.
    """

    scenario: Scenario
    matrices: TravelMatrices
    place: NDArray[int64]
    care: NDArray[int64]
    earliest: NDArray[int64]
    latest: NDArray[int64]
    prize: NDArray[int64]
    home: NDArray[int64]
    end: NDArray[int64]
    opens: NDArray[int64]
    closes: NDArray[int64]
    mode: NDArray[int64]
    travel: NDArray[int32]
    may: NDArray[bool_]

    @property
    def num_visits(self) -> int:
        """Number of visits."""
        return len(self.place)

    @property
    def num_caregivers(self) -> int:
        """Number of caregivers."""
        return len(self.home)

    def leg(self, caregiver: int, origin: int, target: int) -> int:
        """Return the ticks a caregiver needs from one place to another."""
        return int(self.travel[self.mode[caregiver], origin, target])


def routing_day(scenario: Scenario) -> RoutingDay:
    """Translate a scenario of one day, one shift per caregiver and one carer per visit."""
    tpm = scenario.ticks_per_minute
    index = ScenarioIndex.of(scenario)
    matrices = travel_matrices(scenario)
    modes = tuple(matrices.ticks)
    allowed = eligible(index)
    visits, staff = scenario.visits, scenario.caregivers
    return RoutingDay(
        scenario=scenario,
        matrices=matrices,
        place=np.array([matrices.index(index.client[v.client].home) for v in visits]),
        care=np.array([to_ticks(v.carers[0].minutes, tpm) for v in visits]),
        earliest=np.array([to_ticks(v.window.earliest, tpm) for v in visits]),
        latest=np.array([to_ticks(v.window.latest, tpm) for v in visits]),
        prize=np.array([price_unserved(index, v) for v in visits]),
        home=np.array([matrices.index(g.home) for g in staff]),
        end=np.array([matrices.index(g.end_place or g.home) for g in staff]),
        opens=np.array([to_ticks(g.shifts[0].start, tpm) for g in staff]),
        closes=np.array([to_ticks(g.shifts[0].end, tpm) for g in staff]),
        mode=np.array([modes.index(g.mode) for g in staff]),
        travel=np.stack([matrices.ticks[mode] for mode in modes]),
        may=allowed.tables[allowed.kind_of, :, 0],
    )
