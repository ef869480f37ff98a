"""Choices for services, breaks of single shifts, visits missed before, drawn after all else."""

from __future__ import annotations

import random
from collections.abc import Collection

from optimizer.domain.caregiver import BreakRule, Shift
from optimizer.domain.client import ResponsibleCarer, ServiceChoice
from optimizer.domain.scenario import Scenario
from optimizer.units import MS_PER_MINUTE, format_clock

FEATURES = frozenset({"service_choices", "shift_breaks"})


def with_choices(scenario: Scenario, rng: random.Random, active: Collection[str]) -> Scenario:
    """Return the scenario with those of the features that `active` names."""
    if "service_choices" in active and scenario.organisations:
        scenario = _with_service_choices(scenario, rng)
    if "shift_breaks" in active:
        scenario = _with_shift_breaks(scenario, rng)
    return scenario


def with_missed(scenario: Scenario, rng: random.Random) -> Scenario:
    """Return the scenario with what clients have missed and used up lately, and its weight."""
    clients = tuple(
        client.model_copy(
            update={
                "missed": rng.choice((0, 1, 3, 7)),
                "entitlements": tuple(
                    one.model_copy(update={"used": rng.choice((0, one.cap // 3, one.cap + 1))})
                    for one in client.entitlements
                ),
            }
        )
        for client in scenario.clients
    )
    weights = scenario.policy.weights
    unserved = weights.unserved.model_copy(update={"missed": rng.choice((0, 90, 500))})
    policy = scenario.policy.model_copy(
        update={"weights": weights.model_copy(update={"unserved": unserved})}
    )
    return scenario.model_copy(update={"clients": clients, "policy": policy})


def with_responsible(scenario: Scenario, rng: random.Random) -> Scenario:
    """Return the scenario with caregivers who answer for some clients, and its weight."""
    people = [caregiver.id for caregiver in scenario.caregivers]
    clients = tuple(
        client.model_copy(
            update={
                "responsible": ResponsibleCarer(
                    caregiver=rng.choice(people), min_share=rng.choice((1, 50, 70, 100))
                )
            }
        )
        if rng.random() < 0.7
        else client
        for client in scenario.clients
    )
    weights = scenario.policy.weights.model_copy(update={"responsible": rng.choice((3, 25, 60))})
    policy = scenario.policy.model_copy(update={"weights": weights})
    return scenario.model_copy(update={"clients": clients, "policy": policy})


def with_burdens(scenario: Scenario, rng: random.Random) -> Scenario:
    """Return the scenario with clients of all need tiers, and a weight on burdens."""
    clients = tuple(
        client.model_copy(update={"need_tier": rng.choice((None, 0, 2, 3, 4))})
        for client in scenario.clients
    )
    weights = scenario.policy.weights.model_copy(update={"burdens": rng.choice((1, 7, 30))})
    policy = scenario.policy.model_copy(update={"weights": weights})
    return scenario.model_copy(update={"clients": clients, "policy": policy})


def _with_service_choices(scenario: Scenario, rng: random.Random) -> Scenario:
    services = sorted({one for visit in scenario.visits for one in visit.services})
    bodies = [body.id for body in scenario.organisations]
    if not services:
        return scenario
    clients = tuple(
        client.model_copy(
            update={
                "service_choices": (
                    ServiceChoice(
                        services=(rng.choice(services),), organisation=rng.choice(bodies)
                    ),
                )
            }
        )
        if rng.random() < 0.6
        else client
        for client in scenario.clients
    )
    return scenario.model_copy(update={"clients": clients})


def _with_shift_breaks(scenario: Scenario, rng: random.Random) -> Scenario:
    people = tuple(
        person.model_copy(update={"shifts": tuple(_with_break(one, rng) for one in person.shifts)})
        for person in scenario.caregivers
    )
    return scenario.model_copy(update={"caregivers": people})


def _with_break(shift: Shift, rng: random.Random) -> Shift:
    """Return a shift with a break of its own, now and then none."""
    length = (shift.end - shift.start) // MS_PER_MINUTE
    if length < 60 or rng.random() < 0.4:
        return shift
    earliest = shift.start + rng.randint(10, length // 2) * MS_PER_MINUTE
    latest = earliest + rng.choice((0, 15, 45)) * MS_PER_MINUTE
    rule = BreakRule(
        duration=rng.choice((10, 20)),
        earliest=format_clock(earliest),
        latest=format_clock(latest),
        after=30,
    )
    return shift.model_copy(update={"break_rule": rule})
