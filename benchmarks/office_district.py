"""The example district, month by month: whether it adds up, and whether only facts matter."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from benchmarks.recount_allocation import disagreements
from optimizer.allocation import allocate
from optimizer.commands.district import SHIPPED, closed_month, found_of, months_of
from optimizer.domain.allocation import AllocationLog
from optimizer.domain.delivery import Deliveries
from optimizer.domain.office import Office
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.domain.supervision import Supervision
from optimizer.formats import parse_scenario
from optimizer.formats.files import read_bytes
from optimizer.needs import default_book, derive
from optimizer.purchase import (
    By,
    Cascade,
    MonthClosed,
    Observed,
    Settlement,
    admit,
    cascade,
    evaluate,
    settle,
)

GROUPINGS = tuple(one for n in range(len(By) + 1) for one in combinations(By, n))
"Every way to tell care apart: by nothing, by each field, by every two, three and four."


@dataclass(frozen=True)
class MonthMeasured:
    """What was measured of one month.

    Attributes
    ----------
    period, month
        Which one, and itself.
    seconds
        Of the processor, for reading the files and the whole chain.
    sums
        How many sums of cascades were checked, over all groupings.
    broken
        How many of them do not hold.
    planted, found, false
        Faults in the deliveries, those found, and doubts about stops without one.
    recounted
        Lines of the allocation that a script without the optimizer decides otherwise.
    moved
        What has changed although nothing but names, orders or the hour did.
    """

    period: str
    month: MonthClosed
    seconds: float
    sums: int
    broken: int
    planted: int
    found: int
    false: int
    recounted: int
    moved: tuple[str, ...]


def measured_months(*, most: int | None = None) -> Iterator[MonthMeasured]:
    """Run the chain of the shipped district, at most so many months of it."""
    truth = json.loads(read_bytes(SHIPPED / "faults.json"))
    before: AllocationLog | None = None
    for n, files in enumerate(months_of(SHIPPED)[:most]):
        begun = time.process_time()
        month, _ = closed_month(files, before, "en")
        seconds = time.process_time() - begun
        sums, broken = sums_of(month)
        planted, found, false = found_of(truth[files.period], month)
        log = month.decided.log
        yield MonthMeasured(
            files.period,
            month,
            seconds,
            sums,
            broken,
            planted,
            found,
            false,
            len(disagreements(_written(log), None if before is None else _written(before))),
            tuple(_moved(month)) if n == 0 else (),
        )
        before = log


def _written(log: AllocationLog) -> dict[str, object]:
    content: dict[str, object] = json.loads(log.model_dump_json(exclude_none=True))
    return content


def sums_of(month: MonthClosed) -> tuple[int, int]:
    """Return how many sums of cascades there are in all groupings, and how many do not hold."""
    held = [
        is_held for by in GROUPINGS for is_held in sums_that_hold(cascade(month.traced, by), by)
    ]
    return len(held), held.count(False)


def sums_that_hold(cascades: Sequence[Cascade], by: Sequence[By]) -> Iterator[bool]:
    """Yield of every sum whether it holds, to the millisecond and the fen.

    Parameters
    ----------
    cascades
        All care, then each group.
    by
        What groups differ in.
    """
    whole, *groups = cascades
    for one in cascades:
        for before, after in pairwise(one.steps):
            yield before.care - after.care == sum(lost.care for lost in after.lost)
            yield before.fen - after.fen == sum(lost.fen for lost in after.lost)
    for n, step in enumerate(whole.steps):
        if by:
            yield step.care == sum(one.steps[n].care for one in groups)
            yield step.fen == sum(one.steps[n].fen for one in groups)


def _moved(month: MonthClosed) -> Iterator[str]:
    """Yield what comes out otherwise after another order, other names, and another hour."""
    decided = month.decided
    scenario, rules = decided.bought, decided.rules
    turned = _turned(scenario, ("clients", "caregivers", "visits", "organisations", "contracts"))
    others = rules.model_copy(update={"bodies": rules.bodies[::-1], "wishes": rules.wishes[::-1]})
    if _given(allocate(turned, others)) != _given(decided.log):
        yield "allocation by the order of files"
    told = _paid(month.settlement)
    planned = month.known.needs.scenario
    office = month.known.office
    if office is None:
        raise ValueError("a month of a district has an office")
    orders = _turned(planned, ("clients", "caregivers", "visits"))
    rows = month.deliveries.model_copy(
        update={"deliveries": _shuffled(month.deliveries.deliveries)}
    )
    for name, again in (
        ("the order of files", _again(orders, month.plan, rows, office)),
        ("names", _renamed(planned, month.plan, month.deliveries, office)),
        ("the hour", _at_another_hour(planned, month.plan, month.deliveries, office)),
    ):
        if _paid(again.settlement) != told:
            yield f"settlement by {name}"
        if _scores(again) != _scores(Observed(month.known, month.deliveries, month.settlement)):
            yield f"evaluation by {name}"


def _given(log: AllocationLog) -> dict[tuple[str, str | None], object]:
    return {(one.client, one.lot): (one.organisation, one.step) for one in log.lines}


def _again(scenario: Scenario, plan: Plan, deliveries: Deliveries, office: Office) -> Observed:
    book = default_book()
    known = admit(scenario, derive(scenario, book), office, book, with_pools=False)
    return Observed(known, deliveries, settle(known, plan, deliveries, office.terms))


def _paid(settlement: Settlement) -> dict[str, tuple[int, int, int]]:
    return {
        "" if one.contract is None else one.contract.id: (
            one.paid_fen,
            one.absence_fen,
            one.deducted_fen,
        )
        for one in settlement.statements
    }


def _scores(observed: Observed) -> list[object]:
    office = observed.admission.office
    if office is None:
        raise ValueError("an evaluation has an office")
    found = evaluate([observed], Supervision(), office.evaluation)
    return [(one.score, one.grade, one.rated) for one in found.results]


def _shuffled(rows: Sequence[object]) -> tuple[object, ...]:
    order = list(rows)
    random.Random(1).shuffle(order)
    return tuple(order)


def _turned(scenario: Scenario, lists: Sequence[str]) -> Scenario:
    turned = {name: getattr(scenario, name)[::-1] for name in lists}
    return scenario.model_copy(update=turned)


def _renamed(scenario: Scenario, plan: Plan, deliveries: Deliveries, office: Office) -> Observed:
    """Give all clients and caregivers other names, in another order of the alphabet."""
    names = [one.id for one in scenario.clients]
    names += [one.id for one in scenario.caregivers]
    fresh = [f"P{n:04d}" for n in range(len(names))]
    random.Random(2).shuffle(fresh)
    to = dict(zip(names, fresh, strict=True))

    def renamed(content: object) -> object:
        if isinstance(content, dict):
            return {to.get(key, key): renamed(value) for key, value in content.items()}
        if isinstance(content, list):
            return [renamed(value) for value in content]
        return to.get(content, content) if isinstance(content, str) else content

    def of(record: Scenario | Plan | Deliveries | Office) -> object:
        return renamed(json.loads(record.model_dump_json(exclude_none=True)))

    return _again(
        parse_scenario(json.dumps(of(scenario))),
        Plan.model_validate(of(plan)),
        Deliveries.model_validate(of(deliveries)),
        Office.model_validate(of(office)),
    )


def _at_another_hour(
    scenario: Scenario, plan: Plan, deliveries: Deliveries, office: Office
) -> Observed:
    """Do it once more, half a day later by every clock of the program."""
    clocks: Mapping[str, object] = {name: getattr(time, name) for name in ("time", "time_ns")}
    try:
        time.time = lambda: 43_200.0 + clocks["time"]()  # type: ignore[operator]
        time.time_ns = lambda: 43_200_000_000_000 + clocks["time_ns"]()  # type: ignore[operator]
        return _again(scenario, plan, deliveries, office)
    finally:
        for name, clock in clocks.items():
            setattr(time, name, clock)
