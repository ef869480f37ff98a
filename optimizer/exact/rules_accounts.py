"""Rules about accounts: what contracts and entitlements still pay for."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from ortools.sat.python import cp_model

from optimizer.domain.client import Entitlement, EntitlementUnit
from optimizer.domain.policy import Rule
from optimizer.domain.purse import begin_of, purses_of
from optimizer.exact.options import Pair
from optimizer.exact.prices import fen_charged, fen_paid
from optimizer.exact.variables import Binds, Charge, Variables
from optimizer.exact.world import grouped


def contract_cap(variables: Variables) -> None:
    """Care, visits and fen charged to a contract stay within what is left of its caps."""
    world, model = variables.world, variables.model
    charges = grouped((charge[2], charge) for charge in variables.charged)
    for contract in world.scenario.contracts:
        charged = charges.get(contract.id, ())
        if contract.left is not None:
            care = care_charged(variables, charged)
            model.add(care <= world.ticks(contract.left))
        if contract.left_visits is not None:
            firsts = [
                variables.charged[charge] for charge in charged if world.tasks[charge[1]].carer == 1
            ]
            model.add(cp_model.LinearExpr.sum(firsts) <= contract.left_visits)
        if contract.left_fen is not None:
            fen = {
                charge: (
                    fen_charged(world, contract, *charge[:2], world.tasks[charge[1]].full),
                    fen_charged(world, contract, *charge[:2], world.tasks[charge[1]].short),
                )
                for charge in charged
            }
            model.add(variables.total_charged(fen) <= contract.left_fen)


def care_charged(variables: Variables, charges: Iterable[Charge]) -> cp_model.LinearExpr:
    """Return the ticks of care given under some charges."""
    tasks = variables.world.tasks
    return variables.total_charged(
        {charge: (tasks[charge[1]].full, tasks[charge[1]].short) for charge in charges}
    )


def entitlement(variables: Variables) -> None:
    """What a client's visits charge to an entitlement in one period stays within it."""
    world = variables.world
    charged = grouped(
        ((task.client.id, position, begin_of(granted.period, world.days[r].date)), (r, k))
        for r, k in variables.on
        for task in (world.tasks[k],)
        for position, granted in purses_of(task.client, task.visit)
    )
    for (client, position, begin), pairs in charged.items():
        granted = world.index.client[client].entitlements[position]
        is_first = begin == begin_of(granted.period, world.scenario.horizon.start)
        cap = max(granted.cap - granted.used, 0) if is_first else granted.cap
        _within(variables, granted, cap, pairs)


def _within(variables: Variables, granted: Entitlement, cap: int, pairs: tuple[Pair, ...]) -> None:
    """Let pairs of one period charge no more than is left of an entitlement in it."""
    world, model = variables.world, variables.model
    if granted.unit is EntitlementUnit.MINUTES:
        model.add(variables.care(pairs) <= cap * world.scenario.ticks_per_minute)
    elif granted.unit is EntitlementUnit.VISITS:
        firsts = [variables.on[r, k] for r, k in pairs if world.tasks[k].carer == 1]
        model.add(cp_model.LinearExpr.sum(firsts) <= cap)
    else:
        fen = {(r, k): fen_paid(world, granted, k) for r, k in pairs}
        model.add(variables.total(fen) <= cap)


BINDS: Binds = MappingProxyType({Rule.CONTRACT_CAP: contract_cap, Rule.ENTITLEMENT: entitlement})
