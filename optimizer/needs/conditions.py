"""What a rule asks of a client: small tests, evaluated by one interpreter.

A test is data. It looks at one thing of the record and, where it holds, names the fields it
has seen, so that whoever asks for the reason of a visit is shown the place in the record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from optimizer.domain.health import PartOfDay
from optimizer.domain.record import Code, Record
from optimizer.needs.facts import Evidence, Facts

ANY = "any"
"Instead of a code: whatever there is of the kind."
EVERY_DAY = range(1, 8)
LISTED = ("insulin", "allergy", "diet", "swallowing", "night", "guardian", "bathroom")
"Kinds of test that ask for a code of a list."


class Test(Record):
    """One thing asked of a client; exactly one of the fields above `min_stage` says which.

    Attributes
    ----------
    condition
        A condition of the record; with `min_stage` at that stage or worse, with
        `within_days` no older than that many days, with `undated` or `unstaged` without one.
    device
        A device of the record, of `kind` if given; with `undated` one of which nobody knows
        when it was changed or is due.
    overdue, over_limit
        A device whose change was due before the first day planned; one that carries less than
        the client weighs.
    item
        An item of the ability assessment with a score of `at_least` to `at_most`.
    tier
        The need tier is this one or higher.
    risk_events
        Least number of risk events, of `kind` if given, in the last `within_days`.
    flag, living, category
        A flag of the client; the living situation; the entitled group.
    age
        The client is so old or older.
    weight_kg
        The client weighs so much or more.
    under_age
        The client is younger than that.
    wound
        A wound of that kind, with `site`, `min_stage`, `min_size_cm`, `unstaged`.
    medicine
        A medicine of that code, taken `meal` if given.
    family
        Somebody of the family who has that skill, there at a part of the day if `present` is
        given, `strained` if that is.
    insulin, allergy, diet, swallowing, night, guardian, bathroom
        A code that the record has in its list of that name.
    floor_without_lift
        The client lives on that floor or higher, without a lift.
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
    under_age: Annotated[int, Field(ge=1)] | None = None
    overdue: Code | None = None
    over_limit: Code | None = None
    wound: Code | None = None
    medicine: Code | None = None
    family: Code | None = None
    insulin: Code | None = None
    allergy: Code | None = None
    diet: Code | None = None
    swallowing: Code | None = None
    night: Code | None = None
    guardian: Code | None = None
    bathroom: Code | None = None
    floor_without_lift: Annotated[int, Field(ge=2)] | None = None
    any_of: tuple[Test, ...] = ()
    all_of: tuple[Test, ...] = ()
    none_of: tuple[Test, ...] = ()

    min_stage: Annotated[int, Field(ge=1, le=5)] | None = None
    within_days: Annotated[int, Field(ge=1)] | None = None
    at_most: Annotated[int, Field(ge=0)] | None = None
    at_least: Annotated[int, Field(ge=0)] | None = None
    kind: Code | None = None
    site: Code | None = None
    min_size_cm: Annotated[int, Field(ge=1)] | None = None
    undated: bool | None = None
    unstaged: bool | None = None
    meal: Literal["before", "with", "after"] | None = None
    present: PartOfDay | None = None
    strained: bool | None = None

    @cached_property
    def asks(self) -> str:
        """Return the name of the one field that says what is asked for."""
        return next(name for name in _KINDS if getattr(self, name) not in (None, ()))

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Self:
        asked = [name for name in _KINDS if getattr(self, name) not in (None, ())]
        if len(asked) != 1:
            some = ", ".join(asked) or ", ".join((*_KINDS[:4], "…"))
            raise ValueError(f"asks {len(asked)} things; a test names one of {some}")
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
    "under_age",
    "overdue",
    "over_limit",
    "wound",
    "medicine",
    "family",
    "insulin",
    "allergy",
    "diet",
    "swallowing",
    "night",
    "guardian",
    "bathroom",
    "floor_without_lift",
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
    return _READERS[test.asks](test, facts)


def any_holds(tests: tuple[Test, ...], facts: Facts) -> Evidence | None:
    """Return what the first test that holds has seen; None if none holds."""
    for test in tests:
        seen = holds(test, facts)
        if seen is not None:
            return seen
    return None


def all_hold(tests: tuple[Test, ...], facts: Facts) -> Evidence | None:
    """Return what all tests have seen; None if one of them does not hold."""
    found = []
    for test in tests:
        one = _READERS[test.asks](test, facts)
        if one is None:
            return None
        found.append(one)
    # Most tests of most clients fail, so that nothing is put together before all hold.
    return sum(found[1:], start=found[0]) if found else Evidence()


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
        if (test.undated and condition.since) or (test.unstaged and condition.stage):
            continue
        return evidence
    return None


def _device(test: Test, facts: Facts) -> Evidence | None:
    details = [one for one in facts.record.device_details if one.device == test.device]
    if test.undated and any(one.last_changed or one.next_change for one in details):
        return None
    if test.kind is not None and all(one.kind != test.kind for one in details):
        return None
    return facts.devices.get(test.device or "")


def _overdue(test: Test, facts: Facts) -> Evidence | None:
    for n, detail in enumerate(facts.record.device_details):
        due = detail.next_change
        if detail.device == test.overdue and due is not None and due < facts.day:
            return facts.seen(f"device_details.{n}")
    return None


def _over_limit(test: Test, facts: Facts) -> Evidence | None:
    for n, detail in enumerate(facts.record.device_details):
        limit, weight = detail.limit_kg, facts.weight_kg
        too_much = limit is not None and weight is not None and weight > limit
        if detail.device == test.over_limit and too_much:
            return facts.seen(f"device_details.{n}")
    return None


def _wound(test: Test, facts: Facts) -> Evidence | None:
    for n, wound in enumerate(facts.record.wounds):
        if (
            test.wound in (ANY, wound.kind)
            and test.site in (None, wound.site)
            and (wound.stage or 0) >= (test.min_stage or 0)
            and (wound.size_cm or 0) >= (test.min_size_cm or 0)
            and not (test.unstaged and wound.stage)
        ):
            return facts.seen(f"wounds.{n}")
    return None


def _medicine(test: Test, facts: Facts) -> Evidence | None:
    for n, medicine in enumerate(facts.record.medicines):
        if test.medicine in (ANY, medicine.code) and test.meal in (None, medicine.meal):
            return facts.seen(f"medicines.{n}")
    return None


def _family(test: Test, facts: Facts) -> Evidence | None:
    """Return the first carer who is meant; at a part of the day somebody has to be there daily."""
    meant = [
        (n, carer)
        for n, carer in enumerate(facts.record.family)
        if (test.family == ANY or test.family in carer.skills)
        and (test.present is None or not carer.present or test.present in carer.present)
        and (carer.strained or not test.strained)
    ]
    days = {day for _, carer in meant for day in carer.weekdays or EVERY_DAY}
    if not meant or (test.present is not None and len(days) < len(EVERY_DAY)):
        return None
    return facts.seen(f"family.{meant[0][0]}")


def _floor(test: Test, facts: Facts) -> Evidence | None:
    dwelling, least = facts.record.dwelling, test.floor_without_lift or 1
    if dwelling is None or dwelling.lift or (dwelling.floor or 1) < least:
        return None
    return facts.seen("dwelling.floor")


def _listed(test: Test, facts: Facts) -> Evidence | None:
    found, code = facts.listed.get(test.asks, {}), getattr(test, test.asks)
    return next(iter(found.values()), None) if code == ANY else found.get(code)


def _is_recent(day: date | None, test: Test, facts: Facts) -> bool:
    """Return whether a day lies in the test's last days; one not known, or to come, does not."""
    return day is not None and 0 <= (facts.as_of - day).days <= (test.within_days or 0)


def _item(test: Test, facts: Facts) -> Evidence | None:
    found = facts.items.get(test.item or "")
    if found is None:
        return None
    score, field, on = found
    if test.at_most is not None and score > test.at_most:
        return None
    if test.at_least is not None and score < test.at_least:
        return None
    return Evidence((field,), on)


def _risk_events(test: Test, facts: Facts) -> Evidence | None:
    seen = Evidence()
    count = 0
    for event, evidence in facts.risk_events:
        recent = test.within_days is None or _is_recent(event.on, test, facts)
        if recent and test.kind in (None, event.kind):
            count += 1
            seen = seen + evidence
    return seen if count >= (test.risk_events or 1) else None


def _field(field: str) -> Callable[[Test, Facts], Evidence | None]:
    """Return what reads a field of the client that has to be just what the test says."""

    def read(test: Test, facts: Facts) -> Evidence | None:
        return facts.seen(field) if getattr(test, field) == getattr(facts, field) else None

    return read


def _flag(test: Test, facts: Facts) -> Evidence | None:
    return facts.seen("flags") if test.flag in facts.flags else None


def _tier(test: Test, facts: Facts) -> Evidence | None:
    return facts.tier_evidence if facts.tier >= (test.tier or 0) else None


def _at_least(field: str) -> Callable[[Test, Facts], Evidence | None]:
    """Return what reads a number that has to be known, and as high as the test says."""

    def read(test: Test, facts: Facts) -> Evidence | None:
        known: int | None = getattr(facts, field)
        return facts.seen(field) if known is not None and known >= getattr(test, field) else None

    return read


def _under_age(test: Test, facts: Facts) -> Evidence | None:
    is_under = facts.age is not None and facts.age < (test.under_age or 0)
    return facts.seen("age") if is_under else None


_READERS: Mapping[str, Callable[[Test, Facts], Evidence | None]] = {
    "condition": _condition,
    "device": _device,
    "item": _item,
    "tier": _tier,
    "risk_events": _risk_events,
    "flag": _flag,
    "living": _field("living"),
    "category": _field("category"),
    "age": _at_least("age"),
    "weight_kg": _at_least("weight_kg"),
    "under_age": _under_age,
    "overdue": _overdue,
    "over_limit": _over_limit,
    "wound": _wound,
    "medicine": _medicine,
    "family": _family,
    **dict.fromkeys(LISTED, _listed),
    "floor_without_lift": _floor,
    "any_of": lambda test, facts: any_holds(test.any_of, facts),
    "all_of": lambda test, facts: all_hold(test.all_of, facts),
    "none_of": lambda test, facts: None if any_holds(test.none_of, facts) else Evidence(),
}
"How each kind of test is read."
