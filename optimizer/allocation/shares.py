"""Who takes part in the rotation of a queue, and with which share."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.allocation.packages import Queue
from optimizer.domain.allocation import AllocationPolicy, Lot
from optimizer.domain.scenario import Scenario

WHOLE_SHARE = 1_000_000
"All of the care of a queue, in millionths."


def shares_of(
    scenario: Scenario, policy: AllocationPolicy, queue: Queue, lot: Lot
) -> Mapping[str, int]:
    """Return the share of each organisation of a queue in millionths, in file order.

    An organisation takes part where one of its contracts covers the town and one of the lot's
    services, or where the scenario lists no contracts. Its share is that of the policy, else the
    largest minimum share of these contracts; what the others leave is shared equally among
    those without.
    """
    _, town = queue
    promised = {body.organisation: body.share for body in policy.bodies}
    fixed: dict[str, int | None] = {}
    for body in scenario.organisations:
        covering = [
            contract.min_share
            for contract in scenario.contracts
            if contract.organisation == body.id
            and (not contract.towns or town in contract.towns)
            and (
                not contract.services
                or not lot.services
                or not set(contract.services).isdisjoint(lot.services)
            )
        ]
        if scenario.contracts and not covering:
            continue
        percent = promised.get(body.id)
        if percent is None:
            percent = max(covering, default=0) or None
        fixed[body.id] = None if percent is None else round(percent * WHOLE_SHARE / 100)
    left = max(0, WHOLE_SHARE - sum(one or 0 for one in fixed.values()))
    others = sum(one is None for one in fixed.values())
    equal = left // others if others else 0
    return {body: equal if one is None else one for body, one in fixed.items()}
