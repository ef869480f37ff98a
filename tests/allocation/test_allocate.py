"""The steps: who stays, who chooses, who is rotated, and what is said of each organisation."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from benchmarks.recount_allocation import disagreements
from optimizer.allocation import allocate, fairness, with_organisations
from optimizer.domain.allocation import AllocationLine, AllocationLog, Finding
from optimizer.domain.contract import Contract
from optimizer.domain.index import ScenarioIndex
from optimizer.formats import read_scenario
from optimizer.matching import Reason, reasons_against
from optimizer.prepare import prepare
from tests.allocation.district import DAY, MINUTE, district, policy

NEXT_YEAR = dt.date(2027, 1, 1)


def _of(log: AllocationLog, client: str) -> AllocationLine:
    return next(line for line in log.lines if line.client == client)


def _finding(log: AllocationLog, client: str, organisation: str) -> Finding | None:
    tested = _of(log, client).tested
    return next(one.finding for one in tested if one.organisation == organisation)


def test_clients_stay_where_they_are() -> None:
    """Who has an organisation keeps it, although another one has the larger deficit.

    Source: Taichung 2024, where an existing case stays before anybody's turn comes (S67).
    """
    log = allocate(district([60, 60, 60], chosen={"C1": "O1", "C2": "O1", "C3": "O1"}), policy())
    assert {line.organisation for line in log.lines} == {"O1"}
    assert {line.step for line in log.lines} == {"keep"}


def test_what_is_kept_counts_where_rules_say_so() -> None:
    """With `all` who has kept clients is given fewer by rotation."""
    scenario = district([60, 30, 30], chosen={"C1": "O1"})
    rotated = allocate(scenario, policy())
    everything = allocate(scenario, policy(counts="all"))
    assert {_of(rotated, one).organisation for one in ("C2", "C3")} == {"O1", "O2"}
    assert {_of(everything, one).organisation for one in ("C2", "C3")} == {"O2"}


def test_an_excluded_organisation_loses_its_clients() -> None:
    """Exclusion moves clients, suspension only stops new ones."""
    scenario = district([60, 60], chosen={"C1": "O1"})
    halts = [{"kind": "excluded", "start": "2026-03-01"}]
    excluded = allocate(scenario, policy(bodies=[{"organisation": "O1", "halts": halts}]))
    assert {line.organisation for line in excluded.lines} == {"O2"}
    halts = [{"kind": "suspended", "start": "2026-03-01"}]
    suspended = allocate(scenario, policy(bodies=[{"organisation": "O1", "halts": halts}]))
    assert _of(suspended, "C1").organisation == "O1"
    assert _of(suspended, "C2").organisation == "O2"
    assert _finding(suspended, "C2", "O1") == "suspended"


def test_a_halt_ends() -> None:
    """After its last day a halt is over."""
    halts = [{"kind": "suspended", "start": "2026-02-01", "end": "2026-03-01"}]
    log = allocate(district([60], ["O1"]), policy(bodies=[{"organisation": "O1", "halts": halts}]))
    assert _of(log, "C1").organisation == "O1"


def test_the_dearest_that_can_is_chosen() -> None:
    """The first organisation of a wish that can take the client is the one.

    Source: order 110 of the Ministry of Finance, by which the person served may pick by rules fixed
    beforehand (S63), and the Swedish LOV (S70).
    """
    wishes = [{"client": "C1", "ranked": ["O1", "O2"]}]
    log = allocate(
        district([60]), policy(wishes=wishes, bodies=[{"organisation": "O1", "capacity": 59}])
    )
    assert _of(log, "C1").organisation == "O2"
    assert _of(log, "C1").step == "choice"
    assert _finding(log, "C1", "O1") == "full"


def test_a_client_may_wait() -> None:
    """Who waits for a full organisation is given no other; who does not goes on to rotation."""
    bodies = [{"organisation": "O1", "capacity": 0}]
    wish = {"client": "C1", "ranked": ["O1"]}
    waiting = allocate(district([60]), policy(wishes=[{**wish, "waits": True}], bodies=bodies))
    assert _of(waiting, "C1").unmet == "waits"
    going = allocate(district([60]), policy(wishes=[wish], bodies=bodies))
    assert _of(going, "C1").organisation == "O2"


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        ({"capacity": 30}, "full"),
        ({"licences": [{"start": "2026-01-01", "end": "2026-03-01"}]}, "permit_expired"),
        (
            {"licences": [{"services": ["MEAL_COOK"], "start": "2026-01-01", "end": "2026-12-31"}]},
            "permit_expired",
        ),
        ({"base": {"lat": 29.95, "lon": 122.0}, "radius_km": 10}, "too_far"),
        ({"share": 0}, "no_share"),
    ],
)
def test_what_is_against_an_organisation_is_said(body: dict[str, object], finding: str) -> None:
    """Each test of the day keeps the organisation out, with its finding."""
    log = allocate(district([60]), policy(bodies=[{"organisation": "O1", **body}]))
    assert _of(log, "C1").organisation == "O2"
    assert _finding(log, "C1", "O1") == finding


def test_a_radius_is_a_limit_and_no_rank() -> None:
    """Within its radius a far organisation has its turns like a near one."""
    far = {"organisation": "O1", "base": {"lat": 30.0, "lon": 121.7}, "radius_km": 10}
    log = allocate(district([60, 60]), policy(bodies=[far]))
    assert {line.organisation for line in log.lines} == {"O1", "O2"}


def test_only_who_is_able_is_given_a_client() -> None:
    """A client who needs a nurse goes to an organisation with a nurse, whoever's turn it is."""
    log = allocate(district([60, 60], nurses=["O2"], nursing=[1, 2]), policy())
    assert {line.organisation for line in log.lines} == {"O2"}
    assert _finding(log, "C1", "O1") == "nobody_able"


def test_contracts_bound_who_takes_part() -> None:
    """Town, services, days and caps of contracts decide who may take a client."""

    def log(**fields: object) -> AllocationLog:
        other = Contract(id="K2", purchaser="d", organisation="O2", start=DAY, end=NEXT_YEAR)
        first = Contract.model_validate({**other.model_dump(), "id": "K1", "organisation": "O1"})
        own = first.model_copy(update=fields)
        return allocate(district([60, 60], contracts=(own, other)), policy())

    assert {line.organisation for line in log().lines} == {"O1", "O2"}
    for fields in ({"towns": ("xiepu",)}, {"end": DAY - dt.timedelta(1)}, {"services": ("X",)}):
        assert {line.organisation for line in log(**fields).lines} == {"O2"}
    for cap in ({"cap": 60 * MINUTE - 1}, {"cap_visits": 0}):
        capped = log(**cap)
        assert {line.organisation for line in capped.lines} == {"O2"}
        assert _finding(capped, "C1", "O1") == "cap_used"
    paid = log(cap_fen=2_699, fen_per_hour=2_700)
    assert {line.organisation for line in paid.lines} == {"O2"}


def test_minimum_shares_of_contracts_are_shares() -> None:
    """A contract's minimum share is the share where the rules give none."""
    contract = Contract(
        id="K1", purchaser="d", organisation="O1", start=DAY, end=NEXT_YEAR, min_share=75
    )
    other = contract.model_copy(update={"id": "K2", "organisation": "O2", "min_share": 0})
    log = allocate(district([60] * 4, contracts=(contract, other)), policy())
    assert [line.organisation for line in log.lines].count("O1") == 3


def test_declines() -> None:
    """A groundless decline counts as received and the next one has the turn; a good reason not."""
    scenario = district([60, 60, 60])
    first = _of(allocate(scenario, policy()), "C1").organisation
    decline = {"client": "C1", "organisation": first, "date": "2026-03-02"}
    groundless = allocate(scenario, policy(declines=[decline]))
    grounded = allocate(scenario, policy(declines=[{**decline, "grounded": True}]))
    assert _of(groundless, "C1").organisation != first
    assert first in _of(groundless, "C1").declined or _of(groundless, "C1").declined == ()
    assert _finding(grounded, "C1", str(first)) == "declined"
    account = next(one for one in groundless.accounts if one.organisation == first)
    other = next(one for one in grounded.accounts if one.organisation == first)
    assert account.deficit <= other.deficit


def test_two_groundless_declines_halt() -> None:
    """Two within 90 days keep an organisation out for 30 days, and no longer.

    Source: Taichung 2024, where a groundless refusal suspends (S67).
    """
    declines = [
        {"client": client, "organisation": "O1", "date": date}
        for client, date in (("C1", "2026-01-10"), ("C2", "2026-02-20"))
    ]
    scenario = district([60, 60, 60])
    halted = allocate(scenario, policy(declines=declines))
    assert _finding(halted, "C3", "O1") == "halted"
    later = allocate(scenario, policy(declines=declines, day="2026-04-01"))
    assert _finding(later, "C3", "O1") is None


def test_all_decline() -> None:
    """If everybody declines the client is unmet, with its code."""
    declines = [{"client": "C1", "organisation": one, "date": "2026-03-02"} for one in ("O1", "O2")]
    line = _of(allocate(district([60]), policy(declines=declines)), "C1")
    assert line.unmet == "all_declined"
    assert set(line.declined) == {"O1", "O2"}


def test_a_client_may_refuse() -> None:
    """A refused organisation is passed over, also where it has the client now.

    Source: the right to change of the Swedish LOV (S70).
    """
    wishes = [{"client": "C1", "refused": ["O1"]}]
    log = allocate(district([60], chosen={"C1": "O1"}), policy(wishes=wishes))
    assert _of(log, "C1").organisation == "O2"
    assert _of(log, "C1").previous == "O1"


def test_lots_may_go_to_different_organisations() -> None:
    """Two lots, two organisations; the engine then lets each serve its own services only."""
    scenario = district([60, 60], nurses=["O2"], nursing=[1])
    one_client = scenario.model_copy(
        update={
            "visits": tuple(visit.model_copy(update={"client": "C1"}) for visit in scenario.visits)
        }
    )
    lots = [
        {"id": "medical", "services": ["INSULIN_INJ"]},
        {"id": "life", "services": ["HYG_BATH"]},
    ]
    wishes = [{"client": "C1", "lot": "life", "ranked": ["O1"]}]
    rules = policy(lots=lots, wishes=wishes)
    log = allocate(one_client, rules)
    assert {(line.lot, line.organisation) for line in log.lines} == {
        ("medical", "O2"), ("life", "O1"),
    }  # fmt: skip
    made = with_organisations(one_client, rules, log)
    index = ScenarioIndex.of(made)
    bath = next(visit for visit in made.visits if visit.services == ("HYG_BATH",))
    insulin = next(visit for visit in made.visits if visit.services == ("INSULIN_INJ",))
    first, second = made.caregivers
    assert Reason.ORGANISATION in reasons_against(index, bath, 1, second, DAY)
    assert Reason.ORGANISATION not in reasons_against(index, bath, 1, first, DAY)
    assert Reason.ORGANISATION not in reasons_against(index, insulin, 1, second, DAY)


def test_care_in_no_lot_is_said() -> None:
    """Services that no lot covers are unmet with their code."""
    log = allocate(district([60]), policy(lots=[{"id": "life", "services": ["MEAL_COOK"]}]))
    assert _of(log, "C1").unmet == "no_lot"


def test_steps_may_be_left_out() -> None:
    """Without rotation whoever has chosen nobody is unmet."""
    log = allocate(district([60]), policy(steps=["keep", "choice"]))
    assert _of(log, "C1").unmet == "no_step"


def test_fairness_of_equal_halves_is_nought() -> None:
    """Two equal organisations that get the same: no deficit, Theil and Gini 0."""
    measured = fairness(allocate(district([60, 60]), policy()))
    assert (measured.largest_deficit, measured.to_move) == (0, 0)
    assert measured.theil == measured.gini == 0


def test_fairness_sees_favour() -> None:
    """Where choice gives one organisation everything, and all counts, the measures say so."""
    wishes = [{"client": f"C{n}", "ranked": ["O1"]} for n in range(1, 5)]
    log = allocate(district([60] * 6), policy(counts="all", wishes=wishes))
    measured = fairness(log)
    assert measured.to_move == 60 * MINUTE
    assert measured.gini is not None
    assert measured.gini > 0.15


@pytest.fixture(scope="module")
def shipped() -> AllocationLog:
    """The middle-sized day of the district, allocated."""
    path = Path(__file__).parents[2] / "scenarios" / "zhenhai-day-m.json"

    return allocate(prepare(read_scenario(path)).scenario, policy())


def test_a_reader_can_redo_every_line(shipped: AllocationLog) -> None:
    """A script without our code comes to the same turns and accounts."""
    document = shipped.model_dump(mode="json", exclude_none=True)
    assert disagreements(document) == []
    assert len(shipped.lines) > 50


def test_a_changed_line_is_found(shipped: AllocationLog) -> None:
    """Giving one client to another organisation is seen by the script."""
    document = shipped.model_dump(mode="json", exclude_none=True)
    line = next(
        one for one in document["lines"]
        if one.get("step") == "rotation" and sum("finding" not in t for t in one["tested"]) > 1
    )  # fmt: skip
    line["organisation"] = next(
        t["organisation"] for t in line["tested"]
        if "finding" not in t and t["organisation"] != line["organisation"]
    )  # fmt: skip
    assert disagreements(document)
