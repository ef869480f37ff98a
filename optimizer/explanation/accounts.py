"""What contracts and entitlements still pay for in a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.client import EntitlementUnit
from optimizer.domain.index import ScenarioIndex
from optimizer.explanation.codes import Obstacle
from optimizer.explanation.timeline import Task
from optimizer.matching import charged_contract
from optimizer.units import to_ticks

Account = tuple[Obstacle, str, str]
"""Whether a contract or an entitlement, whose, and what it counts."""

Charges = Mapping[Account, int]
"""Ticks of care, visits or fen per account."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """Caps of all accounts of a scenario, in ticks of care, visits or fen.

    Attributes
    ----------
    index
        The scenario.
    caps
        Cap per account that has one.
    has_contracts
        Whether any contract has a cap; where none has, nobody asks which one pays.
    """

    index: ScenarioIndex
    caps: Charges
    has_contracts: bool

    @classmethod
    def of(cls, index: ScenarioIndex) -> Accounts:
        """Return the accounts of a scenario."""
        caps = dict(_caps(index))
        return cls(index, caps, any(one[0] is Obstacle.CONTRACT_CAP for one in caps))

    def charges(self, task: Task, caregiver: Caregiver, day: date) -> dict[Account, int]:
        """Return what a stop charges to the accounts that have a cap."""
        found = self._to_payer(task)
        if self.has_contracts:
            found |= self._to_contract(task, caregiver, day)
        return {account: amount for account, amount in found.items() if account in self.caps}

    def _to_contract(self, task: Task, caregiver: Caregiver, day: date) -> dict[Account, int]:
        contract = charged_contract(self.index, task.visit, caregiver, day)
        if contract is None:
            return {}
        hour = 60 * self.index.scenario.ticks_per_minute
        return {
            (Obstacle.CONTRACT_CAP, contract.id, "care"): task.care,
            (Obstacle.CONTRACT_CAP, contract.id, "visits"): int(task.carer == 1),
            (Obstacle.CONTRACT_CAP, contract.id, "fen"): task.care * contract.fen_per_hour // hour,
        }

    def _to_payer(self, task: Task) -> dict[Account, int]:
        if task.visit.payer is None:
            return {}
        purse = f"{task.visit.client}/{task.visit.payer}"
        return {
            (Obstacle.ENTITLEMENT, purse, "care"): task.care,
            (Obstacle.ENTITLEMENT, purse, "visits"): int(task.carer == 1),
        }

    def refusal(self, used: Charges, more: Charges) -> Obstacle | None:
        """Return which kind of account cannot bear `more` beside what is used, if one cannot."""
        for account, amount in more.items():
            if amount and used.get(account, 0) + amount > self.caps[account]:
                return account[0]
        return None


def added(one: Charges, other: Charges, sign: int = 1) -> dict[Account, int]:
    """Return the sum of two charges, or with `sign` -1 their difference."""
    total = dict(one)
    for account, amount in other.items():
        total[account] = total.get(account, 0) + sign * amount
    return total


def _caps(index: ScenarioIndex) -> Iterator[tuple[Account, int]]:
    scenario = index.scenario
    for contract in scenario.contracts:
        caps = {"visits": contract.cap_visits, "fen": contract.cap_fen}
        if contract.cap is not None:
            caps["care"] = to_ticks(contract.cap, scenario.ticks_per_minute)
        for unit, cap in caps.items():
            if cap is not None:
                yield (Obstacle.CONTRACT_CAP, contract.id, unit), cap
    least: dict[Account, int] = {}
    for client in scenario.clients:
        for granted in client.entitlements:
            is_care = granted.unit is EntitlementUnit.MINUTES
            account = Obstacle.ENTITLEMENT, f"{client.id}/{granted.payer}", _unit(is_care)
            cap = granted.cap * (scenario.ticks_per_minute if is_care else 1)
            least[account] = min(cap, least.get(account, cap))
    yield from least.items()


def _unit(is_care: bool) -> str:
    return "care" if is_care else "visits"
