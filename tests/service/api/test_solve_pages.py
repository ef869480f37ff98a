"""The roster of a solve is looked at in a browser, under a strict policy."""

from __future__ import annotations

import pytest

from service.jobs.states import JobState
from tests.architecture.source import ROOT
from tests.browser import browser
from tests.service.api.running import HAMLET, Running

SMALL = ROOT / "scenarios" / "zhenhai-day-s.json"


@pytest.fixture(scope="module")
def address(service: Running) -> str:
    """Give the address of the page of a small day with health records."""
    with service.client() as client:
        job = client.solve(SMALL.read_text(encoding="utf-8"), iterations=20, wait=30)
    assert job.state is JobState.COMPLETED
    return job.links["page"]


def test_the_page_shows_roster_and_alerts(service: Running, address: str) -> None:
    """Readers see caregivers and alerts, and no diagnosis; others learn nothing of it."""
    answer = service.send("GET", f"{address}?lang=zh", "viewer")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert '<body data-lang="zh">' in answer.text
    assert "G001" in answer.text
    assert "C0019" in answer.text
    assert "low blood sugar might go unnoticed" in answer.text
    assert "diabetes" not in answer.text
    assert service.send("GET", address, "B").status_code == 404


def test_the_policy_is_that_of_the_page(service: Running, address: str) -> None:
    """The header allows what the page holds, nothing else, and no frame."""
    answer = service.send("GET", address)
    policy = answer.headers["content-security-policy"]
    own, _, rest = policy.partition("; frame-ancestors ")
    assert rest == "'none'"
    assert f'content="{own}"' in answer.text
    assert "unsafe" not in policy


def test_the_client_reads_the_page(service: Running) -> None:
    """The typed client returns it as text; a day without records has a page as well."""
    with service.client() as client:
        job = client.solve(HAMLET, iterations=20, wait=20)
        assert client.page(job.id).startswith("<!DOCTYPE html>")


def test_a_browser_runs_the_page(service: Running, address: str) -> None:
    """Under the header's policy the script opens a caregiver's details, and nothing is refused."""
    with browser() as started:
        context = started.new_context(extra_http_headers=dict(service.headers("viewer")))
        page = context.new_page()
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text))
        page.goto(service.address + address)
        page.locator("tr.line button").first.click()
        assert "G001" in page.locator(".side.open h3").inner_text()
        context.close()
    assert faults == []
