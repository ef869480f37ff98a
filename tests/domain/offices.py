"""Documents of small offices in which, taken together, every field of the format matters.

Each is a scenario with a plan. The plan is not good: it leaves visits out, waits, is late and sends
strangers, so that whatever weighs any of this changes what it costs.
"""

from __future__ import annotations

import copy
from typing import Any

from optimizer.needs.scales import load_scales

Document = dict[str, Any]

MONDAY, TUESDAY = "2026-03-02", "2026-03-03"


def office() -> tuple[Document, Document]:
    """Return two days with everything that ready visits, contracts and weights may say."""
    return copy.deepcopy(_OFFICE), copy.deepcopy(_OFFICE_PLAN)


def by_matrix() -> tuple[Document, Document]:
    """Return the same two days with travel and lengths from matrices."""
    scenario, plan = office()
    people = scenario["clients"] + scenario["caregivers"]
    places = [person["home"] for person in people]
    places += [one["end_place"] for one in scenario["caregivers"] if "end_place" in one]
    for row, place in enumerate(places):
        place["matrix_index"] = row
    minutes = [[10.0 + 2 * abs(a - b) for b in range(len(places))] for a in range(len(places))]
    modes = {one.get("mode", "ebike") for one in scenario["caregivers"]}
    scenario["travel"] = {
        "kind": "matrix",
        "minutes": dict.fromkeys(sorted(modes), minutes),
        "metres": [[int(way) * 200 for way in row] for row in minutes],
        "slowdowns": [{"town": "west", "factor": 2}],
        "measured": [
            {"mode": "ebike", "origin": places[0], "target": places[1], "minutes": 4},
            {"mode": "ebike", "origin": places[1], "target": places[0], "minutes": 5},
        ],
    }
    return scenario, plan


def district() -> tuple[Document, Document]:
    """Return a week of clients whose visits follow from health records and care plans."""
    return copy.deepcopy(_DISTRICT), copy.deepcopy(_DISTRICT_PLAN)


def pinned() -> tuple[Document, Document]:
    """Return the same week with a visit fixed by hand that follows from a care plan."""
    scenario, plan = district()
    pin = {"visit": "C2-0303-3", "caregivers": ["G1"], "date": TUESDAY, "start": "13:30"}
    return {**scenario, "pins": [pin]}, plan


def short_night() -> tuple[Document, Document]:
    """Return an evening and a morning, and a night between them in which clocks are changed."""
    shifts = [
        {"date": "2026-03-28", "start": "12:00", "end": "22:00"},
        {"date": "2026-03-29", "start": "08:00", "end": "12:00"},
    ]
    visits = [
        _visit("V1", "C1", "21:00", "21:30", dates=["2026-03-28"]),
        _visit("V2", "C1", "08:00", "09:00", dates=["2026-03-29"]),
    ]
    # With these two days six of the week are worked, and one is off.
    week = {"days_off": 1, "days_worked": 4}
    scenario = {
        "id": "office",
        "time_zone": "Europe/Berlin",
        "horizon": {"start": "2026-03-28", "days": 2},
        "clients": [{"id": "C1", "home": {"lat": 29.95, "lon": 121.71}}],
        "caregivers": [_caregiver("G1", 29.95, 121.71, shifts=shifts, rest=600, **week)],
        "visits": visits,
    }
    evening = _route("G1", _stop("V1", "21:20", "21:50"), date="2026-03-28", back="22:00")
    morning = _route("G1", _stop("V2", "08:10", "08:40"), date="2026-03-29", back="09:00")
    morning["departure"] = "08:00"
    return scenario, {"scenario": "office", "routes": [evening, morning]}


def nights() -> tuple[Document, Document]:
    """Return two nights after which more has been worked than the law of the office allows."""
    dates = ["2026-03-03", "2026-03-04"]
    law = {
        "consecutive_days": 2,
        "consecutive_days_worked": 1,
        "consecutive_nights": 2,
        "consecutive_nights_worked": 1,
        "week_nights": 2,
        "week_nights_worked": 1,
        "rest": 600,
        "rest_after_night": 1200,
        "day_minutes": 10,
        "month_overtime": 45,
        "month_overtime_limit": 60,
        "month_overtime_worked": 30,
    }
    shifts = [{"date": day, "start": "21:00", "end": "05:00+1"} for day in dates]
    scenario = {
        "id": "office",
        "horizon": {"start": dates[0], "days": 2},
        "clients": [{"id": "C1", "home": {"lat": 29.95, "lon": 121.71}}],
        "caregivers": [_caregiver("G1", 29.95, 121.71, shifts=shifts, **law)],
        "visits": [
            _visit(f"V{n}", "C1", "23:00", "23:30", dates=[day]) for n, day in enumerate(dates, 1)
        ],
        "policy": {
            "night": {"start": "22:00", "end": "03:00", "least": 300},
            "weights": {"streaks": 1},
            "preferred_consecutive_days": 2,
            "preferred_consecutive_nights": 2,
        },
    }
    routes = []
    for number, day in enumerate(dates, 1):
        route = _route("G1", _stop(f"V{number}", "23:20", "23:50"), date=day, back="24:00")
        route["departure"] = "23:10"
        routes.append(route)
    return scenario, {"scenario": "office", "routes": routes}


def lawful() -> tuple[Document, Document]:
    """Return the same two nights under a law that allows less than was worked."""
    scenario, plan = nights()
    (person,) = scenario["caregivers"]
    moved = ("rest_after_night", "day_minutes", "month_overtime", "month_overtime_limit")
    rows = ("consecutive_days", "consecutive_nights", "week_nights")
    of_office = {name: person.pop(name) for name in (*moved, *rows)}
    times = {"day_minutes_limit": 20, "week_minutes": 20, "week_minutes_limit": 30, "rest": 1210}
    counts = ("days_off", "consecutive_days", "consecutive_nights", "week_nights")
    person["days_worked"] = 1
    law = {**of_office, **times, "days_off": 5, "rest_after_night": 1220}
    scenario["labour_rules"] = {
        "id": "strict",
        "en": "Strict",
        "zh": "严",
        "night": {**scenario.pop("policy")["night"], "source": "§ 9"},
        **{
            name: {"count" if name in counts else "minutes": value, "source": f"§ {number}"}
            for number, (name, value) in enumerate(law.items())
        },
    }
    return scenario, plan


def recurring() -> tuple[Document, Document]:
    """Return a fortnight in which care recurs, and of which something was before."""
    days = [f"2026-03-{day:02d}" for day in range(2, 16)]
    shifts = [{"date": day, "start": "07:00", "end": "13:00"} for day in days]
    plain = [{"minutes": 30, "qualifications": []}]
    scenario = {
        "id": "office",
        "horizon": {"start": MONDAY, "days": 14},
        "clients": [
            {
                "id": "C1",
                "home": {"lat": 29.95, "lon": 121.71},
                "missed": 2,
                "most_caregivers": 1,
                "entitlements": [
                    {"payer": "civil", "unit": "visits", "cap": 4, "period": "week", "used": 3}
                ],
            },
            {
                "id": "C2",
                "home": {"lat": 29.96, "lon": 121.72},
                "responsible": {"caregiver": "G1", "min_share": 90},
            },
        ],
        "caregivers": [_caregiver(name, 29.95, 121.71, shifts=shifts) for name in ("G1", "G2")],
        "series": [
            {
                "id": "bath",
                "client": "C1",
                "services": ["WASH"],
                "carers": plain,
                "count": 3,
                "weeks": 1,
                "weekdays": [1, 2, 3, 5, 6],
                "preferred_weekdays": [1, 3],
                "window": {"earliest": "08:00", "latest": "09:00"},
                "usual_start": "08:45",
                "tolerance": 30,
                "min_days": 2,
                "max_days": 3,
                "since": "2026-03-02",
                "until": "2026-03-14",
                "done": ["2026-03-01"],
                "exceptions": [
                    {"kind": "cancelled", "start": "2026-03-09", "end": "2026-03-11"},
                    {
                        "kind": "fixed",
                        "start": "2026-03-14",
                        "window": {"earliest": "10:00", "latest": "10:30"},
                    },
                ],
                "priority": "flexible",
                "unserved_price": 900,
                "mandatory": True,
                "payer": "civil",
            },
            {
                "id": "walk",
                "client": "C2",
                "carers": plain,
                "count": 2,
                "window": {"earliest": "08:00", "latest": "12:00"},
            },
        ],
        "visits": [
            _visit("V1", "C2", "08:00", "12:00", carers=plain, preferred_dates=[MONDAY]),
            _visit("V2", "C2", "08:00", "12:00", carers=plain),
            _visit("V3", "C1", "08:00", "12:00", carers=plain),
        ],
        "couplings": [
            {"kind": "apart", "first": "V1", "second": "V2", "max_days": 5, "ordered": True}
        ],
        "policy": {"most_caregivers": 1, "weights": {"unserved": {"missed": 70}}},
    }
    bath = "bath-20260302"
    plan = [
        _route("G1", _stop(f"{bath}-1", "09:20", "09:50"), back="10:00"),
        _route("G2", _stop(f"{bath}-2", "08:10", "08:40"), date=TUESDAY, back="09:00"),
        _route("G1", _stop(f"{bath}-3", "08:10", "08:40"), date="2026-03-07", back="09:00"),
        _route("G2", _stop("V2", "09:30", "10:00"), date="2026-03-04", back="11:00"),
        _route("G1", _stop("V1", "09:30", "10:00"), date="2026-03-05", back="11:00"),
    ]
    return scenario, {"scenario": "office", "routes": plan}


def forgetful() -> tuple[Document, Document]:
    """Return a day on which three caregivers come to somebody with dementia."""
    scenario, plan = dossier()
    (client,) = scenario["clients"]
    client["health_record"]["conditions"] = [{"code": "dementia"}]
    names = ("G1", "G2", "G3")
    scenario["caregivers"] = [_caregiver(name, 29.95, 121.71) for name in names]
    visits = [f"C1-0302-{number}" for number in (1, 2, 3)]
    routes = [
        _route(name, _stop(visit, "09:00", "09:30"))
        for name, visit in zip(names, visits, strict=True)
    ]
    scenario["policy"] = {"caps_by_need": True}
    return scenario, {**plan, "routes": routes}


def dossier() -> tuple[Document, Document]:
    """Return a day with one client of whom the record says everything that it can."""
    return copy.deepcopy(_DOSSIER), {"scenario": "dossier", "routes": []}


def reason() -> Document:
    """Return a derived visit with the reasons for it."""
    return copy.deepcopy(_DERIVED)


def _visit(name: str, client: str, earliest: str, latest: str, **fields: Any) -> Document:
    return {
        "id": name,
        "client": client,
        "services": ["WASH"],
        "carers": [{"minutes": 30, "qualifications": [{"code": "C", "level": 2}]}],
        "window": {"earliest": earliest, "latest": latest},
        **fields,
    }


def _caregiver(name: str, lat: float, lon: float, **fields: Any) -> Document:
    return {
        "id": name,
        "home": {"lat": lat, "lon": lon},
        "qualifications": [{"code": "C", "level": 3, "expires": "2026-05-01"}],
        "shifts": [
            {"date": MONDAY, "start": "07:00", "end": "13:00"},
            {"date": TUESDAY, "start": "07:00", "end": "13:00"},
        ],
        **fields,
    }


def _stop(visit: str, start: str, end: str, **fields: Any) -> Document:
    return {"visit": visit, "arrival": start, "start": start, "end": end, "travel": 9, **fields}


def _route(caregiver: str, *stops: Document, **fields: Any) -> Document:
    return {
        "caregiver": caregiver,
        "date": MONDAY,
        "departure": "07:20",
        "stops": list(stops),
        "back": "13:20",
        "travel_back": 12,
        **fields,
    }


_PUBLISHED: Document = {
    "format": "homecare-plan",
    "version": "1",
    "scenario": "office",
    "routes": [
        _route("G2", _stop("V1", "07:30", "08:00"), departure="07:10", back="08:30"),
        _route("G1", _stop("V3", "11:00", "11:30"), departure="10:30", back="12:00"),
    ],
}

_OFFICE_PLAN: Document = {
    "format": "homecare-plan",
    "version": "1",
    "scenario": "office",
    "routes": [
        _route(
            "G1",
            _stop("V1", "08:00", "08:25"),
            _stop("V2", "09:00", "10:00"),
            _stop("V3", "12:30", "13:00"),
            pause={"start": "10:30", "end": "11:00", "after_stops": 2},
        ),
        _route(
            "G2",
            _stop("V2", "09:00", "09:45", carer=2),
            _stop("V9", "10:40", "11:10"),
            departure="08:30",
            back="12:00",
        ),
        _route(
            "G1",
            _stop("V5", "08:00", "08:30"),
            _stop("V8", "09:00", "09:30"),
            date=TUESDAY,
            back="10:00",
        ),
    ],
    "unserved": [{"visit": name, "reason": "crowded_out"} for name in ("V4", "V6", "V7", "V10")],
}

_OFFICE: Document = {
    "format": "homecare-scenario",
    "version": "1",
    "id": "office",
    "ticks_per_minute": 60,
    "horizon": {"start": MONDAY, "days": 2},
    "clients": [
        {
            "id": "C1",
            "home": {"lat": 29.950, "lon": 121.710},
            "town": "east",
            "organisation": "O1",
            "entitlements": [{"payer": "ltci", "unit": "minutes", "cap": 60}],
            "languages": ["wuu"],
            "gender_wish": {"gender": "female", "hard": False},
            "preferred": ["G2"],
            "refused": ["G3"],
            "continuity": 3,
            "flags": ["alone"],
        },
        {
            "id": "C2",
            "home": {"lat": 29.958, "lon": 121.718},
            "town": "east",
            "organisation": "O1",
            "flags": ["aggressive"],
        },
        {
            "id": "C3",
            "home": {"lat": 29.980, "lon": 121.740},
            "town": "west",
            "organisation": "O2",
            "service_choices": [{"services": ["WASH"], "organisation": "O1"}],
        },
    ],
    "caregivers": [
        _caregiver(
            "G1",
            29.945,
            121.705,
            organisation="O1",
            gender="male",
            languages=["cmn"],
            end_place={"lat": 29.951, "lon": 121.702},
            mode="ebike",
            break_rule={
                "duration": 30,
                "earliest": "10:00",
                "latest": "11:30",
                "after": 300,
            },
            overtime_limit=60,
            day_minutes=60,
            day_minutes_limit=240,
            week_minutes=90,
            week_minutes_limit=300,
            visits_per_day=4,
            rest=600,
            last_return="21:20",
            longest_leg=60,
            fen_per_minute=50,
            fen_per_km=80,
            fen_per_overtime_minute=70,
        ),
        _caregiver("G2", 29.960, 121.725, organisation="O2", gender="female", volunteer=True),
        _caregiver(
            "G3",
            29.940,
            121.700,
            organisation="O1",
            shifts=[{"date": MONDAY, "start": "07:00", "end": "23:00"}],
        ),
    ],
    "organisations": [{"id": "O1"}, {"id": "O2", "lending": {"fen_per_hour": 4000}}],
    "contracts": [
        {
            "id": "K1",
            "purchaser": "district",
            "organisation": "O1",
            "towns": ["east", "west"],
            "services": ["WASH", "MEAL"],
            "start": "2026-01-01",
            "end": "2026-05-01",
            "cap": 500,
            "cap_visits": 12,
            "cap_fen": 45_000,
            "used": 100,
            "used_visits": 3,
            "used_fen": 5_000,
            "owed": 20,
            "fen_per_hour": 3_000,
            "prices": [{"service": "WASH", "fen_per_hour": 2_800, "fen_per_time": 100}],
            "surcharges": [
                {
                    "kind": "market",
                    "weekdays": [1],
                    "dates": ["2026-03-03"],
                    "start": "06:00",
                    "end": "21:00",
                    "towns": ["east"],
                    "services": ["WASH"],
                    "percent": 10,
                    "fen_per_visit": 50,
                },
            ],
            "min_share": 80,
            "funding": ["lottery_fund"],
        },
        {
            "id": "K2",
            "purchaser": "insurance",
            "organisation": "O2",
            "start": "2026-01-01",
            "end": "2026-05-01",
        },
    ],
    "visits": [
        _visit(
            "V1",
            "C1",
            "07:30",
            "09:00",
            carers=[
                {
                    "minutes": 30,
                    "shortest": 25,
                    "qualifications": [{"code": "C", "level": 2}],
                }
            ],
            dates=[MONDAY],
            preferred_until="07:40",
            payer="ltci",
            pin={"caregivers": ["G1"], "date": MONDAY, "start": "08:00"},
        ),
        _visit(
            "V2",
            "C2",
            "08:00",
            "10:00",
            services=["WASH", "MEAL"],
            carers=[
                {"minutes": 60, "qualifications": [{"code": "C"}]},
                {"minutes": 45, "service": "MEAL"},
            ],
            series="C2:WASH:morning",
        ),
        _visit("V3", "C3", "11:00", "12:45", preferred_until="12:00"),
        _visit("V4", "C1", "08:00", "12:00", priority="critical", mandatory=True),
        _visit("V5", "C1", "07:30", "12:00", payer="ltci"),
        _visit("V6", "C3", "08:00", "12:00", priority="flexible"),
        _visit("V7", "C3", "08:00", "12:00", unserved_price=777),
        _visit("V8", "C1", "08:00", "12:00"),
        _visit("V9", "C2", "08:00", "12:00"),
        _visit("V10", "C1", "08:00", "12:00"),
    ],
    "couplings": [
        {"kind": "apart", "first": "V1", "second": "V5", "min_days": 1},
        {"kind": "apart", "first": "V1", "second": "V8", "max_days": 1},
        {"kind": "apart", "first": "V5", "second": "V4", "min_days": 1},
        {
            "kind": "after",
            "first": "V2",
            "second": "V9",
            "min_gap": 60,
            "max_gap": 180,
            "different_caregivers": False,
        },
    ],
    "travel": {
        "kind": "geodesic",
        "road_factor": 1.4,
        "speeds": {"ebike": {"kmh": 15, "access": 2}},
        "zones": [
            {
                "id": "hills",
                "centre": {"lat": 29.980, "lon": 121.740},
                "radius_km": 1,
                "road_factor": 1.9,
            }
        ],
    },
    "policy": {
        "weights": {
            "unserved": {
                "critical": 9_000,
                "essential": 2_000,
                "flexible": 400,
                "mandatory": 100_000,
                "per_minute": 10,
                "alone": 100,
            },
            "worst_lateness": 1,
            "waiting": 1,
            "wage": 1,
            "balance": 1,
            "staff_used": 5,
        },
        "continuity_flat": 0,
        "familiar_after": 3,
        "disruption_tolerance": 15,
        "serve_everything": False,
    },
    "published": _PUBLISHED,
    "history": [
        {"client": "C1", "caregiver": "G1", "visits": 2},
        {"client": "C2", "caregiver": "G1", "visits": 8},
    ],
}

_BEST = dict(load_scales()["gbt42195"].items)
_DISTRICT: Document = {
    "id": "district",
    "horizon": {"start": MONDAY, "days": 7},
    "clients": [
        {
            "id": "C1",
            "home": {"lat": 29.95, "lon": 121.71},
            "age": 81,
            "living": "alone",
            "category": "cat_alone",
            "usual_start": "09:30",
            "meals": {"breakfast": "07:30", "lunch": "11:30", "dinner": "17:00"},
            "entitlements": [
                {"payer": "insurance", "unit": "fen", "cap": 30_000, "period": "month",
                 "services": ["HYG_BATH", "GROOM", "TURN_SKIN", "FEED_ASSIST", "CLEAN_HOME",
                              "LAUNDRY"],
                 "price_book": "ltci2024", "min_visit": 40, "max_visit": 60, "max_items": 2},
                {"payer": "district", "unit": "minutes", "cap": 900, "period": "week"},
            ],
            "health_record": {
                "recorded_on": "2026-02-20",
                "assessments": [
                    {"scheme": "ltci", "version": "2021", "raw_grade": "3",
                     "assessed_on": "2026-02-01", "valid_until": "2026-03-05"},
                    {"scheme": "barthel", "version": "mzt039", "raw_score": 70,
                     "assessed_on": "2025-11-03"},
                    {"scheme": "gbt42195", "version": "2022",
                     "item_scores": {**_BEST, "eating": 2, "bathing": 1, "walking": 1},
                     "assessed_on": "2026-02-10"},
                ],
                "conditions": [
                    {"code": "diabetes_insulin", "since": "2019-05-01", "per_day": 2},
                    {"code": "dialysis", "weekdays": [2, 4, 6]},
                    {"code": "pressure_injury", "stage": 2},
                    {"code": "aggression", "since": "2026-02-10"},
                ],
                "devices": ["catheter"],
                "risk_events": [
                    {"kind": "fall", "on": "2026-02-01"},
                    {"kind": "fall", "on": "2026-02-11"},
                ],
                "weight_kg": 90,
            },
        },
        {
            "id": "C2",
            "home": {"lat": 29.96, "lon": 121.72},
            "need_tier": 3,
            "flags": ["infectious"],
        },
        {
            "id": "C3",
            "home": {"lat": 29.96, "lon": 121.73},
            "age": 81,
            "category": "cat_alone",
            "entitlements": [
                {"payer": "aid", "unit": "fen", "cap": 16_000, "period": "month",
                 "prices": [{"service": "MEAL_DELIVER", "fen_per_time": 900},
                            {"service": "SAFE_VISIT", "fen_per_hour": 4_000}]},
            ],
            "health_record": {
                "recorded_on": "2026-02-20",
                "assessments": [
                    {"scheme": "barthel", "version": "mzt039", "raw_score": 70,
                     "assessed_on": "2026-02-03"},
                ],
            },
        },
    ],
    "caregivers": [_caregiver("G1", 29.94, 121.70), _caregiver("G2", 29.94, 121.71)],
    "care_plans": [
        {
            "client": "C2",
            "ordered_on": "2026-02-01",
            "until": "2026-03-25",
            "items": [
                {"service": "HYG_BATH", "per_week": 2, "per_day": 1, "minutes": 70},
                {"service": "GROOM", "per_four_weeks": 2},
            ],
        }
    ],
}  # fmt: skip

_DISTRICT_PLAN: Document = {
    "scenario": "district",
    "routes": [_route("G1", _stop("C2-0303-3", "14:30", "15:50"))],
}

_DOSSIER: Document = {
    "id": "dossier",
    "horizon": {"start": MONDAY, "days": 1},
    "clients": [
        {
            "id": "C1",
            "home": {"lat": 29.95, "lon": 121.71},
            "health_record": {
                "recorded_on": "2026-02-20",
                "assessments": [
                    {
                        "scheme": "mmse",
                        "version": "1975",
                        "raw_score": 22,
                        "schooling": "primary",
                        "assessed_on": "2026-02-01",
                    },
                ],
                "conditions": [
                    {
                        "code": "diabetes_insulin",
                        "insulin": [
                            {"kind": "rapid", "moment": "breakfast"},
                            {"kind": "premixed", "moment": "dinner"},
                        ],
                    },
                    {"code": "dialysis", "weekdays": [2, 4, 6], "starts": "07:30", "lasts": 240},
                ],
                "devices": ["urinary_catheter", "hoist"],
                "device_details": [
                    {
                        "device": "urinary_catheter",
                        "kind": "latex",
                        "last_changed": "2026-02-01",
                        "next_change": "2026-03-01",
                        "limit_kg": 80,
                    },
                ],
                "wounds": [
                    {
                        "kind": "pressure_injury",
                        "site": "heel",
                        "stage": 2,
                        "size_cm": 5,
                        "since": "2026-02-01",
                    }
                ],
                "medicines": [
                    {
                        "code": "anticoagulant",
                        "times": ["07:00", "19:00"],
                        "meal": "before",
                        "exact": True,
                    }
                ],
                "allergies": ["latex"],
                "diet": ["soft"],
                "swallowing": "impaired",
                "night_needs": ["turning"],
                "family": [
                    {
                        "who": "daughter",
                        "present": ["night"],
                        "weekdays": [6, 7],
                        "skills": ["suction"],
                        "strained": True,
                    }
                ],
                "guardian": "son",
                "dwelling": {"floor": 3, "bathroom": "tub"},
                "weight_kg": 81,
            },
        },
    ],
    "caregivers": [],
}

_DERIVED: Document = {
    **_visit("C1-0302-1", "C1", "08:00", "09:00"),
    "trace": [
        {"rule": "R10", "fields": ["conditions.0"], "recorded_on": "2026-02-20"},
    ],
}
