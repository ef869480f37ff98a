"""The same requests on PostgreSQL, and an orderly end in the middle of work."""

from __future__ import annotations

import threading
from pathlib import Path

import httpx
import pytest

from service.client import ServiceError
from service.jobs.states import JobState
from tests.patience import wait_until
from tests.service.api.running import HAMLET, Running, running, settings_for


def test_jobs_on_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    """Accepted, solved, repeated, listed, followed, published, logged: as on SQLite."""
    with running(settings_for(tmp_path, database=postgresql_url)) as service:
        with service.client() as client, service.client("B") as other:
            job = client.solve(HAMLET, iterations=50, idempotency_key="one", wait=30)
            again = client.solve(HAMLET, iterations=50, idempotency_key="one")
            assert again.id == job.id
            assert again.state is JobState.COMPLETED
            assert client.solve(HAMLET, iterations=50).cached
            assert len(client.solves().items) == 2
            assert other.solves().items == []
            # On a slow machine progress is told in between.
            states = [
                event.data["state"] for event in client.events(job.id) if event.kind == "state"
            ]
            assert states[-1:] == ["completed"]
            assert client.publish(job.id)["version"] == 1
            with pytest.raises(ServiceError, match="not-found"):
                other.read(job.id)
            stopped = client.solve(HAMLET, seconds=300, seed=9, engine="search")
            client.cancel(stopped.id)
            assert client.await_end(stopped.id, seconds=20).state is JobState.CANCELLED
        assert service.send("GET", "/readyz").json()["leading"]
        assert "plans.publish" in service.send("GET", "/v1/log").text
        figures = service.send("GET", "/metrics", "district").text
        assert 'homecare_jobs{state="completed"} 2.0' in figures


def test_a_request_under_way_is_answered_at_the_end(tmp_path: Path) -> None:
    """Told to end, the service answers who waits; the job goes on at the next start."""
    settings = settings_for(tmp_path)
    answers: list[httpx.Response] = []

    def ask(service: Running) -> None:
        answers.append(
            service.send(
                "POST",
                "/v1/solves?seconds=300&engine=search",
                content=HAMLET,
                headers={"prefer": "wait=1"},
            )
        )

    with running(settings) as service:
        asking = threading.Thread(target=ask, args=(service,))
        asking.start()
        wait_until(lambda: service.send("GET", "/v1/solves").json()["items"])
        key = service.keys["A"]
    asking.join(10)
    assert answers[0].status_code == 202
    job = answers[0].json()["id"]
    with running(settings, is_first=False) as service:
        bearer = {"authorization": f"Bearer {key}"}
        state = service.send("GET", f"/v1/solves/{job}", headers=bearer).json()["state"]
        assert state in {"queued", "running"}
        ended = service.send("DELETE", f"/v1/solves/{job}", headers=bearer)
        assert ended.status_code == 202
