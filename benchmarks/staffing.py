"""Scarce days: the fewest hires found, beside how many are proven to be too few."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy import float64
from numpy.typing import NDArray

from benchmarks.named_days import named_day
from benchmarks.suite import Figure, Measurement, Settings, Suite, Table
from optimizer.certificate import hire_objections
from optimizer.domain import Caregiver, Scenario
from optimizer.errors import UsageError
from optimizer.shortfall.staffing import Effort, Kind, Staffing, kinds_of, staffing
from optimizer.shortfall.staffing.ranking import best_tried, ranked
from optimizer.shortfall.staffing.teams import Teams
from optimizer.travel import travel_matrices
from optimizer.verification import verify
from optimizer.warm_up import make_ready

COVER = 100.0
RANKING = "ranking"
RE_SOLVED = 20_000
"Steps behind what one more of a kind really saves."
SMOKE = Effort(
    base=200,
    trial=50,
    confirm=100,
    short_list=2,
    confirmed=1,
    phantoms=200,
    drop=50,
    final=100,
    seeds=1,
    exchanges=1,
    valued=1,
    most_hires=2,
    ranking_rounds=5,
    proof_rounds=10,
    team_rounds=10,
    team_parts=2,
    candidates=2,
    longest=200,
    scarcest_seconds=0.02,
)
Gone = Callable[[Scenario], set[str]]


@dataclass(frozen=True, slots=True)
class _Case:
    """A day from which some caregivers are gone."""

    day: str
    gone: Gone

    def scenario(self) -> tuple[Scenario, tuple[Caregiver, ...]]:
        """Return the scarce day, and the whole staff of the day as it was."""
        whole = named_day(self.day)
        gone = self.gone(whole)
        stay = tuple(one for one in whole.caregivers if one.id not in gone)
        history = tuple(one for one in whole.history if one.caregiver not in gone)
        clients = tuple(
            one.model_copy(
                update={
                    name: tuple(who for who in getattr(one, name) if who not in gone)
                    for name in ("preferred", "refused")
                }
            )
            for one in whole.clients
        )
        update = {"caregivers": stay, "history": history, "clients": clients}
        return whole.model_copy(update=update), whole.caregivers


def _away(count: int, draw: str, whole: Scenario) -> set[str]:
    ids = sorted(one.id for one in whole.caregivers)
    return set(random.Random(draw).sample(ids, count))


def _holding(code: str, whole: Scenario) -> set[str]:
    return {one.id for one in whole.caregivers if any(q.code == code for q in one.qualifications)}


def _of(organisation: str, whole: Scenario) -> set[str]:
    return {one.id for one in whole.caregivers if one.organisation == organisation}


CASES: dict[str, _Case] = {
    "m-away-8": _Case("zhenhai-day-m", partial(_away, 8, "away40")),
    "m-away-4": _Case("zhenhai-day-m", partial(_away, 4, "away20")),
    "m-away-6": _Case("zhenhai-day-m", partial(_away, 6, "away30")),
    "m-away-8b": _Case("zhenhai-day-m", partial(_away, 8, "away40b")),
    "m-away-10": _Case("zhenhai-day-m", partial(_away, 10, "away50")),
    "m-away-12": _Case("zhenhai-day-m", partial(_away, 12, "away60")),
    "m-no-nurses": _Case("zhenhai-day-m", partial(_holding, "N")),
    "m-without-ORG1": _Case("zhenhai-day-m", partial(_of, "ORG1")),
    "m-without-ORG2": _Case("zhenhai-day-m", partial(_of, "ORG2")),
    "m-without-ORG5": _Case("zhenhai-day-m", partial(_of, "ORG5")),
    "s-away": _Case("zhenhai-day-s", partial(_away, 3, "away")),
    "l-away-30": _Case("zhenhai-day-l", partial(_away, 30, "away30")),
}


def run(settings: Settings) -> Iterator[Measurement]:
    """Ask of each scarce day for the fewest hires, and of one how well kinds are ranked.

    Raises
    ------
    UsageError
        If no case is wanted.
    """
    names = [name for name in (*CASES, RANKING) if settings.wants(name)]
    if not names:
        raise UsageError(f"Nothing fits {settings.only}; there are {', '.join((*CASES, RANKING))}.")
    make_ready(proof=True)
    if settings.smoke:
        day = named_day("hamlet")
        scarce = day.model_copy(update={"caregivers": day.caregivers[:1], "history": ()})
        for seed in settings.seeds:
            yield _measured("hamlet", scarce, day.caregivers, seed, SMOKE)
        return
    for name in names:
        for seed in settings.seeds:
            if name == RANKING:
                yield _ranking(*CASES["m-away-6"].scenario(), seed)
            else:
                yield _measured(name, *CASES[name].scenario(), seed, None)


def _measured(
    name: str, scenario: Scenario, like: tuple[Caregiver, ...], seed: int, effort: Effort | None
) -> Measurement:
    roads = travel_matrices(scenario)
    began, work = time.perf_counter(), time.process_time()
    found = staffing(scenario, cover=COVER, like=like, matrices=roads, seed=seed, effort=effort)
    seconds, cpu = time.perf_counter() - began, time.process_time() - work
    verdict = verify(found.scenario_with_hires, found.team.plan, roads)
    false = hire_objections(scenario, found.proof, roads)
    figures: dict[str, Figure] = {
        "visits": found.visits,
        "kinds": len(found.kinds),
        "unserved": found.base.unserved,
        "hires": found.hires,
        "left": found.team.unserved,
        "never": len(found.no_people),
        "no_money": len(found.no_money),
        "too_few": -1 if found.too_few is None else found.too_few,
        "gap": _gap(found),
        "curve": [[float(one.hires), float(one.found), float(one.proven)] for one in found.curve],
        "worst_confirmed": max(found.confirmed, default=0),
        "seconds": round(seconds, 1),
        "cpu": round(cpu, 1),
        "valid": verdict.feasible and not false,
    }
    return Measurement(name, seed, figures)


def _gap(found: Staffing) -> int:
    """Return by how many hires what is found exceeds what is proven to be needed."""
    few = -1 if found.too_few is None else found.too_few
    return found.hires - few - 1


def _ranking(scenario: Scenario, like: tuple[Caregiver, ...], seed: int) -> Measurement:
    """Compare what kinds are said to save at most with what they save when planned anew."""
    roads = travel_matrices(scenario)
    kinds: tuple[Kind, ...] = kinds_of(scenario, roads, like=like)
    teams = Teams(scenario, roads, kinds, seed=seed)
    began = time.perf_counter()
    base = teams.tried((), Effort().base)
    order = ranked(teams, kinds, (), base.plan)
    seconds = time.perf_counter() - began
    values = best_tried(teams, order, base, RE_SOLVED, len(order))
    said = np.array([one.estimate for one in values])
    real = np.array([float(one.saved or 0) for one in values])
    figures: dict[str, Figure] = {
        "kinds": len(kinds),
        "unserved": base.unserved,
        "spearman": round(float(np.corrcoef(_ranks(said), _ranks(real))[0, 1]), 3),
        "seconds": round(seconds, 1),
        "valid": True,
    }
    return Measurement(RANKING, seed, figures)


def _ranks(values: NDArray[float64]) -> NDArray[float64]:
    """Return the rank of each value, equal values sharing theirs."""
    below = (values[:, None] > values).sum(axis=1)
    ranks: NDArray[float64] = below + (values[:, None] == values).sum(axis=1) / 2
    return ranks


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return a row per day, and the curve of each: found at most, proven at least."""
    days = [one for one in measurements if one.case != RANKING]
    columns = (
        "day", "visits", "kinds", "left out today", "hires found", "left out then",
        "proven too few", "open between", "s", "CPU s",
    )  # fmt: skip
    names = (
        "visits", "kinds", "unserved", "hires", "left", "too_few", "gap", "seconds", "cpu",
    )  # fmt: skip
    rows = tuple((one.case, *(str(one.figures[name]) for name in names)) for one in days)
    curves = tuple((one.case, _curve(one.figures["curve"])) for one in days)
    found = []
    if days:
        found = [
            Table("Fewest hires for all visits", columns, rows),
            Table("Left out, by number of hires", ("day", "hires: found ≤ / proven ≥"), curves),
        ]
    ranks = [one for one in measurements if one.case == RANKING]
    if ranks:
        heads = ("kinds", "left out today", "Spearman", "s")
        cells = tuple(
            tuple(str(one.figures[name]) for name in ("kinds", "unserved", "spearman", "seconds"))
            for one in ranks
        )
        found.append(Table("Predicted value of one hire against planning anew", heads, cells))
    return found


def _curve(points: Figure) -> str:
    if not isinstance(points, list):
        return ""
    return ", ".join(f"{hires:g}: {found:g}/{proven:g}" for hires, found, proven in points)


SUITE = Suite(
    name="staffing",
    purpose="The fewest further caregivers found for a scarce day, beside how many are too few.",
    headline="hires",
    seconds=None,
    run=run,
    tables=tables,
)
