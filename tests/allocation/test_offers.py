"""Offers with deadlines: whom the office asks, until when, and what silence does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from benchmarks.recount_allocation import disagreements
from optimizer.allocation import allocate, resumed
from optimizer.allocation.offers import due
from optimizer.domain.allocation import AllocationLog, OfferOutcome, Offers, Unmet
from tests.allocation.district import district, policy

MONDAY = "2026-02-23T09:00"


def offers(until: str, *answers: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return offers of a Monday morning."""
    return {"first": MONDAY, "known_until": until, "answers": answers, **fields}


def says(
    organisation: str, at: str, *, yes: bool, client: str = "C1", **more: Any
) -> dict[str, Any]:
    """Return an answer."""
    return {"client": client, "organisation": organisation, "at": at, "accepts": yes, **more}


def asked(log: AllocationLog) -> list[tuple[str, str]]:
    """Return whom the office has asked about the first client, with what has come of it."""
    return [(one.organisation, str(one.outcome)) for one in log.lines[0].offers]


@pytest.mark.parametrize(
    ("start", "minutes", "ends"),
    [
        ("2026-02-23T09:00", 120, "2026-02-23T11:00"),  # two working hours, purchase.md S68
        ("2026-02-23T09:00", 510, "2026-02-24T09:00"),  # one working day
        ("2026-02-23T16:00", 120, "2026-02-24T09:30"),  # an evening lies between
        ("2026-02-27T16:30", 60, "2026-03-02T09:00"),  # a weekend
        ("2026-02-28T12:00", 30, "2026-03-02T09:00"),  # made on a Saturday
        ("2026-02-23T05:00", 30, "2026-02-23T09:00"),  # before anybody is there
        ("2026-02-23T16:00", 60, "2026-02-23T17:00"),  # to the minute of closing
    ],
)
def test_only_working_time_counts(start: str, minutes: int, ends: str) -> None:
    """Evenings and weekends do not shorten the time to answer."""
    rules = Offers.model_validate(offers("2026-03-31T17:00"))
    assert due(dt.datetime.fromisoformat(start), minutes, rules) == dt.datetime.fromisoformat(ends)


def test_holidays_and_days_worked_instead_are_those_of_the_file() -> None:
    """A holiday on Tuesday and a Saturday that is worked move the end."""
    rules = offers("2026-03-31T17:00", holidays=["2026-02-24"], working_weekends=["2026-02-28"])
    given = Offers.model_validate(rules)
    at = dt.datetime.fromisoformat
    assert due(at("2026-02-23T16:00"), 120, given) == at("2026-02-25T09:30")
    assert due(at("2026-02-27T16:00"), 120, given) == at("2026-02-28T09:30")


def test_silence_declines_when_the_offer_is_due() -> None:
    """The next organisation is asked from then on; the third offer is open and nobody's yet."""
    names = ("O1", "O2", "O3")
    rules = policy(offers=offers("2026-02-25T12:00"))
    log = allocate(district([60], names), rules)
    (line,) = log.lines
    assert [one.outcome for one in line.offers] == [OfferOutcome.SILENT, OfferOutcome.SILENT,
                                                    OfferOutcome.OPEN]  # fmt: skip
    assert [one.made.isoformat() for one in line.offers] == [
        "2026-02-23T09:00:00", "2026-02-24T09:00:00", "2026-02-25T09:00:00",
    ]  # fmt: skip
    assert (line.organisation, line.unmet) == (None, Unmet.OFFERED)
    assert len(line.declined) == 2
    assert not disagreements(log.model_dump(mode="json", exclude_none=True))


def test_critical_care_is_answered_within_two_hours() -> None:
    """By eleven the first organisation has declined by silence."""
    rules = policy(offers=offers("2026-02-23T11:00"))
    log = allocate(district([60], critical=[1]), rules)
    assert [outcome for _, outcome in asked(log)] == ["silent", "open"]


def test_more_answers_give_the_same_lines_and_go_on() -> None:
    """A yes in time is final; what was found before it stays as it was."""
    names = ("O1", "O2", "O3")
    waits = allocate(district([60], names), policy(offers=offers("2026-02-23T12:00")))
    first = waits.lines[0].offers[0].organisation
    no = says(first, "2026-02-23T12:30", yes=False)
    later = allocate(district([60], names), policy(offers=offers("2026-02-23T13:00", no)))
    assert asked(later)[0] == (first, "declined")
    second = asked(later)[1][0]
    yes = says(second, "2026-02-23T15:00", yes=True)
    done = allocate(district([60], names), policy(offers=offers("2026-03-31T17:00", no, yes)))
    assert asked(done) == [(first, "declined"), (second, "accepted")]
    assert done.lines[0].organisation == second
    assert not disagreements(done.model_dump(mode="json", exclude_none=True))


def test_an_answer_that_comes_too_late_is_none() -> None:
    """A yes after the offer is due has declined already."""
    first = allocate(district([60]), policy()).lines[0].organisation or ""
    late = says(first, "2026-02-24T09:01", yes=True)
    log = allocate(district([60]), policy(offers=offers("2026-03-31T17:00", late)))
    assert asked(log)[0] == (first, "silent")
    assert log.lines[0].unmet is Unmet.ALL_DECLINED


def test_a_good_reason_costs_no_turn() -> None:
    """With a ground the organisation is passed over without credit, without one it is charged."""
    first = allocate(district([60]), policy()).lines[0].organisation or ""
    other = "O2" if first == "O1" else "O1"
    yes = says(other, "2026-02-24T12:00", yes=True)
    for ground, owed in (("no_staff", 0), (None, -30 * 60_000)):
        more = {} if ground is None else {"ground": ground}
        no = says(first, "2026-02-23T10:00", yes=False, **more)
        soon = {**yes, "at": "2026-02-23T11:00"}
        log = allocate(district([60]), policy(offers=offers("2026-03-31T17:00", no, soon)))
        assert log.lines[0].organisation == other
        deficit = {one.organisation: one.deficit for one in log.accounts}
        assert deficit.get(first, 0) == owed
        assert len(log.declines) == (ground is None)


def test_two_silences_halt_an_organisation_in_the_next_period() -> None:
    """Declines carry over with the log, for halts only: the clients may be offered again."""
    day = district([60, 60])
    log = allocate(day, policy(offers=offers("2026-03-31T17:00")))
    assert len(log.declines) == 4
    april = policy(period="2026-04", day="2026-03-10")
    assert {line.unmet for line in allocate(day, resumed(april, log)).lines} == {
        Unmet.NO_ORGANISATION
    }
    assert all(line.organisation for line in allocate(day, april).lines)


def test_the_chosen_organisation_is_asked_first() -> None:
    """If it declines the client goes on to rotation, where it is not asked again."""
    wish = [{"client": "C1", "ranked": ["O2"]}]
    no = says("O2", "2026-02-23T10:00", yes=False)
    yes = says("O1", "2026-02-23T11:00", yes=True)
    rules = policy(wishes=wish, offers=offers("2026-03-31T17:00", no, yes))
    log = allocate(district([60]), rules)
    assert asked(log) == [("O2", "declined"), ("O1", "accepted")]
    assert log.lines[0].organisation == "O1"


def test_the_order_of_organisations_stays_over_a_term() -> None:
    """In rounds the next period goes on in the same order, whatever its own draw."""
    names = tuple(f"O{n}" for n in range(1, 7))
    term = {"period": "2026", "draw": "3D 001: 111"}
    day = district([60] * 6, names)
    march = policy(mode="round", term=term)
    log = allocate(day, march)
    order = [line.organisation for line in log.lines]
    assert sorted(filter(None, order)) == list(names)
    april = resumed(policy(mode="round", term=term, period="2026-04", draw="3D 031: 999"), log)
    again = allocate(day, april)
    assert [line.organisation for line in again.lines] == order
    assert not disagreements(again.model_dump(mode="json", exclude_none=True),
                             log.model_dump(mode="json", exclude_none=True))  # fmt: skip
    other = allocate(day, policy(mode="round", period="2026-04", draw="3D 031: 999"))
    assert [line.organisation for line in other.lines] != order
