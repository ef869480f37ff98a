"""People who come by find out what this is, without a key and without anything from elsewhere."""

from __future__ import annotations

import base64
import json
import re

import pytest

from optimizer import __version__
from service.api.contract import example
from tests.patience import wait_until
from tests.service.api.running import HAMLET, Running

PROBLEM = example("vroom")


@pytest.fixture(scope="module", autouse=True)
def _ready(service: Running) -> None:
    """Give a service of which a worker has been at work, and so has loaded what it needs."""
    wait_until(lambda: service.send("GET", "/readyz").status_code == 200)
    with service.client() as client:
        job = client.solve(HAMLET, iterations=1).id
        wait_until(lambda: client.read(job).state == "completed")


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_page_says_what_this_is(service: Running, path: str) -> None:
    """It names the version, and the policy of contents lets it load its own files only."""
    answer = service.send("GET", path, "nobody")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert __version__ in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    # Nothing that a strict policy would refuse, and nothing from elsewhere.
    assert not re.search(r"<style|style=|<script(?! type=\"module\" src=)|\son\w+=", answer.text)
    assert not re.search(r"(?:src|href)=\"(?!/)", answer.text)


def test_what_the_pages_load_is_there(service: Running) -> None:
    """Every file and every link of the pages leads somewhere."""
    for path in ("/", "/docs"):
        page = service.send("GET", path, "nobody").text
        links = set(re.findall(r"(?:src|href)=\"([^\"]+)\"", page))
        assert {link: service.send("GET", link, "nobody").status_code for link in links} == (
            dict.fromkeys(links, 200)
        )


def test_every_operation_can_be_tried(service: Running) -> None:
    """The page has a form for each one of the contract, with its example."""
    page = service.send("GET", "/docs", "nobody").text
    contract = service.send("GET", "/v1/openapi.json", "nobody").json()
    for path, operations in contract["paths"].items():
        for method in operations:
            assert f'data-method="{method.upper()}" data-path="{path}"' in page


def test_who_is_lost_is_told_where_to_look(service: Running) -> None:
    """404 names the page that shows what there is."""
    assert "/docs" in service.send("GET", "/v1/nothing", "nobody").json()["detail"]


@pytest.mark.parametrize("way", ["bearer", "basic", "query"])
def test_vroom_takes_the_key_in_its_address(service: Running, way: str) -> None:
    """A client that can only be told an address has three ways; other addresses have one."""
    key = service.keys["A"]
    basic = base64.b64encode(f"any:{key}".encode()).decode()
    headers = {
        "bearer": {"authorization": f"Bearer {key}"},
        "basic": {"authorization": f"Basic {basic}"},
        "query": {},
    }[way]
    query = f"&key={key}" if way == "query" else ""
    body = json.dumps({**PROBLEM, "options": {"g": True}})
    path = f"/v1/vroom?seconds=0.2{query}"
    answer = service.send("POST", path, "nobody", content=body, headers=headers)
    assert answer.status_code == 200
    assert answer.json()["code"] == 0
    assert [one["pointer"] for one in answer.json()["warnings"]] == ["/options"]
    if way != "bearer":
        assert service.send("GET", "/v1/solves", "nobody", headers=headers).status_code == 401
        wrong = path.replace(key, "hc_x")
        refused = service.send(
            "POST",
            wrong,
            "nobody",
            content=body,
            headers={"authorization": "Basic !"} if way == "basic" else {},
        )
        assert refused.status_code == 401


def test_vroom_says_why_a_job_is_left_out(service: Running) -> None:
    """Each unassigned job has its reason beside VROOM's own fields, in the language asked for."""
    problem = {**PROBLEM, "jobs": [{**job, "skills": [99]} for job in PROBLEM["jobs"]]}
    answer = service.send("POST", "/v1/vroom?seconds=0.2&lang=zh", content=json.dumps(problem))
    solution = answer.json()
    assert solution["unassigned"]
    assert {one["id"] for one in solution["reasons"]} == {
        one["id"] for one in solution["unassigned"]
    }
    assert {one["code"] for one in solution["reasons"]} == {"nobody_qualified"}
    assert all("资质" in one["reason"] for one in solution["reasons"])
