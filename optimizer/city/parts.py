"""A part of a city: a scenario of its own, that shares nobody and no money with the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from optimizer.domain.contract import Contract
from optimizer.domain.plan import Plan
from optimizer.domain.reason import UnservedReason
from optimizer.domain.scenario import Scenario
from optimizer.errors import Disagreement, EngineDisagreement
from optimizer.formats.plan import format_plan
from optimizer.parallel.work_item import Link
from optimizer.problem.compile import compile_problem
from optimizer.problem.translate import from_plan, to_plan
from optimizer.search.budget import Budget
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Search
from optimizer.stop import AfterIterations, AfterSeconds, FirstOf, StoppingCriterion, WhenSet
from optimizer.verification.verifier import verify
from optimizer.warm_up import make_ready

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PartOfCity:
    """A part that is to be solved.

    Attributes
    ----------
    scenario
        The part.
    start
        What the round before has found for it; None in the first one.
    budget
        Seconds or steps.
    seed
        Random seed.
    """

    scenario: Scenario = field(repr=False)
    start: Plan | None = field(repr=False)
    budget: Budget
    seed: int


@dataclass(frozen=True, slots=True)
class SolvedPart:
    """A part with its plan: verified, and what the verifier counts."""

    plan: bytes = field(repr=False)
    cost: int
    unserved: tuple[str, ...]
    iterations: int


def solve_part(part: PartOfCity, link: Link) -> SolvedPart:
    """Solve a part in whatever process this is.

    Raises
    ------
    EngineDisagreement
        If verifier and search do not agree; a defect.
    """
    make_ready(proof=False)
    data = compile_problem(part.scenario)
    search = Search(data, SearchParameters(), seed=part.seed, workers=1)
    stops: list[StoppingCriterion] = [WhenSet(link.stopped)]
    if part.budget.iterations is not None:
        stops.append(AfterIterations(part.budget.iterations))
    if part.budget.seconds is not None:
        stops.append(AfterSeconds(part.budget.seconds))
    start = None if part.start is None else from_plan(data, part.start)
    found = search.run(part.budget, FirstOf(tuple(stops)), start=start)
    plan = to_plan(data, found.routes, lambda _: UnservedReason.NOBODY_FOUND)
    verdict = verify(part.scenario, plan, data.matrices)
    if not verdict.feasible or verdict.cost != found.cost:
        told = [Disagreement("cost", str(found.cost), str(verdict.cost))]
        told += [Disagreement(one.rule.value, "kept", str(one)) for one in verdict.violations]
        raise EngineDisagreement(told)
    return SolvedPart(format_plan(plan).encode(), verdict.cost, verdict.unserved, found.iterations)


def parts_of(
    scenario: Scenario, of_client: Sequence[int], of_caregiver: Sequence[int], parts: int
) -> list[Scenario]:
    """Return a city as parts.

    Everybody is in one part, and all visits of a client with them: so purses and ties between
    visits stay whole. What a contract may give is divided by the care that its part asks for.

    Parameters
    ----------
    scenario
        The city, with its visits.
    of_client, of_caregiver
        Part of each, in the scenario's order.
    parts
        How many.
    """
    where = {one.id: part for one, part in zip(scenario.clients, of_client, strict=True)}
    staff = {one.id: part for one, part in zip(scenario.caregivers, of_caregiver, strict=True)}
    visit_in = {visit.id: where[visit.client] for visit in scenario.visits}
    care: Counter[int] = Counter()
    for visit in scenario.visits:
        care[where[visit.client]] += sum(need.minutes for need in visit.carers)
    clients = _grouped(scenario.clients, lambda one: where[one.id], parts)
    people = _grouped(scenario.caregivers, lambda one: staff[one.id], parts)
    visits = _grouped(scenario.visits, lambda one: where[one.client], parts)
    ties = _grouped(scenario.couplings, lambda one: visit_in[one.first], parts)
    known = [one for one in scenario.history if where[one.client] == staff.get(one.caregiver)]
    history = _grouped(known, lambda one: where[one.client], parts)
    return [
        scenario.model_copy(
            update={
                "id": f"{scenario.id}-{part}",
                "clients": clients[part],
                "caregivers": people[part],
                "visits": visits[part],
                "couplings": ties[part],
                "history": history[part],
                "contracts": tuple(
                    _divided(one, care[part] / max(1, care.total())) for one in scenario.contracts
                ),
                "published": None,
            }
        )
        for part in range(parts)
    ]


def _grouped(ones: Iterable[T], part_of: Callable[[T], int], parts: int) -> list[tuple[T, ...]]:
    groups: list[list[T]] = [[] for _ in range(parts)]
    for one in ones:
        groups[part_of(one)].append(one)
    return [tuple(group) for group in groups]


def _divided(contract: Contract, share: float) -> Contract:
    """Return a contract with a part's share of what is left of its caps and owed, rounded down."""
    left = {"cap": contract.left, "cap_visits": contract.left_visits, "cap_fen": contract.left_fen}
    update = {name: int(cap * share) for name, cap in left.items() if cap is not None}
    spent = {"used": 0, "used_visits": 0, "used_fen": 0, "owed": int(contract.owed * share)}
    return contract.model_copy(update=update | spent)
