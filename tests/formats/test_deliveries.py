"""What took place, in a file: every fault at once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from optimizer.errors import InvalidDocument
from optimizer.formats.checks.deliveries import check_deliveries
from optimizer.formats.deliveries import parse_deliveries
from optimizer.i18n import translated
from tests.purchase.test_evidence import came, deliveries
from tests.purchase.town import town

ONE = came("V1", "08:30", "09:00")
MISSED = {"visit": "V1", "date": "2026-03-02", "occurrence": "carer_missed"}
RULED = {"visit": "V1", "doubt": "short", "outcome": "upheld"}
BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"scenario": "village"}, "scenario", "wrong-base"),
    ({"deliveries": [ONE, ONE]}, "deliveries[1]", "said-twice"),
    ({"deliveries": [{**ONE, "visit": "V9"}]}, "deliveries[0].visit", "unknown-visit"),
    ({"deliveries": [{**ONE, "carer": 2}]}, "deliveries[0].carer", "no-such-carer"),
    ({"deliveries": [{**ONE, "caregiver": "G9"}]}, "deliveries[0].caregiver",
     "unknown-caregiver"),
    ({"deliveries": [{**ONE, "date": "2026-03-03"}]}, "deliveries[0].date",
     "date-outside-horizon"),
    ({"deliveries": [{**ONE, "end": None}]}, "deliveries[0].end", "missing-field"),
    ({"deliveries": [{**ONE, "end": "08:00"}]}, "deliveries[0].end", "out-before-in"),
    ({"deliveries": [{**MISSED, "start": "08:00"}]}, "deliveries[0].start", "time-of-nothing"),
    ({"deliveries": [ONE], "rulings": [RULED, RULED]}, "rulings[1]", "said-twice"),
    ({"rulings": [RULED]}, "rulings[0]", "ruling-without-delivery"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "place", "code"), BAD)
def test_each_fault_has_place_and_code(fields: dict[str, Any], place: str, code: str) -> None:
    """What contradicts scenario or itself is found where it stands, and can be said in Chinese."""
    found = parse_deliveries(json.dumps({"scenario": "town", **fields}))
    faults = check_deliveries(found, town()).faults
    assert [(fault.path, fault.code) for fault in faults] == [(place, code)]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in translated("zh", faults[0].message))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"start": "25:00"}, "wrong-type"),
        ({"method": "post"}, "wrong-choice"),
        ({"position": {"lat": 99, "lon": 121}}, "out-of-range"),
        ({"occurrence": "late"}, "wrong-choice"),
        ({"signature": True}, "unknown-field"),
    ],
)
def test_fields_are_checked_by_themselves(fields: dict[str, Any], code: str) -> None:
    """Wrong types, ranges, choices and fields nobody knows are refused.

    Source: the six facts of electronic visit verification: service, client, carer, date, place,
    start and end (S104).
    """
    with pytest.raises(InvalidDocument) as caught:
        parse_deliveries(json.dumps({"scenario": "town", "deliveries": [{**ONE, **fields}]}))
    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].code in {code, "bad-clock", "bad-value", "bad-time"}


def test_it_comes_back_as_it_was() -> None:
    """Written and read again deliveries are the same."""
    given = deliveries(ONE, rulings=[RULED])
    assert parse_deliveries(given.model_dump_json()) == given
