"""Placeholder of the HTTP side until the jobs' own module is there."""

from __future__ import annotations

from optimizer.errors import HomecareError


class UnsafeAddress(HomecareError):
    """Webhooks go to https addresses that are no private ones."""

    code = "unsafe-address"
    http_status = 422


def check_address(url: str, *, allow_private: bool) -> None:
    """Refuse an address."""
    if not allow_private and not url.startswith("https://"):
        raise UnsafeAddress
