"""What holds of purses whatever the record says: nothing given that is not charged."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimizer.domain.care_plan import CarePlan, CarePlanItem
from optimizer.domain.client import Client, Entitlement, EntitlementUnit, Period
from optimizer.domain.policy import Priority
from optimizer.domain.visit import Visit
from optimizer.needs.cycle import day_of_cycle
from optimizer.needs.derive import ClientNeeds, derive
from tests.needs.worlds import BOOK, MONDAY, world
from tests.properties.drawn_records import needs_of, person, persons

CATALOGUE = BOOK.catalogue
SLOW = (HealthCheck.too_slow,)
ALWAYS = settings(max_examples=60, suppress_health_check=SLOW)
SWEEP = settings(max_examples=200, suppress_health_check=SLOW, deadline=None)


def check(fields: dict[str, Any]) -> None:
    """Check the four weeks of one drawn client."""
    client = person(fields)
    needs = needs_of(fields)
    visits = _as_charged(needs)
    _three_figures(needs)
    _charged_is_given(needs, visits)
    _caps_hold(client, visits)
    _pairs(needs)
    _nothing_barred(needs)
    _evenly_spread(client, needs)


CYCLE = MONDAY + dt.timedelta(days=14)
"The first day of a cycle: its four weeks are those of the purses."
plans = st.builds(
    lambda service, per_week, per_day, begins, lasts: CarePlan(
        client="C1",
        ordered_on=CYCLE + dt.timedelta(days=begins),
        until=None if lasts is None else CYCLE + dt.timedelta(days=begins + lasts),
        items=(CarePlanItem(service=service, per_week=per_week, per_day=per_day),),
    ),
    st.sampled_from(["VITALS", "HYG_BATH", "FEED_ASSIST", "MED_ADMIN", "TURN_SKIN", "CLEAN_HOME"]),
    st.none() | st.integers(1, 7),
    st.integers(1, 2),
    st.integers(-9, 30),
    st.none() | st.integers(0, 40),
)


@ALWAYS
@given(fields=persons, orders=st.lists(plans, min_size=1, max_size=3).map(tuple))
def test_purses_while_care_plans_begin_and_end(
    fields: dict[str, Any], orders: tuple[CarePlan, ...]
) -> None:
    """In each week and in four weeks the caps hold, whatever begins and ends in between."""
    client = person(fields)
    needs = derive(world(client, days=28, start=CYCLE, care_plans=orders)).clients[0]
    visits = _as_charged(needs)
    _three_figures(needs)
    _charged_is_given(needs, visits)
    _caps_hold(client, visits)
    _pairs(needs)
    _nothing_barred(needs)


@ALWAYS
@given(fields=persons)
def test_purses(fields: dict[str, Any]) -> None:
    """Figures add up, caps hold to the minute, pairs stay together, nothing barred is given."""
    check(fields)


@pytest.mark.sweep
@SWEEP
@given(fields=persons)
def test_purses_of_many_records(fields: dict[str, Any]) -> None:
    """The same of some hundred records; how many thousands were once looked at is recorded."""
    check(fields)


def _as_charged(needs: ClientNeeds) -> list[Visit]:
    """Return the visits without the second carer who comes along at first, uncharged."""
    first, *rest = needs.visits or (None,)
    if first is None:
        return []
    charged = sum(one.minutes for one in needs.charged.values())
    given_minutes = sum(map(_minutes, needs.visits))
    if needs.requirements.first_in_pairs and given_minutes > charged:
        first = first.model_copy(update={"carers": first.carers[:1]})
    return [first, *rest]


def _minutes(visit: Visit) -> int:
    return sum(-(-carer.minutes // 60_000) for carer in visit.carers)


def _three_figures(needs: ClientNeeds) -> None:
    """Check that needed is entitled and cut, of the client, of each service and of the horizon."""
    assert needs.needed == needs.entitled + needs.cut
    assert needs.cut == needs.cut_in_horizon
    assert needs.entitled == sum(needs.care.values())
    for one in needs.funded:
        assert one.demand.minutes_per_cycle == one.entitled + one.cut
        assert one.entitled >= 0 <= one.cut


def _charged_is_given(needs: ClientNeeds, visits: list[Visit]) -> None:
    """Check that each payer is charged the minutes and visits that are planned."""
    minutes: Counter[str | None] = Counter()
    for visit in visits:
        minutes[visit.payer] += _minutes(visit)
    assert minutes == {payer: one.minutes for payer, one in needs.charged.items()}
    assert Counter(visit.payer for visit in visits) == {
        payer: one.visits for payer, one in needs.charged.items()
    }


def _caps_hold(client: Client, visits: list[Visit]) -> None:
    """Check each entitlement in its unit: a week by each week, a month by 12/13 of it."""
    for granted in client.entitlements:
        spent: dict[int, int] = defaultdict(int)
        for visit in visits:
            if visit.payer == granted.payer:
                spent[_meant_day(visit) // 7] += _amount(visit, granted)
        if granted.period is Period.WEEK:
            assert all(amount <= granted.cap for amount in spent.values())
        else:
            assert sum(spent.values()) * 13 <= granted.cap * 12


def _meant_day(visit: Visit) -> int:
    """Return the day of the cycle that a visit is meant for, which its id holds."""
    month, day = visit.id.split("-")[1][:2], visit.id.split("-")[1][2:]
    return next(day_of_cycle(date) for date in visit.dates if f"{date:%m%d}" == month + day)


def _amount(visit: Visit, granted: Entitlement) -> int:
    if granted.unit is EntitlementUnit.VISITS:
        return 1
    if granted.unit is EntitlementUnit.MINUTES:
        return _minutes(visit)
    prices = [
        price
        for code in visit.services
        for name, price in CATALOGUE.services[code].prices.items()
        if name == granted.price_book
    ]
    once = sum(price.fen_per_time or 0 for price in prices)
    hourly = [price.fen_per_hour or 0 for price in prices if price.fen_per_time is None]
    each = (max(hourly, default=0) * (carer.minutes // 60_000) // 60 for carer in visit.carers)
    return once + sum(each)


def _pairs(needs: ClientNeeds) -> None:
    """Check that nothing is given without what it has to be followed by."""
    times: dict[str, set[tuple[int, str]]] = defaultdict(set)
    windows: dict[str, set[str]] = defaultdict(set)
    days: dict[str, set[int]] = defaultdict(set)
    for one in needs.funded:
        times[one.demand.service] |= {(each.day, each.window) for each in one.paid}
        windows[one.demand.service] |= {window.name for window in one.demand.windows}
        days[one.demand.service] |= set(one.demand.days)
    for follow in needs.requirements.follows:
        if follow.together is None or not {follow.first, follow.second} <= times.keys():
            continue
        if windows[follow.first] & windows[follow.second]:
            shared = {one for one in times[follow.first] if one[1] in windows[follow.second]}
            due = {one for one in shared if one[0] in days[follow.second]}
            assert due <= times[follow.second]


def _nothing_barred(needs: ClientNeeds) -> None:
    """Check that no visit holds what a contraindication bars."""
    barred = {refusal.service for refusal in needs.requirements.refusals}
    assert not any(barred.intersection(visit.services) for visit in needs.visits)


def _evenly_spread(client: Client, needs: ClientNeeds) -> None:
    """Check that no essential care is given in full while other is given not at all.

    Where a purse is all but empty only what is cheaper fits, and visits of a least length leave
    room for more, so purses of whole minutes are looked at.
    """
    if any(one.unit is not EntitlementUnit.MINUTES or one.min_visit for one in client.entitlements):
        return
    shares = [
        (len(one.paid) / (len(one.demand.days) * len(one.demand.windows)), one)
        for one in needs.funded
        if one.demand.most_urgent is one.demand.priority is Priority.ESSENTIAL
        and len(one.demand.requirements) == 1
        and len(one.demand.days) >= 20
    ]
    best = max((share for share, _ in shares), default=0)
    if best >= 0.5:
        assert min(share for share, _ in shares) > 0
