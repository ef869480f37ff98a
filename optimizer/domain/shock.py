"""Named shocks with parameters: what befalls a district, as the people there call it.

Each parameter has a default, a range, a unit, and a source or somebody who answers for it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from optimizer.domain.basis import Basis, Owner, Source, Unit
from optimizer.domain.caregiver import Origin
from optimizer.domain.edit import Count, Growth, Percent
from optimizer.domain.place import Mode
from optimizer.domain.record import Code, Id, Record
from optimizer.units import Clock

YearlyGrowth = Annotated[float, Field(ge=-20, le=20, allow_inf_nan=False)]
"""Per cent a year."""

_DISTRICT = Basis(Unit.PERCENT, Owner.DISTRICT)
_CODE = Basis(Unit.CODE, Owner.DISTRICT)


class SpringFestival(Record):
    """Caregivers travel home for Spring Festival, and those who stay have all the work."""

    kind: Literal["spring_festival"] = "spring_festival"
    away: Annotated[
        Percent,
        Basis(Unit.PERCENT, Owner.ORGANISATIONS, Source.SPRING_FESTIVAL_2026, low=25, high=55),
    ] = 39
    "Share of the caregivers meant who are away."
    origin: Annotated[Origin | None, Basis(Unit.CODE, Owner.ORGANISATIONS)] = None
    "Only those from there; from anywhere if not given."
    family: Annotated[Percent, Basis(Unit.PERCENT, Owner.DISTRICT, low=0, high=20)] = 0
    "Share of the clients who are with their family and need no visit."


class Turnover(Record):
    """Caregivers quit and nobody is found in their place, the least trained first."""

    kind: Literal["turnover"] = "turnover"
    a_month: Annotated[
        Percent,
        Basis(Unit.PERCENT_A_MONTH, Owner.ORGANISATIONS, Source.TURNOVER_TRADE, low=2, high=7),
    ] = 4.2
    "Share of the caregivers meant who quit in a month; 4.2 % are 40 % in a year."
    months: Annotated[int, Field(ge=1, le=36), Basis(Unit.MONTHS, Owner.ORGANISATIONS)] = 3
    replaced: Annotated[Percent, Basis(Unit.PERCENT, Owner.ORGANISATIONS, low=0, high=50)] = 0
    "Share of those who quit in whose place somebody like them is found."


class Ageing(Record):
    """More elders and more disabled elders, year by year, with the staff of today."""

    kind: Literal["ageing"] = "ageing"
    years: Annotated[int, Field(ge=1, le=12), Basis(Unit.YEARS, Owner.DISTRICT)] = 4
    elders: Annotated[
        YearlyGrowth,
        Basis(Unit.PERCENT_A_YEAR, Owner.DISTRICT, Source.SURVEY_2014, low=3, high=8),
    ] = 5.8
    "Growth of the clients who are not certified disabled."
    disabled: Annotated[
        YearlyGrowth,
        Basis(Unit.PERCENT_A_YEAR, Owner.DISTRICT, Source.SURVEY_2014, low=5, high=12),
    ] = 8.6
    "Growth of the clients of the category of the disabled."
    category: Annotated[Code, _CODE] = "cat_disabled"
    "The category of the disabled."


class Eligibility(Record):
    """The age from which a client is served falls, for instance from 75 to 70."""

    kind: Literal["eligibility"] = "eligibility"
    more: Annotated[Growth, _DISTRICT] = 40
    "Growth of the clients of the categories; new clients are as frail as those of today."
    categories: Annotated[tuple[Code, ...], _CODE] = ("cat_alone", "cat_disabled")


class PriceRise(Record):
    """An hour of care costs more, and what the district pays stays."""

    kind: Literal["price"] = "price"
    rise: Annotated[
        float,
        Field(gt=-100, le=1000, allow_inf_nan=False),
        Basis(Unit.PERCENT, Owner.DISTRICT, Source.PRICE_60),
    ] = 122
    "122 % are the way from 27 to 60 yuan an hour."
    payer: Annotated[Code | None, _CODE] = "civil"


class EntitlementUp(Record):
    """Every client is granted more."""

    kind: Literal["entitlement"] = "entitlement"
    more: Annotated[Growth, _DISTRICT] = 20
    payer: Annotated[Code | None, _CODE] = None


class OrganisationExit(Record):
    """One organisation stops working for the district."""

    kind: Literal["org_exit"] = "org_exit"
    organisation: Annotated[Id, _CODE]
    joining: Annotated[Percent, Basis(Unit.PERCENT, Owner.ORGANISATIONS, low=0, high=50)] = 0
    "Share of its caregivers whom the other organisations take on."


class NurseLoss(Record):
    """Nurses leave; what only nurses may do is at stake, insulin before breakfast first."""

    kind: Literal["nurse_loss"] = "nurse_loss"
    nurses: Annotated[Count, Basis(Unit.PEOPLE, Owner.HEALTH)] = 2
    qualification: Annotated[Code, _CODE] = "N"


class Typhoon(Record):
    """A typhoon: no e-bikes, slow roads, nothing outdoors, and whoever lives alone is looked at."""

    kind: Literal["typhoon"] = "typhoon"
    slower: Annotated[
        float,
        Field(ge=0, le=1000, allow_inf_nan=False),
        Basis(Unit.PERCENT, Owner.DISTRICT, low=10, high=60),
    ] = 30
    "By how much all journeys take longer."
    instead: Annotated[Mode, Basis(Unit.CODE, Owner.ORGANISATIONS)] = Mode.WALK
    "How those travel who usually go by e-bike."
    away: Annotated[Percent, Basis(Unit.PERCENT, Owner.ORGANISATIONS, low=5, high=25)] = 10
    "Share of the caregivers who cannot come at all."
    checks: Annotated[Percent, _DISTRICT] = 100
    "Share of the clients who live alone who get a safety visit."
    outdoor: Annotated[tuple[Code, ...], _CODE] = ("ESCORT_MED", "ESCORT_OUT", "ERRAND")
    "Services that do not take place."


class Heat(Record):
    """A heat wave: nobody travels at midday, and whoever lives alone is looked at daily."""

    kind: Literal["heat"] = "heat"
    start: Annotated[Clock, Basis(Unit.MINUTES, Owner.ORGANISATIONS)] = 12 * 3_600_000
    end: Annotated[Clock, Basis(Unit.MINUTES, Owner.ORGANISATIONS)] = 14 * 3_600_000
    checks: Annotated[Percent, _DISTRICT] = 100
    "Share of the clients who live alone who get a safety visit."


class FluWave(Record):
    """A wave of influenza: more caregivers sick, more clients in hospital."""

    kind: Literal["flu_wave"] = "flu_wave"
    sick: Annotated[Percent, Basis(Unit.PERCENT, Owner.HEALTH, low=4, high=15)] = 8
    "Points by which the share of caregivers who are sick on a day rises."
    hospital: Annotated[Percent, Basis(Unit.PERCENT, Owner.HEALTH, low=1, high=6)] = 3
    "Points by which the share of clients in hospital on a day rises."


class LockdownTown(Record):
    """A town is closed for two weeks; nobody crosses its border."""

    kind: Literal["lockdown_town"] = "lockdown_town"
    town: Annotated[Code, Basis(Unit.CODE, Owner.HEALTH, Source.OUTBREAK_2021)]


class VolunteersUp(Record):
    """More volunteers."""

    kind: Literal["volunteers_up"] = "volunteers_up"
    more: Annotated[
        float, Field(gt=0, le=1000, allow_inf_nan=False), Basis(Unit.PERCENT, Owner.DISTRICT)
    ] = 50


class CrossTownPool(Record):
    """Organisations share their staff, and contracts hold in every town."""

    kind: Literal["cross_town_pool"] = "cross_town_pool"


Shock = Annotated[
    SpringFestival
    | Turnover
    | Ageing
    | Eligibility
    | PriceRise
    | EntitlementUp
    | OrganisationExit
    | NurseLoss
    | Typhoon
    | Heat
    | FluWave
    | LockdownTown
    | VolunteersUp
    | CrossTownPool,
    Field(discriminator="kind"),
]
"""A named shock."""

SHOCKS: tuple[type[Record], ...] = (
    SpringFestival,
    Turnover,
    Ageing,
    Eligibility,
    PriceRise,
    EntitlementUp,
    OrganisationExit,
    NurseLoss,
    Typhoon,
    Heat,
    FluWave,
    LockdownTown,
    VolunteersUp,
    CrossTownPool,
)
"All kinds, in the order in which they are listed."
