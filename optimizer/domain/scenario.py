"""Everything a roster is made from, as one document."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field

from optimizer.domain.care_plan import CarePlan
from optimizer.domain.caregiver import Caregiver
from optimizer.domain.client import Client
from optimizer.domain.contract import Contract, Organisation
from optimizer.domain.labour import LabourRules
from optimizer.domain.place import GeodesicTravel, Travel
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Policy
from optimizer.domain.record import Id, Record
from optimizer.domain.series import Series
from optimizer.domain.visit import Coupling, PinnedVisit, Visit


class Horizon(Record):
    """The days that are planned."""

    start: datetime.date
    days: Annotated[int, Field(ge=1, le=56)] = 1

    def dates(self) -> tuple[datetime.date, ...]:
        """Return all days of the horizon, in order."""
        return tuple(self.start + datetime.timedelta(days=n) for n in range(self.days))


class Familiar(Record):
    """A caregiver who has served a client lately."""

    client: Id
    caregiver: Id
    visits: Annotated[int, Field(ge=1)] | None = None
    "How often; from the policy's `familiar_after` on they know each other, as where it is None."


class Scenario(Record):
    """One planning problem: the file format, the JSON Schema and the API's shape."""

    format: Literal["homecare-scenario"] = "homecare-scenario"
    version: Literal["1"] = "1"
    id: Id
    time_zone: str = "Asia/Shanghai"
    ticks_per_minute: Literal[60, 1000] = 60
    horizon: Horizon
    clients: tuple[Client, ...]
    caregivers: tuple[Caregiver, ...]
    organisations: tuple[Organisation, ...] = ()
    contracts: tuple[Contract, ...] = ()
    visits: tuple[Visit, ...] = ()
    "Ready visits; more follow from health records and care plans."
    series: tuple[Series, ...] = ()
    "What recurs; its visits are made for the days planned."
    care_plans: tuple[CarePlan, ...] = ()
    couplings: tuple[Coupling, ...] = ()
    pins: tuple[PinnedVisit, ...] = ()
    "What a planner has fixed of visits that follow from records, or of ready ones."
    travel: Travel = GeodesicTravel()
    policy: Policy = Policy()
    labour_rules: LabourRules | None = None
    "The law on working time; China's, where several days are planned and none is given."
    published: Plan | None = None
    history: tuple[Familiar, ...] = ()
