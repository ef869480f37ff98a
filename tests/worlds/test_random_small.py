"""The random scenarios are what other tests take them for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from optimizer.domain.index import ScenarioIndex
from optimizer.domain.record import Record
from optimizer.domain.visit import CouplingKind
from optimizer.matching import eligible
from tests.worlds.random_small import random_small

SCENARIOS = [random_small(seed) for seed in range(120)]


def test_the_same_seed_gives_the_same_scenario() -> None:
    """Two calls with equal arguments give equal scenarios, other seeds other ones."""
    assert random_small(5) == random_small(5)
    assert random_small(5) != random_small(6)


def test_plain_scenarios_are_plain() -> None:
    """Without features there is one day, one carer per visit and no tie."""
    scenario = random_small(3, visits=4, caregivers=2, features=())
    assert (len(scenario.visits), len(scenario.caregivers)) == (4, 2)
    assert scenario.horizon.days == 1
    assert scenario.couplings == ()
    assert all(len(visit.carers) == 1 for visit in scenario.visits)


@pytest.mark.parametrize("kind", list(CouplingKind))
def test_every_tie_turns_up(kind: CouplingKind) -> None:
    """Every kind of coupling occurs more than once."""
    assert sum(c.kind is kind for s in SCENARIOS for c in s.couplings) > 1


def test_most_visits_can_be_served_by_some_but_not_all() -> None:
    """Neither everybody nor nobody may come: matching has a say and leaves a choice."""
    found = [eligible(ScenarioIndex.of(scenario)) for scenario in SCENARIOS]
    shares = [one.tables[one.kind_of].mean() for one in found]
    assert 0.3 < np.mean(shares) < 0.9


def test_visits_of_one_client_only_are_tied() -> None:
    """Couplings join visits of one client, as the format asks."""
    for scenario in SCENARIOS:
        owner = {visit.id: visit.client for visit in scenario.visits}
        assert all(owner[c.first] == owner[c.second] for c in scenario.couplings)


NOT_PLANNED = {
    "of the file": {
        "MatrixTravel.kind",
        "Plan.format",
        "Plan.version",
        "Scenario.format",
        "Scenario.time_zone",
        "Scenario.version",
    },
    "of health records and the visits that follow from them": {
        "CarerNeed.service",
        "Client.age",
        "Client.category",
        "Client.health_record",
        "Client.living",
        "Client.meals",
        "Client.usual_start",
        "Entitlement.max_items",
        "Entitlement.max_visit",
        "Entitlement.min_visit",
        "Entitlement.price_book",
        "Policy.caps_by_need",
        "Scenario.care_plans",
        "Scenario.pins",
        "Scenario.series",
        "Visit.series",
        "Visit.trace",
    },
    "of who pays in the end": {"Contract.funding"},
    "of roads, which stand in the matrices that all engines are given": {
        "MatrixTravel.measured",
        "MatrixTravel.slowdowns",
    },
    "of the law, which is laid on caregivers before engines see them": {"Scenario.labour_rules"},
    "of repairs and studies alone": {"Caregiver.origin", "Policy.freeze"},
    "of a published roster, of which who and when are kept": {
        "Plan.unserved",
        "Route.pause",
        "Route.shift",
        "Stop.contract",
    },
}
"Fields that no engine plans by, and what they are of."


def fields(record: object) -> Iterator[tuple[str, bool]]:
    """Yield every field of a record and the records in it, and whether it is more than usual."""
    if isinstance(record, Record):
        for name, field in type(record).model_fields.items():
            value = getattr(record, name)
            usual = not field.is_required() and value == field.get_default(
                call_default_factory=True
            )
            yield f"{type(record).__name__}.{name}", not usual
            yield from fields(value)
    elif isinstance(record, (tuple, dict)):
        for value in record.values() if isinstance(record, dict) else record:
            yield from fields(value)


def test_every_field_that_engines_plan_by_turns_up() -> None:
    """No field of the format is left out of the days on which engines are compared."""
    found = [entry for scenario in SCENARIOS for entry in fields(scenario)]
    never = {name for name, _ in found} - {name for name, is_used in found if is_used}
    assert never == set().union(*NOT_PLANNED.values())
