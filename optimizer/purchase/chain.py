"""The chain of one month: from who is eligible to what is paid, every step by its own rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from optimizer.allocation import allocate, resumed, with_organisations
from optimizer.domain.allocation import AllocationLog, AllocationPolicy
from optimizer.domain.cascade import LossCode
from optimizer.domain.delivery import Deliveries
from optimizer.domain.office import Office
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.needs import Needs, derive, for_engine
from optimizer.purchase.admission import Admission, admit
from optimizer.purchase.directory import Examined, examine, with_directory
from optimizer.purchase.settlement import Settlement, settle
from optimizer.purchase.tracing import Allocated, Traced, trace
from optimizer.travel import TravelMatrices


@dataclass(frozen=True)
class MonthDecided:
    """What was decided before a month began.

    Attributes
    ----------
    given, needs
        The month's scenario with its records, and what they ask for.
    office
        What was decided by.
    published
        Rules of the allocation, with what the directory says.
    rules
        The same with what the month before has left: accounts and declines.
    admission
        Who is eligible and paid for.
    examined
        The organisations on the first day.
    log
        Who was given whom.
    """

    given: Scenario
    needs: Needs
    office: Office
    published: AllocationPolicy
    rules: AllocationPolicy
    admission: Admission
    examined: tuple[Examined, ...]
    log: AllocationLog

    @cached_property
    def bought(self) -> Scenario:
        """What is bought, without records, before anybody was given an organisation."""
        return for_engine(self.admission.scenario)

    @cached_property
    def planned(self) -> Scenario:
        """What is to be planned: clients with their organisations."""
        return with_organisations(self.bought, self.rules, self.log)


@dataclass(frozen=True)
class MonthClosed:
    """What became of a month.

    Attributes
    ----------
    decided
        What was decided before.
    known
        The scenario that was planned, and what the office knows of clients afterwards.
    deliveries, settlement
        What took place, and what is paid for it.
    traced
        All care that was needed, and where it was lost.
    """

    decided: MonthDecided
    known: Admission
    plan: Plan
    deliveries: Deliveries
    settlement: Settlement
    traced: Traced


def decide_month(
    needs: Needs,
    given: Scenario,
    office: Office,
    rules: AllocationPolicy,
    before: AllocationLog | None = None,
) -> MonthDecided:
    """Admit, test the directory on the first day, and allocate.

    Parameters
    ----------
    needs, given
        What the records of a month's scenario ask for, and the scenario.
    office, rules
        What is decided by.
    before
        The log of the month before, where the accounts begin.
    """
    admission = admit(given, needs, office, needs.book)
    published = with_directory(rules, office)
    tested = published if before is None else resumed(published, before)
    bought = for_engine(admission.scenario)
    return MonthDecided(
        given=given,
        needs=needs,
        office=office,
        published=published,
        rules=tested,
        admission=admission,
        examined=examine(office, bought, given.horizon.start),
        log=allocate(bought, tested),
    )


def close_month(
    decided: MonthDecided,
    plan: Plan,
    deliveries: Deliveries,
    afterwards: Office,
    matrices: TravelMatrices | None = None,
) -> MonthClosed:
    """Settle what was delivered, and follow all care from need to payment.

    Parameters
    ----------
    decided
        What was decided before the month began.
    plan, deliveries
        The roster, and what took place.
    afterwards
        The office once the month is over: it may have learnt who had been in hospital.
    matrices
        Travel of the scenario; made from it if not given.
    """
    planned = decided.planned
    book = decided.needs.book
    known = admit(planned, derive(planned, book), afterwards, book, with_pools=False)
    settlement = settle(known, plan, deliveries, afterwards.terms, matrices)
    traced = trace(
        decided.admission,
        allocated=Allocated(decided.log, decided.rules.lots),
        plan=plan,
        settlement=settlement,
        matrices=matrices,
    )
    return MonthClosed(decided, known, plan, deliveries, settlement, traced)


def all_traced(months: Sequence[MonthClosed]) -> Traced:
    """Return the care of several months as one.

    Parameters
    ----------
    months
        At least one; all of them with the same steps.
    """
    beyond: dict[LossCode, int] = {}
    for month in months:
        for code, care in month.traced.against_order.items():
            beyond[code] = beyond.get(code, 0) + care
    return Traced(
        tuple(piece for month in months for piece in month.traced.pieces),
        months[0].traced.stages,
        beyond,
    )
