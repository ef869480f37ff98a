"""What may be different in a scenario that somebody only imagines: the edits of a study."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from optimizer.domain.caregiver import Caregiver, Origin, Shift
from optimizer.domain.client import Flag
from optimizer.domain.contract import Contract, Organisation
from optimizer.domain.place import Mode
from optimizer.domain.policy import Priority
from optimizer.domain.record import Code, Id, Record
from optimizer.domain.relaxed_rule import RelaxedRule
from optimizer.domain.visit import Requirement, StartWindow
from optimizer.units import Clock, Minutes

Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
"""A share, per cent."""

Growth = Annotated[float, Field(ge=-100, le=1000, allow_inf_nan=False)]
"""How much more (or less, below 0), per cent."""

Count = Annotated[int, Field(ge=1, le=10_000)]
"""Whole people."""


class Caregivers(Record):
    """Which caregivers are meant: those of whom everything named is true; nothing means all."""

    origin: Origin | None = None
    town: Code | None = None
    "Town in which they live: that of the nearest clients."
    organisation: Id | None = None
    qualification: Code | None = None
    "They hold it, at any level if none is named."
    level: Annotated[int, Field(ge=1, le=9)] | None = None
    "They hold the qualification at exactly this level."
    mode: Mode | None = None
    volunteer: bool | None = None
    ids: tuple[Id, ...] = ()


class Clients(Record):
    """Which clients are meant: those of whom everything named is true; nothing means all."""

    town: Code | None = None
    category: Code | None = None
    other_category: Code | None = None
    "Everybody but those of this category."
    need_tier: Annotated[int, Field(ge=0, le=4)] | None = None
    organisation: Id | None = None
    "The organisation that they have chosen."
    flag: Flag | None = None
    ids: tuple[Id, ...] = ()


EVERY_CAREGIVER = Caregivers()
EVERY_CLIENT = Clients()


class DropOrganisation(Record):
    """An organisation stops: its contracts end and its caregivers do not come."""

    kind: Literal["drop_organisation"] = "drop_organisation"
    organisation: Id
    joining: Percent = 0
    "Share of its caregivers whom the other organisations of the same towns take on."


class AddOrganisation(Record):
    """An organisation begins, with its contracts and caregivers."""

    kind: Literal["add_organisation"] = "add_organisation"
    organisation: Organisation
    contracts: tuple[Contract, ...] = ()
    caregivers: tuple[Caregiver, ...] = ()


class CaregiversAway(Record):
    """Some caregivers do not come: a share of those meant, or a number of them, drawn by lot."""

    kind: Literal["caregivers_away"] = "caregivers_away"
    percent: Percent | None = None
    "One of the two is given."
    count: Count | None = None
    of: Caregivers = EVERY_CAREGIVER
    least_trained_first: bool = False
    "By lot only among those who are trained alike."


class Hire(Record):
    """New caregivers, who live in the middle of a town and are like one who is there."""

    kind: Literal["hire"] = "hire"
    count: Count = 1
    town: Code | None = None
    "The whole area if not given."
    qualification: Requirement | None = None
    organisation: Id | None = None
    "That of the caregiver whom they are like if not given."
    like: Id | None = None
    "The least skilled and nearest one with that qualification if not given."
    shifts: tuple[Shift, ...] = ()
    "Those of the caregiver whom they are like if none is listed."
    origin: Origin | None = None


class MoreCaregivers(Record):
    """So many per cent more caregivers, each a copy of one who is there, drawn by lot."""

    kind: Literal["more_caregivers"] = "more_caregivers"
    percent: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]
    of: Caregivers = EVERY_CAREGIVER


class Demand(Record):
    """More clients (copies with homes near those of the originals) or fewer, drawn by lot."""

    kind: Literal["demand"] = "demand"
    percent: Growth
    of: Clients = EVERY_CLIENT


class Wage(Record):
    """Other wages; what is paid per km stays."""

    kind: Literal["wage"] = "wage"
    percent: Growth
    of: Caregivers = EVERY_CAREGIVER


class MoreEntitlement(Record):
    """Entitlements are raised or lowered; what is planned from health records follows."""

    kind: Literal["entitlement"] = "entitlement"
    percent: Growth
    payer: Code | None = None
    of: Clients = EVERY_CLIENT


class Price(Record):
    """Care costs more or less, and the money stays: a purse buys so much less or more."""

    kind: Literal["price"] = "price"
    percent: Annotated[float, Field(gt=-100, le=1000, allow_inf_nan=False)]
    payer: Code | None = None


class ShiftHours(Record):
    """Shifts begin earlier and end later; below 0 they begin later and end earlier."""

    kind: Literal["shift_hours"] = "shift_hours"
    earlier: Annotated[float, Field(ge=-720, le=720, allow_inf_nan=False)] = 0
    "Minutes."
    later: Annotated[float, Field(ge=-720, le=720, allow_inf_nan=False)] = 0
    "Minutes."
    of: Caregivers = EVERY_CAREGIVER


class OpeningHours(Record):
    """Nobody meant works outside these hours; shifts are cut to them."""

    kind: Literal["opening_hours"] = "opening_hours"
    opens: Clock
    closes: Clock
    of: Caregivers = EVERY_CAREGIVER


class ClosedHours(Record):
    """Nobody meant is out between two times; a shift that goes on meanwhile becomes two."""

    kind: Literal["closed_hours"] = "closed_hours"
    start: Clock
    end: Clock
    of: Caregivers = EVERY_CAREGIVER


class RuleOff(Record):
    """A rule is relaxed for everybody, or that of one contract for this contract."""

    kind: Literal["rule_off"] = "rule_off"
    rule: RelaxedRule
    minutes: Annotated[int, Field(ge=1, le=720)] = 30
    "Permitted overtime more, or by which windows are wider; of no meaning for other rules."
    contract: Id | None = None
    "For `contract_area` and `contract_cap`: this contract only."


class TravelTime(Record):
    """Journeys take longer or shorter."""

    kind: Literal["travel_time"] = "travel_time"
    percent: Annotated[float, Field(gt=-100, le=1000, allow_inf_nan=False)]
    mode: Mode | None = None
    town: Code | None = None
    "Journeys that begin or end in this town only."


class OtherMode(Record):
    """Whoever travels by one means uses another one."""

    kind: Literal["other_mode"] = "other_mode"
    was: Mode
    becomes: Mode


class ClosedTown(Record):
    """Nobody crosses the border of a town: who lives inside serves inside, the others outside."""

    kind: Literal["closed_town"] = "closed_town"
    town: Code


class ServicesOff(Record):
    """Services that are not given; a visit of nothing else does not take place."""

    kind: Literal["services_off"] = "services_off"
    services: Annotated[tuple[Code, ...], Field(min_length=1)]
    of: Clients = EVERY_CLIENT


class ExtraVisits(Record):
    """One visit more a day for each client meant, of those with a visit or without."""

    kind: Literal["extra_visits"] = "extra_visits"
    service: Code
    minutes: Minutes
    qualification: Requirement | None = None
    window: StartWindow
    priority: Priority = Priority.ESSENTIAL
    percent: Percent = 100
    "Share of the clients meant, drawn by lot."
    of: Clients = EVERY_CLIENT


class ClientsAway(Record):
    """Some clients need no visits: they are in hospital or with their family; drawn by lot."""

    kind: Literal["clients_away"] = "clients_away"
    percent: Percent
    of: Clients = EVERY_CLIENT


Edit = Annotated[
    DropOrganisation
    | AddOrganisation
    | CaregiversAway
    | Hire
    | MoreCaregivers
    | Demand
    | Wage
    | MoreEntitlement
    | Price
    | ShiftHours
    | OpeningHours
    | ClosedHours
    | RuleOff
    | TravelTime
    | OtherMode
    | ClosedTown
    | ServicesOff
    | ExtraVisits
    | ClientsAway,
    Field(discriminator="kind"),
]
"""One difference from the base scenario."""
