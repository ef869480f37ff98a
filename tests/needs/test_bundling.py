"""Services of one day share visits, within windows, qualifications and a payer's limits."""

from __future__ import annotations

from typing import Any

import pytest

from optimizer.domain.client import Client, Entitlement
from optimizer.domain.policy import Priority
from optimizer.needs.bundling import (
    Bundle,
    bundled,
    items_of,
    limits_of,
    start_window,
    urgency,
    without_given,
)
from optimizer.needs.catalogue import DayWindow
from optimizer.units import MS_PER_MINUTE, parse_clock
from tests.needs.worlds import BOOK, HOME, Known, clock, demand_of, meals, orders, ready_visit

CATALOGUE = BOOK.catalogue
SERVICES = CATALOGUE.services
EVERYTHING = Known(
    devices=("picc", "urinary_catheter", "stoma"),
)


def bundles_of(
    *services: str,
    client: Client | None = None,
    limit: Entitlement | None = None,
    excludes: tuple[str, str] | None = None,
    known: Known = EVERYTHING,
) -> list[Bundle]:
    """Return the visits of a day on which a client gets some services once each."""
    client = client or Client(id="C1", home=HOME)
    required = known.required(*(orders(service, per_week=7) for service in services))
    payer = None if limit is None else limit.payer
    demands = [demand_of(required, service) for service in services]
    items = sorted(items_of(client, demands, CATALOGUE).values(), key=urgency)
    bundles = bundled(
        [(item, payer) for item in items],
        {} if limit is None else limits_of([limit]),
        lambda one, other: {one, other} == set(excludes or ()),
        CATALOGUE.arrival + CATALOGUE.notes,
    )
    return sorted(bundles, key=lambda one: (one.earliest, one.latest))


def shared(bundles: list[Bundle]) -> list[set[str]]:
    """Return the services of each visit."""
    return [set(each.services) for each in bundles]


def limit(**fields: Any) -> Entitlement:
    """Return an entitlement with limits of a visit."""
    return Entitlement.model_validate(
        {"payer": "p", "unit": "visits", "cap": 99, "period": "week", **fields}
    )


@pytest.mark.parametrize(
    ("services", "visits"),
    [
        (("HYG_DAILY", "VITALS"), [{"HYG_DAILY", "VITALS"}]),
        (("VITALS", "GROOM"), [{"VITALS", "GROOM"}]),
        (("VITALS", "CLEAN_HOME"), [{"VITALS"}, {"CLEAN_HOME"}]),  # a carer, a housekeeper
        (("CATH_CARE", "VITALS"), [{"VITALS"}, {"CATH_CARE"}]),  # a nurse, a carer
        (("CATH_CARE", "STOMA_CARE"), [{"CATH_CARE", "STOMA_CARE"}]),
        (("GLUCOSE", "GROOM"), [{"GLUCOSE"}, {"GROOM"}]),  # early, late
        (("VITALS", "INJ_BLOOD"), [{"INJ_BLOOD"}, {"VITALS"}]),
    ],
)
def test_what_shares_a_visit(services: tuple[str, ...], visits: list[set[str]]) -> None:
    """One visit holds what one qualification and one time suit."""
    assert shared(bundles_of(*services)) == visits


def test_visit_asks_for_the_highest_level() -> None:
    """A visit with a service of level 2 asks for level 2, whatever else is in it."""
    (both,) = bundles_of("GROOM", "COG_TRAIN")
    assert [(need.code, need.level) for need in both.requirements] == [("C", 2)]
    assert both.minutes == 50


def test_visit_has_the_most_urgent_priority() -> None:
    """A flexible service in a visit of an essential one is not flexible any more."""
    (both,) = bundles_of("VITALS", "GROOM")
    assert both.priority is Priority.ESSENTIAL


def test_window_is_what_all_have_in_common() -> None:
    """The visit begins when each of its services may."""
    (both,) = bundles_of("HYG_DAILY", "VITALS")
    assert (both.earliest, both.latest) == (parse_clock("07:30"), parse_clock("09:30"))
    assert both.preferred_until == parse_clock("08:45")


def test_excluding_services_are_apart() -> None:
    """What excludes each other is never in one visit."""
    assert len(bundles_of("VITALS", "GROOM", excludes=("VITALS", "GROOM"))) == 2


def test_two_payers_make_two_visits() -> None:
    """A visit has one payer."""
    required = EVERYTHING.required(orders("VITALS", per_week=7), orders("GROOM", per_week=7))
    demands = [demand_of(required, "VITALS"), demand_of(required, "GROOM")]
    items = items_of(Client(id="C1", home=HOME), demands, CATALOGUE)
    paid = list(zip(items.values(), ("a", "b"), strict=True))
    assert [one.payer for one in bundled(paid, {}, lambda *_: False)] == ["a", "b"]


def test_visit_without_one_of_its_services() -> None:
    """What a ready visit gives is taken out of a visit, whose window widens again."""
    (both,) = bundles_of("HYG_DAILY", "VITALS")
    washing, signs = sorted(both.items, key=lambda item: item.demand.service)
    left = both.without([signs])
    assert left is not None
    assert (set(left.services), left.minutes) == ({"HYG_DAILY"}, 30)
    assert left.earliest == parse_clock("07:00")
    assert both.without([washing, signs]) is None
    assert both.without([]) is both


def test_strictest_limits_of_a_payer() -> None:
    """Where one payer grants twice, the longer least length and the shorter greatest one hold."""
    twice = limit(min_visit=30, max_visit=60, max_items=4), limit(min_visit=45, max_visit=90)
    allowed = limits_of(twice)["p"]
    assert allowed.shortest == 45 * MS_PER_MINUTE
    assert allowed.longest == 60 * MS_PER_MINUTE
    assert allowed.most_items == 4


@pytest.mark.parametrize(
    ("fields", "visits"),
    [
        ({}, 1),
        ({"max_items": 3}, 1),
        ({"max_items": 2}, 2),
        ({"max_items": 1}, 3),
        ({"max_visit": 70}, 1),  # 15 + 20 + 25 minutes, and 10 for arrival and notes
        ({"max_visit": 69}, 2),
        ({"max_visit": 10}, 3),  # one service is never cut in two
    ],
)
def test_limits_of_a_payer(fields: dict[str, int], visits: int) -> None:
    """What is longer, or more, than a payer allows becomes several visits."""
    assert len(bundles_of("VITALS", "GROOM", "HYG_SHAMPOO", limit=limit(**fields))) == visits


def window_of(service: str, name: str, client: Client) -> tuple[str, str]:
    """Return a window of a service at a client's."""
    window = next(window for window in SERVICES[service].windows if window.name == name)
    return clock(start_window(client, window, SERVICES[service], CATALOGUE))


@pytest.mark.parametrize(
    ("breakfast", "window"),
    [
        ("07:15", ("06:45", "07:15")),
        ("06:00", ("05:30", "06:00")),
        ("09:10", ("08:40", "09:10")),
        ("00:10", ("00:00", "00:10")),  # never before the day begins
    ],
)
def test_injection_moves_with_breakfast(breakfast: str, window: tuple[str, str]) -> None:
    """The injection begins in the half hour before the client's own breakfast."""
    client = Client(id="C1", home=HOME, meals=meals(breakfast, "11:30", "17:15"))
    assert window_of("INSULIN_INJ", "breakfast", client) == window


def test_window_ends_with_the_day() -> None:
    """A late dinner moves nothing beyond midnight."""
    client = Client(id="C1", home=HOME, meals=meals("07:15", "11:30", "23:50"))
    assert window_of("MED_ADMIN", "dinner", client) == ("23:50", "24:00")


@pytest.mark.parametrize(
    ("breakfast", "window"),
    [
        ("07:15", ("09:00", "10:45")),  # ready at 08:35
        ("07:50", ("09:10", "10:45")),  # 20 minutes of eating, 60 of rest
        ("08:30", ("09:50", "10:45")),
        ("09:00", ("10:20", "10:45")),
        ("09:25", ("09:00", "09:24")),  # 25 minutes before it rather than none after it
        ("10:00", ("09:00", "09:59")),  # before breakfast rather than at 11:20
        ("10:45", ("09:00", "10:44")),
        ("10:46", ("09:00", "10:45")),
    ],
)
def test_bath_keeps_away_from_meals(breakfast: str, window: tuple[str, str]) -> None:
    """No bath begins within 60 minutes after a meal, however late that is."""
    client = Client(id="C1", home=HOME, meals=meals(breakfast, "12:30", "17:15"))
    start, end = window_of("HYG_BATH", "morning", client)
    eats = parse_clock(breakfast)
    ready = eats + 80 * MS_PER_MINUTE
    for minute in range(parse_clock(start), parse_clock(end) + 1, MS_PER_MINUTE):
        assert minute < eats or minute >= ready
    assert (start, end) == window


def test_bath_waits_if_meals_fill_its_window() -> None:
    """Where the window has no minute that suits, the bath waits for the end of the rest."""
    window = DayWindow.model_validate({"name": "x", "earliest": "09:00", "latest": "09:30"})
    client = Client(id="C1", home=HOME, meals=meals("08:55", "11:30", "17:15"))
    assert clock(start_window(client, window, SERVICES["HYG_BATH"], CATALOGUE)) == (
        "10:15",
        "10:15",
    )


def test_usual_hour_is_preferred() -> None:
    """A client with a usual hour prefers it, where the window holds it and no meal decides."""
    client = Client(id="C1", home=HOME, usual_start=parse_clock("10:00"))
    (one,) = bundles_of("GROOM", client=client)
    assert one.preferred_until == parse_clock("10:30")
    (meal,) = bundles_of("MED_ADMIN", client=client)
    assert meal.preferred_until == parse_clock("07:45")


def test_ready_visit_takes_the_nearest_place() -> None:
    """A ready visit gives one item, the one whose time is nearest."""
    required = Known().required(orders("FEED_ASSIST", per_week=7, per_day=3))
    demands = [demand_of(required, "FEED_ASSIST")]
    items = list(items_of(Client(id="C1", home=HOME), demands, CATALOGUE).values())
    for at, left in [
        ("07:00", ["lunch", "dinner"]),
        ("12:00", ["breakfast", "dinner"]),
        ("19:00", ["breakfast", "lunch"]),
    ]:
        ready = ready_visit("FEED_ASSIST", at, at)
        rest, used = without_given(items, [(ready, "FEED_ASSIST"), (ready, "GROOM")])
        assert sorted(item.window for item in rest) == sorted(left)
        assert used == [(ready, "FEED_ASSIST")]
