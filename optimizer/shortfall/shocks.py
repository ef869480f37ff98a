"""What each named shock means: the edits of a scenario, and what it changes of the chances."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from optimizer.domain.assumption import Assumptions
from optimizer.domain.client import Flag
from optimizer.domain.edit import (
    Caregivers,
    CaregiversAway,
    Clients,
    ClientsAway,
    ClosedHours,
    ClosedTown,
    Demand,
    DropOrganisation,
    Edit,
    ExtraVisits,
    MoreCaregivers,
    MoreEntitlement,
    OtherMode,
    Price,
    RuleOff,
    ServicesOff,
    TravelTime,
)
from optimizer.domain.place import Mode
from optimizer.domain.relaxed_rule import RelaxedRule
from optimizer.domain.shock import (
    Ageing,
    CrossTownPool,
    Eligibility,
    EntitlementUp,
    FluWave,
    Heat,
    LockdownTown,
    NurseLoss,
    OrganisationExit,
    PriceRise,
    Shock,
    SpringFestival,
    Turnover,
    Typhoon,
    VolunteersUp,
)
from optimizer.domain.study import BASE, Arm, Study
from optimizer.domain.visit import Requirement, StartWindow
from optimizer.units import MS_PER_MINUTE

_HOUR = 60 * MS_PER_MINUTE


@dataclass(frozen=True, slots=True)
class Imagined:
    """An arm with all its shocks written out.

    Attributes
    ----------
    edits
        In the order in which they are made.
    assumptions
        Chances of its drawn days.
    """

    edits: tuple[Edit, ...]
    assumptions: Assumptions


def spring_festival(shock: SpringFestival) -> tuple[Edit, ...]:
    """Those who are paid travel home; volunteers live here."""
    of = Caregivers(origin=shock.origin, volunteer=False)
    away = CaregiversAway(percent=shock.away, of=of)
    return (away, ClientsAway(percent=shock.family)) if shock.family else (away,)


def turnover(shock: Turnover) -> tuple[Edit, ...]:
    """Of those who quit in so many months some are replaced; the others are away."""
    left = 1 - (1 - shock.a_month / 100) ** shock.months
    share = round(100 * left * (1 - shock.replaced / 100), 6)
    of = Caregivers(volunteer=False)
    return (CaregiversAway(percent=share, of=of, least_trained_first=True),)


def ageing(shock: Ageing) -> tuple[Edit, ...]:
    """The disabled grow faster than the others."""
    others, disabled = (
        round(100 * ((1 + rate / 100) ** shock.years - 1), 6)
        for rate in (shock.elders, shock.disabled)
    )
    return (
        Demand(percent=others, of=Clients(other_category=shock.category)),
        Demand(percent=disabled, of=Clients(category=shock.category)),
    )


def eligibility(shock: Eligibility) -> tuple[Edit, ...]:
    """More clients of each category."""
    return tuple(
        Demand(percent=shock.more, of=Clients(category=category)) for category in shock.categories
    )


def price(shock: PriceRise) -> tuple[Edit, ...]:
    """The purse stays, and buys less."""
    return (Price(percent=shock.rise, payer=shock.payer),)


def entitlement(shock: EntitlementUp) -> tuple[Edit, ...]:
    """Everybody is granted more."""
    return (MoreEntitlement(percent=shock.more, payer=shock.payer),)


def org_exit(shock: OrganisationExit) -> tuple[Edit, ...]:
    """Contracts end, clients may choose anew."""
    return (DropOrganisation(organisation=shock.organisation, joining=shock.joining),)


def nurse_loss(shock: NurseLoss) -> tuple[Edit, ...]:
    """So many who hold the qualification are away."""
    of = Caregivers(qualification=shock.qualification)
    return (CaregiversAway(count=shock.nurses, of=of),)


def typhoon(shock: Typhoon) -> tuple[Edit, ...]:
    """Fewer people, slower, nothing outdoors, and a look at whoever lives alone."""
    edits: list[Edit] = []
    if shock.instead is not Mode.EBIKE:
        edits.append(OtherMode(was=Mode.EBIKE, becomes=shock.instead))
    if shock.slower:
        edits.append(TravelTime(percent=shock.slower))
    if shock.away:
        edits.append(CaregiversAway(percent=shock.away))
    if shock.outdoor:
        edits.append(ServicesOff(services=shock.outdoor))
    return (*edits, *_safety_visits(shock.checks))


def heat(shock: Heat) -> tuple[Edit, ...]:
    """Nobody is out at midday, and a look at whoever lives alone."""
    return (
        ClosedHours.model_construct(start=shock.start, end=shock.end),
        *_safety_visits(shock.checks),
    )


def _safety_visits(percent: float) -> tuple[Edit, ...]:
    if not percent:
        return ()
    return (
        ExtraVisits.model_construct(
            service="SAFE_VISIT",
            minutes=20 * MS_PER_MINUTE,
            qualification=Requirement(code="VOL"),
            window=StartWindow.model_construct(earliest=8 * _HOUR, latest=18 * _HOUR),
            percent=percent,
            of=Clients(flag=Flag.ALONE),
        ),
    )


def flu_wave(shock: FluWave) -> tuple[Edit, ...]:  # noqa: ARG001 (as all)
    """Only the chances change."""
    return ()


def lockdown_town(shock: LockdownTown) -> tuple[Edit, ...]:
    """The border is closed."""
    return (ClosedTown(town=shock.town),)


def volunteers_up(shock: VolunteersUp) -> tuple[Edit, ...]:
    """Copies of those there are."""
    return (MoreCaregivers(percent=shock.more, of=Caregivers(volunteer=True)),)


def cross_town_pool(shock: CrossTownPool) -> tuple[Edit, ...]:  # noqa: ARG001 (as all)
    """Everybody lends, and contracts hold everywhere."""
    return (RuleOff(rule=RelaxedRule.ORGANISATION), RuleOff(rule=RelaxedRule.CONTRACT_AREA))


EDITS: Mapping[type, Callable[[Any], tuple[Edit, ...]]] = {
    SpringFestival: spring_festival,
    Turnover: turnover,
    Ageing: ageing,
    Eligibility: eligibility,
    PriceRise: price,
    EntitlementUp: entitlement,
    OrganisationExit: org_exit,
    NurseLoss: nurse_loss,
    Typhoon: typhoon,
    Heat: heat,
    FluWave: flu_wave,
    LockdownTown: lockdown_town,
    VolunteersUp: volunteers_up,
    CrossTownPool: cross_town_pool,
}
"One function per shock, named after it."


def edits_of(shock: Shock) -> tuple[Edit, ...]:
    """Return the edits that a shock stands for."""
    return EDITS[type(shock)](shock)


def base_arm() -> Arm:
    """Return the arm in which the scenario is as it is."""
    return Arm(name=BASE)


def arms_of(study: Study) -> tuple[Arm, ...]:
    """Return all arms of a study, the scenario as it is first."""
    return (base_arm(), *(arm for arm in study.arms if arm.name != BASE))


def arm_named(study: Study, name: str) -> Arm:
    """Return an arm of a study by its name; `base` is the scenario as it is."""
    return next(arm for arm in arms_of(study) if arm.name == name)


def chain_of(study: Study, arm: Arm) -> tuple[Arm, ...]:
    """Return an arm after all those that it follows, the first one first."""
    arms = {one.name: one for one in study.arms}
    chain = [arm]
    while (before := chain[0].follows) is not None and before != BASE:
        chain.insert(0, arms[before])
    return tuple(chain)


def own_edits(arm: Arm) -> tuple[Edit, ...]:
    """Return the edits of an arm itself, its shocks written out."""
    return (*arm.edits, *(edit for shock in arm.shocks for edit in edits_of(shock)))


def imagined(study: Study, arm: Arm) -> Imagined:
    """Return what an arm stands for, the arms that it follows included."""
    chain = chain_of(study, arm)
    edits = tuple(edit for one in chain for edit in own_edits(one))
    shocks = [shock for one in chain for shock in one.shocks]
    return Imagined(edits, _chances(study.assumptions, shocks))


def _chances(assumptions: Assumptions, shocks: Sequence[Shock]) -> Assumptions:
    for shock in shocks:
        if isinstance(shock, FluWave):
            points = {
                "sick": min(100.0, assumptions.sick + shock.sick),
                "hospital_more": min(100.0, assumptions.hospital_more + shock.hospital),
            }
            assumptions = assumptions.model_copy(update=points)
    return assumptions
