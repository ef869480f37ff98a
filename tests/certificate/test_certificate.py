"""The record: its arithmetic, and the way to a file and back."""

from __future__ import annotations

import itertools
import json

import pytest

from optimizer.certificate import (
    Certificate,
    Form,
    Interval,
    PersonAmount,
    ShiftAmount,
    UnservedProof,
    VisitAmount,
)
from optimizer.certificate.certificate import least_of
from tests.verification.worlds import MONDAY

PARTS = tuple(
    Certificate(
        form=form,
        least_unserved=1,
        least_weight=600,
        visits=(
            VisitAmount(visit="V1", carers=(1, 2), amount=9),
            VisitAmount(visit="V2", amount=8),
        ),
        caregivers=(ShiftAmount(caregiver="N1", date=MONDAY, amount=10),),
        people=(PersonAmount(caregiver="N1", amount=10),) if form is Form.WEEKS else (),
        interval=Interval(date=MONDAY, begin="08:00", end="09:30") if form is Form.HOURS else None,
        scale=20 if form is Form.DUAL_WEIGHTS else 1,
    )
    for form in Form
)


@pytest.mark.parametrize("part", PARTS, ids=[part.form.value for part in PARTS])
def test_every_form_goes_to_json_and_back(part: Certificate) -> None:
    """A certificate read from its JSON is the one that was written."""
    claim = UnservedProof.of("lane", [part])
    assert UnservedProof.model_validate_json(claim.model_dump_json(exclude_none=True)) == claim


def test_clock_times_are_written_as_people_write_them() -> None:
    """The interval of a certificate is hours and minutes in the file."""
    document = json.loads(PARTS[1].model_dump_json())
    assert document["interval"] == {"date": "2025-03-03", "begin": "08:00", "end": "09:30"}


def test_sums() -> None:
    """What is asked for, less what can be given, is missing."""
    assert (PARTS[0].asked, PARTS[0].given, PARTS[0].missing) == (17, 10, 7)


def test_certificates_add_up() -> None:
    """The whole claim is the sum of its parts."""
    whole = UnservedProof.of("lane", PARTS)
    assert (whole.least_unserved, whole.least_weight) == (5, 3000)


@pytest.mark.parametrize("missing", range(15))
def test_the_least_is_no_more_than_any_choice(missing: int) -> None:
    """Of all sets that reach what is missing none has fewer visits, none weighs less."""
    pairs = [(5, 60), (4, 10), (3, 30), (2, 0), (1, 5)]
    sets = [
        chosen
        for length in range(len(pairs) + 1)
        for chosen in itertools.combinations(pairs, length)
        if sum(amount for amount, _ in chosen) >= missing
    ]
    least = least_of(pairs, missing)
    assert least.visits == min(len(chosen) for chosen in sets)
    assert least.weight <= min(sum(price for _, price in chosen) for chosen in sets)
