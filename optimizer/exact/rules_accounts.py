"""Rules about accounts: what contracts and entitlements still pay for."""

from __future__ import annotations

from ortools.sat.python import cp_model

from optimizer.domain.client import EntitlementUnit
from optimizer.exact.options import Pair
from optimizer.exact.prices import charged_to, fen_charged
from optimizer.exact.variables import Variables
from optimizer.exact.world import grouped


def charged_pairs(variables: Variables) -> dict[str, tuple[Pair, ...]]:
    """Return the pairs that would be charged to each contract, by its id."""
    return grouped(
        (contract.id, pair)
        for pair in variables.on
        if (contract := charged_to(variables.world, *pair)) is not None
    )


def contract_cap(variables: Variables) -> None:
    """Care, visits and fen charged to a contract stay within its caps."""
    world, model = variables.world, variables.model
    charged = charged_pairs(variables)
    for contract in world.scenario.contracts:
        pairs = charged.get(contract.id, ())
        if contract.cap is not None:
            model.add(variables.care(pairs) <= world.ticks(contract.cap))
        if contract.cap_visits is not None:
            firsts = [variables.on[r, k] for r, k in pairs if world.tasks[k].carer == 1]
            model.add(cp_model.LinearExpr.sum(firsts) <= contract.cap_visits)
        if contract.cap_fen is not None:
            fen = {
                (r, k): (
                    fen_charged(world, contract, world.tasks[k].full),
                    fen_charged(world, contract, world.tasks[k].short),
                )
                for r, k in pairs
            }
            model.add(variables.total(fen) <= contract.cap_fen)


def entitlement(variables: Variables) -> None:
    """What a client's visits charge to a payer stays within the entitlement."""
    world = variables.world
    for client in world.scenario.clients:
        for granted in client.entitlements:
            visits = [
                v
                for v, visit in enumerate(world.scenario.visits)
                if visit.client == client.id and visit.payer == granted.payer
            ]
            if granted.unit is EntitlementUnit.VISITS:
                count = cp_model.LinearExpr.sum([variables.served[v] for v in visits])
                variables.model.add(count <= granted.cap)
            else:
                tasks = [k for v in visits for k in world.tasks_of[v]]
                care = variables.care(p for k in tasks for p in variables.pairs_of(k))
                variables.model.add(care <= granted.cap * world.scenario.ticks_per_minute)
