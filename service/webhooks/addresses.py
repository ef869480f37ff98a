"""Where webhooks may go: to public addresses by https, and nowhere inside a network.

Whoever may name an endpoint could otherwise have this service knock at machines that only it
can reach. A name is resolved first and the connection made to the very address that was looked
at, so that a name which resolves differently the second time gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from optimizer.errors import UsageError

_SPECIAL = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # shared by a carrier's customers
            "127.0.0.0/8",  # this machine
            "169.254.0.0/16",  # this link
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocols
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # tunnels of multicast
            "192.88.99.0/24",  # relays from IPv6, given up
            "192.168.0.0/16",  # private
            "192.175.48.0/24",  # AS112
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, broadcast
        ),
    )
)
"IANA IPv4 Special-Purpose Address Registry (RFC 6890 and later), and multicast."

_UNICAST = ipaddress.IPv6Network("2000::/3")
"The only part of IPv6 from which IANA gives out global unicast addresses."

_SPECIAL_V6 = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # protocols, Teredo
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4, which hides an address of IPv4
            "2620:4f:8000::/48",  # AS112
            "3fff::/20",  # documentation
        ),
    )
)
"What the IANA IPv6 Special-Purpose Address Registry takes out of it."

HTTPS_PORTS = (443, 8443)
"Ports to which messages may go, where nothing else is set."

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


def check_url(
    url: str, *, private: bool = False, ports: Collection[int] = HTTPS_PORTS
) -> tuple[str, int]:
    """Return host and port of an endpoint's address, without resolving the name.

    Parameters
    ----------
    url
        ``https://host[:port]/...``.
    private
        Whether private addresses, all ports and http are fine; for tests.
    ports
        Those that are fine otherwise.

    Raises
    ------
    RefusedAddress
        If it is no address, not https, has a user name in it, or names another port or a private
        address.
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
    if port is None:
        port = 443 if parts.scheme == "https" else 80
    if port not in ports and not (private and port):
        known = " or ".join(map(str, ports))
        raise RefusedAddress(f"A webhook goes to port {known}.")
    return host, port


def resolve(url: str, *, private: bool = False, ports: Collection[int] = HTTPS_PORTS) -> Target:
    """Resolve an endpoint's name and return where to connect to.

    Parameters
    ----------
    url, private, ports
        As for `check_url`.

    Raises
    ------
    RefusedAddress
        If `check_url` refuses it, or the name leads to a private address, be it one of many.
    OSError
        If the name cannot be resolved.
    """
    host, port = check_url(url, private=private, ports=ports)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # A name with an empty or endless part.
        raise RefusedAddress("A webhook's address must be a complete one.") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not private and not all(map(is_public, addresses)):
        raise RefusedAddress("A webhook must not go to a private address.")
    return Target(host, port, addresses[0])


def is_public(address: str) -> bool:
    """Return whether an IP address is a global unicast one by IANA's registries.

    Python's own `is_global` knows the registries of the day on which it was released, and takes
    for global what is in none.
    """
    number = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(number, ipaddress.IPv4Address):
        return not any(number in network for network in _SPECIAL)
    if number.ipv4_mapped is not None:
        return is_public(str(number.ipv4_mapped))
    return number in _UNICAST and not any(number in network for network in _SPECIAL_V6)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
