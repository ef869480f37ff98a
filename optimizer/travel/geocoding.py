"""Coordinates of addresses from a geocoding service that the user names; never asked of itself.

Nothing but an address is sent, one at a time and slowly. Any service of geopy can be named.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geopy.exc import GeopyError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import SERVICE_TO_GEOCODER, get_geocoder_for_service

from optimizer.errors import UsageError
from optimizer.i18n import say
from optimizer.travel.address_lookup import Lookup, Point, ServiceSilent

AGENT = "homecare-optimizer"
"How the program names itself to a service."


@dataclass(frozen=True, slots=True)
class GeocoderSettings:
    """Which service is asked, and how.

    Attributes
    ----------
    service
        Its name in geopy, such as ``nominatim``, ``photon``, ``arcgis``, ``baidu``.
    options
        What it is made with: `domain` of an own server, `api_key`.
    datum
        Of its coordinates: ``wgs84``, ``gcj02`` or ``bd09``.
    within
        Added to each address, such as ``, Ningbo, China``.
    pause
        Seconds between two questions, at least.
    """

    service: str
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    datum: str = "wgs84"
    within: str = ""
    pause: float = 1.0


def geocoder_settings(told: str) -> GeocoderSettings:
    """Return the settings that a name or a ``.toml`` file tells.

    Raises
    ------
    UsageError
        If the file cannot be read or says something else than settings have.
    """
    if not told.endswith(".toml"):
        return GeocoderSettings(told)
    try:
        content = tomllib.loads(Path(told).read_text(encoding="utf-8"))
        settings = GeocoderSettings(**content)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError) as error:
        raise UsageError(say("usage.geocoder_file", path=told, why=str(error))) from error
    kinds: dict[str, type | tuple[type, ...]] = {
        "service": str, "datum": str, "within": str, "options": dict, "pause": (int, float),
    }  # fmt: skip
    wrong = [name for name, kind in kinds.items() if not isinstance(getattr(settings, name), kind)]
    if settings.datum not in {"wgs84", "gcj02", "bd09"}:
        wrong.append("datum")
    if not wrong and settings.pause < 0:
        wrong.append("pause")
    if wrong:
        raise UsageError(say("usage.geocoder_file", path=told, why=", ".join(wrong)))
    return settings


def lookup_of(settings: GeocoderSettings) -> Lookup:
    """Return what asks a service for an address.

    Raises
    ------
    UsageError
        If geopy has no such service, or it cannot be made with these options.
    """
    options = {"user_agent": AGENT, **settings.options}
    if settings.service not in SERVICE_TO_GEOCODER:
        known = ", ".join(sorted(SERVICE_TO_GEOCODER))
        raise UsageError(say("usage.no_geocoder", service=settings.service, why=known))
    try:
        service = get_geocoder_for_service(settings.service)(**options)
    except (GeopyError, TypeError, ValueError) as error:
        message = say("usage.no_geocoder", service=settings.service, why=str(error))
        raise UsageError(message) from error
    ask = RateLimiter(
        service.geocode,
        min_delay_seconds=settings.pause,
        max_retries=1,
        error_wait_seconds=max(settings.pause, 0.001),
        swallow_exceptions=False,
    )

    def lookup(address: str) -> Point | None:
        try:
            found = ask(f"{address}{settings.within}")
        except GeopyError as error:
            raise ServiceSilent(type(error).__name__) from error
        return None if found is None else (float(found.latitude), float(found.longitude))

    return lookup
