"""Rules about accounts: what contracts and entitlements still pay for."""

from __future__ import annotations

from types import MappingProxyType

from ortools.sat.python import cp_model

from optimizer.domain.client import Entitlement, EntitlementUnit
from optimizer.domain.policy import Rule
from optimizer.domain.purse import begin_of, purses_of
from optimizer.exact.options import Pair
from optimizer.exact.prices import charged_to, fen_charged, fen_paid
from optimizer.exact.variables import Binds, Variables
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
    """What a client's visits charge to an entitlement in one period stays within it."""
    world = variables.world
    charged = grouped(
        ((task.client.id, position, begin_of(granted.period, world.days[r].date)), (r, k))
        for r, k in variables.on
        for task in (world.tasks[k],)
        for position, granted in purses_of(task.client, task.visit)
    )
    for (client, position, _), pairs in charged.items():
        granted = world.index.client[client].entitlements[position]
        _within(variables, granted, pairs)


def _within(variables: Variables, granted: Entitlement, pairs: tuple[Pair, ...]) -> None:
    """Let pairs of one period charge no more than an entitlement grants in it."""
    world, model = variables.world, variables.model
    if granted.unit is EntitlementUnit.MINUTES:
        model.add(variables.care(pairs) <= granted.cap * world.scenario.ticks_per_minute)
    elif granted.unit is EntitlementUnit.VISITS:
        firsts = [variables.on[r, k] for r, k in pairs if world.tasks[k].carer == 1]
        model.add(cp_model.LinearExpr.sum(firsts) <= granted.cap)
    else:
        fen = {(r, k): fen_paid(world, granted, k) for r, k in pairs}
        model.add(variables.total(fen) <= granted.cap)


BINDS: Binds = MappingProxyType({Rule.CONTRACT_CAP: contract_cap, Rule.ENTITLEMENT: entitlement})
