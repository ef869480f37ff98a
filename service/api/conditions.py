"""Conditions of requests (RFC 9110, 13): what was read is what is acted on."""

from __future__ import annotations

from fastapi.responses import Response

from service.api.faults import ConditionNeeded
from service.database.digests import digest_of


def etag_of(content: bytes) -> str:
    """Return what stands for a content in ``ETag`` and ``If-Match``."""
    return f'"{digest_of(content)[:32]}"'


def names(header: str | None, etag: str) -> bool:
    """Return whether a condition names a content."""
    if header is None:
        return False
    listed = {each.strip().removeprefix("W/") for each in header.split(",")}
    return "*" in listed or etag in listed


def insist_on_match(header: str | None, etag: str, changed: Exception) -> None:
    """Refuse a request that was made in view of something else.

    Parameters
    ----------
    header
        ``If-Match`` as it was sent.
    etag
        What it has to name.
    changed
        What is raised if it does not.

    Raises
    ------
    ConditionNeeded
        If there is no such header.
    """
    if header is None:
        raise ConditionNeeded
    if not names(header, etag):
        raise changed


def unless_known(content: bytes, if_none_match: str | None) -> Response:
    """Return the answer that holds a JSON document, or 304 where ``If-None-Match`` names it."""
    etag = etag_of(content)
    if names(if_none_match, etag):
        return Response(status_code=304, headers={"ETag": etag})
    return Response(content, media_type="application/json", headers={"ETag": etag})
