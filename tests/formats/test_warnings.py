"""Suspicious scenarios are accepted, with a warning that names the place."""

from __future__ import annotations

import pytest

from optimizer.formats import check_scenario, parse_scenario
from optimizer.formats.findings import MOST_OF_A_KIND
from tests.formats.documents import (
    DAY,
    Change,
    both,
    changed,
    coupling,
    drop,
    matrix_scenario,
    published,
    put,
    sound_plan,
    sound_scenario,
    visit,
)

LATER = "2026-03-03"
EARLY = {"earliest": "05:00", "latest": "06:00"}
LATE = {"earliest": "16:40", "latest": "16:50"}
ALL_DAY = {"date": DAY, "start": "00:00", "end": "24:00"}
VIENNA, SWAPPED = {"lat": 48.2, "lon": 16.4}, {"lat": 16.4, "lon": 48.2}

ROWS: list[tuple[Change, str, str]] = [
    (put("clients.1.home.lat", 26.5), "far-away", "clients[1].home"),  # 380 km south
    (
        put("caregivers.1.end_place", {"lat": 29.9, "lon": -121.7}),
        "far-away",
        "caregivers[1].end_place",
    ),  # a sign lost
    (
        both(
            put("clients.0.home", VIENNA),
            put("clients.1.home", VIENNA),
            put("caregivers.0.home", VIENNA),
            put("caregivers.1.home", SWAPPED),
        ),
        "coordinates-swapped",
        "caregivers[1].home",
    ),  # where latitudes and longitudes are both possible
    (
        both(
            put("visits.0.carers.0.minutes", 1800),
            put("caregivers.0.shifts", [ALL_DAY]),
            put("caregivers.0.overtime_limit", 900),
        ),
        "looks-like-seconds",
        "visits[0].carers[0].minutes",
    ),  # half an hour in seconds
    (put("history.0.caregiver", "G9"), "gone-caregiver", "history[0].caregiver"),
    (
        put(
            "published",
            sound_plan() | {"routes": [sound_plan()["routes"][0] | {"caregiver": "G9"}]},
        ),
        "gone-caregiver",
        "published.routes[0].caregiver",
    ),  # the reason for planning anew
    (
        put("published", published("village", "V9")),
        "gone-visit",
        "published.routes[0].stops[0].visit",
    ),  # its client is in hospital
    (
        put("published", published("of-last-week", "V1", "V9")),
        "gone-visit",
        "published.routes[0].stops[1].visit",
    ),  # the same district under another name
    (put("pins", [{"visit": "V1", "start": "07:00"}]), "pin-outside-window", "pins[0].start"),
    (put("pins", [{"visit": "V1", "date": "2026-03-03"}]), "pin-outside-dates", "pins[0].date"),
    (put("caregivers.1.shifts", []), "no-shifts", "caregivers[1].shifts"),
    (
        put("caregivers.1.shifts.+", {"date": "2026-04-01", "start": "08:00", "end": "12:00"}),
        "shift-outside-horizon",
        "caregivers[1].shifts[1].date",
    ),
    (
        both(put("caregivers.1.day_minutes", 480), put("caregivers.1.day_minutes_limit", 400)),
        "limit-below-norm",
        "caregivers[1].day_minutes_limit",
    ),
    (
        both(
            put("caregivers.1.day_minutes", 480),
            put("caregivers.1.month_overtime", 90),
            put("caregivers.1.month_overtime_limit", 60),
        ),
        "limit-below-norm",
        "caregivers[1].month_overtime_limit",
    ),
    (
        put("caregivers.1.month_overtime", 90),
        "overtime-of-nothing",
        "caregivers[1].month_overtime",
    ),
    (
        both(
            put("caregivers.1.consecutive_days", 5), put("caregivers.1.consecutive_days_worked", 6)
        ),
        "used-up",
        "caregivers[1].consecutive_days_worked",
    ),
    (
        both(
            put("caregivers.1.consecutive_nights", 2),
            put("caregivers.1.consecutive_nights_worked", 3),
        ),
        "used-up",
        "caregivers[1].consecutive_nights_worked",
    ),
    (
        both(
            put("horizon.start", "2026-03-03"),
            put("visits.0.dates", []),
            put("caregivers.1.day_minutes", 480),
            put("caregivers.1.month_overtime_limit", 60),
            put("caregivers.1.month_overtime_worked", 61),
        ),
        "used-up",
        "caregivers[1].month_overtime_worked",
    ),
    (
        both(put("contracts.0.start", DAY), put("contracts.0.used_visits", 3)),
        "used-before-start",
        "contracts[0].used_visits",
    ),  # copied from the month before
    (put("clients.1.refused", ["G1"]), "preferred-and-refused", "clients[1].preferred[0]"),
    (
        both(put("clients.1.responsible", {"caregiver": "G9"}), put("clients.1.refused", ["G9"])),
        "responsible-and-refused",
        "clients[1].responsible.caregiver",
    ),
    (
        both(put("clients.1.preferred", ["G1", "G9"]), put("clients.0.refused", ["G8", "G9"])),
        "gone-caregiver",
        "clients[0].refused[0]",
    ),  # told once for all
    (
        put("visits.1.carers.0.qualifications", [{"code": "X"}]),
        "nobody-qualified",
        "visits[1].carers[0].qualifications",
    ),  # a code that nobody has
    (
        put("visits.1.carers.0.qualifications.0.level", 3),
        "nobody-qualified",
        "visits[1].carers[0].qualifications",
    ),  # a level that nobody has
    (
        both(
            put("visits.1.carers.0.qualifications", [{"code": "N"}]),
            put("caregivers.1.qualifications.1.expires", "2026-03-01"),
        ),
        "nobody-qualified",
        "visits[1].carers[0].qualifications",
    ),  # expired yesterday
    (put("visits.1.dates", [LATER]), "nobody-at-work", "visits[1]"),  # a day off for all
    (
        both(
            put("visits", [{**sound_scenario()["visits"][0], "carers": [{"minutes": 30}]}]),
            put("caregivers", []),
            put("clients.1.preferred", []),
            put("history", []),
            put("couplings", []),
        ),
        "nobody-at-work",
        "visits[0]",
    ),  # nobody is listed, and nothing is asked for
    (visit("V4", window=EARLY), "fits-no-shift", "visits[3].window"),  # before all shifts
    (visit("V4", window=LATE), "fits-no-shift", "visits[3].window"),  # too long for the evening
    (put("clients.0.refused", ["G1", "G2"]), "nobody-allowed", "visits[0].carers[0]"),
    (
        put("visits.0.pin", {"start": "11:00"}),
        "pin-outside-window",
        "visits[0].pin.start",
    ),
    (
        both(put("visits.0.pin", {"date": LATER}), put("caregivers.1.shifts.0.date", LATER)),
        "pin-outside-dates",
        "visits[0].pin.date",
    ),
    (coupling("after", "V1", "V2", min_gap=121), "never-both", "couplings[0]"),  # window too short
    (
        both(
            visit("V4", window={"earliest": "11:00", "latest": "11:30"}),
            coupling("after", "V1", "V4", max_gap=30),
        ),
        "never-both",
        "couplings[0]",
    ),  # windows too far apart
    (
        both(
            visit("V4", window={"earliest": "11:00", "latest": "11:30"}),
            coupling("together", "V1", "V4"),
        ),
        "never-both",
        "couplings[0]",
    ),  # no common start
    (coupling("apart", "V1", "V2", min_days=2), "never-both", "couplings[0]"),  # horizon too short
]

MATRICES: list[tuple[Change, str, str]] = [
    (
        put("travel.minutes.ebike", [[0 if a == b else 600 for a in range(4)] for b in range(4)]),
        "looks-like-seconds",
        "travel.minutes.ebike",
    ),
    (
        both(put("travel.minutes.ebike.2.1", -1), put("travel.minutes.ebike.3.1", -1)),
        "unreachable",
        "clients[1].home",
    ),  # neither caregiver gets there
]


def warnings_of(text: str) -> list[tuple[str, str]]:
    """Return code and place of all warnings about a scenario without faults."""
    findings = check_scenario(parse_scenario(text))
    assert findings.faults == ()
    assert all(
        w.message.isprintable() and w.message.endswith((".", "?")) for w in findings.warnings
    )
    return [(warning.code, warning.path) for warning in findings.warnings]


@pytest.mark.parametrize(("change", "code", "path"), ROWS)
def test_what_is_odd_is_told(change: Change, code: str, path: str) -> None:
    """An odd place of a scenario is accepted and named in a warning."""
    assert (code, path) in warnings_of(changed(sound_scenario(), change))


@pytest.mark.parametrize(("change", "code", "path"), MATRICES)
def test_odd_matrices_are_told(change: Change, code: str, path: str) -> None:
    """Journeys in seconds and places without a way are named in a warning."""
    assert warnings_of(changed(matrix_scenario(), change)) == [(code, path)]


def test_sound_scenarios_have_no_warnings() -> None:
    """Nothing is odd in the documents that the tables change."""
    assert warnings_of(changed(sound_scenario(), lambda _: None)) == []
    assert warnings_of(changed(matrix_scenario(), lambda _: None)) == []


def test_a_visit_gets_one_warning() -> None:
    """Of several reasons why a visit cannot be given only the first is told."""
    change = both(
        visit("V4", window=EARLY),
        put("visits.3.carers.0.qualifications", [{"code": "X"}]),
    )
    assert warnings_of(changed(sound_scenario(), change)) == [
        ("nobody-qualified", "visits[3].carers[0].qualifications")
    ]


def test_distance_is_not_judged_with_matrices() -> None:
    """With explicit travel coordinates only serve to draw, so nothing is too far."""
    assert warnings_of(changed(matrix_scenario(), put("clients.1.home.lat", 26.5))) == []


def test_overtime_lets_a_visit_fit() -> None:
    """A window at the end of the shift is fine with enough permitted overtime."""
    change = both(visit("V4", window=LATE), put("caregivers.0.overtime_limit", 10))
    assert warnings_of(changed(sound_scenario(), change)) == []


def test_a_shorter_visit_may_fit() -> None:
    """The shortest acceptable duration decides whether a visit fits into a shift."""
    need = {"minutes": 30, "shortest": 20, "qualifications": [{"code": "C"}]}
    change = visit("V4", window=LATE, carers=[need])
    assert warnings_of(changed(sound_scenario(), change)) == []


def test_a_contract_that_runs_already_may_have_been_used() -> None:
    """Use is suspicious only of a contract that begins no earlier than the first day planned."""
    change = both(put("contracts.0.start", "2026-03-01"), put("contracts.0.used", 600))
    assert warnings_of(changed(sound_scenario(), change)) == []


def test_many_warnings_of_a_kind_are_counted() -> None:
    """Beyond twenty of one kind the others are one line."""
    change = both(*(visit(f"W{n}", window=EARLY) for n in range(MOST_OF_A_KIND + 5)))
    findings = check_scenario(parse_scenario(changed(sound_scenario(), change)))
    assert len(findings.warnings) == MOST_OF_A_KIND + 1
    assert findings.warnings[-1].message == "has 5 more warnings of this kind."


def test_a_scenario_built_in_code_is_checked_too() -> None:
    """`check_scenario` finds faults in a scenario that never was a document."""
    scenario = parse_scenario(changed(sound_scenario(), lambda _: None))
    spoilt = scenario.model_copy(update={"clients": scenario.clients[:1]})
    findings = check_scenario(spoilt)
    assert [(fault.code, fault.path) for fault in findings.faults] == [
        ("unknown-client", "visits[2].client")
    ]
    assert findings.warnings == ()


def test_an_empty_district_is_accepted() -> None:
    """A scenario without clients, caregivers and visits is sound."""
    change = both(
        *(put(name, []) for name in ("clients", "caregivers", "visits", "history", "contracts")),
        drop("organisations"),
    )
    assert warnings_of(changed(sound_scenario(), change)) == []
