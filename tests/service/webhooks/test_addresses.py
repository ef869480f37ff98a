"""Where webhooks may go, and where not."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from service.webhooks.addresses import RefusedAddress, Target, check_url, is_public, resolve


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),  # this machine
        ("10.1.2.3", False),  # a private network
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),  # where clouds hand out credentials
        ("100.64.0.1", False),  # a carrier's own network
        ("0.0.0.0", False),  # noqa: S104 (nobody listens)
        ("224.0.0.1", False),  # many at once
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:10.0.0.1", False),  # a private address in another dress
        ("64:ff9b::a00:1", False),  # and in two more
        ("2002:a00:1::", False),
        ("::127.0.0.1", False),
        ("::ffff:0:127.0.0.1", False),
        ("192.0.0.192", False),  # protocols, where a cloud hands out credentials
        ("192.88.99.1", False),  # a relay
        ("198.18.0.1", False),  # benchmarks
        ("fec0::1", False),  # site-local, given up
        ("5f00::1", False),  # segments of routers, of no part that is given out
        ("2001:db8::1", False),  # documentation
        ("3fff::1", False),
        ("ff02::1", False),  # many at once
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    """Only the public internet is public."""
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook",  # anybody on the way could read it
        "ftp://example.org/hook",
        "https:///hook",  # nobody
        "example.org/hook",
        "https://user:secret@example.org/hook",
        "https://example.org:99999/hook",
        "https://example.org:0/hook",
        "https://example.org:22/hook",
        "https://127.0.0.1/hook",
        "https://[::1]/hook",
        "https://example.org/a b",
        "https://example.org/" + 3_000 * "a",
        "https://exa\nmple.org/",
    ],
)
def test_refused_urls(url: str) -> None:
    """What is no https address of somebody else is refused when it is given."""
    with pytest.raises(RefusedAddress):
        check_url(url)


def test_a_good_url() -> None:
    """Host and port come out of it."""
    assert check_url("https://example.org/hook") == ("example.org", 443)
    assert check_url("https://example.org:8443/hook") == ("example.org", 8443)


def answering(monkeypatch: pytest.MonkeyPatch, *found: str) -> None:
    """Let every name resolve to these addresses."""

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def test_a_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A public name may have a private address, be it only as its second one."""
    answering(monkeypatch, "8.8.8.8", "10.0.0.1")
    with pytest.raises(RefusedAddress):
        resolve("https://example.org/hook")


def test_the_connection_goes_to_the_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first address of the name is handed on, so that it is not resolved again."""
    answering(monkeypatch, "8.8.8.8", "8.8.4.4")
    assert resolve("https://example.org/hook") == Target("example.org", 443, "8.8.8.8")


def test_the_ports_are_settable() -> None:
    """Others than those that are allowed are refused, whatever listens there."""
    assert check_url("https://example.org:9443/", ports=(443, 9443)) == ("example.org", 9443)
    with pytest.raises(RefusedAddress):
        check_url("https://example.org:8443/", ports=(443, 9443))


@pytest.mark.parametrize("host", ["a..b", ".", "x" * 300])
def test_a_name_that_is_none_is_refused(host: str) -> None:
    """A name with an empty or an endless part cannot even be asked for."""
    with pytest.raises(RefusedAddress):
        resolve(f"https://{host}/")
