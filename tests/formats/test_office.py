"""A purchaser's office in a file: every fault at once, each with its place, code and remedy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from optimizer.domain.evaluation import EvaluationTerms
from optimizer.domain.office import Office
from optimizer.errors import InvalidDocument, UnsupportedVersion
from optimizer.formats import read_scenario
from optimizer.formats.checks.office import check_office
from optimizer.formats.office import parse_office, read_office
from optimizer.i18n import translated
from optimizer.needs import default_book
from tests.purchase.test_directory import PERMIT, USCC, entry
from tests.purchase.town import ALONE, HARDSHIP, applies, office, town

BOOK = default_book()


def category(**fields: Any) -> list[dict[str, Any]]:
    """Return the categories with one more."""
    made = {"code": "x", "zh": "某类", "en": "x", "monthly_minutes": 60, "start": "2026-01-01"}
    return [HARDSHIP, ALONE, {**made, **fields}]


def moved(*dates: tuple[str, str]) -> list[dict[str, str]]:
    """Return changes of a client's state."""
    return [{"state": state, "date": date} for state, date in dates]


def pools(*fields: dict[str, Any]) -> dict[str, Any]:
    """Return pools of a year, and the draw that they need."""
    made = {"tier": "district", "amount_fen": 100, "start": "2026-01-01", "end": "2026-12-31"}
    return {
        "draw": "3D 052: 385",
        "pools": [{"id": f"p{n}", **made, **one} for n, one in enumerate(fields)],
    }


USUAL = [one.model_dump(mode="json") for one in EvaluationTerms().indicators]


def weights(first: int, **fields: Any) -> dict[str, Any]:
    """Return terms of an evaluation whose first indicator weighs so much."""
    return {"evaluation": {"indicators": [{**USUAL[0], "weight": first, **fields}, *USUAL[1:]]}}


def grades(*rows: tuple[str, int, int]) -> dict[str, Any]:
    """Return terms with these grades, from which score on, and their part of the share."""
    made = [{"grade": grade, "at_least": least, "share_percent": share}
            for grade, least, share in rows]  # fmt: skip
    return {"evaluation": {"grades": made}}


def bands(*rows: tuple[int, int | None]) -> dict[str, Any]:
    """Return terms with these bands of visits."""
    return {"evaluation": {"face_bands": [{"least": one, "most": other} for one, other in rows]}}


PRICE = {"payer": "civil", "start": "2026-01-01", "fen_per_hour": 2000}
BOUGHT = {"code": "B1", "title": "care", "services": ["HYG_DAILY"], "start": "2026-01-01"}
HALF = {"mode": "split", "percent": 50}
BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"price_book": "zh2099"}, "price_book", "unknown-price-book"),
    ({"categories": category(code="alone")}, "categories[2]", "said-twice"),
    ({"categories": category(end="2025-12-31")}, "categories[2].end", "period-reversed"),
    ({"categories": category(test={"min_age": 75, "max_age": 60})}, "categories[2].test.min_age",
     "ages-reversed"),
    ({"applications": [applies("C9")]}, "applications[0].client", "unknown-client"),
    ({"applications": 2 * [applies("C1")]}, "applications[1]", "said-twice"),
    ({"applications": [applies("C1", disability_grade=2)]}, "applications[0].disability_grade",
     "level-of-nothing"),
    ({"applications": [applies("C1", changes=moved(("hospital", "2026-02-01"),
                                                   ("home", "2026-02-01")))]},
     "applications[0].changes[1]", "said-twice"),
    ({"applications": [applies("C1", changes=moved(("deceased", "2026-02-01"),
                                                   ("home", "2026-02-09")))]},
     "applications[0].changes[1].date", "after-death"),
    ({"contractors": [entry(organisation="O9")]}, "contractors[0].organisation",
     "unknown-organisation"),
    ({"contractors": [entry(), entry()]}, "contractors[1]", "said-twice"),
    ({"contractors": [entry(uscc=None)]}, "contractors[0].uscc", "missing-field"),
    ({"contractors": [entry(uscc=USCC[:-1] + "0")]}, "contractors[0].uscc", "check-sign-wrong"),
    ({"contractors": [entry(grade={"level": 3, "granted_on": "2017-05-31"})]},
     "contractors[0].grade.granted_on", "graded-too-early"),
    ({"contractors": [entry(permits=[{**PERMIT, "end": "2023-12-31"}])]},
     "contractors[0].permits[0].end", "period-reversed"),
    ({"contractors": [entry(credit=[{"list": "debtor", "start": "2026-01-02", "document": "x",
                                     "end": "2026-01-01"}])]},
     "contractors[0].credit[0].end", "period-reversed"),
    ({"contractors": [entry(halts=[{"kind": "suspended", "start": "2026-01-02",
                                    "end": "2026-01-01"}])]},
     "contractors[0].halts[0].end", "period-reversed"),
    ({"bought_services": 2 * [BOUGHT]}, "bought_services[1]", "said-twice"),
    ({"bought_services": [{**BOUGHT, "end": "2025-12-31"}]}, "bought_services[0].end",
     "period-reversed"),
    ({"terms": {"least_percent": 60, "full_percent": 50}}, "terms.least_percent",
     "visit-limits-reversed"),
    ({"terms": {"rules": 2 * [{"doubt": "short", "effect": "hold"}]}}, "terms.rules[1]",
     "said-twice"),
    ({"terms": {"prices": [{**PRICE, "end": "2025-12-31"}]}}, "terms.prices[0].end",
     "period-reversed"),
    ({"terms": {"prices": [{**PRICE, "contract": "K9"}]}}, "terms.prices[0].contract",
     "unknown-contract"),
    (weights(14), "evaluation.indicators", "weights-not-whole"),
    (weights(15, full=85), "evaluation.indicators[0].full", "ends-equal"),
    ({"evaluation": {"indicators": [*USUAL, USUAL[-1]]}}, "evaluation.indicators[13]",
     "said-twice"),
    (grades(("good", 80, 100), ("poor", 1, 0)), "evaluation.grades", "bands-with-gap"),
    (grades(("good", 60, 100), ("fair", 60, 80), ("poor", 0, 0)), "evaluation.grades[1]",
     "bands-with-gap"),
    (grades(("good", 60, 80), ("poor", 0, 100)), "evaluation.grades[1]", "bands-with-gap"),
    (bands((1, 3), (5, None)), "evaluation.face_bands[1]", "bands-with-gap"),
    (bands((1, 3), (3, None)), "evaluation.face_bands[1]", "bands-with-gap"),
    (bands((1, 3)), "evaluation.face_bands[0]", "bands-with-gap"),
    (bands((2, None)), "evaluation.face_bands[0]", "bands-with-gap"),
    ({**pools({}), "draw": None}, "draw", "draw-missing"),
    (pools({"id": "p"}, {"id": "p"}), "pools[1]", "said-twice"),
    (pools({"end": "2025-12-31"}), "pools[0].end", "period-reversed"),
    (pools({"spent_fen": 101}), "pools[0].spent_fen", "spent-over-amount"),
    (pools({"towns": ["north"]}), "pools[0].towns[0]", "unknown-town"),
    (pools({"categories": ["rich"]}), "pools[0].categories[0]", "unknown-category"),
    (pools({"mode": "per_unit"}), "pools[0].fen_per_visit", "mode-without-amount"),
    (pools({"percent": 50}), "pools[0].percent", "mode-without-amount"),
    (pools(HALF, {**HALF, "percent": 49}), "pools", "split-not-whole"),
    (pools(HALF, {**HALF, "towns": ["east"]}), "pools", "split-not-whole"),
]  # fmt: skip
ODD: list[tuple[dict[str, Any], str, str]] = [
    ({"payer": "civl"}, "payer", "payer-of-nobody"),
    ({"applications": [applies("C1", hardship="low_incom")]}, "applications[0].hardship",
     "asked-by-nobody"),
    ({"applications": [applies("C1", marks=["veteran"])]}, "applications[0].marks[0]",
     "asked-by-nobody"),
    ({"categories": [HARDSHIP]}, "categories", "category-without-test"),
    (pools({"end": "2026-02-28"}), "pools[0].end", "pool-over"),
    (pools({}), "price_book", "pools-without-price"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "place", "code"), BAD)
def test_each_fault_has_place_and_code(fields: dict[str, Any], place: str, code: str) -> None:
    """What contradicts scenario or itself is found where it stands, and can be said in Chinese."""
    found = check_office(office(**fields), town(), BOOK).faults
    assert [(fault.path, fault.code) for fault in found] == [(place, code)]
    assert found[0].message[-1] == "."
    assert any("\u4e00" <= sign <= "\u9fff" for sign in translated("zh", found[0].message))


@pytest.mark.parametrize(("fields", "place", "code"), ODD)
def test_what_is_odd_is_accepted_and_told(fields: dict[str, Any], place: str, code: str) -> None:
    """A misspelt code makes nobody eligible in silence: it is told."""
    found = check_office(office(**fields), town(), BOOK)
    assert not found.faults
    assert (place, code) in [(one.path, one.code) for one in found.warnings]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("categories", [], "wrong-count"),  # nobody could be eligible
        ("categories", category(monthly_minutes=-1), "out-of-range"),
        ("categories", category(track="cheap"), "wrong-choice"),
        ("categories", category(start="1 March"), "bad-date"),
        ("categories", category(test={"income": 3}), "unknown-field"),
        ("categories", category(rank=0), "out-of-range"),
        ("applications", [{"client": "C1"}], "missing-field"),
        ("applications", [applies("C1", disability="limb", disability_grade=5)], "out-of-range"),
        ("applications", [applies("C1", copay_declined="no")], "wrong-type"),
        ("payer", "", "bad-text"),
        ("pool", [], "unknown-field"),
        ("pools", [{"id": "p", "tier": "district", "start": "2026-01-01", "end": "2026-12-31"}],
         "missing-field"),  # no amount
        ("pools", pools({"tier": "county"})["pools"], "wrong-choice"),
        ("pools", pools({"amount_fen": 10.5})["pools"], "wrong-type"),  # no part of a fen
        ("pools", pools({"mode": "split", "percent": 101})["pools"], "out-of-range"),
        ("draw", "385", "bad-text"),
        ("copay_percent", 101, "out-of-range"),
    ],
)  # fmt: skip
def test_fields_are_checked_by_themselves(field: str, value: object, code: str) -> None:
    """Wrong types, ranges, choices and fields nobody knows are refused."""
    document = office().model_dump(mode="json", exclude_none=True) | {field: value}
    with pytest.raises(InvalidDocument) as caught:
        parse_office(json.dumps(document))
    assert [fault.code for fault in caught.value.faults] == [code]


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    """Three faults in three lists are told together, in the order of the file."""
    path = tmp_path / "office.json"
    wrong = office(applies("C9"), price_book="zh2099", categories=category(end="2025-12-31"))
    path.write_text(wrong.model_dump_json(), encoding="utf-8")
    with pytest.raises(InvalidDocument) as caught:
        read_office(path, town(), BOOK)
    assert [fault.code for fault in caught.value.faults] == [
        "unknown-price-book", "period-reversed", "unknown-client",
    ]  # fmt: skip


def test_the_shipped_office_is_sound() -> None:
    """The example for the middle-sized day is read without a fault and without a warning."""
    scenarios = Path(__file__).parents[2] / "scenarios"
    given = read_scenario(scenarios / "zhenhai-day-m.json")
    of, warnings = read_office(scenarios / "rules" / "office.json", given, BOOK)
    assert warnings == ()
    assert of.pools
    assert of.contractors


def test_another_version_is_refused() -> None:
    """A file of a later version is not guessed at."""
    document = office().model_dump(mode="json") | {"version": "2"}
    with pytest.raises(UnsupportedVersion):
        parse_office(json.dumps(document))


def test_it_comes_back_as_it_was() -> None:
    """Written and read again an office is the same."""
    of = office(applies("C1", hardship="low_income", changes=moved(("hospital", "2026-02-01"))))
    assert parse_office(of.model_dump_json()) == of
    assert isinstance(of, Office)
