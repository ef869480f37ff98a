"""The district's analysts get figures, and no client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from optimizer.disclosure import SMALLEST_CELL
from service.auth.keys import create_key
from service.auth.permissions import Role
from service.client import ServiceClient, ServiceError
from service.database.scope import DISTRICT, SYSTEM
from service.jobs.tables import PublishedRow
from service.people.pseudonyms import pseudonym
from tests.service.api.running import HAMLET, Running, running, settings_for

CANARY = "CanaryC"
PUBLISHED = datetime(2026, 3, 3, 9, tzinfo=UTC)
MONTH = "2026-03"


def scenario(clients: int) -> str:
    """Return the hamlet's day for its first clients, under ids that stand nowhere else."""
    day = json.loads(HAMLET)
    ids = [client["id"] for client in day["clients"]][:clients]
    day["clients"] = [client for client in day["clients"] if client["id"] in ids]
    day["visits"] = [visit for visit in day["visits"] if visit["client"] in ids]
    left = {visit["id"] for visit in day["visits"]}
    day["couplings"] = [
        each for each in day.get("couplings", ()) if {each["first"], each["second"]} <= left
    ]
    for client in day["clients"]:
        client |= {"town": "guisi" if client["id"] == ids[0] else "luotuo", "age": 84}
    return json.dumps(day).replace('"C0', f'"{CANARY}0')


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Give a service in which three organisations have plans in force, one for few clients."""
    with running(settings_for(tmp_path_factory.mktemp("district"))) as service:
        for who, clients in (("A", 10), ("B", 3), ("district", 8)):
            with service.client(who) as client:
                job = client.solve(scenario(clients), iterations=30, wait=30)
                client.publish(job.id)
        with service.database.session(SYSTEM) as session:
            session.execute(update(PublishedRow).values(published_at=PUBLISHED))
        yield service


@pytest.fixture
def analyst(district: Running) -> Iterator[ServiceClient]:
    """Give the client of an analyst."""
    key = create_key(district.database, DISTRICT, Role.DISTRICT_ANALYST)
    with ServiceClient(district.address, key.text) as client:
        yield client


def test_small_cells_are_suppressed(analyst: ServiceClient) -> None:
    """Three clients of one organisation are not told, nor is what would give them away."""
    found = analyst.export_counts(MONTH, "organisation")
    cells = {cell["name"]: cell["clients"] for cell in found["items"]}
    assert cells == {"A": 10, "B": None, "district": None}
    hidden = next(cell for cell in found["items"] if cell["name"] == "B")
    assert {hidden[name] for name in ("visits", "unserved", "minutes")} == {None}
    assert found["smallest_cell"] == SMALLEST_CELL


def test_clients_are_counted_over_all_organisations(analyst: ServiceClient) -> None:
    """By age all are in one cell; by town the few of one are suppressed with the others."""
    (cell,) = analyst.export_counts(MONTH, "age")["items"]
    assert (cell["name"], cell["clients"]) == ("80-89", 21)
    towns = analyst.export_counts(MONTH, "town")["items"]
    assert [(cell["name"], cell["clients"]) for cell in towns] == [
        ("guisi", None),
        ("luotuo", None),
    ]


def test_clients_bear_pseudonyms(district: Running, analyst: ServiceClient) -> None:
    """Each client of an organisation that is told has a row under a name that stays the same."""
    found = analyst.export_clients(MONTH)
    assert {item["organisation"] for item in found["items"]} == {"A"}
    assert len(found["items"]) == 10
    secrets = district.database.secrets
    names = {pseudonym(secrets, "A", f"{CANARY}{number:04}") for number in range(1, 11)}
    assert {item["client"] for item in found["items"]} == names
    assert sum(item["visits"] for item in found["items"]) == 12


def test_no_id_of_a_client_is_in_any_export(district: Running, analyst: ServiceClient) -> None:
    """Neither answers nor logs nor figures have an id or a place."""
    told = [analyst.export_clients(MONTH)]
    told += [
        analyst.export_counts(MONTH, by) for by in ("organisation", "town", "need_tier", "age")
    ]
    written = json.dumps(told) + district.log.getvalue()
    written += district.send("GET", "/metrics", "district").text
    assert CANARY not in written
    assert '"lat"' not in written


def test_every_export_is_in_the_log_of_those_it_is_about(
    district: Running, analyst: ServiceClient
) -> None:
    """An organisation sees in its own log that figures of its clients were exported."""
    analyst.export_counts(MONTH, "town")
    for who in ("A", "B"):
        entries = [json.loads(line) for line in district.send("GET", "/v1/log", who).text.split()]
        exports = [entry for entry in entries if entry["action"] == "exports.read"]
        assert exports[-1]["details"] == {"what": "town", "plans": 1}


def test_a_month_without_plans_is_empty(analyst: ServiceClient) -> None:
    """Nothing was put in force, so nothing is told."""
    assert analyst.export_counts("2020-02", "town")["items"] == []
    assert analyst.export_clients("2020-12")["items"] == []


@pytest.mark.parametrize(
    "month", ["2026-13", "2026", "march", "0000-01", "2026-03\n", "2\u066026-03"]
)
def test_a_month_is_written_in_one_way(analyst: ServiceClient, month: str) -> None:
    """Anything else is 422 at the parameter."""
    with pytest.raises(ServiceError) as caught:
        analyst.export_counts(month, "town")
    assert caught.value.problem.faults is not None
    assert [fault.pointer for fault in caught.value.problem.faults] == ["#month"]


@pytest.mark.parametrize("who", ["A", "viewer"])
def test_organisations_export_nothing(district: Running, who: str) -> None:
    """Figures over all organisations are for keys of the district, whatever the role."""
    for path in ("counts?by=town&", "clients?"):
        answer = district.send("GET", f"/v1/exports/{path}month={MONTH}", who)
        assert answer.status_code == 403


def test_an_analyst_reads_no_names(analyst: ServiceClient) -> None:
    """Exports are all that an analyst sees of the organisations' people."""
    for ask in (
        lambda: analyst.people("client"),
        lambda: analyst.read_people("client", ["P"], purpose="care"),
    ):
        with pytest.raises(ServiceError, match="forbidden"):
            ask()
    assert analyst.solves().items[0].kind == "solve"
