"""Records that call for an alert or a caution, neighbours that do not, and where each is from.

Sources: GB/T 42195-2022 (annexes A and B: items, devices, care-risk events); the dossier of a
care office for the rest, which is called judgement until a head nurse has signed it.
"""

from __future__ import annotations

from typing import Any

from optimizer.domain.health import (
    DeviceDetail,
    Dwelling,
    FamilyCarer,
    Insulin,
    Medicine,
    Wound,
)
from optimizer.units import parse_clock
from tests.needs.worlds import Known, days_ago, fell, has

ALONE = {"living": "alone"}
FLAGGED = {"flags": ("alone",)}


def knows(**record: Any) -> Known:
    """Return what a record of only these fields says."""
    return Known(more=record)


def family(*skills: str, **fields: Any) -> dict[str, Any]:
    """Return the field of one daughter."""
    return {"family": (FamilyCarer(who="daughter", skills=skills, **fields),)}


def takes(code: str, **fields: Any) -> Known:
    """Return somebody who takes a medicine at eight."""
    return knows(medicines=(Medicine(code=code, times=(parse_clock("08:00"),), **fields),))


def wounded(kind: str, **fields: Any) -> Known:
    """Return somebody with a wound."""
    return knows(wounds=(Wound(kind=kind, **fields),))


def detail(device: str, weight: int | None = None, **fields: Any) -> Known:
    """Return somebody with a device of which something is known."""
    details = (DeviceDetail(device=device, **fields),)
    return Known(devices=(device,), weight=weight, more={"device_details": details})


def injected(*kinds: Any) -> Known:
    """Return somebody who gets these kinds of insulin for breakfast."""
    doses = tuple(Insulin(kind=kind, moment="breakfast") for kind in kinds)
    return Known(has("diabetes_insulin", insulin=doses))


NASOGASTRIC, GASTROSTOMY = ("nasogastric_tube",), ("gastrostomy",)
AT_NIGHT: dict[str, Any] = {"night_needs": ("turning",)}

ALERTS: list[tuple[str, str, Known, Known]] = [
    # rule, source, a record with the alert, a neighbour without
    (
        "A01",
        "GB/T 42195-2022 annex A: getting lost is a care-risk event",
        Known(has("dementia", "wandering"), client=ALONE),
        Known(has("dementia", "wandering"), client={"living": "spouse"}),
    ),
    (
        "A01",
        "judgement: half a year",
        Known(has("dementia"), events=fell(180, kind="wandering"), client=FLAGGED),
        Known(has("dementia"), events=fell(181, kind="wandering"), client=FLAGGED),
    ),
    (
        "A01",
        "judgement: not knowing where one is",
        Known(has("wandering"), items={"orientation_place": 1}, client=ALONE),
        Known(has("wandering"), items={"orientation_place": 2}, client=ALONE),
    ),
    ("A02", "judgement", Known(grade=4, client=ALONE), Known(grade=3, client=ALONE)),
    ("A02", "judgement", Known(grade=4, client=FLAGGED), Known(grade=4)),
    ("A02", "judgement", Known(grade=4, client={"category": "cat_alone"}), Known(grade=4)),
    (
        "A03",
        "GB/T 42195-2022 annex B: nasogastric tube; judgement: several feeds a day",
        Known(devices=NASOGASTRIC, more=family("suction")),
        Known(devices=NASOGASTRIC, more=family("tube_feeding")),
    ),
    ("A03", "judgement", Known(devices=GASTROSTOMY), Known(devices=("stoma",))),
    (
        "A04",
        "GB/T 42195-2022 annex B: tracheotomy, ventilator",
        Known(devices=("ventilator",), more=family("tube_feeding")),
        Known(devices=("ventilator",), more=family("suction")),
    ),
    ("A04", "judgement", Known(devices=("tracheostomy",)), Known(devices=("oxygen",))),
    (
        "A04",
        "judgement",
        knows(night_needs=("suction",)),
        knows(night_needs=("suction",), **family("suction")),
    ),
    (
        "A05",
        "GB/T 42195-2022 annex A: self-harm is a care-risk event; judgement: half a year",
        Known(events=fell(180, kind="self_harm")),
        Known(events=fell(181, kind="self_harm")),
    ),
    ("A05", "judgement", Known(has("self_harm")), Known(has("depression"))),
    (
        "A06",
        "judgement",
        Known(has("diabetes_insulin"), client=ALONE),
        Known(has("diabetes_insulin"), client={"living": "spouse"}),
    ),
    (
        "A06",
        "judgement",
        Known(has("diabetes_insulin_self"), items={"memory": 1}),
        Known(has("diabetes_insulin_self"), items={"memory": 2}),
    ),
    (
        "A06",
        "judgement",
        Known(has("diabetes_insulin"), items={"eating": 1}),
        Known(has("diabetes_insulin"), items={"eating": 2}),
    ),
    (
        "A06",
        "judgement: insulin is cleared more slowly on dialysis",
        Known(has("diabetes_insulin", "dialysis")),
        Known(has("diabetes_oral", "dialysis")),
    ),
    (
        "A06",
        "judgement: a quarter of a year",
        Known(has("diabetes_insulin"), events=fell(90, kind="hypoglycaemia")),
        Known(has("diabetes_insulin"), events=fell(91, kind="hypoglycaemia")),
    ),
    (
        "A06",
        "judgement: tablets that make the body release insulin",
        Known(client=FLAGGED, more=takes("sulfonylurea").more),
        Known(client=FLAGGED, more=takes("metformin").more),
    ),
    (
        "A07",
        "judgement",
        Known(
            devices=("urinary_catheter",),
            more={**detail("urinary_catheter", kind="latex").more,
                    "allergies": ("latex",)},
        ),
        Known(
            devices=("urinary_catheter",),
            more={**detail("urinary_catheter", kind="silicone").more,
                    "allergies": ("latex",)},
        ),
    ),
    ("A08", "judgement", detail("hoist", 151, limit_kg=150), detail("hoist", 150, limit_kg=150)),
    ("A08", "judgement", detail("wheelchair", 101, limit_kg=100), detail("wheelchair", 101)),
    ("A08", "judgement", detail("hospital_bed", 136, limit_kg=135),
     detail("hospital_bed", limit_kg=135)),
    ("A08", "judgement", detail("shower_chair", 111, limit_kg=110),
     detail("shower_chair", 110, limit_kg=110)),
    ("A09", "judgement", knows(**AT_NIGHT), knows(**AT_NIGHT, **family())),
    (
        "A09",
        "judgement",
        knows(**AT_NIGHT, **family(present=("evening",))),
        knows(**AT_NIGHT, **family(present=("evening", "night"))),
    ),
    (
        "A09",
        "judgement: every night, not some",
        knows(**AT_NIGHT, **family(weekdays=(1, 2, 3, 4, 5))),
        knows(**AT_NIGHT, **family(weekdays=(1, 2, 3, 4, 5, 6, 7))),
    ),
    (
        "A10",
        "judgement: Civil Code of the PRC, articles 28 and 33, ask for a guardian",
        Known(items={"comprehension": 0}),
        Known(items={"comprehension": 0}, more={"guardian": "son"}),
    ),
    ("A10", "judgement", Known(items={"orientation_person": 0}),
     Known(items={"orientation_person": 1})),
    ("A10", "judgement", Known(has("coma")), Known(has("dementia"))),
    *(
        (
            "A11",
            "judgement",
            detail(device, next_change=days_ago(1)),
            detail(device, next_change=days_ago(0)),
        )
        for device in (
            "urinary_catheter", "nasogastric_tube", "gastrostomy", "tracheostomy", "picc", "stoma",
        )
    ),
    ("A12", "judgement", knows(**family(strained=True)), knows(**family())),
    (
        "A13",
        "judgement",
        Known(items={"walking": 0}, more={"dwelling": Dwelling(floor=2)}),
        Known(items={"walking": 0}, more={"dwelling": Dwelling(floor=2, lift=True)}),
    ),
    (
        "A13",
        "judgement",
        Known(items={"transfer": 1}, more={"dwelling": Dwelling(floor=6)}),
        Known(items={"transfer": 1}, more={"dwelling": Dwelling(floor=1)}),
    ),
    ("A14", "judgement: 5 cm", wounded("surgical", size_cm=5), wounded("surgical", size_cm=4)),
    (
        "A15",
        "judgement",
        Known(has("blind", "deaf"), client=ALONE),
        Known(has("blind"), client=ALONE),
    ),
    (
        "A15",
        "judgement",
        Known(items={"vision": 0, "hearing": 0}, client=FLAGGED),
        Known(items={"vision": 0, "hearing": 0}),
    ),
    (
        "A16",
        "GB/T 42195-2022 annex B: stage of a pressure injury",
        Known(has("pressure_injury")),
        Known(has("pressure_injury", stage=1)),
    ),
    ("A16", "judgement: likewise among the wounds", wounded("pressure_injury"),
     wounded("pressure_injury", stage=5)),
    *(
        ("A17", "judgement", Known(has(code)), Known(has(code, since=days_ago(1))))
        for code in ("hip_fracture", "aggression", "stroke_hemiplegia")
    ),
    *(
        ("A18", "judgement", Known(devices=(device,)), detail(device, last_changed=days_ago(9)))
        for device in ("urinary_catheter", "nasogastric_tube")
    ),
    ("A18", "judgement", detail("urinary_catheter", kind="latex"),
     detail("urinary_catheter", next_change=days_ago(-9))),
    ("A19", "judgement", injected(), injected("premixed")),
    ("A20", "judgement", Known(client={"age": 17}), Known(client={"age": 18})),
    *(
        ("A21", "judgement", Known(has(code)), Known(has("mental_disorder")))
        for code in (
            "schizophrenia", "schizoaffective_disorder", "delusional_disorder", "bipolar_disorder",
        )
    ),
    (
        "A22",
        "judgement",
        knows(swallowing="unsafe"),
        Known(devices=GASTROSTOMY, more={"swallowing": "unsafe"}),
    ),
    (
        "A22",
        "judgement",
        Known(items={"consciousness": 0}),
        Known(items={"consciousness": 0}, devices=GASTROSTOMY),
    ),
]  # fmt: skip

CAUTIONS: list[tuple[str, Known, Known]] = [
    # rule, a record with the caution, a neighbour without; all of them are judgement
    *(
        (f"C0{n}", knows(allergies=(code,)), knows(allergies=("dust",)))
        for n, code in enumerate(
            ("latex", "adhesive", "iodine", "penicillin", "seafood", "nuts", "milk", "egg"), 1
        )
    ),
    *(
        (f"C{n:02d}", knows(diet=(code,)), knows(diet=("plain",)))
        for n, code in enumerate(
            (
                "low_sugar", "low_salt", "low_protein", "low_purine", "soft", "pureed",
                "thickened_drinks", "halal", "vegetarian",
            ),
            9,
        )
    ),
    ("C18", takes("levodopa", meal="before"), takes("levodopa", meal="with")),
    ("C19", takes("levodopa", meal="with"), takes("levodopa")),
    ("C20", takes("levodopa", meal="after"), takes("levodopa", meal="before")),
    ("C21", takes("anticoagulant"), takes("levodopa")),
    ("C22", knows(guardian="son"), knows()),
    ("C23", wounded("surgical", site="heel"), wounded("surgical", site="sacrum")),
    ("C24", wounded("surgical", site="sacrum"), wounded("surgical")),
    ("C25", wounded("diabetic_foot"), wounded("surgical")),
    (
        "C26",
        knows(dwelling=Dwelling(bathroom="tub")),
        knows(dwelling=Dwelling(bathroom="shower")),
    ),
    ("C27", knows(dwelling=Dwelling(bathroom="none")), knows(dwelling=Dwelling(lift=True))),
]  # fmt: skip
