"""What asks where an address is, whoever answers."""

from __future__ import annotations

from collections.abc import Callable

Point = tuple[float, float]
"Latitude and longitude, in the datum of whoever answers."
Lookup = Callable[[str], Point | None]
"Returns where an address is; None where nobody knows it."


class ServiceSilent(Exception):
    """The service does not answer, or refuses to."""
