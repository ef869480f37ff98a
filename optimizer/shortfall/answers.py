"""From the rows of a study to its answers: what is left out, of whom, why, and how sure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, variance

from optimizer.domain.policy import Priority
from optimizer.domain.scenario import Scenario
from optimizer.shortfall.estimate import difference, level
from optimizer.shortfall.outcome import (
    ArmOutcome,
    Cause,
    Figure,
    Gaps,
    HitTwice,
    Share,
    Tables,
    Worst,
)
from optimizer.shortfall.rows import Asked, Cell, Effort, Row, place_of, qualification_of
from optimizer.shortfall.suppression import SMALLEST, suppressed
from optimizer.units import MS_PER_MINUTE

Names = tuple[str, ...]
Of = Callable[[Cell], Names]


@dataclass(frozen=True, slots=True)
class Population:
    """How many clients of today each cell of a table is about, and whose care is not paid for.

    Attributes
    ----------
    scenario
        The base scenario with its visits.
    cut
        Minutes of care on the days studied that nobody pays for, by client; None where no
        health record tells what is needed.
    """

    scenario: Scenario = field(repr=False)
    cut: Mapping[str, int] | None = None

    def clients(self, of: Of) -> dict[Names, int]:
        """Return how many clients ask for care in each cell."""
        clients = {one.id: one for one in self.scenario.clients}
        people: dict[Names, set[str]] = defaultdict(set)
        for visit in self.scenario.visits:
            town, category = place_of(clients[visit.client])
            hour = visit.window.earliest // (60 * MS_PER_MINUTE) % 24
            cell = Cell(town, qualification_of(visit), hour, category, "", 1, 0)
            people[of(cell)].add(visit.client)
        return {names: len(ones) for names, ones in people.items()}


def arm_outcome(
    rows: Sequence[Row],
    base: Sequence[Row],
    population: Population,
    plans: Mapping[tuple[int, int | None], str],
) -> ArmOutcome:
    """Return what the futures of one arm and year say.

    Parameters
    ----------
    rows
        Of the arm and year, of any effort.
    base
        Of the arm without edits in the same year; the very same rows where this is that arm.
    population
        Clients of today.
    plans
        Files of rosters of the worst futures, by replication and year.
    """
    short = [row for row in rows if row.effort is Effort.SHORT]
    paired = rows is not base
    return ArmOutcome(
        arm=short[0].arm,
        year=short[0].year,
        replications=len(short),
        caregivers=_mean(row.carers for row in short),
        absent=_mean(row.absent for row in short),
        visits=_mean(sum(row.visits.values()) for row in short),
        unserved=Figure.of(level(rows)),
        critical=Figure.of(level(rows, lambda row: row.unserved[Priority.CRITICAL.value])),
        unmet_minutes=Figure.of(level(rows, lambda row: row.unmet)),
        clients=Figure.of(level(rows, lambda row: len(row.missed))),
        proven=_proven(rows),
        against_base=Figure.of(difference(rows, base)) if paired else None,
        variance_ratio=_variance_ratio(short, base) if paired else None,
        gaps=_gaps(short, population),
        tables=_tables(short, population),
        causes=_causes(short),
        hit_twice=_hit_twice(short, population),
        worst_town=_worst_hit(short, population, 0),
        worst_category=_worst_hit(short, population, 1),
        worst=_worst(rows, plans),
    )


def _mean(numbers: Iterable[float]) -> float:
    return round(fmean(numbers), 3)


def _proven(rows: Sequence[Row]) -> float | None:
    least = [row.least for row in rows if row.effort is Effort.LONG and row.least is not None]
    return _mean(least) if least else None


def _variance_ratio(short: Sequence[Row], base: Sequence[Row]) -> float | None:
    """Return the variance of a difference of independent futures over that of paired ones."""
    twin = {row.replication: row for row in base if row.effort is Effort.SHORT}
    pairs = [(row.num_unserved, twin[row.replication].num_unserved) for row in short
             if row.replication in twin]  # fmt: skip
    if len(pairs) < 2:
        return None
    apart = variance(one for one, _ in pairs) + variance(two for _, two in pairs)
    together = variance(one - two for one, two in pairs)
    return round(apart / together, 2) if together else None


def _gaps(short: Sequence[Row], population: Population) -> Gaps:
    commissioned = _mean(row.minutes for row in short)
    people = _mean(row.unmet + row.shortened for row in short)
    cut = population.cut
    return Gaps(
        money=None if cut is None else sum(cut.values()),
        people=people,
        commissioned=commissioned,
        undelivered=round(people / commissioned, 4) if commissioned else 0.0,
    )


def _tables(short: Sequence[Row], population: Population) -> Tables:
    def asked(names: Callable[[Asked], Names]) -> dict[Names, float]:
        sums: dict[Names, float] = defaultdict(float)
        for row in short:
            for one in row.asked:
                sums[names(one)] += one.minutes / len(short)
        return dict(sums)

    def table(of: Of, of_asked: Mapping[Names, float] | None = None) -> tuple[Share, ...]:
        return _shares(short, population, of, of_asked or {})

    return Tables(
        by_town=table(lambda one: (one.town,), asked(lambda one: (one.town,))),
        by_category=table(lambda one: (one.category,), asked(lambda one: (one.category,))),
        by_town_and_category=table(
            lambda one: (one.town, one.category), asked(lambda one: (one.town, one.category))
        ),
        by_qualification=table(lambda one: (one.qualification,)),
        by_hour=table(lambda one: (f"{one.hour:02d}",)),
        by_town_and_hour=table(lambda one: (one.town, f"{one.hour:02d}")),
    )


def _shares(
    short: Sequence[Row], population: Population, of: Of, asked: Mapping[Names, float]
) -> tuple[Share, ...]:
    visits: dict[Names, float] = defaultdict(float)
    minutes: dict[Names, float] = defaultdict(float)
    for row in short:
        for cell in row.cells:
            visits[of(cell)] += cell.visits / len(short)
            minutes[of(cell)] += cell.minutes / len(short)
    people = population.clients(of)
    # A group that no client of today is in has come with an edit: it singles out nobody.
    gaps = suppressed(people)
    return tuple(
        Share(names=names, visits=None, minutes=None)
        if names in gaps
        else Share(
            names=names,
            visits=round(visits[names], 3),
            minutes=round(minutes[names], 1),
            asked=round(asked[names], 1) if names in asked else None,
        )
        for names in sorted({*people, *visits})
    )


def _causes(short: Sequence[Row]) -> tuple[Cause, ...]:
    counts: Counter[str] = Counter()
    for row in short:
        for cell in row.cells:
            counts[cell.cause] += cell.visits
    return tuple(
        Cause(cause=cause, visits=round(visits / len(short), 3))
        for cause, visits in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    )


def _hit_twice(short: Sequence[Row], population: Population) -> HitTwice:
    cut = population.cut or {}
    several = _mean(sum(one.visits > 1 for one in row.missed) for row in short)
    both = _mean(sum(cut.get(one.client, 0) > 0 for one in row.missed) for row in short)
    often = Counter(one.client for row in short for one in row.missed)
    in_half = sum(2 * times >= len(short) for times in often.values())
    return HitTwice(
        several_visits=_if_many(several),
        money_and_people=_if_many(both) if population.cut is not None else None,
        in_half_of_futures=in_half if in_half == 0 or in_half >= SMALLEST else None,
    )


def _if_many(number: float) -> float | None:
    """Return a mean number of clients, unless it is about few."""
    return number if number == 0 or number >= SMALLEST else None


def _worst_hit(short: Sequence[Row], population: Population, position: int) -> str | None:
    """Return the town (0) or category (1) that goes without the largest share of its care."""
    lost: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for row in short:
        for one in row.missed:
            lost[(one.town, one.category)[position]] += one.minutes
        for each in row.asked:
            asked[(each.town, each.category)[position]] += each.minutes
    gaps = suppressed(population.clients(lambda one: ((one.town, one.category)[position],)))
    shares = {
        name: minutes / asked[name]
        for name, minutes in lost.items()
        if (name,) not in gaps and asked[name]
    }
    return min(shares, key=lambda name: (-shares[name], name), default=None)


def _worst(rows: Sequence[Row], plans: Mapping[tuple[int, int | None], str]) -> tuple[Worst, ...]:
    found = sorted(
        (row for row in rows if row.effort is Effort.WORST),
        key=lambda row: (tuple(-number for number in row.value), row.replication),
    )
    return tuple(
        Worst(
            replication=row.replication,
            unserved=row.num_unserved,
            critical=row.unserved[Priority.CRITICAL.value],
            proven=row.least,
            plan=plans.get((row.replication, row.year)),
        )
        for row in found
    )
