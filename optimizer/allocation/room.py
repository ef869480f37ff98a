"""What organisations and their contracts can still be given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.allocation.packages import Package
from optimizer.domain.allocation import Body, Finding
from optimizer.domain.client import Client
from optimizer.domain.contract import Contract
from optimizer.domain.tariff import tariff_of
from optimizer.domain.visit import Visit

_Use = tuple[int, int, int]
"Milliseconds, visits and fen."


@dataclass(slots=True)
class Room:
    """Counts what has been given; the records it counts against are not changed.

    Parameters
    ----------
    contracts
        All contracts of the scenario.
    bodies
        Organisations with a capacity, among others.
    """

    contracts: tuple[Contract, ...]
    _left: dict[str, int]
    _used: dict[str, _Use]

    @classmethod
    def of(cls, contracts: tuple[Contract, ...], bodies: Sequence[Body]) -> Room:
        """Begin with nothing given."""
        left = {body.organisation: body.capacity for body in bodies if body.capacity is not None}
        return cls(contracts, left, {contract.id: (0, 0, 0) for contract in contracts})

    def against(self, organisation: str, package: Package) -> Finding | None:
        """Return what is used up so that a package has no room; None if it has."""
        if self._left.get(organisation, package.care) < package.care:
            return Finding.FULL
        if self.contracts and not self._charged(organisation, package)[0]:
            return Finding.CAP_USED
        return None

    def give(self, organisation: str, package: Package) -> None:
        """Count a package as given, whether it has room or not."""
        if organisation in self._left:
            self._left[organisation] -= package.care
        self._used |= self._charged(organisation, package)[1]

    def _charged(self, organisation: str, package: Package) -> tuple[bool, dict[str, _Use]]:
        """Return whether a package has room in the contracts, and their use with it.

        Each visit goes to the first contract that covers it and has room, else to the first.
        """
        fits = True
        used = dict[str, _Use]()
        covering = package.covering(self.contracts, organisation)
        for visit, day, contracts in zip(package.visits, package.days, covering, strict=True):
            sums = [
                _sum(
                    used.get(contract.id, self._used[contract.id]),
                    _use(contract, package.client, visit, day),
                )
                for contract in contracts
            ]
            roomy = [n for n, one in enumerate(contracts) if _is_within(one, sums[n])]
            fits = fits and bool(roomy)
            if contracts:
                number = roomy[0] if roomy else 0
                used[contracts[number].id] = sums[number]
        return fits, used


def _use(contract: Contract, client: Client, visit: Visit, day: dt.date) -> _Use:
    """Return what a visit is charged; fen are rounded down per stop, as the engine does."""
    fen = sum(
        tariff_of(contract, client, visit, number, day).fen(carer.minutes)
        for number, carer in enumerate(visit.carers, 1)
    )
    return sum(carer.minutes for carer in visit.carers), 1, fen


def _sum(one: _Use, other: _Use) -> _Use:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _is_within(contract: Contract, use: _Use) -> bool:
    caps = (contract.left, contract.left_visits, contract.left_fen)
    return all(cap is None or used <= cap for cap, used in zip(caps, use, strict=True))
