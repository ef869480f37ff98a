"""The engine learns who needs which care when, and never why."""

from __future__ import annotations

import pickle
import re
from functools import cache

import numpy as np
import pytest

from optimizer.domain.caregiver import Caregiver, Qualification, Shift
from optimizer.domain.scenario import Scenario
from optimizer.errors import InputError
from optimizer.formats import format_plan, format_scenario, parse_scenario
from optimizer.needs.derive import derive
from optimizer.needs.privacy import for_engine
from optimizer.problem import compile_problem
from optimizer.solving import solve
from tests.needs.tables import RULES
from tests.needs.worlds import BOOK, HOME, MONDAY, derived, orders, world

CODES = sorted({one.code for _, known, _ in RULES for one in known.conditions}, reverse=True)
RULE_IDS = [rule.id for rule in BOOK.rules.rules]
PLACES = [
    *(rf"{part}\.\d" for part in ("conditions", "risk_events", "wounds", "medicines", "family")),
    *(rf"{part}\.\d" for part in ("device_details", "allergies", "diet", "night_needs")),
    "item_scores",
]
SECRETS = re.compile("|".join([*CODES, *PLACES, *(rf"\b{rule}\b" for rule in RULE_IDS)]))
"What must not be met behind the border: conditions, rules, places in the record."


def carer(name: str) -> Caregiver:
    """Return a caregiver who may do everything all day."""
    held = tuple(Qualification(code=code, level=5) for code in ("N", "C", "HK", "R", "VOL"))
    shift = Shift.model_validate({"date": MONDAY, "start": "06:00", "end": "21:00"})
    return Caregiver(id=name, home=HOME, qualifications=held, shifts=(shift,))


@cache
def full_of_secrets() -> Scenario:
    """Return a day on which every rule holds for somebody, with a care plan."""
    clients = [known.person(f"E{n}") for n, (_, known, _) in enumerate(RULES)]
    ordered = orders("VITALS", per_week=7).model_copy(update={"client": "E0"})
    return world(*clients, care_plans=(ordered,)).model_copy(
        update={"caregivers": tuple(carer(f"W{n}") for n in range(4))}
    )


def test_the_test_would_see_it() -> None:
    """The scenario and what is derived from it hold the secrets that are looked for below."""
    secret = full_of_secrets()
    assert set(SECRETS.findall(format_scenario(secret))) >= set(CODES)
    traced = format_scenario(derive(secret).scenario)
    assert {"R01", "R11"} <= set(SECRETS.findall(traced))


def test_scenario_for_the_engine() -> None:
    """What the engine is given holds no condition, no rule and no place in a record."""
    seen = for_engine(derive(full_of_secrets()).scenario)
    assert seen.visits
    assert not SECRETS.search(format_scenario(seen))
    assert all(visit.trace == () for visit in seen.visits)
    assert all(client.health_record is None for client in seen.clients)
    assert for_engine(seen) is seen


def test_records_that_were_never_derived() -> None:
    """Records and care plans are taken out even if nobody has derived anything from them."""
    seen = for_engine(full_of_secrets())
    assert not SECRETS.search(format_scenario(seen))
    assert seen.care_plans == ()


def test_compiled_problem() -> None:
    """Neither the compiled problem nor what its arrays print holds a secret."""
    data = compile_problem(for_engine(derive(full_of_secrets()).scenario))
    text = pickle.dumps(data.scenario).decode("latin-1") + repr(data)
    names = data.arrays._fields if hasattr(data.arrays, "_fields") else vars(data.arrays)
    for name in names:
        array = getattr(data.arrays, name)
        text += f"{name} {array!r}"
        if isinstance(array, np.ndarray):
            assert array.dtype.kind in "iubf"
    assert not SECRETS.search(text)


def test_plan_and_result() -> None:
    """A plan made from such records holds no secret, and neither does the problem behind it."""
    result = solve(full_of_secrets(), iterations=200, engine="search")
    assert result.plan.routes
    assert not SECRETS.search(format_plan(result.plan))


@pytest.mark.parametrize("secret", ["CANARYILL", "CANARYILL 7"])  # a code, no code
def test_texts_of_errors(secret: str) -> None:
    """The text of a refusal names places, and never repeats a diagnosis."""
    text = format_scenario(full_of_secrets()).replace("hypertension", secret, 1)
    broken = text.replace('"recorded_on": "2026-08-03"', '"recorded_on": "2026-13-03"', 1)
    with pytest.raises(InputError) as error:
        parse_scenario(broken)
    assert "health_record.recorded_on" in str(error.value)
    for word in ("CANARY", *CODES):
        assert word not in str(error.value)


def test_ids_and_series_say_services_only() -> None:
    """Ids and series of visits are made of client, day and service."""
    for visit in derived(*full_of_secrets().clients).scenario.visits:
        assert not SECRETS.search(f"{visit.id} {visit.series}")
