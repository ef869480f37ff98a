"""A health record in the common FHIR shape: a bundle of patients and what is known of them.

Read are patients, observations of the Barthel index and of body weight by LOINC, conditions by
ICD-10 or by our own codes, and care plans whose activities are our services. Everything else is
passed over with a warning that tells its place and never its content.

References
----------
HL7 FHIR R4: Bundle, Patient, Observation, Condition, CarePlan, Timing.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from math import isfinite
from typing import Any

from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault, InvalidDocument
from optimizer.formats.codes import FaultCode, WarningCode
from optimizer.formats.document import Content, parse_json
from optimizer.formats.findings import finding
from optimizer.formats.scenario import parse_scenario
from optimizer.i18n import say
from optimizer.needs.book import Book, default_book

LOINC = "http://loinc.org"
ICD10 = ("http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icd-10-cm")
OUR_CONDITIONS = "urn:homecare-optimizer:condition"
OUR_SERVICES = "urn:homecare-optimizer:service"
GEOLOCATION = "http://hl7.org/fhir/StructureDefinition/geolocation"
DAYS = 28
"Days that are planned from the day of the bundle: one cycle of needs."

_GONE = frozenset({"inactive", "remission", "resolved"})
_WRONG = frozenset({"refuted", "entered-in-error"})
_HELD = frozenset({"active", "draft", "on-hold"})


@dataclass(frozen=True, slots=True)
class FhirBundle:
    """A bundle as a scenario without caregivers.

    Attributes
    ----------
    scenario
        Its patients as clients with health records, and its care plans.
    warnings
        What was passed over.
    """

    scenario: Scenario
    warnings: tuple[Fault, ...]


def is_fhir(document: Mapping[str, Any]) -> bool:
    """Return whether a JSON object is meant to be a FHIR bundle."""
    return document.get("resourceType") == "Bundle"


def parse_fhir(text: Content, source: str = "document", *, book: Book | None = None) -> FhirBundle:
    """Return the bundle in a JSON document.

    Parameters
    ----------
    text
        The document; bytes are UTF-8.
    source
        File name or other origin, for the heading of errors.
    book
        Catalogue and rules by which it is checked; those of the package if not given.

    Raises
    ------
    InvalidDocument
        With all faults; those of the records name their place in the scenario that is made.
    """
    content = parse_json(text, source).content
    reading = _Reading(book or default_book())
    reading.read(content)
    day = _date(content.get("timestamp")) or reading.latest
    faults = []
    if not reading.clients:
        faults.append(finding("entry", FaultCode.MISSING_FIELD, say("fault.fhir.no-patient")))
    if day is None:
        faults.append(finding("timestamp", FaultCode.MISSING_FIELD, say("fault.missing-field")))
    if day is None or faults:
        raise InvalidDocument(tuple(faults), source)
    document = json.dumps(reading.scenario(day), ensure_ascii=False)
    return FhirBundle(parse_scenario(document, source, book=book), tuple(reading.warnings))


@cache
def _codes() -> Mapping[str, Mapping[str, Any]]:
    text = files("optimizer.formats").joinpath("fhir_codes.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(slots=True)
class _Reading:
    """What has been read of a bundle so far."""

    book: Book
    clients: list[dict[str, Any]] = field(default_factory=list)
    named: dict[str, dict[str, Any]] = field(default_factory=dict)
    plans: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    latest: date | None = None

    def read(self, content: Mapping[str, Any]) -> None:
        """Read all entries, patients first."""
        entries = [
            (f"entry[{n}].resource", entry, _object(_object(entry).get("resource")))
            for n, entry in enumerate(_items(content.get("entry")))
        ]
        for place, entry, resource in entries:
            if resource.get("resourceType") == "Patient":
                self._patient(place, _object(entry), resource)
        for place, _, resource in entries:
            kind = resource.get("resourceType")
            if kind == "Observation":
                self._observation(place, resource)
            elif kind == "Condition":
                self._condition(place, resource)
            elif kind == "CarePlan":
                self._care_plan(place, resource)
            elif kind != "Patient":
                self._pass_over(place)

    def scenario(self, day: date) -> dict[str, Any]:
        """Return what was read as a scenario that begins on a day."""
        recorded = max(day, self.latest or day)
        for client in self.clients:
            client["health_record"]["recorded_on"] = recorded.isoformat()
            born = client.pop("born", None)
            if born is not None:
                had_birthday = (day.month, day.day) >= (born.month, born.day)
                client["age"] = day.year - born.year - (not had_birthday)
        return {
            "format": "homecare-scenario",
            "version": "1",
            "id": "fhir",
            "horizon": {"start": day.isoformat(), "days": DAYS},
            "clients": self.clients,
            "caregivers": [],
            "care_plans": self.plans,
        }

    def _pass_over(self, place: str) -> None:
        message = say("fault.unread-field.fhir")
        self.warnings.append(finding(place, WarningCode.UNREAD_FIELD, message))

    def _patient(self, place: str, entry: Mapping[str, Any], patient: Mapping[str, Any]) -> None:
        name = _text(patient.get("id"))
        if not name:
            self._pass_over(f"{place}.id")
            return
        client: dict[str, Any] = {"id": name, "home": self._home(place, patient)}
        born = _date(patient.get("birthDate"))
        if born is not None:
            client["born"] = born
        elif "birthDate" in patient:
            self._pass_over(f"{place}.birthDate")
        client["health_record"] = {
            "assessments": [],
            "conditions": [],
            "devices": [],
            "wounds": [],
        }
        self.clients.append(client)
        self.named[f"Patient/{name}"] = client
        if _text(entry.get("fullUrl")):
            self.named[_text(entry.get("fullUrl"))] = client

    def _home(self, place: str, patient: Mapping[str, Any]) -> dict[str, Any]:
        for address in _items(patient.get("address")):
            for extension in _items(_object(address).get("extension")):
                if _object(extension).get("url") == GEOLOCATION:
                    inner = [_object(one) for one in _items(_object(extension).get("extension"))]
                    point = {_text(one.get("url")): one.get("valueDecimal") for one in inner}
                    return {"lat": point.get("latitude"), "lon": point.get("longitude")}
        message = say("fault.fhir.no-place")
        self.warnings.append(finding(f"{place}.address", WarningCode.UNREAD_FIELD, message))
        return {"lat": 0.0, "lon": 0.0}

    def _record(self, place: str, resource: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the record of whom a resource is about; None, with a warning, if of nobody."""
        client = self._subject(place, resource)
        record: dict[str, Any] | None = None if client is None else client["health_record"]
        return record

    def _subject(self, place: str, resource: Mapping[str, Any]) -> dict[str, Any] | None:
        reference = _text(_object(resource.get("subject")).get("reference"))
        client = self.named.get(reference)
        if client is None:
            self._pass_over(f"{place}.subject")
        return client

    def _seen_on(self, value: Any) -> str | None:
        day = _date(value)
        if day is None:
            return None
        self.latest = max(day, self.latest or day)
        return day.isoformat()

    def _observation(self, place: str, observation: Mapping[str, Any]) -> None:
        record = self._record(place, observation)
        if record is None or _text(observation.get("status")) in _WRONG:
            return
        codes = [code for system, code in _codings(observation.get("code")) if system == LOINC]
        known: Mapping[str, str] = _codes()["loinc"]
        kind = next((known[code] for code in codes if code in known), None)
        value = _number(observation)
        day = self._seen_on(observation.get("effectiveDateTime"))
        if kind == "barthel" and value is not None and day is not None:
            record["assessments"].append(
                {
                    "scheme": "barthel",
                    "version": "hospital",
                    "raw_score": value,
                    "assessed_on": day,
                }
            )
        elif kind == "weight" and value is not None:
            record["weight_kg"] = round(value)
        else:
            self._pass_over(place)

    def _condition(self, place: str, condition: Mapping[str, Any]) -> None:
        record = self._record(place, condition)
        states = {code for _, code in _codings(condition.get("clinicalStatus"))}
        doubts = {code for _, code in _codings(condition.get("verificationStatus"))}
        if record is None or states & _GONE or doubts & _WRONG:
            return
        since = self._seen_on(condition.get("onsetDateTime"))
        if since is None and "onsetDateTime" in condition:
            self._pass_over(f"{place}.onsetDateTime")
        dated = {} if since is None else {"since": since}
        found = next((read for read in map(_meaning, _codings(condition.get("code"))) if read), {})
        if "condition" in found:
            code = found["condition"]
            same = [one for one in record["conditions"] if one["code"] == code]
            if same:
                same[0].update({**dated, **same[0]})
            else:
                record["conditions"].append({"code": code, **dated})
        elif "device" in found:
            record["devices"] = list(dict.fromkeys((*record["devices"], found["device"])))
        elif "wound" in found:
            stage = {"stage": found["stage"]} if "stage" in found else {}
            record["wounds"].append({"kind": found["wound"], **stage, **dated})
        else:
            self._pass_over(f"{place}.code")

    def _care_plan(self, place: str, plan: Mapping[str, Any]) -> None:
        client = self._subject(place, plan)
        if client is None or _text(plan.get("status")) not in _HELD:
            return
        period = _object(plan.get("period"))
        ordered = self._seen_on(plan.get("created")) or self._seen_on(period.get("start"))
        if ordered is None:
            self._pass_over(f"{place}.created")
            return
        items = []
        for n, activity in enumerate(_items(plan.get("activity"))):
            item = self._item(_object(_object(activity).get("detail")))
            if item is None:
                self._pass_over(f"{place}.activity[{n}]")
            else:
                items.append(item)
        until = _date(period.get("end"))
        if items:
            whole = {"client": client["id"], "ordered_on": ordered, "items": items}
            self.plans.append(whole | ({} if until is None else {"until": until.isoformat()}))

    def _item(self, detail: Mapping[str, Any]) -> dict[str, Any] | None:
        services = self.book.catalogue.services
        codes = [code for system, code in _codings(detail.get("code")) if system == OUR_SERVICES]
        service = next((services[code] for code in codes if code in services), None)
        often = _frequency(_object(_object(detail.get("scheduledTiming")).get("repeat")))
        if service is None or often is None or not service.rostered:
            return None
        if often.get("per_day", 1) > len(service.windows):
            return None
        return {"service": next(code for code in codes if code in services), **often}


def _meaning(coding: tuple[str, str]) -> Mapping[str, Any]:
    """Return what a coded diagnosis is in a record of ours; nothing if it is not known."""
    system, code = coding
    if system == OUR_CONDITIONS:
        return {"condition": code}
    known = _codes()["icd10"]
    if system in ICD10:
        for length in range(len(code), 2, -1):
            if code[:length] in known:
                meaning: Mapping[str, Any] = known[code[:length]]
                return meaning
    return {}


def _frequency(repeat: Mapping[str, Any]) -> dict[str, int] | None:
    """Return how often something is ordered; None if it cannot be said in days and times."""
    times, period, unit = (repeat.get(name, 1) for name in ("frequency", "period", "periodUnit"))
    if not _is_whole(times) or not _is_whole(period):
        return None
    if unit == "d" and period == 1 and times <= 6:
        return {"per_week": 7, "per_day": times}
    if unit == "wk" and period == 1 and times <= 7:
        return {"per_week": times}
    if unit == "wk" and times == 1 and period in (2, 4):
        return {"per_four_weeks": 4 // period}
    return None


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _codings(concept: Any) -> Iterator[tuple[str, str]]:
    """Yield system and code of every coding of a concept."""
    for coding in _items(_object(concept).get("coding")):
        one = _object(coding)
        yield _text(one.get("system")), _text(one.get("code"))


def _number(observation: Mapping[str, Any]) -> int | float | None:
    value = _object(observation.get("valueQuantity")).get("value", observation.get("valueInteger"))
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return int(value) if value == int(value) else value


def _date(value: Any) -> date | None:
    """Return the day of a date or a moment; None of what is no whole date."""
    try:
        return date.fromisoformat(_text(value)[:10])
    except ValueError:
        return None


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
