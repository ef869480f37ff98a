"""Who may visit whom on which day, for a whole scenario at once."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date

import numpy as np
from numpy import bool_
from numpy.typing import NDArray

from optimizer.domain.client import Client, Gender
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.visit import CarerNeed, Requirement, Visit
from optimizer.matching.contracts import belongs, charged_contract

Bools = NDArray[bool_]


def eligible(index: ScenarioIndex) -> NDArray[bool_]:
    """Tell for every task, caregiver and day whether there is no reason against it.

    The answer is that of `reasons_against`; tasks with the same requirements, gender and
    contract conditions share one table.

    Returns
    -------
    array of bool
        Shape ``(tasks, caregivers, days)``: tasks are the visits' carers, visits in file
        order and carer 1 before carer 2; caregivers in file order; days of the horizon.
    """
    scenario = index.scenario
    num_tasks = sum(len(visit.carers) for visit in scenario.visits)
    answer = np.zeros((num_tasks, len(scenario.caregivers), len(index.dates)), bool_)
    tables = _Tables(index)
    task = 0
    for visit in scenario.visits:
        client = index.client[visit.client]
        open_days = tables.open_days(visit)
        strangers = tables.refused(client)
        for number, need in enumerate(visit.carers):
            row = answer[task]
            row[:] = tables.shared(visit, client, need)
            if open_days is not None:
                row &= open_days
            if strangers:
                row[strangers] = False
            pinned = visit.pin.caregivers[number : number + 1] if visit.pin is not None else ()
            if pinned and pinned[0] is not None:
                row &= tables.only(pinned[0])
            task += 1
    return answer


class _Tables:
    """Tables of shape ``(caregivers, days)`` or broadcast to it, each made once."""

    def __init__(self, index: ScenarioIndex) -> None:
        self._index = index
        self._caregivers = index.scenario.caregivers
        self._position = {g.id: number for number, g in enumerate(self._caregivers)}
        self._ordinals = np.array([day.toordinal() for day in index.dates])
        self._shift = np.array(
            [[bool(index.shifts_on(g.id, day)) for day in index.dates] for g in self._caregivers],
            bool_,
        ).reshape(len(self._caregivers), len(index.dates))
        self._last_day: dict[Requirement, Bools] = {}
        self._responsible: dict[Hashable, Bools] = {}
        self._shared: dict[Hashable, Bools] = {}

    def shared(self, visit: Visit, client: Client, need: CarerNeed) -> Bools:
        """Return who may by shift, qualifications, insisted gender and contract."""
        wish = client.gender_wish
        gender = wish.gender if wish is not None and wish.hard else None
        services = frozenset(visit.services)
        cover = (client.organisation, client.town, services)
        key = (frozenset(need.qualifications), gender, cover)
        if key not in self._shared:
            table = self._shift & self._of_gender(gender)
            for requirement in need.qualifications:
                table &= self._qualified(requirement)
            if cover not in self._responsible:
                self._responsible[cover] = self._covered(visit, client)
            table &= self._responsible[cover]
            self._shared[key] = table
        return self._shared[key]

    def open_days(self, visit: Visit) -> Bools | None:
        """Return shape ``(days,)``: when the visit may be; None for any day."""
        if not visit.dates and (visit.pin is None or visit.pin.date is None):
            return None
        allowed = self._index.allowed_dates(visit)
        return np.array([day in allowed for day in self._index.dates], bool_)

    def refused(self, client: Client) -> list[int]:
        """Return the positions of the caregivers whom a client has refused."""
        return [self._position[g] for g in client.refused if g in self._position]

    def only(self, caregiver: str) -> Bools:
        """Return shape ``(caregivers, 1)``: true for one caregiver, if known at all."""
        table = np.zeros((len(self._caregivers), 1), bool_)
        if caregiver in self._position:
            table[self._position[caregiver]] = True
        return table

    def _of_gender(self, gender: Gender | None) -> Bools:
        return np.array(
            [gender is None or g.gender is gender for g in self._caregivers], bool_
        ).reshape(-1, 1)

    def _qualified(self, requirement: Requirement) -> Bools:
        if requirement not in self._last_day:
            last_days = np.array(
                [
                    max(
                        (
                            (held.expires or date.max).toordinal()
                            for held in caregiver.qualifications
                            if held.code == requirement.code and held.level >= requirement.level
                        ),
                        default=0,
                    )
                    for caregiver in self._caregivers
                ]
            ).reshape(-1, 1)
            self._last_day[requirement] = last_days >= self._ordinals
        return self._last_day[requirement]

    def _covered(self, visit: Visit, client: Client) -> Bools:
        """Return whose organisation may serve the client under a contract on each day."""
        index = self._index
        rows: dict[str | None, list[bool]] = {}
        for caregiver in self._caregivers:
            own = caregiver.organisation
            if own not in rows:
                may = belongs(index, client.organisation, own)
                rows[own] = [
                    may
                    and (
                        not index.scenario.contracts
                        or charged_contract(index, visit, caregiver, day) is not None
                    )
                    for day in index.dates
                ]
        return np.array([rows[g.organisation] for g in self._caregivers], bool_).reshape(
            len(self._caregivers), len(index.dates)
        )
