"""What has happened, as it stands in the scenario: people, visits, ties, roads."""

from __future__ import annotations

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.event import Added, Events, Longer, Refuses, RoadClosed
from optimizer.domain.place import Slowdown, Travel
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import CouplingKind, Visit
from optimizer.replan.wanted_visits import clients_now
from optimizer.travel import TravelMatrices, travel_matrices


def scenario_now(
    scenario: Scenario,
    events: Events,
    visits: tuple[Visit, ...],
    caregivers: tuple[Caregiver, ...],
    published: Plan,
) -> Scenario:
    """Return the scenario with all that has happened, before facts make it give way."""
    added, ids = added_by(events), {visit.id for visit in visits}
    return scenario.model_copy(
        update={
            "clients": clients_now(scenario, added, refused_by(events)),
            "caregivers": caregivers,
            "visits": visits,
            "couplings": (
                *(tie for tie in scenario.couplings if {tie.first, tie.second} <= ids),
                *(tie for one in added for tie in one.couplings),
            ),
            "pins": tuple(pin for pin in scenario.pins if pin.visit in ids),
            "published": published,
            "travel": travel_now(scenario, events),
        }
    )


def roads_now(
    scenario: Scenario, now: Scenario, events: Events, roads: TravelMatrices
) -> TravelMatrices:
    """Return travel of the scenario as it is now; anew where roads are closed or homes are new."""
    is_new = any(one.client is not None for one in added_by(events))
    return travel_matrices(now) if is_new or now.travel != scenario.travel else roads


def travel_now(scenario: Scenario, events: Events) -> Travel:
    """Return travel with the roads that are closed."""
    closed = tuple(
        Slowdown(town=one.town, factor=one.factor)
        for one in events.events
        if isinstance(one, RoadClosed)
    )
    if not closed:
        return scenario.travel
    slowdowns = (*scenario.travel.slowdowns, *closed)
    return scenario.travel.model_copy(update={"slowdowns": slowdowns})


def added_by(events: Events) -> list[Added]:
    """Return the visits that are new."""
    return [one for one in events.events if isinstance(one, Added)]


def refused_by(events: Events) -> set[tuple[str, str]]:
    """Return clients with caregivers whom they do not want to see again."""
    return {(one.client, one.caregiver) for one in events.events if isinstance(one, Refuses)}


def longer_by(events: Events) -> dict[str, int]:
    """Return by how much visits take longer, in milliseconds."""
    return {one.visit: one.minutes for one in events.events if isinstance(one, Longer)}


def together_in(scenario: Scenario) -> list[tuple[str, str]]:
    """Return the pairs of visits that begin as one."""
    ties = (tie for tie in scenario.couplings if tie.kind is CouplingKind.TOGETHER)
    return [(tie.first, tie.second) for tie in ties]
