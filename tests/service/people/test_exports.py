"""Figures over all organisations are right, and single nobody out."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from optimizer.disclosure import SMALLEST_CELL
from service.audit_log import read_entries
from service.database.clock import utc_now
from service.database.engine import Database
from service.database.faults import NotFound
from service.database.scope import SYSTEM
from service.jobs.plans import publish
from service.jobs.store import read_job
from service.jobs.tables import PublishedRow
from service.people.erasure import erase_person
from service.people.exports import (
    UNKNOWN,
    Caseload,
    Cell,
    Division,
    InForce,
    caseloads_of,
    counted,
    note_export,
    plans_of_month,
    stored_plan,
    together,
)
from service.people.personal_data import PersonKind
from tests.architecture.source import ROOT
from tests.service.work import accept, begin, end

HAMLET = (ROOT / "scenarios" / "hamlet.json").read_bytes()
PLAN = (ROOT / "scenarios" / "plans" / "hamlet.json").read_text(encoding="utf-8")
NOW = utc_now()


def published(database: Database, organisation: str, scenario: str = "hamlet") -> InForce:
    """Put the shipped plan of the hamlet in force for an organisation."""
    job = accept(database, organisation, document=HAMLET)
    end(database, begin(database), result=json.dumps({"plan": json.loads(PLAN)}).encode())
    with database.session(organisation) as session:
        publish(session, scenario, read_job(session, job.id), by="key")
    return InForce(organisation, scenario, job.id)


def caseload(client: int, town: str = "T", organisation: str = "A", visits: int = 2) -> Caseload:
    """Return what a client gets."""
    cells = {
        Division.ORGANISATION: organisation,
        Division.TOWN: town,
        Division.NEED_TIER: UNKNOWN,
        Division.AGE: "80-89",
    }
    return Caseload(organisation, f"C{client}", cells, visits, 1, 30, frozenset({"G1"}))


def test_plans_of_a_month_are_found_in_every_organisation(database: Database) -> None:
    """Plans put in force in another month are not among them."""
    both = [published(database, "A"), published(database, "B")]
    old = published(database, "A", "older")
    with database.session(SYSTEM) as session:
        row = session.find(PublishedRow, "A", old.scenario)
        assert row is not None
        row.published_at = NOW.replace(day=1) - timedelta(days=1)
    with database.session(SYSTEM, read_only=True) as session:
        assert plans_of_month(session, NOW.year, NOW.month) == both
        assert plans_of_month(session, NOW.year + 1, 12) == []


def test_figures_of_a_plan_are_those_of_its_stops(database: Database) -> None:
    """Visits, those left out, minutes and carers of a client, counted by hand from the files."""
    plan = published(database, "A")
    found = {each.client: each for each in caseloads_of(stored_plan(database, plan))}
    day, made = json.loads(HAMLET), json.loads(PLAN)
    visits = {visit["id"]: visit["client"] for visit in day["visits"]}
    assert found.keys() == set(visits.values())
    stops = [(route["caregiver"], stop) for route in made["routes"] for stop in route["stops"]]
    for client, each in found.items():
        own = [(carer, stop) for carer, stop in stops if visits[stop["visit"]] == client]
        assert each.visits == list(visits.values()).count(client)
        assert each.visits - each.unserved == len({stop["visit"] for _, stop in own})
        assert each.carers == {carer for carer, _ in own}
        assert each.minutes == sum(
            60 * (int(stop["end"][:2]) - int(stop["start"][:2]))
            + int(stop["end"][3:])
            - int(stop["start"][3:])
            for _, stop in own
        )


def test_clients_of_several_plans_are_counted_once() -> None:
    """Figures are added up by client; the same id elsewhere is another client."""
    found = together([caseload(1), caseload(1), caseload(1, organisation="B")])
    assert [(each.organisation, each.visits, each.minutes) for each in found] == [
        ("A", 4, 60),
        ("B", 2, 30),
    ]


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ({"X": 5, "Y": 9}, {"X": 5, "Y": 9}),
        ({"X": 4, "Y": 9, "Z": 7}, {"X": None, "Y": 9, "Z": None}),  # or it follows from the sum
    ],
)
def test_small_cells_tell_nothing(sizes: dict[str, int], told: dict[str, int | None]) -> None:
    """Of suppressed cells no figure is told, of the others all."""
    clients = [
        caseload(100 * ord(town) + number, town)
        for town, size in sizes.items()
        for number in range(size)
    ]
    for cell in counted(clients, Division.TOWN):
        size = told[cell.name]
        if size is None:
            assert cell == Cell(cell.name)
        else:
            assert cell == Cell(cell.name, size, 2 * size, size, 30 * size)
            assert size >= SMALLEST_CELL


def test_every_organisation_sees_in_its_log_what_was_exported(database: Database) -> None:
    """The log says who exported what of which month; an organisation without plans has none."""
    plan = published(database, "A")
    with database.session(SYSTEM) as session:
        note_export(session, [plan], actor="key", what="town", month="2026-03")
    with database.session("A", read_only=True) as session:
        last = list(read_entries(session))[-1]
    assert (last.actor, last.action, last.subject) == ("key", "exports.read", "2026-03")
    assert last.details == {"what": "town", "plans": 1}
    with database.session("B", read_only=True) as session:
        assert "exports.read" not in {entry.action for entry in read_entries(session)}


def test_a_plan_that_was_erased_is_in_no_export(database: Database) -> None:
    """Once a client is erased the plans that name the id are gone."""
    plan = published(database, "A")
    erase_person(database, "A", PersonKind.CLIENT, "C0001", actor="key")
    with database.session(SYSTEM, read_only=True) as session:
        assert plans_of_month(session, NOW.year, NOW.month) == []
    with pytest.raises(NotFound):
        caseloads_of(stored_plan(database, plan))
