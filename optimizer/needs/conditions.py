"""What a rule asks of a client: small tests, evaluated by one interpreter.

A test is data. It looks at one thing of the record and, where it holds, names the fields it
has seen, so that whoever asks for the reason of a visit is shown the place in the record.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from optimizer.domain.record import Code, Record
from optimizer.needs.facts import Evidence, Facts


class Test(Record):
    """One thing asked of a client; exactly one of the fields above `min_stage` says which.

    Attributes
    ----------
    condition
        A condition of the record; with `min_stage` at that stage or worse, with
        `within_days` no older than so many days.
    device
        A device of the record.
    item
        An item of the ability assessment with a score of `at_least` to `at_most`.
    tier
        The need tier is this one or higher.
    risk_events
        At least so many risk events, of `kind` if given, in the last `within_days`.
    flag, living, category
        A flag of the client; the living situation; the entitled group.
    age
        The client is so old or older.
    weight_kg
        The client weighs so much or more.
    any_of, all_of, none_of
        One of several tests holds; all of them do; none of them does.
    """

    __test__ = False  # For pytest, which takes the name for a test case.

    condition: Code | None = None
    device: Code | None = None
    item: Code | None = None
    tier: Annotated[int, Field(ge=0, le=4)] | None = None
    risk_events: Annotated[int, Field(ge=1)] | None = None
    flag: Code | None = None
    living: Code | None = None
    category: Code | None = None
    age: Annotated[int, Field(ge=0)] | None = None
    weight_kg: Annotated[int, Field(ge=1)] | None = None
    any_of: tuple[Test, ...] = ()
    all_of: tuple[Test, ...] = ()
    none_of: tuple[Test, ...] = ()

    min_stage: Annotated[int, Field(ge=1, le=5)] | None = None
    within_days: Annotated[int, Field(ge=1)] | None = None
    at_most: Annotated[int, Field(ge=0)] | None = None
    at_least: Annotated[int, Field(ge=0)] | None = None
    kind: Code | None = None

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Self:
        asked = [name for name in _KINDS if getattr(self, name) not in (None, ())]
        if len(asked) != 1:
            raise ValueError(f"asks {len(asked)} things; a test names one of {', '.join(_KINDS)}")
        if self.item is not None and self.at_most is None and self.at_least is None:
            raise ValueError("asks for no score of its item; give at_most or at_least")
        return self


_KINDS = (
    "condition",
    "device",
    "item",
    "tier",
    "risk_events",
    "flag",
    "living",
    "category",
    "age",
    "weight_kg",
    "any_of",
    "all_of",
    "none_of",
)


def holds(test: Test, facts: Facts) -> Evidence | None:
    """Return what a test has seen if it holds for a client, else None.

    Parameters
    ----------
    test
        The test.
    facts
        What is known of the client.
    """
    if test.condition is not None:
        return _condition(test, facts)
    if test.device is not None:
        return facts.devices.get(test.device)
    if test.item is not None:
        return _item(test, facts)
    if test.tier is not None:
        return facts.tier_evidence if facts.tier >= test.tier else None
    if test.risk_events is not None:
        return _risk_events(test, facts, test.risk_events)
    if test.flag is not None:
        return facts.seen("flags") if test.flag in facts.flags else None
    if test.living is not None:
        return facts.seen("living") if test.living == facts.living else None
    if test.category is not None:
        return facts.seen("category") if test.category == facts.category else None
    if test.age is not None:
        return facts.seen("age") if facts.age is not None and facts.age >= test.age else None
    if test.weight_kg is not None:
        weight = facts.weight_kg
        return facts.seen("weight_kg") if weight is not None and weight >= test.weight_kg else None
    if test.any_of:
        return any_holds(test.any_of, facts)
    if test.all_of:
        return all_hold(test.all_of, facts)
    return None if any_holds(test.none_of, facts) else Evidence()


def any_holds(tests: tuple[Test, ...], facts: Facts) -> Evidence | None:
    """Return what the first test that holds has seen; None if none holds."""
    for test in tests:
        seen = holds(test, facts)
        if seen is not None:
            return seen
    return None


def all_hold(tests: tuple[Test, ...], facts: Facts) -> Evidence | None:
    """Return what all tests have seen; None if one of them does not hold."""
    seen = Evidence()
    for test in tests:
        one = holds(test, facts)
        if one is None:
            return None
        seen = seen + one
    return seen


def asks_for(test: Test, condition: str) -> bool:
    """Return whether a test asks for a condition, by itself or within."""
    inner = (*test.any_of, *test.all_of)
    return test.condition == condition or any(asks_for(one, condition) for one in inner)


def _condition(test: Test, facts: Facts) -> Evidence | None:
    for condition, evidence in facts.conditions.get(test.condition or "", ()):
        if test.min_stage is not None and (condition.stage or 0) < test.min_stage:
            continue
        if test.within_days is not None and not _is_recent(condition.since, test, facts):
            continue
        return evidence
    return None


def _is_recent(day: date | None, test: Test, facts: Facts) -> bool:
    """Return whether a day lies in the test's last days; one not known, or to come, does not."""
    return day is not None and 0 <= (facts.as_of - day).days <= (test.within_days or 0)


def _item(test: Test, facts: Facts) -> Evidence | None:
    found = facts.items.get(test.item or "")
    if found is None:
        return None
    score, evidence = found
    if test.at_most is not None and score > test.at_most:
        return None
    if test.at_least is not None and score < test.at_least:
        return None
    return evidence


def _risk_events(test: Test, facts: Facts, least: int) -> Evidence | None:
    seen = Evidence()
    count = 0
    for event, evidence in facts.risk_events:
        recent = test.within_days is None or _is_recent(event.on, test, facts)
        if recent and test.kind in (None, event.kind):
            count += 1
            seen = seen + evidence
    return seen if count >= least else None
