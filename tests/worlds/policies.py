"""Random weights, prices and ticks, drawn after all else so that nothing else depends on them."""

from __future__ import annotations

import random
from collections.abc import Collection

from optimizer.domain.policy import UnservedWeights, Weights
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit

CHANCE = 0.4
"How often a term gets another weight than its usual one."
FEATURES = frozenset({"prices", "thousandths", "weights"})
"Visits with prices of their own, a thousand ticks per minute, other weights than usual."
_OF_THEIR_OWN = frozenset(
    {
        "balance",
        "burdens",
        "purchase",
        "staff_used",
        "streaks",
        "wage",
        "waiting",
        "worst_lateness",
        "unserved",
    }
)
"Terms that are features of a day themselves, and the one whose weight is a table."


def with_policy(scenario: Scenario, seed: int, active: Collection[str]) -> Scenario:
    """Return the scenario with weights, prices and ticks drawn; `active` are some of `FEATURES`."""
    rng = random.Random(f"weights of {seed}")
    usual = {
        name: field.default
        for name, field in sorted(Weights.model_fields.items())
        if name not in _OF_THEIR_OWN
    }
    drawn: dict[str, object] = {
        name: rng.randint(1, 20)
        for name, weight in usual.items()
        if weight == 0 and rng.random() < CHANCE
    }
    changed: dict[str, object] = {}
    if "weights" in active:
        # Of the size of a journey, so that a call is at times the cheaper way.
        usual["disruption"] = 60
        drawn |= {
            name: rng.randint(0, 2 * weight)
            for name, weight in usual.items()
            if weight > 0 and rng.random() < CHANCE
        }
        drawn["unserved"] = UnservedWeights(
            critical=rng.choice((900, 100_000)),
            essential=rng.choice((300, 20_000)),
            flexible=rng.choice((100, 4_000)),
            mandatory=rng.choice((2_000, 1_000_000)),
            per_minute=rng.randint(0, 10),
            alone=rng.choice((0, 1_000)),
            missed=rng.choice((0, 500)),
        )
        changed["disruption_tolerance"] = rng.choice((0, 5, 40))
        changed["familiar_after"] = rng.randint(1, 4)
    weights = scenario.policy.weights.model_copy(update=drawn)
    # Through the reader, which turns minutes into milliseconds.
    policy = {**scenario.policy.model_dump(mode="json"), "weights": weights, **changed}
    return scenario.model_copy(
        update={
            "policy": type(scenario.policy).model_validate(policy),
            "visits": tuple(
                _priced(visit, rng) if "prices" in active else visit for visit in scenario.visits
            ),
            "ticks_per_minute": 1000 if "thousandths" in active else 60,
        }
    )


def _priced(visit: Visit, rng: random.Random) -> Visit:
    """Return the visit, every third time with a price of its own for not taking place."""
    priced = visit.model_copy(update={"unserved_price": rng.choice((0, 20, 3_000))})
    return priced if rng.random() < 1 / 3 else visit
