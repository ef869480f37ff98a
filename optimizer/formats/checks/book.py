"""Catalogue and rules against each other: services, windows, words and tests that exist."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from optimizer.domain.client import MealTimes
from optimizer.domain.record import Record
from optimizer.errors import Fault
from optimizer.formats.checks.health_records import meals_too_close
from optimizer.formats.checks.rule_tests import check_tests
from optimizer.formats.codes import FaultCode
from optimizer.formats.document import Location, path_of
from optimizer.formats.findings import finding
from optimizer.i18n import say
from optimizer.needs.catalogue import DayWindow, Service, TwoCarers
from optimizer.needs.rules import (
    EVERY_SERVICE,
    Add,
    Contraindication,
    Follow,
    Impossible,
    NeedRule,
)
from optimizer.needs.sign_off import Approval
from optimizer.units import MS_PER_MINUTE, format_clock, format_minutes

LISTS: dict[str, type[NeedRule | Contraindication | Impossible]] = {
    "rules": NeedRule,
    "contraindications": Contraindication,
    "impossible": Impossible,
}
"Lists of a rule book whose entries have an id; one id stands for one entry of all three."

Worded = Service | TwoCarers | NeedRule | Contraindication | Impossible
"What has a name or a sentence in both languages."

_R = TypeVar("_R", bound=Record)


@dataclass(frozen=True, slots=True)
class Offer:
    """A catalogue as far as it can be read.

    Attributes
    ----------
    codes
        Codes of all services, those with faults included; None if they cannot be read.
    services
        The services without faults of their own.
    meals
        The usual meal times; None if they have a fault.
    """

    codes: frozenset[str] | None
    services: Mapping[str, Service]
    meals: MealTimes | None

    @classmethod
    def of(cls, content: Mapping[str, Any], faulty: Collection[Location]) -> Offer:
        """Return what can be read of a catalogue.

        Parameters
        ----------
        content
            Its document; empty if it is none.
        faulty
            Places with faults of their own.
        """
        spoilt = {place[:2] for place in faulty}
        services = content.get("services")
        if not isinstance(services, dict):
            return cls(None, {}, None)
        read = {
            code: _sound(Service, value)
            for code, value in services.items()
            if ("services", code) not in spoilt
        }
        return cls(
            codes=frozenset(services),
            services={code: service for code, service in read.items() if service is not None},
            meals=None
            if any(place[:1] == ("meals",) for place in faulty)
            else _sound(MealTimes, content.get("meals")),
        )

    def missing(self, place: str, code: str) -> Iterator[Fault]:
        """Yield a fault if there is no such service."""
        if self.codes is not None and code not in self.codes:
            message = say("fault.unknown-service", code=code)
            yield finding(place, FaultCode.UNKNOWN_SERVICE, message)


def _sound(record: type[_R], value: Any) -> _R | None:
    try:
        return record.model_validate_json(json.dumps(value), strict=True)
    except ValidationError:
        return None


def check_catalogue(content: Mapping[str, Any], offer: Offer) -> Iterator[Fault]:
    """Services have windows and durations that can be met, and name what there is.

    Parameters
    ----------
    content
        The document of the catalogue; empty if it is none.
    offer
        What can be read of it.
    """
    alerts = _names(content, "alerts")
    yield from _approvals(content, offer.codes or ())
    if offer.meals is not None:
        yield from meals_too_close("meals", offer.meals)
    for code, service in offer.services.items():
        place = path_of(("services", code))
        yield from _sentences(place, service)
        yield from _durations(place, service)
        yield from _windows(place, service)
        yield from _gaps(place, service, alerts)
        for number, other in enumerate(service.excludes):
            yield from offer.missing(f"{place}.excludes[{number}]", other)
        yield from check_tests(f"{place}.two_carers", service.two_carers)
    yield from _two_carers(content.get("two_carers"), offer)


def _two_carers(rows: Any, offer: Offer) -> Iterator[Fault]:
    """Yield rows of the table of two carers whose id is there twice or that name what is not."""
    seen: dict[str, str] = {}
    for number, value in enumerate(rows if isinstance(rows, list) else []):
        place = f"two_carers[{number}]"
        row = _sound(TwoCarers, value)
        if row is None:
            continue
        if row.id in seen:
            message = say("fault.duplicate-id.rule", seen=seen[row.id])
            yield finding(f"{place}.id", FaultCode.DUPLICATE_ID, message)
        seen.setdefault(row.id, place)
        yield from _sentences(place, row)
        for position, code in enumerate(row.services):
            yield from offer.missing(f"{place}.services[{position}]", code)
        yield from check_tests(f"{place}.when", row.when)


def _approvals(content: Mapping[str, Any], known: Collection[str]) -> Iterator[Fault]:
    """Yield signatures under what is not there."""
    approvals = content.get("approvals")
    for number, value in enumerate(approvals if isinstance(approvals, list) else []):
        approval = _sound(Approval, value)
        for position, entry in enumerate(() if approval is None else approval.entries):
            if entry not in known:
                message = say("fault.unknown-entry", entry=entry)
                place = f"approvals[{number}].entries[{position}]"
                yield finding(place, FaultCode.UNKNOWN_ENTRY, message)


def _sentences(place: str, entry: Worded) -> Iterator[Fault]:
    """Yield words that would not be one line of an answer."""
    for language in ("en", "zh"):
        text: str = getattr(entry, language)
        if not text.strip() or len(text.splitlines()) > 1:
            message = say("fault.bad-text.line")
            yield finding(f"{place}.{language}", FaultCode.BAD_TEXT, message)


def _durations(place: str, service: Service) -> Iterator[Fault]:
    if service.minutes == 0:
        message = say("fault.empty-duration")
        yield finding(f"{place}.minutes", FaultCode.EMPTY_DURATION, message)
    for field in ("minutes", "shortest"):
        duration: int | None = getattr(service, field)
        if duration is not None and duration % MS_PER_MINUTE:
            message = say("fault.bad-minutes", duration=format_minutes(duration))
            yield finding(f"{place}.{field}", FaultCode.BAD_MINUTES, message)
    if service.shortest is not None and service.shortest > service.minutes:
        message = say(
            "fault.shortest-too-long.usual",
            shortest=format_minutes(service.shortest),
            minutes=format_minutes(service.minutes),
        )
        yield finding(f"{place}.shortest", FaultCode.SHORTEST_TOO_LONG, message)
    if service.max_days is not None and service.max_days < service.min_days:
        message = say("fault.days-reversed", max_days=service.max_days, min_days=service.min_days)
        yield finding(f"{place}.max_days", FaultCode.DAYS_REVERSED, message)


def _windows(place: str, service: Service) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, window in enumerate(service.windows):
        here = f"{place}.windows[{number}]"
        if window.name in seen:
            message = say("fault.duplicate-id.window", name=window.name)
            yield finding(f"{here}.name", FaultCode.DUPLICATE_ID, message)
        seen.add(window.name)
        yield from _window(here, window)


def _window(here: str, window: DayWindow) -> Iterator[Fault]:
    earliest, latest = window.earliest, window.latest
    preferred = window.preferred_until
    if latest < earliest:
        message = say(
            "fault.window-reversed", latest=format_clock(latest), earliest=format_clock(earliest)
        )
        yield finding(here, FaultCode.WINDOW_REVERSED, message)
    elif preferred is not None and not earliest <= preferred <= latest:
        message = say(
            "fault.preferred-outside-window",
            preferred=format_clock(preferred),
            earliest=format_clock(earliest),
            latest=format_clock(latest),
        )
        yield finding(f"{here}.preferred_until", FaultCode.PREFERRED_OUTSIDE_WINDOW, message)


def _gaps(place: str, service: Service, alerts: frozenset[str] | None) -> Iterator[Fault]:
    names = [window.name for window in service.windows]
    for number, gap in enumerate(service.gaps):
        here = f"{place}.gaps[{number}]"
        for field in ("first", "second"):
            yield from _unknown_window(f"{here}.{field}", getattr(gap, field), names)
        if gap.max_gap is not None and gap.max_gap < gap.min_gap:
            yield from _reversed_gap(here, gap.min_gap, gap.max_gap)
        yield from _unknown_alert(f"{here}.alert", gap.alert, alerts)


def _unknown_alert(place: str, name: str | None, alerts: frozenset[str] | None) -> Iterator[Fault]:
    if name is not None and alerts is not None and name not in alerts:
        message = say("fault.unknown-alert", name=name)
        yield finding(place, FaultCode.UNKNOWN_ALERT, message)


def _unknown_window(place: str, name: str, names: list[str]) -> Iterator[Fault]:
    if name not in names:
        message = say("fault.unknown-window", name=name, names=tuple(names))
        yield finding(place, FaultCode.UNKNOWN_WINDOW, message)


def _reversed_gap(here: str, least: int, most: int) -> Iterator[Fault]:
    message = say("fault.gap-reversed", max_gap=format_minutes(most), min_gap=format_minutes(least))
    yield finding(f"{here}.max_gap", FaultCode.GAP_REVERSED, message)


def check_rules(
    content: Mapping[str, Any], offer: Offer, faulty: Collection[Location]
) -> Iterator[Fault]:
    """Each rule has its own id and names services, windows and words that there are.

    Parameters
    ----------
    content
        The document of the rules; empty if it is none.
    offer
        The catalogue that goes with them.
    faulty
        Places with faults of their own; entries with one are passed over.
    """
    spoilt = {place[:2] for place in faulty}
    words = {name: _names(content, name) for name in ("notes", "alerts")}
    seen: dict[str, str] = {}
    for section, record in LISTS.items():
        entries = content.get(section, [])
        for number, value in enumerate(entries if isinstance(entries, list) else []):
            place = f"{section}[{number}]"
            identifier = value.get("id") if isinstance(value, dict) else None
            if isinstance(identifier, str):
                if identifier in seen:
                    message = say("fault.duplicate-id.rule", seen=seen[identifier])
                    yield finding(f"{place}.id", FaultCode.DUPLICATE_ID, message)
                seen.setdefault(identifier, place)
            entry = None if (section, number) in spoilt else _sound(record, value)
            if entry is None:
                continue
            yield from _sentences(place, entry)
            yield from check_tests(f"{place}.when", entry.when)
            if isinstance(entry, NeedRule):
                yield from _rule(place, entry, offer, words)
            elif isinstance(entry, Contraindication):
                for position, code in enumerate(entry.bars):
                    yield from offer.missing(f"{place}.bars[{position}]", code)
    yield from _approvals(content, seen)


def _names(content: Mapping[str, Any], name: str) -> frozenset[str] | None:
    """Return the codes whose words a rule book gives; None if that cannot be read."""
    if not content:
        return None
    given = content.get(name, {})
    return frozenset(given) if isinstance(given, dict) else None


def _rule(
    place: str, rule: NeedRule, offer: Offer, words: Mapping[str, frozenset[str] | None]
) -> Iterator[Fault]:
    for number, add in enumerate(rule.adds):
        yield from _add(f"{place}.adds[{number}]", add, offer)
    for number, change in enumerate(rule.changes):
        for position, code in enumerate(change.services):
            if code != EVERY_SERVICE:
                yield from offer.missing(f"{place}.changes[{number}].services[{position}]", code)
        known = [offer.services[code] for code in change.services if code in offer.services]
        names = [window.name for service in known for window in service.windows]
        for position, name in enumerate(change.windows if known else ()):
            yield from _unknown_window(
                f"{place}.changes[{number}].windows[{position}]", name, names
            )
    for number, follow in enumerate(rule.follows):
        yield from _follow(f"{place}.follows[{number}]", follow, offer)
    notes = words["notes"]
    for number, note in enumerate(rule.notes):
        if notes is not None and note not in notes:
            message = say("fault.unknown-note", note=note)
            yield finding(f"{place}.notes[{number}]", FaultCode.UNKNOWN_NOTE, message)
    yield from _unknown_alert(f"{place}.alert", rule.alert, words["alerts"])


def _add(here: str, add: Add, offer: Offer) -> Iterator[Fault]:
    yield from offer.missing(f"{here}.service", add.service)
    if add.per_week is None and add.per_four_weeks is None:
        message = say("fault.no-frequency")
        yield finding(here, FaultCode.NO_FREQUENCY, message)
    elif add.per_week is not None and add.per_four_weeks is not None:
        message = say("fault.two-frequencies")
        yield finding(f"{here}.per_four_weeks", FaultCode.TWO_FREQUENCIES, message)
    yield from check_tests(f"{here}.when", add.when)
    service = offer.services.get(add.service)
    if service is None:
        return
    names = [window.name for window in service.windows]
    for number, name in enumerate(add.windows):
        yield from _unknown_window(f"{here}.windows[{number}]", name, names)
    if add.per_day > len(names):
        message = say(
            "fault.too-often-a-day", per_day=add.per_day, service=add.service, windows=len(names)
        )
        yield finding(f"{here}.per_day", FaultCode.TOO_OFTEN_A_DAY, message)


def _follow(here: str, follow: Follow, offer: Offer) -> Iterator[Fault]:
    yield from offer.missing(f"{here}.first", follow.first)
    yield from offer.missing(f"{here}.second", follow.second)
    if follow.max_gap < follow.min_gap:
        yield from _reversed_gap(here, follow.min_gap, follow.max_gap)
