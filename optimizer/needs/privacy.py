"""What the engine may know: who needs which care when, and never why."""

from __future__ import annotations

from optimizer.domain.scenario import Scenario


def for_engine(scenario: Scenario) -> Scenario:
    """Return a scenario without health records, care plans and traces.

    A trace names the rule a visit follows from, and a rule may be about one diagnosis.

    Parameters
    ----------
    scenario
        A scenario whose visits have been derived.
    """
    clients = scenario.clients
    if any(client.health_record is not None for client in clients):
        clients = tuple(client.model_copy(update={"health_record": None}) for client in clients)
    visits = scenario.visits
    if any(visit.trace for visit in visits):
        visits = tuple(
            visit.model_copy(update={"trace": ()}) if visit.trace else visit for visit in visits
        )
    if clients is scenario.clients and visits is scenario.visits and not scenario.care_plans:
        return scenario
    return scenario.model_copy(update={"clients": clients, "visits": visits, "care_plans": ()})
