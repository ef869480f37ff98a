"""Benchmark days of any size: independent visits, or visits tied to each other.

Space grows with the number of visits, so that a visit costs about the same to reach on
every size.
"""

from __future__ import annotations

import datetime
import math
import random

from optimizer.domain.caregiver import Caregiver, Shift
from optimizer.domain.client import Client
from optimizer.domain.place import Mode, Place
from optimizer.domain.policy import Priority
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import CarerNeed, Coupling, CouplingKind, StartWindow, Visit
from optimizer.generate.draw import deal, near, rounded, stream
from optimizer.generate.grades import qualification
from optimizer.needs.catalogue import requirement
from optimizer.units import MS_PER_MINUTE, parse_clock

_DATE = datetime.date(2026, 3, 3)
_CENTRE = (29.98, 121.6)
_KM2_PER_VISIT = 0.25
_VISITS_PER_CLUSTER = 30
_CLUSTER_KM = 0.8
_KM_PER_DEGREE = 111.2

_HELD = ((("C/1",), 45), (("C/2",), 28), (("C/3",), 15), (("N", "C/3"), 12))
_ASKED = (("C/1", 62), ("C/2", 22), ("C/3", 8), ("N", 8))
_SHIFTS = (
    (("07:30", "16:00"), 40),
    (("08:30", "17:00"), 30),
    (("07:00", "12:30"), 15),
    (("12:00", "17:30"), 15),
)
_MODES = ((Mode.EBIKE, 75), (Mode.CAR, 25))
_MINUTES = ((20, 25), (30, 30), (40, 25), (60, 20))
_WIDTHS = ((60, 35), (120, 35), (240, 20), (420, 10))
_PRIORITIES = ((Priority.CRITICAL, 10), (Priority.ESSENTIAL, 50), (Priority.FLEXIBLE, 40))
_FIRST_START, _LAST_START = parse_clock("07:45"), parse_clock("16:00")

_TWO_CARERS, _AFTER, _TOGETHER = 0.08, 0.2, 0.03


def uncoupled_day(visits: int, caregivers: int, seed: int, scarce: float = 0.0) -> Scenario:
    """Return a day of independent optional visits by caregivers from their own homes.

    Visits ask for one of four qualifications and have hard start windows and priorities;
    caregivers go by e-bike or car and work one shift without a break.

    Parameters
    ----------
    visits, caregivers
        How many; about 7 visits a caregiver make an ample day.
    seed
        Any integer.
    scarce
        Share of the caregivers taken away, from 0 up to but not including 1; those who
        stay, and all visits, are the same as without.

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    if visits < 1 or caregivers < 1 or not 0 <= scarce < 1:
        raise ValueError("a day has visits and caregivers, and keeps some of the caregivers")
    centres = _clusters(visits, seed)
    clients, asked = _visits(visits, centres, seed)
    staff = _staff(caregivers, centres, seed)
    gone = set(stream(seed, "gone").sample(range(caregivers), round(caregivers * scarce)))
    name = f"uncoupled-{visits}-{caregivers}-{seed}"
    return Scenario(
        id=f"{name}-scarce{round(100 * scarce)}" if scarce else name,
        horizon=Horizon(start=_DATE),
        clients=clients,
        caregivers=tuple(c for n, c in enumerate(staff) if n not in gone),
        visits=asked,
    )


def coupled_day(visits: int, caregivers: int, seed: int) -> Scenario:
    """Return a day like `uncoupled_day` in which visits depend on each other.

    8 % of the visits need two carers; 20 % of all neighbours in the list are visits of one
    client of which one follows the other, 3 % are given together by two caregivers.

    Parameters
    ----------
    visits, caregivers
        How many; about 6 visits a caregiver make an ample day.
    seed
        Any integer.

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    day = uncoupled_day(visits, caregivers, seed)
    rng = stream(seed, "couplings")
    asked: list[Visit] = []
    couplings: list[Coupling] = []
    left = list(reversed(day.visits))
    while left:
        visit = left.pop()
        draw = rng.random()
        if left and draw < _AFTER + _TOGETHER:
            first, second, coupling = _tie(rng, visit, left.pop(), together=draw >= _AFTER)
            asked += (first, second)
            couplings.append(coupling)
        elif draw > 1 - _TWO_CARERS / (1 - _AFTER / 2):
            helper = visit.carers[0].model_copy(update={"qualifications": (requirement("C/1"),)})
            asked.append(visit.model_copy(update={"carers": (visit.carers[0], helper)}))
        else:
            asked.append(visit)
    visited = {visit.client for visit in asked}
    return day.model_copy(
        update={
            "id": f"coupled-{visits}-{caregivers}-{seed}",
            "clients": tuple(client for client in day.clients if client.id in visited),
            "visits": tuple(asked),
            "couplings": tuple(couplings),
        }
    )


def _tie(
    rng: random.Random, first: Visit, second: Visit, *, together: bool
) -> tuple[Visit, Visit, Coupling]:
    """Return both visits at the first one's client, in windows that suit, and their tie."""
    update: dict[str, object] = {"client": first.client, "priority": first.priority}
    if together:
        update["window"] = first.window
        helper = second.carers[0].model_copy(update={"qualifications": (requirement("C/1"),)})
        update["carers"] = (helper,)
        coupling = Coupling(kind=CouplingKind.TOGETHER, first=first.id, second=second.id)
    else:
        least = rng.choice((0, 15, 30, 60))
        most = least + rng.choice((30, 60, 120))
        update["window"] = StartWindow(
            earliest=first.window.earliest + least * MS_PER_MINUTE,
            latest=first.window.latest + most * MS_PER_MINUTE,
        )
        coupling = Coupling(
            kind=CouplingKind.AFTER,
            first=first.id,
            second=second.id,
            min_gap=least,
            max_gap=most,
            different_caregivers=rng.random() < 0.2,
        )
    return first, second.model_copy(update=update), coupling


def _clusters(visits: int, seed: int) -> list[tuple[float, float]]:
    rng = stream(seed, "clusters")
    half = math.sqrt(visits * _KM2_PER_VISIT) / 2 / _KM_PER_DEGREE
    lat, lon = _CENTRE
    stretch = half / math.cos(math.radians(lat))
    return [
        (lat + rng.uniform(-half, half), lon + rng.uniform(-stretch, stretch))
        for _ in range(max(3, visits // _VISITS_PER_CLUSTER))
    ]


def _home(rng: random.Random, centres: list[tuple[float, float]]) -> Place:
    return rounded(near(rng, rng.choice(centres), _CLUSTER_KM))


def _visits(
    count: int, centres: list[tuple[float, float]], seed: int
) -> tuple[tuple[Client, ...], tuple[Visit, ...]]:
    rng = stream(seed, "visits")
    minutes = deal(rng, _MINUTES, count)
    widths = deal(rng, _WIDTHS, count)
    grades = deal(rng, _ASKED, count)
    priorities = deal(rng, _PRIORITIES, count)
    clients: list[Client] = []
    visits: list[Visit] = []
    for n in range(count):
        client = Client(id=f"C{n + 1:05d}", home=_home(rng, centres))
        width = widths[n] * MS_PER_MINUTE
        steps = (_LAST_START - width - _FIRST_START) // (5 * MS_PER_MINUTE)
        earliest = _FIRST_START + rng.randint(0, steps) * 5 * MS_PER_MINUTE
        need = CarerNeed(minutes=minutes[n], qualifications=(requirement(grades[n]),))
        clients.append(client)
        visits.append(
            Visit(
                id=f"V{n + 1:05d}",
                client=client.id,
                carers=(need,),
                window=StartWindow(earliest=earliest, latest=earliest + width),
                priority=priorities[n],
            )
        )
    return tuple(clients), tuple(visits)


def _staff(count: int, centres: list[tuple[float, float]], seed: int) -> list[Caregiver]:
    rng = stream(seed, "staff")
    held = deal(rng, _HELD, count)
    shifts = deal(rng, _SHIFTS, count)
    modes = deal(rng, _MODES, count)
    return [
        Caregiver(
            id=f"G{n + 1:04d}",
            qualifications=tuple(qualification(code) for code in held[n]),
            home=_home(rng, centres),
            mode=modes[n],
            shifts=(
                Shift(date=_DATE, start=parse_clock(shifts[n][0]), end=parse_clock(shifts[n][1])),
            ),
        )
        for n in range(count)
    ]
