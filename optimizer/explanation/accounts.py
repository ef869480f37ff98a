"""What contracts and entitlements still pay for in a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.client import Client, Entitlement, EntitlementUnit
from optimizer.domain.contract import Contract
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.plan import Plan
from optimizer.domain.purse import begin_of, left_of, prices_of, purses_of
from optimizer.domain.tariff import tariff_of
from optimizer.explanation.codes import Obstacle
from optimizer.explanation.timeline import Task
from optimizer.matching import covering_contracts
from optimizer.travel import TravelMatrices
from optimizer.units import to_ms, to_ticks
from optimizer.verification.replay import replay

Account = tuple[Obstacle, str, str]
"""Whether a contract or an entitlement, which one and of which period, and what it counts."""

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
    held
        Contract that each stop of the plan is charged to, by visit and carer; empty where no
        contract has a cap or a share.
    """

    index: ScenarioIndex
    caps: Charges
    has_contracts: bool
    held: Mapping[tuple[str, int], str]

    @classmethod
    def of(cls, index: ScenarioIndex, plan: Plan, matrices: TravelMatrices) -> Accounts:
        """Return the accounts of a scenario, with the contracts that the stops of a plan have."""
        caps = dict(_caps(index))
        has_contracts = any(one[0] is Obstacle.CONTRACT_CAP for one in caps)
        held: dict[tuple[str, int], str] = {}
        if any(contract.is_counted for contract in index.scenario.contracts):
            played = replay(index, index.scenario, plan, matrices)
            for contract, stops in played.charged_to.items():
                held |= {(stop.visit.id, stop.stop.carer): contract for stop in stops}
        return cls(index, caps, has_contracts, held)

    def charges(
        self, task: Task, caregiver: Caregiver, day: date, used: Charges
    ) -> dict[Account, int]:
        """Return what a new stop charges to the accounts that have a cap.

        Of the contracts that cover it, the first with room beside what is `used` is charged;
        the first of all where none has room.
        """
        found = self._to_payer(task, day) | self._to_circle(task, caregiver)
        if self.has_contracts:
            contracts = covering_contracts(self.index, task.visit, caregiver, day)
            each = [self._capped(self._to_contract(task, contract, day)) for contract in contracts]
            fitting = [one for one in each if self.refusal(used, one) is None]
            found |= next(iter(fitting or each), {})
        return self._capped(found)

    def held_charges(self, task: Task, caregiver: Caregiver, day: date) -> dict[Account, int]:
        """Return what a stop of the plan charges to the accounts that have a cap."""
        found = self._to_payer(task, day) | self._to_circle(task, caregiver)
        contract = self.kept(task, caregiver, day)
        if contract is not None:
            found |= self._to_contract(task, contract, day)
        return self._capped(found)

    def kept(self, task: Task, caregiver: Caregiver, day: date) -> Contract | None:
        """Return the contract of a stop of the plan, if it covers the stop here as well."""
        held = self.held.get((task.visit.id, task.carer))
        if held is None:
            return None
        contracts = covering_contracts(self.index, task.visit, caregiver, day)
        return next((contract for contract in contracts if contract.id == held), None)

    def _capped(self, charges: Charges) -> dict[Account, int]:
        return {account: amount for account, amount in charges.items() if self._is_limited(account)}

    def _is_limited(self, account: Account) -> bool:
        """Return whether an account has a cap, or counts who comes to a client with one."""
        if account[0] is Obstacle.CAREGIVERS_PER_CLIENT:
            return self.index.most_caregivers(account[1]) is not None
        return account in self.caps

    def _to_contract(self, task: Task, contract: Contract, day: date) -> dict[Account, int]:
        client = self.index.client[task.visit.client]
        price = tariff_of(contract, client, task.visit, task.carer, day)
        care = to_ms(task.care, self.index.scenario.ticks_per_minute)
        return {
            (Obstacle.CONTRACT_CAP, contract.id, "care"): task.care,
            (Obstacle.CONTRACT_CAP, contract.id, "visits"): int(task.carer == 1),
            (Obstacle.CONTRACT_CAP, contract.id, "fen"): price.fen(care),
        }

    def _to_payer(self, task: Task, day: date) -> dict[Account, int]:
        client = self.index.client[task.visit.client]
        found: dict[Account, int] = {}
        for position, granted in purses_of(client, task.visit):
            begin = begin_of(granted.period, day)
            account = _purse(client, position, granted, begin)
            found[account] = self._paid(task, granted)
        return found

    def _to_circle(self, task: Task, caregiver: Caregiver) -> dict[Account, int]:
        """Return the stop as one by this caregiver, where a client may see only so many of them."""
        return {(Obstacle.CAREGIVERS_PER_CLIENT, task.visit.client, caregiver.id): 1}

    def _paid(self, task: Task, granted: Entitlement) -> int:
        """Return the ticks, visits or fen that a stop charges to an entitlement."""
        if granted.unit is EntitlementUnit.MINUTES:
            return task.care
        if granted.unit is EntitlementUnit.VISITS:
            return int(task.carer == 1)
        prices = prices_of(granted, task.visit)
        once = sum(price.fen_per_time for price in prices) if task.carer == 1 else 0
        rate = max((price.fen_per_hour for price in prices), default=0)
        return once + task.care * rate // (60 * self.index.scenario.ticks_per_minute)

    def refusal(self, used: Charges, more: Charges) -> Obstacle | None:
        """Return which kind of account cannot bear `more` beside what is used, if one cannot."""
        for account, amount in more.items():
            if account[0] is Obstacle.CAREGIVERS_PER_CLIENT:
                if not self._in_circle(account[1], used, more):
                    return account[0]
            elif amount and used.get(account, 0) + amount > self.caps[account]:
                return account[0]
        return None

    def _in_circle(self, client: str, used: Charges, more: Charges) -> bool:
        """Return whether no more different caregivers come to a client than may."""
        most = self.index.most_caregivers(client)
        kind = Obstacle.CAREGIVERS_PER_CLIENT
        people = {*self.index.caregiver, *(person for which, _, person in more if which is kind)}
        come = 0
        for person in people:
            account = kind, client, person
            come += used.get(account, 0) + more.get(account, 0) > 0
        return most is None or come <= most


def added(one: Charges, other: Charges, sign: int = 1) -> dict[Account, int]:
    """Return the sum of two charges, or with `sign` -1 their difference."""
    total = dict(one)
    for account, amount in other.items():
        total[account] = total.get(account, 0) + sign * amount
    return total


def _caps(index: ScenarioIndex) -> Iterator[tuple[Account, int]]:
    scenario = index.scenario
    dates = scenario.horizon.dates()
    for contract in scenario.contracts:
        caps = {"visits": contract.left_visits, "fen": contract.left_fen}
        if contract.left is not None:
            caps["care"] = to_ticks(contract.left, scenario.ticks_per_minute)
        for unit, cap in caps.items():
            if cap is not None:
                yield (Obstacle.CONTRACT_CAP, contract.id, unit), cap
    for client in scenario.clients:
        for position, granted in enumerate(client.entitlements):
            is_care = granted.unit is EntitlementUnit.MINUTES
            scale = scenario.ticks_per_minute if is_care else 1
            for begin in {begin_of(granted.period, day) for day in dates}:
                left = left_of(granted, begin, dates[0]) * scale
                yield _purse(client, position, granted, begin), left


def _purse(client: Client, position: int, granted: Entitlement, begin: date | None) -> Account:
    """Return the account of one period of an entitlement."""
    unit = "care" if granted.unit is EntitlementUnit.MINUTES else granted.unit.value
    whose = f"{client.id}/{position}" if begin is None else f"{client.id}/{position}/{begin}"
    return Obstacle.ENTITLEMENT, whose, unit
