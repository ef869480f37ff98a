"""Write the purchaser's example district anew: ``python scenarios/regenerate_office.py``.

Three months are planned day by day, which takes most of ten minutes.
"""
# ruff: noqa: INP001 -- a script beside the files it writes, not a package

from __future__ import annotations

import calendar
import datetime as dt
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from optimizer import SolveOptions, solve
from optimizer.domain.allocation import AllocationLog, AllocationPolicy
from optimizer.domain.eligibility import Application
from optimizer.domain.office import Office
from optimizer.domain.plan import Plan, Route, Unserved
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.supervision import Supervision
from optimizer.domain.visit import CouplingKind, Visit
from optimizer.formats import write_plan, write_scenario
from optimizer.formats.files import write_bytes
from optimizer.formats.layout import layout
from optimizer.formats.time_bank import format_time_bank
from optimizer.generate import (
    RECIPES,
    example_office,
    example_rules,
    example_supervision,
    example_time_bank,
    generate_scenario,
    over_days,
    took_place,
)
from optimizer.needs import default_book, derive
from optimizer.purchase import Admission, FundingState, MonthClosed, close_month, decide_month
from optimizer.purchase.time_bank import book_orders

SEED = 1
ITERATIONS = 20_000
FAULTS = 6
LAST_DAY = dt.date(2026, 5, 31)
PERIODS = ("2026-03", "2026-04", "2026-05")


def regenerate(folder: Path) -> None:
    """Write all files of the example district into a folder."""
    folder.mkdir(exist_ok=True)
    book = default_book()
    day = generate_scenario(RECIPES["zhenhai-day-l"], SEED)
    office = example_office(day, SEED)
    truth: dict[str, Any] = {}
    months: list[Scenario] = []
    plans: list[Plan] = []
    before: AllocationLog | None = None
    for period in PERIODS:
        first = dt.date.fromisoformat(f"{period}-01")
        days = calendar.monthrange(first.year, first.month)[1]
        month = over_days(day, f"zhenhai-office-{period}", days, first)
        rules = example_rules(month, period, SEED)
        write_scenario(month, folder / f"{period}.scenario.json.xz")
        _write(office, folder / f"{period}.office.json")
        _write(rules, folder / f"{period}.rules.json")
        decided = decide_month(derive(month, book), month, office, rules, before)
        planned = decided.planned
        plan = _planned(planned)
        write_plan(plan, folder / f"{period}.plan.json.xz")
        place = took_place(planned, plan, SEED, faults=FAULTS)
        text = place.deliveries.model_dump_json(exclude_defaults=True)
        write_bytes(folder / f"{period}.deliveries.json.xz", text.encode("utf-8"))
        after = _afterwards(office, place.changes)
        _write(after, folder / f"{period}.office-after.json")
        truth[period] = {
            "faults": [
                {"visit": visit, "carer": carer, "doubt": str(doubt)}
                for (visit, carer), doubt in sorted(place.faults.items())
            ],
            "touched": [list(one) for one in sorted(place.touched)],
            "unmatched": [list(one) for one in place.unmatched],
        }
        months.append(planned)
        plans.append(plan)
        _tell(period, decided.admission, plan)
        before = decided.log
        day = _with_present(day, planned)
        office = _next(close_month(decided, plan, place.deliveries, after))
    bank = book_orders(example_time_bank(months[0], SEED), LAST_DAY, by="desk").bank
    write_bytes(folder / "timebank.json", format_time_bank(bank).encode("utf-8"))
    _write(example_supervision(months, plans, SEED), folder / "supervision.json")
    write_bytes(folder / "faults.json", (layout(truth) + "\n").encode("utf-8"))


def _write(record: Office | AllocationPolicy | Supervision, path: Path) -> None:
    shown = record.model_dump(mode="json", exclude_defaults=True)
    head = {"format": record.format, "version": record.version}
    write_bytes(path, (layout({**head, **shown}) + "\n").encode("utf-8"))


def _planned(month: Scenario) -> Plan:
    """Plan a month day by day: visits of several days go to the day with the least care."""
    on = _days_of(month)
    routes: list[Route] = []
    unserved: list[Unserved] = []
    for date in month.horizon.dates():
        visits = tuple(
            one.model_copy(update={"dates": (date,)}) for one in month.visits if on[one.id] == date
        )
        ids = {one.id for one in visits}
        part = month.model_copy(
            update={
                "horizon": Horizon(start=date),
                "visits": visits,
                "couplings": tuple(
                    one for one in month.couplings
                    if one.first in ids and one.second in ids
                    and one.kind is not CouplingKind.APART
                ),
                "caregivers": tuple(
                    one.model_copy(
                        update={"shifts": tuple(s for s in one.shifts if s.date == date)}
                    )
                    for one in month.caregivers
                ),
            }
        )  # fmt: skip
        options = SolveOptions(iterations=ITERATIONS, seed=SEED, engine="search", proof=0)
        plan = solve(part, options).plan
        routes += plan.routes
        unserved += plan.unserved
        sys.stderr.write(f"{date} {len(visits)} {len(plan.unserved)}\n")
    routes.sort(key=lambda one: (one.date, one.caregiver, one.shift))
    return Plan(scenario=month.id, routes=tuple(routes), unserved=tuple(unserved))


def _days_of(month: Scenario) -> dict[str, dt.date]:
    """Return a day for each visit, such that visits that are to lie apart do."""
    apart: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for one in month.couplings:
        if one.kind is CouplingKind.APART:
            apart[one.first].append((one.second, one.min_days))
            apart[one.second].append((one.first, one.min_days))
    every = month.horizon.dates()
    load = Counter[dt.date]()
    on: dict[str, dt.date] = {}

    def fits(visit: Visit, date: dt.date) -> bool:
        return all(
            abs((on[other] - date).days) >= gap
            for other, gap in apart[visit.id]
            if other in on
        )  # fmt: skip

    for visit in sorted(month.visits, key=lambda one: (len(one.dates) or len(every), one.id)):
        days = visit.dates or every
        able = [date for date in days if fits(visit, date)] or days
        date = min(able, key=lambda one: (load[one], one))
        on[visit.id] = date
        load[date] += sum(carer.minutes for carer in visit.carers)
    return on


def _afterwards(office: Office, changes: Any) -> Office:
    """Return the office once it has learnt who had been in hospital."""
    applied = {one.client: one for one in office.applications}
    for client, stay in sorted(changes.items()):
        before = applied.get(client)
        if before is None:
            # Nobody has asked for these papers again; what is recorded goes on.
            before = Application(
                client=client, applied_on=dt.date(2025, 6, 1), served_since=dt.date(2025, 7, 1),
                marks=("veteran",), hardship="low_income", disability="limb", disability_grade=1,
            )  # fmt: skip
        applied[client] = before.model_copy(update={"changes": (*before.changes, *stay)})
    return office.model_copy(update={"applications": tuple(applied.values())})


def _next(month: MonthClosed) -> Office:
    """Return the office of the next month: who was admitted is served, what was paid is spent."""
    office, funding = month.known.office, month.decided.admission.funding
    if office is None or funding is None:
        raise ValueError("the example district has pools")
    due = sum(one.due_fen for one in month.settlement.statements)
    set_aside = {use.pool.id: use.committed for use in funding.pools}
    total = sum(set_aside.values())
    begun = {one.client for one in funding.commitments if one.standing is FundingState.ADMITTED}
    start = month.decided.given.horizon.start
    return office.model_copy(
        update={
            "pools": tuple(
                pool.model_copy(
                    update={"spent_fen": pool.spent_fen + due * set_aside[pool.id] // total}
                )
                for pool in office.pools
            ),
            "applications": tuple(
                one.model_copy(update={"served_since": start}) if one.client in begun else one
                for one in office.applications
            ),
        }
    )


def _with_present(day: Scenario, planned: Scenario) -> Scenario:
    """Return the people of the next month: with the organisations that they have now."""
    now = {one.id: one for one in planned.clients}
    return day.model_copy(
        update={
            "clients": tuple(
                one.model_copy(
                    update={
                        "organisation": now[one.id].organisation,
                        "service_choices": now[one.id].service_choices,
                    }
                )
                for one in day.clients
            )
        }
    )


def _tell(period: str, admission: Admission, plan: Plan) -> None:
    funding = admission.funding
    waiting = 0 if funding is None else len(funding.waiting)
    stops = sum(len(route.stops) for route in plan.routes)
    left = len(plan.unserved)
    sys.stderr.write(f"{period} {waiting} wait, {stops} stops, {left} visits left out\n")


if __name__ == "__main__":
    regenerate(Path(__file__).resolve().parent / "zhenhai-office")
