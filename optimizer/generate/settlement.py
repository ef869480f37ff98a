"""Where people live: communities of a town, and homes in them."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.domain.place import Place
from optimizer.generate.district import District, Town
from optimizer.generate.draw import near, rounded, stream


@dataclass(frozen=True)
class Settlement:
    """The towns of one scenario with their communities.

    Attributes
    ----------
    towns
        Towns served, in the district's order.
    communities
        Centres of each town's communities, latitude and longitude.
    """

    towns: tuple[Town, ...]
    communities: dict[str, tuple[tuple[float, float], ...]]

    def home(self, rng: random.Random, town: Town) -> Place:
        """Return a home in one of the town's communities."""
        return rounded(near(rng, rng.choice(self.communities[town.code]), town.sigma_km))

    def neighbour(self, rng: random.Random, town: Town) -> Town:
        """Return another town, near ones more often; the town itself if there is no other."""
        others = [other for other in self.towns if other.code != town.code]
        if not others:
            return town
        weights = [1 / math.dist(town.centre, other.centre) ** 3 for other in others]
        return rng.choices(others, weights)[0]


def settle(district: District, codes: Sequence[str], seed: int) -> Settlement:
    """Return the towns with these codes (all if none) and their communities."""
    towns = tuple(town for town in district.towns if not codes or town.code in codes)
    communities = {}
    for town in towns:
        rng = stream(seed, "communities", town.code)
        communities[town.code] = tuple(
            near(rng, town.centre, town.spread_km) for _ in range(town.communities)
        )
    return Settlement(towns, communities)
