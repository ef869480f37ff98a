"""Draws that the generator is made of: streams, quotas, points on the map."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from typing import TypeVar

from optimizer.domain.place import Place

T = TypeVar("T")

_KM_PER_DEGREE = 111.2


def stream(seed: int, *names: object) -> random.Random:
    """Return a generator of its own for one purpose.

    Streams keep scenarios stable: a further draw for clients leaves caregivers alone.
    """
    return random.Random("/".join(map(str, (seed, *names))))


def quotas(weights: Sequence[float], total: int) -> list[int]:
    """Share `total` out in proportion to `weights`, by largest remainder."""
    scale = total / sum(weights)
    counts = [math.floor(weight * scale) for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda n: counts[n] - weights[n] * scale)
    for n in by_remainder[: total - sum(counts)]:
        counts[n] += 1
    return counts


def deal(rng: random.Random, table: Iterable[tuple[T, float]], total: int) -> list[T]:
    """Return `total` values in random order whose counts follow the table's weights exactly."""
    values, weights = zip(*table, strict=True)
    cards: list[T] = []
    for value, count in zip(values, quotas(weights, total), strict=True):
        cards += [value] * count
    rng.shuffle(cards)
    return cards


def pick(rng: random.Random, table: Iterable[tuple[T, float]]) -> T:
    """Return one value, drawn by the table's weights."""
    values, weights = zip(*table, strict=True)
    chosen: T = rng.choices(values, weights)[0]
    return chosen


def near(rng: random.Random, centre: tuple[float, float], sigma_km: float) -> tuple[float, float]:
    """Return a normally distributed point about `centre`, latitude and longitude."""
    lat, lon = centre
    north, east = rng.gauss(0, sigma_km), rng.gauss(0, sigma_km)
    return (
        lat + north / _KM_PER_DEGREE,
        lon + east / (_KM_PER_DEGREE * math.cos(math.radians(lat))),
    )


def rounded(point: tuple[float, float]) -> Place:
    """Return the place, rounded to about 100 m so that no home can be told from it."""
    return Place(lat=round(point[0], 3), lon=round(point[1], 3))
