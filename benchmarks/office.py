"""The purchaser's office on a district's day: how long the chain takes, and what it finds."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from benchmarks.markdown import cell
from benchmarks.named_days import SEED, ZHENHAI
from benchmarks.office_bank import BOOKED_ON, invented_bank
from benchmarks.office_day import invented_office, planted_day
from benchmarks.office_district import measured_months, sums_that_hold
from benchmarks.suite import Measurement, Settings, Suite, Table
from optimizer import SolveOptions, solve
from optimizer.allocation import allocate
from optimizer.domain.allocation import AllocationPolicy
from optimizer.domain.delivery import Terms
from optimizer.domain.plan import Plan
from optimizer.domain.supervision import Supervision
from optimizer.errors import UsageError
from optimizer.formats import check_scenario
from optimizer.generate import RECIPES, generate_scenario
from optimizer.needs import default_book, derive
from optimizer.purchase import (
    Allocated,
    By,
    Evaluation,
    Observed,
    admit,
    cascade,
    evaluate,
    settle,
    trace,
)
from optimizer.purchase.time_bank import book_orders, open_books
from optimizer.units import MS_PER_MINUTE

ITERATIONS = 3_000
RULES = AllocationPolicy(period="2026-03", draw="welfare lottery 3D 2026-052: 3 8 5")
_DAYS = ZHENHAI[1:3]
"Days that have contracts."
DISTRICT = "zhenhai-office"
"Case of the example district, three months as they are shipped."


def run(settings: Settings) -> Iterator[Measurement]:
    """Run the chain on districts' days; the search of the roster is not counted.

    Raises
    ------
    UsageError
        If no case is wanted.
    """
    days = _DAYS[:1] if settings.smoke else _DAYS
    cases = [name for name in days if settings.wants(name)]
    with_district = settings.wants(DISTRICT) and not settings.smoke
    if not cases and not with_district:
        raise UsageError(f"Nothing fits {settings.only}; there are {_DAYS} and {DISTRICT}.")
    for name in cases:
        iterations = 50 if settings.smoke else settings.iterations or ITERATIONS
        yield _measured(name, iterations)
    if with_district:
        yield from _district()


def _district() -> Iterator[Measurement]:
    """Run the chain of the example district, month by month."""
    for one in measured_months():
        funding = one.month.decided.admission.funding
        steps = cascade(one.month.traced)[0].steps
        yield Measurement(
            f"{DISTRICT} {one.period}",
            SEED,
            {
                "clients": len(one.month.decided.given.clients),
                "waiting": 0 if funding is None else len(funding.waiting),
                "stops": len(one.month.settlement.lines),
                "seconds": round(one.seconds, 2),
                "needed": steps[0].care // (60 * MS_PER_MINUTE),
                "paid": steps[-1].care // (60 * MS_PER_MINUTE),
                "planted": one.planted,
                "found": one.found,
                "false": one.false,
                "sums": one.sums,
                "broken": one.broken,
                "recounted": one.recounted,
                "moved": ", ".join(one.moved) or "nothing",
                "valid": not one.broken and not one.recounted and not one.moved,
            },
        )


def _measured(name: str, iterations: int) -> Measurement:
    given = generate_scenario(RECIPES[name], SEED)
    office = invented_office(given, SEED)
    book = default_book()
    begun = time.process_time()
    asked = derive(given, book)
    admission = admit(given, asked, office, book)
    log = allocate(admission.scenario, RULES)
    before = time.process_time() - begun
    faults = check_scenario(admission.scenario).faults
    options = SolveOptions(iterations=iterations, seed=SEED, engine="search", proof=0)
    plan = solve(admission.scenario, options).plan
    day = planted_day(admission.needs.scenario, plan, office, SEED)
    begun = time.process_time()
    # Settled is what was planned; that more is known of clients by then changes no visit.
    planned = admission.scenario
    known = admit(planned, derive(planned, book), day.office, book, with_pools=False)
    settlement = settle(known, plan, day.deliveries, day.office.terms)
    traced = trace(
        admission, allocated=Allocated(log, RULES.lots), plan=plan, settlement=settlement
    )
    cascades = cascade(traced, tuple(By))
    seconds = before + time.process_time() - begun
    told = {(one.visit, one.carer, str(one.doubt)) for one in settlement.doubts}
    found = sum((*key, doubt) in told for key, doubt in day.faults.items())
    false = sum(
        (visit, carer) not in day.faults and (visit, carer) not in day.touched
        for visit, carer, _ in told
        if visit is not None
    )
    begun = time.process_time()
    observed = Observed(known, day.deliveries, settlement)
    evaluation = evaluate([observed], Supervision(), day.office.evaluation)
    evaluating = time.process_time() - begun
    begun = time.process_time()
    booked = book_orders(invented_bank(SEED), BOOKED_ON, by="benchmark")
    books, blocked = open_books(booked.bank)
    booking = time.process_time() - begun
    is_sound = not blocked and sum(books.balances.values()) == 0
    funding = admission.funding
    whole = cascades[0]
    return Measurement(
        name,
        SEED,
        {
            "clients": len(given.clients),
            "waiting": 0 if funding is None else len(funding.waiting),
            "stops": len(settlement.lines),
            "seconds": round(seconds, 2),
            "needed": whole.steps[0].care // (60 * MS_PER_MINUTE),
            "paid": whole.steps[-1].care // (60 * MS_PER_MINUTE),
            "planted": len(day.faults) + day.unmatched,
            "found": found + len(settlement.unmatched),
            "false": false,
            "evaluating": round(evaluating, 3),
            "booked": len(booked.transfers),
            "booking": round(booking, 3),
            "valid": not faults
            and all(sums_that_hold(cascades, tuple(By)))
            and is_sound
            and _is_evaluated_in_any_order(observed, evaluation, day.office.terms, plan),
        },
    )


def _is_evaluated_in_any_order(
    observed: Observed, evaluation: Evaluation, terms: Terms, plan: Plan
) -> bool:
    """Return whether deliveries from last to first give the same evaluation."""
    rows = observed.deliveries.deliveries[::-1]
    turned = observed.deliveries.model_copy(update={"deliveries": rows})
    settled = settle(observed.admission, plan, turned, terms)
    again = Observed(observed.admission, turned, settled)
    return evaluate([again], Supervision(), evaluation.terms) == evaluation


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one table of the chain."""
    figures = (
        "clients", "waiting", "stops", "seconds", "needed", "paid", "planted", "found", "false",
        "evaluating", "booked", "booking",
    )  # fmt: skip
    columns = (
        "day", "clients", "waiting", "stops", "CPU s", "needed (h)", "paid (h)",
        "faults planted", "found", "false alarms", "evaluation (CPU s)",
        "transfers of the time bank", "booking (CPU s)",
    )  # fmt: skip
    rows = tuple(
        (m.case, *(cell(m.figures.get(name), 2) for name in figures)) for m in measurements
    )
    notes = (
        (
            "The chain: deriving needs, admission with pools and waiting list, allocation, "
            "settlement and cascade; twice the admission, since afterwards more is known of "
            "clients. The search of the roster is not counted."
        ),
        (
            "A false alarm is a doubt about a stop that no planted fault has touched. Of the "
            "example district seconds count reading the files too. A day is invalid if what is to "
            "be planned has a fault, or the losses of any group do not add up to the millisecond "
            "and the fen, deliveries from last to first give another evaluation, or the balances "
            "of the time bank do not sum to zero."
        ),
    )
    chain = Table("The purchaser's office", columns, rows, notes)
    months = [m for m in measurements if "sums" in m.figures]
    return [chain, _district_table(months)] if months else [chain]


def _district_table(months: Sequence[Measurement]) -> Table:
    figures = ("sums", "broken", "recounted", "moved")
    columns = (
        "month", "sums of cascades checked", "that do not hold",
        "lines of the allocation recounted otherwise", "moved by names, order or hour",
    )  # fmt: skip
    notes = (
        (
            "Sums: in each of the 16 groupings by town, category, purse and organisation, every "
            "step less its losses, and every group added up, in milliseconds and fen. Recounted by "
            "benchmarks/recount_allocation.py, which needs Python alone."
        ),
        (
            "Moved: of the first month the lists of all files are turned, deliveries shuffled, "
            "all clients and caregivers renamed, and the clocks set half a day on; allocation "
            "(not under other names, by which its lots are drawn), what contracts are owed and "
            "scores are compared."
        ),
    )
    rows = tuple((m.case, *(cell(m.figures.get(name), 0) for name in figures)) for m in months)
    return Table("The example district", columns, rows, notes)


SUITE = Suite(
    name="office",
    purpose="How long a purchaser's chain takes, from need to payment, and which faults it finds.",
    headline="seconds",
    seconds=None,
    run=run,
    tables=tables,
)
