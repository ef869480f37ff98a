"""Prices of payers, and corrections: what was paid is reversed and paid anew, to the fen."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.domain.bill import Bill
from optimizer.domain.delivery import Terms
from optimizer.formats.bill import check_bill
from optimizer.purchase import CorrectionKind, bill_of, corrections, settle, transfers_of
from tests.purchase.test_evidence import came, deliveries
from tests.purchase.test_settlement import PLAN, ROWS, paid, settled
from tests.purchase.town import as_it_is, town

CIVIL = {"payer": "civil", "start": "2026-01-01", "fen_per_hour": 1800}


def terms(*prices: dict[str, Any]) -> Terms:
    """Return terms with these prices of payers."""
    return Terms.model_validate({"prices": prices})


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        ([], {"V1": 1350, "V2": 2700, "V4": 900}),  # the contract's price of 27 yuan
        ([CIVIL], {"V1": 900, "V2": 1800, "V4": 900}),  # of one payer only
        ([{**CIVIL, "contract": "K1"}], {"V1": 900, "V2": 1800, "V4": 900}),
        ([{**CIVIL, "contract": "K2"}], {"V1": 1350, "V2": 2700, "V4": 900}),
        # The first that fits.
        ([{**CIVIL, "services": ["HYG_DAILY"], "fen_per_hour": 600}, CIVIL],
         {"V1": 300, "V2": 600, "V4": 900}),
        ([{**CIVIL, "services": ["CLEAN_HOME"], "fen_per_hour": 600}, CIVIL],
         {"V1": 900, "V2": 1800, "V4": 900}),
        # Ended the day before: no price, so nothing is paid until there is one.
        ([{**CIVIL, "end": "2026-03-01"}], {"V1": 0, "V2": 0, "V4": 900}),
        ([{**CIVIL, "end": "2026-03-02"}], {"V1": 900, "V2": 1800, "V4": 900}),
        ([{**CIVIL, "start": "2026-03-03"}], {"V1": 0, "V2": 0, "V4": 900}),
    ],
)  # fmt: skip
def test_prices_of_payers(prices: list[dict[str, Any]], expected: dict[str, int]) -> None:
    """Item, payer and day decide on the price; what was planned is worth as much as is paid.

    Source: Shanghai Huajing 2025: one contract, three purses (S82); Liaozhong and Kuandian pay by
    the hour and by the visit (S79, S80).
    """
    found = settled(*ROWS, terms=terms(*prices))
    assert paid(found) == expected
    (one,) = found.statements
    assert one.planned_fen == one.paid_fen == sum(expected.values())


@pytest.mark.parametrize(
    ("fen_per_hour", "cap", "over"),
    [
        (1800, 4950, []),  # as planned by the contract's price: exactly enough
        (1800, 4949, ["V4"]),  # a cheaper payer makes no room
        (5400, 9000, []),  # a dearer one may not pass the cap
        (5400, 8999, ["V4"]),
        (5400, 4950, ["V2"]),
    ],
)
def test_caps_hold_whoever_pays(fen_per_hour: int, cap: int, over: list[str]) -> None:
    """Within a cap count the contract's price, by which it was planned, and what is really paid."""
    contracts = [{**town().contracts[0].model_dump(mode="json"), "cap_fen": cap}]
    dear = terms({**CIVIL, "fen_per_hour": fen_per_hour})
    found = settled(*ROWS, contracts=contracts, terms=dear)
    assert [
        one.planned.visit for one in found.lines if "over_cap" in map(str, one.lost)
    ] == over  # fmt: skip
    assert found.statements[0].paid_fen <= cap


def bill(*given: dict[str, Any], rulings: Any = (), **fields: Any) -> Bill:
    """Return the bill of the town's roster with these deliveries."""
    return bill_of(settled(*given, rulings=rulings, **fields), "town")


def test_a_first_bill_is_whole() -> None:
    """Each contract is owed what its lines come to."""
    made = bill(*ROWS)
    assert [(one.visit, one.fen) for one in made.lines] == [
        ("V1", 1350), ("V2", 2700), ("V4", 900),
    ]  # fmt: skip
    assert list(check_bill(made, "town")) == []
    assert corrections(made, made) == ()


def test_a_ruling_takes_money_back() -> None:
    """What is upheld later is reversed by a line of its own; other lines are not touched."""
    early = [ROWS[0], came("V2", "09:10", "10:00"), ROWS[2]]
    upheld = [{"visit": "V2", "doubt": "short", "outcome": "upheld"}]
    made = corrections(bill(*early), bill(*early, rulings=upheld))
    assert [(one.kind, one.visit, one.fen) for one in made] == [
        (CorrectionKind.REVERSAL, "V2", -50 * 45)
    ]
    assert transfers_of(made) == {"K1": -50 * 45}


def test_what_is_longer_is_reversed_and_paid_anew() -> None:
    """A line that changes is taken back as a whole, so that every line was once owed as it is."""
    early = [ROWS[0], came("V2", "09:10", "10:00"), ROWS[2]]
    made = corrections(bill(*early), bill(*ROWS))
    assert [(str(one.kind), one.fen) for one in made] == [("reversal", -2250), ("anew", 2700)]


def test_deductions_are_corrected() -> None:
    """A deduction that falls away is given back to the contract."""
    missed = {"visit": "V1", "date": "2026-03-02", "occurrence": "carer_missed"}
    made = corrections(bill(missed, *ROWS[1:]), bill(*ROWS))
    assert [(one.visit, one.fen) for one in made] == [("V1", 1350), (None, 360)]


MINUTES = st.integers(0, 70)
OUTCOMES = st.sampled_from(["done", "carer_missed", "client_away", "nothing"])


def told(rows: list[tuple[int, str]]) -> list[dict[str, Any]]:
    """Return what took place of the three stops: minutes given, or why not."""
    starts = {"V1": (8, 30), "V2": (9, 10), "V4": (10, 20)}
    made = []
    for (visit, (hour, minute)), (minutes, outcome) in zip(starts.items(), rows, strict=True):
        end = hour * 60 + minute + minutes
        if outcome == "done":
            clock = f"{end // 60:02d}:{end % 60:02d}"
            made.append(came(visit, f"{hour:02d}:{minute:02d}", clock))
        elif outcome != "nothing":
            away = {"visit": visit, "date": "2026-03-02", "occurrence": outcome, "notice": False}
            made.append(away)
    return made


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(MINUTES, OUTCOMES), min_size=3, max_size=3),
    st.lists(st.tuples(MINUTES, OUTCOMES), min_size=3, max_size=3),
    st.sampled_from([None, 1800, 5400]),
    st.integers(0, 9000),
)
def test_corrections_add_up(
    old: list[tuple[int, str]], new: list[tuple[int, str]], price: int | None, cap: int
) -> None:
    """Owed before plus all corrections is owed now, per contract and payer, to the fen."""
    contracts = [{**town().contracts[0].model_dump(mode="json"), "cap_fen": cap}]
    of = terms() if price is None else terms({**CIVIL, "fen_per_hour": price})
    admission = as_it_is(town(contracts=contracts))
    bills = [
        bill_of(settle(admission, PLAN, deliveries(*told(rows)), of), "town") for rows in (old, new)
    ]
    assert all(list(check_bill(one, "town")) == [] for one in bills)
    made = corrections(*bills)
    due = [{one.contract: one.due_fen for one in each.totals} for each in bills]
    moved = transfers_of(made)
    assert all(due[0][key] + moved.get(key, 0) == due[1][key] for key in due[0])
    of_payer: dict[str | None, int] = defaultdict(int)
    for one in made:
        if one.visit is not None:
            of_payer[one.payer] += one.fen
    for payer in ("civil", "ltci"):
        sums = [sum(one.fen for one in each.lines if one.payer == payer) for each in bills]
        assert sums[0] + of_payer[payer] == sums[1]
    assert corrections(bills[1], bills[1]) == ()


@pytest.mark.parametrize(
    ("fields", "place", "code"),
    [
        ({"scenario": "city"}, "scenario", "wrong-base"),
        ({"totals": [{"contract": "K1", "due_fen": 5000}]}, "totals[0].due_fen", "bill-not-whole"),
        ({"totals": []}, "lines[0].contract", "bill-not-whole"),
        ({"lines": [], "totals": [{"contract": "K1", "due_fen": 1}]}, "totals[0].due_fen",
         "bill-not-whole"),
        ({"lines": 2 * [{"visit": "V1", "contract": "K1", "paid_fen": 2475}]}, "lines[1]",
         "said-twice"),
        ({"totals": 2 * [{"contract": "K1", "due_fen": 4950}]}, "totals[1]", "said-twice"),
    ],
)  # fmt: skip
def test_an_edited_bill_is_refused(fields: dict[str, Any], place: str, code: str) -> None:
    """A bill whose sums are not those of its lines, or of another scenario, is told."""
    made = Bill.model_validate({**bill(*ROWS).model_dump(mode="json"), **fields})
    assert (place, code) in [(one.path, one.code) for one in check_bill(made, "town")]
