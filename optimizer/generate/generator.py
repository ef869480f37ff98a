"""From a recipe and a seed to a scenario."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.client import Client
from optimizer.domain.place import GeodesicTravel, Place, Zone
from optimizer.domain.scenario import Familiar, Horizon, Scenario
from optimizer.domain.visit import CarerNeed, Visit
from optimizer.errors import UsageError
from optimizer.generate.district import District, load_district
from optimizer.generate.fortnight import weeks_of_daily_care
from optimizer.generate.hamlet import hamlet
from optimizer.generate.over_weeks import over_days
from optimizer.generate.population import Resident, populate
from optimizer.generate.purchase import contracts_of, organisations_of
from optimizer.generate.recipe import Recipe
from optimizer.generate.settlement import Settlement, settle
from optimizer.generate.staff import Hired, draw_staff
from optimizer.generate.wishes import Acquaintance
from optimizer.needs import Catalogue, default_book, derive
from optimizer.units import MS_PER_MINUTE

_ATTEMPTS = 1000
_WAY = 15 * MS_PER_MINUTE
"Time on the way from or to home that a shift has to leave beside a visit."


def generate_scenario(recipe: Recipe, seed: int) -> Scenario:
    """Return the scenario that a recipe and a seed stand for.

    Parameters
    ----------
    recipe
        What the scenario is made of, for example one of ``RECIPES``.
    seed
        Any integer; the same recipe and seed always give the same scenario. A scenario
        made by hand takes no notice of it.
    """
    if recipe.hand_made:
        return hamlet(recipe.name, recipe.date)
    if recipe.recurring:
        staff = sum(recipe.staff.values())
        made = weeks_of_daily_care(recipe.clients, staff, recipe.days, seed)
        return made.model_copy(update={"id": recipe.name})
    day = _day(recipe, seed)
    return day if recipe.days == 1 else over_days(day, recipe.name, recipe.days)


def _day(recipe: Recipe, seed: int) -> Scenario:
    """Return the one day that is drawn, or spread over several."""
    catalogue, district = default_book().catalogue, load_district()
    settlement = settle(district, recipe.towns, seed)
    hired = draw_staff(district, settlement, recipe.staff, recipe.date, recipe.organised, seed)
    residents, visits = _residents(recipe, district, settlement, catalogue, hired, seed)

    visits_of: dict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        visits_of[visit.client].append(visit)
    acquaintance = Acquaintance(district, hired, recipe.organised, seed)
    clients: list[Client] = []
    history: list[Familiar] = []
    for resident in residents:
        if resident.client.id in visits_of:
            client, familiar = acquaintance.of(resident, visits_of[resident.client.id])
            clients.append(client)
            history += familiar
        else:
            clients.append(resident.client)
    return Scenario(
        id=recipe.name,
        horizon=Horizon(start=recipe.date),
        clients=tuple(clients),
        caregivers=tuple(h.caregiver for h in hired),
        organisations=organisations_of(district) if recipe.organised else (),
        contracts=contracts_of(district, catalogue, recipe.date.year) if recipe.organised else (),
        travel=_travel(district),
        history=tuple(history),
    )


def _residents(
    recipe: Recipe,
    district: District,
    settlement: Settlement,
    catalogue: Catalogue,
    hired: Sequence[Hired],
    seed: int,
) -> tuple[list[Resident], Sequence[Visit]]:
    """Return clients and the visits that follow from their records.

    On which days rare care falls follows from the records, so a small day that is to have
    some of it is drawn until it has, and until its few caregivers are there when needed.
    """
    for attempt in range(_ATTEMPTS):
        residents = populate(
            district,
            settlement,
            catalogue,
            recipe.clients,
            recipe.date,
            recipe.somebody_has,
            seed,
            attempt,
        )
        known = Scenario(
            id=recipe.name,
            horizon=Horizon(start=recipe.date),
            clients=tuple(resident.client for resident in residents),
            caregivers=(),
        )
        visits = derive(known).scenario.visits
        if not recipe.at_least_once or (
            _has(visits, recipe.at_least_once) and _all_on_duty(visits, hired)
        ):
            return residents, visits
    raise UsageError(
        f"{recipe.clients} clients have not all of {recipe.at_least_once} in {_ATTEMPTS} draws"
    )


def _has(visits: Sequence[Visit], wanted: Iterable[tuple[str, int]]) -> bool:
    """Return whether each service wanted is in a visit of its own with so many carers."""
    left = list(visits)
    for service, carers in wanted:
        found = next((v for v in left if service in v.services and len(v.carers) == carers), None)
        if found is None:
            return False
        left.remove(found)
    return True


def _all_on_duty(visits: Iterable[Visit], hired: Iterable[Hired]) -> bool:
    """Return whether for each carer somebody who qualifies works at some time of the window."""
    caregivers = [h.caregiver for h in hired]
    return all(
        any(
            _holds(caregiver, carer)
            and any(
                shift.start <= visit.window.latest - _WAY
                and shift.end >= visit.window.earliest + carer.minutes + _WAY
                for shift in caregiver.shifts
            )
            for caregiver in caregivers
        )
        for visit in visits
        for carer in visit.carers
    )


def _holds(caregiver: Caregiver, carer: CarerNeed) -> bool:
    held = {q.code: q.level for q in caregiver.qualifications}
    return all(held.get(need.code, 0) >= need.level for need in carer.qualifications)


def _travel(district: District) -> GeodesicTravel:
    return GeodesicTravel(
        zones=tuple(
            Zone(
                id=hill.code,
                centre=Place(lat=hill.centre[0], lon=hill.centre[1]),
                radius_km=hill.radius_km,
                road_factor=hill.road_factor,
            )
            for hill in district.hills
        )
    )
