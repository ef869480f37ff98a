"""Bad scenarios of every kind: one clear line each, with its code and its place."""

from __future__ import annotations

import re

import pytest

from optimizer.errors import Fault, InvalidDocument, UnsupportedVersion
from optimizer.formats import parse_scenario
from tests.formats.documents import (
    DAY,
    Change,
    Document,
    both,
    changed,
    coupling,
    drop,
    matrix_scenario,
    published,
    put,
    sound_scenario,
    visit,
)

LATER = "2026-03-03"
OUTSIDE = "2026-04-01"
ZONE = {"id": "Z", "centre": {"lat": 30, "lon": 121}, "radius_km": 1, "road_factor": 2}


def faults_of(text: str | bytes) -> tuple[Fault, ...]:
    """Return the faults of a document that must have some."""
    with pytest.raises(InvalidDocument) as caught:
        parse_scenario(text, "village.json")
    assert caught.value.exit_code == 3
    assert str(caught.value).startswith("village.json has ")
    return caught.value.faults


def require_one(faults: tuple[Fault, ...], code: str, path: str) -> None:
    """Require exactly one fault, of this code and place, as one readable line."""
    assert [(fault.code, fault.path) for fault in faults] == [(code, path)]
    message = faults[0].message
    assert message.isprintable()
    assert message[-1] in ".?"
    assert 10 < len(message) < 220
    assert not re.search(r"pydantic|Input should|Traceback|Value error", message)


def spring(document: Document) -> None:
    """Let it be a week-end at the end of which clocks are put from 02:00 to 03:00."""
    document["time_zone"] = "Europe/Berlin"
    document["horizon"] = {"start": "2026-03-28", "days": 2}
    document["visits"][0]["dates"] = ["2026-03-29"]
    first, second = document["caregivers"]
    first["shifts"] = [{"date": "2026-03-29", "start": "03:00", "end": "12:00"}]
    second["shifts"] = [{"date": "2026-03-28", "start": "18:00", "end": "24:00"}]


CLOCKS: list[tuple[Change, str, str]] = [
    (put("caregivers.0.shifts.0.start", "02:30"), "no-such-time", "caregivers[0].shifts[0].start"),
    (put("caregivers.0.shifts.0.start", "01:00"), "over-clock-change", "caregivers[0].shifts[0]"),
    (put("visits.0.window.earliest", "02:00"), "no-such-time", "visits[0].window.earliest"),
    (put("visits.0.pin", {"start": "02:59"}), "no-such-time", "visits[0].pin.start"),
    (
        both(
            put("visits.0.window", {"earliest": "01:00", "latest": "01:30"}),
            coupling("after", "V1", "V2", min_gap=60),
        ),
        "over-clock-change",
        "couplings[0]",
    ),
    (
        both(
            put("horizon.start", "2026-10-25"),
            put("visits.0.dates", []),
            put("caregivers.0.shifts.0", {"date": "2026-10-25", "start": "02:30", "end": "06:00"}),
        ),
        "over-clock-change",
        "caregivers[0].shifts[0]",
    ),
    (
        put("caregivers.1.shifts.0", {"date": "2026-03-28", "start": "22:00", "end": "03:00+1"}),
        "over-clock-change",
        "caregivers[1].shifts[0]",
    ),
]


@pytest.mark.parametrize(("change", "code", "path"), CLOCKS)
def test_times_while_clocks_are_changed(change: Change, code: str, path: str) -> None:
    """Nothing is planned at a time that no clock shows, and no shift goes over the change."""
    faults = faults_of(changed(sound_scenario(), both(spring, change)))
    assert [(fault.code, fault.path) for fault in faults] == [(code, path)]


def test_days_when_clocks_are_changed_are_planned() -> None:
    """Shifts before and after the change, and windows of other days at its hour, are sound."""
    early = both(
        put("caregivers.1.shifts.+", {"date": "2026-03-29", "start": "00:00", "end": "02:00"}),
        put("visits.1.window", {"earliest": "02:15", "latest": "02:45"}),
        put("visits.1.preferred_until", "02:30"),
    )
    assert parse_scenario(changed(sound_scenario(), both(spring, early))).horizon.days == 2


TEXTS: list[tuple[str | bytes, str, str]] = [
    ("", "empty-document", ""),  # no byte at all
    ("  \n", "empty-document", ""),  # blanks only
    (b"\xff\xfe{\x00}\x00", "not-utf8", ""),  # UTF-16, as some editors save
    ('{"id": "镇海"}'.encode("gbk"), "not-utf8", ""),  # a Chinese legacy encoding
    ('{"id": "x"', "bad-json", ""),  # cut off
    ('{"id": "x",}', "bad-json", ""),  # comma too many
    ("{'id': 'x'}", "bad-json", ""),  # single quotes
    ('{"id": "\\ud800"}', "bad-json", ""),  # half of a character
    ('{"id": ' + "1" * 5000 + "}", "bad-json", ""),  # a number without end
    ("[" * 100_000, "too-deep", ""),  # would end an unguarded parser
    ('{"id": ' + "[" * 80 + "]" * 80 + "}", "too-deep", ""),  # parses, but is no scenario
    ("[1, 2]", "not-an-object", ""),  # a list
    ("null", "not-an-object", ""),  # nothing
    ('{"format": "homecare-plan"}', "wrong-format", "format"),  # a plan
    ('{"format": 1}', "wrong-format", "format"),  # no name of a format
]

FIELDS: list[tuple[Change, str, str]] = [
    (drop("id"), "missing-field", "id"),  # at the top
    (drop("clients"), "missing-field", "clients"),  # a whole list
    (drop("horizon"), "missing-field", "horizon"),  # an object
    (drop("clients.1.home.lat"), "missing-field", "clients[1].home.lat"),  # deep inside
    (put("travel", {"kind": "matrix"}), "missing-field", "travel.minutes"),  # in an alternative
    (put("depot", 1), "unknown-field", "depot"),  # at the top
    (put("visits.0.windw", 1), "unknown-field", "visits[0].windw"),  # misspelt
    (put("a b\nc", 1), "unknown-field", '["a b\\nc"]'),  # no plain key
    (put("clients", {}), "wrong-type", "clients"),  # object for list
    (put("history.0", "C1"), "wrong-type", "history[0]"),  # text for object
    (put("id", 7), "wrong-type", "id"),  # number for text
    (put("horizon.days", "2"), "wrong-type", "horizon.days"),  # text for whole number
    (put("horizon.days", 1.5), "wrong-type", "horizon.days"),  # half a day
    (put("visits.0.mandatory", "yes"), "wrong-type", "visits[0].mandatory"),  # text for a switch
    (put("clients.0.home.lat", "29.9"), "wrong-type", "clients[0].home.lat"),  # text for number
    (put("policy", {"weights": None}), "wrong-type", "policy.weights"),  # null for object
    (put("visits.0.priority", "high"), "wrong-choice", "visits[0].priority"),  # not in the list
    (put("ticks_per_minute", 30), "wrong-choice", "ticks_per_minute"),  # not offered
    (put("version", 1), "wrong-choice", "version"),  # number for text
    (put("travel", {}), "wrong-choice", "travel.kind"),  # which kind is not told
    (put("travel", {"kind": "road"}), "wrong-choice", "travel.kind"),  # no such kind
    (
        put("travel", {"kind": "geodesic", "speeds": {"boat": {"kmh": 9, "access": 1}}}),
        "wrong-choice",
        "travel.speeds.boat",
    ),  # no such mode as a key
    (put("visits.0.carers", []), "wrong-count", "visits[0].carers"),  # no carer
    (
        put("visits.0.carers", [{"minutes": 9}] * 3),
        "wrong-count",
        "visits[0].carers",
    ),  # three carers
    (put("horizon.days", 0), "out-of-range", "horizon.days"),  # too small
    (put("horizon.days", 99), "out-of-range", "horizon.days"),  # too large
    (put("clients.0.home.lat", 121.7), "out-of-range", "clients[0].home.lat"),  # swapped with lon
    (put("travel", {"kind": "geodesic", "road_factor": 0.5}), "out-of-range", "travel.road_factor"),
    (put("visits.0.id", "V 1"), "bad-text", "visits[0].id"),  # a blank in an id
    (put("visits.0.id", ""), "bad-text", "visits[0].id"),  # an empty id
    (put("visits.0.id", "V" * 81), "bad-text", "visits[0].id"),  # too long
    (put("visits.0.services.0", "a, b"), "bad-text", "visits[0].services[0]"),  # two in one
    (put("horizon.start", "2.3.2026"), "bad-date", "horizon.start"),  # another way of dates
    (put("horizon.start", "2026-02-30"), "bad-date", "horizon.start"),  # no such day
    (put("horizon.start", 20260302), "bad-date", "horizon.start"),  # a number
    (put("visits.0.window.latest", "8.30"), "bad-clock", "visits[0].window.latest"),  # a dot
    (put("visits.0.window.latest", "25:00"), "bad-clock", "visits[0].window.latest"),  # tomorrow
    (put("visits.0.window.latest", 480), "bad-clock", "visits[0].window.latest"),  # minutes
    (
        put("visits.0.carers.0.minutes", "30"),
        "bad-minutes",
        "visits[0].carers[0].minutes",
    ),  # text for minutes
    (
        put("visits.0.carers.0.minutes", -5),
        "bad-minutes",
        "visits[0].carers[0].minutes",
    ),  # negative
    (put("clients.0.home.lat", float("nan")), "not-a-number", "clients[0].home.lat"),
    (put("policy", {"a": float("inf")}), "not-a-number", "policy.a"),  # in an unknown field
]


USUAL = {"earliest": "08:00", "latest": "09:00"}
REVERSED = {"earliest": "09:00", "latest": "08:00"}


def priced(**fields: object) -> Change:
    """Give the first contract a price book."""
    return both(*(put(f"contracts.0.{name}", value) for name, value in fields.items()))


def recurring(**fields: object) -> Change:
    """Let client C1 have a series with these fields."""
    usual = {
        "id": "S1",
        "client": "C1",
        "carers": [{"minutes": 30}],
        "window": USUAL,
    }
    return put("series", [{**usual, **fields}])


def exceptions(*rows: object) -> Change:
    """Let client C1 have a series with these exceptions."""
    return recurring(exceptions=list(rows))


SERIES: list[tuple[Change, str, str]] = [
    (recurring(client="C9"), "unknown-client", "series[0].client"),
    (recurring(payer="nobody"), "unknown-payer", "series[0].payer"),
    (recurring(carers=[{"minutes": 0}]), "empty-duration", "series[0].carers[0].minutes"),
    (recurring(window=REVERSED), "window-reversed",
     "series[0].window"),
    (recurring(usual_start="07:59"), "preferred-outside-window", "series[0].usual_start"),
    (recurring(usual_start="08:00:00.5"), "finer-than-a-tick", "series[0].usual_start"),
    (recurring(count=8), "spacing-impossible", "series[0].count"),
    (recurring(count=2, weekdays=[6, 7], min_days=2), "spacing-impossible", "series[0].count"),
    (recurring(min_days=8), "spacing-impossible", "series[0].min_days"),
    (recurring(count=2, max_days=3), "spacing-impossible", "series[0].max_days"),
    (recurring(min_days=5, max_days=4), "days-reversed", "series[0].max_days"),
    (recurring(weekdays=[1, 2], preferred_weekdays=[1, 3]), "spacing-impossible",
     "series[0].preferred_weekdays[1]"),
    (recurring(since="2026-03-09", until="2026-03-08"), "period-reversed", "series[0].until"),
    (recurring(done=["2026-03-01", DAY]), "done-within-horizon", "series[0].done[1]"),
    (exceptions({"kind": "moved", "start": "2026-03-04", "end": "2026-03-03"}),
     "period-reversed", "series[0].exceptions[0].end"),
    (exceptions({"kind": "moved", "start": DAY, "window": USUAL}),
     "exceptions-contradict", "series[0].exceptions[0].window"),
    (exceptions({"kind": "fixed", "start": DAY, "window": REVERSED}),
     "window-reversed", "series[0].exceptions[0].window"),
    (exceptions({"kind": "fixed", "start": DAY},
                {"kind": "moved", "start": "2026-03-01", "end": DAY}),
     "exceptions-contradict", "series[0].exceptions[1]"),
    (recurring(id="S" * 61), "bad-text", "series[0].id"),
    (recurring(weekdays=[0]), "out-of-range", "series[0].weekdays[0]"),
    (put("visits.0.preferred_dates", [OUTSIDE]), "date-outside-horizon",
     "visits[0].preferred_dates[0]"),
]  # fmt: skip

CROSS: list[tuple[Change, str, str]] = [
    *SERIES,
    (put("time_zone", "Asia/Zhenhai"), "bad-time-zone", "time_zone"),
    (put("caregivers.1.id", "G1"), "duplicate-id", "caregivers[1].id"),
    (put("visits.1.id", "V1"), "duplicate-id", "visits[1].id"),
    (put("organisations.+", {"id": "O1"}), "duplicate-id", "organisations[1].id"),
    (
        put("clients.0.entitlements.+", {"payer": "district", "unit": "minutes", "cap": 1}),
        "duplicate-entitlement",
        "clients[0].entitlements[1]",
    ),
    (put("visits.1.client", "C9"), "unknown-client", "visits[1].client"),
    (put("history.0.client", "C9"), "unknown-client", "history[0].client"),
    (
        put("visits.0.pin", {"caregivers": ["G9"]}),
        "unknown-caregiver",
        "visits[0].pin.caregivers[0]",
    ),
    (put("clients.0.organisation", "O9"), "unknown-organisation", "clients[0].organisation"),
    (put("caregivers.1.organisation", "O9"), "unknown-organisation", "caregivers[1].organisation"),
    (put("contracts.0.organisation", "O9"), "unknown-organisation", "contracts[0].organisation"),
    (put("visits.0.payer", "nobody"), "unknown-payer", "visits[0].payer"),
    (coupling("after", "V1", "V9"), "unknown-visit", "couplings[0].second"),
    (
        put("published", published("x", "V8", "V9")),
        "wrong-plan",
        "published.scenario",
    ),  # of another scenario: said once
    (put("pins", [{"visit": "V9"}]), "unknown-visit", "pins[0].visit"),
    (
        put("pins", [{"visit": "V1", "caregivers": ["G9"]}]),
        "unknown-caregiver",
        "pins[0].caregivers[0]",
    ),
    (
        put("pins", [{"visit": "V1", "caregivers": ["G1", "G2"]}]),
        "pin-too-many",
        "pins[0].caregivers",
    ),
    (
        put("pins", [{"visit": "V3", "caregivers": ["G1", "G1"]}]),
        "pin-repeated",
        "pins[0].caregivers",
    ),
    (put("pins", [{"visit": "V1", "date": OUTSIDE}]), "date-outside-horizon", "pins[0].date"),
    (put("pins", [{"visit": "V1", "start": "08:00:00.5"}]), "finer-than-a-tick", "pins[0].start"),
    (put("pins", [{"visit": "V1"}] * 2), "pinned-twice", "pins[1].visit"),
    (
        both(put("pins", [{"visit": "V1"}]), put("visits.0.pin", {"start": "08:00"})),
        "pinned-twice",
        "pins[0].visit",
    ),  # once by itself
    (put("visits.0.window.latest", "07:59"), "window-reversed", "visits[0].window"),
    (
        put("visits.1.preferred_until", "10:01"),
        "preferred-outside-window",
        "visits[1].preferred_until",
    ),
    (put("visits.0.carers.0.minutes", 0), "empty-duration", "visits[0].carers[0].minutes"),
    (put("visits.0.carers.0.shortest", 0), "empty-duration", "visits[0].carers[0].shortest"),
    (
        put("caregivers.0.break_rule.duration", 0),
        "empty-duration",
        "caregivers[0].break_rule.duration",
    ),
    (put("visits.2.carers.0.shortest", 61), "shortest-too-long", "visits[2].carers[0].shortest"),
    (put("visits.0.dates.+", OUTSIDE), "date-outside-horizon", "visits[0].dates[1]"),
    (put("visits.1.pin", {"date": OUTSIDE}), "date-outside-horizon", "visits[1].pin.date"),
    (put("caregivers.1.shifts.0.end", "08:00"), "shift-reversed", "caregivers[1].shifts[0]"),
    (put("caregivers.0.shifts.0.end", "13:01"), "shifts-overlap", "caregivers[0].shifts[1]"),
    (
        both(put("horizon.days", 2), put("caregivers.1.shifts.0.end", "12:01+1")),
        "out-of-range",
        "caregivers[1].shifts[0].end",
    ),
    (
        both(
            put("horizon.days", 2),
            put("caregivers.1.shifts.0.end", "06:00+1"),
            put("caregivers.1.shifts.+", {"date": "2026-03-03", "start": "05:59", "end": "14:00"}),
        ),
        "shifts-overlap",
        "caregivers[1].shifts[1]",
    ),
    (put("caregivers.0.break_rule.latest", "10:59"), "break-reversed", "caregivers[0].break_rule"),
    (put("contracts.0.end", "2025-12-31"), "period-reversed", "contracts[0].end"),
    (
        priced(prices=[{"service": "MEAL"}, {"service": "BATH"}, {"service": "MEAL"}]),
        "price-repeated",
        "contracts[0].prices[2].service",
    ),
    (
        priced(services=["MEAL"], prices=[{"service": "MEAL"}, {"service": "BATH"}]),
        "price-not-covered",
        "contracts[0].prices[1].service",
    ),
    (
        priced(services=["MEAL", "BATH"], prices=[{"service": "MEAL"}], fen_per_hour=0),
        "service-unpriced",
        "contracts[0].services[1]",
    ),
    (
        priced(towns=["T1"], surcharges=[{"kind": "far", "towns": ["T1", "T2"], "percent": 5}]),
        "price-not-covered",
        "contracts[0].surcharges[0].towns[1]",
    ),
    (
        priced(surcharges=[{"kind": "night", "start": "22:00"}]),
        "hours-incomplete",
        "contracts[0].surcharges[0].end",
    ),
    (
        priced(surcharges=[{"kind": "night", "start": "22:00", "end": "22:00"}]),
        "hours-incomplete",
        "contracts[0].surcharges[0]",
    ),
    (
        priced(surcharges=[{"kind": "night", "start": "22:00", "end": "06:00+1"}]),
        "hours-incomplete",
        "contracts[0].surcharges[0]",
    ),
    (
        priced(
            surcharges=[
                {"kind": "night", "start": "22:00", "end": "06:00", "percent": 50},
                {"kind": "weekend", "weekdays": [6, 7], "percent": 50},
                {"kind": "night", "start": "05:00", "end": "07:00", "percent": 20},
            ]
        ),
        "surcharges-overlap",
        "contracts[0].surcharges[2]",
    ),
    (
        priced(surcharges=[{"kind": "night", "percent": -5}]),
        "out-of-range",
        "contracts[0].surcharges[0].percent",
    ),
    (
        priced(prices=[{"service": "MEAL", "fen_per_hour": -1}]),
        "out-of-range",
        "contracts[0].prices[0].fen_per_hour",
    ),
    (
        priced(prices=[{"service": "MEAL", "fen_per_hour": 12.5}]),
        "wrong-type",
        "contracts[0].prices[0].fen_per_hour",
    ),
    (
        put("visits.0.window.earliest", "08:00:00.5"),
        "finer-than-a-tick",
        "visits[0].window.earliest",
    ),
    (
        both(put("ticks_per_minute", 1000), put("clients.0.usual_start", "08:00:00.1")),
        "finer-than-a-tick",
        "clients[0].usual_start",
    ),
    (
        put("visits.0.pin", {"caregivers": ["G1", "G2"]}),
        "pin-too-many",
        "visits[0].pin.caregivers",
    ),
    (
        put("visits.2.pin", {"caregivers": ["G1", "G1"]}),
        "pin-repeated",
        "visits[2].pin.caregivers",
    ),
    (coupling("apart", "V1", "V1"), "coupling-itself", "couplings[0].second"),
    (coupling("after", "V1", "V3"), "coupling-clients", "couplings[0]"),
    (
        both(coupling("apart", "V1", "V2", min_days=1), coupling("apart", "V2", "V1", min_days=1)),
        "coupling-repeated",
        "couplings[1]",
    ),
    (
        both(put("visits.2.client", "C1"), coupling("together", "V1", "V3")),
        "together-two-carers",
        "couplings[0].second",
    ),
    (
        both(visit("V4"), coupling("together", "V1", "V2"), coupling("together", "V2", "V4")),
        "together-twice",
        "couplings[1].first",
    ),
    (
        coupling("after", "V1", "V2", min_gap=60, max_gap=30),
        "gap-reversed",
        "couplings[0].max_gap",
    ),
    (
        coupling("apart", "V1", "V2", min_days=2, max_days=1),
        "days-reversed",
        "couplings[0].max_days",
    ),
    (
        both(coupling("after", "V1", "V2"), coupling("after", "V2", "V1")),
        "dependency-loop",
        "couplings[1]",
    ),
    (
        put("caregivers.0.days_worked", 1),
        "out-of-range",
        "caregivers[0].days_worked",
    ),  # the first day is a Monday
    (
        put("caregivers.0.week_nights_worked", 1),
        "out-of-range",
        "caregivers[0].week_nights_worked",
    ),
    (
        put(
            "labour_rules",
            {
                "id": "x",
                "en": "X",
                "zh": "X",
                "week_minutes": {"minutes": 2400, "source": "s"},
                "week_minutes_limit": {"minutes": 2000, "source": "s"},
            },
        ),
        "law-reversed",
        "labour_rules.week_minutes_limit",
    ),
    (put("caregivers.0.consecutive_days", 0), "out-of-range", "caregivers[0].consecutive_days"),
    (put("caregivers.0.consecutive_nights", 0), "out-of-range", "caregivers[0].consecutive_nights"),
    (
        both(put("horizon.start", "2026-03-01"), put("caregivers.0.month_overtime_worked", 30)),
        "out-of-range",
        "caregivers[0].month_overtime_worked",
    ),  # the first day of its month
    (
        both(
            put("caregivers.0.consecutive_days_worked", 1),
            put("caregivers.0.consecutive_nights_worked", 2),
        ),
        "out-of-range",
        "caregivers[0].consecutive_nights_worked",
    ),  # a night is a day worked
    (
        both(
            put("horizon.start", "2026-03-04"),
            put("visits.0.dates", []),
            put("caregivers.0.days_worked", 1),
            put("caregivers.0.consecutive_days_worked", 2),
        ),
        "out-of-range",
        "caregivers[0].consecutive_days_worked",
    ),  # both days before a Wednesday were worked, or one
    (
        both(
            visit("V4"),
            coupling("after", "V1", "V2"),
            coupling("after", "V2", "V4"),
            coupling("after", "V4", "V1"),
        ),
        "dependency-loop",
        "couplings[2]",
    ),  # three visits in a ring
    (
        both(coupling("together", "V1", "V2"), coupling("after", "V1", "V2", min_gap=5)),
        "dependency-loop",
        "couplings[1]",
    ),  # at the same time and later
    (
        both(put("visits.1.dates", [LATER]), coupling("after", "V1", "V2")),
        "no-common-date",
        "couplings[0]",
    ),
    (
        both(put("visits.1.dates", [LATER]), coupling("together", "V1", "V2")),
        "no-common-date",
        "couplings[0]",
    ),
]

MATRICES: list[tuple[Change, str, str]] = [
    (put("travel.minutes.ebike.2", [1, 2, 0]), "matrix-shape", "travel.minutes.ebike[2]"),
    (put("travel.minutes.walk", [[0]]), "matrix-shape", "travel.minutes.walk"),  # other places
    (put("travel.metres", [[0]]), "matrix-shape", "travel.metres"),  # as above
    (
        put("travel.minutes.ebike.0.1", 200_000),
        "matrix-value",
        "travel.minutes.ebike[0][1]",
    ),  # as good as unreachable
    (put("travel.minutes.ebike.0.1", "9"), "wrong-type", "travel.minutes.ebike[0][1]"),
    (put("caregivers.1.mode", "bus"), "missing-mode", "caregivers[1].mode"),
    (put("caregivers.1.fen_per_km", 80), "missing-metres", "caregivers[1].fen_per_km"),
    (drop("clients.0.home.matrix_index"), "missing-index", "clients[0].home.matrix_index"),
    (
        put("caregivers.0.end_place", {"lat": 30, "lon": 121.7}),
        "missing-index",
        "caregivers[0].end_place.matrix_index",
    ),
    (
        put("caregivers.0.home.matrix_index", 4),
        "index-out-of-range",
        "caregivers[0].home.matrix_index",
    ),
    (
        put("travel", {"kind": "geodesic", "zones": [ZONE, ZONE]}),
        "duplicate-id",
        "travel.zones[1].id",
    ),
]


@pytest.mark.parametrize(("text", "code", "path"), TEXTS)
def test_a_text_that_is_no_scenario_is_refused(text: str | bytes, code: str, path: str) -> None:
    """What cannot be parsed at all is one fault of the whole document."""
    require_one(faults_of(text), code, path)


@pytest.mark.parametrize(("change", "code", "path"), FIELDS + CROSS)
def test_one_bad_thing_is_one_fault(change: Change, code: str, path: str) -> None:
    """Each spoilt place of a sound scenario is told once, with its path, and nothing else is."""
    require_one(faults_of(changed(sound_scenario(), change)), code, path)


@pytest.mark.parametrize(("change", "code", "path"), MATRICES)
def test_matrices_are_checked(change: Change, code: str, path: str) -> None:
    """Explicit travel has to fit the places, the modes and the mileage of the scenario."""
    require_one(faults_of(changed(matrix_scenario(), change)), code, path)


def test_sound_scenarios_are_accepted() -> None:
    """The documents that the tables spoil have no fault themselves."""
    assert parse_scenario(changed(sound_scenario(), lambda _: None)).id == "village"
    assert parse_scenario(changed(matrix_scenario(), lambda _: None)).travel.kind == "matrix"


def test_a_repeated_key_is_a_fault() -> None:
    """Of two values for one field neither is chosen silently."""
    text = changed(sound_scenario(), lambda _: None)
    text = text.replace('"town": "east"', '"town": "east", "town": "west"')
    require_one(faults_of(text), "duplicate-key", "clients[0].town")


def test_a_syntax_error_has_line_and_column() -> None:
    """The place of a syntax error is named as an editor counts it."""
    faults = faults_of('{\n "id": "x",\n "horizon" 1}')
    assert "line 3, column 12" in faults[0].message


def test_other_versions_are_not_read() -> None:
    """A document of a later format is refused as such, not fault by fault."""
    with pytest.raises(UnsupportedVersion, match=r'"2".*reads "1"') as caught:
        parse_scenario('{"version": "2", "something": "new"}', "new.json")
    assert caught.value.exit_code == 3


def test_all_faults_are_told_at_once() -> None:
    """Faults of fields and faults between sound records come together, in document order."""
    change = both(
        put("horizon.days", "2"),
        put("clients.0.home.lat", 121.7),
        put("caregivers.1.organisation", "O9"),
        put("visits.0.windw", 1),
        put("visits.1.client", "C9"),
        put("visits.2.window.latest", "07:00"),
        coupling("after", "V1", "V9"),
    )
    faults = faults_of(changed(sound_scenario(), change))
    assert [(fault.code, fault.path) for fault in faults] == [
        ("wrong-type", "horizon.days"),
        ("out-of-range", "clients[0].home.lat"),
        ("unknown-organisation", "caregivers[1].organisation"),
        ("unknown-field", "visits[0].windw"),
        ("unknown-client", "visits[1].client"),
        ("window-reversed", "visits[2].window"),
        ("unknown-visit", "couplings[0].second"),
    ]


def test_records_with_faults_are_not_called_unknown() -> None:
    """A caregiver whose shift is misspelt is still there for those who name it."""
    faults = faults_of(changed(sound_scenario(), put("caregivers.0.shifts.0.start", "7am")))
    require_one(faults, "bad-clock", "caregivers[0].shifts[0].start")


def test_lists_that_cannot_be_read_make_nothing_unknown() -> None:
    """Without a list of caregivers nobody is called unknown."""
    require_one(
        faults_of(changed(sound_scenario(), put("caregivers", "G1, G2"))),
        "wrong-type",
        "caregivers",
    )


def test_a_misspelt_field_gets_a_proposal() -> None:
    """The nearest field of the same record is proposed, inside alternatives too."""
    faults = faults_of(changed(sound_scenario(), put("visits.0.windw", 1)))
    assert 'did you mean "window"?' in faults[0].message
    travel = {"kind": "geodesic", "road_facter": 1.2}
    faults = faults_of(changed(sound_scenario(), put("travel", travel)))
    assert 'did you mean "road_factor"?' in faults[0].message


def test_swapped_coordinates_are_recognised() -> None:
    """A latitude above 90 degrees asks whether it is a longitude."""
    faults = faults_of(changed(sound_scenario(), put("clients.0.home.lat", 121.7)))
    assert "swapped" in faults[0].message


def test_the_loop_is_named() -> None:
    """A dependency loop is told with its visits in order."""
    change = both(coupling("after", "V1", "V2"), coupling("after", "V2", "V1"))
    assert "V1 -> V2 -> V1" in faults_of(changed(sound_scenario(), change))[0].message


def test_two_loops_are_two_faults() -> None:
    """Each knot of visits is a fault of its own."""
    change = both(
        visit("V4"),
        visit("V5"),
        coupling("after", "V1", "V2"),
        coupling("after", "V2", "V1"),
        coupling("after", "V4", "V5"),
        coupling("after", "V5", "V4"),
    )
    faults = faults_of(changed(sound_scenario(), change))
    assert [fault.code for fault in faults] == ["dependency-loop", "dependency-loop"]


def test_a_matrix_full_of_faults_is_cut_short() -> None:
    """Of a thousand wrong entries the first twenty are named and the others counted."""
    document = matrix_scenario()
    faults = faults_of(changed(document, put("travel.minutes.ebike", [["x"] * 40] * 25)))
    assert len(faults) == 21
    assert faults[-1].message == "has 980 more faults of this kind."


def test_messages_hold_no_control_characters() -> None:
    """Whatever a document contains, each fault stays one printable line."""
    faults = faults_of(changed(sound_scenario(), put("visits.0.priority", "a\nb\x1b[31m\u202e")))
    require_one(faults, "wrong-choice", "visits[0].priority")


def test_dates_of_one_day_apart_are_fine() -> None:
    """Coupled visits that share one of several dates are accepted."""
    change = both(put("visits.1.dates", [DAY, LATER]), coupling("after", "V1", "V2", max_gap=90))
    assert len(parse_scenario(changed(sound_scenario(), change)).couplings) == 1
