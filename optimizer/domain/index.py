"""Look-ups by id over one scenario, built once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from optimizer.domain.caregiver import Caregiver, Shift
from optimizer.domain.client import Client
from optimizer.domain.contract import Contract, Organisation
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit


@dataclass(frozen=True, slots=True)
class ScenarioIndex:
    """Every record of a scenario by its id, and who works when.

    Attributes
    ----------
    scenario
        The scenario that is indexed.
    dates
        All days of its horizon, in order.
    client, caregiver, visit, organisation
        Record per id.
    contracts_of
        Contracts per organisation id, in file order; no entry is missing for an
        organisation of the scenario.
    familiar
        Caregivers whom a client knows, per client id: those of the history with as many
        visits as `familiar_after` asks for, or with no number. Empty for a client without;
        caregivers who are gone count no more.
    """

    scenario: Scenario
    dates: tuple[date, ...]
    client: Mapping[str, Client]
    caregiver: Mapping[str, Caregiver]
    visit: Mapping[str, Visit]
    organisation: Mapping[str, Organisation]
    contracts_of: Mapping[str, tuple[Contract, ...]]
    familiar: Mapping[str, frozenset[str]]
    _shifts: Mapping[tuple[str, date], tuple[Shift, ...]]

    @classmethod
    def of(cls, scenario: Scenario) -> Self:
        """Index a scenario; of two records with the same id the later one is found."""
        return cls(
            scenario=scenario,
            dates=scenario.horizon.dates(),
            client={client.id: client for client in scenario.clients},
            caregiver={caregiver.id: caregiver for caregiver in scenario.caregivers},
            visit={visit.id: visit for visit in scenario.visits},
            organisation={body.id: body for body in scenario.organisations},
            contracts_of=_contracts_of(scenario),
            familiar=_familiar(scenario),
            _shifts=_shifts(scenario.caregivers),
        )

    def most_caregivers(self, client: str) -> int | None:
        """Return how many different caregivers may come to a client; None for any number."""
        own = self.client[client].most_caregivers
        return self.scenario.policy.most_caregivers if own is None else own

    def varied(
        self, scenario: Scenario, visits: Iterable[Visit], caregivers: Iterable[Caregiver]
    ) -> Self:
        """Return the index of a scenario that differs in some visits and caregivers only.

        Parameters
        ----------
        scenario
            The other scenario.
        visits, caregivers
            Its records that are not in this one; ids may be the same or new. The shifts of
            a caregiver lie on the same days as before.
        """
        people = tuple(caregivers)
        return replace(
            self,
            scenario=scenario,
            caregiver={**self.caregiver, **{person.id: person for person in people}},
            visit={**self.visit, **{visit.id: visit for visit in visits}},
            _shifts={**self._shifts, **_shifts(people)},
        )

    def allowed_dates(self, visit: Visit) -> tuple[date, ...]:
        """Return the days of the horizon on which a visit may take place, in order.

        These are the visit's dates, or all days if it lists none; a pinned date leaves
        at most that one.
        """
        days = self.dates
        if visit.dates:
            days = tuple(day for day in days if day in visit.dates)
        if visit.pin is not None and visit.pin.date is not None:
            days = tuple(day for day in days if day == visit.pin.date)
        return days

    def shifts_on(self, caregiver_id: str, day: date) -> tuple[Shift, ...]:
        """Return a caregiver's shifts of one day by start; none for somebody unknown."""
        return self._shifts.get((caregiver_id, day), ())


def _contracts_of(scenario: Scenario) -> dict[str, tuple[Contract, ...]]:
    contracts: dict[str, list[Contract]] = {body.id: [] for body in scenario.organisations}
    for contract in scenario.contracts:
        contracts.setdefault(contract.organisation, []).append(contract)
    return {organisation: tuple(found) for organisation, found in contracts.items()}


def _familiar(scenario: Scenario) -> dict[str, frozenset[str]]:
    people: dict[str, set[str]] = {client.id: set() for client in scenario.clients}
    here = {caregiver.id for caregiver in scenario.caregivers}
    for entry in scenario.history:
        is_often = entry.visits is None or entry.visits >= scenario.policy.familiar_after
        # A client who has lost somebody may get to know somebody else at no cost.
        if is_often and entry.caregiver in here:
            people.setdefault(entry.client, set()).add(entry.caregiver)
    return {client: frozenset(caregivers) for client, caregivers in people.items()}


def _shifts(caregivers: Iterable[Caregiver]) -> dict[tuple[str, date], tuple[Shift, ...]]:
    shifts: dict[tuple[str, date], list[Shift]] = defaultdict(list)
    for caregiver in caregivers:
        for shift in caregiver.shifts:
            shifts[caregiver.id, shift.date].append(shift)
    return {
        key: tuple(sorted(found, key=lambda shift: shift.start)) for key, found in shifts.items()
    }
