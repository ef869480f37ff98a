"""What rules and care plans ask for: every rule on both sides, and what they do together."""

from __future__ import annotations

import pytest

from optimizer.domain.care_plan import CarePlanItem
from optimizer.domain.client import Flag
from optimizer.domain.policy import Priority
from optimizer.needs.book import Book
from optimizer.needs.conditions import all_hold
from optimizer.needs.required import Refusal, Requirements, required_services
from optimizer.needs.rules import NeedRule
from tests.needs.tables import ALONE, BARRED, IMPOSSIBLE, NEIGHBOURS, RULES
from tests.needs.worlds import (
    BOOK,
    MONDAY,
    Known,
    all_tests,
    days_ago,
    demand_of,
    fell,
    has,
    needs_of,
    orders,
    plan,
)

BY_ID: dict[str, NeedRule] = {rule.id: rule for rule in BOOK.rules.rules}
SERVICES = BOOK.catalogue.services


def book_of(*ids: str) -> Book:
    """Return the book with some of its rules only."""
    rules = tuple(rule for rule in BOOK.rules.rules if rule.id in ids)
    return Book(BOOK.catalogue, BOOK.rules.model_copy(update={"rules": rules}))


def told(required: Requirements) -> str:
    """Return services with days in four weeks and times on such a day, as the table has them."""
    return ", ".join(f"{d.service} {len(d.days)}x{len(d.windows)}" for d in required.demands)


@pytest.mark.parametrize(("rule", "known", "services"), RULES)
def test_what_a_rule_asks_for(rule: str, known: Known, services: str) -> None:
    """Each rule, alone in its book, asks for these services on so many days so many times."""
    required = known.required(book=book_of(rule))
    assert told(required) == services
    assert {trace.rule for demand in required.demands for trace in demand.traces} <= {rule}
    assert required.notes == BY_ID[rule].notes
    assert [alert for alert, _ in required.alerts] == [
        alert for alert in [BY_ID[rule].alert] if alert is not None
    ]


@pytest.mark.parametrize(("rule", "known"), NEIGHBOURS.items())
def test_whom_a_rule_spares(rule: str, known: Known) -> None:
    """Of a record just beside it a rule asks nothing."""
    assert known.required(book=book_of(rule)) == Requirements(demands=())


def test_tables_are_complete() -> None:
    """Every rule, every service it adds, every contraindication, every impossible pair is tried."""
    assert {rule for rule, _, _ in RULES} == set(NEIGHBOURS) == set(BY_ID)
    assert set(BARRED) == {one.id for one in BOOK.rules.contraindications}
    assert set(IMPOSSIBLE) == {one.id for one in BOOK.rules.impossible}
    tried = {
        (rule, number)
        for rule, known, _ in RULES
        for number, add in enumerate(BY_ID[rule].adds)
        if all_hold(add.when, known.facts()) is not None
    }
    assert tried == {(rule.id, n) for rule in BOOK.rules.rules for n, _ in enumerate(rule.adds)}


def test_codes_have_words() -> None:
    """Notes and alerts have words in both languages, and no word is left over."""
    notes = {note for rule in BOOK.rules.rules for note in rule.notes}
    assert notes == set(BOOK.rules.notes)
    alerts = {rule.alert for rule in BOOK.rules.rules if rule.alert}
    assert alerts == set(BOOK.rules.alerts)
    alerts = {gap.alert for service in SERVICES.values() for gap in service.gaps if gap.alert}
    assert alerts == set(BOOK.catalogue.alerts)


def test_rules_name_what_exists() -> None:
    """Services, windows and items that rules and the catalogue name are there."""
    items = Known(items={}).facts().items
    assert items == {}
    from optimizer.needs.scales import load_scales

    known = set(load_scales()["gbt42195"].items)
    tests = [
        *(test for rule in BOOK.rules.rules for test in rule.when),
        *(test for rule in BOOK.rules.rules for add in rule.adds for test in add.when),
        *(test for rule in BOOK.rules.contraindications for test in rule.when),
        *(test for rule in BOOK.rules.impossible for test in rule.when),
        *(test for service in SERVICES.values() for test in service.two_carers),
    ]
    assert {test.item for test in all_tests(tests) if test.item is not None} <= known
    for rule in BOOK.rules.rules:
        for add in rule.adds:
            names = {window.name for window in SERVICES[add.service].windows}
            assert set(add.windows) <= names
            assert add.per_day <= len(names)
        for change in rule.changes:
            assert set(change.services) <= {*SERVICES, "*"}
        for follow in rule.follows:
            assert {follow.first, follow.second} <= set(SERVICES)
    for bar in BOOK.rules.contraindications:
        assert set(bar.bars) <= set(SERVICES)


@pytest.mark.parametrize(
    ("known", "few_carers"),
    [
        (Known(), 1),
        (Known(has("dementia")), 3),
        (Known(has("depression")), 2),
        (Known(has("cancer_palliative")), 2),
        (Known(has("infectious_disease")), 2),
        (Known(has("dementia", "depression")), 3),  # the most of them, not their sum
    ],
)
def test_few_carers(known: Known, few_carers: int) -> None:
    """Whoever must know those who come has a weight for it."""
    assert known.required().few_carers == few_carers


def test_people_with_dementia_are_to_see_two_at_most() -> None:
    """The rule for dementia caps different caregivers; others only weigh them."""
    assert Known(has("dementia")).required().most_carers == 2
    assert Known(has("dementia", "depression")).required().most_carers == 2
    assert Known(has("depression")).required().most_carers is None


@pytest.mark.parametrize(
    ("known", "flags"),
    [
        (Known(has("infectious_disease")), ("infectious",)),
        (Known(client={"flags": ("infectious",)}), ("infectious",)),
        (Known(has("aggression", since=days_ago(1))), ("aggressive",)),
        (Known(has("aggression", since=days_ago(32))), ()),
    ],
)
def test_flags(known: Known, flags: tuple[str, ...]) -> None:
    """Infection and aggression mark the client."""
    assert known.required().flags == flags


def test_two_hourly_turning_is_no_visit() -> None:
    """However much turning is asked for, there are two visits a day and, if alone, an alert."""
    worst = Known(
        has("pressure_injury", stage=4),
        items={"walking": 0, "bed_positioning": 0},
        client=ALONE,
    )
    order = orders("TURN_SKIN", per_week=7, per_day=6)
    required = worst.required(order)
    assert len(demand_of(required, "TURN_SKIN").windows) == 2
    assert [alert for alert, _ in required.alerts] == ["unsafe_at_home"]
    assert required.alerts[0][1].fields == ("assessments.0.item_scores.bed_positioning", "living")
    with_somebody = Known(worst.conditions, items=worst.items, client={"living": "spouse"})
    assert with_somebody.required(order).alerts == ()


BARRED_ROWS = [(rule, *row) for rule, rows in BARRED.items() for row in rows]


@pytest.mark.parametrize(("rule", "service", "known", "_"), BARRED_ROWS)
def test_contraindications(rule: str, service: str, known: Known, _: Known) -> None:
    """A care plan that orders what must not be given is refused, with the reason."""
    required = known.required(orders(service, per_week=1))
    assert Refusal(service, rule) in required.refusals
    assert service not in {demand.service for demand in required.demands}


@pytest.mark.parametrize(("_", "service", "__", "known"), BARRED_ROWS)
def test_no_contraindication(_: str, service: str, __: Known, known: Known) -> None:
    """Beside the boundary the same care plan is followed."""
    required = known.required(orders(service, per_week=1))
    assert service not in {refusal.service for refusal in required.refusals}
    assert demand_of(required, service).days


@pytest.mark.parametrize(("rule", "pair"), IMPOSSIBLE.items())
def test_impossible_records(rule: str, pair: tuple[Known, Known]) -> None:
    """Each impossible combination is found, and the possible one beside it is not."""
    tests = next(one.when for one in BOOK.rules.impossible if one.id == rule)
    assert all_hold(tests, pair[0].facts()) is not None
    assert all_hold(tests, pair[1].facts()) is None


FALLS = fell(1, 2)
LIFTED = ("HYG_BATH", "HYG_BEDBATH", "HYG_DAILY", "TURN_SKIN", "TOILET_CONT", "TRANSFER")
"What the table of two carers treats alike."
HOIST = ("hoist",)
TWO_CARERS: list[tuple[str, str, Known, int]] = [
    # row of the table, service, record, carers
    *(("P01", service, Known(items={"transfer": 0}), 2) for service in LIFTED),
    *(("P01", service, Known(items={"transfer": 0}, devices=HOIST), 1) for service in LIFTED),
    *(("P01", service, Known(items={"transfer": 1}), 1) for service in LIFTED[1:]),
    ("P02", "HYG_BATH", Known(items={"transfer": 1}), 2),
    ("P02", "HYG_BATH", Known(items={"transfer": 2}), 1),
    ("P02", "HYG_BATH", Known(items={"transfer": 1}, devices=HOIST), 1),
    # Who walks is bathed by one, whatever raises the tier.
    ("P02", "HYG_BATH", Known(has("dementia"), grade=4, items={"transfer": 4}), 1),
    *(("P03", service, Known(items={"transfer": 1}, weight=81), 2) for service in LIFTED),
    *(("P03", service, Known(items={"transfer": 2}, weight=81), 1) for service in LIFTED[:3]),
    *(("P03", service, Known(items={"transfer": 1}, weight=80), 1) for service in LIFTED[1:]),
    ("P03", "HYG_DAILY", Known(items={"transfer": 1}, weight=81, devices=HOIST), 1),
    ("P04", "TURN_SKIN", Known(items={"transfer": 1}, weight=81, devices=HOIST), 2),
    ("P04", "TURN_SKIN", Known(items={"transfer": 4, "bed_positioning": 3}, weight=99), 1),
    ("P04", "TURN_SKIN", Known(grade=4), 2),
    ("P04", "TURN_SKIN", Known(grade=3), 1),
    *(("P05", service, Known(grade=4), 2) for service in LIFTED),
    *(("P05", service, Known(grade=4, items={"transfer": 2}), 1) for service in LIFTED),
    *(("P05", service, Known(grade=3), 1) for service in LIFTED[1:]),
    ("P06", "HYG_BATH", Known(grade=3), 2),
    ("P06", "HYG_BATH", Known(grade=2), 1),
    ("P06", "HYG_BATH", Known(grade=3, devices=HOIST), 1),
    *(
        ("P07", "WOUND_PI", Known(has("pressure_injury", stage=stage), items=items), carers)
        for stage, items, carers in (
            (3, {"bed_positioning": 1}, 2),
            (2, {"bed_positioning": 0}, 1),
            (3, {"bed_positioning": 2}, 1),
        )
    ),
    ("P08", "REHAB_TRAIN", Known(items={"walking": 1}, events=FALLS), 2),
    ("P08", "REHAB_TRAIN", Known(items={"walking": 2}, events=FALLS), 1),
    ("P08", "REHAB_TRAIN", Known(items={"walking": 1}, events=fell(1)), 1),
    ("P09", "ESCORT_MED", Known(items={"stairs": 0}, devices=("wheelchair",)), 2),
    ("P09", "ESCORT_MED", Known(items={"stairs": 0, "walking": 0}), 2),
    ("P09", "ESCORT_MED", Known(items={"stairs": 1}, devices=("wheelchair",)), 1),
    ("P09", "ESCORT_MED", Known(items={"stairs": 0}), 1),
]


@pytest.mark.parametrize(("_", "service", "known", "carers"), TWO_CARERS)
def test_two_carers(_: str, service: str, known: Known, carers: int) -> None:
    """Two come by transfer, weight, equipment and tier, for bath, bed bath, turning and washing.

    Sources: Modified Barthel index, transfer 0, two attendants; Barthel index, transfer 5, two or
    one strong and skilled. Weight, hoist, tier and what is held beside a wound: judgement.
    """
    demand = demand_of(known.required(orders(service, per_week=1)), service)
    assert len(demand.requirements) == carers
    second = SERVICES[service].second or SERVICES[service].needs
    if carers == 2:
        assert demand.requirements[1].code == second.split("/")[0]


def test_two_carer_table_is_complete() -> None:
    """Each row of the table is tried for each of its services, with one carer and with two."""
    tried = {(row, service) for row, service, _, _ in TWO_CARERS}
    assert {(row.id, code) for row in BOOK.catalogue.two_carers for code in row.services} <= tried
    for row in BOOK.catalogue.two_carers:
        assert {carers for name, _, _, carers in TWO_CARERS if name == row.id} == {1, 2}


@pytest.mark.parametrize(
    ("service", "known", "grade"),
    [
        ("GROOM", Known(has("hypertension")), ("C", 1)),
        ("GROOM", Known(has("diabetes_oral")), ("C", 2)),  # a diabetic's nails
        ("GROOM", Known(has("diabetes_insulin")), ("C", 2)),
        ("FEED_ASSIST", Known(has("hypertension")), ("C", 1)),
        ("FEED_ASSIST", Known(has("dysphagia")), ("C", 2)),
        ("FEED_ASSIST", Known(items={"eating": 2}), ("C", 2)),  # chokes every month
        ("GLUCOSE", Known(has("diabetes_insulin")), ("N", 1)),  # in the nurse's visit
        ("PSY_COMFORT", Known(has("hypertension")), ("VOL", 1)),
        ("PSY_COMFORT", Known(has("self_harm")), ("SW", 1)),
        ("SAFE_VISIT", Known(has("self_harm")), ("C", 1)),
        ("SAFE_VISIT", Known(items={"aggression": 0}), ("C", 1)),
        ("SAFE_VISIT", Known(has("mental_disorder")), ("C", 1)),
        ("PSY_COMFORT", Known(has("aggression", since=days_ago(3))), ("C", 1)),  # no volunteer
        ("HYG_BATH", Known(has("aggression", since=days_ago(3))), ("C", 2)),  # never a lower one
    ],
)
def test_higher_qualification(service: str, known: Known, grade: tuple[str, int]) -> None:
    """Some conditions ask for a higher qualification than usual, none for a lower one."""
    demand = demand_of(known.required(orders(service, per_week=1)), service)
    assert (demand.requirements[0].code, demand.requirements[0].level) == grade


def test_parkinson_takes_a_quarter_longer() -> None:
    """What is done with the client lasts 125 per cent, rounded up, and housekeeping does not.

    Source: judgement; slowed movement slows what the client takes part in.
    """
    known = Known(has("parkinson"))
    rule = BY_ID["R15"]
    slower = {
        code for change in rule.changes if change.minutes_percent > 100 for code in change.services
    }
    assert {"HYG_BATH", "FEED_ASSIST", "REHAB_TRAIN"} < slower
    for code, service in SERVICES.items():
        if not service.rostered or code in {row for rows in BARRED.values() for row, *_ in rows}:
            continue
        demand = demand_of(known.required(orders(code, per_week=1)), code)
        usual, least = service.minutes // 60_000, (service.shortest or service.minutes) // 60_000
        if code in slower:
            usual, least = -(-usual * 5 // 4), -(-least * 5 // 4)
        assert (demand.minutes, demand.shortest) == (usual, least)


def test_care_plan_beside_rules() -> None:
    """Where rule and plan ask for one service the more frequent one decides, and both are told."""
    known = Known(has("dementia"))
    by_rule = demand_of(known.required(), "COG_TRAIN")
    more = demand_of(known.required(orders("COG_TRAIN", per_week=5, minutes=40)), "COG_TRAIN")
    fewer = demand_of(known.required(orders("COG_TRAIN", per_four_weeks=1)), "COG_TRAIN")
    assert (len(more.days), more.minutes) == (20, 40)
    assert [trace.rule for trace in more.traces] == ["R12", "care_plan"]
    assert more.traces[1].fields == ("items.0",)
    assert more.traces[1].recorded_on == days_ago(5)
    assert fewer.days == by_rule.days
    assert set(by_rule.days) < set(more.days)  # more care never moves what was there


def test_times_of_day_are_kept_or_counted() -> None:
    """Times that rules name add up; where one names none, the most times a day decide."""
    known = Known(has("diabetes_insulin", "dysphagia"), items={"eating": 0})
    feed = demand_of(known.required(orders("FEED_ASSIST", per_week=1)), "FEED_ASSIST")
    assert sorted(window.name for window in feed.windows) == ["breakfast", "dinner", "lunch"]
    hip = Known(has("hip_fracture", since=days_ago(20)), items={"bathing": 0}, events=fell(1, 2))
    bath = demand_of(hip.required(orders("HYG_BATH", per_week=1)), "HYG_BATH")
    assert {trace.rule for trace in bath.traces} == {"R16", "R23", "B04", "care_plan"}
    assert len(bath.windows) == 1  # and not one bath for each rule


def test_care_plan_alone() -> None:
    """A plan of several items asks for each, without any record."""
    ordered = plan(
        CarePlanItem(service="CLEAN_HOME", per_week=2),
        CarePlanItem(service="PICC_CARE", per_week=1),
        CarePlanItem(service="EMERG", per_week=1),
    )
    required = Known(devices=("picc",)).required(ordered)
    assert told(required) == "PICC_CARE 4x1, CLEAN_HOME 8x1"  # what is in reserve is not planned


def test_short_order_of_a_plan() -> None:
    """Minutes that a plan orders are never more than the shortest ones it accepts."""
    demand = demand_of(Known().required(orders("HYG_BATH", per_week=1, minutes=30)), "HYG_BATH")
    assert (demand.minutes, demand.shortest) == (30, 30)


def test_dialysis_days_are_quiet() -> None:
    """On days of dialysis there is nothing that other days have room for; daily care goes on.

    Source: judgement; whoever comes home from dialysis is tired, and hungry.
    """
    known = Known(
        has("dialysis", weekdays=(1, 3, 5)) + has("diabetes_insulin", "dementia"),
        items={"bathing": 1, "daily_affairs": 1, "dressing_lower": 0},
    )
    required = known.required(orders("CLEAN_HOME", per_week=4), orders("TURN_SKIN", per_week=7))
    weekdays = {d.service: {day % 7 + 1 for day in d.days} for d in required.demands}
    assert weekdays["ESCORT_MED"] == {1, 3, 5}
    assert weekdays["INSULIN_INJ"] == weekdays["TURN_SKIN"] == set(range(1, 8))
    assert weekdays["MEAL_DELIVER"] == weekdays["HYG_DAILY"] | {2, 4, 6, 7} == set(range(1, 8))
    for code in ("HYG_BATH", "HYG_SHAMPOO", "CLEAN_HOME", "COG_TRAIN", "GROOM"):
        assert not weekdays[code] & {1, 3, 5}


def test_a_rule_may_block_days() -> None:
    """Where a district's own rule blocks the days of a condition, only critical care is there."""
    blocking = BY_ID["R20"].model_copy(update={"blocks": True, "session": None})
    book = Book(
        BOOK.catalogue,
        BOOK.rules.model_copy(update={"rules": (blocking, BY_ID["R03"])}),
    )
    known = Known(has("dialysis", weekdays=(1, 3, 5)) + has("diabetes_insulin"))
    required = known.required(orders("TURN_SKIN", per_week=7), book=book)
    weekdays = {d.service: {day % 7 + 1 for day in d.days} for d in required.demands}
    assert weekdays["TURN_SKIN"] == {2, 4, 6, 7}
    assert weekdays["INSULIN_INJ"] == set(range(1, 8))


def test_excluding_services_take_days_of_their_own() -> None:
    """Bath, bed bath and morning care, each making the next one needless, share no day."""
    for number in range(28):
        known = Known(items={"walking": 0, "bed_positioning": 0, "bathing": 0}, grade=4)
        client = known.person(f"C{number}")
        from optimizer.needs.required import required_services

        required = required_services(
            client.id, known.facts(), [orders("HYG_BEDBATH", per_week=3)], BOOK
        )
        bath, bed, daily = (
            set(demand_of(required, code).days) for code in ("HYG_BATH", "HYG_BEDBATH", "HYG_DAILY")
        )
        assert not bath & bed
        assert not (bath | bed) & daily
        assert len(bed) == 12


def test_meal_is_as_urgent_as_the_injection() -> None:
    """The meal after insulin is paid for right after the injection, and is critical like it."""
    required = Known(has("diabetes_insulin"), items={"eating": 0, "bathing": 0}).required()
    first, second = required.demands[:2]
    assert (first.service, second.service) == ("INSULIN_INJ", "FEED_ASSIST")
    assert second.priority_at("breakfast") is Priority.CRITICAL
    assert second.priority_at("lunch") is Priority.ESSENTIAL  # no injection goes before it
    without = Known(has("dysphagia")).required()
    assert demand_of(without, "FEED_ASSIST").priority is Priority.ESSENTIAL


def test_demands_come_by_importance() -> None:
    """Critical services stand before essential ones, these before flexible ones."""
    required = Known(has("diabetes_insulin", "dementia", "stroke_hemiplegia"), grade=4).required()
    order = [Priority.CRITICAL, Priority.ESSENTIAL, Priority.FLEXIBLE]
    places = [order.index(demand.most_urgent) for demand in required.demands]
    assert places == sorted(places)
    assert set(places) == {0, 1, 2}


def test_no_record_asks_for_nothing() -> None:
    """An empty record has no needs, no notes and no alerts."""
    assert Known().required() == Requirements(demands=())


def test_reasons_name_the_record() -> None:
    """A reason says the rule, the fields it saw and the latest day of these."""
    demand = demand_of(Known(has("hypertension"), grade=2).required(), "VITALS")
    assert demand.traces[0].fields == ("conditions.0",)
    assert demand.traces[0].recorded_on == MONDAY
    assert demand.traces[1].fields == ("conditions.0", "assessments.0")


def test_client_gets_flags_and_continuity() -> None:
    """What the record says of who may come is on the client that the engine sees."""
    known = Known(has("infectious_disease", "dementia"), score=89, client={"continuity": 2})
    from tests.needs.worlds import derived

    client = derived(known.person()).scenario.clients[0]
    assert client.flags == (Flag.INFECTIOUS,)
    assert client.continuity == 3
    assert client.need_tier == 2
    assert client.health_record is None
    assert needs_of(known).requirements.few_carers == 3


def test_clients_are_spread_over_windows_that_are_as_good_as_each_other() -> None:
    """Baths of many clients fall on both windows, insulin of all of them before breakfast."""
    ordered = orders("HYG_BATH", per_week=1)
    baths, injections = set(), set()
    for number in range(20):
        facts = Known(has("diabetes_insulin", per_day=1), items={"bathing": 4}).facts()
        needed = required_services(f"C{number}", facts, [ordered], BOOK)
        windows = {demand.service: demand.windows for demand in needed.demands}
        baths.add(windows["HYG_BATH"][0].name)
        injections.add(windows["INSULIN_INJ"][0].name)
    assert (baths, injections) == ({"morning", "afternoon"}, {"breakfast"})
