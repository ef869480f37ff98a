"""The smallest clients for whom a rule holds, so that whoever signs it sees what it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from optimizer.domain.client import Client, Flag
from optimizer.domain.health import (
    Assessment,
    Condition,
    DeviceDetail,
    Dwelling,
    FamilyCarer,
    HealthRecord,
    Insulin,
    Medicine,
    RiskEvent,
    Wound,
)
from optimizer.domain.place import Place
from optimizer.needs.book import Book
from optimizer.needs.conditions import ANY, Test
from optimizer.needs.facts import facts_of
from optimizer.needs.required import Requirements, required_services
from optimizer.needs.rules import NeedRule
from optimizer.units import MS_PER_MINUTE

DAY = date(2026, 1, 5)
"When the records of examples were written; a Monday."
_MORNING = 480 * MS_PER_MINUTE
_LIMIT_KG = 100
_SOME = "some"
"Instead of a code, where any will do."


@dataclass(frozen=True, slots=True)
class Example:
    """A client and what a rule does for him.

    Attributes
    ----------
    client
        Of whom only what the rule asks for is known.
    seen
        The tests that hold for that client; none inside another one.
    required
        What follows if there were no other rule.
    """

    client: Client
    seen: tuple[Test, ...]
    required: Requirements


def examples_of(rule: NeedRule, book: Book) -> Iterator[Example]:
    """Yield an example of a rule, and one for each service it asks for only in some cases."""
    alone = book.rules.model_copy(update={"rules": (rule,)})
    for when in ((), *(add.when for add in rule.adds if add.when)):
        seen = tuple(_leaves((*rule.when, *when)))
        client = client_for(seen)
        facts = facts_of(client, DAY)
        yield Example(
            client, seen, required_services(client.id, facts, (), Book(book.catalogue, alone))
        )


def client_for(seen: Iterable[Test]) -> Client:
    """Return a client for whom some tests hold, none of them made of others."""
    draft = _Draft()
    for test in seen:
        draft.note(test)
    return draft.client()


def _leaves(tests: Iterable[Test]) -> Iterator[Test]:
    """Yield one way in which tests hold: of alternatives the first, of what must not be nothing."""
    for test in tests:
        if test.any_of:
            yield from _leaves(test.any_of[:1])
        elif test.all_of:
            yield from _leaves(test.all_of)
        elif not test.none_of:
            yield test


@dataclass(slots=True)
class _Draft:
    """A client in the making."""

    fields: dict[str, Any] = field(default_factory=dict)
    record: dict[str, Any] = field(default_factory=dict)
    conditions: dict[str, dict[str, Any]] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    tier: int | None = None

    def note(self, test: Test) -> None:
        """Add what a test asks for."""
        value = getattr(test, test.asks)
        code = _SOME if value == ANY else value
        if test.asks in {"living", "category", "age"}:
            self.fields[test.asks] = value
        elif test.asks == "under_age":
            self.fields["age"] = value - 1
        elif test.asks == "flag":
            self.fields["flags"] = (*self.fields.get("flags", ()), Flag(value))
        elif test.asks == "condition":
            self._condition(test)
        elif test.asks == "item":
            least = test.at_least or 0
            self.items[value] = least if test.at_most is None else test.at_most
        elif test.asks == "tier":
            self.tier = max(self.tier or 0, value)
        else:
            self._list(test, code)

    def _condition(self, test: Test) -> None:
        known = self.conditions.setdefault(test.condition or "", {})
        if test.min_stage is not None:
            known["stage"] = max(known.get("stage", 0), test.min_stage)
        if test.within_days is not None:
            known["since"] = DAY - timedelta(days=test.within_days)

    def _list(self, test: Test, code: Any) -> None:
        made = _made(test, code)
        for name, value in made.items():
            before = self.record.get(name)
            is_list = isinstance(value, tuple)
            self.record[name] = value if before is None or not is_list else (*before, *value)

    def client(self) -> Client:
        """Return the client with the record."""
        assessments = []
        if self.items:
            assessments.append(_assessed("gbt42195", "2022", item_scores=self.items))
        if self.tier is not None:
            assessments.append(_assessed("ltci", "2021", raw_grade=str(self.tier)))
        conditions = [Condition(code=code, **known) for code, known in self.conditions.items()]
        fields = {**self.record}
        fields["conditions"] = (*conditions, *fields.get("conditions", ()))
        record = HealthRecord(recorded_on=DAY, assessments=tuple(assessments), **fields)
        home = Place(lat=0.0, lon=0.0)
        return Client(id="example", home=home, health_record=record, **self.fields)


def _assessed(scheme: Any, version: str, **result: Any) -> Assessment:
    return Assessment(scheme=scheme, version=version, assessed_on=DAY, **result)


def _made(test: Test, code: Any) -> dict[str, Any]:
    """Return the fields of a record for which a test holds that asks for a part of a list."""
    makers: dict[str, Any] = {
        "device": lambda: {
            "devices": (code,),
            **({} if test.kind is None else _detail(code, kind=test.kind)),
        },
        "overdue": lambda: {
            "devices": (code,),
            **_detail(code, next_change=DAY - timedelta(days=1)),
        },
        "over_limit": lambda: {
            "devices": (code,),
            "weight_kg": _LIMIT_KG + 1,
            **_detail(code, limit_kg=_LIMIT_KG),
        },
        "weight_kg": lambda: {"weight_kg": code},
        "risk_events": lambda: {"risk_events": _events(test)},
        "wound": lambda: {
            "wounds": (
                Wound(kind=code, site=test.site, stage=test.min_stage, size_cm=test.min_size_cm),
            )
        },
        "medicine": lambda: {
            "medicines": (Medicine(code=code, times=(_MORNING,), meal=test.meal),)
        },
        "family": lambda: {
            "family": (FamilyCarer(who="child", skills=(code,), strained=bool(test.strained)),)
        },
        "insulin": lambda: {
            "conditions": (
                Condition(
                    code="diabetes_insulin",
                    insulin=(Insulin(kind="rapid" if code == _SOME else code, moment="breakfast"),),
                ),
            )
        },
        "allergy": lambda: {"allergies": (code,)},
        "diet": lambda: {"diet": (code,)},
        "swallowing": lambda: {"swallowing": "impaired" if code == _SOME else code},
        "night": lambda: {"night_needs": (code,)},
        "guardian": lambda: {"guardian": code},
        "bathroom": lambda: {"dwelling": Dwelling(bathroom="tub" if code == _SOME else code)},
        "floor_without_lift": lambda: {"dwelling": Dwelling(floor=code)},
    }
    made: dict[str, Any] = makers[test.asks]()
    return made


def _detail(device: str, **fields: Any) -> dict[str, Any]:
    return {"device_details": (DeviceDetail(device=device, **fields),)}


def _events(test: Test) -> tuple[RiskEvent, ...]:
    event = RiskEvent(kind=test.kind or _SOME, on=DAY)
    return (event,) * (test.risk_events or 1)
