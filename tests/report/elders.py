"""Two clients with health records: one on insulin, one bed-bound and alone."""

from __future__ import annotations

import datetime

from optimizer.domain.care_plan import CarePlan, CarePlanItem
from optimizer.domain.caregiver import Caregiver, Qualification, Shift
from optimizer.domain.client import Client, Entitlement, EntitlementUnit, Period
from optimizer.domain.health import Assessment, Condition, HealthRecord
from optimizer.domain.place import Place
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.needs.scales import load_scales
from optimizer.units import parse_clock

DAY = datetime.date(2026, 3, 3)
RECORDED = datetime.date(2026, 3, 2)


def elders() -> Scenario:
    """Return a day with one nurse who can do everything."""
    home = Place(lat=29.95, lon=121.71)
    return Scenario(
        id="elders",
        horizon=Horizon(start=DAY),
        clients=(
            Client(
                id="C0001",
                home=home,
                health_record=record({"eating": 3}, "diabetes_insulin", "hypertension"),
                entitlements=(purse(60),),
            ),
            Client(
                id="C0002",
                home=home,
                living="alone",
                health_record=record({"walking": 0, "bed_positioning": 1, "transport": 0}),
                entitlements=(purse(20),),
            ),
        ),
        caregivers=(
            Caregiver(
                id="G001",
                home=home,
                qualifications=(
                    Qualification(code="N"),
                    Qualification(code="C", level=3),
                    Qualification(code="HK"),
                    Qualification(code="VOL"),
                ),
                shifts=(Shift(date=DAY, start=parse_clock("06:00"), end=parse_clock("19:00")),),
            ),
        ),
        care_plans=(
            CarePlan(
                client="C0001",
                ordered_on=RECORDED,
                items=(CarePlanItem(service="STOMA_CARE"), CarePlanItem(service="OXY_NEB")),
            ),
        ),
    )


def record(scores: dict[str, int], *conditions: str) -> HealthRecord:
    """Return a record in which all items are at their best but these."""
    items = {**load_scales()["gbt42195"].items, **scores}
    return HealthRecord(
        recorded_on=RECORDED,
        assessments=(
            Assessment(
                scheme="gbt42195",
                version="2022",
                raw_score=sum(items.values()),
                item_scores=items,
                assessed_on=datetime.date(2026, 2, 1),
            ),
        ),
        conditions=tuple(Condition(code=code) for code in conditions),
    )


def purse(hours: int) -> Entitlement:
    """Return a monthly purse of so many hours."""
    return Entitlement(
        payer="civil", unit=EntitlementUnit.MINUTES, cap=60 * hours, period=Period.MONTH
    )
