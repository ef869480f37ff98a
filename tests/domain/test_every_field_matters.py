"""Nothing in a file is read and forgotten: every field of every record changes something.

Each field is given other values, wherever it stands in a few small offices, until something that a
person sees is different: what the plan costs, the rules it breaks, the visits that follow from
records, a warning, or a word of the roster. Where nothing is, the field has no meaning.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import ValidationError

from optimizer.domain.plan import Plan
from optimizer.domain.record import Record
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.errors import InvalidDocument
from optimizer.formats import check_plan, parse_scenario
from optimizer.needs import default_book
from optimizer.needs.scales import load_scales
from optimizer.prepare import prepare
from optimizer.report import needs_document
from optimizer.report.needs_wording import reasons
from optimizer.report.page import roster_page
from optimizer.report.roster import Roster
from optimizer.units import format_clock, parse_clock
from optimizer.verification import verify
from tests.domain import offices

Document = dict[str, Any]
Place = tuple[str | int, ...]

IDENTIFIERS = {
    ("Caregiver", "origin"): "Read by studies alone: who travels home for a festival.",
    (
        "LabourRules",
        "id",
    ): "Shown by `homecare labour-rules` (tests/cli), as names and sources are.",
    ("LabourRules", "en"): "Likewise.",
    ("LabourRules", "zh"): "Likewise.",
    ("LegalNight", "source"): "Likewise.",
    ("LegalNumber", "source"): "Likewise.",
    ("LegalTime", "source"): "Likewise.",
    ("Policy", "freeze"): "Read when a roster is mended (tests/replan).",
    (
        "Surcharge",
        "kind",
    ): "Told in the tables of accounts (tests/report); two of a kind on one visit are a fault.",
    ("Zone", "id"): "A name for whoever writes the file; a fault of a zone tells its place.",
}
"Fields that need not change anything, each with the reason."

HINTS: dict[tuple[str, str], tuple[Any, ...]] = {
    ("Assessment", "item_scores"): (dict(load_scales()["gbt42195"].items),),
    ("Assessment", "raw_grade"): ("1", "5"),
    ("Assessment", "version"): ("quarters",),
    ("CarePlan", "client"): ("C3",),
    ("CarePlan", "until"): ("2026-03-03",),
    ("CarerNeed", "qualifications"): ([{"code": "N"}],),
    ("Client", "refused"): (["G1"],),
    ("Client", "usual_start"): ("13:30",),
    ("Contract", "services"): (["WASH"],),
    ("Contract", "towns"): (["east"],),
    ("Coupling", "first"): ("V8",),
    ("Coupling", "second"): ("V8",),
    ("Coupling", "max_days"): (0,),
    ("DeviceDetail", "device"): ("hoist",),
    ("Entitlement", "price_book"): ("zh2014",),
    ("Entitlement", "max_items"): (1,),
    ("GeodesicTravel", "measured"): (
        [
            {
                "mode": "ebike",
                "origin": {"lat": 29.95, "lon": 121.71},
                "target": {"lat": 29.958, "lon": 121.718},
                "minutes": 1,
            }
        ],
    ),
    ("GeodesicTravel", "slowdowns"): ([{"town": "east", "factor": 3}],),
    ("LegalNight", "start"): ("00:00",),
    ("LegalNight", "end"): ("02:00",),
    ("Pin", "caregivers"): (["G2"],),
    ("PinnedVisit", "caregivers"): (["G2"],),
    ("PinnedVisit", "visit"): ("C2-0303-1",),
    ("Plan", "scenario"): ("elsewhere",),
    ("ServiceChoice", "services"): (["MEAL"],),
    ("Scenario", "time_zone"): ("Asia/Shanghai",),
    ("Scenario", "couplings"): ([{"kind": "together", "first": "V5", "second": "V8"}],),
    ("Scenario", "organisations"): ([{"id": "O1"}, {"id": "O2"}],),
    ("Series", "carers"): ([{"minutes": 45}],),
    ("Shift", "night"): (False,),
    ("Shift", "break_rule"): (
        {"duration": 90, "earliest": "08:00", "latest": "16:00", "after": 0},
    ),
    ("Stop", "contract"): ("K9",),
    ("Surcharge", "services"): (["MEAL"],),
    ("Zone", "centre"): ({"lat": 29.95, "lon": 121.71},),
}
"Values that cannot be guessed from the record or the document."

TOGETHER: dict[tuple[str, str], Document] = {
    ("Assessment", "scheme"): {"scheme": "shanghai", "version": "2.0"},
    ("LabourRules", "rest"): {
        "rest": {"minutes": 1430, "source": "§"},
        "rest_after_night": None,
    },
}
"Fields that change only together with others, which alone do not change what is seen."


def _see_roster(document: Document) -> Iterator[object]:
    """Yield what a person sees of a scenario and its plan, what is cheap to make first."""
    scenario = parse_scenario(json.dumps(document["scenario"]))
    plan = Plan.model_validate_json(json.dumps(document["plan"]))
    prepared = prepare(scenario)
    verdict = verify(prepared.for_engine, plan, prepared.matrices)
    yield verdict.cost, verdict.cost_breakdown, verdict.violations, verdict.unserved
    found = check_plan(plan, prepared.scenario)
    yield [str(fault) for fault in (*found.faults, *found.warnings)]
    yield needs_document(prepared.needs, prepared.needs.clients, lang="en")
    yield [str(warning) for warning in prepared.warnings]
    known = {visit.id for visit in prepared.scenario.visits}
    if all(stop.visit in known for route in plan.routes for stop in route.stops):
        roster = Roster.of_verdict(prepared, plan, verdict)
        yield list(_table(plan, prepared.scenario))
        yield roster_page(roster, lang="en")


def _table(plan: Plan, scenario: Scenario) -> Iterator[tuple[object, ...]]:
    from optimizer.formats import plan_frame

    yield from plan_frame(plan, scenario).itertuples(index=False)


def _see_reasons(document: Document) -> Iterator[object]:
    """Yield the reasons told for a visit that follows from a record."""
    visit = Visit.model_validate_json(json.dumps(document["visit"]))
    yield list(reasons("en", default_book(), visit.trace))


@dataclass(frozen=True)
class Base:
    """Something to look at, and which records of it are given other values."""

    document: Callable[[], Document]
    root: str
    record: type[Record]
    see: Callable[[Document], Iterator[object]]


def _with_plan(make: Callable[[], tuple[Document, Document]]) -> Callable[[], Document]:
    def document() -> Document:
        scenario, plan = make()
        return {"scenario": scenario, "plan": plan}

    return document


BASES = (
    Base(_with_plan(offices.office), "plan", Plan, _see_roster),
    Base(lambda: {"visit": offices.reason()}, "visit", Visit, _see_reasons),
    Base(_with_plan(offices.office), "scenario", Scenario, _see_roster),
    Base(_with_plan(offices.by_matrix), "scenario", Scenario, _see_roster),
    Base(_with_plan(offices.district), "scenario", Scenario, _see_roster),
    Base(_with_plan(offices.pinned), "scenario", Scenario, _see_roster),
    Base(_with_plan(offices.dossier), "scenario", Scenario, _see_roster),
    Base(_with_plan(offices.forgetful), "scenario", Scenario, _see_roster),
    Base(_with_plan(offices.short_night), "scenario", Scenario, _see_roster),
    Base(_with_plan(offices.recurring), "scenario", Scenario, _see_roster),
    Base(_with_plan(offices.nights), "scenario", Scenario, _see_roster),
    Base(_with_plan(offices.lawful), "scenario", Scenario, _see_roster),
)


def _parts(annotation: Any) -> Iterator[Any]:
    """Yield everything an annotation is put together from."""
    yield annotation
    if get_origin(annotation) is not Literal:
        for part in get_args(annotation):
            yield from _parts(part)


def _records(of: Any) -> list[type[Record]]:
    """Return the records named in an annotation."""
    return [p for p in _parts(of) if isinstance(p, type) and issubclass(p, Record)]


def _every_record() -> list[type[Record]]:
    found: dict[type[Record], None] = {}
    waiting: list[type[Record]] = [Scenario]
    while waiting:
        record = waiting.pop()
        if record not in found:
            found[record] = None
            for field in record.model_fields.values():
                waiting += _records(field.annotation)
    return sorted(found, key=lambda record: record.__name__)


def _places(record: type[Record], value: Any, place: Place) -> Iterator[tuple[type[Record], Place]]:
    """Yield every record in a document with its place."""
    yield record, place
    for name, field in record.model_fields.items():
        if name in value:
            yield from _inside(_records(field.annotation), value[name], (*place, name))


def _inside(
    records: list[type[Record]], value: Any, place: Place
) -> Iterator[tuple[type[Record], Place]]:
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _inside(records, each, (*place, number))
    elif isinstance(value, dict) and records:
        chosen = [one for one in records if "kind" in value and _is_kind(one, value["kind"])]
        fitting = [one for one in records if set(value) <= set(one.model_fields)]
        if fitting:
            yield from _places((chosen or fitting)[0], value, place)
        else:
            for key, each in value.items():
                yield from _inside(records, each, (*place, key))


def _is_kind(record: type[Record], kind: object) -> bool:
    field = record.model_fields.get("kind")
    return field is not None and kind in get_args(field.annotation)


def _at(document: Any, place: Place) -> Any:
    for step in place:
        document = document[step]
    return document


def _is_fixed(annotation: Any) -> bool:
    """Return whether a field has one value only, such as the version of the format."""
    return get_origin(annotation) is Literal and len(get_args(annotation)) == 1


def _others(annotation: Any, value: Any, same_name: list[Any]) -> Iterator[Any]:
    """Yield other values for a field: of its choices, near by, far off, and those of others."""
    for part in _parts(annotation):
        if get_origin(part) is Literal:
            yield from get_args(part)
        elif isinstance(part, type) and issubclass(part, StrEnum):
            yield from (one.value for one in part)
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (0, 1, value + 1, value - 1, value // 2, value * 2, value * 10)
    elif isinstance(value, str):
        yield from _other_texts(value)
    elif isinstance(value, list):
        yield from ([], value[1:], value[:-1], value[::-1])
    elif isinstance(value, dict):
        yield _doubled(value)
    yield from same_name


def _doubled(value: Any) -> Any:
    """Return a value with all numbers in it twice as large."""
    if isinstance(value, dict):
        return {key: _doubled(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_doubled(each) for each in value]
    return value * 2 if isinstance(value, int | float) else value


def _other_texts(value: str) -> Iterator[str]:
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        pass
    else:
        yield from ((day + dt.timedelta(days=n)).isoformat() for n in (-1, 1, -7, 7, -90, 90))
        return
    try:
        time = parse_clock(value)
    except ValueError:
        yield from ("other", "X9")
    else:
        for minutes in (-15, 15, -60, 60, -240, 240):
            yield format_clock(max(0, time + minutes * 60_000))


def _of_that_name(value: Any, name: str) -> Iterator[Any]:
    """Yield all values that fields of a name have anywhere in a document."""
    for key, each in value.items() if isinstance(value, dict) else enumerate(value):
        if key == name:
            yield each
        if isinstance(each, dict | list):
            yield from _of_that_name(each, name)


def _variants(base: Base, place: Place, record_type: type[Record], name: str) -> Iterator[Document]:
    """Yield the document with other values in one field."""
    kind, field = record_type.__name__, record_type.model_fields[name]
    annotation, default = field.annotation, field.default
    original = base.document()
    record = _at(original, place)
    if name == "id" and isinstance(record.get("id"), str):
        renamed = json.dumps(original).replace(f'"{record["id"]}"', '"Renamed"')
        yield json.loads(renamed)
        return
    if name in record:
        without = copy.deepcopy(original)
        del _at(without, place)[name]
        yield without
    if (kind, name) in TOGETHER:
        changed = copy.deepcopy(original)
        _at(changed, place).update(TOGETHER[kind, name])
        yield changed
    value = record.get(name, default)
    more = [*_of_that_name(original, name), *HINTS.get((kind, name), ())]
    tried = set()
    for other in _others(annotation, value, more):
        if other != value and (text := json.dumps(other)) not in tried:
            tried.add(text)
            changed = copy.deepcopy(original)
            _at(changed, place)[name] = other
            yield changed


@cache
def _seen(number: int) -> tuple[object, ...]:
    return tuple(BASES[number].see(BASES[number].document()))


def _differs(number: int, document: Document) -> bool:
    """Return whether something is seen that was not seen before; a refused file shows nothing."""
    usual = _seen(number)
    try:
        for one, before in zip(BASES[number].see(document), usual, strict=False):
            if one != before:
                return True
    except (InvalidDocument, ValidationError):
        return False
    return False


@cache
def _where() -> dict[type[Record], list[tuple[int, Place]]]:
    """Return the places of every record in the bases."""
    found: dict[type[Record], list[tuple[int, Place]]] = {}
    for number, base in enumerate(BASES):
        document = base.document()
        for record, place in _places(base.record, document[base.root], (base.root,)):
            found.setdefault(record, []).append((number, place))
    return found


def _matters(record: type[Record], name: str) -> bool:
    return any(
        _differs(number, variant)
        for number, place in _where().get(record, ())
        for variant in _variants(BASES[number], place, record, name)
    )


@pytest.mark.parametrize("record", _every_record(), ids=lambda record: record.__name__)
def test_every_field_changes_something(record: type[Record]) -> None:
    """No field of a record can be given other values without anybody seeing a difference."""
    fields = {
        name: field
        for name, field in record.model_fields.items()
        if not _is_fixed(field.annotation) and (record.__name__, name) not in IDENTIFIERS
    }
    idle = [name for name in fields if not _matters(record, name)]
    assert idle == [], f"{record.__name__}: {idle}"


@pytest.mark.parametrize("number", range(len(BASES)))
def test_a_copy_shows_nothing_else(number: int) -> None:
    """A document that is the same looks the same, so a difference is due to the field."""
    assert not _differs(number, BASES[number].document())
    assert tuple(BASES[number].see(BASES[number].document())) == _seen(number)
