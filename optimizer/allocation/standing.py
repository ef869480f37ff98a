"""What is against an organisation on the day it is tested, whatever it has been given so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from optimizer.allocation.packages import Package
from optimizer.domain.allocation import AllocationPolicy, Body, Decline, Finding, HaltKind
from optimizer.domain.caregiver import Caregiver
from optimizer.domain.contract import Contract
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.visit import Visit
from optimizer.matching import reasons_against
from optimizer.travel import straight_metres

KEPT_IN_SPITE = frozenset({Finding.SUSPENDED, Finding.HALTED, Finding.TOO_FAR})
"What stops new clients but lets an organisation keep those it has."


@dataclass(frozen=True)
class Standing:
    """The organisations of a scenario, as the policy and the day see them.

    Attributes
    ----------
    index
        The scenario, its clients without a chosen organisation: whose staff may serve whom is
        what is asked here.
    policy
        The rules.
    day
        The day of the tests.
    """

    index: ScenarioIndex
    policy: AllocationPolicy
    day: dt.date
    _bodies: Mapping[str, Body]
    _staff: Mapping[str, tuple[Caregiver, ...]]
    _able: dict[Hashable, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, index: ScenarioIndex, policy: AllocationPolicy) -> Standing:
        """Look up bodies and staff once."""
        scenario = index.scenario
        free = scenario.model_copy(
            update={
                "clients": tuple(
                    client.model_copy(update={"organisation": None, "service_choices": ()})
                    for client in scenario.clients
                ),
                "contracts": (),
            }
        )
        staff = {
            body.id: tuple(one for one in scenario.caregivers if one.organisation == body.id)
            for body in scenario.organisations
        }
        return cls(
            index=ScenarioIndex.of(free),
            policy=policy,
            day=policy.day or scenario.horizon.start,
            _bodies={body.organisation: body for body in policy.bodies},
            _staff=staff,
        )

    def against(
        self, organisation: str, package: Package, contracts: tuple[Contract, ...]
    ) -> Finding | None:
        """Return the first thing against giving a package to an organisation; None if nothing.

        Parameters
        ----------
        organisation
            Its id.
        package
            What is to be given.
        contracts
            All contracts of the scenario; none means that none is needed.
        """
        body = self._bodies.get(organisation, Body(organisation=organisation))
        halted = self._halt(body)
        if halted is not None:
            return halted
        if body.licences and not all(self._is_permitted(body, visit) for visit in package.visits):
            return Finding.PERMIT_EXPIRED
        if contracts and not all(package.covering(contracts, organisation)):
            return Finding.NO_CONTRACT
        if self._is_refused(organisation, package):
            return Finding.CLIENT_REFUSED
        if not all(self._is_able(organisation, visit) for visit in package.visits):
            return Finding.NOBODY_ABLE
        if self._is_too_far(body, package):
            return Finding.TOO_FAR
        return None

    def declined(self, organisation: str, package: Package) -> Decline | None:
        """Return the decline of an offer of this package, if there is one."""
        return next(
            (
                one
                for one in self.policy.declines
                if one.organisation == organisation
                and one.client == package.client.id
                and _is_about(one.lot, package)
            ),
            None,
        )

    def _halt(self, body: Body) -> Finding | None:
        kinds = {
            halt.kind
            for halt in body.halts
            if halt.start <= self.day and (halt.end is None or self.day <= halt.end)
        }
        if HaltKind.EXCLUDED in kinds:
            return Finding.EXCLUDED
        if HaltKind.SUSPENDED in kinds:
            return Finding.SUSPENDED
        return Finding.HALTED if self._declines_too_often(body.organisation) else None

    def _declines_too_often(self, organisation: str) -> bool:
        """Return whether two groundless declines lie close together, and the second lately."""
        days = sorted(
            one.date
            for one in (*self.policy.past_declines, *self.policy.declines)
            if one.organisation == organisation and not one.grounded
        )
        return any(
            (second - first).days <= self.policy.decline_days
            and 0 <= (self.day - second).days <= self.policy.halt_days
            for first, second in pairwise(days)
        )

    def _is_permitted(self, body: Body, visit: Visit) -> bool:
        return any(
            licence.start <= self.day <= licence.end
            and (not licence.services or set(visit.services) <= set(licence.services))
            for licence in body.licences
        )

    def _is_refused(self, organisation: str, package: Package) -> bool:
        return any(
            organisation in wish.refused
            for wish in self.policy.wishes
            if wish.client == package.client.id and _is_about(wish.lot, package)
        )

    def _is_able(self, organisation: str, visit: Visit) -> bool:
        """Return whether for each carer somebody of its staff may come on one of the days."""
        return all(
            self._has_carer(organisation, visit, carer) for carer in range(1, len(visit.carers) + 1)
        )

    def _has_carer(self, organisation: str, visit: Visit, carer: int) -> bool:
        client = self.index.client[visit.client]
        refused = frozenset(client.refused)
        wish = client.gender_wish
        key = (
            organisation,
            frozenset(visit.carers[carer - 1].qualifications),
            None if wish is None or not wish.hard else wish.gender,
            client.flags,
            (carer, len(visit.carers)),
            refused,
            visit.dates,
            visit.pin,
        )
        if key not in self._able:
            self._able[key] = any(
                not reasons_against(self.index, visit, carer, one, day)
                for one in self._staff[organisation]
                for day in self.index.allowed_dates(visit)
            )
        return self._able[key]

    def _is_too_far(self, body: Body, package: Package) -> bool:
        if body.base is None or body.radius_km is None:
            return False
        return straight_metres(body.base, package.client.home) > 1000 * body.radius_km


def _is_about(lot: str | None, package: Package) -> bool:
    return lot is None or (package.lot is not None and package.lot.id == lot)
