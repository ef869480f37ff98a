"""A time bank in a file: every fault at once, each with its place and code, in both languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from optimizer.commands.time_bank import load_time_bank
from optimizer.domain.time_bank import TimeBank
from optimizer.errors import InvalidDocument
from optimizer.formats.checks.time_bank import check_time_bank
from optimizer.formats.time_bank import format_time_bank, parse_time_bank
from optimizer.i18n import translated
from optimizer.needs import default_book
from tests.purchase.test_time_bank import ACCOUNTS, EARNED, bank, done, move, order, with_volunteer

BOOK = default_book()


def accounts(name: str, **fields: Any) -> dict[str, Any]:
    """Return the accounts with other fields of one of them."""
    return {"accounts": [{**one, **fields} if one["id"] == name else one for one in ACCOUNTS]}


def more(**fields: Any) -> dict[str, Any]:
    """Return the accounts and one more."""
    return {"accounts": [*ACCOUNTS, fields]}


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"rules": {"services": ["SAFE_VISIT", "SURGERY"]}}, "rules.services[1]", "unknown-service"),
    (more(id="old"), "accounts[8]", "said-twice"),
    (more(id="x", kind="pool"), "accounts[4].kind", "account-shared"),
    (accounts("child", client="C1"), "accounts[0].client", "account-shared"),
    (accounts("old", client="C9"), "accounts[0].client", "unknown-client"),
    (accounts("giver", caregiver="W9"), "accounts[2].caregiver", "unknown-caregiver"),
    (accounts("old", kin=["nobody"]), "accounts[0].kin[0]", "unknown-account"),
    (accounts("old", kin=["old"]), "accounts[0].kin[0]", "unknown-account"),
    (accounts("haishu", limit=None), "accounts[7].limit", "limit-of-account"),
    (accounts("club", limit=5), "accounts[3].limit", "limit-of-account"),
    ({"orders": [order(member="nobody")]}, "orders[0].member", "unknown-account"),
    ({"orders": [order(member="pool")]}, "orders[0].member", "unknown-account"),
    ({"orders": [done(volunteer="nobody")]}, "orders[0].volunteer", "unknown-account"),
    ({"orders": [done(volunteer="old")]}, "orders[0].volunteer", "serves-itself"),
    ({"orders": [order(service="HYG_BATH")]}, "orders[0].service", "service-not-offered"),
    ({"orders": 2 * [order()]}, "orders[1]", "said-twice"),
    ({"orders": [order(window={"earliest": "10:00", "latest": "09:00"})]}, "orders[0].window",
     "window-reversed"),
    ({"orders": [done(given=None)]}, "orders[0].done_on", "order-out-of-turn"),
    ({"orders": [done(accepted_on=None)]}, "orders[0].done_on", "order-out-of-turn"),
    ({"orders": [order(accepted_on="2026-02-21")]}, "orders[0].accepted_on", "order-out-of-turn"),
    ({"orders": [done(done_on="2026-03-01")]}, "orders[0].done_on", "order-out-of-turn"),
    ({"orders": [done(accepted_on="2026-02-19")]}, "orders[0].accepted_on", "order-out-of-turn"),
    ({"orders": [done(ruled=30)]}, "orders[0].ruled", "order-out-of-turn"),
    ({"transfers": [{**EARNED, "order": "A9"}]}, "transfers[0].order", "unknown-order"),
    ({"transfers": [move("nobody", "old", 1, "gift")]}, "transfers[0].giver", "unknown-account"),
    ({"transfers": 2 * [move("issue", "haishu", 1, "clearing")]}, "transfers[1]", "said-twice"),
]  # fmt: skip
ALONE = {"transfer-blocked"}
"Told when the books are opened, by `load_time_bank`."


@pytest.mark.parametrize(("fields", "place", "code"), BAD)
def test_each_fault_has_place_and_code(fields: dict[str, Any], place: str, code: str) -> None:
    """What contradicts scenario or itself is found where it stands, and can be said in Chinese."""
    made = TimeBank.model_validate({**bank().model_dump(mode="json"), **fields})
    found = check_time_bank(made, BOOK, with_volunteer()).faults
    assert (place, code) in [(fault.path, fault.code) for fault in found]
    assert {fault.code for fault in found} == {code}
    for fault in found:
        assert any("\u4e00" <= sign <= "\u9fff" for sign in translated("zh", fault.message))


def test_all_blocked_transfers_are_told_at_once(tmp_path: Path) -> None:
    """A transfer to oneself and an overdrawn account are two faults of one answer."""
    path = tmp_path / "bank.json"
    wrong = bank(move("old", "old", 5, "gift"), move("club", "pool", 5, "donation"))
    path.write_text(wrong.model_dump_json(), encoding="utf-8")
    with pytest.raises(InvalidDocument) as caught:
        load_time_bank(path)
    assert [(one.path, one.code) for one in caught.value.faults] == [
        ("transfers[0]", "transfer-blocked"), ("transfers[1]", "transfer-blocked"),
    ]  # fmt: skip
    assert "to itself" in caught.value.faults[0].message


@pytest.mark.parametrize("field", ["cash", "interest", "name"])
def test_there_is_no_cash_interest_or_name(field: str) -> None:
    """Fields that a time bank must not have are unknown."""
    content = {**bank().model_dump(mode="json"), field: 1}
    with pytest.raises(InvalidDocument) as caught:
        parse_time_bank(json.dumps(content), "bank.json", BOOK)
    assert [fault.code for fault in caught.value.faults] == ["unknown-field"]


def test_it_comes_back_as_it_was() -> None:
    """Written and read again a time bank is the same."""
    given = bank(EARNED, orders=[done(), order(2)])
    assert parse_time_bank(format_time_bank(given), "bank.json", BOOK) == given
