"""From a recipe and a seed to a scenario."""

from __future__ import annotations

from collections import defaultdict

from optimizer.domain.client import Client
from optimizer.domain.place import GeodesicTravel, Place, Zone
from optimizer.domain.scenario import Familiar, Horizon, Scenario
from optimizer.domain.visit import Visit
from optimizer.generate.catalogue import load_catalogue
from optimizer.generate.demand import choose_days, demand_of, give_days, possible_days
from optimizer.generate.district import District, load_district
from optimizer.generate.hamlet import hamlet
from optimizer.generate.population import populate
from optimizer.generate.purchase import contracts_of, organisations_of
from optimizer.generate.recipe import Recipe
from optimizer.generate.settlement import settle
from optimizer.generate.staff import hire
from optimizer.generate.wishes import Acquaintance


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
    catalogue, district = load_catalogue(), load_district()
    settlement = settle(district, recipe.towns, seed)
    hired = hire(district, settlement, recipe.staff, recipe.date, recipe.organised, seed)
    days = possible_days(catalogue, [h.caregiver for h in hired])
    names = choose_days(days, recipe.visits, recipe.at_least_once)
    residents = populate(district, settlement, recipe.clients or len(names), seed)
    demand = demand_of(catalogue, give_days(catalogue, names, residents, seed), recipe.date, seed)

    visits_of: dict[str, list[Visit]] = defaultdict(list)
    for visit in demand.visits:
        visits_of[visit.client].append(visit)
    acquaintance = Acquaintance(catalogue, district, hired, recipe.organised, seed)
    clients: list[Client] = []
    history: list[Familiar] = []
    for resident in residents:
        if resident.client.id in demand.kinds:
            kinds = demand.kinds[resident.client.id]
            client, familiar = acquaintance.of(resident, visits_of[resident.client.id], kinds)
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
        visits=demand.visits,
        couplings=demand.couplings,
        travel=_travel(district),
        history=tuple(history),
    )


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
