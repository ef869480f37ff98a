"""Thirty-two invented clients: the twelve a nurse has reviewed, and twenty more beside them."""

from __future__ import annotations

from typing import Any

from optimizer.domain.client import Client
from optimizer.domain.health import HealthRecord
from tests.needs.worlds import BEST, HOME, MONDAY, days_ago

ALONE = {"living": "alone", "flags": ["alone"]}
BEDBOUND = {
    "walking": 0,
    "stairs": 0,
    "bed_positioning": 0,
    "transfer": 0,
    "bathing": 0,
    "dressing_upper": 0,
    "dressing_lower": 0,
    "toileting": 0,
    "transport": 0,
    "daily_affairs": 0,
    "grooming": 0,
}
UNCONSCIOUS = {
    **dict.fromkeys(BEST, 0),
    "aggression": 1,
    "depression": 1,
}


def insulin(*doses: tuple[str, str]) -> dict[str, Any]:
    """Return diabetes on insulin of these kinds and moments."""
    given = [{"kind": kind, "moment": moment} for kind, moment in doses]
    return {"code": "diabetes_insulin", "insulin": given}


def record(
    items: dict[str, int] | None = None, *conditions: str | dict[str, Any], **more: Any
) -> dict[str, Any]:
    """Return a record with best scores but these, conditions, and whatever else it holds."""
    given = [{"code": one} if isinstance(one, str) else one for one in conditions]
    form = {
        "scheme": "gbt42195",
        "version": "2022",
        "item_scores": {**BEST, **(items or {})},
        "assessed_on": days_ago(10).isoformat(),
    }
    assessments = [] if items is None else [form]
    return {"assessments": assessments, "conditions": given, **more}


def graded(scheme: str, version: str, grade: str) -> dict[str, Any]:
    """Return a record of nothing but a grade."""
    on = days_ago(10).isoformat()
    form = {"scheme": scheme, "version": version, "raw_grade": grade, "assessed_on": on}
    return {"assessments": [form]}


DIALYSIS = {"code": "dialysis", "weekdays": [1, 3, 5], "starts": "07:30", "lasts": 240}
WANDERS = [{"kind": "wandering", "on": days_ago(9).isoformat()}]
PILLS = [{"code": "levodopa", "times": ["06:30", "10:30", "15:00", "20:00"], "exact": True}]

# id, what is special, record, fields of the client
RECORDS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "C0001": (
        "insulin three times a day",
        record(
            {"eating": 2},
            insulin(("rapid", "breakfast"), ("rapid", "lunch"), ("rapid", "dinner")),
        ),
        {},
    ),
    "C0002": (
        "dementia, wanders, alone, walks",
        record(
            {"memory": 0, "orientation_place": 0, "bathing": 1}, "dementia", risk_events=WANDERS
        ),
        ALONE,
    ),
    "C0003": ("palliative", record({"eating": 2, "bathing": 1}, "cancer_palliative"), {}),
    "C0004": (
        "stroke, nasogastric tube, catheter",
        record(
            {**BEDBOUND, "eating": 0, "bladder": 0},
            "stroke_hemiplegia",
            devices=["nasogastric_tube", "urinary_catheter"],
        ),
        {},
    ),
    "C0005": (
        "doubly incontinent",
        record({**BEDBOUND, "eating": 0, "bladder": 0, "bowel": 0}, "incontinence"),
        {},
    ),
    "C0006": (
        "amputee with a pressure injury of stage III, alone",
        record(
            {"walking": 0, "bed_positioning": 1, "transfer": 1, "bathing": 1, "transport": 2},
            {"code": "pressure_injury", "stage": 3},
        ),
        ALONE,
    ),
    "C0007": (
        "Parkinson's disease, levodopa four times",
        record({"walking": 2, "dressing_lower": 2}, "parkinson", medicines=PILLS),
        {},
    ),
    "C0008": (
        "dialysis and insulin, alone",
        record({"eating": 3}, DIALYSIS, insulin(("premixed", "breakfast"), ("premixed", "dinner"))),
        ALONE,
    ),
    "C0009": ("blind and deaf, alone", record({"vision": 0, "hearing": 0}), ALONE),
    "C0010": (
        "hip surgery two months ago",
        record(
            {"transfer": 2, "walking": 2, "bathing": 1},
            {"code": "hip_fracture", "since": days_ago(60).isoformat()},
        ),
        {},
    ),
    "C0011": ("a child", record({"walking": 0, "transport": 0}, weight_kg=22), {"age": 9}),
    "C0012": (
        "schizophrenia, aggression in the last month, alone",
        record({"aggression": 0, "daily_affairs": 2}, "schizophrenia"),
        ALONE,
    ),
    "C0013": (
        "unconscious, gastrostomy, tracheostomy, ventilator",
        record(UNCONSCIOUS, "coma", devices=["gastrostomy", "tracheostomy", "ventilator"]),
        {"living": "family"},
    ),
    "C0014": (
        "basal-bolus, four a day",
        record(
            {"eating": 2},
            insulin(
                ("rapid", "breakfast"),
                ("rapid", "lunch"),
                ("rapid", "dinner"),
                ("basal", "bedtime"),
            ),
        ),
        {},
    ),
    "C0015": ("basal insulin at bedtime", record({"eating": 3}, insulin(("basal", "bedtime"))), {}),
    "C0016": ("insurance grade 5 and no scores", graded("ltci", "2021", "5"), {}),
    "C0017": ("ability grade 3 and no scores", graded("gbt42195", "2022", "3"), {}),
    "C0018": ("Shanghai grade 1", graded("shanghai", "2.0", "1"), {}),
    "C0019": ("constipation, bowel 0", record({"bowel": 0}, "constipation"), {}),
    "C0020": ("bowel 0, nobody says why", record({"bowel": 0}), {}),
    "C0021": (
        "catheter, continent of stool",
        record({"bladder": 0}, devices=["urinary_catheter"]),
        {},
    ),
    "C0022": ("chokes every week", record({"eating": 1}), {}),
    "C0023": (
        "pressure injury of stage II, bathed",
        record({"bathing": 1}, {"code": "pressure_injury", "stage": 2}),
        {},
    ),
    "C0024": ("pressure injury of no stage", record({}, "pressure_injury"), {}),
    "C0025": (
        "hip surgery nine days ago",
        record(
            {"transfer": 2, "bathing": 1},
            {"code": "hip_fracture", "since": days_ago(9).isoformat()},
        ),
        {},
    ),
    "C0026": (
        "self-harm a month ago",
        record(
            {"depression": 0, "social": 1},
            "depression",
            risk_events=[{"kind": "self_harm", "on": days_ago(30).isoformat()}],
        ),
        ALONE,
    ),
    "C0027": ("aggression without a date", record({"bathing": 2}, "aggression"), {}),
    "C0028": (
        "heavy, needs much help with a transfer",
        record({"transfer": 1, "bathing": 0, "dressing_lower": 1}, weight_kg=95),
        {},
    ),
    "C0029": (
        "tube feeding and insulin",
        record(
            {**BEDBOUND, "eating": 0},
            insulin(("premixed", "breakfast"), ("premixed", "dinner")),
            devices=["nasogastric_tube"],
        ),
        {},
    ),
    "C0030": (
        "dysphagia, alone, cannot cook",
        record({"eating": 2, "daily_affairs": 0}, "dysphagia"),
        {**ALONE, "age": 82},
    ),
    "C0031": (
        "afternoon dialysis, bed-bound, incontinent",
        record(
            {**BEDBOUND, "bladder": 0, "transfer": 2},
            {**DIALYSIS, "weekdays": [2, 4, 6], "starts": "12:30"},
        ),
        {"living": "spouse"},
    ),
    "C0032": (
        "little schooling, MMSE 18",
        {
            "assessments": [
                {
                    "scheme": "mmse",
                    "version": "1975",
                    "raw_score": 18,
                    "schooling": "none",
                    "assessed_on": days_ago(10).isoformat(),
                }
            ]
        },
        {},
    ),
}


def client(name: str) -> Client:
    """Return one of the clients."""
    _, given, fields = RECORDS[name]
    health = HealthRecord.model_validate({"recorded_on": MONDAY.isoformat(), **given})
    return Client.model_validate({"id": name, "home": HOME, "health_record": health, **fields})
