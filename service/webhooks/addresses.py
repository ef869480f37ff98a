"""Where webhooks may go: to public addresses by https, and nowhere inside a network.

Whoever may name an endpoint could otherwise have this service knock at machines that only it
can reach. A name is resolved first and the connection made to the very address that was looked
at, so that a name which resolves differently the second time gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from optimizer.errors import UsageError

_EMBEDDING = tuple(
    map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
)
"IPv6 networks whose addresses hide one of IPv4, which may be private."

_MAX_URL = 2_000


class RefusedAddress(UsageError):
    """Webhooks go by https to public addresses only."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes.

    Attributes
    ----------
    host, port
        As the address names them.
    address
        The address of the host that was looked at and is connected to.
    """

    host: str
    port: int
    address: str


def check_url(url: str, *, private: bool = False) -> tuple[str, int]:
    """Return host and port of an endpoint's address, without resolving the name.

    Parameters
    ----------
    url
        ``https://host[:port]/...``.
    private
        Whether private addresses and http are fine; for tests.

    Raises
    ------
    RefusedAddress
        If it is no address, not https, has a user name in it, or names a private address.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise RefusedAddress("A webhook's address must be a complete one.") from error
    if len(url) > _MAX_URL or not host or not url.isprintable() or " " in url:
        raise RefusedAddress("A webhook's address must be a complete one.")
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise RefusedAddress("A webhook's address must begin with https://.")
    if parts.username is not None or parts.password is not None:
        raise RefusedAddress("A webhook's address must not hold a user name or password.")
    if not private and _is_number(host) and not is_public(host):
        raise RefusedAddress("A webhook must not go to a private address.")
    return host, port or (443 if parts.scheme == "https" else 80)


def resolve(url: str, *, private: bool = False) -> Target:
    """Resolve an endpoint's name and return where to connect to.

    Parameters
    ----------
    url, private
        As for `check_url`.

    Raises
    ------
    RefusedAddress
        If `check_url` refuses it, or the name leads to a private address, be it one of many.
    OSError
        If the name cannot be resolved.
    """
    host, port = check_url(url, private=private)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not private and not all(map(is_public, addresses)):
        raise RefusedAddress("A webhook must not go to a private address.")
    return Target(host, port, addresses[0])


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the public internet."""
    number = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(number, ipaddress.IPv6Address):
        if number.ipv4_mapped is not None:
            return is_public(str(number.ipv4_mapped))
        if any(number in network for network in _EMBEDDING):
            return False
    return number.is_global and not number.is_multicast


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
