"""A tiny world for matching, and random ones in which every reason occurs."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from optimizer.domain.caregiver import Caregiver, Qualification, Shift
from optimizer.domain.client import Client, Flag, Gender, GenderWish
from optimizer.domain.contract import Contract, Lending, Organisation
from optimizer.domain.place import Place
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import CarerNeed, Pin, Requirement, StartWindow, Visit

MONDAY = dt.date(2025, 3, 3)
TUESDAY, WEDNESDAY = MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=2)
HERE = Place(lat=29.95, lon=121.7)


def shifts(*days: dt.date) -> tuple[Shift, ...]:
    """Return one shift for each of the days."""
    return tuple(Shift(date=day, start="08:00", end="17:00") for day in days)


def caregiver(name: str = "N1", **fields: Any) -> Caregiver:
    """Return a caregiver of care-work level 3 who works on Monday and Tuesday."""
    held = (Qualification(code="care", level=3),)
    record = {"id": name, "home": HERE, "qualifications": held, "shifts": shifts(MONDAY, TUESDAY)}
    return Caregiver(**{**record, **fields})


def client(name: str = "C1", **fields: Any) -> Client:
    """Return a client without any wish."""
    return Client(**{"id": name, "home": HERE, **fields})


def need(**levels: int) -> CarerNeed:
    """Return half an hour of care that asks for these qualifications."""
    asked = tuple(Requirement(code=code, level=level) for code, level in levels.items())
    return CarerNeed(minutes=30, qualifications=asked)


def visit(name: str = "V1", **fields: Any) -> Visit:
    """Return a visit to C1 on any day that asks for care work of level 2."""
    window = StartWindow(earliest="08:00", latest="12:00")
    record = {"id": name, "client": "C1", "carers": (need(care=2),), "window": window}
    return Visit(**{**record, **fields})


def contract(name: str = "K1", **fields: Any) -> Contract:
    """Return a contract of organisation A for all towns, services and days of the world."""
    record = {
        "id": name,
        "purchaser": "district",
        "organisation": "A",
        "start": MONDAY,
        "end": WEDNESDAY,
    }
    return Contract(**{**record, **fields})


def world(**fields: Any) -> Scenario:
    """Return one visit, one client, one caregiver, and the days Monday to Wednesday."""
    record: dict[str, Any] = {
        "id": "world",
        "horizon": Horizon(start=MONDAY, days=3),
        "clients": (client(),),
        "caregivers": (caregiver(),),
        "visits": (visit(),),
    }
    return Scenario(**{**record, **fields})


def random_world(seed: int, *, clients: int = 6, caregivers: int = 6, visits: int = 12) -> Scenario:
    """Return a scenario in which every kind of condition occurs, drawn from `seed`."""
    rng = random.Random(seed)
    days = [MONDAY + dt.timedelta(days=n) for n in range(-1, 4)]
    people = [f"N{n}" for n in range(caregivers)]
    bodies = ("A", "B", "D")
    return world(
        horizon=Horizon(start=MONDAY, days=rng.randint(1, 3)),
        organisations=tuple(
            Organisation(id=body, lending=rng.choice([None, Lending(fen_per_hour=100)]))
            for body in bodies
        ),
        contracts=tuple(
            contract(
                f"K{n}",
                organisation=rng.choice(bodies),
                towns=_some(rng, "tu"),
                services=_some(rng, "sv"),
                start=rng.choice(days[:3]),
                end=rng.choice(days[3:]),
            )
            for n in range(rng.choice([0, 0, 8]))
        ),
        clients=tuple(_client(rng, f"C{n}", people) for n in range(clients)),
        caregivers=tuple(_caregiver(rng, name, days) for name in people),
        visits=tuple(_visit(rng, f"V{n}", clients, people, days) for n in range(visits)),
    )


def _some(rng: random.Random, options: str) -> tuple[str, ...]:
    return tuple(option for option in options if rng.random() < 0.3)


def _client(rng: random.Random, name: str, people: list[str]) -> Client:
    wish = GenderWish(gender=rng.choice(list(Gender)), hard=rng.random() < 0.5)
    return client(
        name,
        town=rng.choice([None, "t", "u"]),
        organisation=rng.choice([None, None, "A", "B"]),
        gender_wish=rng.choice([None, wish]),
        languages=_some(rng, "xyz"),
        preferred=tuple(rng.sample(people, rng.randint(0, 2))),
        refused=tuple(rng.sample([*people, "N99"], rng.randint(0, 2))),
        flags=tuple(flag for flag in Flag if rng.random() < 0.3),
    )


def _caregiver(rng: random.Random, name: str, days: list[dt.date]) -> Caregiver:
    return caregiver(
        name,
        organisation=rng.choice([None, "A", "B", "D"]),
        gender=rng.choice([None, *Gender]),
        languages=_some(rng, "xyz"),
        volunteer=rng.random() < 0.3,
        qualifications=tuple(
            Qualification(
                code=rng.choice(["care", "nurse"]),
                level=rng.randint(1, 3),
                expires=rng.choice([None, *days]),
            )
            for _ in range(rng.randint(0, 4))
        ),
        shifts=shifts(*(day for day in days if rng.random() < 0.7)),
    )


def _visit(
    rng: random.Random, name: str, clients: int, people: list[str], days: list[dt.date]
) -> Visit:
    carers = tuple(
        need(**{_CODE[letter]: rng.randint(1, 2) for letter in _some(rng, "cn")})
        for _ in range(rng.randint(1, 2))
    )
    pinned = tuple(rng.choice([None, None, "N99", *people]) for _ in range(rng.randint(0, 2)))
    pin = Pin(caregivers=pinned, date=rng.choice([None, None, *days]))
    return visit(
        name,
        client=f"C{rng.randrange(clients)}",
        carers=carers,
        services=_some(rng, "svw"),
        dates=tuple(day for day in days if rng.random() < 0.6) if rng.random() < 0.5 else (),
        pin=pin if rng.random() < 0.25 else None,
    )


_CODE = {"c": "care", "n": "nurse"}
