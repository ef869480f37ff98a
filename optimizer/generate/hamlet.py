"""A roster small enough to check by hand; ``scenarios/README.md`` does so."""

from __future__ import annotations

import datetime

from optimizer.domain.caregiver import BreakRule, Caregiver, Shift
from optimizer.domain.client import Client
from optimizer.domain.place import MatrixTravel, Mode, Place
from optimizer.domain.policy import Priority
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import CarerNeed, Coupling, CouplingKind, Pin, StartWindow, Visit
from optimizer.generate.grades import qualification
from optimizer.needs.catalogue import requirement
from optimizer.units import parse_clock

# Four places along one road, in minutes from the first.
_ROAD = {"A": 0, "B": 5, "C": 10, "D": 20}
_MINUTES = tuple(
    tuple(float(abs(there - here)) for there in _ROAD.values()) for here in _ROAD.values()
)
_CLIENT_PLACES = "ABCBCDDADC"


def hamlet(name: str, date: datetime.date) -> Scenario:
    """Return the hand-made scenario: 10 clients, 3 caregivers, 12 visits."""
    return Scenario(
        id=name,
        horizon=Horizon(start=date),
        clients=tuple(
            Client(
                id=f"C{n:04d}",
                home=_place(place),
                preferred=("G002",) if n == 5 else (),
            )
            for n, place in enumerate(_CLIENT_PLACES, start=1)
        ),
        caregivers=_caregivers(date),
        visits=_visits(),
        couplings=(Coupling(kind=CouplingKind.AFTER, first="V0001", second="V0002", max_gap=30),),
        travel=MatrixTravel(minutes={Mode.EBIKE: _MINUTES}),
    )


def _place(name: str) -> Place:
    return Place(
        lat=30.022,
        lon=round(121.54 + _ROAD[name] / 1000, 3),
        matrix_index=list(_ROAD).index(name),
    )


def _caregivers(date: datetime.date) -> tuple[Caregiver, ...]:
    rows = (
        ("G001", "A", "07:00", "10:45", ("N", "C/3", "HK", "VOL")),
        ("G002", "B", "08:00", "16:00", ("C/2", "HK", "VOL")),
        ("G003", "D", "08:00", "12:00", ("C/1", "HK", "VOL")),
    )
    midday = BreakRule(
        duration=30, earliest=parse_clock("11:30"), latest=parse_clock("13:00"), after=360
    )
    return tuple(
        Caregiver(
            id=caregiver,
            home=_place(home),
            qualifications=tuple(qualification(code) for code in codes),
            shifts=(Shift(date=date, start=parse_clock(start), end=parse_clock(end)),),
            break_rule=midday,
        )
        for caregiver, home, start, end, codes in rows
    )


def _visits() -> tuple[Visit, ...]:
    critical, essential, flexible = Priority.CRITICAL, Priority.ESSENTIAL, Priority.FLEXIBLE
    rows = (
        (1, "INSULIN_INJ", 15, ("N",), "07:30", "08:30", critical),
        (1, "FEED_ASSIST", 20, ("C/1",), "07:30", "09:00", essential),
        (2, "HYG_BATH", 60, ("C/2", "C/1"), "09:00", "09:15", essential),
        (3, "WOUND_PI", 30, ("N",), "09:30", "10:00", critical),
        (4, "CLEAN_HOME", 60, ("HK",), "09:45", "10:20", flexible),
        (5, "MED_ADMIN", 15, ("C/1",), "10:00", "11:00", essential),
        (6, "VITALS", 15, ("C/1",), "08:00", "09:00", essential),
        (7, "FEED_ASSIST", 30, ("C/1",), "13:00", "14:00", essential),
        (8, "GROOM", 30, ("C/2",), "14:00", "15:00", flexible),
        (8, "SAFE_VISIT", 20, ("VOL",), "08:00", "10:00", flexible),
        (10, "MEAL_COOK", 50, ("HK",), "10:30", "11:00", essential),
        (9, "COG_TRAIN", 40, ("C/2",), "10:00", "10:30", flexible),
    )
    shortest = {"CLEAN_HOME": 45}
    preferred_until = {"MEAL_COOK": parse_clock("10:45")}
    pins = {8: Pin(caregivers=("G002",), start=parse_clock("13:15"))}
    return tuple(
        Visit(
            id=f"V{n:04d}",
            client=f"C{client:04d}",
            services=(service,),
            carers=tuple(
                CarerNeed(
                    minutes=minutes,
                    shortest=shortest.get(service),
                    qualifications=(requirement(code),),
                )
                for code in codes
            ),
            window=StartWindow(earliest=parse_clock(earliest), latest=parse_clock(latest)),
            preferred_until=preferred_until.get(service),
            priority=priority,
            pin=pins.get(n),
        )
        for n, (client, service, minutes, codes, earliest, latest, priority) in enumerate(
            rows, start=1
        )
    )
