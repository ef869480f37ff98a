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
from optimizer.explanation.board import Board
from optimizer.explanation.codes import Obstacle
from optimizer.units import to_ms
from optimizer.verification import verify


def is_clean_in(board: Board, plan: Plan, people: Iterable[str], visits: Iterable[Visit]) -> bool:
    """Return whether the part of a plan that a change concerns serves visits without a breach.

    Together with a clean plan before the change this says that the whole plan is clean: the
    routes left out are as they were, nothing ties them to those judged, and what they charge
    to contracts is taken off the caps.

    Parameters
    ----------
    board
        The changed scenario, with the plan before the change; its other routes are clean.
    plan
        The changed plan.
    people
        Caregivers whose routes differ.
    visits
        Visits that the change is to bring in.
    """
    wanted = tuple(visits)
    part, routes = _excerpt(board, plan, set(people), wanted)
    verdict = verify(part, routes, board.matrices)
    return not verdict.violations and not {visit.id for visit in wanted} & set(verdict.unserved)


def _excerpt(
    board: Board, plan: Plan, people: set[str], visits: tuple[Visit, ...]
) -> tuple[Scenario, Plan]:
    """Return scenario and plan of the people concerned and of all whom ties join to them."""
    routes: dict[str, list[Route]] = defaultdict(list)
    for route in plan.routes:
        routes[route.caregiver].append(route)
    concerned, inside = _concerned(board, routes, people, visits)
    index = board.index
    clients = dict.fromkeys(index.visit[visit].client for visit in inside)
    ties = {id(tie): tie for visit in inside for tie in board.ties.get(visit, ())}
    part = board.scenario.model_copy(
        update={
            "clients": tuple(index.client[client] for client in clients),
            "caregivers": tuple(index.caregiver[person] for person in concerned),
            "visits": tuple(index.visit[visit] for visit in inside),
            "couplings": tuple(ties.values()),
            "contracts": _contracts(board, concerned),
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
    board: Board, routes: Mapping[str, list[Route]], people: set[str], visits: tuple[Visit, ...]
) -> tuple[list[str], list[str]]:
    """Return caregivers and visits concerned, each once."""
    persons, inside = dict[str, None](), dict[str, None]()
    # The client's other visits draw on the same entitlement.
    purse = [
        other
        for visit in visits
        for other in (board.index.visit[one] for one in board.visits_of[visit.client])
        if other.id == visit.id or (visit.payer is not None and other.payer == visit.payer)
    ]
    more_visits = [visit.id for visit in purse]
    more_people = [*people, *(one for visit in purse for one in _carers(board, visit.id))]
    while more_visits or more_people:
        if more_visits:
            visit = more_visits.pop()
            if visit not in inside:
                inside[visit] = None
                ties = board.ties.get(visit, ())
                if ties or len(board.index.visit[visit].carers) > 1:
                    more_visits += [one for tie in ties for one in (tie.first, tie.second)]
                    more_people += _carers(board, visit)
        elif (person := more_people.pop()) not in persons:
            persons[person] = None
            more_visits += [stop.visit for route in routes.get(person, ()) for stop in route.stops]
    return list(persons), list(inside)


def _carers(board: Board, visit: str) -> list[str]:
    return list(board.carers.get(visit, {}).values())


def _contracts(board: Board, concerned: list[str]) -> tuple[Contract, ...]:
    """Return the contracts without what the routes left out charge to them."""
    contracts = board.scenario.contracts
    caps = (cap for one in contracts for cap in (one.cap, one.cap_visits, one.cap_fen))
    if all(cap is None for cap in caps):
        return contracts
    outside = dict(board.used)
    for person in concerned:
        for key in board.shifts_of(board.index.caregiver[person]):
            line = board.lines[key]
            for task in line.tasks:
                charges = board.accounts.charges(task, line.caregiver, line.date)
                outside = added(outside, charges, -1)
    return tuple(_without(board, contract, outside) for contract in contracts)


def _without(board: Board, contract: Contract, outside: Charges) -> Contract:
    care, visits, fen = (
        outside.get((Obstacle.CONTRACT_CAP, contract.id, unit), 0)
        for unit in ("care", "visits", "fen")
    )
    care = to_ms(care, board.scenario.ticks_per_minute)
    return contract.model_copy(
        update={
            "cap": None if contract.cap is None else contract.cap - care,
            "cap_visits": None if contract.cap_visits is None else contract.cap_visits - visits,
            "cap_fen": None if contract.cap_fen is None else contract.cap_fen - fen,
        }
    )
