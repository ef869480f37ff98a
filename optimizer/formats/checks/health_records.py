"""Health records: dates, repeated codes, and what a record cannot say at once.

No message names a condition or a device, because messages end up in logs and on screens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optimizer.domain.client import MealTimes
from optimizer.domain.health import HealthRecord
from optimizer.domain.policy import Priority
from optimizer.errors import Fault
from optimizer.formats.checks.view import View
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.i18n import Sentence, say
from optimizer.needs.conditions import all_hold, asks_for, holds
from optimizer.needs.facts import Facts, facts_of
from optimizer.needs.rules import Impossible
from optimizer.units import MS_PER_MINUTE, format_clock

BETWEEN_MEALS = 180 * MS_PER_MINUTE

_BESIDE_THE_RECORD = frozenset({"age", "category", "flags", "living", "need_tier"})
"Fields that facts name, but that stand in the client itself."


def check_health_records(view: View) -> Iterator[Fault]:
    """Nothing in a record is later than the record, and each code is there once."""
    for place, client in view.rows("clients", view.scenario.clients):
        if client.health_record is not None:
            here, whose = f"{place}.health_record", say("fault.whose", client=client.id)
            yield from _later(here, client.health_record, whose)
            codes = [condition.code for condition in client.health_record.conditions]
            yield from _repeated(f"{here}.conditions", codes, whose)
            yield from _lists(here, client.health_record, whose)
            yield from _insulin(here, client.health_record, whose)
            yield from _details(here, client.health_record, whose)


def _later(here: str, record: HealthRecord, whose: Sentence) -> Iterator[Fault]:
    dates = [(f"conditions[{n}].since", one.since) for n, one in enumerate(record.conditions)]
    dates += [(f"risk_events[{n}].on", one.on) for n, one in enumerate(record.risk_events)]
    dates += [(f"wounds[{n}].since", one.since) for n, one in enumerate(record.wounds)]
    dates += [
        (f"device_details[{n}].last_changed", one.last_changed)
        for n, one in enumerate(record.device_details)
    ]
    for field, day in dates:
        if day is not None and day > record.recorded_on:
            message = say("fault.later-than-record", whose=whose)
            yield finding(f"{here}.{field}", FaultCode.LATER_THAN_RECORD, message)


def _lists(here: str, record: HealthRecord, whose: Sentence) -> Iterator[Fault]:
    lists: dict[str, Sequence[str]] = {
        "devices": record.devices,
        "device_details": [detail.device for detail in record.device_details],
        "medicines": [medicine.code for medicine in record.medicines],
        "allergies": record.allergies,
        "diet": record.diet,
        "night_needs": record.night_needs,
    }
    for field, codes in lists.items():
        yield from _repeated(f"{here}.{field}", codes, whose)


def _insulin(here: str, record: HealthRecord, whose: Sentence) -> Iterator[Fault]:
    """Yield injections that are listed twice, or that are not as many as are ordered."""
    for n, condition in enumerate(record.conditions):
        place = f"{here}.conditions[{n}]"
        doses = [f"{dose.kind} {dose.moment}" for dose in condition.insulin]
        yield from _repeated(f"{place}.insulin", doses, whose)
        if doses and condition.per_day not in (None, len(doses)):
            message = say(
                "fault.doses-against-number",
                per_day=condition.per_day,
                doses=len(doses),
                whose=whose,
            )
            yield finding(f"{place}.per_day", FaultCode.DOSES_AGAINST_NUMBER, message)


def _details(here: str, record: HealthRecord, whose: Sentence) -> Iterator[Fault]:
    """Yield details of devices that are not there, and changes due before the last one."""
    for n, detail in enumerate(record.device_details):
        place = f"{here}.device_details[{n}]"
        if detail.device not in record.devices:
            message = say("fault.detail-without-device", whose=whose)
            yield finding(f"{place}.device", FaultCode.DETAIL_WITHOUT_DEVICE, message)
        last, due = detail.last_changed, detail.next_change
        if last is not None and due is not None and due < last:
            message = say("fault.period-reversed.device", due=due, last=last, whose=whose)
            yield finding(f"{place}.next_change", FaultCode.PERIOD_REVERSED, message)


def check_orders(view: View) -> Iterator[Fault]:
    """Nothing is ordered more often a day than its service has moments of the day.

    What follows may be an injection, so it is never quietly given less often.
    """
    services = view.book.catalogue.services
    orders = [
        (rule, add.service, len(services[add.service].windows))
        for rule in view.book.rules.rules
        for add in rule.adds
        if add.ordered and services[add.service].priority is Priority.CRITICAL
    ]
    for place, client in view.rows("clients", view.scenario.clients):
        conditions = () if client.health_record is None else client.health_record.conditions
        for n, condition in enumerate(conditions):
            for rule, service, most in orders:
                asked = any(asks_for(test, condition.code) for test in rule.when)
                if asked and condition.times_a_day is not None and condition.times_a_day > most:
                    message = say(
                        "fault.ordered-too-often",
                        per_day=condition.times_a_day,
                        service=service,
                        rule=rule.id,
                        most=most,
                        client=client.id,
                    )
                    field = "insulin" if condition.insulin else "per_day"
                    path = f"{place}.health_record.conditions[{n}].{field}"
                    yield finding(path, FaultCode.ORDERED_TOO_OFTEN, message)
                    break


def _repeated(here: str, codes: Sequence[str], whose: Sentence) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for number, code in enumerate(codes):
        if code in first:
            field = here.rpartition(".")[2]
            message = say("fault.duplicate-code", field=field, position=first[code], whose=whose)
            yield finding(f"{here}[{number}]", FaultCode.DUPLICATE_CODE, message)
        first.setdefault(code, number)


def check_impossible(view: View) -> Iterator[Fault]:
    """A record says nothing that the rules call impossible."""
    for place, client in view.rows("clients", view.scenario.clients):
        record = client.health_record
        if record is None:
            continue
        # Without a horizon the day of the record decides which assessment counts.
        day = view.dates[0] if view.dates else record.recorded_on
        # Other scales draw their lines elsewhere, as between a catheter and incontinence.
        facts = facts_of(client, day).as_assessed()
        for rule in view.book.rules.impossible:
            if not rule.only_warn and all_hold(rule.when, facts) is not None:
                message = say(
                    "fault.impossible-record", rule={"en": rule.en, "zh": rule.zh}, client=client.id
                )
                path = place_of_rule(place, rule, facts)
                yield finding(path, FaultCode.IMPOSSIBLE_RECORD, message)


def place_of_rule(client: str, rule: Impossible, facts: Facts) -> str:
    """Return the place of what the rule's first test has seen."""
    seen = holds(rule.when[0], facts)
    if seen is None or not seen.fields:
        return f"{client}.health_record"
    first, *rest = seen.fields[0].split(".")
    path = f"{client}.{first}" if first in _BESIDE_THE_RECORD else f"{client}.health_record.{first}"
    for step in rest:
        path += f"[{step}]" if step.isdecimal() else f".{step}"
    return path


def check_meals(view: View) -> Iterator[Fault]:
    """A client has breakfast, lunch and dinner in this order, hours apart."""
    for place, client in view.rows("clients", view.scenario.clients):
        if client.meals is not None:
            yield from meals_too_close(
                f"{place}.meals", client.meals, say("fault.of-client", client=client.id)
            )


def meals_too_close(place: str, meals: MealTimes, whose: str = "") -> Iterator[Fault]:
    """Yield meals that begin less than three hours after the one before.

    Parameters
    ----------
    place
        Where the times stand.
    meals
        The times.
    whose
        Whose they are, with a blank before it, for the end of the sentence.
    """
    for name, other in (("breakfast", "lunch"), ("lunch", "dinner")):
        one, two = getattr(meals, name), getattr(meals, other)
        if two - one < BETWEEN_MEALS:
            message = say(
                "fault.meals-too-close",
                two=format_clock(two),
                name=name,
                one=format_clock(one),
                whose=whose,
            )
            yield finding(f"{place}.{other}", FaultCode.MEALS_TOO_CLOSE, message)
