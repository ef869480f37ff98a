"""From a scenario and edits to the scenario that is imagined."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from optimizer.domain.edit import (
    AddOrganisation,
    CaregiversAway,
    ClientsAway,
    ClosedHours,
    ClosedTown,
    Demand,
    DropOrganisation,
    Edit,
    ExtraVisits,
    Hire,
    MoreCaregivers,
    MoreEntitlement,
    OpeningHours,
    OtherMode,
    Price,
    RuleOff,
    ServicesOff,
    ShiftHours,
    TravelTime,
    Wage,
)
from optimizer.domain.scenario import Scenario
from optimizer.needs import Book, Needs, derive
from optimizer.shortfall.edits.demand import clients_away, demand, extra_visits, services_off
from optimizer.shortfall.edits.hours import closed_hours, opening_hours, shift_hours
from optimizer.shortfall.edits.lot import Lot
from optimizer.shortfall.edits.money import entitlement, price, wage
from optimizer.shortfall.edits.people import (
    add_organisation,
    caregivers_away,
    drop_organisation,
    hire,
    more_caregivers,
)
from optimizer.shortfall.edits.repair import Edited, repaired
from optimizer.shortfall.edits.travelling import closed_town, other_mode, travel_time
from optimizer.shortfall.relaxation import relaxed

OF_MONEY: tuple[type[Edit], ...] = (MoreEntitlement, Price)
"Edits that change what is planned from health records, so that it has to be derived anew."

RELAXING: tuple[type[Edit], ...] = (AddOrganisation, Hire, MoreCaregivers, RuleOff, Wage)
"Edits after which every roster that could be made before can still be made."


def rule_off(scenario: Scenario, edit: RuleOff, lot: Lot) -> Scenario:  # noqa: ARG001 (as all)
    """Relax a rule for everybody, or that of one contract."""
    return relaxed(scenario, edit.rule, edit.minutes, edit.contract)


_Apply = Callable[[Scenario, Any, Lot], Scenario]

APPLY: Mapping[type, _Apply] = {
    DropOrganisation: drop_organisation,
    AddOrganisation: add_organisation,
    CaregiversAway: caregivers_away,
    Hire: hire,
    MoreCaregivers: more_caregivers,
    Demand: demand,
    Wage: wage,
    MoreEntitlement: entitlement,
    Price: price,
    ShiftHours: shift_hours,
    OpeningHours: opening_hours,
    ClosedHours: closed_hours,
    RuleOff: rule_off,
    TravelTime: travel_time,
    OtherMode: other_mode,
    ClosedTown: closed_town,
    ServicesOff: services_off,
    ExtraVisits: extra_visits,
    ClientsAway: clients_away,
}
"One function per kind of edit, named after it."


def apply(scenario: Scenario, edits: Sequence[Edit], seed: int = 1, replication: int = 0) -> Edited:
    """Return a scenario as edits make it, whole again.

    Parameters
    ----------
    scenario
        A scenario without faults; with its visits, for edits of visits.
    edits
        In the order in which they are made. They fit the scenario, see
        `optimizer.shortfall.checking`. A published roster is always dropped: departing from it
        would cost phone calls, in which arms of a study must not differ.
    seed
        Seed of the study, by which is drawn who is meant where only so many are.
    replication
        Which drawn day; another one draws other people.
    """
    lot = Lot(seed, replication)
    edited = scenario
    # Matrices of slower journeys hold every place there is, so they are written last.
    for edit in sorted(edits, key=lambda one: isinstance(one, TravelTime)):
        edited = APPLY[type(edit)](edited, edit, lot)
    return repaired(edited, scenario)


def asks_for_needs(edits: Sequence[Edit]) -> bool:
    """Return whether visits have to be derived anew from the records: money has changed."""
    return any(isinstance(edit, OF_MONEY) for edit in edits)


def is_relaxing(edits: Sequence[Edit]) -> bool:
    """Return whether every roster of the scenario is still one after the edits."""
    return all(isinstance(edit, RELAXING) for edit in edits)


def with_visits(
    given: Scenario, needs: Needs, edits: Sequence[Edit], book: Book | None = None
) -> tuple[Needs, tuple[Edit, ...]]:
    """Return what records ask for after the edits of money, and the edits that are left.

    What is granted decides which visits are planned, and nobody draws lots for it; so this is
    done once per arm and not once per drawn day.

    Parameters
    ----------
    given
        As it was read, with health records.
    needs
        What follows from it, with the scenario's visits.
    edits
        All edits of an arm.
    book
        Catalogue and rules; those of the package if not given.
    """
    money = tuple(edit for edit in edits if isinstance(edit, OF_MONEY))
    if not money:
        return needs, tuple(edits)
    return derive(apply(given, money).scenario, book), without_money(edits)


def without_money(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Return the edits that change no money: those that each drawn day makes for itself."""
    return tuple(edit for edit in edits if not isinstance(edit, OF_MONEY))
