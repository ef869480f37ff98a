"""The search for certificates about hires: weights by column generation, limits by labelling."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.bound.imagined_bound import HireWeights, hire_weights
from optimizer.certificate.certificate import ShiftAmount
from optimizer.certificate.hires_record import (
    HireKind,
    HiresCertificate,
    HiresProof,
    StopAmount,
    least_unserved,
    most_of_one,
    with_kinds,
)
from optimizer.certificate.labels import most_weight
from optimizer.certificate.relaxation import Relaxation
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.needs.privacy import for_engine
from optimizer.problem.compile import compile_problem
from optimizer.problem.translate import from_plan
from optimizer.travel import TravelMatrices, travel_matrices

Ints = NDArray[int64]

SCALE = 10_000
"Dual weight of a whole visit, in tables."
ROUNDS = 150
"Rounds of column generation per number of hires."
FOR_STAFF = 0.5
"""Part of the weight that is not needed for the claim that is given to the limits of the staff; the
rest goes to those of hires. Where a limit may be larger, it takes less time to make sure of it."""
MOST_LABELS, FEWEST_LABELS, USUAL_STOPS = 100_000, 20_000, 100
"""Limit on labels per shift with the usual number of stops, and at least; beyond it the upper bound
of those that are left is the answer. A label takes room for every stop, so that with many stops
there are fewer."""


def prove_hires(
    scenario: Scenario,
    kinds: Sequence[HireKind],
    numbers: Iterable[int],
    *,
    plan: Plan | None = None,
    found: Mapping[int, int] | None = None,
    matrices: TravelMatrices | None = None,
    rounds: int = ROUNDS,
    threads: int = 1,
    visits: Collection[str] | None = None,
    is_over: Callable[[], bool] = lambda: False,
) -> HiresProof:
    """Return proofs that any so many hires of the listed kinds leave visits unserved.

    By rounds, not by the clock: the same on every machine. It ends with the first number of which
    nothing can be proven, as nothing can be of more.

    Parameters
    ----------
    scenario
        A scenario without faults, its visits derived.
    kinds
        Who might be hired; at least one, no id that the staff has.
    numbers
        Numbers of hires, ascending.
    plan
        A plan without hires: routes to begin with.
    found
        Visits left out by the best plan known, by number of hires: no more can be proven.
    matrices
        Travel matrices of the scenario; made from it if not given.
    rounds
        Rounds of column generation per number, at least 1.
    threads
        At least 1.
    visits
        Ids of the only visits that are given weights: of few of them something is proven sooner.
        All if not given.
    is_over
        Asked again and again; once it says so, what is proven so far is the answer.
    """
    roads = travel_matrices(scenario) if matrices is None else matrices
    fuller = with_kinds(for_engine(scenario), kinds)
    weighed = fuller if visits is None else only_visits(fuller, visits)
    if not weighed.visits:
        return HiresProof(scenario=scenario.id, kinds=tuple(kinds))
    data = compile_problem(weighed, roads)
    relaxation = Relaxation.of(fuller, roads)
    staff = len(scenario.caregivers)
    counted = {visit.id for visit in weighed.visits}
    places = [n for n, v in enumerate(relaxation.visit_of) if relaxation.visit_ids[v] in counted]
    parts = []
    for weights in hire_weights(
        data,
        staff,
        numbers,
        routes=None if plan is None or visits is not None else from_plan(data, plan),
        found=found or {},
        rounds=rounds,
        threads=threads,
        is_over=is_over,
    ):
        spread = np.zeros(len(relaxation.place), int64)
        spread[places] = weights.weights
        whole = replace(weights, weights=tuple(spread.tolist()))
        part = certificate_of_hires(relaxation, staff, whole, is_over=is_over)
        if part is None or is_over():
            break
        parts.append(part)
    return HiresProof(scenario=scenario.id, kinds=tuple(kinds), parts=tuple(parts))


def only_visits(scenario: Scenario, visits: Collection[str]) -> Scenario:
    """Return a day with some of its visits; what they were tied to and fixed to is let go."""
    update = {
        "visits": tuple(one for one in scenario.visits if one.id in visits),
        "couplings": (),
        "pins": (),
        "published": None,
    }
    return scenario.model_copy(update=update)


def certificate_of_hires(
    relaxation: Relaxation,
    staff: int,
    found: HireWeights,
    *,
    is_over: Callable[[], bool] = lambda: False,
) -> HiresCertificate | None:
    """Return the certificate that dual weights prove; None if they prove nothing.

    Parameters
    ----------
    relaxation
        The scenario with one caregiver of each kind after its staff.
    staff
        Number of caregivers of the staff.
    found
        The weights, and limits as the bound counts them. None of these is believed.
    is_over
        Once it says so, limits are not made sure of any more but taken as high as they may be.
    """
    weights = weights_of_stops(relaxation, found.weights, found.unit)
    if not weights.any():
        return None
    limits = HireLimits.of(relaxation, staff, weights, found.limits, found.unit, is_over=is_over)
    given, by_kind = limits.counted(found.hires)
    part = limits.record(found.hires, given, by_kind)
    return part if part.least_unserved else None


def weights_of_stops(relaxation: Relaxation, found: Iterable[int], unit: int) -> Ints:
    """Return weights of stops in `SCALE`, those of a visit at most that together."""
    weights: Ints = np.array(found, int64) * SCALE // unit
    for visit in np.unique(relaxation.visit_of):
        # What is left out with another visit, or not at all, may have weights of two visits.
        left = SCALE
        for stop in np.flatnonzero(relaxation.visit_of == visit):
            weights[stop] = min(int(weights[stop]), left)
            left -= int(weights[stop])
    return weights


@dataclass(frozen=True, slots=True)
class HireLimits:
    """What shifts can collect at most, made sure of by labelling.

    Attributes
    ----------
    relaxation, stops, weights
        The scenario with its imagined people, and what there is to collect.
    known
        Limits as the bound counts them, per route.
    is_staff
        Whether each route is one of the staff.
    is_over
        Once it says so, limits are taken as high as they may be.
    """

    relaxation: Relaxation
    stops: Ints
    weights: Ints
    known: Ints
    is_staff: NDArray[np.bool_]
    is_over: Callable[[], bool]

    @classmethod
    def of(
        cls,
        relaxation: Relaxation,
        staff: int,
        weights: Ints,
        known: Iterable[int],
        unit: int,
        *,
        is_over: Callable[[], bool] = lambda: False,
    ) -> HireLimits:
        """Return the limits for weights per stop; `known` has those of the bound per route."""
        staff_ids = {one.id for one in relaxation.index.scenario.caregivers[:staff]}
        stops = np.flatnonzero(weights > 0)
        is_staff = np.array([day.caregiver in staff_ids for day in relaxation.days])
        limits = np.array(known, int64) * SCALE // unit
        return cls(relaxation, stops, weights[stops], limits, is_staff, is_over)

    def record(
        self, hires: int, given: Mapping[int, int], by_kind: Mapping[int, int]
    ) -> HiresCertificate:
        """Return the certificate of limits that are made sure of."""
        relaxation, ids = self.relaxation, self.relaxation.visit_ids
        one = most_of_one((relaxation.days[n].caregiver, amount) for n, amount in by_kind.items())
        asked = int(self.weights.sum())
        return HiresCertificate(
            hires=hires,
            least_unserved=least_unserved(asked, sum(given.values()) + hires * one, SCALE),
            scale=SCALE,
            stops=tuple(
                StopAmount(
                    visit=ids[int(relaxation.visit_of[stop])],
                    carer=int(relaxation.carer_of[stop]),
                    amount=amount,
                )
                for stop, amount in zip(self.stops.tolist(), self.weights.tolist(), strict=True)
            ),
            caregivers=tuple(_amounts(relaxation, given)),
            kinds=tuple(_amounts(relaxation, by_kind)),
        )

    def close(self, for_one: int, for_hire: int) -> tuple[dict[int, int], dict[int, int]]:
        """Return limits of staff and kinds that may exceed the known ones by so much each."""
        able = np.flatnonzero(self.relaxation.allowed[self.stops].any(axis=0))
        found = {
            n: self._most(n, int(self.known[n]) + (for_one if self.is_staff[n] else for_hire))
            for n in able.tolist()
        }
        return (
            {n: most for n, most in found.items() if self.is_staff[n]},
            {n: most for n, most in found.items() if not self.is_staff[n]},
        )

    def counted(self, hires: int) -> tuple[dict[int, int], dict[int, int]]:
        """Return the most that each shift of the staff, and each shift of a kind, collects."""
        able = self.relaxation.allowed[self.stops].any(axis=0)
        staff = np.flatnonzero(able & self.is_staff).tolist()
        kinds = np.flatnonzero(able & ~self.is_staff).tolist()
        for_one, for_hire = self._slack(hires, len(staff))
        given = {n: self._most(n, int(self.known[n]) + for_one) for n in staff}
        return given, dict(self._of_kinds(kinds, for_hire))

    def _slack(self, hires: int, staff: int) -> tuple[int, int]:
        """Return by how much limits of the staff and of a hire may be larger for the same claim."""
        one = self._known_of_one()
        lacking = int(self.weights.sum() - self.known[self.is_staff].sum()) - hires * one
        spare = max(0, lacking - 1) % SCALE
        of_staff = FOR_STAFF if hires else 1.0
        for_one = int(spare * of_staff) // max(1, staff)
        return for_one, int(spare * (1 - of_staff)) // max(1, hires)

    def _known_of_one(self) -> int:
        routes = np.flatnonzero(~self.is_staff).tolist()
        days = self.relaxation.days
        return most_of_one((days[n].caregiver, int(self.known[n])) for n in routes)

    def _of_kinds(self, routes: Sequence[int], slack: int) -> Iterator[tuple[int, int]]:
        """Yield the limits of the shifts of kinds; one of little use is given what the best has."""
        most = self._known_of_one() + slack
        own: dict[str, list[int]] = {}
        for route in routes:
            own.setdefault(self.relaxation.days[route].caregiver, []).append(route)
        for shifts in own.values():
            spare = most - int(self.known[shifts].sum())
            for route in shifts:
                yield route, self._most(route, int(self.known[route]) + spare // len(shifts))

    def _most(self, route: int, beyond: int) -> int:
        return most_weight(
            self.relaxation,
            route,
            self.stops,
            self.weights,
            beyond=beyond,
            most_labels=1 if self.is_over() else _most_labels(len(self.stops)),
            strict=True,
        )


def _most_labels(stops: int) -> int:
    return max(FEWEST_LABELS, MOST_LABELS * USUAL_STOPS // max(USUAL_STOPS, stops))


def _amounts(relaxation: Relaxation, given: Mapping[int, int]) -> Iterator[ShiftAmount]:
    for number, amount in sorted(given.items()):
        day = relaxation.days[number]
        yield ShiftAmount(caregiver=day.caregiver, date=day.date, shift=day.shift, amount=amount)
