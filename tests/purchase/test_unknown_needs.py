"""Where need is not known an office is warned, since no loss could be shown for it."""

from __future__ import annotations

from optimizer.domain.scenario import Scenario
from optimizer.i18n import translated
from optimizer.needs.privacy import for_engine
from optimizer.purchase import Admission, needs_warnings
from tests.purchase.town import admitted, applies, as_it_is, office, town


def codes(admission: Admission) -> list[str]:
    """Return the codes of what is told, each of which can be said in Chinese."""
    found = needs_warnings(admission)
    for one in found:
        assert any("\u4e00" <= sign <= "\u9fff" for sign in translated("zh", one.message))
    return [str(one.code) for one in found]


def test_nothing_is_told_without_an_office_or_applications() -> None:
    """Ready visits are need enough where nobody has applied."""
    assert codes(as_it_is()) == []
    assert codes(admitted(office())) == []


def test_visits_without_records_are_told() -> None:
    """Need is then what the visits are."""
    assert codes(admitted(office(applies("C1", hardship="low_income")))) == ["need-without-record"]


def test_the_scenario_after_admission_is_told_from_the_one_before() -> None:
    """Whoever was refused has no visit in it: the loss would be nowhere."""
    decided = office(applies("C1", hardship="low_income"), applies("C3"))
    after = admitted(decided, for_engine(admitted(decided).scenario))
    assert codes(after) == ["applied-without-need", "need-without-record"]
    assert "C3" in str(needs_warnings(after)[0].message)


def test_visits_that_name_no_payer_stay_and_are_told() -> None:
    """Of whoever is refused; of whoever is admitted they are no matter."""
    nobody = [
        visit.model_copy(update={"payer": None}) if visit.client in {"C1", "C3"} else visit
        for visit in town().visits
    ]
    given: Scenario = town().model_copy(update={"visits": tuple(nobody)})
    found = admitted(office(applies("C1", hardship="low_income"), applies("C3")), given)
    assert codes(found) == ["need-without-record", "visit-without-payer"]
    assert "V3" in str(needs_warnings(found)[1].message)
    assert "V1" not in str(needs_warnings(found)[1].message)
    assert {"V1", "V3"} <= {visit.id for visit in found.scenario.visits}


def test_many_are_counted() -> None:
    """Five are named, the others are counted."""
    people = [town().clients[3].model_copy(update={"id": f"D{n}"}) for n in range(8)]
    given = town().model_copy(update={"clients": (*town().clients, *people)})
    found = admitted(office(*(applies(f"D{n}") for n in range(8))), given)
    message = str(needs_warnings(found)[0].message)
    assert "D4" in message
    assert "D5" not in message
    assert "8" in message
    assert "3 more" in message
