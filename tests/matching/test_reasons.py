"""Why a caregiver may not visit."""

from __future__ import annotations

import datetime as dt

import pytest

from optimizer.domain.caregiver import Caregiver, Qualification
from optimizer.domain.client import Client, Flag, Gender, GenderWish
from optimizer.domain.contract import Contract, Lending, Organisation
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.visit import CarerNeed, Pin, Visit
from optimizer.matching.reasons import Reason, reasons_against
from tests.matching.worlds import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    caregiver,
    client,
    contract,
    need,
    visit,
    world,
)

FEMALE, MALE = Gender.FEMALE, Gender.MALE
CARE = Qualification(code="care", level=2)
CARE_TILL_MONDAY = Qualification(code="care", level=2, expires=MONDAY)


def reasons(
    *,
    who: Caregiver | None = None,
    whom: Client | None = None,
    what: Visit | None = None,
    day: dt.date = MONDAY,
    carer: int = 1,
    organisations: tuple[Organisation, ...] = (),
    contracts: tuple[Contract, ...] = (),
) -> tuple[Reason, ...]:
    """Return the reasons against one caregiver in a world changed in one place."""
    who, what = who or caregiver(), what or visit()
    scenario = world(
        clients=(whom or client(),),
        caregivers=(who,),
        visits=(what,),
        organisations=organisations,
        contracts=contracts,
    )
    return reasons_against(ScenarioIndex.of(scenario), what, carer, who, day)


def test_nothing_speaks_against_an_ordinary_stop() -> None:
    """A qualified caregiver on shift may visit a client without wishes."""
    assert reasons() == ()


@pytest.mark.parametrize(
    ("held", "day", "expected"),
    [
        ((CARE,), MONDAY, ()),  # Exactly the level asked for.
        ((Qualification(code="care", level=9),), MONDAY, ()),  # A higher level covers it.
        ((Qualification(code="care", level=1),), MONDAY, (Reason.NOT_QUALIFIED,)),  # Too low.
        ((Qualification(code="nurse", level=9),), MONDAY, (Reason.NOT_QUALIFIED,)),  # Other code.
        ((), MONDAY, (Reason.NOT_QUALIFIED,)),  # Nothing at all.
        ((CARE_TILL_MONDAY,), MONDAY, ()),  # Valid on its last day.
        ((CARE_TILL_MONDAY,), TUESDAY, (Reason.EXPIRED,)),  # The day after.
        ((CARE_TILL_MONDAY, CARE), TUESDAY, ()),  # A second certificate is still valid.
        (
            (CARE_TILL_MONDAY, Qualification(code="care", level=1)),
            TUESDAY,
            (Reason.EXPIRED,),
        ),  # What is still valid is too low, what is high enough has expired.
    ],
)
def test_qualifications(
    held: tuple[Qualification, ...], day: dt.date, expected: tuple[Reason, ...]
) -> None:
    """A requirement is met by the same code at its level or above, valid on the day."""
    assert reasons(who=caregiver(qualifications=held), day=day) == expected


def test_every_requirement_counts() -> None:
    """One qualification missing and another expired are two reasons."""
    what = visit(carers=(need(care=2, nurse=1),))
    found = reasons(who=caregiver(qualifications=(CARE_TILL_MONDAY,)), what=what, day=TUESDAY)
    assert found == (Reason.NOT_QUALIFIED, Reason.EXPIRED)


def test_each_carer_has_requirements_of_their_own() -> None:
    """Somebody may be the second carer and not the first."""
    what = visit(carers=(need(nurse=1), need(care=1)))
    assert reasons(what=what, carer=1) == (Reason.NOT_QUALIFIED,)
    assert reasons(what=what, carer=2) == ()


@pytest.mark.parametrize("carer", [0, 2])
def test_a_carer_the_visit_does_not_have(carer: int) -> None:
    """Asking for a carer number outside the visit is an error, not an answer."""
    with pytest.raises(IndexError, match="V1"):
        reasons(carer=carer)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"minutes": 30}, {"minutes": 30}, ()),  # They leave together.
        ({"minutes": 30}, {"minutes": 31}, (Reason.VOLUNTEER,)),  # A minute alone.
        ({"minutes": 30, "shortest": 20}, {"minutes": 30}, (Reason.VOLUNTEER,)),  # Perhaps ten.
        ({"minutes": 60, "shortest": 30}, {"minutes": 30, "shortest": 10}, ()),  # Never.
    ],
)
def test_no_volunteer_stays_behind_with_an_aggressive_client(
    first: dict[str, int], second: dict[str, int], expected: tuple[Reason, ...]
) -> None:
    """A volunteer is the second carer only if the employed one cannot leave before."""
    found = reasons(
        who=caregiver(volunteer=True),
        whom=client(flags=(Flag.AGGRESSIVE,)),
        what=visit(carers=(CarerNeed(**first), CarerNeed(**second))),
        carer=2,
    )
    assert found == expected


def test_refused() -> None:
    """A client's refusal concerns exactly the caregivers named."""
    assert reasons(whom=client(refused=("N1",))) == (Reason.REFUSED,)
    assert reasons(whom=client(refused=("N2",))) == ()


@pytest.mark.parametrize(
    ("flags", "volunteer", "carer", "expected"),
    [
        ((Flag.AGGRESSIVE,), True, 1, (Reason.VOLUNTEER,)),  # Alone, or first of two.
        ((Flag.AGGRESSIVE,), True, 2, ()),  # Beside somebody employed.
        ((Flag.AGGRESSIVE,), False, 1, ()),  # Employed.
        ((Flag.ALONE, Flag.INFECTIOUS), True, 1, ()),  # Other flags forbid nothing here.
    ],
)
def test_no_volunteer_goes_alone_to_an_aggressive_client(
    flags: tuple[Flag, ...], volunteer: bool, carer: int, expected: tuple[Reason, ...]
) -> None:
    """Carer 1 of an aggressive client is employed; a second carer may be a volunteer."""
    found = reasons(
        who=caregiver(volunteer=volunteer),
        whom=client(flags=flags),
        what=visit(carers=(need(care=2), need(care=2))),
        carer=carer,
    )
    assert found == expected


@pytest.mark.parametrize(
    ("gender", "is_hard", "expected"),
    [
        (MALE, True, (Reason.GENDER,)),  # Insisted on, and another one.
        (FEMALE, True, ()),  # Insisted on, and met.
        (None, True, (Reason.GENDER,)),  # Unknown cannot be promised.
        (MALE, False, ()),  # A mere wish forbids nothing.
    ],
)
def test_gender(gender: Gender | None, is_hard: bool, expected: tuple[Reason, ...]) -> None:
    """Only a gender that the client insists on is a reason."""
    whom = client(gender_wish=GenderWish(gender=FEMALE, hard=is_hard))
    assert reasons(who=caregiver(gender=gender), whom=whom) == expected


@pytest.mark.parametrize(
    ("chosen", "own", "expected"),
    [
        (None, "B", ()),  # No choice, so anybody.
        (None, None, ()),  # No choice, so even somebody of no organisation.
        ("A", "A", ()),  # The chosen one.
        ("A", "B", (Reason.ORGANISATION,)),  # B does not lend.
        ("A", "L", ()),  # L lends.
        ("A", None, (Reason.ORGANISATION,)),  # Nobody who could lend.
    ],
)
def test_organisation(chosen: str | None, own: str | None, expected: tuple[Reason, ...]) -> None:
    """A client's choice admits its own staff and staff of organisations that lend."""
    bodies = (
        Organisation(id="A"),
        Organisation(id="B"),
        Organisation(id="L", lending=Lending(fen_per_hour=0)),
    )
    found = reasons(
        who=caregiver(organisation=own), whom=client(organisation=chosen), organisations=bodies
    )
    assert found == expected


def test_a_contract_is_needed_where_contracts_are_listed() -> None:
    """Without a contract that covers the stop nobody goes, unless none is listed at all."""
    who = caregiver(organisation="A")
    assert reasons(who=who, contracts=()) == ()
    assert reasons(who=who, contracts=(contract(),)) == ()
    assert reasons(who=who, contracts=(contract(towns=("t",)),)) == (Reason.CONTRACT,)


@pytest.mark.parametrize(
    ("dates", "day", "expected"),
    [
        ((), TUESDAY, ()),  # No dates listed: any day of the horizon.
        ((), MONDAY - dt.timedelta(days=1), (Reason.NOT_ON_THIS_DAY,)),  # Before the horizon.
        ((MONDAY,), TUESDAY, (Reason.NOT_ON_THIS_DAY,)),  # Another day than listed.
        ((), WEDNESDAY, (Reason.NOT_ON_THIS_DAY,)),  # The caregiver is off.
    ],
)
def test_days(dates: tuple[dt.date, ...], day: dt.date, expected: tuple[Reason, ...]) -> None:
    """The visit must be possible on the day and the caregiver on shift."""
    assert reasons(what=visit(dates=dates), day=day) == expected


@pytest.mark.parametrize(
    ("pin", "carer", "expected"),
    [
        (Pin(caregivers=("N2",)), 1, (Reason.PINNED_ELSEWHERE,)),  # Somebody else.
        (Pin(caregivers=("N1",)), 1, ()),  # This one.
        (Pin(caregivers=(None, "N2")), 1, ()),  # Only the other carer is pinned.
        (Pin(caregivers=("N2",)), 2, ()),  # As above, the second carer being free.
        (Pin(date=TUESDAY), 1, (Reason.PINNED_ELSEWHERE,)),  # Another day.
        (Pin(date=MONDAY), 1, ()),  # This day.
        (Pin(start="09:00"), 1, ()),  # A start is not matching's business.
    ],
)
def test_pins(pin: Pin, carer: int, expected: tuple[Reason, ...]) -> None:
    """A pin excludes other caregivers for its carer number, and other days."""
    what = visit(carers=(need(care=1), need(care=1)), pin=pin)
    assert reasons(what=what, carer=carer) == expected


def test_reasons_come_in_the_order_of_the_list() -> None:
    """All reasons are given at once, each once, in a fixed order."""
    found = reasons(
        who=caregiver(qualifications=(), organisation="B", volunteer=True),
        whom=client(
            refused=("N1",),
            organisation="A",
            gender_wish=GenderWish(gender=MALE, hard=True),
            flags=(Flag.AGGRESSIVE,),
        ),
        what=visit(pin=Pin(caregivers=("N2",))),
        day=WEDNESDAY,
        contracts=(contract(organisation="B"),),
    )
    assert found == tuple(reason for reason in Reason if reason is not Reason.EXPIRED)
