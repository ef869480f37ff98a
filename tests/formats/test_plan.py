"""Reading, writing and checking plans."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.errors import InvalidDocument, UnsupportedVersion
from optimizer.formats import (
    check_plan,
    format_plan,
    parse_plan,
    parse_scenario,
    read_plan,
    write_plan,
)
from optimizer.formats.checks.plan import check_care, unchosen
from optimizer.formats.checks.references import check_plan_references
from tests.formats.documents import Change, both, changed, drop, put, sound_plan, sound_scenario
from tests.purchase.town import roster, town

SCENARIO = parse_scenario(changed(sound_scenario(), lambda _: None))

SHAPES: list[tuple[Change, str, str]] = [
    (drop("scenario"), "missing-field", "scenario"),  # at the top
    (drop("routes.0.back"), "missing-field", "routes[0].back"),  # inside a route
    (put("routes.0.stops", []), "wrong-count", "routes[0].stops"),  # a route without stops
    (put("routes.0.stops.1.carer", 3), "out-of-range", "routes[0].stops[1].carer"),
    (put("routes.0.stops.0.start", 480), "bad-clock", "routes[0].stops[0].start"),  # a number
    (put("routes.0.stops.0.start", "8 Uhr"), "bad-clock", "routes[0].stops[0].start"),
    (put("routes.0.travel_back", "10"), "bad-minutes", "routes[0].travel_back"),  # text
    (put("routes.0.date", "tomorrow"), "bad-date", "routes[0].date"),
    (put("unserved.0.why", "?"), "unknown-field", "unserved[0].why"),
    (put("format", "homecare-scenario"), "wrong-format", "format"),  # a scenario
]


@pytest.mark.parametrize(("change", "code", "path"), SHAPES)
def test_a_bad_plan_is_refused(change: Change, code: str, path: str) -> None:
    """Faults of a plan are told in the same way as those of a scenario."""
    with pytest.raises(InvalidDocument) as caught:
        parse_plan(changed(sound_plan(), change), "plan.json")
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [(code, path)]
    assert caught.value.exit_code == 3


def test_other_versions_are_not_read() -> None:
    """A plan of another format version is refused."""
    with pytest.raises(UnsupportedVersion):
        parse_plan(changed(sound_plan(), put("version", "0")))


def test_unknown_visits_and_caregivers_are_faults() -> None:
    """A plan that names what its scenario does not have is refused, with all such places."""
    change = both(
        put("routes.0.caregiver", "G9"),
        put("routes.0.stops.1.visit", "V9"),
        put("unserved.0.visit", "V8"),
    )
    text = changed(sound_plan(), change)
    findings = check_plan(parse_plan(text), SCENARIO)
    expected = [
        ("unknown-caregiver", "routes[0].caregiver"),
        ("unknown-visit", "routes[0].stops[1].visit"),
        ("unknown-visit", "unserved[0].visit"),
    ]
    assert [(fault.code, fault.path) for fault in findings.faults] == expected
    with pytest.raises(InvalidDocument) as caught:
        parse_plan(text, "plan.json", SCENARIO)
    assert caught.value.faults == findings.faults
    assert caught.value.exit_code == 3


def test_care_of_another_length_is_a_fault_where_money_follows() -> None:
    """Each stop longer or shorter than its visit asks for is named; a sound plan has none."""
    assert check_care(parse_plan(changed(sound_plan(), lambda _: None)), SCENARIO) == ()
    twice = both(put("routes.0.stops.0.end", "23:00"), put("routes.0.stops.1.end", "23:30"))
    faults = check_care(parse_plan(changed(sound_plan(), twice)), SCENARIO)
    assert [(fault.code, fault.path) for fault in faults] == [
        ("other-care", "routes[0].stops[0]"),
        ("other-care", "routes[0].stops[1]"),
    ]


def test_whose_contract_is_charged_is_asked_where_nobody_was_chosen() -> None:
    """Told only where several bodies have contracts and a client on the roster has none of them."""
    bodies = [{"id": "O1"}, {"id": "O2"}]
    given = town(organisations=bodies, contracts=[])
    first = town().contracts[0]
    both_bodies = tuple(
        first.model_copy(update={"id": f"K{n}", "organisation": f"O{n}"}) for n in (1, 2)
    )
    several = given.model_copy(update={"contracts": both_bodies})
    plan = roster(("V1", "08:30", "09:00"))
    (told,) = unchosen(plan, several)
    assert (told.code, "C1" in str(told.message)) == ("organisation-not-chosen", True)
    assert unchosen(plan, town()) == ()
    clients = tuple(one.model_copy(update={"organisation": "O1"}) for one in several.clients)
    assert unchosen(plan, several.model_copy(update={"clients": clients})) == ()


def test_a_plan_of_another_scenario_is_odd() -> None:
    """A plan made for another scenario id is accepted with a warning."""
    findings = check_plan(parse_plan(changed(sound_plan(), put("scenario", "town"))), SCENARIO)
    assert findings.faults == ()
    assert [(w.code, w.path) for w in findings.warnings] == [("other-scenario", "scenario")]


@pytest.mark.parametrize(
    ("known", "codes"),
    [
        (4, ["wrong-plan"]),  # five of nine are unknown
        (5, ["unknown-visit"] * 5),  # no more than half
    ],
)
def test_a_plan_of_another_scenario_with_the_same_id_is_refused(
    known: int, codes: list[str]
) -> None:
    """Where most of its visits are unknown, that is said once, though the id is the same."""
    visits = [f"V{n}" for n in range(known)]
    named = [*visits, *(f"X{n}" for n in range(5))]
    left = [{"visit": one, "reason": "nobody_found"} for one in named]
    plan = parse_plan(changed(sound_plan(), both(put("routes", []), put("unserved", left))))
    found = check_plan_references(plan, plan.scenario, frozenset(visits), frozenset())
    assert [one.code for one in found] == codes


def test_a_plan_comes_back_as_it_was(tmp_path: Path) -> None:
    """Write and read give the same plan, breaks included."""
    pause = {"start": "08:30", "end": "09:00", "after_stops": 2}
    plan = parse_plan(changed(sound_plan(), put("routes.0.pause", pause)))
    for name in ("plan.json", "plan.json.gz", "plan.json.xz"):
        write_plan(plan, tmp_path / name)
        assert read_plan(tmp_path / name, SCENARIO) == plan
    assert '"travel_back": 10.5' in format_plan(plan)
    assert '"back": "09:10:30"' in format_plan(plan)
