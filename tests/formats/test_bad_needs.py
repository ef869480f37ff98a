"""Health records, entitlements and care plans: each fault in one line, and no diagnosis in it."""

from __future__ import annotations

import json

import pytest

from optimizer.errors import InvalidDocument
from optimizer.formats import check_scenario, parse_scenario, read_book
from optimizer.needs.book import Book, default_book
from optimizer.needs.conditions import Test
from optimizer.needs.rules import Add, Contraindication, Impossible, NeedRule, RuleBook
from tests.formats.documents import (
    ABILITY,
    DAY,
    Change,
    both,
    changed,
    drop,
    needs_scenario,
    put,
)
from tests.formats.test_bad_input import faults_of, require_one
from tests.formats.test_warnings import warnings_of

RECORD = "clients.0.health_record"
FORM = f"{RECORD}.assessments.0"
INDEX = f"{RECORD}.assessments.1"
MIND = f"{RECORD}.assessments.2"
GRADED = "clients.1.health_record.assessments.0"
PURSE = "clients.0.entitlements.1"
ORDER = "care_plans.0.items.0"

CANARY = "canary_of_zhenhai"
FOUR_DOSES = [
    {"kind": "rapid", "moment": "breakfast"},
    {"kind": "rapid", "moment": "lunch"},
    {"kind": "rapid", "moment": "dinner"},
    {"kind": "basal", "moment": "bedtime"},
]
FIFTH_DOSE = {"kind": "basal", "moment": "breakfast"}


def place(path: str) -> str:
    """Return a path of the tables as a fault writes it."""
    steps = path.split(".")
    return "".join(f"[{s}]" if s.isdecimal() else f".{s}" for s in steps).removeprefix(".")


FAULTS: list[tuple[Change, str, str]] = [
    (put(f"{INDEX}.version", "third"), "unknown-version", f"{INDEX}.version"),
    (put(f"{FORM}.version", "2013"), "unknown-version", f"{FORM}.version"),  # grades as well
    (
        both(drop(f"{FORM}.item_scores.bladder"), put(f"{FORM}.item_scores.blader", 2)),
        "unknown-item",
        f"{FORM}.item_scores.blader",
    ),  # misspelt, so that the others are not called incomplete
    (put(f"{MIND}.item_scores", {"memory": 3}), "unknown-item", f"{MIND}.item_scores.memory"),
    (put(f"{FORM}.item_scores.stairs", 4), "item-too-high", f"{FORM}.item_scores.stairs"),
    (put(f"{INDEX}.raw_score", 101), "out-of-range", f"{INDEX}.raw_score"),  # beyond any scale
    (put(f"{MIND}.raw_score", 31), "score-outside-scale", f"{MIND}.raw_score"),  # beyond its own
    (put(f"{FORM}.raw_score", 91), "score-outside-scale", f"{FORM}.raw_score"),  # a misprint
    (
        both(put(f"{GRADED}.raw_score", 3), drop(f"{GRADED}.raw_grade")),
        "score-outside-scale",
        f"{GRADED}.raw_score",
    ),  # a scheme of grades only
    (put(f"{FORM}.raw_score", 70), "score-not-the-sum", f"{FORM}.raw_score"),
    (put(f"{FORM}.raw_score", 12), "score-not-the-sum", f"{FORM}.raw_score"),  # of another grade
    (drop(f"{FORM}.item_scores.social"), "items-missing", f"{FORM}.item_scores"),
    (put(f"{INDEX}.item_scores", {"eating": 5}), "items-missing", f"{INDEX}.item_scores"),
    (put(f"{FORM}.raw_grade", "5"), "unknown-grade", f"{FORM}.raw_grade"),
    (put(f"{GRADED}.raw_grade", "severe"), "unknown-grade", f"{GRADED}.raw_grade"),  # in words
    (put(f"{INDEX}.raw_grade", "2"), "unknown-grade", f"{INDEX}.raw_grade"),  # only scores
    (put(f"{FORM}.raw_grade", "0"), "grade-against-score", f"{FORM}.raw_grade"),
    (
        both(put(f"{FORM}.raw_grade", "0"), drop(f"{FORM}.raw_score")),
        "grade-against-score",
        f"{FORM}.raw_grade",
    ),  # the items say the score
    (drop(f"{INDEX}.raw_score"), "no-result", INDEX),
    (drop(f"{GRADED}.raw_grade"), "no-result", GRADED),
    (
        both(
            drop(f"{FORM}.raw_score"),
            drop(f"{FORM}.raw_grade"),
            drop(f"{FORM}.item_scores.social"),
        ),
        "no-result",
        FORM,
    ),  # nothing but some items
    (put(f"{MIND}.assessed_on", "2026-02-21"), "later-than-record", f"{MIND}.assessed_on"),
    (put(f"{FORM}.valid_until", "2026-02-09"), "period-reversed", f"{FORM}.valid_until"),
    (
        put(
            f"{RECORD}.assessments.+",
            {"scheme": "mmse", "version": "1975", "raw_score": 20, "assessed_on": "2025-11-03"},
        ),
        "assessments-overlap",
        f"{RECORD}.assessments.3.assessed_on",
    ),  # on the same day
    (
        both(
            put(f"{INDEX}.valid_until", "2026-01-31"),
            put(
                f"{RECORD}.assessments.+",
                {
                    "scheme": "barthel",
                    "version": "quarters",
                    "raw_score": 60,
                    "assessed_on": "2026-01-31",
                },
            ),
        ),
        "assessments-overlap",
        f"{RECORD}.assessments.3.assessed_on",
    ),  # on the last day of the one before, whatever the version
    (
        put(f"{RECORD}.conditions.+", {"code": "hypertension"}),
        "duplicate-code",
        f"{RECORD}.conditions.2",
    ),
    (put(f"{RECORD}.devices.+", "stoma"), "duplicate-code", f"{RECORD}.devices.1"),
    (
        put(f"{RECORD}.risk_events.0.on", "2026-02-21"),
        "later-than-record",
        f"{RECORD}.risk_events.0.on",
    ),
    (
        put(f"{RECORD}.conditions.0.since", "2026-02-21"),
        "later-than-record",
        f"{RECORD}.conditions.0.since",
    ),
    (
        put(f"{RECORD}.conditions.+", {"code": "diabetes_insulin", "per_day": 5}),
        "ordered-too-often",
        f"{RECORD}.conditions.2.per_day",
    ),  # four moments of the day at most
    (
        put(
            f"{RECORD}.conditions.+",
            {"code": "diabetes_insulin", "insulin": [*FOUR_DOSES, FIFTH_DOSE]},
        ),
        "ordered-too-often",
        f"{RECORD}.conditions.2.insulin",
    ),  # likewise
    (
        put(
            f"{RECORD}.conditions.+",
            {"code": "diabetes_insulin", "per_day": 1, "insulin": FOUR_DOSES[:2]},
        ),
        "doses-against-number",
        f"{RECORD}.conditions.2.per_day",
    ),
    (
        put(
            f"{RECORD}.conditions.+",
            {"code": "diabetes_insulin", "insulin": FOUR_DOSES[:1] + FOUR_DOSES[:1]},
        ),
        "duplicate-code",
        f"{RECORD}.conditions.2.insulin.1",
    ),
    (
        put(f"{RECORD}.conditions.1.starts", "noon"),
        "bad-clock",
        f"{RECORD}.conditions.1.starts",
    ),
    (put(f"{RECORD}.conditions.1.lasts", -1), "bad-minutes", f"{RECORD}.conditions.1.lasts"),
    (
        put(f"{RECORD}.device_details", [{"device": "picc"}]),
        "detail-without-device",
        f"{RECORD}.device_details.0.device",
    ),
    (
        put(f"{RECORD}.device_details", [{"device": "stoma", "last_changed": "2026-02-21"}]),
        "later-than-record",
        f"{RECORD}.device_details.0.last_changed",
    ),
    (
        put(
            f"{RECORD}.device_details",
            [{"device": "stoma", "last_changed": "2026-02-20", "next_change": "2026-02-19"}],
        ),
        "period-reversed",
        f"{RECORD}.device_details.0.next_change",
    ),
    (
        put(f"{RECORD}.device_details", [{"device": "stoma", "limit_kg": 49}]),
        "out-of-range",
        f"{RECORD}.device_details.0.limit_kg",
    ),
    (
        put(f"{RECORD}.wounds", [{"kind": "surgical", "since": "2026-02-21"}]),
        "later-than-record",
        f"{RECORD}.wounds.0.since",
    ),
    (
        put(f"{RECORD}.wounds", [{"kind": "surgical", "size_cm": 61}]),
        "out-of-range",
        f"{RECORD}.wounds.0.size_cm",
    ),
    (
        put(f"{RECORD}.medicines", [{"code": "levodopa", "times": []}]),
        "wrong-count",
        f"{RECORD}.medicines.0.times",
    ),
    (
        put(f"{RECORD}.medicines", [{"code": "levodopa", "times": ["08:00"]}] * 2),
        "duplicate-code",
        f"{RECORD}.medicines.1",
    ),
    (put(f"{RECORD}.swallowing", "bad"), "wrong-choice", f"{RECORD}.swallowing"),
    (put(f"{RECORD}.allergies", ["latex", "latex"]), "duplicate-code", f"{RECORD}.allergies.1"),
    (put(f"{RECORD}.diet", ["soft", "soft"]), "duplicate-code", f"{RECORD}.diet.1"),
    (put(f"{RECORD}.night_needs", ["a", "a"]), "duplicate-code", f"{RECORD}.night_needs.1"),
    (
        put(f"{RECORD}.family", [{"who": "wife", "weekdays": [8]}]),
        "out-of-range",
        f"{RECORD}.family.0.weekdays.0",
    ),
    (
        put(f"{RECORD}.family", [{"who": "wife", "present": ["noon"]}]),
        "wrong-choice",
        f"{RECORD}.family.0.present.0",
    ),
    (put(f"{RECORD}.dwelling", {"floor": 0}), "out-of-range", f"{RECORD}.dwelling.floor"),
    (put(f"{RECORD}.guardian", "the son"), "bad-text", f"{RECORD}.guardian"),
    (
        put(f"{RECORD}.devices.+", "urinary_catheter"),
        "impossible-record",
        f"{FORM}.item_scores.bladder",
    ),
    (put("clients.0.meals.lunch", "10:29"), "meals-too-close", "clients.0.meals.lunch"),
    (put("clients.0.meals.dinner", "11:00"), "meals-too-close", "clients.0.meals.dinner"),
    (put("clients.0.meals.dinner", "17:00:00.5"), "finer-than-a-tick", "clients.0.meals.dinner"),
    (drop(f"{PURSE}.price_book"), "missing-price-book", f"{PURSE}.price_book"),
    (put(f"{PURSE}.price_book", "ltci1999"), "unknown-price-book", f"{PURSE}.price_book"),
    (put(f"{PURSE}.max_visit", 29), "visit-limits-reversed", f"{PURSE}.max_visit"),
    (put(f"{PURSE}.max_visit", 0), "empty-duration", f"{PURSE}.max_visit"),
    (put(f"{PURSE}.services.1", "MASSAGE"), "unknown-service", f"{PURSE}.services.1"),
    (
        put(f"{PURSE}.prices", [{"service": "MASSAGE", "fen_per_time": 1}]),
        "unknown-service",
        f"{PURSE}.prices.0.service",
    ),
    (
        put(
            "clients.0.entitlements.+",
            {"payer": "district", "unit": "minutes", "cap": 1, "max_items": 2},
        ),
        "duplicate-entitlement",
        "clients.0.entitlements.2",
    ),
    (put("care_plans.0.client", "C9"), "unknown-client", "care_plans.0.client"),
    (put("care_plans.0.until", "2026-01-31"), "period-reversed", "care_plans.0.until"),
    (put(f"{ORDER}.service", "MASSAGE"), "unknown-service", f"{ORDER}.service"),
    (put(f"{ORDER}.service", "EMERG"), "never-rostered", f"{ORDER}.service"),
    (put(f"{ORDER}.per_day", 3), "too-often-a-day", f"{ORDER}.per_day"),
    (put(f"{ORDER}.per_four_weeks", 2), "two-frequencies", f"{ORDER}.per_four_weeks"),
    (put(f"{ORDER}.minutes", 0), "empty-duration", f"{ORDER}.minutes"),
    (put(f"{ORDER}.minutes", 7.5), "bad-minutes", f"{ORDER}.minutes"),  # no whole minutes
    (put("care_plans.0.items", []), "wrong-count", "care_plans.0.items"),
]

WARNINGS: list[tuple[Change, str, str]] = [
    (put(f"{FORM}.valid_until", "2026-03-01"), "assessment-out-of-date", FORM),  # yesterday
    (put(f"{INDEX}.assessed_on", "2025-08-30"), "assessment-out-of-date", INDEX),  # half a year
    (put(f"{RECORD}.devices.+", CANARY), "code-without-rule", f"{RECORD}.devices.1"),
    (
        put(f"{RECORD}.conditions.+", {"code": CANARY}),
        "code-without-rule",
        f"{RECORD}.conditions.2.code",
    ),
    (put(f"{RECORD}.allergies", [CANARY]), "code-without-rule", f"{RECORD}.allergies.0"),
    (put(f"{RECORD}.diet", ["soft", CANARY]), "code-without-rule", f"{RECORD}.diet.1"),
    (
        put(f"{RECORD}.family", [{"who": "wife", "skills": ["suction", CANARY]}]),
        "code-without-rule",
        f"{RECORD}.family.0.skills.1",
    ),
    (
        put("clients.1.health_record.assessments", []),
        "no-need-tier",
        "clients.1.health_record",
    ),
    (
        both(
            put(f"{FORM}.item_scores.transport", 3),
            put(f"{FORM}.item_scores.walking", 0),
            put(f"{FORM}.raw_score", 67),
        ),
        "odd-record",
        f"{FORM}.item_scores.transport",
    ),
    (
        put(f"{RECORD}.conditions.+", {"code": "hip_fracture"}),
        "undated-condition",
        f"{RECORD}.conditions.2",
    ),
    (
        put(f"{RECORD}.conditions.+", {"code": "pressure_injury", "since": "2026-02-01"}),
        "stage-missing",
        f"{RECORD}.conditions.2",
    ),
    (drop(f"{RECORD}.assessments.2.schooling"), "schooling-missing", f"{RECORD}.assessments.2"),
    (
        put("clients.1.health_record.assessments.0.raw_grade", "2"),
        "items-not-scored",
        "clients.1.health_record",
    ),
    (
        put("clients.1.health_record.recorded_on", "2046-03-01"),
        "later-than-planned",
        "clients.1.health_record.recorded_on",
    ),  # years ahead
    (
        both(
            put(f"{RECORD}.recorded_on", "2026-03-03"),
            put(f"{FORM}.assessed_on", "2026-03-03"),
        ),
        "later-than-planned",
        f"{FORM}.assessed_on",
    ),  # after the first day planned
    (put("care_plans.0.until", "2026-03-01"), "care-plan-not-held", "care_plans.0"),  # over
    (put("care_plans.0.ordered_on", "2026-03-04"), "care-plan-not-held", "care_plans.0"),  # to come
    (
        put(f"{PURSE}.payer", "district"),
        "entitlements-mixed",
        "clients.0.entitlements.0",
    ),
    (put("visits.0.payer", "insurance"), "not-charged", "visits.0.payer"),  # bath and grooming only
]


@pytest.mark.parametrize(("change", "code", "path"), FAULTS)
def test_one_bad_thing_is_one_fault(change: Change, code: str, path: str) -> None:
    """Each spoilt place of a sound document is told once, with its path, and nothing else is."""
    require_one(faults_of(changed(needs_scenario(), change)), code, place(path))


@pytest.mark.parametrize(("change", "code", "path"), WARNINGS)
def test_what_is_odd_is_told(change: Change, code: str, path: str) -> None:
    """An odd place of a health record or care plan is accepted and named in a warning."""
    assert warnings_of(changed(needs_scenario(), change)) == [(code, place(path))]


def test_sound_records_have_neither_faults_nor_warnings() -> None:
    """Nothing is wrong or odd in the document that the tables change."""
    scenario = parse_scenario(changed(needs_scenario(), lambda _: None))
    findings = check_scenario(scenario)
    assert findings.faults == findings.warnings == ()


def test_a_scenario_may_have_no_ready_visits() -> None:
    """Where visits follow from records, a document need not list any."""
    scenario = parse_scenario(changed(needs_scenario(), drop("visits")))
    assert scenario.visits == ()
    assert check_scenario(scenario).faults == ()


@pytest.mark.parametrize(
    "change",
    [
        both(drop(f"{FORM}.raw_score"), drop(f"{FORM}.raw_grade")),  # all items say the score
        both(drop(f"{FORM}.item_scores"), drop(f"{FORM}.raw_grade")),  # a score by itself
        both(drop(f"{FORM}.raw_score"), put(f"{FORM}.item_scores", {"eating": 1})),  # a grade
        put(
            f"{RECORD}.assessments.+",
            {
                "scheme": "mmse",
                "version": "1975",
                "raw_score": 20,
                "schooling": "none",
                "assessed_on": "2026-01-03",
            },
        ),  # one without a last day ends when the next begins
        put(f"{INDEX}.assessed_on", "2026-02-20"),  # on the day of the record
        put("clients.0.meals.lunch", "10:30"),  # three hours to the minute
        put(f"{PURSE}.max_visit", 30),  # as long as the shortest
        put(f"{ORDER}.per_day", 2),  # as often as there are windows
        put(f"{ORDER}.per_four_weeks", 1),  # says what is the default anyway
        both(
            put("visits.0.services", ["MASSAGE"]), put(f"{PURSE}.services.+", "MASSAGE")
        ),  # an office's own code, of a ready visit
        put(f"{PURSE}.period", "week"),  # nobody else is paid by it
        put(f"{RECORD}.wounds", [{"kind": CANARY}, {"kind": CANARY}]),  # every kind is read
        put(f"{RECORD}.night_needs", [CANARY]),  # likewise
        both(
            put(f"{GRADED}.item_scores", {"bladder": 10, "communication": 4}),
            put("clients.1.health_record.devices", ["urinary_catheter"]),
        ),  # insurance counts a catheter that one looks after alone as control
        put(
            f"{RECORD}.conditions.+",
            {"code": "diabetes_insulin", "per_day": 3, "insulin": FOUR_DOSES[:3]},
        ),
    ],
)
def test_what_is_just_possible_is_accepted(change: Change) -> None:
    """Limits belong to what they limit."""
    assert warnings_of(changed(needs_scenario(), change)) == []


def test_unconscious_clients_need_no_assessment() -> None:
    """Whoever is in a coma needs everything, so that no tier is missed."""
    change = both(
        put("clients.1.health_record.assessments", []),
        put("clients.1.health_record.conditions", [{"code": "coma"}]),
    )
    assert warnings_of(changed(needs_scenario(), change)) == []


def test_both_numbers_are_told() -> None:
    """A score that is not the sum is told with the sum and with the likely misprint."""
    (fault,) = faults_of(changed(needs_scenario(), put(f"{FORM}.raw_score", 70)))
    assert "is 70" in fault.message
    assert "sum to 69" in fault.message
    assert "29 in mental state" in fault.message
    (fault,) = faults_of(changed(needs_scenario(), put(f"{FORM}.raw_score", 50)))
    assert "mental state" not in fault.message


def test_versions_and_near_names_are_proposed() -> None:
    """Unknown versions and items are answered with those that there are."""
    (fault,) = faults_of(changed(needs_scenario(), put(f"{INDEX}.version", "third")))
    assert '"hospital", "mzt039" or "quarters"' in fault.message
    change = both(drop(f"{FORM}.item_scores.bladder"), put(f"{FORM}.item_scores.blader", 2))
    (fault,) = faults_of(changed(needs_scenario(), change))
    assert 'did you mean "bladder"' in fault.message


@pytest.mark.parametrize(("change", "code", "path"), FAULTS)
def test_faults_name_the_client(change: Change, code: str, path: str) -> None:
    """Whoever mends a file of many clients is told whose record it is."""
    shape = {
        "bad-clock",
        "bad-minutes",
        "bad-text",
        "finer-than-a-tick",
        "out-of-range",
        "wrong-choice",
        "wrong-count",
    }
    (fault,) = faults_of(changed(needs_scenario(), change))
    owner = "C9" if code == "unknown-client" else path.replace("clients.1", "C2").split(".")[0]
    name = owner if owner in {"C2", "C9"} else "C1"
    assert code in shape or name in fault.message


def test_all_faults_are_told_at_once() -> None:
    """Faults of fields, of records and between records come together, in document order."""
    change = both(
        put("clients.1.health_record.recorded_on", "yesterday"),
        put(f"{INDEX}.version", "third"),
        put(f"{FORM}.item_scores.stairs", 9),
        put(f"{RECORD}.devices.+", "stoma"),
        put(f"{PURSE}.services.0", "MASSAGE"),
        put("care_plans.0.client", "C9"),
        put("care_plans.+", {"client": "C2", "ordered_on": DAY}),
    )
    faults = faults_of(changed(needs_scenario(), change))
    assert [(fault.code, fault.path) for fault in faults] == [
        ("item-too-high", place(f"{FORM}.item_scores.stairs")),
        ("unknown-version", place(f"{INDEX}.version")),
        ("duplicate-code", place(f"{RECORD}.devices.1")),
        ("unknown-service", place(f"{PURSE}.services.0")),
        ("bad-date", "clients[1].health_record.recorded_on"),
        ("unknown-client", "care_plans[0].client"),
        ("missing-field", "care_plans[1].items"),
    ]


def test_nothing_is_derived_from_a_document_with_faults() -> None:
    """Of a document with one bad record no other record is handed out either."""
    with pytest.raises(InvalidDocument):
        parse_scenario(changed(needs_scenario(), put(f"{INDEX}.version", "third")))


def test_a_districts_own_book_decides() -> None:
    """Services, prices and impossible pairs are those of the book that is given."""
    book = default_book()
    services = {**book.catalogue.services, "MASSAGE": book.catalogue.services["GROOM"]}
    own = type(book)(
        book.catalogue.model_copy(update={"services": services}),
        book.rules.model_copy(update={"impossible": ()}),
    )
    change = both(
        put(f"{ORDER}.service", "MASSAGE"), put(f"{RECORD}.devices.+", "urinary_catheter")
    )
    text = changed(needs_scenario(), both(change, put(f"{ORDER}.per_day", 1)))
    assert len(faults_of(text)) == 2
    scenario = parse_scenario(text, book=own)
    assert check_scenario(scenario, book=own).faults == ()
    assert len(check_scenario(scenario).faults) == 2
    assert read_book() == book


def test_codes_count_as_read_wherever_a_book_asks_for_them() -> None:
    """Tests within tests, of services, of what is added or barred, and raises read codes too."""
    hidden = Test(any_of=(Test(all_of=(Test(none_of=(Test(condition="gout"),)),)),))
    words = {"en": "is so", "zh": "是"}
    when = (Test(device="stoma"),)
    usual = default_book()
    rules = RuleBook(
        version="1",
        rules=(
            NeedRule(id="R1", when=(hidden,), **words),
            NeedRule(
                id="R2",
                when=when,
                adds=(Add(service="GROOM", per_week=1, when=(Test(device="pump"),)),),
                **words,
            ),
        ),
        contraindications=(
            Contraindication(id="K1", when=(Test(device="tube"),), bars=("GROOM",), **words),
        ),
        impossible=(Impossible(id="X1", when=(*when, Test(device="picc")), **words),),
    )
    bath = usual.catalogue.services["HYG_BATH"].model_copy(
        update={"two_carers": (Test(device="hoist"),)}
    )
    groom = usual.catalogue.services["GROOM"]
    catalogue = usual.catalogue.model_copy(update={"services": {"HYG_BATH": bath, "GROOM": groom}})
    book = Book(catalogue, rules)
    change = both(
        put(f"{RECORD}.conditions", [{"code": "gout"}, {"code": "mental_disorder"}]),
        put(f"{RECORD}.devices", ["pump", "tube", "hoist", "oxygen"]),
        put("clients.1.health_record.devices", ["picc"]),
    )
    scenario = parse_scenario(changed(needs_scenario(), change), book=book)
    assert [warning.path for warning in check_scenario(scenario, book=book).warnings] == [
        place(f"{RECORD}.devices.3")
    ]


CANARIES: list[Change] = [
    put(f"{RECORD}.conditions.0", CANARY),  # text for an object, as in older documents
    put(f"{RECORD}.conditions.0.code", f"{CANARY} !"),  # no code
    put(f"{RECORD}.conditions.0.code", [CANARY]),  # no text
    put(f"{RECORD}.conditions.0.stage", CANARY),  # in the wrong field
    put(f"{RECORD}.conditions.0.since", CANARY),  # as a date
    put(f"{RECORD}.conditions.0.{CANARY}", 1),  # as the name of a field
    put(f"{RECORD}.{CANARY}", True),  # likewise, in the record
    put(f"{RECORD}.conditions", {CANARY: {}}),  # an object for the list
    put(f"{RECORD}.conditions", CANARY),  # text for the list
    put(f"{RECORD}.devices", [[CANARY]]),  # a list too many
    put(f"{RECORD}.devices.0", f"{CANARY}, stoma"),  # two in one
    put(f"{RECORD}.risk_events.0.kind", f"{CANARY} !"),  # no code
    put(f"{RECORD}.weight_kg", CANARY),  # no number
    put(f"{FORM}.scheme", CANARY),  # none of the list
    put(f"{FORM}.version", CANARY),  # unknown
    put(f"{GRADED}.raw_grade", CANARY),  # unknown
    put(f"{FORM}.item_scores", CANARY),  # text for an object
    put(f"{FORM}.item_scores.{CANARY} !", 2),  # no code of an item
    put(RECORD, CANARY),  # text for the record
    put(RECORD, [{"code": CANARY}]),  # a list for the record
    put("clients.0", [{"health_record": CANARY}]),  # a list for the client
    put("clients", {"conditions": [CANARY]}),  # an object for the list
    both(
        put(f"{RECORD}.conditions", [{"code": CANARY}, {"code": CANARY}]),
        put(f"{RECORD}.devices", [CANARY, CANARY]),
    ),  # twice
    both(
        put(f"{RECORD}.conditions", [{"code": CANARY, "since": "2030-01-01"}]),
        put(f"{RECORD}.risk_events", [{"kind": CANARY, "on": "2030-01-01"}]),
    ),  # after the record
]


@pytest.mark.parametrize("change", CANARIES)
def test_no_fault_shows_a_diagnosis(change: Change) -> None:
    """Whatever is wrong inside a health record, no message shows what stands there."""
    with pytest.raises(InvalidDocument) as caught:
        parse_scenario(changed(needs_scenario(), change))
    assert CANARY not in str(caught.value)


def test_no_warning_shows_a_diagnosis() -> None:
    """A code that no rule reads is found by its place alone."""
    change = both(
        put(f"{RECORD}.conditions.+", {"code": CANARY}), put(f"{RECORD}.devices.+", CANARY)
    )
    findings = check_scenario(parse_scenario(changed(needs_scenario(), change)))
    assert len(findings.warnings) == 2
    assert all(CANARY not in str(warning) for warning in findings.warnings)


def test_a_repeated_key_shows_no_diagnosis() -> None:
    """A field that stands twice in a health record is named only if a record has it."""
    text = changed(needs_scenario(), lambda _: None)
    spoilt = text.replace('"code": "dialysis"', f'"{CANARY}": 1, "{CANARY}": 2, "code": "dialysis"')
    with pytest.raises(InvalidDocument) as caught:
        parse_scenario(spoilt)
    assert CANARY not in str(caught.value)
    spoilt = text.replace('"code": "dialysis"', '"code": "dialysis", "code": "gout"')
    require_one(faults_of(spoilt), "duplicate-key", place(f"{RECORD}.conditions.1.code"))


def test_a_misspelt_field_of_a_record_gets_a_proposal() -> None:
    """The nearest field is proposed without repeating what was written."""
    change = put(f"{RECORD}.conditions.0.wekdays", [1])
    (fault,) = faults_of(changed(needs_scenario(), change))
    assert fault.path == place(f"{RECORD}.conditions.0")
    assert 'did you mean "weekdays"?' in fault.message


def test_the_items_of_the_sound_form_sum_up() -> None:
    """The sound document says the sum of its items."""
    score = json.loads(changed(needs_scenario(), lambda _: None))["clients"][0]["health_record"]
    assert score["assessments"][0]["raw_score"] == sum(ABILITY.values())
