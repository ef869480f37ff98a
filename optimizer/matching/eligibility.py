"""Who may visit whom on which day, for a whole scenario at once."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy import bool_, int64
from numpy.typing import NDArray

from optimizer.domain.client import Gender
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.visit import Requirement, Visit
from optimizer.matching.conditions import Conditions, conditions
from optimizer.matching.contracts import (
    belongs,
    chosen_organisation,
    covering_contracts,
    serves_beside,
)

Bools = NDArray[bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Eligibility:
    """Who may be whose carer; tasks under equal conditions share one table.

    Attributes
    ----------
    kind_of
        The table of each task, shape ``(tasks,)``. Tasks are the visits' carers, visits in
        file order and carer 1 before carer 2.
    tables
        Shape ``(kinds, caregivers, days)``: caregivers in file order, days of the horizon.
    """

    kind_of: NDArray[int64]
    tables: NDArray[bool_]


def eligible(index: ScenarioIndex) -> Eligibility:
    """Tell for every task, caregiver and day whether there is no reason against it.

    The answer is that of `reasons_against`.
    """
    scenario = index.scenario
    kinds: dict[Conditions, int] = {}
    examples: list[Visit] = []
    kind_of: list[int] = []
    for visit in scenario.visits:
        for carer in range(1, len(visit.carers) + 1):
            kind = conditions(index, visit, carer)
            if kind not in kinds:
                kinds[kind] = len(examples)
                examples.append(visit)
            kind_of.append(kinds[kind])
    made = _Tables(index)
    tables = np.zeros((len(kinds), len(scenario.caregivers), len(index.dates)), bool_)
    for table, kind, visit in zip(tables, kinds, examples, strict=True):
        table[:] = made.of(kind, visit)
    return Eligibility(np.array(kind_of, int64), tables)


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
        employed = {g.organisation: g for g in self._caregivers}
        self._employed = tuple(employed.values())
        employer = {organisation: number for number, organisation in enumerate(employed)}
        self._employer = np.array([employer[g.organisation] for g in self._caregivers], int64)
        paid = [not g.volunteer for g in self._caregivers]
        self._paid = np.array(paid, bool_).reshape(-1, 1)
        beside = [bool(index.scenario.contracts) and serves_beside(g) for g in self._caregivers]
        self._beside = np.array(beside, bool_).reshape(-1, 1)
        self._last_day: dict[Requirement, Bools] = {}
        self._gender: dict[Gender, Bools] = {}
        self._responsible: dict[Hashable, Bools] = {}
        self._shared: dict[Hashable, Bools] = {}

    def of(self, kind: Conditions, visit: Visit) -> Bools:
        """Return who may be the carer; `visit` is any visit under these conditions."""
        table = self._impersonal(kind, visit).copy()
        if kind.dates or kind.pinned_date is not None:
            allowed = self._index.allowed_dates(visit)
            table &= np.array([day in allowed for day in self._index.dates], bool_)
        table[[self._position[g] for g in kind.refused if g in self._position]] = False
        if kind.pinned_caregiver is not None:
            pinned = self._position.get(kind.pinned_caregiver)
            table[np.arange(len(table)) != pinned] = False
        return table

    def _impersonal(self, kind: Conditions, visit: Visit) -> Bools:
        """Return who may by shift, qualifications, gender, employment and contract."""
        cover = (kind.organisation, kind.town, kind.services)
        key = (kind.qualifications, kind.gender, kind.volunteers, cover)
        if key not in self._shared:
            table = self._shift.copy()
            if kind.gender is not None:
                table &= self._of_gender(kind.gender)
            if not kind.volunteers:
                table &= self._paid
            for requirement in kind.qualifications:
                table &= self._qualified(requirement)
            if cover not in self._responsible:
                self._responsible[cover] = self._covered(visit)
            table &= self._responsible[cover]
            self._shared[key] = table
        return self._shared[key]

    def _of_gender(self, gender: Gender) -> Bools:
        if gender not in self._gender:
            same = [g.gender is gender for g in self._caregivers]
            self._gender[gender] = np.array(same, bool_).reshape(-1, 1)
        return self._gender[gender]

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

    def _covered(self, visit: Visit) -> Bools:
        """Return whose organisation may serve the client under a contract on each day."""
        index = self._index
        chosen = chosen_organisation(index.client[visit.client], visit)
        rows = [
            [
                belongs(index, chosen, one.organisation)
                and (
                    not index.scenario.contracts or bool(covering_contracts(index, visit, one, day))
                )
                for day in index.dates
            ]
            for one in self._employed
        ]
        table = np.array(rows, bool_).reshape(-1, len(index.dates))[self._employer]
        return table | self._beside if chosen is None else table
