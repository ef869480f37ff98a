"""Organisations on a day: each rule at its edge, and what an allocation makes of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from optimizer.allocation import allocate
from optimizer.domain.allocation import AllocationPolicy
from optimizer.domain.scenario import Scenario
from optimizer.formats.checks.directory import checks
from optimizer.purchase import DirectoryStatus, Examined, examine, with_directory
from optimizer.purchase.directory import years_after
from tests.purchase.town import DAY, office, town

USCC = "91330211MA2AF17G6U"
"An invented code whose last sign fits."


def entry(**fields: Any) -> dict[str, Any]:
    """Return O1 as a registered company that was looked up lately."""
    return {
        "organisation": "O1", "uscc": USCC, "kind": "company", "registered_on": "2015-06-01",
        "checked_on": "2026-02-20", **fields,
    }  # fmt: skip


def examined(day: dt.date = DAY, given: Scenario | None = None, **fields: Any) -> Examined:
    """Return the test of O1."""
    of = office(contractors=[entry(**fields)])
    (one,) = examine(of, town() if given is None else given, day)
    return one


def codes(one: Examined) -> list[str]:
    """Return what was found."""
    return [str(noted.finding) for noted in one.noted]


PERMIT = {"code": "elder-care", "number": "P-1", "start": "2024-01-01"}
ROWS = [
    ({}, "open", []),
    ({"registered_on": "2026-03-02"}, "open", []),  # on the day
    ({"registered_on": "2026-03-03"}, "exit", ["not_registered"]),
    ({"registered_on": None}, "exit", ["not_registered"]),
    ({"permits": [{**PERMIT, "end": "2026-03-01"}]}, "exit", ["permit_expired"]),
    ({"permits": [{**PERMIT, "end": "2026-03-02"}]}, "open", ["expires_soon"]),
    ({"permits": [{**PERMIT, "end": "2026-05-01"}]}, "open", ["expires_soon"]),  # 60 days
    ({"permits": [{**PERMIT, "end": "2026-05-02"}]}, "open", []),
    ({"permits": [{**PERMIT, "end": "2026-01-01"}, {**PERMIT, "end": "2027-01-01"}]}, "open", []),
    ({"checked_on": "2025-12-02"}, "open", []),  # 90 days ago
    ({"checked_on": "2025-12-01"}, "open", ["stale"]),
    ({"listed_until": "2026-03-31"}, "open", ["expires_soon"]),
    ({"halts": [{"kind": "suspended", "start": "2026-03-02"}]}, "no_new", ["suspended"]),
    ({"halts": [{"kind": "excluded", "start": "2026-01-01", "end": "2026-03-01"}]}, "open", []),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "status", "found"), ROWS)
def test_each_rule_has_its_edge(fields: dict[str, Any], status: str, found: list[str]) -> None:
    """On its last day something still holds, on the next it does not."""
    one = examined(**fields)
    assert (str(one.status), codes(one)) == (status, found)


@pytest.mark.parametrize(
    ("name", "status", "found"),
    [
        ("abnormal", "no_new", ["suspended"]),
        ("serious", "exit", ["excluded"]),
        ("elder_care", "exit", ["excluded"]),
        ("debtor", "exit", ["excluded"]),
        ("procurement_ban", "exit", ["excluded"]),
        ("reward", "open", ["reward"]),
    ],
)
def test_lists_of_the_authorities(name: str, status: str, found: list[str]) -> None:
    """Abnormal stops new clients, the graver lists end contracts, a reward changes nothing here.

    Source: credit rules for social organisations, 2018 (S54); elder-care blacklist (S56);
    procurement law, article 22: three years without a serious breach (S53).
    """
    credit = [{"list": name, "start": "2026-01-05", "document": "2026-7"}]
    one = examined(credit=credit)
    assert (str(one.status), codes(one)) == (status, found)
    over = [{**credit[0], "end": "2026-03-01"}]
    assert examined(credit=over).status is DirectoryStatus.OPEN


def test_a_filed_body_gets_no_contract() -> None:
    """A body that is only filed is no legal person: grants and volunteering, no contract.

    Source: who may contract (S52): companies, social organisations, institutions, collectives,
    individuals; the survey's filed bodies are none of them.
    """
    one = examined(kind="filed_body", uscc=None)
    assert (one.status, codes(one)) == (DirectoryStatus.EXIT, ["not_registered"])


@pytest.mark.parametrize(("day", "grade"), [("2026-06-14", 3), ("2026-06-15", None)])
def test_a_grade_holds_for_five_years(day: str, grade: int | None) -> None:
    """From the day it was granted.

    Source: Order 39 of 2010 (S58): a grade is valid for five years.
    """
    one = examined(
        dt.date.fromisoformat(day), grade={"level": 3, "granted_on": "2021-06-15"},
        checked_on="2026-06-01",
    )  # fmt: skip
    assert one.grade == grade


def test_the_twenty_ninth_of_february() -> None:
    """Five years later there is none: what began on it ends with February."""
    assert years_after(dt.date(2024, 2, 29), 5) == dt.date(2029, 3, 1)


def test_who_is_not_listed_gets_nobody_new() -> None:
    """An organisation of the scenario without an entry keeps its clients and is told."""
    (one,) = examine(office(), town(), DAY)
    assert (one.status, codes(one), one.contractor) == (
        DirectoryStatus.NO_NEW,
        ["not_listed"],
        None,
    )


def test_contracts_on_the_day() -> None:
    """Those in force, those that end soon, and services that the catalogue does not buy."""
    contracts = [
        {**town().contracts[0].model_dump(mode="json"), "services": ["HYG_DAILY", "CLEAN_HOME"],
         "end": "2026-03-31"}
    ]  # fmt: skip
    given = town(contracts=contracts)
    bought = {"code": "B1", "title": "personal care", "services": ["HYG_DAILY"],
              "start": "2026-01-01"}  # fmt: skip
    of = office(contractors=[entry()], bought_services=[bought])
    (one,) = examine(of, given, DAY)
    assert [(str(noted.finding), noted.what) for noted in one.noted] == [
        ("not_in_catalogue", "K1 CLEAN_HOME"), ("expires_soon", "K1"),
    ]  # fmt: skip
    (later,) = examine(of, given, dt.date(2026, 4, 1))
    assert codes(later) == ["no_contract"]
    assert later.contracts == ()


@pytest.mark.parametrize(
    ("fields", "finding"),
    [
        ({}, None),
        ({"permits": [{**PERMIT, "end": "2026-03-01"}]}, "permit_expired"),
        ({"permits": [{**PERMIT, "end": "2027-01-01", "services": ["CLEAN_HOME"]}]},
         "permit_expired"),  # of another service
        ({"credit": [{"list": "abnormal", "start": "2026-01-05", "document": "x"}]}, "suspended"),
        ({"credit": [{"list": "serious", "start": "2026-01-05", "document": "x"}]}, "excluded"),
        ({"kind": "filed_body", "uscc": None}, "excluded"),
        ({"registered_on": "2026-03-03"}, "excluded"),
        ({"registered_on": "2026-03-02"}, None),
        ({"credit": [{"list": "reward", "start": "2026-01-05", "document": "x"}]}, None),
    ],
)  # fmt: skip
def test_an_allocation_tests_the_same(fields: dict[str, Any], finding: str | None) -> None:
    """What the directory knows stops an organisation in the allocation, with the same code."""
    rules = AllocationPolicy(period="2026-03", draw="3D 052: 385")
    policy = with_directory(rules, office(contractors=[entry(**fields)]))
    log = allocate(town(), policy)
    found = {str(one.finding) for line in log.lines for one in line.tested if one.finding}
    assert found == (set() if finding is None else {finding})


def test_the_rules_keep_their_shares() -> None:
    """Share, capacity and place stay those of the rules."""
    rules = AllocationPolicy.model_validate(
        {"period": "p", "draw": "3D 052: 385", "bodies": [{"organisation": "O1", "share": 40}]}
    )
    (body,) = with_directory(rules, office(contractors=[entry()])).bodies
    assert body.share == 40
    assert body.halts


@pytest.mark.parametrize(
    ("code", "fits"),
    [
        (USCC, True),
        (USCC[:-1] + "A", False),  # another last sign
        (USCC[1] + USCC[0] + USCC[2:], False),  # two signs exchanged
    ],
)
def test_the_check_sign(code: str, fits: bool) -> None:
    """The last of 18 signs follows from the others.

    Source: GB 32100-2015, section 5.
    """
    assert checks(code) is fits
