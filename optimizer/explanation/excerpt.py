"""The part of a plan that a change concerns, as a small scenario that the verifier can judge.

A whole plan takes the verifier as long as all reasons together. What a change cannot touch need
not be judged again: routes of other caregivers whose visits are tied to none of those concerned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from optimizer.domain.contract import Contract
from optimizer.domain.plan import Plan, Route
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.explanation.accounts import Charges, added
from optimizer.explanation.codes import Obstacle
from optimizer.explanation.plan_state import PlanState
from optimizer.units import to_ms
from optimizer.verification import verify


def is_clean_in(
    state: PlanState, plan: Plan, people: Iterable[str], visits: Iterable[Visit]
) -> bool:
    """Return whether the part of a plan that a change concerns serves visits without a breach.

    Together with a clean plan before the change this says that the whole plan is clean: the
    routes left out are as they were, nothing ties them to those judged, and what they charge
    to contracts is taken off the caps.

    Parameters
    ----------
    state
        The changed scenario, with the plan before the change; its other routes are clean.
    plan
        The changed plan.
    people
        Caregivers whose routes differ.
    visits
        Visits that the change is to bring in.
    """
    wanted = tuple(visits)
    part, routes = _excerpt(state, plan, set(people), wanted)
    verdict = verify(part, routes, state.matrices)
    return not verdict.violations and not {visit.id for visit in wanted} & set(verdict.unserved)


def _excerpt(
    state: PlanState, plan: Plan, people: set[str], visits: tuple[Visit, ...]
) -> tuple[Scenario, Plan]:
    """Return scenario and plan of the people concerned and of all whom ties join to them."""
    routes: dict[str, list[Route]] = defaultdict(list)
    for route in plan.routes:
        routes[route.caregiver].append(route)
    concerned, inside = _concerned(state, routes, people, visits)
    index = state.index
    clients = dict.fromkeys(index.visit[visit].client for visit in inside)
    ties = {id(tie): tie for visit in inside for tie in state.ties.get(visit, ())}
    part = state.scenario.model_copy(
        update={
            "clients": tuple(index.client[client] for client in clients),
            "caregivers": tuple(index.caregiver[person] for person in concerned),
            "visits": tuple(index.visit[visit] for visit in inside),
            "couplings": tuple(ties.values()),
            "contracts": _contracts(state, concerned),
            "published": None,
            "history": (),
        }
    )
    kept = {
        "routes": tuple(route for person in concerned for route in routes[person]),
        "unserved": tuple(one for one in plan.unserved if one.visit in inside),
    }
    return part, plan.model_copy(update=kept)


def _concerned(
    state: PlanState, routes: Mapping[str, list[Route]], people: set[str], visits: tuple[Visit, ...]
) -> tuple[list[str], list[str]]:
    """Return caregivers and visits concerned, each once."""
    persons, inside = dict[str, None](), dict[str, None]()
    # The client's other visits draw on the same entitlement.
    purse = [
        other
        for visit in visits
        for other in (state.index.visit[one] for one in state.visits_of[visit.client])
        if other.id == visit.id or (visit.payer is not None and other.payer == visit.payer)
    ]
    more_visits = [visit.id for visit in purse]
    more_people = [*people, *(one for visit in purse for one in _carers(state, visit.id))]
    while more_visits or more_people:
        if more_visits:
            visit = more_visits.pop()
            if visit not in inside:
                inside[visit] = None
                ties = state.ties.get(visit, ())
                if ties or len(state.index.visit[visit].carers) > 1:
                    more_visits += [one for tie in ties for one in (tie.first, tie.second)]
                    more_people += _carers(state, visit)
        elif (person := more_people.pop()) not in persons:
            persons[person] = None
            more_visits += [stop.visit for route in routes.get(person, ()) for stop in route.stops]
    return list(persons), list(inside)


def _carers(state: PlanState, visit: str) -> list[str]:
    return list(state.carers.get(visit, {}).values())


def _contracts(state: PlanState, concerned: list[str]) -> tuple[Contract, ...]:
    """Return the contracts without what the routes left out charge to them."""
    contracts = state.scenario.contracts
    caps = (cap for one in contracts for cap in (one.cap, one.cap_visits, one.cap_fen))
    if all(cap is None for cap in caps):
        return contracts
    outside = dict(state.used)
    for person in concerned:
        for key in state.shifts_of(state.index.caregiver[person]):
            line = state.lines[key]
            for task in line.tasks:
                charges = state.accounts.held_charges(task, line.caregiver, line.date)
                outside = added(outside, charges, -1)
    return tuple(_without(state, contract, outside) for contract in contracts)


def _without(state: PlanState, contract: Contract, outside: Charges) -> Contract:
    care, visits, fen = (
        outside.get((Obstacle.CONTRACT_CAP, contract.id, unit), 0)
        for unit in ("care", "visits", "fen")
    )
    care = to_ms(care, state.scenario.ticks_per_minute)
    return contract.model_copy(
        update={
            "used": contract.used + care,
            "used_visits": contract.used_visits + visits,
            "used_fen": contract.used_fen + fen,
        }
    )
