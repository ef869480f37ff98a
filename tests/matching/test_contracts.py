"""Which contract a stop is charged to, and who is lent."""

from __future__ import annotations

import datetime as dt

import pytest

from optimizer.domain.contract import Contract
from optimizer.domain.index import ScenarioIndex
from optimizer.matching.contracts import covering_contracts, is_lent
from optimizer.matching.eligibility import eligible
from optimizer.matching.reasons import Reason, reasons_against
from tests.matching.worlds import MONDAY, TUESDAY, caregiver, client, contract, visit, world


def charged(
    *contracts: Contract,
    chosen: str | None = None,
    own: str | None = "A",
    town: str | None = "t",
    services: tuple[str, ...] = ("bath",),
    day: dt.date = MONDAY,
) -> str | None:
    """Return the id of the first contract that covers the stop in a world with these."""
    who, what = caregiver(organisation=own), visit(services=services)
    whom = client(organisation=chosen, town=town)
    scenario = world(clients=(whom,), caregivers=(who,), visits=(what,), contracts=contracts)
    found = covering_contracts(ScenarioIndex.of(scenario), what, who, day)
    return found[0].id if found else None


@pytest.mark.parametrize(
    ("chosen", "own", "expected"),
    [
        (None, "A", "K1"),  # No choice: the caregiver's organisation is responsible.
        (None, "B", "K2"),  # As above.
        ("A", "B", "K1"),  # Lent staff are charged to the chosen organisation's contract.
        ("D", "A", None),  # The chosen one has no contract; the caregiver's does not help.
        (None, None, None),  # Nobody is responsible.
    ],
)
def test_responsible_organisation(
    chosen: str | None, own: str | None, expected: str | None
) -> None:
    """The client's chosen organisation is charged, else the caregiver's."""
    contracts = (contract("K1", organisation="A"), contract("K2", organisation="B"))
    assert charged(*contracts, chosen=chosen, own=own) == expected


def test_first_in_file_order() -> None:
    """Of several contracts that cover a stop the first one in the file is charged."""
    assert charged(contract("K2"), contract("K1")) == "K2"
    assert charged(contract("K2", towns=("u",)), contract("K1")) == "K1"


@pytest.mark.parametrize(
    ("towns", "town", "is_covered"),
    [
        ((), "t", True),  # No town listed means all.
        ((), None, True),  # As above, for a client without a town.
        (("u", "t"), "t", True),  # Listed.
        (("u",), "t", False),  # Another town.
        (("u",), None, False),  # A client without a town lives in none of the list.
    ],
)
def test_towns(towns: tuple[str, ...], town: str | None, *, is_covered: bool) -> None:
    """The client's town must be among the contract's."""
    assert (charged(contract(towns=towns), town=town) == "K1") is is_covered


@pytest.mark.parametrize(
    ("covered", "services", "is_covered"),
    [
        ((), ("bath", "meal"), True),  # No service listed means all.
        (("meal", "bath", "walk"), ("bath", "meal"), True),  # All listed.
        (("bath",), ("bath", "meal"), False),  # One of the two is missing.
        (("bath",), (), True),  # A visit without services asks for none.
    ],
)
def test_services(covered: tuple[str, ...], services: tuple[str, ...], *, is_covered: bool) -> None:
    """All of the visit's services must be among the contract's."""
    assert (charged(contract(services=covered), services=services) == "K1") is is_covered


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (MONDAY, MONDAY, "K1"),  # First and last day belong to the period.
        (TUESDAY, TUESDAY, None),  # Begins too late.
        (MONDAY - dt.timedelta(days=9), MONDAY - dt.timedelta(days=1), None),  # Over.
    ],
)
def test_period(start: dt.date, end: dt.date, expected: str | None) -> None:
    """The day must lie in the contract's period."""
    assert charged(contract(start=start, end=end)) == expected


@pytest.mark.parametrize(
    ("chosen", "own", "expected"),
    [
        (None, "A", False),  # Without a choice nobody is lent.
        ("A", "A", False),  # Own staff.
        ("A", "B", True),  # Staff of another organisation.
        ("A", None, False),  # No organisation, so nobody lends.
    ],
)
def test_lent(chosen: str | None, own: str | None, *, expected: bool) -> None:
    """A caregiver is lent to clients who have chosen another organisation."""
    who, what = caregiver(organisation=own), visit()
    scenario = world(clients=(client(organisation=chosen),), caregivers=(who,), visits=(what,))
    assert is_lent(ScenarioIndex.of(scenario), what, who) is expected


@pytest.mark.parametrize(
    ("volunteer", "own", "chosen", "may"),
    [
        (True, None, None, True),  # Beside contracts, which nobody charges.
        (False, None, None, False),  # Staff of no organisation has no contract.
        (True, "B", None, False),  # A volunteer of an organisation serves under its contracts.
        (True, None, "A", False),  # The client has chosen an organisation.
    ],
)
def test_volunteers_of_no_organisation_serve_beside_contracts(
    volunteer: bool, own: str | None, chosen: str | None, may: bool
) -> None:
    """Where only A has a contract, they may come to whoever has chosen nobody."""
    who = caregiver(organisation=own, volunteer=volunteer)
    what = visit()
    scenario = world(
        clients=(client(organisation=chosen, town="t"),),
        caregivers=(who,),
        visits=(what,),
        contracts=(contract("K1", organisation="A"),),
    )
    index = ScenarioIndex.of(scenario)
    found = eligible(index)
    assert bool(found.tables[found.kind_of[0], 0, 0]) is may
    against = set(reasons_against(index, what, 1, who, MONDAY))
    assert (Reason.CONTRACT in against or Reason.ORGANISATION in against) is not may
    assert covering_contracts(index, what, who, MONDAY) == ()
