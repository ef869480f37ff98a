"""Weeks of two clients and two caregivers, whose pattern can be read off by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from optimizer.domain.caregiver import Caregiver, Shift
from optimizer.domain.client import Client
from optimizer.domain.place import Place
from optimizer.domain.policy import Policy, Weights
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import CarerNeed, StartWindow, Visit

MONDAY = dt.date(2026, 3, 2)
HOUR = 3_600_000
HERE = Place(lat=29.95, lon=121.7)


def weeks(
    monday: dt.date = MONDAY,
    *,
    days: int = 7,
    away: Collection[tuple[str, int]] = (),
    people: Collection[str] = ("G1", "G2"),
    window: tuple[int, int] = (8, 10),
    refused: tuple[str, ...] = (),
) -> Scenario:
    """Return days on which C1 is visited at breakfast on Monday, Wednesday, Friday, C2 on Tuesday.

    Parameters
    ----------
    monday, days
        The days planned.
    away
        Caregiver and day (from 0) without a shift.
    people
        Ids of the caregivers.
    window
        Hours in which visits may begin.
    refused
        Caregivers whom C1 refuses.
    """
    dates = [monday + dt.timedelta(days=n) for n in range(days)]
    visits = [
        Visit(
            id=f"{client}-{day:%m%d}",
            client=client,
            services=("breakfast",),
            carers=(CarerNeed(minutes=30),),
            dates=(day,),
            window=StartWindow(earliest=window[0] * HOUR, latest=window[1] * HOUR),
        )
        for day in dates
        for client in (("C1",), ("C2",), ("C1",), (), ("C1",), (), ())[day.weekday()]
    ]
    return Scenario(
        id=f"week-{monday:%m%d}",
        horizon=Horizon(start=monday, days=days),
        clients=(Client(id="C1", home=HERE, refused=refused), Client(id="C2", home=HERE)),
        caregivers=tuple(
            Caregiver(
                id=name,
                home=HERE,
                shifts=tuple(
                    Shift(date=day, start=7 * HOUR, end=12 * HOUR)
                    for n, day in enumerate(dates)
                    if (name, n) not in away
                ),
            )
            for name in people
        ),
        visits=tuple(visits),
        policy=Policy(weights=Weights(balance=0)),
    )
