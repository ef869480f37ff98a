"""A small town of four clients with ready visits and a roster that can be checked by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

from optimizer.domain.office import Office
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.needs import default_book, derive
from optimizer.purchase import Admission, admit, unexamined

DAY = dt.date(2026, 3, 2)
MINUTE = 60_000
HERE = {"lat": 29.95, "lon": 121.7}
SINCE = "2026-01-01"

HARDSHIP = {
    "code": "hardship", "zh": "困难老人", "en": "elder in hardship", "monthly_minutes": 600,
    "test": {"min_age": 65, "hardship": ["minimum_living", "low_income"]}, "rank": 1,
    "start": SINCE,
}  # fmt: skip
ALONE = {
    "code": "alone", "zh": "独居老人", "en": "elder living alone", "monthly_minutes": 480,
    "test": {"min_age": 75, "living": ["alone"]}, "track": "reduced", "rank": 3, "start": SINCE,
}  # fmt: skip
DISABLED = {
    "code": "disabled", "zh": "残疾老人", "en": "disabled elder", "monthly_minutes": 1200,
    "test": {"min_age": 75, "disability_grade": 2}, "rank": 2, "start": SINCE,
}  # fmt: skip


def office(*applications: dict[str, Any], **fields: Any) -> Office:
    """Return an office with three categories, and whatever else is given."""
    return Office.model_validate(
        {
            "id": "office",
            "categories": [HARDSHIP, ALONE, DISABLED],
            "applications": applications,
            **fields,
        }
    )


def applies(client: str, **fields: Any) -> dict[str, Any]:
    """Return the application of a client, made in January."""
    return {"client": client, "applied_on": "2026-01-10", **fields}


def town(**fields: Any) -> Scenario:
    """Return four clients (C1 in hardship, C2 alone, C3 and C4 in no category), a visit each.

    V1 30 min critical, V2 60 min, V3 40 min, all of the payer civil; V4 20 min of ltci. One
    organisation O1 with a contract of 27 yuan an hour.
    """

    def visit(number: int, minutes: int, payer: str, **more: Any) -> dict[str, Any]:
        return {
            "id": f"V{number}", "client": f"C{number}", "services": ["HYG_DAILY"],
            "carers": [{"minutes": minutes, "shortest": minutes - 10}],
            "window": {"earliest": "08:00", "latest": "15:00"}, "payer": payer, **more,
        }  # fmt: skip

    def purse(number: int) -> dict[str, Any]:
        payer = "ltci" if number == 4 else "civil"
        return {"payer": payer, "unit": "minutes", "cap": 900, "period": "month"}

    people: list[dict[str, Any]] = [
        {"category": "hardship", "age": 70, "living": "spouse", "town": "east"},
        {"category": "alone", "age": 80, "living": "alone", "town": "east"},
        {"age": 90, "living": "family", "town": "west"},
        {"age": 60, "living": "family", "town": "west"},
    ]
    return Scenario.model_validate(
        {
            "id": "town",
            "horizon": {"start": str(DAY)},
            "clients": [
                {"id": f"C{n}", "home": HERE, "entitlements": [purse(n)], **person}
                for n, person in enumerate(people, 1)
            ],
            "caregivers": [
                {
                    "id": "G1", "organisation": "O1", "home": HERE,
                    "shifts": [{"date": str(DAY), "start": "08:00", "end": "16:00"}],
                }
            ],
            "organisations": [{"id": "O1"}],
            "contracts": [
                {
                    "id": "K1", "purchaser": "district", "organisation": "O1", "start": SINCE,
                    "end": "2026-12-31", "fen_per_hour": 2700,
                }
            ],
            "visits": [
                visit(1, 30, "civil", priority="critical"),
                visit(2, 60, "civil"),
                visit(3, 40, "civil"),
                visit(4, 20, "ltci"),
            ],
            **fields,
        }
    )  # fmt: skip


def admitted(of: Office, scenario: Scenario | None = None) -> Admission:
    """Return the town (or another scenario) as an office admits it."""
    given = town() if scenario is None else scenario
    return admit(given, derive(given), of, default_book())


def as_it_is(scenario: Scenario | None = None) -> Admission:
    """Return the town (or another scenario) without an office."""
    return unexamined(derive(town() if scenario is None else scenario))


def roster(*stops: tuple[str, str, str], unserved: dict[str, str] | None = None) -> Plan:
    """Return a roster of G1 with these stops (visit, start, end), one after the other."""
    made = [
        {"visit": visit, "arrival": start, "start": start, "end": end, "travel": 3}
        for visit, start, end in stops
    ]
    routes = [
        {
            "caregiver": "G1", "date": str(DAY), "departure": stops[0][1], "stops": made,
            "back": stops[-1][2], "travel_back": 3,
        }
    ]  # fmt: skip
    left = [{"visit": visit, "reason": why} for visit, why in (unserved or {}).items()]
    return Plan.model_validate({"scenario": "town", "routes": routes, "unserved": left})
