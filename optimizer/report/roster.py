"""What a report is made from: a plan, its scenario, and what both cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.client import Client
from optimizer.domain.plan import Plan, Route
from optimizer.domain.policy import Term
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.gap import gap_to
from optimizer.needs import Book, Gap, Needs, Raised, alerts_of, default_book, gap_of_all
from optimizer.prepare import Prepared
from optimizer.result import Result
from optimizer.verification.verdict import Verdict, Violation


@dataclass(frozen=True)
class Roster:
    """A plan with everything that a report says about it.

    Attributes
    ----------
    scenario, plan
        The problem and its plan; the plan may break rules.
    verdict
        What the verifier says of the plan.
    result
        How the plan was made and what is proven of it; None of a plan read from a file.
    needs
        What the scenario's health records ask for; None if it has none.
    prepared
        The problem as the verifier has judged it; None where nobody asks what would help.
    """

    scenario: Scenario
    plan: Plan
    verdict: Verdict
    result: Result | None = None
    needs: Needs | None = None
    prepared: Prepared | None = None

    @classmethod
    def of_verdict(cls, prepared: Prepared, plan: Plan, verdict: Verdict) -> Roster:
        """Return the roster of a plan that the verifier has judged."""
        needs = prepared.needs if prepared.needs.clients else None
        return cls(prepared.scenario, plan, verdict, needs=needs, prepared=prepared)

    @classmethod
    def of_result(cls, result: Result) -> Roster:
        """Return the roster that a solve has made."""
        judged = cls.of_verdict(result.prepared, result.plan, result.verdict)
        return replace(judged, result=result)

    @property
    def cost(self) -> int:
        """Cost in ticks of travel."""
        return self.verdict.cost

    @property
    def cost_breakdown(self) -> Mapping[Term, int]:
        """Weighted cost of every term, in ticks of travel."""
        return self.verdict.cost_breakdown

    @property
    def quantities(self) -> Mapping[Term, int]:
        """Unweighted quantity of every term, in the units of ``docs/problem.md``."""
        return self.verdict.quantities

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Rules that the plan breaks."""
        return self.verdict.violations

    @property
    def lower_bound(self) -> int | None:
        """Proven bound of the cost in ticks of travel, if there is one."""
        return None if self.result is None else self.result.lower_bound

    @property
    def least_unserved(self) -> int:
        """Visits that must stay unserved whatever anyone does; 0 if nothing is proven."""
        return 0 if self.result is None else self.result.least_unserved or 0

    @property
    def gap(self) -> float | None:
        """Largest part of the cost that a better plan could save, 0 to 1; None if unknown."""
        return gap_to(self.lower_bound, self.cost)

    @cached_property
    def care_gap(self) -> Gap | None:
        """Minutes needed, paid for and on the roster; None without health records."""
        return None if self.needs is None else gap_of_all(self.needs.clients, self.served)

    @cached_property
    def alerts(self) -> tuple[Raised, ...]:
        """What visits cannot answer for; gaps in the records are no matter of the roster."""
        raised = () if self.needs is None else alerts_of(self.needs.book, self.needs.clients)
        return tuple(one for one in raised if one.alert.severity != "notice")

    @property
    def book(self) -> Book:
        """Catalogue and rules that name services; those of the package without health records."""
        return default_book() if self.needs is None else self.needs.book

    @cached_property
    def clients(self) -> Mapping[str, Client]:
        """Clients by id."""
        return {client.id: client for client in self.scenario.clients}

    @cached_property
    def caregivers(self) -> Mapping[str, Caregiver]:
        """Caregivers by id."""
        return {caregiver.id: caregiver for caregiver in self.scenario.caregivers}

    @cached_property
    def visits(self) -> Mapping[str, Visit]:
        """Visits by id."""
        return {visit.id: visit for visit in self.scenario.visits}

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """Routes by day, then in the scenario's order of caregivers, then by shift."""
        order = {caregiver.id: row for row, caregiver in enumerate(self.scenario.caregivers)}
        last = len(order)
        return tuple(
            sorted(
                self.plan.routes,
                key=lambda route: (route.date, order.get(route.caregiver, last), route.shift),
            )
        )

    @cached_property
    def served(self) -> frozenset[str]:
        """Ids of the visits that all their carers attend."""
        carers: dict[str, set[int]] = defaultdict(set)
        for route in self.plan.routes:
            for stop in route.stops:
                carers[stop.visit].add(stop.carer)
        return frozenset(
            visit.id for visit in self.scenario.visits if len(carers[visit.id]) == len(visit.carers)
        )

    @cached_property
    def unserved(self) -> tuple[tuple[Visit, str], ...]:
        """Visits not served, in the scenario's order, with the code of the first reason."""
        reasons = {entry.visit: entry.reason for entry in self.plan.unserved}
        return tuple(
            (visit, reasons.get(visit.id, ""))
            for visit in self.scenario.visits
            if visit.id not in self.served
        )

    def client_of(self, visit_id: str) -> str:
        """Return the client id of a visit; empty if the scenario does not know the visit."""
        visit = self.visits.get(visit_id)
        return visit.client if visit else ""
