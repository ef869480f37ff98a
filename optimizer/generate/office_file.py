"""What the office of an invented district decides by: categories, applications, pools, rules."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from optimizer.domain.allocation import AllocationPolicy
from optimizer.domain.client import Client
from optimizer.domain.office import Office
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.domain.supervision import Supervision
from optimizer.generate.draw import stream

YEAR_FEN = 310_294_700
"What the home care of 870 people cost the surveyed district in a year."
DRAWS = {
    "2026-03": "welfare lottery 3D 2026-052: 3 8 5",
    "2026-04": "welfare lottery 3D 2026-083: 0 7 2",
    "2026-05": "welfare lottery 3D 2026-113: 6 1 9",
}
"Invented results of draws, by the month that they decide."
_SINCE = "2026-01-01"
_APPLICANTS = 140
_CATEGORIES: tuple[dict[str, Any], ...] = (
    {
        "code": "cat_hardship", "zh": "困难老人", "en": "elder in hardship", "rank": 1,
        "test": {"min_age": 65, "hardship": ["minimum_living", "low_income"]},
        "monthly_minutes": 600,
    },
    {
        "code": "cat_disabled", "zh": "失能残疾老人", "en": "disabled elder", "rank": 2,
        "test": {"min_age": 75, "disability": ["limb", "sight"], "disability_grade": 2},
        "monthly_minutes": 1200,
    },
    {
        "code": "cat_alone", "zh": "独居老人", "en": "elder living alone", "rank": 3,
        "test": {"min_age": 75, "living": ["alone"]}, "track": "reduced",
        "monthly_minutes": 480,
    },
    {
        "code": "cat_special", "zh": "特殊老人", "en": "special elder", "rank": 4,
        "test": {"min_age": 80, "marks": ["veteran", "model_worker", "lost_only_child"]},
        "monthly_minutes": 480,
    },
    {
        "code": "cat_mental", "zh": "精神障碍患者", "en": "person with mental illness", "rank": 5,
        "test": {"disability": ["mental"]}, "track": "reduced", "monthly_minutes": 240,
    },
    {
        "code": "cat_child", "zh": "困境儿童", "en": "child in need", "rank": 6,
        "test": {"max_age": 17, "hardship": ["minimum_living", "low_income"]},
        "monthly_minutes": 240,
    },
)  # fmt: skip
_POOLS: tuple[tuple[str, str, int, int, tuple[str, ...]], ...] = (
    ("charity", "social", 5, 17, ()),
    ("lottery", "lottery", 55, 17, ()),
    ("luotuo", "town", 5, 17, ("luotuo",)),
    ("zhuangshi", "town", 5, 17, ("zhuangshi",)),
    ("district", "district", 30, 43, ()),
)
"Id, tier, assumed per cent of the year's money, per cent spent by March, towns."
_DISABLED_ELSEWHERE = ("mental", 2)


def example_office(scenario: Scenario, seed: int) -> Office:
    """Return the office of an invented district at the beginning of March 2026.

    Sums of the pools are those of the survey, their split is assumed; nobody is a real person.

    Parameters
    ----------
    scenario
        The district of its six organisations.
    seed
        Any integer; decides who has applied, and with what.
    """
    return Office.model_validate(
        {
            "id": "zhenhai-office",
            "price_book": "zh2014",
            "draw": DRAWS["2026-03"],
            "copay_percent": 30,
            "copay_monthly_max_fen": 20_000,
            "categories": [{**one, "start": _SINCE} for one in _CATEGORIES],
            "applications": list(_applications(scenario.clients, stream(seed, "applications"))),
            "pools": list(_pools()),
            "contractors": list(_contractors()),
            "bought_services": [
                {
                    "code": f"B{n:02}", "title": title, "start": _SINCE,
                    "services": sorted(_services(scenario, lot)),
                }
                for n, (lot, title) in enumerate(
                    (("life", "居家养老生活照料 life care at home"),
                     ("medical", "居家护理与康复 nursing and rehabilitation at home")), 1
                )
            ],
        }
    )  # fmt: skip


def _pools() -> Iterator[dict[str, Any]]:
    for name, tier, percent, spent, towns in _POOLS:
        amount = YEAR_FEN * percent // 100
        yield {
            "id": name, "tier": tier, "amount_fen": amount, "spent_fen": amount * spent // 100,
            "start": _SINCE, "end": "2026-12-31", "towns": towns,
        }  # fmt: skip


def _applications(clients: Sequence[Client], draw: random.Random) -> Iterator[dict[str, Any]]:
    """Yield who has applied: half are served already, some of the others fit no category."""
    chosen = sorted(draw.sample(range(len(clients)), min(_APPLICANTS, len(clients))))
    for number, place in enumerate(chosen):
        client = clients[place]
        is_served = number % 2 == 0
        days = draw.randrange(35, 300)
        applied = dt.date(2026, 3, 1) - dt.timedelta(days=days)
        made: dict[str, Any] = {
            "client": client.id, "applied_on": str(applied), **_shown(client, number, draw),
        }  # fmt: skip
        if is_served:
            since = applied + dt.timedelta(days=32)
            made["served_since"] = str(min(since, dt.date(2026, 2, 28)))
        yield made


def _shown(client: Client, number: int, draw: random.Random) -> dict[str, Any]:
    """Return what somebody shows: mostly what the recorded category asks for."""
    if number % 17 == 5:
        return {}  # Shows nothing: only who lives alone and is old enough can fit.
    if number % 23 == 7:
        kind, grade = _DISABLED_ELSEWHERE
        return {"disability": kind, "disability_grade": grade}
    shown_by: dict[str, dict[str, Any]] = {
        "cat_hardship": {"hardship": draw.choice(("minimum_living", "low_income"))},
        "cat_disabled": {"disability": draw.choice(("limb", "sight")),
                         "disability_grade": draw.choice((1, 1, 2, 3))},
        "cat_special": {"marks": [draw.choice(("veteran", "model_worker", "lost_only_child"))]},
    }  # fmt: skip
    shown = shown_by.get(client.category or "", {})
    if client.category == "cat_alone" and number % 19 == 4:
        shown = {"copay_declined": True}
    return shown


def _contractors() -> Iterator[dict[str, Any]]:
    """Yield the directory: one permit ends in May, one body stands on a list for April."""
    codes = ("13", "26", "39", "4C", "5F", "6J")
    kinds = ("service_body", "company", "service_body", "company", "association",
             "public_institution")  # fmt: skip
    for n, (code, kind) in enumerate(zip(codes, kinds, strict=True), 1):
        made: dict[str, Any] = {
            "organisation": f"ORG{n}", "uscc": code.rjust(18, "0"), "kind": kind,
            "registered_on": f"{2010 + n}-05-20", "checked_on": "2026-02-10",
            "listed_until": "2026-12-31",
            "permits": [
                {
                    "code": "home-care", "number": f"EXAMPLE-{n}", "start": "2024-01-01",
                    "end": "2026-05-20" if n == 2 else "2026-12-31",
                }
            ],
        }  # fmt: skip
        if n in (1, 3):
            made["grade"] = {"level": n + 2, "granted_on": "2023-06-30"}
        if n == 4:
            made["credit"] = [
                {"list": "abnormal", "start": "2026-03-20", "end": "2026-04-30",
                 "document": "EXAMPLE 2026-3"}
            ]  # fmt: skip
        yield made


def _services(scenario: Scenario, lot: str) -> set[str]:
    """Return what the contracts of a lot cover."""
    return {
        code for one in scenario.contracts if one.id.endswith(lot) for code in one.services
    }  # fmt: skip


def example_rules(scenario: Scenario, period: str, seed: int) -> AllocationPolicy:
    """Return by what the clients of the district are allocated in one month.

    Parameters
    ----------
    scenario
        The month, its clients with the organisations that they have.
    period
        One of `DRAWS`.
    seed
        Any integer; decides who wishes what.
    """
    draw = stream(seed, "wishes", period)
    bodies = [one.id for one in scenario.organisations]
    life, medical = (_services(scenario, lot) for lot in ("life", "medical"))
    lots = {"life": sorted(life), "medical": sorted(medical - life)}
    staff = Counter(one.organisation for one in scenario.caregivers if not one.volunteer)
    wishing = draw.sample([one.id for one in scenario.clients], 24)
    return AllocationPolicy.model_validate(
        {
            "period": period,
            "draw": DRAWS[period],
            "lots": [{"id": lot, "services": services} for lot, services in lots.items()],
            "bodies": [
                {"organisation": body, "share": 100 * staff[body] // sum(staff.values())}
                for body in bodies
            ],
            "wishes": [
                {"client": client, "lot": "life", "ranked": draw.sample(bodies, 2)}
                if number % 4
                else {"client": client, "lot": "life", "refused": draw.sample(bodies, 1)}
                for number, client in enumerate(wishing)
            ],
            "declines": [
                {"client": client, "lot": "life", "organisation": draw.choice(bodies),
                 "date": f"{period}-01", "grounded": number == 0}
                for number, client in enumerate(draw.sample(sorted(wishing), 2))
            ],
        }
    )  # fmt: skip


def example_supervision(
    months: Sequence[Scenario], plans: Sequence[Plan], seed: int
) -> Supervision:
    """Return what was heard of organisations in some months: a survey, complaints, checks.

    Parameters
    ----------
    months, plans
        What was planned, and the rosters.
    seed
        Any integer.
    """
    draw = stream(seed, "supervision")
    bodies = [one.id for one in months[0].organisations]
    works_for = {one.id: one.organisation for one in months[0].caregivers}
    stops = [
        (works_for[route.caregiver], route.date, stop)
        for plan in plans
        for route in plan.routes
        for stop in route.stops
    ]
    complaints = []
    for number, (body, date, stop) in enumerate(draw.sample(stops, 36), 1):
        received = date + dt.timedelta(days=draw.randrange(1, 4))
        complaints.append(
            {
                "id": f"B{number:03}", "received": str(received), "organisation": body,
                "visit": stop.visit, "kind": draw.choice(("late", "quality", "conduct")),
                "outcome": draw.choice(("upheld", "explained", "unclear")),
                "closed": str(received + dt.timedelta(days=draw.choice((1, 2, 4, 6, 9)))),
            }
        )  # fmt: skip
    checks = [
        {
            "visit": stop.visit, "carer": stop.carer, "way": "phone" if number % 5 else "visit",
            "by": "lot" if number % 2 else "risk", "date": str(date),
            "passed": draw.random() < 0.95,
        }
        for number, (_, date, stop) in enumerate(draw.sample(stops, 300))
    ]  # fmt: skip
    surveys = [
        {"organisation": body, "answered": 40 + 5 * n, "by": "invented third party",
         "content": round((40 + 5 * n) * draw.uniform(0.78, 0.97))}
        for n, body in enumerate(bodies)
    ]  # fmt: skip
    return Supervision.model_validate(
        {
            "published_on": "2026-06-10",
            "surveys": surveys,
            "complaints": sorted(complaints, key=lambda one: str(one["id"])),
            "checks": checks,
        }
    )
