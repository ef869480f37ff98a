"""The smallest record for which each rule holds, what follows, and a neighbour it spares."""

from __future__ import annotations

from dataclasses import replace

from optimizer.domain.health import Condition
from tests.needs.alert_tables import ALERTS, CAUTIONS
from tests.needs.worlds import Known, days_ago, fell, has

ALONE = {"living": "alone"}
RECENT = {"since": days_ago(180)}

WOUNDS = ("surgical", "diabetic_foot", "leg_ulcer", "skin_tear", "burn", "trauma")
MEALS = ("breakfast", "lunch", "dinner")
EATS: dict[str, int] = {"eating": 3}
"Needs help with eating."
PILLS = (
    {"code": "levodopa", "times": ["07:00", "11:00", "15:00"], "exact": True},
    {"code": "aspirin", "times": ["11:00"]},
    {"code": "statin", "times": ["21:00"], "helped": False},
)


def injected(*doses: tuple[str, str]) -> tuple[Condition, ...]:
    """Return diabetes on insulin with kinds and moments."""
    given = [{"kind": kind, "moment": moment} for kind, moment in doses]
    return (Condition.model_validate({"code": "diabetes_insulin", "insulin": given}),)


RULES: list[tuple[str, Known, str]] = [
    # rule, record, services as days in four weeks x times on such a day
    ("R01", Known(has("hypertension")), "VITALS 4x1"),
    ("R01", Known(has("hypertension"), grade=2), "VITALS 12x1"),
    ("R01", Known(has("hypertension"), items={"memory": 2}), "MED_ADMIN 28x1, VITALS 4x1"),
    ("R02", Known(has("diabetes_oral")), "GLUCOSE 8x1, GROOM 2x1"),
    ("R02", Known(has("diabetes_insulin_self")), "GLUCOSE 8x1, GROOM 2x1"),
    ("R03", Known(has("diabetes_insulin")), "INSULIN_INJ 28x2, GLUCOSE 8x1, GROOM 2x1"),
    (
        "R03",
        Known(has("diabetes_insulin"), items={"eating": 3}),
        "INSULIN_INJ 28x2, FEED_ASSIST 28x2, GLUCOSE 8x1, GROOM 2x1",
    ),
    (
        "R03",
        Known(has("diabetes_insulin", per_day=1), items={"eating": 3}),
        "INSULIN_INJ 28x1, FEED_ASSIST 28x1, GLUCOSE 8x1, GROOM 2x1",
    ),
    (
        "R03",
        Known(has("diabetes_insulin", per_day=3), items={"eating": 3}),
        "INSULIN_INJ 28x3, FEED_ASSIST 28x3, GLUCOSE 8x1, GROOM 2x1",
    ),
    (
        "R03",
        Known(
            injected(("rapid", "breakfast"), ("rapid", "dinner"), ("basal", "bedtime")), items=EATS
        ),
        "INSULIN_INJ 28x3, FEED_ASSIST 28x2, GLUCOSE 8x1, GROOM 2x1",
    ),
    (
        "R03",
        Known(injected(*(("rapid", meal) for meal in MEALS), ("basal", "bedtime")), items=EATS),
        "INSULIN_INJ 28x4, FEED_ASSIST 28x3, GLUCOSE 8x1, GROOM 2x1",
    ),
    (
        "R03",
        Known(injected(("premixed", "breakfast"), ("premixed", "dinner")), items=EATS),
        "INSULIN_INJ 28x2, FEED_ASSIST 28x2, GLUCOSE 8x1, GROOM 2x1",
    ),
    (
        "R03",
        Known(injected(("basal", "bedtime")), items=EATS),
        "INSULIN_INJ 28x1, GLUCOSE 8x1, GROOM 2x1",
    ),
    (
        "R03",
        Known(has("diabetes_insulin", per_day=4), items=EATS),
        "INSULIN_INJ 28x4, FEED_ASSIST 28x3, GLUCOSE 8x1, GROOM 2x1",
    ),
    ("R03A", Known(injected(("rapid", "lunch"))), ""),
    ("M01", Known(more={"medicines": PILLS}), "MED_ADMIN 28x3"),
    ("R04", Known(has("stroke_hemiplegia")), "REHAB_TRAIN 4x1"),
    ("R04", Known(has("stroke_hemiplegia", **RECENT)), "REHAB_TRAIN 16x1"),
    (
        "R04",
        Known(has("stroke_hemiplegia"), items={"dressing_upper": 2}),
        "HYG_DAILY 28x1, REHAB_TRAIN 4x1",
    ),
    (
        "R04",
        Known(has("stroke_hemiplegia"), items={"transfer": 2}),
        "TRANSFER 12x1, REHAB_TRAIN 4x1",
    ),
    ("R05", Known(has("dysphagia")), "FEED_ASSIST 28x2"),
    ("R05", Known(events=fell(365, kind="choking")), "FEED_ASSIST 28x2"),
    ("R05", Known(more={"swallowing": "impaired"}), "FEED_ASSIST 28x2"),
    ("R05", Known(items={"eating": 1}), "FEED_ASSIST 28x2"),  # chokes every week
    ("R05", Known(items={"eating": 2}), ""),  # every month: somebody skilled helps, if anybody
    (
        "R05",
        Known(has("dysphagia"), items={"daily_affairs": 1}, client=ALONE),
        "MEAL_COOK 12x1, FEED_ASSIST 28x2",
    ),
    ("R06", Known(devices=("nasogastric_tube",)), "TUBE_FEED 28x3, HYG_DAILY 28x1"),
    ("R06", Known(devices=("gastrostomy",)), "TUBE_FEED 28x3, HYG_DAILY 28x1"),
    ("R07", Known(devices=("urinary_catheter",)), "CATH_CARE 28x1, CATH_CHANGE 1x1"),
    ("B11", Known(devices=("picc",)), "PICC_CARE 4x1"),
    ("R08", Known(has("incontinence")), "TOILET_CONT 28x2, LAUNDRY 4x1"),
    ("R08", Known(items={"bladder": 1}), "TOILET_CONT 28x2, LAUNDRY 4x1"),
    ("R08", Known(has("bowel_incontinence")), "TOILET_CONT 28x2, LAUNDRY 4x1"),
    ("R08A", Known(items={"bowel": 1}), "TOILET_CONT 28x1"),
    ("R08A", Known(items={"bowel": 0}, client=ALONE), "TOILET_CONT 28x1"),
    ("R08B", Known(has("constipation")), "BOWEL_CARE 2x1"),
    ("R08B", Known(has("constipation"), items={"bowel": 0}), "BOWEL_CARE 8x1"),
    ("R09", Known(has("pressure_injury", stage=1)), "TURN_SKIN 28x1"),
    ("R09", Known(has("pressure_injury")), "TURN_SKIN 28x1, NURSE_CHECK 4x1"),
    ("R10", Known(has("pressure_injury", stage=2)), "WOUND_PI 12x1, TURN_SKIN 28x1"),
    (
        "R10",
        Known(has("pressure_injury", stage=3), items={"bathing": 2}),
        "WOUND_PI 12x1, HYG_BEDBATH 8x1, TURN_SKIN 28x1",
    ),
    ("R10A", Known(has("wound")), "WOUND_CARE 12x1"),
    *(("R10A", Known(more={"wounds": ({"kind": kind},)}), "WOUND_CARE 12x1") for kind in WOUNDS),
    ("R10", Known(has("pressure_injury", stage=4)), "WOUND_PI 28x1, TURN_SKIN 28x1"),
    (
        "R11",
        Known(items={"walking": 0, "bed_positioning": 1}),
        "HYG_DAILY 20x1, HYG_BEDBATH 8x1, TURN_SKIN 28x2",
    ),
    ("R11A", Known(items={"bed_positioning": 1}, client=ALONE), ""),
    ("R11A", Known(has("pressure_injury", stage=3), client={"flags": ("alone",)}), ""),
    ("R12", Known(has("dementia")), "COG_TRAIN 8x1, SAFE_VISIT 4x1"),
    ("R12", Known(has("dementia"), grade=3), "COG_TRAIN 12x1, SAFE_VISIT 4x1"),
    ("R13", Known(has("aggression", since=days_ago(31))), ""),
    ("R13", Known(events=fell(31, kind="aggression")), ""),
    ("R13", Known(has("aggression")), ""),  # not dated: the safe reading
    ("R13", Known(items={"aggression": 0}), ""),
    ("R14", Known(has("depression")), "SOCIAL_WORK 1x1, PSY_COMFORT 4x1, SAFE_VISIT 4x1"),
    ("R14", Known(has("depressive_disorder")), "SOCIAL_WORK 1x1, PSY_COMFORT 4x1, SAFE_VISIT 4x1"),
    ("R14", Known(has("bereaved")), "SOCIAL_WORK 1x1, PSY_COMFORT 4x1, SAFE_VISIT 4x1"),
    ("R14", Known(has("lost_only_child")), "SOCIAL_WORK 1x1, PSY_COMFORT 4x1, SAFE_VISIT 4x1"),
    ("R14", Known(items={"depression": 0}), "SOCIAL_WORK 1x1, PSY_COMFORT 4x1, SAFE_VISIT 4x1"),
    ("R14A", Known(has("self_harm")), "SOCIAL_WORK 4x1, SAFE_VISIT 12x1"),
    ("R14A", Known(events=fell(365, kind="self_harm")), "SOCIAL_WORK 4x1, SAFE_VISIT 12x1"),
    ("R14A", Known(events=fell(9, kind="suicide")), "SOCIAL_WORK 4x1, SAFE_VISIT 12x1"),
    ("R14B", Known(has("mental_disorder")), "MED_ADMIN 28x1, SOCIAL_WORK 2x1"),
    ("R15", Known(has("parkinson")), "MED_ADMIN 28x3, REHAB_TRAIN 4x1"),
    (
        "R16",
        Known(has("hip_fracture", since=days_ago(90))),
        "HYG_DAILY 24x1, HYG_BATH 4x1, TRANSFER 28x1, REHAB_TRAIN 12x1",
    ),
    (
        "R16",
        Known(has("hip_fracture")),
        "HYG_DAILY 24x1, HYG_BATH 4x1, TRANSFER 28x1, REHAB_TRAIN 12x1",
    ),
    (
        "R16",
        Known(has("hip_fracture", since=days_ago(14))),
        "WOUND_CARE 8x1, HYG_DAILY 28x1, TRANSFER 28x1, REHAB_TRAIN 12x1",
    ),
    ("R17", Known(has("copd")), "VITALS 8x1"),
    ("R17", Known(devices=("oxygen",)), "VITALS 8x1, OXY_NEB 28x1"),
    ("R18", Known(has("heart_failure")), "VITALS 28x1"),
    ("R19", Known(devices=("stoma",)), "STOMA_CARE 8x1"),
    ("R20", Known(has("dialysis")), "VITALS 12x1, ESCORT_MED 12x1"),
    ("R20", Known(has("dialysis", weekdays=(2, 5))), "VITALS 8x1, ESCORT_MED 8x1"),
    ("R20A", Known(has("dialysis", "diabetes_insulin")), ""),
    ("R21", Known(has("cancer_palliative")), "MED_ADMIN 28x2, NURSE_CHECK 4x1, PSY_COMFORT 4x1"),
    (
        "R21",
        Known(has("cancer_palliative"), grade=4),
        "MED_ADMIN 28x2, NURSE_CHECK 8x1, PSY_COMFORT 4x1",
    ),
    ("R22", Known(has("blind")), "ESCORT_OUT 4x1, SAFE_VISIT 4x1"),
    ("R22", Known(has("deaf")), "ESCORT_OUT 4x1, SAFE_VISIT 4x1"),
    ("R22", Known(items={"vision": 0}), "ESCORT_OUT 4x1, SAFE_VISIT 4x1"),
    ("R22", Known(items={"hearing": 0}), "ESCORT_OUT 4x1, SAFE_VISIT 4x1"),
    ("R23", Known(events=fell(1, 30)), "HYG_BATH 4x1, ESCORT_OUT 4x1, SAFE_VISIT 4x1"),
    ("R24", Known(client={**ALONE, "age": 75}), "SAFE_VISIT 4x1, MEAL_DELIVER 28x1"),
    ("R24", Known(client={"flags": ("alone",), "age": 75}), "SAFE_VISIT 4x1, MEAL_DELIVER 28x1"),
    ("R25", Known(has("infectious_disease")), ""),
    ("R25", Known(client={"flags": ("infectious",)}), ""),
    ("B01", Known(items={"daily_affairs": 3}), "CLEAN_HOME 4x1, LAUNDRY 2x1"),
    ("B01", Known(grade=1), "CLEAN_HOME 4x1, LAUNDRY 2x1"),
    ("B01", Known(grade=2), "CLEAN_HOME 4x1, LAUNDRY 4x1"),
    ("B02", Known(items={"eating": 2}), "FEED_ASSIST 28x1"),
    ("B02", Known(items={"eating": 1}), "FEED_ASSIST 28x2"),
    ("B02", Known(items={"eating": 0}), "FEED_ASSIST 28x3"),
    ("B03", Known(items={"grooming": 3}), "GROOM 2x1"),
    ("B03", Known(grade=2), "GROOM 2x1"),
    ("B04", Known(items={"bathing": 2}), "HYG_BATH 2x1, HYG_SHAMPOO 4x1"),
    ("B04", Known(items={"bathing": 1}), "HYG_BATH 4x1, HYG_SHAMPOO 4x1"),
    ("B05", Known(items={"dressing_upper": 2}), "HYG_DAILY 12x1"),
    ("B05", Known(items={"dressing_lower": 2}), "HYG_DAILY 12x1"),
    ("B05", Known(items={"grooming": 1}), "HYG_DAILY 12x1"),
    ("B05", Known(items={"dressing_upper": 2}, grade=3), "HYG_DAILY 28x1"),
    ("B05", Known(items={"dressing_lower": 0}), "HYG_DAILY 28x2"),
    ("B06", Known(items={"memory": 1}), "MED_ADMIN 28x1"),
    ("B07", Known(items={"transport": 1}), "ERRAND 4x1"),
    ("B08", Known(items={"daily_affairs": 2}), "MEAL_DELIVER 20x1"),
    ("B08", Known(items={"daily_affairs": 1}), "MEAL_DELIVER 28x2"),
    ("B09", Known(items={"social": 1}), "PSY_COMFORT 4x1"),
    ("B10", Known(grade=4), "VITALS 28x1"),
    ("G02", Known(grade=2), "HYG_DAILY 12x1, HYG_BATH 2x1"),
    (
        "G03",
        Known(grade=3),
        "FEED_ASSIST 28x1, HYG_DAILY 24x1, HYG_BATH 4x1, TOILET_CONT 28x1, MED_ADMIN 28x1",
    ),
    (
        "G04",
        Known(grade=4),
        "FEED_ASSIST 28x2, HYG_BEDBATH 4x1, TOILET_CONT 28x2, TURN_SKIN 28x1",
    ),
    *((rule, known, "") for rule, _, known, _ in ALERTS),
    *((rule, known, "") for rule, known, _ in CAUTIONS),
]

NEIGHBOURS: dict[str, Known] = {
    "R01": Known(has("hypotension")),
    "R02": Known(has("diabetes_insulin")),  # that is R03
    "R03": Known(has("diabetes_insulin_self")),  # injects without help
    "R03A": Known(injected(("premixed", "lunch"))),
    "M01": Known(more={"medicines": PILLS[2:]}),  # takes it alone
    "R04": Known(has("stroke")),  # without hemiplegia
    "R05": Known(items={"eating": 0}, devices=("nasogastric_tube",)),
    "R06": Known(devices=("picc",)),
    "R07": Known(devices=("nasogastric_tube",)),
    "B11": Known(devices=("urinary_catheter",)),
    "R08": Known(items={"bladder": 0, "bowel": 0}, devices=("urinary_catheter",)),
    "R08A": Known(has("constipation"), items={"bowel": 0}),  # no incontinence: constipation
    "R08B": Known(items={"bowel": 0}),  # the score alone does not say which
    "R09": Known(has("wound")),
    "R10": Known(has("pressure_injury", stage=1)),
    "R10A": Known(has("pressure_injury", stage=4)),
    "R11": Known(items={"walking": 0, "bed_positioning": 2}),  # sits up alone
    "R11A": Known(items={"bed_positioning": 1}, client={"living": "spouse"}),
    "R12": Known(has("mental_disorder")),
    "R13": Known(has("aggression", since=days_ago(32)), items={"aggression": 1}),
    "R14": Known(has("dementia"), items={"depression": 1}),
    "R14A": Known(has("depression"), events=fell(366, kind="self_harm")),
    "R14B": Known(has("dementia", "depression")),
    "R15": Known(has("tremor")),
    "R16": Known(has("hip_fracture", since=days_ago(91))),
    "R17": Known(has("asthma")),
    "R18": Known(has("hypertension")),
    "R19": Known(devices=("urinary_catheter",)),
    "R20": Known(has("kidney_disease")),
    "R20A": Known(has("dialysis", "diabetes_oral")),
    "R21": Known(has("cancer")),
    "R22": Known(items={"vision": 1, "hearing": 1}),
    "R23": Known(events=fell(1, 31)),
    "R24": Known(client={**ALONE, "age": 74}),
    "R25": Known(has("cold")),
    "B01": Known(items={"daily_affairs": 4}),
    "B02": Known(items={"eating": 0}, devices=("gastrostomy",)),
    "B03": Known(items={"grooming": 4}),
    "B04": Known(items={"bathing": 3}),
    "B05": Known(items={"dressing_upper": 3, "dressing_lower": 3, "grooming": 2}),
    "B06": Known(items={"memory": 2}),
    "B07": Known(items={"transport": 2}),
    "B08": Known(items={"daily_affairs": 3}),
    "B09": Known(items={"social": 2}),
    "B10": Known(grade=3),
    "G02": Known(score=66),
    "G03": Known(grade=2),
    "G04": Known(grade=4, items={"eating": 4}),  # scored, so that the scores speak
    **{rule: beside for rule, _, _, beside in ALERTS},
    **{rule: beside for rule, _, beside in CAUTIONS},
}

BARRED: dict[str, list[tuple[str, Known, Known]]] = {
    # contraindication: what a care plan asks for, whose record bars it, and whose does not
    "K01": [("ESCORT_OUT", Known(items={"walking": 0}), Known(items={"walking": 1}))],
    "K02": [
        (service, Known(), Known(devices=("urinary_catheter",)))
        for service in ("CATH_CARE", "CATH_CHANGE")
    ],
    "K03": [("STOMA_CARE", Known(), Known(devices=("stoma",)))],
    "K04": [
        ("TUBE_FEED", Known(), Known(devices=(tube,)))
        for tube in ("nasogastric_tube", "gastrostomy")
    ],
    "K05": [("PICC_CARE", Known(), Known(devices=("picc",)))],
    "K06": [
        (service, known, Known(items={"consciousness": 1}))
        for service in (
            "HYG_BATH",
            "REHAB_TRAIN",
            "COG_TRAIN",
            "ESCORT_OUT",
            "PSY_COMFORT",
            "SOCIAL_WORK",
            "FEED_ASSIST",
            "MEAL_DELIVER",
            "MEAL_COOK",
            "MED_ADMIN",
        )
        for known in (Known(has("coma")), Known(items={"consciousness": 0}))
    ],
    "K07": [
        (service, known, Known(devices=("stoma",)))
        for service in ("FEED_ASSIST", "MEAL_DELIVER", "MEAL_COOK")
        for known in (
            Known(devices=("nasogastric_tube",)),
            Known(devices=("gastrostomy",)),
            Known(more={"swallowing": "unsafe"}),
        )
    ],
    "K08": [("INSULIN_INJ", Known(has("diabetes_oral")), Known(has("diabetes_insulin")))],
    "K09": [
        (
            "WOUND_PI",
            Known(has("pressure_injury", stage=1)),
            Known(has("pressure_injury", stage=2)),
        )
    ],
    "K10": [
        (
            "HYG_BATH",
            Known(has("pressure_injury", stage=3)),
            Known(has("pressure_injury", stage=2)),
        )
    ],
    "K11": [
        (
            "HYG_BATH",
            Known(has("hip_fracture", since=days_ago(14))),
            Known(has("hip_fracture", since=days_ago(15))),
        )
    ],
    "K12": [
        ("WOUND_CARE", Known(has("pressure_injury", stage=4)), known)
        for known in (Known(has("wound")), Known(has("hip_fracture", since=days_ago(14))))
    ],
    "K13": [
        ("INSULIN_INJ", unfed, fed)
        for unfed in (
            Known(has("diabetes_insulin"), more={"swallowing": "unsafe"}),
            Known(has("diabetes_insulin"), items={"consciousness": 0}),
            Known(has("diabetes_insulin") + has("coma")),
        )
        for fed in (
            replace(unfed, devices=("gastrostomy",)),
            replace(unfed, conditions=injected(("basal", "bedtime")) + unfed.conditions[1:]),
        )
    ],
}

IMPOSSIBLE: dict[str, tuple[Known, Known]] = {
    "X01": (
        Known(items={"bladder": 1}, devices=("urinary_catheter",)),
        Known(items={"bladder": 0}, devices=("urinary_catheter",)),
    ),
    "X02": (
        Known(items={"eating": 1}, devices=("nasogastric_tube",)),
        Known(items={"eating": 0}, devices=("nasogastric_tube",)),
    ),
    "X03": (
        Known(items={"transport": 3, "walking": 0}),
        Known(items={"transport": 2, "walking": 0}),
    ),
}
