"""The least travel and the fewest caregivers per client that serving some visits asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.certificate.off_care import full_care, least_off_care
from optimizer.certificate.relaxation import Relaxation
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.travel import TravelMatrices

Ints = NDArray[int64]

_BRANCHES = 20_000
"Sets of caregivers that are looked through per client and number; beyond, the number stands."


@dataclass(frozen=True, slots=True)
class Least:
    """What any roster needs that serves at least the visits that a plan serves.

    Attributes
    ----------
    travel
        Least ticks on the way.
    caregivers
        Fewest different caregivers per id of a client who has such a visit.
    care
        Ticks of care of the plan's visits in full.
    off_care
        Least ticks between leaving home and coming back that are not care (travel, waiting), of
        any roster with just these visits; at least `travel`.
    """

    travel: int
    caregivers: Mapping[str, int]
    care: int = 0
    off_care: int = 0

    @property
    def most_care_share(self) -> Fraction | None:
        """Return the largest part of the time at work that can be care; None without any."""
        total = self.care + self.off_care
        return Fraction(self.care, total) if total else None


def least_for(scenario: Scenario, plan: Plan, matrices: TravelMatrices | None = None) -> Least:
    """Return what serving the visits of a plan asks for, whoever makes them.

    Each visit has a way in, from a home or a visit that can come before it, and a way out; no two
    share one (`off_care.py`). A client needs as many caregivers as it
    takes that each of the visits has one who may make it on a shift with room for it.

    Parameters
    ----------
    scenario
        A scenario without faults, its visits derived.
    plan
        A plan of it.
    matrices
        Its travel matrices; made from it if not given.
    """
    relaxation = Relaxation.of(scenario, matrices)
    there = {(stop.visit, stop.carer) for route in plan.routes for stop in route.stops}
    ids = relaxation.visit_ids
    served = np.array(
        [
            stop
            for stop, (visit, carer) in enumerate(
                zip(relaxation.visit_of.tolist(), relaxation.carer_of.tolist(), strict=True)
            )
            if (ids[visit], carer) in there
        ],
        int64,
    )
    travel = least_off_care(relaxation, served, waits=False)
    return Least(
        travel=travel,
        caregivers=_caregivers(relaxation, served),
        care=int(full_care(relaxation)[served].sum()) if len(served) else 0,
        off_care=max(travel, least_off_care(relaxation, served, waits=True)),
    )


def _caregivers(relaxation: Relaxation, served: Ints) -> dict[str, int]:
    """Return the fewest different caregivers of each client with a stop."""
    person = {day.caregiver: 0 for day in relaxation.days}
    person = {name: number for number, name in enumerate(person)}
    owner = np.array([person[day.caregiver] for day in relaxation.days], int64)
    fits = _fits(relaxation, served)
    might: dict[str, set[int]] = defaultdict(set)
    pairs: dict[str, int] = {}
    visits = relaxation.index.scenario.visits
    for row, stop in zip(fits, served.tolist(), strict=True):
        visit = visits[int(relaxation.visit_of[stop])]
        people = sum(1 << int(number) for number in np.unique(owner[row]))
        might[visit.client].add(people)
        pairs[visit.client] = max(pairs.get(visit.client, 1), len(visit.carers))
    return {client: max(pairs[client], _cover(sets)) for client, sets in might.items()}


def _fits(relaxation: Relaxation, served: Ints) -> NDArray[np.bool_]:
    """Return on which caregiver-days each stop has room; shape ``(served, days)``."""
    opens = np.array([day.opens for day in relaxation.days], int64)
    closes = np.array([day.closes for day in relaxation.days], int64)
    fits: NDArray[np.bool_] = (
        relaxation.allowed[served]
        & (opens[None, :] <= relaxation.latest[served][:, None])
        & (closes[None, :] >= (relaxation.earliest + relaxation.care)[served][:, None])
    )
    return fits


def _cover(sets: Collection[int]) -> int:
    """Return the fewest bits that have one in each of some sets of bits, or less if it takes long.

    A set that contains another one asks for nothing more. A set without bits is left out: its visit
    was made all the same, so the plan breaks a rule that is not looked at here.
    """
    asked = sorted({one for one in sets if one}, key=int.bit_count)
    asked = [one for n, one in enumerate(asked) if not any(s & one == s for s in asked[:n])]
    fewest = _disjoint(asked)
    while not _suffices(asked, fewest, [_BRANCHES]):
        fewest += 1
    return max(1, fewest)


def _disjoint(sets: list[int]) -> int:
    """Return how many sets were found of which no two share a bit: so many bits are needed."""
    taken = count = 0
    for one in sets:
        if not one & taken:
            taken |= one
            count += 1
    return count


def _suffices(sets: list[int], bits: int, branches: list[int]) -> bool:
    """Return whether so many bits hit each set; yes as well once the branches are used up."""
    if not sets:
        return True
    if bits == 0:
        return False
    branches[0] -= 1
    if branches[0] < 0:
        return True
    first = min(sets, key=int.bit_count)
    while first:
        bit = first & -first
        first ^= bit
        if _suffices([one for one in sets if not one & bit], bits - 1, branches):
            return True
    return False
