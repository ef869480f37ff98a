"""What is known of one client on the day of the record, each with its place in the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from optimizer.domain.client import Client
from optimizer.domain.health import Assessment, Condition, HealthRecord, RiskEvent, Scheme
from optimizer.needs.scales import Raises, graded_tier, last_day, load_scales, score_of, tier_of

PRESSURE = "pressure_injury"
"Of the wounds the kind that is a condition as well."
COMA = "coma"
"The condition that makes the need total, whatever has been assessed."


@dataclass(frozen=True, slots=True)
class Evidence:
    """Fields that something follows from, and the latest day on which one was recorded.

    Attributes
    ----------
    fields
        Places in the client's record, such as ``conditions.0`` or
        ``assessments.0.item_scores.transfer``.
    on
        Day of the record or assessment; None if it holds whatever the day.
    """

    fields: tuple[str, ...] = ()
    on: date | None = None

    def __add__(self, other: Evidence) -> Evidence:
        """Return both, each field once."""
        if not other.fields and other.on is None:
            return self
        days = [day for day in (self.on, other.on) if day is not None]
        fields = tuple(dict.fromkeys(self.fields + other.fields))
        return Evidence(fields, max(days, default=None))


Scored = tuple[int, str, date]
"Points of an item, its place in the record, and the day on which it was assessed."


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules may ask about a client.

    Attributes
    ----------
    record
        The health record itself; an empty one where there is none.
    as_of
        Day of the record; ages of events and conditions are counted from it.
    day
        First day that is planned; what is due is counted from it.
    tier
        Need tier, 0 to 4, all raises applied.
    base_tier
        The tier of the assessments alone; None if there is none that says one.
    scheme
        The scheme of the assessment that says so; None if none does.
    raised
        Why the tier is higher than that: ``coma``, ``mental``, ``risk_events``.
    tier_evidence
        What the tier follows from.
    items
        Points, place and day of each item of the latest ability assessment; where there is none,
        of what other scales say in its points.
    is_translated
        Whether these are such points of other scales.
    conditions
        By code, each time it is recorded; a pressure injury among the wounds counts as well.
    listed
        Other codes of the record, by what a test calls them, such as ``allergy``.
    devices
        By code.
    risk_events
        All of them.
    out_of_date
        Positions of the assessments that were used although they no longer hold.
    """

    record: HealthRecord
    as_of: date
    day: date
    tier: int
    base_tier: int | None
    scheme: Scheme | None
    raised: tuple[str, ...]
    tier_evidence: Evidence
    items: Mapping[str, Scored]
    is_translated: bool
    conditions: Mapping[str, tuple[tuple[Condition, Evidence], ...]]
    devices: Mapping[str, Evidence]
    listed: Mapping[str, Mapping[str, Evidence]]
    risk_events: tuple[tuple[RiskEvent, Evidence], ...]
    flags: frozenset[str]
    living: str | None
    category: str | None
    age: int | None
    weight_kg: int | None
    out_of_date: tuple[int, ...]

    def seen(self, field: str) -> Evidence:
        """Return the evidence of a field that the record's own day dates."""
        return Evidence((field,), self.as_of)

    def as_assessed(self) -> Facts:
        """Return the facts without points that no form has said."""
        return replace(self, items={}) if self.is_translated else self

    def with_flags(self, flags: frozenset[str]) -> Facts:
        """Return the same facts with more flags."""
        return replace(self, flags=self.flags | flags)


def facts_of(client: Client, day: date) -> Facts:
    """Return what is known of a client who is planned for on a day.

    Parameters
    ----------
    client
        The client; without a health record only what stands outside it is known.
    day
        First day of the horizon: of each scheme the latest assessment that holds on it counts,
        or, if none does, the latest one.
    """
    record = client.health_record or HealthRecord(recorded_on=day)
    used, out_of_date = _used_assessments(record, day)
    conditions = _conditions(record)
    items = _items(used)
    events = tuple(
        (event, Evidence((f"risk_events.{n}",), event.on))
        for n, event in enumerate(record.risk_events)
    )
    base, scheme, evidence = _base_tier(client, used)
    tier, raised, evidence = _raised_tier(base or 0, evidence, conditions, used, events, record)
    return Facts(
        record=record,
        as_of=record.recorded_on,
        day=day,
        tier=tier,
        base_tier=base,
        scheme=scheme,
        raised=raised,
        tier_evidence=evidence,
        items=items,
        is_translated="gbt42195" not in used,
        conditions=conditions,
        devices={
            code: Evidence((f"devices.{n}",), record.recorded_on)
            for n, code in enumerate(record.devices)
        },
        listed=_listed(record),
        risk_events=events,
        flags=frozenset(flag.value for flag in client.flags),
        living=client.living,
        category=client.category,
        age=client.age,
        weight_kg=record.weight_kg,
        out_of_date=out_of_date,
    )


def _conditions(record: HealthRecord) -> dict[str, tuple[tuple[Condition, Evidence], ...]]:
    """Return the conditions by code, and pressure injuries that stand among the wounds."""
    found = [(one, f"conditions.{n}") for n, one in enumerate(record.conditions)]
    found += [
        (Condition(code=PRESSURE, stage=wound.stage, since=wound.since), f"wounds.{n}")
        for n, wound in enumerate(record.wounds)
        if wound.kind == PRESSURE
    ]
    conditions: dict[str, tuple[tuple[Condition, Evidence], ...]] = {}
    for condition, place in found:
        one = condition, Evidence((place,), record.recorded_on)
        conditions[condition.code] = (*conditions.get(condition.code, ()), one)
    return conditions


def _listed(record: HealthRecord) -> dict[str, dict[str, Evidence]]:
    """Return codes of the record that only have to be there, by kind of test."""
    home = record.dwelling
    lists: dict[str, list[tuple[str | None, str]]] = {
        "insulin": [
            (dose.kind, f"conditions.{n}.insulin.{m}")
            for n, condition in enumerate(record.conditions)
            for m, dose in enumerate(condition.insulin)
        ],
        "allergy": [(code, f"allergies.{n}") for n, code in enumerate(record.allergies)],
        "diet": [(code, f"diet.{n}") for n, code in enumerate(record.diet)],
        "swallowing": [(record.swallowing, "swallowing")],
        "night": [(code, f"night_needs.{n}") for n, code in enumerate(record.night_needs)],
        "guardian": [(record.guardian, "guardian")],
        "bathroom": [(None if home is None else home.bathroom, "dwelling.bathroom")],
    }
    found: dict[str, dict[str, Evidence]] = {}
    for kind, codes in lists.items():
        for code, place in codes:
            if code is not None:
                by_code = found.setdefault(kind, {})
                by_code.setdefault(code, Evidence((place,), record.recorded_on))
    return found


def _used_assessments(
    record: HealthRecord, day: date
) -> tuple[dict[Scheme, tuple[int, Assessment]], tuple[int, ...]]:
    """Return the assessment that counts per scheme with its position, and which are stale."""
    used: dict[Scheme, tuple[int, Assessment]] = {}
    for n, assessment in enumerate(record.assessments):
        before = used.get(assessment.scheme)
        if before is None or _rank(assessment, day) > _rank(before[1], day):
            used[assessment.scheme] = (n, assessment)
    stale = tuple(sorted(n for n, a in used.values() if last_day(a) < day))
    return used, stale


def _rank(assessment: Assessment, day: date) -> tuple[bool, date, int, list[tuple[str, int]]]:
    """Return the order of assessments of one scheme; of two on one day the worse one counts.

    The latest one counts even when it no longer holds: an older one ended when it began.
    """
    tier = tier_of(assessment)
    items = sorted((item, -score) for item, score in assessment.item_scores.items())
    known = assessment.assessed_on <= day
    return known, assessment.assessed_on, -1 if tier is None else tier, items


def _items(used: Mapping[Scheme, tuple[int, Assessment]]) -> dict[str, Scored]:
    if "gbt42195" not in used:
        return _equivalent_items(used)
    n, assessment = used["gbt42195"]
    known, on = load_scales()["gbt42195"].items, assessment.assessed_on
    return {
        item: (score, f"assessments.{n}.item_scores.{item}", on)
        for item, score in assessment.item_scores.items()
        if item in known
    }


def _equivalent_items(used: Mapping[Scheme, tuple[int, Assessment]]) -> dict[str, Scored]:
    """Return what other scales say in points of the ability assessment; the worst one counts."""
    found: dict[str, Scored] = {}
    for scheme, (n, assessment) in sorted(used.items()):
        scale = load_scales()[scheme]
        for item, score in assessment.item_scores.items():
            place = f"assessments.{n}.item_scores.{item}"
            for other, points in scale.in_ability_points(item, score).items():
                if other not in found or points < found[other][0]:
                    found[other] = points, place, assessment.assessed_on
    return found


def _base_tier(
    client: Client, used: Mapping[Scheme, tuple[int, Assessment]]
) -> tuple[int | None, Scheme | None, Evidence]:
    """Return the worst tier that an assessment says with its scheme, or the client's own."""
    worst: int | None = None
    scheme: Scheme | None = None
    evidence = Evidence()
    # In one order whatever the record's, so that of equal tiers always the same is the reason.
    for _, (n, assessment) in sorted(used.items()):
        tier = tier_of(assessment)
        if tier is not None and (worst is None or tier > worst):
            worst, scheme = tier, assessment.scheme
            evidence = Evidence((f"assessments.{n}",), assessment.assessed_on)
    if worst is None and client.need_tier is not None:
        return client.need_tier, None, Evidence(("need_tier",))
    return worst, scheme, evidence


def _raised_tier(
    tier: int,
    evidence: Evidence,
    conditions: Mapping[str, tuple[tuple[Condition, Evidence], ...]],
    used: Mapping[Scheme, tuple[int, Assessment]],
    events: tuple[tuple[RiskEvent, Evidence], ...],
    record: HealthRecord,
) -> tuple[int, tuple[str, ...], Evidence]:
    """Return the tier after all raises, which ones applied, and why.

    A scheme that raises the level of its score does so once; a grade on the form holds the raise
    already, and other schemes weigh the same things in their items.
    """
    coma = conditions.get(COMA)
    if coma is not None:
        return 4, ("coma",), evidence + coma[0][1]
    worst = tier
    reasons: tuple[str, ...] = ()
    for scheme, (n, assessment) in sorted(used.items()):
        raises = load_scales()[scheme].raises
        # A form may give the grade after the raise beside the score before it.
        graded = graded_tier(assessment) or 0
        scored = None if score_of(assessment) is None else tier_of(assessment)
        why: tuple[str, ...] = ()
        seen = Evidence()
        if raises is not None and scored is not None:
            why, seen = _raise(raises, conditions, events, record)
        raised = min((scored or 0) + bool(why), 4)
        if max(raised, graded) > worst:
            evidence = Evidence((f"assessments.{n}",), assessment.assessed_on)
            worst, reasons = graded, ()
            if raised > graded:
                worst, reasons, evidence = raised, why, evidence + seen
    return worst, reasons, evidence


def _raise(
    raises: Raises,
    conditions: Mapping[str, tuple[tuple[Condition, Evidence], ...]],
    events: tuple[tuple[RiskEvent, Evidence], ...],
    record: HealthRecord,
) -> tuple[tuple[str, ...], Evidence]:
    """Return why a scheme raises its tier: ``mental``, ``risk_events`` or both."""
    why: list[str] = []
    seen = Evidence()
    for code in raises.conditions:
        if code in conditions:
            why.append("mental")
            seen = seen + conditions[code][0][1]
            break
    days = raises.event_days
    recent = [e for event, e in events if 0 <= (record.recorded_on - event.on).days <= days]
    if len(recent) >= raises.events:
        why.append("risk_events")
        for one in recent:
            seen = seen + one
    return tuple(why), seen
