"""Endpoints are registered, shown without their secret, and never private ones."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.service.api.running import Running


@pytest.fixture(autouse=True)
def _public_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every example's name lead to a public address, without asking anybody."""
    real = socket.getaddrinfo

    def resolved(host: str, port: int, *rest: object, **more: object) -> object:
        if host.endswith(".example"):
            address = "10.0.0.7" if host.startswith("private") else "93.184.215.14"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]
        return real(host, port, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)


def test_an_endpoint_and_its_secret(service: Running) -> None:
    """The secret is in the first answer and in no other; another organisation sees nothing."""
    made = service.send("POST", "/v1/webhooks", json={"url": "https://hooks.example/x"})
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    listed = service.send("GET", "/v1/webhooks").json()["items"]
    assert made.json()["id"] in {one["id"] for one in listed}
    assert "secret" not in listed[-1]
    assert service.send("GET", "/v1/webhooks", "B").json()["items"] == []
    path = f"/v1/webhooks/{made.json()['id']}"
    assert service.send("DELETE", path, "B").status_code == 404
    assert service.send("DELETE", path).status_code == 204
    assert service.send("DELETE", path).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/x",  # not encrypted
        "https://127.0.0.1/x",  # this machine
        "https://[::1]/x",  # this machine
        "https://169.254.169.254/latest",  # a cloud's own data
        "https://private.example/x",  # a public name that leads inside
        "https://user:word@hooks.example/x",  # with a password in it
        "https://",  # no machine
        "ftp://hooks.example/x",  # not HTTP at all
    ],
)
def test_unsafe_endpoints_are_refused(service: Running, url: str) -> None:
    """Only https addresses that lead to public machines are taken."""
    answer = service.send("POST", "/v1/webhooks", json={"url": url})
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["pointer"] == "/url"


def test_dead_letters_are_listed(service: Running) -> None:
    """Nothing was given up yet; what does not exist cannot be sent again."""
    assert service.send("GET", "/v1/webhooks/dead").json() == {"items": []}
    path = f"/v1/webhooks/dead/dlv_{'0' * 26}/send"
    assert service.send("POST", path).status_code == 404


def test_a_name_that_nobody_answers_for_holds_up_no_write(
    service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many endpoints as one organisation may ask for wait for it; others are told at once."""
    asked, may_end = threading.Event(), threading.Event()
    known = socket.getaddrinfo

    def silent(host: str, *rest: object, **more: object) -> object:
        if host != "silent.example":
            return known(host, *rest, **more)  # type: ignore[arg-type]
        asked.set()
        may_end.wait(60)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    wanted = {"url": "https://silent.example/x"}
    with ThreadPoolExecutor(20) as pool:
        waiting = [
            pool.submit(service.send, "POST", "/v1/webhooks", json=wanted) for _ in range(20)
        ]
        assert asked.wait(60)
        assert service.send("POST", "/v1/keys", json={"role": "viewer", "label": "x"}).is_success
        may_end.set()
        found = {each.result().status_code for each in waiting}
    assert found == {422, 503}
