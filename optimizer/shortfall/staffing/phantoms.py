"""Teams proposed by one search in which everybody who might be hired may be used, at a price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from numpy import int64

from optimizer.problem import layout as at
from optimizer.problem.data import ProblemData
from optimizer.shortfall.staffing.kinds import Kind
from optimizer.shortfall.staffing.teams import WHOLE_VISIT, Team, Teams

COPIES = 3
"How often each kind may be used in one search."
PRICES = (0.5, 1.5, 2.5, 3.5, 5.5)
"Prices of a hire who is used, in visits left out."
DEARER = 0.01
"By how much a hire with the highest wage costs more than one with the lowest, as a part."


def proposals(
    teams: Teams, kinds: Sequence[Kind], steps: int, *, prices: Sequence[float] = PRICES
) -> Iterator[Team]:
    """Yield the teams that searches use when a hire costs so many visits, the cheapest first.

    Parameters
    ----------
    teams
        The day.
    kinds
        Who may be used.
    steps
        Steps of each search; one search per price.
    prices
        Prices of a hire, in visits left out.
    """
    people = [kind.copy(n) for kind in kinds for n in range(1, COPIES + 1)]
    number_of = [kind.number for kind in kinds for _ in range(COPIES)]
    data = teams.compiled(people)
    staff = len(teams.scenario.caregivers)
    for seed, price in enumerate(prices, 1):
        priced = with_price(data, staff, _weights(kinds), price)
        plan = teams.searched(priced, steps, None, seed)
        used = {route.caregiver for route in plan.routes if route.stops}
        numbers = Counter(
            number for one, number in zip(people, number_of, strict=True) if one.id in used
        )
        yield tuple(sorted(numbers.elements()))


def with_price(
    data: ProblemData, staff: int, weights: Sequence[float], visits: float
) -> ProblemData:
    """Return a day on which using somebody who is not of the staff costs so many visits.

    Somebody with two shifts pays half of it for each.

    Parameters
    ----------
    data
        The compiled problem, `COPIES` people of each kind after the staff.
    staff
        Number of caregivers of the staff.
    weights
        Per kind, how much dearer than others it is, about 1.
    visits
        Price in visits left out.
    """
    route = data.arrays.route.copy()
    whole = visits * WHOLE_VISIT * data.scenario.ticks_per_minute
    for v, day in enumerate(data.days):
        if day.caregiver >= staff:
            weight = weights[(day.caregiver - staff) // COPIES]
            shifts = len(data.scenario.caregivers[day.caregiver].shifts)
            route[v, at.STAFF] += int(whole * weight / shifts)
    return replace(data, arrays=data.arrays._replace(route=route.astype(int64)))


def _weights(kinds: Sequence[Kind]) -> list[float]:
    wages = [kind.fen or 0 for kind in kinds]
    least, spread = min(wages), max(wages) - min(wages)
    return [1.0 + DEARER * (wage - least) / max(1, spread) for wage in wages]
