"""Visits of a day: which client needs what, when, and in what order."""

from __future__ import annotations

import datetime
import math
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.visit import CarerNeed, Coupling, CouplingKind, StartWindow, Visit
from optimizer.generate.catalogue import Catalogue, ClientDay, VisitKind
from optimizer.generate.draw import stream
from optimizer.generate.population import Resident
from optimizer.units import MS_PER_MINUTE

_GRID = 5 * MS_PER_MINUTE


@dataclass(frozen=True)
class Demand:
    """What is asked for on one day.

    Attributes
    ----------
    visits, couplings
        In client order.
    kinds
        Names of the visit kinds per visited client id.
    """

    visits: tuple[Visit, ...]
    couplings: tuple[Coupling, ...]
    kinds: Mapping[str, tuple[str, ...]]


def possible_days(catalogue: Catalogue, caregivers: Sequence[Caregiver]) -> dict[str, ClientDay]:
    """Return the client days for which every carer's qualifications are held by somebody."""
    held = [{q.code: q.level for q in caregiver.qualifications} for caregiver in caregivers]
    return {
        name: day
        for name, day in catalogue.days.items()
        if all(
            any(all(one.get(need.code, 0) >= need.level for need in needs) for one in held)
            for kind in day.visits
            for needs in catalogue.carers(catalogue.kinds[kind])
        )
    }


def choose_days(
    days: Mapping[str, ClientDay], visits: int, at_least_once: Iterable[str]
) -> list[str]:
    """Return names of client days that make up exactly `visits` visits.

    Each kind occurs in its proportion, rounded so that the total is met; what is left over
    goes first to the kinds that were rounded down most.
    """
    total = sum(day.per_thousand * len(day.visits) for day in days.values())
    ideal = {name: day.per_thousand * visits / total for name, day in days.items()}
    counts = {name: math.floor(share) for name, share in ideal.items()}
    for name in at_least_once:
        counts[name] = max(counts[name], 1)
    missing = visits - sum(counts[name] * len(day.visits) for name, day in days.items())
    while missing < 0:
        name = max(days, key=lambda name: (counts[name] - ideal[name], name))
        counts[name] -= 1
        missing += len(days[name].visits)
    while missing > 0:
        fitting = [name for name, day in days.items() if len(day.visits) <= missing]
        name = max(fitting, key=lambda name: (ideal[name] - counts[name], name))
        counts[name] += 1
        missing -= len(days[name].visits)
    return [name for name, count in counts.items() for _ in range(count)]


def give_days(
    catalogue: Catalogue, names: Sequence[str], residents: Sequence[Resident], seed: int
) -> dict[str, str]:
    """Return the name of the day of each visited client, by client id.

    Days that ask for the highest need choose first. A client whose tier is nearest is
    taken where none fits.
    """
    rng = stream(seed, "days")
    shuffled = list(residents)
    rng.shuffle(shuffled)
    # Per tier those who are still free with their places in the queue, the first one last.
    free: dict[int, list[tuple[int, Resident]]] = defaultdict(list)
    for place, resident in reversed(list(enumerate(shuffled))):
        free[resident.tier].append((place, resident))
    given = {}
    for name in sorted(names, key=lambda name: catalogue.days[name].tiers, reverse=True):
        low, high = catalogue.days[name].tiers
        tier = min(
            (tier for tier, queue in free.items() if queue),
            key=lambda tier: (max(low - tier, tier - high, 0), free[tier][-1][0]),
        )
        _, best = free[tier].pop()
        given[best.client.id] = name
    return given


def demand_of(
    catalogue: Catalogue, given: Mapping[str, str], date: datetime.date, seed: int
) -> Demand:
    """Return visits ``V0001`` and on, with their couplings, for clients' given days."""
    rng = stream(seed, "visits")
    visits: list[Visit] = []
    couplings: list[Coupling] = []
    kinds = {}
    for client in sorted(given):
        day = catalogue.days[given[client]]
        kinds[client] = day.visits
        own = _visits(rng, catalogue, day, client, date, len(visits))
        visits += own
        couplings += _couplings(day, own)
    return Demand(tuple(visits), tuple(couplings), kinds)


def _visits(
    rng: random.Random,
    catalogue: Catalogue,
    day: ClientDay,
    client: str,
    date: datetime.date,
    before: int,
) -> list[Visit]:
    # One draw for all visits of a client: who breakfasts early also dines early, so that
    # the gaps between coupled visits can be kept.
    phase = rng.random()
    visits = []
    for n, name in enumerate(day.visits):
        kind = catalogue.kinds[name]
        earliest, latest = _window(kind, phase)
        prefer = None if kind.prefer is None else earliest + kind.prefer * MS_PER_MINUTE
        visits.append(
            Visit(
                id=f"V{before + n + 1:04d}",
                client=client,
                services=kind.services,
                carers=_carers(catalogue, kind),
                dates=(date,),
                window=StartWindow(earliest=earliest, latest=latest),
                preferred_until=prefer,
                priority=kind.priority,
            )
        )
    return visits


def _window(kind: VisitKind, phase: float) -> tuple[int, int]:
    """Return earliest and latest start in milliseconds, on a grid of five minutes."""
    first, last = kind.band
    width = min(kind.width * MS_PER_MINUTE, last - first)
    earliest = first + round(phase * (last - first - width) / _GRID) * _GRID
    return earliest, earliest + width


def _carers(catalogue: Catalogue, kind: VisitKind) -> tuple[CarerNeed, ...]:
    minutes = catalogue.minutes(kind)
    needs = catalogue.carers(kind)
    shortest: Sequence[int | None] = kind.shortest or [None] * len(needs)
    return tuple(
        CarerNeed(minutes=minutes, shortest=least, qualifications=qualifications)
        for qualifications, least in zip(needs, shortest, strict=True)
    )


def _couplings(day: ClientDay, visits: Sequence[Visit]) -> list[Coupling]:
    return [
        Coupling(
            kind=CouplingKind.AFTER,
            first=visits[tie.first].id,
            second=visits[tie.second].id,
            min_gap=tie.min,
            max_gap=tie.max,
        )
        for tie in day.ties
    ]
