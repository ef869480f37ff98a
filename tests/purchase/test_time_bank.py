"""A time bank: balances sum to zero, limits block, orders are booked once, the engine is fed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer import SolveOptions, solve
from optimizer.domain.delivery import Terms
from optimizer.domain.scenario import Scenario
from optimizer.domain.time_bank import BankRules, TimeBank
from optimizer.formats import check_scenario
from optimizer.purchase import settle
from optimizer.purchase.time_bank import (
    Block,
    OrderState,
    book_orders,
    done_by,
    grant,
    open_books,
    pairs_of,
    solvency_of,
    state_of,
)
from optimizer.purchase.time_bank.balances import months_later, to_step
from tests.purchase.test_evidence import deliveries
from tests.purchase.town import HERE, as_it_is, town

DAY = dt.date(2026, 3, 2)
SAFE = {
    "trained_on": "2026-01-10", "checked_on": "2026-01-11", "accompanied_on": "2026-01-20",
    "insured_until": "2026-12-31",
}  # fmt: skip
ACCOUNTS: list[dict[str, Any]] = [
    {"id": "old", "client": "C1", "age": 70, "kin": ["child"]},
    {"id": "child", "age": 40},
    {"id": "giver", "caregiver": "W1", "age": 62, **SAFE},
    {"id": "club", "kind": "group"},
    {"id": "pool", "kind": "pool"},
    {"id": "issue", "kind": "issue"},
    {"id": "gone", "kind": "expired"},
    {"id": "haishu", "kind": "clearing", "limit": 100},
]


def order(number: int = 1, **fields: Any) -> dict[str, Any]:
    """Return an order of `old` for a safety visit of an hour."""
    made = {
        "id": f"A{number}", "member": "old", "service": "SAFE_VISIT", "minutes": 60,
        "date": "2026-03-02", "window": {"earliest": "09:00", "latest": "15:00"},
        "posted_on": "2026-02-20",
    }  # fmt: skip
    return {**made, **fields}


def done(number: int = 1, **fields: Any) -> dict[str, Any]:
    """Return an order that `giver` has served for an hour."""
    told = {"volunteer": "giver", "accepted_on": "2026-02-21", "done_on": "2026-03-02", "given": 60}
    return order(number, **{**told, **fields})


def move(giver: str, receiver: str, minutes: int, reason: str, **fields: Any) -> dict[str, Any]:
    """Return a transfer on the day."""
    made = {"id": f"T-{giver}-{receiver}", "giver": giver, "receiver": receiver, "date": str(DAY),
            "minutes": minutes, "reason": reason, "by": "coordinator"}  # fmt: skip
    return {**made, **fields}


def bank(*transfers: dict[str, Any], rules: Any = None, **fields: Any) -> TimeBank:
    """Return a time bank of eight accounts in which the district may issue 10,000 minutes."""
    limits = {"issued_minutes": 10_000, **(rules or {})}
    return TimeBank.model_validate(
        {"id": "bank", "accounts": ACCOUNTS, "rules": limits, "transfers": transfers, **fields}
    )


EARNED = move("issue", "giver", 60, "service", id="T1", order="A1")


def blocks(*transfers: dict[str, Any], **more: Any) -> list[str]:
    """Return why transfers are not booked."""
    return [str(one.block) for one in open_books(bank(*transfers, **more))[1]]


@pytest.mark.parametrize(
    ("transfers", "expected", "more"),
    [
        ([EARNED], [], {}),
        ([EARNED, {**EARNED, "id": "T2"}], ["booked_twice"], {}),  # no minute is paid twice
        ([{**EARNED, "minutes": 90}], ["more_than_given"], {}),
        ([{**EARNED, "order": None}], ["no_order"], {}),
        ([EARNED], ["not_done"], {"orders": [order()]}),
        ([{**EARNED, "receiver": "child"}], ["wrong_account"], {}),  # somebody else served it
        ([{**EARNED, "giver": "old"}], ["overdrawn"], {}),  # nobody owes
        ([EARNED], ["over_limit"], {"rules": {"issued_minutes": 59}}),
        ([EARNED], [], {"rules": {"issued_minutes": 60}}),
        ([EARNED], ["over_day"], {"rules": {"day_minutes": 59}}),
        ([EARNED], [], {"rules": {"day_minutes": 60}}),
        ([EARNED], ["over_most"], {"rules": {"most_minutes": 59}}),
        ([EARNED], [], {"rules": {"most_minutes": 60}}),
        ([EARNED, move("giver", "giver", 1, "gift")], ["to_itself"], {}),
        ([EARNED, move("giver", "child", 30, "gift")], ["not_kin"], {}),
        ([EARNED, move("giver", "pool", 60, "donation")], [], {}),
        ([EARNED, move("giver", "pool", 61, "donation")], ["overdrawn"], {}),
        ([move("club", "old", 1, "gift")], ["wrong_account"], {}),  # groups donate only
        ([EARNED, move("giver", "old", 1, "donation")], ["wrong_account"], {}),
        ([move("pool", "old", 1, "grant")], ["overdrawn"], {}),
        ([EARNED, move("giver", "gone", 60, "expiry")], ["not_expired"], {}),  # off
        ([move("issue", "haishu", 100, "clearing")], [], {}),
        ([move("issue", "haishu", 101, "clearing")], ["over_limit"], {}),
        ([move("haishu", "issue", 101, "clearing")], ["over_limit"], {}),  # owed the other way
        ([EARNED, move("giver", "issue", 60, "reversal", reverses="T1")], [], {}),
        ([EARNED, move("giver", "issue", 59, "reversal", reverses="T1")], ["reverses_nothing"],
         {}),
        ([move("giver", "issue", 60, "reversal", reverses="T1")], ["reverses_nothing"], {}),
        ([EARNED, {**EARNED, "id": "T2", "date": "2026-03-01"}], ["earlier"], {}),
    ],
)  # fmt: skip
def test_limits_block(
    transfers: list[dict[str, Any]], expected: list[str], more: dict[str, Any]
) -> None:
    """What breaks a limit is not booked; at the limit it still is.

    Source: Beijing 2022 (S117): no cash, gifts to lineal kin, donations; Nanjing 2019 (S116, S23):
    a cap of 1,500 hours, groups donate only; Komunitin, where one exchange without a limit flooded
    its neighbours (S125).
    """
    assert blocks(*transfers, **{"orders": [done()], **more}) == expected


def test_reversed_once() -> None:
    """A transfer is taken back once; then its order may be booked anew."""
    back = move("giver", "issue", 60, "reversal", reverses="T1", id="T2")
    assert blocks(EARNED, back, {**back, "id": "T3"}, orders=[done()]) == ["reversed_twice"]
    again = {**EARNED, "id": "T3"}
    assert blocks(EARNED, back, again, orders=[done()]) == []


def test_spending_begins_at_sixty() -> None:
    """A member below the age pays no order, of whatever balance.

    Source: Beijing: for oneself or the spouse from 60 on (S117).
    """
    people = [{**one, "age": 59} if one["id"] == "old" else one for one in ACCOUNTS]
    paid = {**EARNED, "giver": "old"}
    assert blocks(paid, accounts=people, orders=[done()]) == ["too_young"]


def test_minutes_expire_only_where_that_is_on() -> None:
    """After the months named what was earned and not given since may expire, not a minute more."""
    late = {"date": "2027-03-02", "id": "T9"}
    gone = {**move("giver", "gone", 60, "expiry"), **late}
    on = {"rules": {"expires_after_months": 12}, "orders": [done()]}
    assert blocks(EARNED, gone, **on) == []
    assert blocks(EARNED, {**gone, "minutes": 61}, **on) == ["not_expired"]
    assert blocks(EARNED, {**gone, "date": "2027-03-01"}, **on) == ["not_expired"]
    assert months_later(dt.date(2026, 12, 31), 2) == dt.date(2027, 2, 28)


@pytest.mark.parametrize(
    ("given", "credited"), [(0, 0), (14, 0), (15, 30), (44, 30), (45, 60), (60, 60), (74, 60)]
)
def test_steps_of_half_an_hour(given: int, credited: int) -> None:
    """Minutes are credited in half hours, from fifteen minutes on.

    Source: Wenzhou: steps of half an hour, fifteen minutes count, no travel (S120).
    """
    assert to_step(given, BankRules()) == credited


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([one["id"] for one in ACCOUNTS]),
            st.sampled_from([one["id"] for one in ACCOUNTS]),
            st.integers(1, 200),
            st.sampled_from(
                ["service", "gift", "donation", "grant", "expiry", "clearing", "reversal"]
            ),
            st.sampled_from(["A1", "A2", None]),
            st.integers(0, 9),
        ),
        max_size=25,
    )
)
def test_balances_sum_to_zero(rows: list[tuple[Any, ...]]) -> None:
    """Whatever is tried: balances sum to zero, nobody owes, and no order is paid twice.

    Source: TimeOverflow, where a transfer is two read-only movements that sum to zero (S123).
    """
    transfers = [
        {**move(giver, receiver, minutes, reason), "id": f"T{n}", "order": of,
         "reverses": f"T{undone}" if reason == "reversal" else None}
        for n, (giver, receiver, minutes, reason, of, undone) in enumerate(rows)
    ]  # fmt: skip
    books, _ = open_books(bank(*transfers, orders=[done(1), done(2, minutes=90, given=90)]))
    assert sum(books.balances.values()) == 0
    for account, minutes in books.balances.items():
        kind = books.accounts[account].kind
        if kind == "issue":
            assert minutes >= -10_000
        elif kind == "clearing":
            assert -100 <= minutes <= 100
        else:
            assert minutes >= 0
    assert books.paid_for("A1") <= 60
    assert books.paid_for("A2") <= 90


@pytest.mark.parametrize(
    ("fields", "day", "state"),
    [
        ({}, "2026-03-02", "posted"),
        ({"offered_on": "2026-02-21"}, "2026-03-02", "offered"),
        ({"accepted_on": "2026-02-21", "volunteer": "giver"}, "2026-03-02", "accepted"),
        ({"cancelled_on": "2026-02-22"}, "2026-03-02", "cancelled"),
        (done(), "2026-03-04", "done"),
        (done(), "2026-03-05", "confirmed"),  # three days of silence
        (done(confirmed_on="2026-03-03"), "2026-03-03", "confirmed"),
        (done(disputed_on="2026-03-03"), "2026-03-30", "disputed"),  # silence counts no more
        (done(disputed_on="2026-03-03", ruled=30), "2026-03-03", "confirmed"),
    ],
)
def test_where_an_order_stands(fields: dict[str, Any], day: str, state: str) -> None:
    """From posted to confirmed, by silence as well; a dispute waits for the coordinator."""
    made = bank(orders=[{**order(), **fields}])
    books, _ = open_books(made)
    assert state_of(made.orders[0], books, dt.date.fromisoformat(day)) == OrderState(state)


def booked(*orders: dict[str, Any], day: str = "2026-03-09", **more: Any) -> dict[str, int]:
    """Book orders and return the balances that are not zero."""
    made = book_orders(bank(orders=orders, **more), dt.date.fromisoformat(day), by="coordinator")
    books, blocked = open_books(made.bank)
    assert blocked == ()
    return {name: minutes for name, minutes in books.balances.items() if minutes}


def test_orders_are_booked_once() -> None:
    """A confirmed order is paid by who asked, then by the district; booking again adds nothing."""
    assert booked(done(), done(2, given=44)) == {"giver": 90, "issue": -90}
    once = book_orders(bank(orders=[done()]), dt.date(2026, 3, 9), by="x")
    assert book_orders(once.bank, dt.date(2026, 3, 9), by="x").transfers == ()
    assert book_orders(bank(orders=[done(given=14)]), DAY + dt.timedelta(9), by="x").too_short == (
        "A1",
    )


def test_a_dispute_is_booked_as_ruled() -> None:
    """What the coordinator has ruled is booked, whatever was told."""
    assert booked(done(disputed_on="2026-03-03", ruled=30))["giver"] == 30
    assert booked(done(disputed_on="2026-03-03")) == {}


def test_own_minutes_pay_first_and_the_pool_for_the_isolated() -> None:
    """The member pays what there is, the pool the rest for who is alone and poor, else nobody."""
    paid = [
        move("issue", "giver", 60, "service", id="T1", order="A8"),
        move("giver", "pool", 60, "donation", id="T2"),
        move("pool", "old", 20, "grant", id="T3"),
    ]
    before = {"orders": [done(8)], "rules": {"issued_minutes": 60}}
    first = {**done(), "confirmed_on": "2026-03-02"}
    people = [{**one, "isolated": True} if one["id"] == "old" else one for one in ACCOUNTS]
    of = {**before, "orders": [done(8), first]}
    rich = bank(*paid, **of, accounts=people)
    made = book_orders(rich, DAY, by="x")
    assert [(one.giver, one.minutes) for one in made.transfers] == [("old", 20), ("pool", 40)]
    poor = book_orders(bank(*paid, **of), DAY, by="x")
    assert (poor.transfers, poor.unpaid) == ((), {"A1": 40})


def test_what_is_above_the_limits_goes_to_the_pool_or_nobody() -> None:
    """Above 1,500 hours on the account the pool earns; above four hours a day nobody does.

    Source: Nanjing's 1,500 hours, the rest donated (S116), and Changning's limit a day (S118).
    """
    assert booked(done(), rules={"most_minutes": 30}) == {"giver": 30, "pool": 30, "issue": -60}
    assert booked(done(), done(2), rules={"day_minutes": 90}) == {"giver": 90, "issue": -90}


def test_who_trades_only_with_one_another() -> None:
    """Somebody who has given more than half of many hours to one member is told."""
    orders = [done(n, date=f"2026-02-{n:02d}", given=240, minutes=240) for n in range(1, 3)]
    made = book_orders(bank(orders=orders), dt.date(2026, 3, 9), by="x").bank
    (pair,) = pairs_of(open_books(made)[0])
    assert (pair.giver, pair.receiver, pair.minutes, pair.percent) == ("giver", "old", 480, 100)
    one = book_orders(bank(orders=orders[:1]), dt.date(2026, 3, 9), by="x").bank
    assert pairs_of(open_books(one)[0]) == ()


def with_volunteer(**fields: Any) -> Scenario:
    """Return the town with a volunteer W1 who has an afternoon."""
    people = [one.model_dump(mode="json") for one in town().caregivers]
    made = {"id": "W1", "organisation": "O1", "home": HERE, "volunteer": True,
            "shifts": [{"date": str(DAY), "start": "13:00", "end": "16:00"}], **fields}  # fmt: skip
    return town(caregivers=[*people, made])


GIFTED = [
    move("issue", "giver", 240, "service", id="T1", order="A8"),
    move("giver", "pool", 100, "donation", id="T2"),
    move("pool", "old", 90, "grant", id="T3"),
]
EARLIER = done(
    8, minutes=240, given=240, date="2026-02-01", done_on="2026-02-01",
    posted_on="2026-01-20", accepted_on="2026-01-21",
)  # fmt: skip


def test_the_engine_is_given_minutes_visits_and_volunteers() -> None:
    """Balance less what is reserved is the cap; orders that it pays become visits of volunteers."""
    waiting = done(2, given=30, minutes=30, date="2026-02-28", done_on="2026-03-01")
    orders = [EARLIER, waiting, order(1, minutes=40), order(3, minutes=40)]
    rules = {"issued_minutes": 240}
    found = grant(bank(*GIFTED, orders=orders, rules=rules), with_volunteer(), DAY)
    assert found.caps == {"C1": 60}
    assert (found.visits, {str(k): str(v) for k, v in found.unfunded.items()}) == (
        ("A1",), {"A3": "no_minutes"},
    )  # fmt: skip
    assert check_scenario(found.scenario).faults == ()
    entitlement = found.scenario.clients[0].entitlements[-1]
    assert (entitlement.payer, entitlement.cap) == ("timebank", 60)
    assert found.scenario.clients[0].entitlements[:-1] == town().clients[0].entitlements
    person = found.scenario.caregivers[1]
    assert (person.qualifications[-1].code, person.visits_per_day) == ("TIMEBANK", 2)
    assert found.scenario.caregivers[0] == with_volunteer().caregivers[0]


@pytest.mark.parametrize(
    ("fields", "person", "missing"),
    [
        ({"insured_until": "2026-03-01"}, {}, "not_insured"),  # ended the day before
        ({"insured_until": "2026-03-02"}, {}, None),
        ({"trained_on": None}, {}, "not_trained"),
        ({"checked_on": "2026-03-03"}, {}, "not_checked"),
        ({"accompanied_on": None}, {}, "not_accompanied"),
        ({"age": 17}, {}, "too_young"),
        ({"age": 18}, {}, None),
        ({}, {"volunteer": False}, "not_a_volunteer"),
    ],
)
def test_safeguards(fields: dict[str, Any], person: dict[str, Any], missing: str | None) -> None:
    """Without insurance on the day, training, police record or a first visit together nobody goes.

    Source: Ningbo 2017: volunteer register and record rules, accident insurance (S122).
    """
    people = [{**one, **fields} if one["id"] == "giver" else one for one in ACCOUNTS]
    found = grant(bank(accounts=people), with_volunteer(**person), DAY)
    told = {name: [str(one) for one in missing] for name, missing in found.kept_back.items()}
    assert told == ({} if missing is None else {"giver": [missing]})


def test_a_volunteer_is_matched_and_credited() -> None:
    """Granted, planned, delivered, settled and booked: the member pays, and no fen is owed."""
    orders = [EARLIER, order(1, minutes=40)]
    given = bank(*GIFTED, orders=orders, rules={"issued_minutes": 240})
    scenario = grant(given, with_volunteer(), DAY).scenario
    plan = solve(scenario, SolveOptions(iterations=200, engine="search", proof=0)).plan
    (stop,) = [
        (route.caregiver, stop.visit)
        for route in plan.routes
        for stop in route.stops
        if stop.visit == "A1"
    ]
    assert stop == ("W1", "A1")
    came = {"visit": "A1", "date": str(DAY), "caregiver": "W1", "start": "13:30", "end": "14:16",
            "beacon": True}  # fmt: skip
    settled = settle(as_it_is(scenario), plan, deliveries(came), Terms())
    line = next(one for one in settled.lines if one.planned.visit == "A1")
    assert (line.paid, line.fen, line.lost) == (40 * 60_000, 0, ())
    told = done_by(given, settled.lines)
    assert (told.orders[1].given, told.orders[1].volunteer) == (40, "giver")
    made = book_orders(told, DAY + dt.timedelta(days=3), by="x")
    books, _ = open_books(made.bank)
    assert (books.balance("giver"), books.balance("old")) == (140 + 30, 60)
    assert done_by(made.bank, settled.lines) == made.bank


def test_solvency() -> None:
    """What is owed against what was served in twelve months, and against volunteers' hours."""
    books, _ = open_books(bank(*GIFTED, orders=[EARLIER]))
    found = solvency_of(books, DAY, with_volunteer())
    assert (found.owed, found.served, found.capacity) == (240, 240, 180)
    assert found.years == 1
    assert found.weeks == pytest.approx(240 / (180 * 7))
    later = solvency_of(books, dt.date(2027, 3, 2))
    assert (later.served, later.years, later.weeks) == (0, None, None)


def test_every_block_is_met() -> None:
    """Each reason for not booking is produced by some row above."""
    told = {"to_itself", "overdrawn", "over_limit", "wrong_account", "not_kin", "no_order",
            "not_done", "booked_twice", "more_than_given", "over_day", "over_most", "too_young",
            "not_expired", "reverses_nothing", "reversed_twice", "earlier"}  # fmt: skip
    assert told == {str(one) for one in Block}
